//! 发票: the list, those of a bill, one with what happens to it.

mod bill;
mod one;

pub use bill::of_bill;
pub use one::invoice;

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::pager::pager;
use crate::components::pills::{Pill, state_pills};
use crate::context::Cx;
use crate::text::status::{MILLET, PERSIMMON};
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::invoice::{InvoiceQuery, InvoiceRow};
use shared::api::page::Page;
use shared::domain::invoice::InvoiceStatus;
use shared::domain::money::Fen;
use shared::domain::rights::Action;
use shared::domain::work::ExportList;

/// The invoices, newest first.
pub fn invoices(cx: &Cx, page: &Page<InvoiceRow>, query: &InvoiceQuery) -> impl IntoView + use<> {
    let states = [
        InvoiceStatus::Requested,
        InvoiceStatus::Issued,
        InvoiceStatus::Received,
        InvoiceStatus::RedLettered,
    ];
    let untied = Pill {
        word: cx.t("与账单不符", "Not the bill's sum"),
        href: "/invoices?untied=1".to_owned(),
        here: query.untied,
    };
    let body = if page.items.is_empty() {
        empty(
            cx,
            "bill",
            cx.t("没有发票", "No invoices"),
            cx.t(
                "在账单上点“发票”申请；按销售主体分别开。",
                "Ask for them from a bill: one of every seller of record.",
            ),
            cx.may_reach(Action::BillRead)
                .then(|| (cx.t("看账单", "To the bills"), "/bills".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("发票", "Invoices")}</h1>
                <p>{cx.t("每个销售主体一张，金额等于它在账单上的部分。村集体和合作社卖自产农产品免税。", "One of every seller of record, over its part of the bill. Villages' and co-ops' own produce is exempt.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Invoices])}</div>
        </header>
        {state_pills(cx, "/invoices", &states, query.status, vec![untied])}
        {body}
    }
}

/// A table of invoices.
fn table(cx: &Cx, rows: &[InvoiceRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("发票号码", "Number")}</th>
                    <th>{cx.t("销售方", "Seller")}</th>
                    <th>{cx.t("购买方", "Buyer")}</th>
                    <th>{cx.t("账单", "Bill")}</th>
                    <th>{cx.t("开票日期", "Issued")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("价税合计", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &InvoiceRow) -> AnyView {
    let number = row
        .invoice_no
        .clone()
        .unwrap_or_else(|| cx.t("申请中", "asked for").to_owned());
    let day = row.issued_on.map_or_else(
        || "—".into_any(),
        |on| view! { <time datetime=on.to_string()>{day::short(cx.lang(), on)}</time> }.into_any(),
    );
    view! {
        <tr>
            <td class="lead" data-label=cx.t("发票号码", "Number")><a href=format!("/invoices/{}", row.id)>{number}</a></td>
            <td data-label=cx.t("销售方", "Seller")>{row.seller_name.clone()}</td>
            <td data-label=cx.t("购买方", "Buyer")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("账单", "Bill")><a href=format!("/bills/{}/invoices", row.bill_id)>{row.bill_number.clone()}</a></td>
            <td data-label=cx.t("开票日期", "Issued")>{day}</td>
            <td data-label=cx.t("进度", "State")><span>{state(cx, row)}</span></td>
            <td class="n sum lead-sum" data-label=cx.t("价税合计", "Sum")>{sum(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}

/// Where it stands; that it is a red-letter one, or no longer over the bill's sum.
fn state(cx: &Cx, row: &InvoiceRow) -> AnyView {
    let red = row
        .red_of
        .map(|_| view! { " " {chip::toned(PERSIMMON, cx.t("红字", "red-letter"))} });
    let untied =
        unties(row).then(|| view! { " " {chip::toned(MILLET, cx.t("与账单不符", "not the bill's sum"))} });
    view! { {chip::chip(cx.lang(), row.status)} {red} {untied} }.into_any()
}

/// Whether it stands over another sum than its seller has to invoice now.
fn unties(row: &InvoiceRow) -> bool {
    let stands = matches!(
        row.status,
        InvoiceStatus::Requested | InvoiceStatus::Issued | InvoiceStatus::Received
    );
    stands && row.red_of.is_none() && row.amount_fen != row.billed_fen
}

fn sum(amount_fen: Fen) -> AnyView {
    if amount_fen < Fen::ZERO {
        view! { <span class="sum-minus">{amount::cny(amount_fen)}</span> }.into_any()
    } else {
        amount::cny(amount_fen).into_any()
    }
}
