//! 往来对账单: what a unit owes and what it paid, line by line.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::pager::pager;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::text::status::{PERSIMMON, PINE, Status as _};
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::bill::{AccountLine, UnitAccountOut};
use shared::domain::money::Fen;
use shared::domain::rights::Action;

/// A unit's statement of account.
pub fn account(cx: &Cx, account: &UnitAccountOut) -> impl IntoView + use<> {
    let overdue = if account.overdue_fen > Fen::ZERO {
        PERSIMMON
    } else {
        ""
    };
    let figure = |name, sum, tone, href: Option<&str>| Stat {
        name,
        value: amount::cny(sum),
        tone,
        href: href.map(str::to_owned),
    };
    let figures = stats(vec![
        figure(cx.t("共欠", "Owed"), account.owed_fen, "", Some("/bills")),
        figure(
            cx.t("其中逾期", "Overdue"),
            account.overdue_fen,
            overdue,
            Some("/bills?overdue=1"),
        ),
        figure(
            cx.t("其中未开账", "Not billed yet"),
            account.unbilled_fen,
            "",
            None,
        ),
        figure(cx.t("预存款", "On deposit"), account.deposit_fen, PINE, None),
    ]);
    let body = if account.lines.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("还没有往来", "Nothing yet"),
            cx.t(
                "货品验收签字后，这里会有第一笔。",
                "The first line comes with the first signed acceptance.",
            ),
            None,
        )
    } else {
        let rows: Vec<_> = account
            .lines
            .items
            .iter()
            .map(|line| line_row(cx, line))
            .collect();
        view! {
            <div class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("时间", "When")}</th>
                        <th>{cx.t("事项", "What")}</th>
                        <th>{cx.t("单据", "Document")}</th>
                        <th class="n">{cx.t("增减", "Change")}</th>
                        <th class="n">{cx.t("净欠", "Balance")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {pager(cx, account.lines.next.as_deref())}
        }
        .into_any()
    };
    view! {
        {breadcrumb(cx, &[("/bills", cx.t("账单", "Bills"))], cx.t("往来对账单", "Statement of account"))}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{account.unit_name.clone()}</p>
            <h1>{cx.t("往来对账单", "Statement of account")}</h1>
            <p>{cx.t("净欠 = 应付货款 − 预存款。每一行都来自总账。", "The balance is what is owed less what is on deposit; every line comes from the ledger.")}</p>
        </div></header>
        {figures}
        {body}
    }
}

fn line_row(cx: &Cx, line: &AccountLine) -> AnyView {
    view! {
        <tr>
            <td data-label=cx.t("时间", "When")>{day::time(cx.lang(), line.at)}</td>
            <td class="lead" data-label=cx.t("事项", "What")>{line.kind.word(cx.lang())}</td>
            <td data-label=cx.t("单据", "Document")>{document(cx, line)}</td>
            <td class="n sum lead-sum" data-label=cx.t("增减", "Change")>{amount::signed(line.amount_fen)}</td>
            <td class="n" data-label=cx.t("净欠", "Balance")>{amount::cny(line.balance_fen)}</td>
        </tr>
    }
    .into_any()
}

fn document(cx: &Cx, line: &AccountLine) -> AnyView {
    let number = line.document_number.clone();
    let href = match line.document_kind.as_str() {
        "acceptance" => Some(format!("/acceptances/{}", line.document_id)),
        "bill" => Some(format!("/bills/{}", line.document_id)),
        "claim" => Some(format!("/claims/{}", line.document_id)),
        _ if cx.may_reach(Action::LedgerRead) => {
            Some(format!("/ledger/transactions/{}", line.transaction_id))
        }
        _ => None,
    };
    match href {
        Some(href) => view! { <a href=href>{number}</a> }.into_any(),
        None => number.into_any(),
    }
}
