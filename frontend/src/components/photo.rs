//! Photos of goods, or the drawing of their kind where there is none.

use super::produce_picture::picture;
use crate::context::Cx;
use crate::text::Lang;
use leptos::prelude::*;
use shared::api::photo::{PhotoOut, PictureOut};

/// Where a picture is served.
#[must_use]
pub fn address(picture: &PictureOut) -> String {
    format!("/photos/{}", picture.id)
}

/// The photo of a card, or the drawing; the name stands beside it.
pub fn cover(cx: &Cx, cover: Option<&PictureOut>, produce: &str) -> AnyView {
    match cover {
        Some(photo) => view! {
            <img class="photo" src=address(photo) alt="" width=photo.width height=photo.height loading="lazy"/>
        }
        .into_any(),
        None => view! { <img src=picture(cx, produce) alt="" width="120" height="120" loading="lazy"/> }.into_any(),
    }
}

/// A small one beside a line of a list.
pub fn thumb(cx: &Cx, cover: Option<&PictureOut>, produce: &str, side: u16) -> AnyView {
    match cover {
        Some(photo) => {
            view! { <img class="photo" src=address(photo) alt="" width=side height=side loading="lazy"/> }
                .into_any()
        }
        None => {
            view! { <img src=picture(cx, produce) alt="" width=side height=side loading="lazy"/> }.into_any()
        }
    }
}

/// All photos of an offer, side by side to be swept through; none of it needs a script.
pub fn strip(cx: &Cx, photos: &[PhotoOut], name: &str) -> AnyView {
    let count = photos.len();
    let items: Vec<_> = photos
        .iter()
        .zip(1_usize..)
        .map(|(photo, place)| {
            let alt = match cx.lang() {
                Lang::Zh => format!("{name}的照片，第 {place} 张，共 {count} 张"),
                Lang::En => format!("{name}, photo {place} of {count}"),
            };
            let loading = (place > 1).then_some("lazy");
            view! {
                <li>
                    <img class="photo" src=address(&photo.page) alt=alt width=photo.page.width
                        height=photo.page.height loading=loading/>
                </li>
            }
        })
        .collect();
    let hint = (count > 1).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("左右滑动看 {count} 张照片"),
            Lang::En => format!("Sweep to see {count} photos"),
        };
        view! { <p class="photo-count">{words}</p> }
    });
    view! {
        <div class="photo-stage">
            <ul class="photo-strip" tabindex="0" aria-label=cx.t("照片", "Photos")>{items}</ul>
            {hint}
        </div>
    }
    .into_any()
}

/// A photo that proves something, small, and the way to all of it.
pub fn proof(cx: &Cx, id: &str) -> AnyView {
    let href = format!("/files/{id}");
    view! {
        <a class="photo-proof" href=href>
            <img src=href.clone() alt=cx.t("看照片", "See the photo") width="64" height="64" loading="lazy"/>
        </a>
    }
    .into_any()
}
