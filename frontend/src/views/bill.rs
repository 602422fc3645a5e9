//! 账单: the list, one bill with what stands on it and what paid it, a unit's statement of account, how a unit is billed.

mod account;
mod document;
mod policy;

pub use account::account;
pub use document::bill;
pub use policy::billing;

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::pills::{Pill, state_pills};
use crate::context::Cx;
use crate::text::status::PERSIMMON;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::bill::{BillQuery, BillRow};
use shared::api::page::Page;
use shared::domain::bill::BillStatus;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The bills, newest first.
pub fn bills(cx: &Cx, page: &Page<BillRow>, query: &BillQuery) -> impl IntoView + use<> {
    let unit = cx.me.as_ref().and_then(|me| me.active.unit_id);
    let own = unit.is_some();
    let policy = unit.map(|unit| {
        view! { <a class="button" href=format!("/units/{unit}/billing")>{cx.t("开账方式", "How we are billed")}</a> }
    });
    let states = [BillStatus::Billed, BillStatus::PartPaid, BillStatus::Paid];
    let overdue = Pill {
        word: cx.t("逾期", "Overdue"),
        href: "/bills?overdue=1".to_owned(),
        here: query.overdue,
    };
    let body = if page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("没有账单", "No bills"),
            cx.t(
                "货品验收签字后，系统按单或按月自动开账单。",
                "Bills are sent by themselves once goods are signed for, by order or by month.",
            ),
            cx.may_reach(Action::OrderRead)
                .then(|| (cx.t("看订单", "See orders"), "/orders".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items, own)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("账单", "Bills")}</h1>
                <p>{cx.t("验收多少，开多少。转账时把附言码写进备注，到账自动对上。", "What was accepted is what is billed. Put the transfer code in the remark and the money finds its bill.")}</p>
            </div>
            <div class="toolbar-actions">
                {own.then(|| view! { <a class="button" href="/account">{cx.t("往来对账单", "Statement of account")}</a> })}
                {policy}
                {issue_now(cx)}
                {export(cx, &[ExportList::Bills])}
            </div>
        </header>
        {state_pills(cx, "/bills", &states, query.status, vec![overdue])}
        {body}
    }
}

fn issue_now(cx: &Cx) -> Option<AnyView> {
    cx.may(Action::BillWrite, Place::DISTRICT).then(|| {
        view! {
            <form method="post" action="/bills/issue">
                {csrf_and_key(cx)}
                <button class="button">{cx.t("现在开账", "Send what is due")}</button>
            </form>
        }
        .into_any()
    })
}

fn table(cx: &Cx, rows: &[BillRow], own: bool) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row, own)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("账单", "Bill")}</th>
                    {(!own).then(|| view! { <th>{cx.t("单位", "Unit")}</th> })}
                    <th>{cx.t("内容", "For")}</th>
                    <th>{cx.t("付款期限", "Due")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("应付", "Sum")}</th>
                    <th class="n">{cx.t("未付", "Open")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &BillRow, own: bool) -> AnyView {
    let unit = (!own).then(|| view! { <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td> });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("账单", "Bill")><a href=format!("/bills/{}", row.id)>{row.number.clone()}</a></td>
            {unit}
            <td data-label=cx.t("内容", "For")>{covers(cx, row)}</td>
            <td data-label=cx.t("付款期限", "Due")>
                <time datetime=row.due_on.to_string()>{day::short(cx.lang(), row.due_on)}</time>
            </td>
            <td data-label=cx.t("进度", "State")>{state(cx, row)}</td>
            <td class="n" data-label=cx.t("应付", "Sum")>{amount::cny(row.total_fen)}</td>
            <td class="n sum lead-sum" data-label=cx.t("未付", "Open")>{amount::cny(row.open_fen)}</td>
        </tr>
    }
    .into_any()
}

/// What a bill is for, in a few words.
fn covers(cx: &Cx, row: &BillRow) -> String {
    match (row.month, cx.lang()) {
        (Some(month), Lang::Zh) => format!("{} 年 {} 月 · {} 张村单", month.year(), month.month(), row.items),
        (Some(month), Lang::En) => format!(
            "{} {} · {}",
            day::month(Lang::En, month.month()),
            month.year(),
            amount::counted(i64::from(row.items), "village order", "village orders")
        ),
        (None, _) => format!(
            "{} {}",
            cx.t("订单", "Order"),
            row.order_number.clone().unwrap_or_default()
        ),
    }
}

/// Where it stands; how late it is, when it is late.
fn state(cx: &Cx, row: &BillRow) -> AnyView {
    if row.overdue_days == 0 {
        return chip::chip(cx.lang(), row.status);
    }
    let words = match cx.lang() {
        Lang::Zh => format!("逾期 {} 天", row.overdue_days),
        Lang::En => format!("{} late", amount::counted(row.overdue_days, "day", "days")),
    };
    chip::toned(PERSIMMON, words)
}
