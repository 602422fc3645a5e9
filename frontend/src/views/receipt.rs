//! 银行到账: the list, one receipt with what it pays or may pay, taking bank statements in.

mod board;
mod decide;
mod import;
mod one;

pub use board::{Board, Room, board};
pub use import::{import, statement};
pub use one::{Chosen, receipt};

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::list_filter::{fold, input};
use crate::components::pager::pager;
use crate::components::pills::{Pill, state_pills};
use crate::context::Cx;
use crate::text::status::{MILLET, PERSIMMON};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::receipt::{BankAccountOut, ReceiptQuery, ReceiptRow, ReceiptSums};
use shared::domain::receipt::ReceiptStatus;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// Days after which money in suspense is late.
const LATE_D: i64 = 7;

/// What is seen of the list.
pub struct Seen<'s> {
    /// The receipts.
    pub page: &'s Page<ReceiptRow>,
    /// What waits.
    pub sums: &'s ReceiptSums,
    /// The accounts to choose from.
    pub accounts: &'s [BankAccountOut],
    /// What was asked for.
    pub query: &'s ReceiptQuery,
}

/// The receipts, newest first.
pub fn receipts(cx: &Cx, seen: &Seen<'_>) -> impl IntoView + use<> {
    let writes = cx.may(Action::ReceiptWrite, Place::DISTRICT);
    let take_in = writes.then(|| {
        view! { <a class="button primary" href="/receipts/import">{cx.t("导入银行流水", "Take a statement in")}</a> }
    });
    let to_board = (writes && seen.sums.suspense + seen.sums.waiting > 0).then(|| {
        view! { <a class="button" href=Room::first(seen.sums).path()>{cx.t("逐笔匹配", "Match them one by one")}</a> }
    });
    let waits = Pill {
        word: cx.t("待复核", "To confirm"),
        href: "/receipts?waits=1".to_owned(),
        here: seen.query.waits,
    };
    let body = if seen.page.items.is_empty() {
        nothing(cx, seen.query, writes)
    } else {
        view! { {table(cx, &seen.page.items)} {pager(cx, seen.page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("银行到账", "Bank receipts")}</h1>
                <p>{cx.t("附言码和金额都对得上的自动入账，其余由两位财务说明付的是什么。", "What agrees in code and sum is posted by itself; the rest takes two people.")}</p>
            </div>
            <div class="toolbar-actions">{take_in} {to_board} {export(cx, &[ExportList::Receipts])}</div>
        </header>
        {figures(cx, seen.sums)}
        {state_pills(cx, "/receipts", &[ReceiptStatus::Suspense, ReceiptStatus::Posted], seen.query.status, vec![waits])}
        {filter(cx, seen)}
        {body}
    }
}

fn nothing(cx: &Cx, query: &ReceiptQuery, writes: bool) -> AnyView {
    let narrowed = *query != ReceiptQuery::default();
    let (title, words) = if narrowed {
        (
            cx.t("没有这样的到账", "No such receipts"),
            cx.t("换个条件看看。", "Try another filter."),
        )
    } else {
        (
            cx.t("还没有到账", "No receipts yet"),
            cx.t(
                "从网银下载流水，导入后系统自动对账单。",
                "Download a statement from the bank; the money then finds its bills.",
            ),
        )
    };
    let step = match (narrowed, writes) {
        (true, _) => Some((cx.t("看全部", "See all"), "/receipts".to_owned())),
        (false, true) => Some((
            cx.t("导入银行流水", "Take a statement in"),
            "/receipts/import".to_owned(),
        )),
        (false, false) => None,
    };
    empty(cx, "bill", title, words, step)
}

fn figures(cx: &Cx, sums: &ReceiptSums) -> AnyView {
    let receipts = |count: i64| match cx.lang() {
        Lang::Zh => format!("{} 笔", amount::count(count)),
        Lang::En => amount::counted(count, "receipt", "receipts"),
    };
    let oldest = sums.oldest_on.map(|on| match cx.lang() {
        Lang::Zh => format!(" · 最早 {}", day::short(Lang::Zh, on)),
        Lang::En => format!(" · oldest {}", day::short(Lang::En, on)),
    });
    let late = sums.oldest_on.is_some_and(|on| cx.today.days_since(on) > LATE_D);
    let tone = |on: bool, tone: &'static str| if on { tone } else { "" };
    view! {
        <dl class="stats stats-money">
            <div class=format!("stat {}", tone(late, PERSIMMON))>
                <dt>{cx.t("待查", "In suspense")}</dt>
                <dd><a href="/receipts/board">{amount::cny(sums.suspense_fen)}</a></dd>
                <dd class="figure-note">{receipts(sums.suspense)} {oldest}</dd>
            </div>
            <div class=format!("stat {}", tone(sums.waiting > 0, MILLET))>
                <dt>{cx.t("待第二人复核", "For a second person")}</dt>
                <dd><a href="/receipts/board?waits=1">{amount::cny(sums.waiting_fen)}</a></dd>
                <dd class="figure-note">{receipts(sums.waiting)}</dd>
            </div>
        </dl>
    }
    .into_any()
}

fn filter(cx: &Cx, seen: &Seen<'_>) -> AnyView {
    let query = seen.query;
    let count = [
        query.account_id.is_some(),
        query.from.is_some(),
        query.until.is_some(),
        query.text.is_some(),
    ]
    .into_iter()
    .filter(|on| *on)
    .count();
    let state = query
        .status
        .map(|status| view! { <input type="hidden" name="state" value=status.as_str()/> });
    let waits = query
        .waits
        .then(|| view! { <input type="hidden" name="waits" value="1"/> });
    let accounts: Vec<_> = seen
        .accounts
        .iter()
        .map(|account| {
            let chosen = query.account_id == Some(account.id);
            view! { <option value=account.id.to_string() selected=chosen>{account.name.clone()}</option> }
        })
        .collect();
    let text = query.text.as_deref().unwrap_or_default();
    let day =
        |day: Option<shared::domain::calendar::Day>| day.map_or_else(String::new, |day| day.to_string());
    let fields = view! {
        {state} {waits}
        {input(cx.t("户名、账号或流水号", "Payer or number"), "q", "text", text)}
        <div class="field"><label for="account">{cx.t("收款账户", "Account")}</label>
            <select id="account" name="account"><option value="">{cx.t("全部", "All")}</option>{accounts}</select></div>
        {input(cx.t("从", "From"), "from", "date", &day(query.from))}
        {input(cx.t("到", "Until"), "until", "date", &day(query.until))}
    };
    fold(cx, "/receipts", count, "/receipts".to_owned(), fields.into_any())
}

fn table(cx: &Cx, rows: &[ReceiptRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("付款方", "Payer")}</th>
                    <th>{cx.t("入账", "Booked")}</th>
                    <th>{cx.t("附言", "Remark")}</th>
                    <th>{cx.t("付给", "Pays for")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &ReceiptRow) -> AnyView {
    let at = row.booked_at.day();
    view! {
        <tr>
            <td class="lead" data-label=cx.t("付款方", "Payer")><a href=format!("/receipts/{}", row.id)>{payer(cx, row)}</a></td>
            <td data-label=cx.t("入账", "Booked")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("附言", "Remark")>{or_dash(&row.remark)}</td>
            <td data-label=cx.t("付给", "Pays for")>{or_dash(row.unit_name.as_deref().unwrap_or_default())}</td>
            <td data-label=cx.t("进度", "State")>{state(cx, row)}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}

/// Who sent it, or what the bank calls it.
fn payer(cx: &Cx, row: &ReceiptRow) -> String {
    if row.payer_name.is_empty() {
        format!("{} {}", cx.t("流水", "No."), row.bank_reference)
    } else {
        row.payer_name.clone()
    }
}

fn or_dash(text: &str) -> String {
    if text.is_empty() {
        "—".to_owned()
    } else {
        text.to_owned()
    }
}

/// Where it stands, and for how long, while it waits.
fn state(cx: &Cx, row: &ReceiptRow) -> AnyView {
    let age = (row.age_days > 0).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("{} 天", row.age_days),
            Lang::En => amount::counted(row.age_days, "day", "days"),
        };
        let tone = if row.age_days > LATE_D { PERSIMMON } else { MILLET };
        view! { " " {chip::toned(tone, words)} }
    });
    view! { <span>{chip::chip(cx.lang(), row.status)} {age}</span> }.into_any()
}
