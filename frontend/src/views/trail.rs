//! 追溯: from any number to the fen, the entry, the weighing with its signatures, the order and who asked.

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::context::Cx;
use crate::text::amount;
use leptos::prelude::*;
use shared::api::trail::{TrailAcceptance, TrailEntry, TrailOut, TrailRow};
use shared::domain::calendar::Micros;
use shared::domain::work::ExportList;

/// The auditor's path.
pub fn trail(cx: &Cx, out: &TrailOut) -> impl IntoView + use<> {
    let body = if out.asked.is_empty() {
        view! {
            <section class="card"><ol class="steps">
                <li><h2 class="title-s">{cx.t("入账分录", "The entry")}</h2><p>{cx.t("记到哪个村、多少分、账链第几节。", "To which village, how many fen, which link of its chain.")}</p></li>
                <li><h2 class="title-s">{cx.t("验收与双签", "Weighing and signatures")}</h2><p>{cx.t("实收多少，谁在何时签的字。", "What was accepted, who signed when.")}</p></li>
                <li><h2 class="title-s">{cx.t("订单与申请", "Order and request")}</h2><p>{cx.t("哪个单位、谁提出的采购。", "Which unit, and who asked for the goods.")}</p></li>
            </ol></section>
        }
        .into_any()
    } else if out.rows.is_empty() {
        empty(
            cx,
            "search",
            cx.t("没有找到这个编号", "No such number"),
            cx.t(
                "请核对：订单 D、村单 C、验收单 Y、售后单 S 开头，也可用批次码或账目编号。",
                "Orders begin with D, village orders C, acceptances Y, claims S; a lot's code or a transaction's id will do too.",
            ),
            None,
        )
    } else {
        out.rows
            .iter()
            .map(|row| chain(cx, row))
            .collect::<Vec<_>>()
            .into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("凭号追溯", "Follow a number")}</h1>
            <p>{cx.t("从任何一个编号，看清每一分钱背后的单据和签字。", "From any number to the documents and signatures behind every fen.")}</p>
        </div>
        {(!out.rows.is_empty()).then(|| view! { <div class="toolbar-actions">{export(cx, &[ExportList::Trail])}</div> })}</header>
        <form class="filter-bar card" method="get" action="/audit/path">
            <div class="field">
                <label for="number">{cx.t("编号", "Number")}</label>
                <input id="number" name="number" value=out.asked.clone() maxlength="60" autocomplete="off"
                    placeholder=cx.t("订单、村单、验收单、售后单、批次或账目编号", "order, village order, acceptance, claim, lot, transaction")/>
            </div>
            <button class="button primary">{cx.t("追溯", "Follow")}</button>
        </form>
        {body}
    }
}

fn chain(cx: &Cx, row: &TrailRow) -> AnyView {
    let qty = |qty| amount::qty(cx.lang(), qty, row.price_unit, row.piece_name.as_deref());
    let sum = row.entry.as_ref().map(|entry| amount::cny(entry.amount_fen));
    let order = &row.order;
    let asked = format!(
        "{} · {} · {}",
        order.unit_name,
        order.requested_by_name,
        order.placed_at.format_full()
    );
    let part = &row.village_order;
    view! {
        <section class="card">
            <div class="spread">
                <h2>{format!("{} · {}", row.village_name, row.name)}</h2>
                <span class="sum tone-pine">{sum}</span>
            </div>
            <ol class="timeline">
                {row.entry.as_ref().map(|entry| entry_step(cx, &row.village_code, entry))}
                {row.acceptance.as_ref().map(|a| acceptance_step(cx, row, a))}
                <li class="is-done">
                    <p class="timeline-what">
                        {cx.t("村单 ", "Village order ")} <a href=format!("/village-orders/{}", part.id)>{part.number.clone()}</a>
                        " " {chip::chip(cx.lang(), part.status)}
                    </p>
                    <p class="timeline-when">
                        {cx.t("村确认 ", "confirmed ")} {qty(part.confirmed_qty)} " · " {cx.t("批次 ", "lot ")}
                        <a href=format!("/audit/path?number={}", crate::components::pager::encode(&row.lot_code))>{row.lot_code.clone()}</a>
                    </p>
                </li>
                <li class="is-done">
                    <p class="timeline-what">
                        {cx.t("订单 ", "Order ")} <a href=format!("/orders/{}", order.id)>{order.number.clone()}</a>
                        " " {chip::chip(cx.lang(), order.status)}
                    </p>
                    <p class="timeline-when">{qty(order.qty)} " · " {amount::price(cx.lang(), row.price_fen, row.price_unit, row.piece_name.as_deref())}</p>
                    <p class="timeline-when">{cx.t("申请 ", "asked for by ")} {asked}</p>
                </li>
            </ol>
        </section>
    }
    .into_any()
}

fn entry_step(cx: &Cx, village: &str, entry: &TrailEntry) -> AnyView {
    let short: String = entry.hash.chars().take(16).collect();
    view! {
        <li class="is-done">
            <p class="timeline-what">
                <a href=format!("/ledger/transactions/{}", entry.transaction_id)>{cx.t("入账分录", "Ledger entry")}</a>
                " " <a class="sum" href=format!("/income/{village}")>{amount::cny(entry.amount_fen)}</a>
            </p>
            <p class="timeline-when">{cx.t("账链第 ", "link ")} {entry.chain_seq} {cx.t(" 节 · ", " · ")} <span class="code">{short} "…"</span></p>
        </li>
    }
    .into_any()
}

fn acceptance_step(cx: &Cx, row: &TrailRow, acceptance: &TrailAcceptance) -> AnyView {
    let qty = amount::qty(
        cx.lang(),
        acceptance.qty,
        row.price_unit,
        row.piece_name.as_deref(),
    );
    let signed = |side: &'static str, name: &Option<String>, at: Option<Micros>| {
        let words = match (name, at) {
            (Some(name), Some(at)) => format!("{side} {name} ✓ {}", at.format_full()),
            _ => format!("{side} {}", cx.t("未签", "not signed")),
        };
        view! { <p class="timeline-when">{words}</p> }
    };
    view! {
        <li class="is-done">
            <p class="timeline-what">
                {cx.t("验收单 ", "Acceptance ")} <a href=format!("/acceptances/{}", acceptance.id)>{acceptance.number.clone()}</a>
                " " {cx.t("实收 ", "accepted ")} {qty} " · " {amount::cny(acceptance.total_fen)}
            </p>
            {signed(cx.t("单位", "unit"), &acceptance.unit_person_name, acceptance.unit_signed_at)}
            {signed(cx.t("中心", "centre"), &acceptance.centre_person_name, acceptance.centre_signed_at)}
        </li>
    }
    .into_any()
}
