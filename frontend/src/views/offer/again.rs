//! 再上一次: four fields, three of them filled in, made for a phone.

use crate::components::breadcrumb::breadcrumb;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::photo::thumb;
use crate::components::produce_picture::tint;
use crate::context::Cx;
use crate::form::Form;
use crate::text::amount;
use leptos::prelude::*;
use shared::api::offer::{OfferIn, OfferOut};
use shared::domain::offer::OfferStatus;

/// The short form of a familiar product.
pub fn again(cx: &Cx, out: &OfferOut, content: &OfferIn, form: &Form) -> impl IntoView + use<> {
    let title = cx.t("再上一次", "List again");
    let name = format!("{} {}", content.name, content.grade).trim().to_owned();
    let unit = amount::unit(cx.lang(), content.price_unit, content.piece_name.as_deref());
    let last = out.lots.last();
    let qty = last
        .map(|lot| content.price_unit.format_qty_plain(lot.qty))
        .unwrap_or_default();
    // As long as the last lot kept, so keeps this one.
    let keeps = last.and_then(|lot| Some(lot.good_until?.days_since(lot.harvested_on)));
    let until = keeps
        .and_then(|days| i32::try_from(days).ok())
        .map(|days| cx.today.add_days(days).to_string())
        .unwrap_or_default();
    let labels = [
        ("price", cx.t("单价", "Price")),
        ("qty", cx.t("数量", "Amount")),
        ("harvested_on", cx.t("采收日", "Harvested on")),
        ("good_until", cx.t("保质到", "Good until")),
    ];
    let note = match out.status {
        OfferStatus::Published | OfferStatus::Paused => cx.t(
            "价格不变，提交后马上能卖；改了价格，新价格审核后生效。",
            "At the same price it sells at once; another price is reviewed first.",
        ),
        _ => cx.t(
            "其余内容和照片跟上次一样，提交后由中心审核。",
            "Everything else, photos too, stays as it was; the centre reviews it.",
        ),
    };
    let (edit, edit_word) = (
        format!("/offers/{}", out.id),
        cx.t("看上次的内容", "See what it said"),
    );
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods"))], title)}
        <header class="toolbar">
            <div class="toolbar-title row">
                <span class=format!("goods-picture goods-picture-l {}", tint(&out.produce.slug))>
                    {thumb(cx, out.photos.first().map(|photo| &photo.card), &out.produce.slug, 56)}
                </span>
                <div><p class="eyebrow">{title}</p><h1>{name}</h1></div>
            </div>
        </header>
        {form_problems(cx, form, &labels)}
        <form class="form card" method="post" action=format!("/offers/{}/again", out.id)>
            {csrf_and_key(cx)}
            <div class="form-grid">
                {Field::new(cx, form, "qty", cx.t("这批有多少", "How much there is")).or(form, qty).unit(unit.clone()).decimal()}
                {Field::new(cx, form, "price", cx.t("单价", "Price")).or(form, content.price_fen.format_plain())
                    .unit(format!("{}/{unit}", cx.t("元", "yuan"))).decimal()}
                {Field::new(cx, form, "harvested_on", cx.t("采收日", "Harvested on")).or(form, cx.today.to_string())
                    .hint(cx.t("还没采收就填预计的日子，按预售卖", "Or the day it is expected: it is sold ahead")).day()}
                {Field::new(cx, form, "good_until", cx.t("保质到", "Good until")).or(form, until).optional().day()}
            </div>
            <p class="hint">{note}</p>
            <div class="form-actions">
                <button class="button primary wide">{cx.t("提交上架", "List it")}</button>
                <a class="button quiet" href=edit>{edit_word}</a>
            </div>
        </form>
    }
}
