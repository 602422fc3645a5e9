//! 结算: batches for the centre, and for a village what it was paid and for what.

mod batch;
mod item;
mod preview;
mod result;

pub use batch::batch;
pub use item::item;
pub use preview::preview;
pub use result::result;

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::pager::pager;
use crate::components::pills::state_pills;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::settlement::{BatchRow, ItemRow, PayeeOut};
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::{BatchStatus, PayeeKind, SettlementStatus};
use shared::domain::work::ExportList;

/// The batches, newest first.
pub fn batches(cx: &Cx, page: &Page<BatchRow>, status: Option<BatchStatus>) -> impl IntoView + use<> {
    let may = cx.may(Action::SettlementWrite, Place::DISTRICT);
    let body = if page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("没有结算批次", "No batches"),
            cx.t(
                "单位付清账单后，村里的货款就可以编进批次拨付。",
                "Once units have paid their bills, villages' money can go into a batch.",
            ),
            may.then(|| (cx.t("新建批次", "New batch"), "/settlements/new".to_owned())),
        )
    } else {
        view! { {batches_table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("结算", "Settlements")}</h1>
                <p>{cx.t("一人编制，另一人复核放行，银行付款后逐户核对结果。", "One person prepares, another releases; what the bank did is checked payee by payee.")}</p>
            </div>
            <div class="toolbar-actions">
                {may.then(|| view! { <a class="button primary" href="/settlements/new">{cx.t("新建批次", "New batch")}</a> })}
                <a class="button" href="/payees">{cx.t("收款账户", "Accounts")}</a>
                {export(cx, &[ExportList::Settlements])}
            </div>
        </header>
        {state_pills(cx, "/settlements", &BatchStatus::ALL, status, Vec::new())}
        {body}
    }
}

fn batches_table(cx: &Cx, rows: &[BatchRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| batch_line(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("批次", "Batch")}</th>
                    <th>{cx.t("编制", "Prepared")}</th>
                    <th>{cx.t("复核", "Released")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("户数", "Payees")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                    <th class="n">{cx.t("已到账", "Arrived")}</th>
                    <th class="n">{cx.t("已退回", "Sent back")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn batch_line(cx: &Cx, row: &BatchRow) -> AnyView {
    let prepared = format!(
        "{} {}",
        day::short(cx.lang(), row.prepared_at.day()),
        row.prepared_by_name
    );
    let released = match (&row.released_by_name, row.released_at) {
        (Some(name), Some(at)) => format!("{} {name}", day::short(cx.lang(), at.day())),
        _ => "—".to_owned(),
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("批次", "Batch")><a href=format!("/settlements/{}", row.id)>{row.number.clone()}</a></td>
            <td data-label=cx.t("编制", "Prepared")>{prepared}</td>
            <td data-label=cx.t("复核", "Released")>{released}</td>
            <td data-label=cx.t("进度", "State")>{chip::chip(cx.lang(), row.status)}</td>
            <td class="n" data-label=cx.t("户数", "Payees")>{row.items}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.total_fen)}</td>
            <td class="n" data-label=cx.t("已到账", "Arrived")>{or_none(row.confirmed_fen)}</td>
            <td class="n" data-label=cx.t("已退回", "Sent back")>{or_none(row.bounced_fen)}</td>
        </tr>
    }
    .into_any()
}

/// A sum, or a stroke where there is none.
fn or_none(sum: Fen) -> String {
    if sum.is_zero() {
        "—".to_owned()
    } else {
        amount::cny(sum)
    }
}

/// What a village, or the villages of a town, were paid.
pub fn items(cx: &Cx, page: &Page<ItemRow>, status: Option<SettlementStatus>) -> impl IntoView + use<> {
    let own = cx.me.as_ref().is_some_and(|me| me.active.village_code.is_some());
    let shown = [
        SettlementStatus::Locked,
        SettlementStatus::Sent,
        SettlementStatus::Confirmed,
        SettlementStatus::Bounced,
    ];
    let body = if page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("还没有结算款", "Nothing settled yet"),
            cx.t(
                "单位付清账单后，绿食中心把货款拨到村里，每一笔都能看到是哪张验收单的钱。",
                "Once the unit has paid, the centre pays the village; every sum shows the slips behind it.",
            ),
            own.then(|| (cx.t("看集体收入", "To the income"), "/income".to_owned())),
        )
    } else {
        view! { {items_table(cx, &page.items, false)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("结算款", "Settlements")}</h1>
                <p>{cx.t("绿食中心拨给村里和农户的货款，点进去看每一笔的来历。", "What the centre paid to the village and its households; open one to see what it is for.")}</p>
            </div>
            <div class="toolbar-actions">
                {own.then(|| view! { <a class="button" href="/payees">{cx.t("收款账户", "Accounts")}</a> })}
                {export(cx, &[ExportList::SettlementItems, ExportList::SettlementLines])}
            </div>
        </header>
        {state_pills(cx, "/settlements", &shown, status, Vec::new())}
        {body}
    }
}

/// Payees' parts as a table; `whole` shows accounts too.
fn items_table(cx: &Cx, rows: &[ItemRow], whole: bool) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| item_line(cx, row, whole)).collect();
    let account = whole.then(|| view! { <th>{cx.t("收款账户", "Account")}</th> });
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("结算单", "Settlement")}</th>
                    <th>{cx.t("收款方", "Payee")}</th>
                    {account}
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("冲减", "Taken back")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn item_line(cx: &Cx, row: &ItemRow, whole: bool) -> AnyView {
    let at = row.decided_at.unwrap_or(row.prepared_at).day();
    let account = whole.then(|| {
        let words = format!("{} {}", row.account_name, row.account_no);
        view! { <td data-label=cx.t("收款账户", "Account")>{words}</td> }
    });
    let reason =
        (!row.reason.is_empty()).then(|| view! { <span class="small muted">{row.reason.clone()}</span> });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("结算单", "Settlement")><a href=format!("/settlements/items/{}", row.id)>{row.reference.clone()}</a></td>
            <td data-label=cx.t("收款方", "Payee")>{who(cx, &row.payee)}</td>
            {account}
            <td data-label=cx.t("日期", "Day")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("进度", "State")>{chip::chip(cx.lang(), row.status)} " " {reason}</td>
            <td class="n" data-label=cx.t("冲减", "Taken back")>{or_none(row.back_fen)}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}

/// A payee in words: a village by its town and name, others with their village.
pub fn who(cx: &Cx, payee: &PayeeOut) -> String {
    let place = format!("{} {}", payee.town_name, payee.village_name);
    match payee.payee_kind {
        PayeeKind::Village => place,
        kind => format!("{place} · {} {}", payee.name, kind.word(cx.lang())),
    }
}

/// When something was done and by whom, in a few words.
fn done_by(cx: &Cx, at: Option<Micros>, name: Option<&str>) -> String {
    at.map_or_else(
        || "—".to_owned(),
        |at| {
            let time = day::time(cx.lang(), at);
            name.map_or_else(|| time.clone(), |name| format!("{time} {name}"))
        },
    )
}

/// So many payees, in words.
fn payees(cx: &Cx, count: i64) -> String {
    match cx.lang() {
        Lang::Zh => format!("{count} 户"),
        Lang::En => amount::counted(count, "payee", "payees"),
    }
}
