//! The photos of an offer, for those who change them.

use crate::components::field::Field;
use crate::components::form_tokens::csrf_and_key;
use crate::components::photo::address;
use crate::context::Cx;
use crate::form::Form;
use crate::text::Lang;
use leptos::prelude::*;
use shared::api::offer::OfferOut;
use shared::api::photo::PhotoOut;

/// Photos of an offer at the most.
const PHOTOS_MAX: usize = 6;

/// The photos, and what can be done with them.
pub fn photos(cx: &Cx, out: &OfferOut, form: &Form, may_change: bool) -> Option<AnyView> {
    if out.photos.is_empty() && !may_change {
        return None;
    }
    let items: Vec<_> = out
        .photos
        .iter()
        .enumerate()
        .map(|(at, photo)| item(cx, out, photo, at, may_change))
        .collect();
    let list = (!items.is_empty()).then(|| view! { <ol class="photo-grid">{items}</ol> });
    let none = out.photos.is_empty().then(|| {
        view! { <p class="hint">{cx.t(
            "还没有照片，货架上先用图画代替。拍当天的货，买的人更放心。",
            "No photos yet: the shelf shows a drawing. A picture of today's goods helps buyers.",
        )}</p> }
    });
    let left = PHOTOS_MAX.saturating_sub(out.photos.len());
    Some(
        view! {
            <section class="card" id="photos">
                <h2>{cx.t("照片", "Photos")}</h2>
                {none}
                {list}
                {(may_change && left > 0).then(|| add(cx, out, form, left))}
            </section>
        }
        .into_any(),
    )
}

fn item(cx: &Cx, out: &OfferOut, photo: &PhotoOut, at: usize, may_change: bool) -> AnyView {
    let place = at + 1;
    let words = match cx.lang() {
        Lang::Zh => format!("第 {place} 张"),
        Lang::En => format!("Photo {place}"),
    };
    let cover = (at == 0).then(|| view! { <span class="chip tone-pine">{cx.t("封面", "Cover")}</span> });
    let step = |step: &'static str, to: Option<&'static str>, word: &'static str| {
        let to = to.map(|to| view! { <input type="hidden" name="to" value=to/> });
        view! {
            <form method="post" action=format!("/offers/{}/photos/{}/{step}", out.id, photo.id)>
                {csrf_and_key(cx)}
                {to}
                <button class="link-button" aria-label=format!("{word}: {words}")>{word}</button>
            </form>
        }
    };
    let actions = may_change.then(|| {
        let to_front = (at > 0).then(|| step("move", Some("cover"), cx.t("设为封面", "Make cover")));
        let earlier = (at > 1).then(|| step("move", Some("earlier"), cx.t("往前移", "Earlier")));
        view! { <div class="photo-actions">{to_front} {earlier} {step("remove", None, cx.t("移除", "Remove"))}</div> }
    });
    view! {
        <li>
            <img class="photo" src=address(&photo.card) alt=words.clone() width=photo.card.width
                height=photo.card.height loading="lazy"/>
            {cover}
            {actions}
        </li>
    }
    .into_any()
}

fn add(cx: &Cx, out: &OfferOut, form: &Form, left: usize) -> AnyView {
    let hint = match cx.lang() {
        Lang::Zh => format!(
            "还能加 {left} 张，可一次选几张；JPG、PNG 或 WebP，每张不超过 8 MB。位置信息会去掉，马上显示并记录在案。"
        ),
        Lang::En => format!(
            "{left} more, several at once; JPG, PNG or WebP, 8 MB each. Where it was taken is left out; it shows at once and is on record."
        ),
    };
    let field = Field::new(cx, form, "photos", cx.t("加照片", "Add photos")).hint(hint);
    let invalid = form.problem("photos").is_some().then_some("true");
    let control = view! {
        <input id="photos-file" name="photos" type="file" class="file" multiple=true required=true
            accept="image/jpeg,image/png,image/webp" aria-label=cx.t("选照片", "Choose photos") aria-invalid=invalid/>
    };
    view! {
        <form method="post" enctype="multipart/form-data" action=format!("/offers/{}/photos", out.id)>
            {csrf_and_key(cx)}
            {field.around(control.into_any())}
            <div class="form-actions"><button class="button">{cx.t("上传照片", "Upload")}</button></div>
        </form>
    }
    .into_any()
}
