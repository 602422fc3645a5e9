//! 货品: an offer as the public sees it.

use super::price::of_offer;
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::{square, toned};
use crate::components::field::refusal;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf;
use crate::components::lots_table::lots_table;
use crate::components::offer_card::{badges, full_name, offers_grid, place, price};
use crate::components::photo::strip;
use crate::components::produce_picture::{picture, tint};
use crate::components::progress::{bar, percent, target_words};
use crate::components::season_bar::{season_months, words};
use crate::context::Cx;
use crate::form::Form;
use crate::islands::amount::{Amount, Terms};
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::catalogue::{OfferCard, OfferPage};
use shared::api::village::VillageRow;
use shared::domain::identity::Role;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::rights::Action;

/// An offer's public page.
pub fn offer_page(cx: &Cx, out: &OfferPage, form: &Form) -> impl IntoView + use<> {
    let name = full_name(&out.card);
    view! {
        {breadcrumb(cx, &[("/", cx.t("首页", "Home")), ("/goods", cx.t("货品", "Goods"))], &name)}
        {form_problems(cx, form, &[("qty", cx.t("数量", "Amount"))])}
        <article class="offer-page">
            {stage(cx, out, &name)}
            <div class="offer-facts stack">{facts(cx, out)} {buy(cx, out, form)}</div>
        </article>
        <div class="main-side">
            <div class="stack">
                {lots(cx, out)} {about(cx, out)} {of_offer(cx, &out.prices, out.card.piece_name.as_deref())}
            </div>
            {village_card(cx, &out.village)}
        </div>
        {others(cx, out)}
    }
}

/// The photos, or the drawing of its kind.
fn stage(cx: &Cx, out: &OfferPage, name: &str) -> AnyView {
    if !out.photos.is_empty() {
        return strip(cx, &out.photos, name);
    }
    view! {
        <div class=format!("offer-stage {}", tint(&out.card.produce))>
            <img src=picture(cx, &out.card.produce) alt="" width="240" height="240"/>
        </div>
    }
    .into_any()
}

fn facts(cx: &Cx, out: &OfferPage) -> AnyView {
    let card = &out.card;
    let chips: Vec<_> = badges(cx, card)
        .into_iter()
        .map(|(tone, word)| view! { <li>{toned(tone, word)}</li> })
        .collect();
    let chips = (!chips.is_empty()).then(|| view! { <ul class="chips">{chips}</ul> });
    let unit = amount::unit(cx.lang(), card.price_unit, card.piece_name.as_deref());
    let gain = match cx.lang() {
        Lang::Zh => format!("每{unit}为{}集体 ", card.village_name),
        Lang::En => format!("Every {unit} brings the collective of {} ", card.village_name),
    };
    view! {
        {chips}
        <h1>{full_name(card)}</h1>
        <p class="muted"><a href=format!("/villages/{}", card.village_code)>{place(card)}</a></p>
        <p class="offer-price">{price(cx, card, "price price-big")}</p>
        <p class="village-gain">{gain}<b>{amount::signed(card.village_fen)}</b></p>
        <div class="stack-s">
            <p class="small muted">{words(cx, card.season)}</p>
            {season_months(cx, card.season)}
        </div>
    }
    .into_any()
}

fn buy(cx: &Cx, out: &OfferPage, form: &Form) -> AnyView {
    let card = &out.card;
    if card.free.0 <= 0 {
        return view! {
            <div class="card buy-box">
                <p class="strong">{cx.t("这一批已售完", "This harvest is sold out")}</p>
                <p class="hint">{cx.t("村里新增批次后会重新上架。", "It comes back when the village adds a lot.")}</p>
                <a class="button" href=format!("/villages/{}", card.village_code)>
                    {cx.t("看这个村的其他货品", "Other goods of this village")}
                </a>
            </div>
        }
        .into_any();
    }
    if cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.role != Role::UnitRequester)
    {
        let words = only_buyers(cx);
        return view! { <p class="notice tone-water">{words}</p> }.into_any();
    }
    let typed = form.value_or("qty", card.price_unit.format_qty_plain(out.min_qty));
    let unit = PriceUnit::from_name(&form.value("unit"))
        .filter(|unit| unit.measure() == card.price_unit.measure())
        .unwrap_or(card.price_unit);
    let refused = refusal(cx, form, "qty");
    let invalid = refused.is_some();
    let error = refused.map(|words| view! { <p class="field-error" id="qty-error">{words}</p> });
    view! {
        <form class="buy-box card" method="post" action="/basket">
            {csrf(cx)}
            <input type="hidden" name="offer_id" value=card.id.to_string()/>
            <input type="hidden" name="back" value=cx.path.clone()/>
            <div class="field">
                <label for="qty">{cx.t("要多少", "How much")}</label>
                <p class="hint" id="qty-hint">{rule(cx, out)}</p>
                <Amount terms=terms(cx, out) typed=typed unit=unit invalid=invalid/>
                {error}
            </div>
            <div class="buy-action no-print">
                <button class="button primary wide">{cx.t("放进篮子", "Put into the basket")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Who orders, for those who do not in the role that they have on.
pub(super) fn only_buyers(cx: &Cx) -> &'static str {
    if cx.could(Action::OrderWrite) {
        return cx.t(
            "下单要用采购经办人的身份，请在右上角切换。",
            "Only a buyer can order: switch your role at the top right.",
        );
    }
    cx.t("由单位的采购经办人下单。", "A unit's buyer orders.")
}

fn terms(cx: &Cx, out: &OfferPage) -> Terms {
    Terms {
        lang: cx.lang(),
        price_fen: out.card.price_fen,
        price_unit: out.card.price_unit,
        piece_name: out.card.piece_name.clone(),
        village_fen: out.card.village_fen,
        min_qty: out.min_qty,
        step_qty: out.step_qty,
        free: out.card.free,
    }
}

/// The least amount, the step, and what is left, in words.
fn rule(cx: &Cx, out: &OfferPage) -> String {
    let (least, step, free) = (
        qty(cx, &out.card, out.min_qty),
        qty(cx, &out.card, out.step_qty),
        free_words(cx, out),
    );
    match cx.lang() {
        Lang::Zh => format!("{least}起订，每次加减 {step}，{free}"),
        Lang::En => format!("From {least}, in steps of {step}; {free}"),
    }
}

fn free_words(cx: &Cx, out: &OfferPage) -> String {
    let free = qty(cx, &out.card, out.card.free);
    if let Some(expected) = out.card.expected_on {
        let from = day::short(cx.lang(), expected);
        return match cx.lang() {
            Lang::Zh => format!("预售 {free}，预计 {from} 起采收，要货日请选在那以后"),
            Lang::En => format!("{free} ahead of the harvest, expected from {from}: want it on a later day"),
        };
    }
    match cx.lang() {
        Lang::Zh => format!("现货 {free}"),
        Lang::En => format!("{free} to be had"),
    }
}

fn qty(cx: &Cx, card: &OfferCard, qty: Qty) -> String {
    amount::qty(cx.lang(), qty, card.price_unit, card.piece_name.as_deref())
}

fn lots(cx: &Cx, out: &OfferPage) -> AnyView {
    let card = &out.card;
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("批次", "Lots")}</h2>
                <p class="muted">{cx.t("先采先发，溯源码印在包装单上", "first harvested goes first; the code is on the packing slip")}</p>
            </div>
            {lots_table(cx, &out.lots, card.price_unit, card.piece_name.as_deref())}
        </section>
    }
    .into_any()
}

fn about(cx: &Cx, out: &OfferPage) -> AnyView {
    let row = |word: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{word}</dt><dd>{text}</dd></div> })
    };
    let certificate = match (&out.certificate_no, out.certificate_until) {
        (Some(number), Some(until)) => {
            format!(
                "{number} · {} {}",
                cx.t("有效至", "until"),
                day::long(cx.lang(), until)
            )
        }
        (Some(number), None) => number.clone(),
        (None, _) => String::new(),
    };
    let certified = out
        .certificate_kind
        .map_or("", |kind| crate::text::work::certificate_kind(cx.lang(), kind));
    let story = (!out.story.is_empty()).then(|| view! { <p>{out.story.clone()}</p> });
    view! {
        <section class="card">
            <h2>{cx.t("关于它", "About it")}</h2>
            {story}
            <dl class="key-value">
                {row(cx.t("品种", "Kind"), out.produce.name.clone())}
                {row(cx.t("认证", "Known for"), out.produce.mark.clone())}
                {row(certified, certificate)}
                {row(cx.t("包装", "Pack"), out.pack.clone())}
                {row(cx.t("销售主体", "Seller"), out.seller_name.clone())}
            </dl>
        </section>
    }
    .into_any()
}

fn village_card(cx: &Cx, village: &VillageRow) -> AnyView {
    let aided = village
        .aided
        .then(|| toned(status::WATER, cx.t("帮扶村", "Aided village")));
    let gained = match cx.lang() {
        Lang::Zh => format!(
            "今年集体收入 {}",
            percent(village.credited_fen, village.target_fen)
        ),
        Lang::En => format!(
            "{} of its target this year",
            percent(village.credited_fen, village.target_fen)
        ),
    };
    view! {
        <aside class="card">
            <h2>{format!("{} {}", village.town_name, village.name)}</h2>
            <p class="row">{aided} {square(status::PINE, gained)}</p>
            {bar(village.credited_fen, village.target_fen, status::PINE)}
            <dl class="key-value key-value-sums">
                <div><dt>{cx.t("已入账", "Credited")}</dt><dd>{amount::cny(village.credited_fen)}</dd></div>
                <div><dt>{target_words(cx, village.target_fen)}</dt><dd>{missing(cx, village)}</dd></div>
            </dl>
            <p class="card-foot">
                <a href=format!("/villages/{}", village.code)>{cx.t("看这个村 →", "See this village →")}</a>
            </p>
        </aside>
    }
    .into_any()
}

fn missing(cx: &Cx, village: &VillageRow) -> String {
    let missing = village
        .target_fen
        .checked_sub(village.credited_fen)
        .unwrap_or_default();
    if missing.0 <= 0 {
        return cx.t("已达到", "reached").to_owned();
    }
    format!("{} {}", cx.t("还差", "short of"), amount::round_cny(missing))
}

fn others(cx: &Cx, out: &OfferPage) -> Option<AnyView> {
    if out.others.is_empty() {
        return None;
    }
    let title = match cx.lang() {
        Lang::Zh => format!("{}的其他货品", out.village.name),
        Lang::En => format!("More from {}", out.village.name),
    };
    Some(
        view! {
            <section class="stack">
                <div class="section-head"><h2>{title}</h2></div>
                {offers_grid(cx, &out.others)}
            </section>
        }
        .into_any(),
    )
}
