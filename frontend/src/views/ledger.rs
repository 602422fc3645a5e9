//! 账: one transaction with its entries, and the checks over the books.

use crate::components::chip;
use crate::components::export::export_of;
use crate::components::form_tokens::csrf;
use crate::context::Cx;
use crate::text::status::{PERSIMMON, PINE, Status as _};
use crate::text::{Lang, amount, day, step};
use leptos::prelude::*;
use shared::api::ledger::{CheckOut, EntryOut, TransactionOut, VerifyOut};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// One ledger transaction: what was debited, what was credited, and out of which document.
pub fn transaction(cx: &Cx, transaction: &TransactionOut) -> impl IntoView + use<> {
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow code">{transaction.id.to_string()}</p>
                <div class="row">
                    <h1>{cx.t("账目", "Ledger transaction")}</h1>
                    {chip::chip(cx.lang(), transaction.kind)}
                </div>
            </div>
            <div class="toolbar-actions">
                {export_of(cx, &[ExportList::LedgerEntries], format!("transaction={}", transaction.id))}
            </div>
        </header>
        {facts(cx, transaction)}
        {entries(cx, transaction)}
        {recorded(cx, transaction)}
        <p class="small muted">
            {cx.t(
                "账目只增不改：有错就记一笔新的冲正。借贷相等，才能记入。",
                "Transactions are never changed: a mistake is corrected by a new one. Debit and credit are equal, or nothing is posted.",
            )}
        </p>
    }
}

fn facts(cx: &Cx, transaction: &TransactionOut) -> AnyView {
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let full = |at: shared::domain::calendar::Micros| at.format_full().into_any();
    let kind = step::object(cx.lang(), &transaction.document_kind).to_owned();
    let batch = transaction.document_kind == "settlement" && cx.may_reach(Action::SettlementBatch);
    let document = if batch {
        view! { <a href=format!("/settlements/{}", transaction.document_id)>{kind} " " {transaction.document_number.clone()}</a> }.into_any()
    } else if transaction.document_kind == "acceptance" {
        view! { <a href=format!("/acceptances/{}", transaction.document_id)>{kind} " " {transaction.document_number.clone()}</a> }.into_any()
    } else {
        format!("{kind} {}", transaction.document_number).into_any()
    };
    let signed: Vec<_> = transaction
        .signatures
        .iter()
        .zip([
            cx.t("单位签字", "Signed for the unit"),
            cx.t("中心签字", "Signed for the centre"),
        ])
        .map(|(signature, side)| {
            fact(
                side,
                format!("{} ✓ {}", signature.name, signature.at.format_full()).into_any(),
            )
        })
        .collect();
    let path = cx.may(Action::LedgerVerify, Place::DISTRICT).then(|| {
        let href = format!("/audit/path?number={}", transaction.id);
        fact(
            cx.t("追溯", "Trail"),
            view! { <a href=href>{cx.t("看到申请为止", "To the request")}</a> }.into_any(),
        )
    });
    let reverses = transaction.reverses.map(|id| {
        let words = match &transaction.corrects {
            None => id.to_string(),
            Some(old) => format!(
                "{} {}",
                step::object(cx.lang(), &old.document_kind),
                old.document_number
            ),
        };
        let month = transaction
            .corrects
            .as_ref()
            .map(|old| match (old.closed, cx.lang()) {
                (true, Lang::Zh) => format!("（{} 已结账）", old.month),
                (true, Lang::En) => format!(" ({}, closed)", old.month),
                (false, Lang::Zh) => format!("({})", old.month),
                (false, Lang::En) => format!(" ({})", old.month),
            });
        let link = view! { <a href=format!("/ledger/transactions/{id}")>{words}</a> {month} };
        fact(cx.t("更正的凭证", "Corrects"), link.into_any())
    });
    let books = cx.may(Action::BooksRead, Place::DISTRICT).then(|| {
        let month = Month::of(transaction.effective_at.day());
        let link = view! { <a href=format!("/books/months/{month}")>{month.to_string()}</a> };
        fact(cx.t("所在月份", "Month of the books"), link.into_any())
    });
    view! {
        <section class="card">
            <dl class="key-value">
                {fact(cx.t("凭证", "Document"), document)}
                {fact(cx.t("生效", "Effective"), full(transaction.effective_at))}
                {fact(cx.t("记账", "Recorded"), full(transaction.recorded_at))}
                {fact(cx.t("经手", "By"), transaction.actor_name.clone().into_any())}
                {signed}
                {reverses}
                {books}
                {path}
            </dl>
        </section>
    }
    .into_any()
}

/// What was recorded about the document, for those who read the audit log.
fn recorded(cx: &Cx, transaction: &TransactionOut) -> Option<AnyView> {
    if transaction.audit.is_empty() {
        return None;
    }
    let items: Vec<_> = transaction
        .audit
        .iter()
        .map(|row| {
            let who = row.person_name.clone().unwrap_or_else(|| cx.t("系统", "The system").to_owned());
            view! {
                <li class="is-done">
                    <p class="timeline-what">{step::step(cx.lang(), &row.action).to_owned()} " " <span class="muted">{row.detail.clone()}</span></p>
                    <p class="timeline-when"><time datetime=row.at.format_full()>{row.at.format_full()}</time> " · " {who}</p>
                </li>
            }
        })
        .collect();
    Some(
        view! { <section class="card"><h2>{cx.t("操作记录", "Audit log")}</h2><ol class="timeline">{items}</ol></section> }
            .into_any(),
    )
}

fn entries(cx: &Cx, transaction: &TransactionOut) -> AnyView {
    let rows: Vec<_> = transaction
        .entries
        .iter()
        .map(|entry| entry_row(cx, entry))
        .collect();
    let sum = |debit: bool| {
        let parts = transaction
            .entries
            .iter()
            .map(|e| e.amount_fen)
            .filter(|fen| (fen.0 > 0) == debit);
        let sum = Fen::checked_sum(parts).unwrap_or(Fen::ZERO);
        amount::cny(if debit {
            sum
        } else {
            sum.checked_neg().unwrap_or(Fen::ZERO)
        })
    };
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("分录", "Entries")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("科目", "Account")}</th>
                    <th>{cx.t("对象", "Whose")}</th>
                    <th class="n">{cx.t("借方", "Debit")}</th>
                    <th class="n">{cx.t("贷方", "Credit")}</th>
                    <th>{cx.t("账链", "Chain")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr>
                    <td colspan="2" data-label="">{cx.t("合计", "Total")}</td>
                    <td class="n sum" data-label=cx.t("借方", "Debit")>{sum(true)}</td>
                    <td class="n sum" data-label=cx.t("贷方", "Credit")>{sum(false)}</td>
                    <td data-label=""></td>
                </tr></tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn entry_row(cx: &Cx, entry: &EntryOut) -> AnyView {
    let side = |debit: bool| {
        ((entry.amount_fen.0 > 0) == debit && !entry.amount_fen.is_zero())
            .then(|| amount::cny(Fen(entry.amount_fen.0.saturating_abs())))
    };
    let source = entry
        .source
        .map(|source| view! { " " {chip::chip(cx.lang(), source)} });
    let name = match (entry.household_no, cx.lang()) {
        (Some(no), Lang::Zh) => format!("低收入户 {no} 号"),
        (Some(no), Lang::En) => format!("household no. {no}"),
        (None, _) if entry.owner_name.is_empty() => entry.owner.clone(),
        (None, _) => entry.owner_name.clone(),
    };
    let owner = match entry.village_code.as_deref() {
        Some(code) if cx.may(Action::IncomeRead, Place::village(code)) => {
            view! { <a href=format!("/income/{code}")>{name}</a> }.into_any()
        }
        _ => name.into_any(),
    };
    let chain = entry.chain_seq.map(|seq| {
        let hash = entry.hash.clone().unwrap_or_default();
        let journal = entry.village_code.as_ref().map(|code| {
            view! { <a href=format!("/villages/{code}/journal")>{cx.t("这个村的账链", "The village's journal")}</a> }
        });
        let short = hash.get(..12).unwrap_or(&hash).to_owned();
        view! {
            <details class="twin">
                <summary>{format!("#{seq} · {short}…")}</summary>
                <p class="code small">{hash}</p>
                {journal}
            </details>
        }
    });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("科目", "Account")><div>{entry.account.word(cx.lang())}{source}</div></td>
            <td data-label=cx.t("对象", "Whose")>{owner}</td>
            <td class="n sum" data-label=cx.t("借方", "Debit")>{side(true)}</td>
            <td class="n sum" data-label=cx.t("贷方", "Credit")>{side(false)}</td>
            <td data-label=cx.t("账链", "Chain")>{chain}</td>
        </tr>
    }
    .into_any()
}

/// Checking the books: a button, and what the checks found.
pub fn verify(cx: &Cx, result: Option<&VerifyOut>) -> impl IntoView + use<> {
    let found = result.map(|result| results(cx, result));
    let button = if result.is_some() {
        cx.t("再核对一次", "Check again")
    } else {
        cx.t("开始核对", "Check the books")
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("核对账本", "Verify the books")}</h1>
            <p>{cx.t(
                "逐笔核对借贷、余额、库存和每个村的账链；有一个字节被改过都能查出来。",
                "Checks every debit and credit, balance, stock and every village's chain; a single changed byte is found.",
            )}</p>
        </div>
        {cx.may(Action::BooksRead, Place::DISTRICT).then(|| view! {
            <div class="toolbar-actions">
                <a class="button" href="/books">{cx.t("试算平衡", "Trial balance")}</a>
                <a class="button" href="/books/months">{cx.t("月结", "Months")}</a>
            </div>
        })}
        </header>
        {found}
        <form method="post" action="/verify">
            {csrf(cx)}
            <button class="button primary">{button}</button>
        </form>
    }
}

fn results(cx: &Cx, result: &VerifyOut) -> AnyView {
    let wrong = result.checks.iter().filter(|check| check.wrong.is_some()).count();
    let (class, words) = match (result.clean, cx.lang()) {
        (true, Lang::Zh) => (
            "notice tone-pine",
            format!("全部 {} 项核对无误。", result.checks.len()),
        ),
        (true, Lang::En) => (
            "notice tone-pine",
            format!("All {} checks hold.", result.checks.len()),
        ),
        (false, Lang::Zh) => (
            "notice tone-persimmon",
            format!("{wrong} 项不对，请停止付款并联系审计。"),
        ),
        (false, Lang::En) => (
            "notice tone-persimmon",
            format!("{wrong} checks failed: stop payments and call the auditor."),
        ),
    };
    let rows: Vec<_> = result.checks.iter().map(|check| check_row(cx, check)).collect();
    view! {
        <p class=class role="status">{words} " " <span class="small">{day::time(cx.lang(), cx.now)}</span></p>
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("核对项", "Check")}</th>
                    <th class="n">{cx.t("核对数", "Looked at")}</th>
                    <th>{cx.t("结果", "Result")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn check_row(cx: &Cx, check: &CheckOut) -> AnyView {
    let mark = match check.wrong {
        None => chip::toned(PINE, cx.t("无误", "Holds")),
        Some(_) => chip::toned(PERSIMMON, cx.t("不对", "Wrong")),
    };
    let wrong = check
        .wrong
        .clone()
        .map(|words| view! { <p class="small sum-minus">{words}</p> });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("核对项", "Check")><div>{check_words(cx, &check.name)}{wrong}</div></td>
            <td class="n" data-label=cx.t("核对数", "Looked at")>{amount::count(check.looked_at)}</td>
            <td data-label=cx.t("结果", "Result")>{mark}</td>
        </tr>
    }
    .into_any()
}

/// A check in words; one without words is shown by its name.
fn check_words(cx: &Cx, name: &str) -> String {
    let words = match name {
        "entries_sum_to_zero" => cx.t("每笔账借贷相等", "Every transaction's entries sum to zero"),
        "balances_equal_entries" => cx.t("余额等于分录重算", "Balances equal what their entries come to"),
        "shares_equal_accepted_lines" => cx.t(
            "村、户、社与服务费之和等于验收金额",
            "Shares and fee sum to the accepted lines",
        ),
        "acceptances_equal_ledger" => cx.t(
            "每张验收单与账目一致",
            "Every acceptance equals its ledger transaction",
        ),
        "ledger_acceptances_have_documents" => cx.t(
            "每笔验收入账都有验收单",
            "Every acceptance credit has its document",
        ),
        "payments_equal_ledger" => cx.t(
            "每笔在线付款与账目一致",
            "Every payment equals its ledger transaction",
        ),
        "refund_orders_equal_ledger" => cx.t(
            "每张退款单与账目一致",
            "Every refund by bank equals its ledger transaction",
        ),
        "refunds_equal_ledger_and_payments" => cx.t(
            "每笔退款与账目、付款一致",
            "Refunds agree with the ledger and their payments",
        ),
        "incomes_equal_entries" => cx.t(
            "各村收入等于分录合计",
            "The villages' incomes equal their entries",
        ),
        "orders_equal_village_orders_and_lines" => cx.t(
            "订单等于村单之和、村单等于明细之和",
            "Orders equal their village orders, and those their lines",
        ),
        "lots_equal_orders" => cx.t(
            "库存与订单一致，没有超卖",
            "Stock agrees with orders; nothing oversold",
        ),
        "turnovers_equal_entries" => cx.t(
            "借方、贷方发生额等于分录重算",
            "What was debited and credited equals the entries",
        ),
        "public_chains_whole" => cx.t("每个村的公开账链完整", "Every village's public journal is whole"),
        "closed_months_hold" => cx.t("已结账月份与签章一致", "Closed months are what was signed"),
        "chains_complete" => cx.t("账链没有缺节", "No chain lacks a link"),
        "chains_whole" => cx.t(
            "每个村的账链完整，没有改动",
            "Every village's chain is whole and unchanged",
        ),
        other => return other.replace('_', " "),
    };
    words.to_owned()
}
