//! 批次: one lot with its stock, what can be done with it, and labels for its boxes.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::toned;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::islands::print::PrintButton;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::lot::LotOut;
use shared::api::offer::{OfferIn, OfferOut};
use shared::domain::offer::OfferStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};

/// One lot.
pub fn lot(cx: &Cx, out: &OfferOut, content: &OfferIn, lot: &LotOut, form: &Form) -> impl IntoView + use<> {
    let writes = cx.may(Action::OfferWrite, Place::village(&out.village.code));
    let name = format!("{} {}", content.name, content.grade).trim().to_owned();
    let here = format!("/offers/{}", out.id);
    let labels = [
        ("change_qty", cx.t("数量", "Amount")),
        ("direction", cx.t("补货或撤货", "More or less")),
        ("reason", cx.t("原因", "Reason")),
        ("qty", cx.t("实收数量", "Amount harvested")),
        ("harvested_on", cx.t("采收日", "Harvested on")),
        ("good_until", cx.t("保质到", "Good until")),
    ];
    let ahead = lot.presale.then(|| {
        toned(
            status::MILLET,
            cx.t("预售 · 还没采收", "Ahead · not harvested yet"),
        )
    });
    let open = out.status != OfferStatus::Ended;
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods")), (here.as_str(), name.as_str())], &lot.code)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{name.clone()}</p>
                <div class="row"><h1 class="code">{lot.code.clone()}</h1>{ahead}</div>
            </div>
            <div class="toolbar-actions">
                <a class="button" href=format!("{here}/lots/{}/labels", lot.id)>{cx.t("打印箱贴", "Print labels")}</a>
                <a class="button" href=format!("/t/{}", lot.code)>{cx.t("看溯源页", "See its trace")}</a>
            </div>
        </header>
        {form_problems(cx, form, &labels)}
        <div class="main-side">
            <div class="stack">
                {(writes && lot.presale).then(|| harvest(cx, out, content, lot, form))}
                {facts(cx, content, lot)}
            </div>
            <div class="stack">{(writes && open).then(|| change(cx, out, content, lot, form))}</div>
        </div>
    }
}

fn facts(cx: &Cx, content: &OfferIn, lot: &LotOut) -> AnyView {
    let qty = |qty: Qty| amount::qty(cx.lang(), qty, content.price_unit, content.piece_name.as_deref());
    let row = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let harvest = if lot.presale {
        cx.t("预计采收", "Expected on")
    } else {
        cx.t("采收", "Harvested on")
    };
    let promised = lot
        .expected_on
        .filter(|_| !lot.presale)
        .map(|day| row(cx.t("当初预计", "Promised for"), day::long(cx.lang(), day)));
    let until = lot.good_until.map_or_else(
        || cx.t("耐存", "keeps well").to_owned(),
        |until| day::long(cx.lang(), until),
    );
    view! {
        <section class="card">
            <h2>{cx.t("库存", "Stock")}</h2>
            <dl class="key-value key-value-sums">
                {row(cx.t("总量", "All"), qty(lot.qty))}
                {row(cx.t("已订", "Held for orders"), qty(lot.reserved))}
                {row(cx.t("已售", "Sold"), qty(lot.sold))}
                {row(cx.t("可售", "Free"), qty(lot.free))}
                {row(harvest, day::long(cx.lang(), lot.harvested_on))}
                {promised}
                {row(cx.t("保质到", "Good until"), until)}
            </dl>
        </section>
    }
    .into_any()
}

/// What the harvest brought, of a lot that was sold ahead.
fn harvest(cx: &Cx, out: &OfferOut, content: &OfferIn, lot: &LotOut, form: &Form) -> AnyView {
    let unit = amount::unit(cx.lang(), content.price_unit, content.piece_name.as_deref());
    let held = amount::qty(
        cx.lang(),
        Qty(lot.reserved.0.saturating_add(lot.sold.0)),
        content.price_unit,
        content.piece_name.as_deref(),
    );
    let words = match cx.lang() {
        Lang::Zh => format!("已经订出 {held}。实收不够时，从最后下的订单开始少送，系统会通知采购单位。"),
        Lang::En => format!(
            "{held} are ordered. If there is less, the last orders get less first, and their units are told."
        ),
    };
    let expected = content.price_unit.format_qty_plain(lot.qty);
    view! {
        <section class="card card-quiet">
            <h2>{cx.t("确定采收", "Confirm the harvest")}</h2>
            <p>{words}</p>
            <form class="form" method="post" action=format!("/offers/{}/lots/{}/harvest", out.id, lot.id)>
                {csrf_and_key(cx)}
                <div class="form-grid">
                    {Field::new(cx, form, "qty", cx.t("一共收了多少", "How much in all")).or(form, expected)
                        .hint(cx.t("绝收填 0", "0 when the harvest failed")).unit(unit).decimal()}
                    {Field::new(cx, form, "harvested_on", cx.t("采收日", "Harvested on"))
                        .or(form, cx.today.to_string()).day()}
                    {Field::new(cx, form, "good_until", cx.t("保质到", "Good until"))
                        .or(form, lot.good_until.map(|day| day.to_string()).unwrap_or_default()).optional().day()}
                </div>
                <div class="form-actions"><button class="button primary">{cx.t("确定采收", "Confirm the harvest")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// More of it, or unsold stock withdrawn.
fn change(cx: &Cx, out: &OfferOut, content: &OfferIn, lot: &LotOut, form: &Form) -> AnyView {
    let unit = amount::unit(cx.lang(), content.price_unit, content.piece_name.as_deref());
    let free = amount::qty(
        cx.lang(),
        lot.free,
        content.price_unit,
        content.piece_name.as_deref(),
    );
    let at_most = match cx.lang() {
        Lang::Zh => format!("撤货最多 {free}，已订和已售的不能撤"),
        Lang::En => format!("At most {free} can be withdrawn; what is ordered or sold cannot"),
    };
    let direction = Field::new(cx, form, "direction", cx.t("补货还是撤货", "More or less"))
        .or(form, "more")
        .radio_cards(vec![
            (
                "more",
                cx.t("补货", "More"),
                cx.t("同一批又多了一些", "More of the same lot"),
            ),
            (
                "less",
                cx.t("撤下未售", "Withdraw"),
                cx.t("坏了、自己留用等", "Spoiled, kept, and so on"),
            ),
        ]);
    view! {
        <section class="card">
            <h2>{cx.t("补货或撤货", "More or less of it")}</h2>
            <form class="form" method="post" action=format!("/offers/{}/lots/{}/change", out.id, lot.id)>
                {csrf_and_key(cx)}
                {direction}
                {Field::new(cx, form, "change_qty", cx.t("数量", "Amount")).hint(at_most).unit(unit).decimal()}
                {Field::new(cx, form, "reason", cx.t("原因", "Reason")).hint(cx.t("撤货要写", "Needed to withdraw")).max(100).text()}
                <div class="form-actions"><button class="button">{cx.t("改库存", "Change the stock")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// Labels for the boxes of a lot: `qr` is the data of an SVG path over a square of so many modules.
pub fn labels(
    cx: &Cx,
    out: &OfferOut,
    content: &OfferIn,
    lot: &LotOut,
    qr: &(String, u32),
    copies: usize,
) -> impl IntoView + use<> {
    let one: Vec<_> = (0..copies).map(|_| label(cx, out, content, lot, qr)).collect();
    view! {
        <main class="page" id="main">
            <h1 class="visually-hidden">{cx.t("箱贴", "Labels")} " " {lot.code.clone()}</h1>
            <div class="wrap-narrow spread no-print">
                <a class="button quiet" href=format!("/offers/{}/lots/{}", out.id, lot.id)>{cx.t("‹ 回批次", "‹ Back")}</a>
                <form class="row" method="get">
                    <label for="copies">{cx.t("张数", "Copies")}</label>
                    <input id="copies" name="copies" inputmode="numeric" value=copies.to_string()/>
                    <button class="button">{cx.t("更新", "Update")}</button>
                </form>
                <PrintButton word=cx.t("打印", "Print").to_owned() class="button primary".to_owned()/>
                <noscript><p class="hint">{cx.t("请用浏览器菜单里的“打印”。", "Use your browser's menu to print.")}</p></noscript>
            </div>
            <ul class="labels">{one}</ul>
        </main>
    }
}

fn label(cx: &Cx, out: &OfferOut, content: &OfferIn, lot: &LotOut, (path, size): &(String, u32)) -> AnyView {
    let name = format!("{} {}", content.name, content.grade).trim().to_owned();
    let harvest = if lot.presale {
        cx.t("预计采收", "Expected")
    } else {
        cx.t("采收", "Harvested")
    };
    let until = lot.good_until.map(|until| {
        view! { <p>{cx.t("最佳至", "Best until")} " " {day::long(cx.lang(), until)}</p> }
    });
    view! {
        <li class="label">
            <svg viewBox=format!("0 0 {size} {size}") role="img" aria-label=cx.t("溯源二维码", "Trace code") shape-rendering="crispEdges">
                <rect width=*size height=*size fill="#fff"></rect>
                <path d=path.clone() fill="#000"></path>
            </svg>
            <div>
                <p class="label-name">{name}</p>
                <p>{format!("{} {}", out.village.town_name, out.village.name)}</p>
                <p>{harvest} " " {day::long(cx.lang(), lot.harvested_on)}</p>
                {until}
                <p class="code">{lot.code.clone()}</p>
            </div>
        </li>
    }
    .into_any()
}
