//! The acceptances.

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::list_filter::{Shown, list_filter};
use crate::components::pager::{pager, with};
use crate::components::paper::certificates;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceRow, AcceptanceStatus};
use shared::api::page::Page;
use shared::domain::work::ExportList;

/// The acceptances, newest first.
pub fn acceptances(
    cx: &Cx,
    page: &Page<AcceptanceRow>,
    state: Option<AcceptanceStatus>,
    shown: &Shown,
) -> impl IntoView + use<> {
    let body = if page.items.is_empty() && shown.any() {
        empty(
            cx,
            "orders",
            cx.t("没有符合条件的验收单", "No such acceptances"),
            cx.t("换个状态或条件看看。", "Try another state or filter."),
            Some((
                cx.t("看全部验收单", "See all acceptances"),
                "/acceptances".to_owned(),
            )),
        )
    } else if page.items.is_empty() {
        empty(
            cx,
            "scale",
            cx.t("还没有验收单", "No acceptances yet"),
            cx.t(
                "货送到单位，双方过秤签字后，验收单就在这里。",
                "Once goods are weighed and signed for, they are here.",
            ),
            None,
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title"><h1>{cx.t("验收单", "Acceptances")}</h1></div>
            <div class="toolbar-actions">{certificates(cx)} {export(cx, &[ExportList::Acceptances, ExportList::AcceptanceLines])}</div></header>
        {tabs(cx, state)}
        {list_filter(cx, "/acceptances", shown, false)}
        {body}
    }
}

fn tabs(cx: &Cx, state: Option<AcceptanceStatus>) -> AnyView {
    let tab = |word: &'static str, own: Option<AcceptanceStatus>| {
        let name = own.map(AcceptanceStatus::as_str);
        let href = with(&with(&cx.path, "state", name), "after", None);
        view! { <a href=href aria-current=(own == state).then_some("page")>{word}</a> }
    };
    view! {
        <nav class="tabs" aria-label=cx.t("验收单状态", "State of the acceptances")>
            {tab(cx.t("全部", "All"), None)}
            {tab(AcceptanceStatus::Signed.word(cx.lang()), Some(AcceptanceStatus::Signed))}
            {tab(AcceptanceStatus::Posted.word(cx.lang()), Some(AcceptanceStatus::Posted))}
        </nav>
    }
    .into_any()
}

fn table(cx: &Cx, rows: &[AcceptanceRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("验收单", "Acceptance")}</th>
                    <th>{cx.t("单位", "Unit")}</th>
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("应收", "Expected")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("差额", "Difference")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(cx: &Cx, row: &AcceptanceRow) -> AnyView {
    let href = match row.status {
        AcceptanceStatus::Posted => format!("/acceptances/{}", row.id),
        AcceptanceStatus::Open | AcceptanceStatus::Signed => format!("/orders/{}/acceptance", row.order_id),
    };
    let at = row.posted_at.unwrap_or(row.created_at);
    let difference = row
        .accepted_fen
        .checked_sub(row.expected_fen)
        .ok()
        .filter(|d| !d.is_zero());
    let class = if difference.is_some_and(|d| d.0 < 0) {
        "n sum-minus"
    } else {
        "n"
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("验收单", "Acceptance")><a href=href>{row.number.clone()}</a></td>
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("日期", "Day")><time datetime=at.day().to_string()>{day::short(cx.lang(), at.day())}</time></td>
            <td data-label=cx.t("进度", "State")>{chip::chip(cx.lang(), row.status)}</td>
            <td class="n" data-label=cx.t("应收", "Expected")>{amount::cny(row.expected_fen)}</td>
            <td class="n sum lead-sum" data-label=cx.t("实收", "Accepted")>{amount::cny(row.accepted_fen)}</td>
            <td class=class data-label=cx.t("差额", "Difference")>{difference.map(amount::cny)}</td>
        </tr>
    }
    .into_any()
}
