//! 订单: one order; placing and listing them beside it.

mod checkout;
mod edit;
mod list;
mod progress;
mod request;
mod revision;
mod shortfall;

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::{csrf, csrf_and_key};
use crate::components::lots_table::growing;
use crate::components::pager::encode;
use crate::components::produce_picture::{picture, tint};
use crate::components::stat::linked;
use crate::components::timeline::timeline;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day};
use crate::views::payment::pay_ahead;
use crate::views::sheet::travels;
use leptos::prelude::*;
use shared::api::order::{OrderOut, OrderVillage};
use shared::api::payment::PayAheadOut;
use shared::api::village_order::OrderLineOut;
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};

pub use checkout::checkout;
pub use edit::edit;
pub use list::orders;

/// One order.
pub fn order(cx: &Cx, out: &OrderOut, ahead: Option<&PayAheadOut>, form: &Form) -> impl IntoView + use<> {
    let row = &out.order;
    let groups: Vec<_> = out
        .village_orders
        .iter()
        .map(|part| village_part(cx, part))
        .collect();
    let villages = match cx.lang() {
        Lang::Zh => format!("{} · {} 个村", row.unit_name, row.villages),
        Lang::En => format!(
            "{} · {}",
            row.unit_name,
            amount::counted(row.villages, "village", "villages")
        ),
    };
    view! {
        {breadcrumb(cx, &[("/orders", cx.t("订单", "Orders"))], &row.number)}
        {form_problems(cx, form, &[("reason", cx.t("原因", "Reason")), ("note", cx.t("不批准的原因", "Why not"))])}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{villages}</p>
                <div class="row">
                    <h1>{cx.t("订单", "Order")} " " {row.number.clone()}</h1>
                    {chip(cx.lang(), row.status)}
                </div>
                {supplements(cx, out)}
            </div>
            {actions(cx, out)}
        </header>
        {request::standing(cx, out)}
        <div class="main-side">
            <div class="stack">
                {request::decide(cx, out, form)}
                {shortfall::shortfalls(cx, out)}
                {request::asked(cx, out)}
                {groups}
                {revision::history(cx, out)}
                {cancel(cx, out, form)}
            </div>
            <div class="stack">{totals(cx, out)} {ahead.map(|ahead| pay_ahead(cx, &out.order.id.to_string(), ahead))} {deliveries(cx, out)} {facts(cx, out)} {happened(cx, out)}</div>
        </div>
    }
}

/// The order that this one supplements.
fn supplements(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    let id = out.supplements?;
    Some(
        view! { <p><a href=format!("/orders/{id}")>{cx.t("补单：看原订单", "Supplements another order: see it")}</a></p> }
            .into_any(),
    )
}

fn actions(cx: &Cx, out: &OrderOut) -> AnyView {
    let id = out.order.id;
    let edit = out.editable.then(|| {
        view! { <a class="button primary" href=format!("/orders/{id}/edit")>{cx.t("改单再提交", "Change and ask again")}</a> }
    });
    let again = cx
        .may(Action::OrderWrite, Place::unit(out.order.unit_id))
        .then(|| {
            view! {
                <form method="post" action=format!("/orders/{id}/again")>
                    {csrf(cx)}
                    <button class="button">{cx.t("再来一单", "Order again")}</button>
                </form>
            }
        });
    let print =
        view! { <a class="button quiet" href=format!("/orders/{id}/sheet")>{cx.t("打印订单", "Print")}</a> };
    let note = out
        .village_orders
        .iter()
        .any(|part| travels(part.village_order.status))
        .then(|| view! { <a class="button quiet" href=format!("/orders/{id}/delivery-note")>{cx.t("送货单", "Delivery note")}</a> });
    view! { <div class="toolbar-actions">{acceptance(cx, out)} {edit} {again} {print} {note}</div> }
        .into_any()
}

fn acceptance(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    let place = Place::unit(out.order.unit_id);
    let signs = cx.may(Action::AcceptanceSignUnit, place) || cx.may(Action::AcceptanceSignCentre, place);
    let action = if out.acceptable && signs {
        let href = format!("/orders/{}/acceptance", out.order.id);
        view! { <a class="button primary" href=href>{cx.t("去验收", "Weigh and accept")}</a> }.into_any()
    } else {
        let href = format!("/acceptances/{}", out.acceptance_id?);
        view! { <a class="button" href=href>{cx.t("看验收单", "See the acceptance")}</a> }.into_any()
    };
    Some(action)
}

/// Every delivery that was weighed, each with its own two signatures.
fn deliveries(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    if out.parts.is_empty() {
        return None;
    }
    let items: Vec<_> = out
        .parts
        .iter()
        .map(|part| {
            let name = match cx.lang() {
                Lang::Zh => format!("第 {} 次 {}", part.part, part.number),
                Lang::En => format!("Delivery {} {}", part.part, part.number),
            };
            view! {
                <li>
                    <a href=format!("/acceptances/{}", part.id)>{name}</a>
                    {chip(cx.lang(), part.status)}
                    <span class="sum push">{amount::cny(part.accepted_fen)}</span>
                </li>
            }
        })
        .collect();
    Some(
        view! { <section class="card"><h2>{cx.t("分次验收", "Deliveries accepted")}</h2><ul class="lines">{items}</ul></section> }
            .into_any(),
    )
}

fn village_part(cx: &Cx, part: &OrderVillage) -> AnyView {
    let row = &part.village_order;
    let lines: Vec<_> = part.lines.iter().map(|line| order_line(cx, line)).collect();
    let name = format!("{} {}", row.town_name, row.village_name);
    let place = Place::village(&row.village_code).and_unit(row.unit_id);
    let title = if cx.may(Action::VillageOrderRead, place) {
        view! { <a href=format!("/village-orders/{}", row.id)>{name}</a> }.into_any()
    } else {
        name.into_any()
    };
    view! {
        <section class="card card-flush village-group" data-village=row.village_code.clone()>
            <header class="group-head">
                <h2>{title}</h2>
                <span class="row">
                    <span class="small muted">{row.number.clone()}</span>
                    {chip(cx.lang(), row.status)}
                </span>
            </header>
            <ul>{lines}</ul>
            {progress::progress(cx, part)}
        </section>
    }
    .into_any()
}

fn order_line(cx: &Cx, line: &OrderLineOut) -> AnyView {
    let words = order_price_words(
        cx,
        line.price_fen,
        line.price_unit,
        line.piece_name.as_deref(),
        &line.lot_code,
    );
    let now = line.accepted_qty.or(line.confirmed_qty).unwrap_or(line.qty);
    let differs = changes(cx, line).map(|words| view! { <p class="line-short">{words}</p> });
    view! {
        <li class="basket-line">
            <div class=format!("line-picture {}", tint(&line.produce))>
                <img src=picture(cx, &line.produce) alt="" width="56" height="56"/>
            </div>
            <div class="line-words">
                <h3><a href=format!("/goods/{}", line.offer_id)>{line.name.clone()}</a></h3>
                <p>{words}</p>
                {growing(cx, line.expected_on)}
            </div>
            <div class="line-amount">{line_qty(cx, line, now)}</div>
            <p class="line-sum sum">{amount::cny(line_sum(line))}</p>
            {differs}
        </li>
    }
    .into_any()
}

/// The price and the lot of a line.
fn order_price_words(
    cx: &Cx,
    price_fen: Fen,
    unit: PriceUnit,
    piece: Option<&str>,
    lot_code: &str,
) -> String {
    let price = amount::price(cx.lang(), price_fen, unit, piece);
    format!("{price} · {} {lot_code}", cx.t("批次", "lot"))
}

/// What a line comes to as things stand: as accepted, else as confirmed, else as ordered.
fn line_sum(line: &OrderLineOut) -> Fen {
    let confirmed = || {
        line_total(
            Price {
                fen: line.price_fen,
                unit: line.price_unit,
            },
            line.confirmed_qty?,
        )
        .ok()
    };
    line.accepted_fen.or_else(confirmed).unwrap_or(line.total_fen)
}

/// What a village's part comes to as things stand.
fn part_sum(part: &OrderVillage) -> Fen {
    let row = &part.village_order;
    let lines = || Fen::checked_sum(part.lines.iter().map(line_sum)).unwrap_or(row.total_fen);
    if row.status.is_gone() {
        Fen::ZERO
    } else {
        row.accepted_fen.unwrap_or_else(lines)
    }
}

fn line_qty(cx: &Cx, line: &OrderLineOut, qty: Qty) -> String {
    amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref())
}

/// How what was confirmed and accepted differs from what was ordered, in words.
fn changes(cx: &Cx, line: &OrderLineOut) -> Option<String> {
    let confirmed = line.confirmed_qty.filter(|qty| *qty != line.qty);
    let accepted = line
        .accepted_qty
        .filter(|qty| *qty != line.confirmed_qty.unwrap_or(line.qty));
    if confirmed.is_none() && accepted.is_none() && line.reason.is_none() {
        return None;
    }
    let ordered = format!("{} {}", cx.t("订", "ordered"), line_qty(cx, line, line.qty));
    let confirmed =
        confirmed.map(|qty| format!("{} {}", cx.t("村里确认", "confirmed"), line_qty(cx, line, qty)));
    let accepted = accepted.map(|qty| format!("{} {}", cx.t("实收", "accepted"), line_qty(cx, line, qty)));
    let parts: Vec<String> = [Some(ordered), confirmed, accepted, line.reason.clone()]
        .into_iter()
        .flatten()
        .collect();
    Some(parts.join(cx.t("，", ", ")))
}

fn totals(cx: &Cx, out: &OrderOut) -> AnyView {
    let rows: Vec<_> = out
        .village_orders
        .iter()
        .map(|part| {
            let row = &part.village_order;
            let sum = linked(behind_part(cx, part), amount::cny(part_sum(part)));
            view! { <div><dt>{row.village_name.clone()}</dt><dd>{sum}</dd></div> }
        })
        .collect();
    let parts = Fen::checked_sum(out.village_orders.iter().map(part_sum)).unwrap_or(out.order.total_fen);
    // What is only asked for has no parts yet.
    let now = if out.village_orders.is_empty() {
        out.order.total_fen
    } else {
        parts
    };
    let ordered = (now != out.order.total_fen).then(|| {
        view! { <div><dt>{cx.t("下单时", "As ordered")}</dt><dd>{amount::cny(out.order.total_fen)}</dd></div> }
    });
    let (word, sum) = match out.order.accepted_fen {
        Some(accepted) => (cx.t("实收合计", "Accepted"), accepted),
        None if ordered.is_some() => (cx.t("现在合计", "As it stands"), now),
        None => (cx.t("合计", "Total"), now),
    };
    let sum = linked(behind_order(cx, out), amount::cny(sum));
    view! {
        <section class="card">
            <h2>{cx.t("金额", "Sums")}</h2>
            <dl class="key-value key-value-sums">
                {rows}
                {ordered}
                <div class="is-total"><dt>{word}</dt><dd>{sum}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

/// What stands behind a number, for those who follow sums to their documents.
fn trail(cx: &Cx, number: &str) -> Option<String> {
    cx.may(Action::LedgerVerify, Place::DISTRICT)
        .then(|| format!("/audit/path?number={}", encode(number)))
}

/// What stands behind a village's sum: its documents and signatures, or its village order.
fn behind_part(cx: &Cx, part: &OrderVillage) -> Option<String> {
    let row = &part.village_order;
    let place = Place::village(&row.village_code).and_unit(row.unit_id);
    let own = cx
        .may(Action::VillageOrderRead, place)
        .then(|| format!("/village-orders/{}", row.id));
    trail(cx, &row.number).or(own)
}

/// What stands behind the order's sum: everything of it, or its acceptance once there is one.
fn behind_order(cx: &Cx, out: &OrderOut) -> Option<String> {
    let accepted = out.order.accepted_fen.and(out.acceptance_id);
    trail(cx, &out.order.number).or_else(|| accepted.map(|id| format!("/acceptances/{id}")))
}

fn facts(cx: &Cx, out: &OrderOut) -> AnyView {
    let row = |word: &'static str, text: String| {
        (!text.is_empty()).then(|| view! { <div><dt>{word}</dt><dd>{text}</dd></div> })
    };
    view! {
        <section class="card">
            <h2>{cx.t("送货", "Delivery")}</h2>
            <dl class="key-value">
                {row(cx.t("要货日", "Wanted on"), day::long(cx.lang(), out.order.wanted_on))}
                {row(cx.t("收货地址", "Address"), out.address.clone())}
                {row(cx.t("联系人", "Contact"), out.contact.clone())}
                {row(cx.t("资金", "Fund"), out.fund.word(cx.lang()).to_owned())}
                {row(cx.t("经办人", "Ordered by"), out.order.requested_by.clone())}
                {row(cx.t("备注", "Note"), out.note.clone())}
            </dl>
        </section>
    }
    .into_any()
}

fn happened(cx: &Cx, out: &OrderOut) -> AnyView {
    view! {
        <section class="card">
            <h2>{cx.t("进度", "What happened")}</h2>
            {timeline(cx, &out.timeline)}
        </section>
    }
    .into_any()
}

fn cancel(cx: &Cx, out: &OrderOut, form: &Form) -> Option<AnyView> {
    if !out.cancellable || !cx.may(Action::OrderWrite, Place::unit(out.order.unit_id)) {
        return None;
    }
    let reason = Field::new(cx, form, "reason", cx.t("取消原因", "Why it is cancelled"))
        .hint(cx.t("会告诉每个村。", "Every village is told."))
        .max(200)
        .text();
    let open = form.problem("reason").is_some();
    Some(
        view! {
            <details class="fold" open=open>
                <summary>{cx.t("取消这张订单", "Cancel this order")}</summary>
                <div class="fold-body">
                    <form class="form" method="post" action=format!("/orders/{}/cancel", out.order.id)>
                        {csrf_and_key(cx)}
                        <p>{cx.t("货还没有离村，可以取消，库存会放回各村。", "Nothing has left a village yet: the stock goes back to them.")}</p>
                        {reason}
                        <div class="form-actions">
                            <button class="button danger">{cx.t("取消订单", "Cancel the order")}</button>
                        </div>
                    </form>
                </div>
            </details>
        }
        .into_any(),
    )
}
