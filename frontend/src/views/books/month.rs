//! 月结: which months are closed, by whom, with which signature; and closing the next.

use super::signed;
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::export::export;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{MILLET, PINE, PLAIN, Status as _};
use crate::text::{Lang, amount, day, step};
use leptos::prelude::*;
use shared::api::books::{CorrectionRow, MonthClosed, MonthKindRow, MonthOut, MonthRow, MonthsOut};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// A month in words: `2026年11月`, `November 2026`.
fn month_words(cx: &Cx, month: Month) -> String {
    match cx.lang() {
        Lang::Zh => format!("{}年{}月", month.year(), month.month()),
        Lang::En => format!("{} {}", day::month(Lang::En, month.month()), month.year()),
    }
}

/// The months.
pub fn months(cx: &Cx, out: &MonthsOut, form: &Form) -> impl IntoView + use<> {
    let rows: Vec<_> = out.months.iter().map(|row| month_row(cx, out, row)).collect();
    view! {
        {breadcrumb(cx, &[("/books", cx.t("试算平衡", "Trial balance"))], cx.t("月结", "Months"))}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("月结", "Months of the books")}</h1>
                <p>{cx.t(
                    "结账后，这个月的账不再变；以后的更正记到当前月份，并写明原凭证。",
                    "Once closed, a month stays as it is; later corrections are posted to the open month and name the old document.",
                )}</p>
            </div>
            <div class="toolbar-actions">
                {export(cx, &[ExportList::Months])}
                <a class="button" href="/books/keys">{cx.t("验签公钥", "Public keys")}</a>
            </div>
        </header>
        {form_problems(cx, form, &[("month", cx.t("月份", "Month"))])}
        {out.closable.map(|month| close(cx, month))}
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("月份", "Month")}</th>
                    <th>{cx.t("状态", "State")}</th>
                    <th>{cx.t("结账", "Closed")}</th>
                    <th class="n">{cx.t("分录", "Entries")}</th>
                    <th class="n">{cx.t("发生额", "Moved")}</th>
                    <th>{cx.t("签章", "Signature")}</th>
                    <th>{cx.t("下载", "Download")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {check_it(cx)}
    }
}

fn state(cx: &Cx, closed: bool, closable: bool) -> AnyView {
    if closed {
        chip::toned(PINE, cx.t("已结账", "Closed"))
    } else if closable {
        chip::toned(MILLET, cx.t("可以结账", "To be closed"))
    } else {
        chip::toned(PLAIN, cx.t("未结账", "Open"))
    }
}

fn month_row(cx: &Cx, out: &MonthsOut, row: &MonthRow) -> AnyView {
    let closed = row.closed.as_ref();
    let by = closed.map(|closed| {
        let at = closed.closed_at;
        view! {
            <div>{closed.closed_by_name.clone()}
                <p class="small muted"><time datetime=at.format_full()>{at.format_full()}</time></p></div>
        }
    });
    let signature = closed.map(|closed| fingerprint(&closed.signature));
    let download = closed.map(|_| {
        view! { <a href=format!("/books/heads/{}", row.month)>{cx.t("账头", "Signed head")}</a> }
    });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("月份", "Month")>
                <a href=format!("/books/months/{}", row.month)>{month_words(cx, row.month)}</a></td>
            <td data-label=cx.t("状态", "State")>{state(cx, closed.is_some(), out.closable == Some(row.month))}</td>
            <td data-label=cx.t("结账", "Closed")>{by}</td>
            <td class="n" data-label=cx.t("分录", "Entries")>{closed.map(|c| amount::count(c.entries))}</td>
            <td class="n sum lead-sum" data-label=cx.t("发生额", "Moved")>{closed.map(|c| c.moved_fen.format_yuan())}</td>
            <td data-label=cx.t("签章", "Signature")>{signature}</td>
            <td data-label=cx.t("下载", "Download")>{download}</td>
        </tr>
    }
    .into_any()
}

/// The beginning of a long fingerprint; opened, all of it.
fn fingerprint(hex: &str) -> AnyView {
    let short = hex.get(..12).unwrap_or(hex).to_owned();
    view! {
        <details class="twin">
            <summary class="code">{format!("{short}…")}</summary>
            <p class="code small">{hex.to_owned()}</p>
        </details>
    }
    .into_any()
}

/// The form that closes the next month, for those who may; for the others, that it waits.
fn close(cx: &Cx, month: Month) -> AnyView {
    let words = month_words(cx, month);
    if !cx.may(Action::BooksClose, Place::DISTRICT) {
        let waits = match cx.lang() {
            Lang::Zh => format!("{words}已过完，等中心财务结账。"),
            Lang::En => format!("{words} has ended and waits for the centre's finance to close it."),
        };
        return view! { <p class="notice tone-millet">{waits}</p> }.into_any();
    }
    let (title, button) = match cx.lang() {
        Lang::Zh => (format!("结{words}的账"), format!("核对并结清{words}")),
        Lang::En => (format!("Close {words}"), format!("Check and close {words}")),
    };
    view! {
        <section class="card">
            <h2>{title}</h2>
            <p>{cx.t(
                "先逐项核账，全部无误才结。结清后签章公布，这个月不能再记账，也不能撤回。",
                "All checks of the books are run first; only when they hold is it closed, signed and published. Nothing can be posted to it afterwards, and it cannot be opened again.",
            )}</p>
            <form method="post" action="/books/months">
                {csrf_and_key(cx)}
                <input type="hidden" name="month" value=month.to_string()/>
                <button class="button primary">{button}</button>
            </form>
        </section>
    }
    .into_any()
}

/// How anybody checks what was published.
fn check_it(cx: &Cx) -> AnyView {
    view! {
        <details class="fold">
            <summary>{cx.t("怎样在别的电脑上核对", "How to check it on another machine")}</summary>
            <div class="fold-body">
                <ol>
                    <li>{cx.t("从村的账链页下载“账链文件”。", "Download the journal's file from a village's journal page.")}</li>
                    <li>{cx.t("从这里下载那个月的账头和验签公钥。", "Download the month's signed head and the public keys from here.")}</li>
                    <li>{cx.t("不用联网，运行：", "Without any network, run:")}
                        <p class="code">"jizhou verify --file journal.jsonl --head books-2026-11.txt --key keys.txt"</p></li>
                </ol>
                <p class="muted">{cx.t(
                    "它会说“whole”（完整），或指出第一处被改、缺少或重复的分录。",
                    "It says 'whole', or names the first entry that is changed, missing or doubled.",
                )}</p>
            </div>
        </details>
    }
    .into_any()
}

/// One month.
pub fn month(cx: &Cx, out: &MonthOut) -> impl IntoView + use<> {
    let month = out.row.month;
    let words = month_words(cx, month);
    let way = [
        ("/books", cx.t("试算平衡", "Trial balance")),
        ("/books/months", cx.t("月结", "Months")),
    ];
    let download = out.row.closed.as_ref().map(|_| {
        view! {
            <a class="button" href=format!("/books/heads/{month}")>{cx.t("下载签章账头", "Signed head")}</a>
            <a class="button" href="/books/keys">{cx.t("验签公钥", "Public keys")}</a>
        }
    });
    view! {
        {breadcrumb(cx, &way, &words)}
        <header class="toolbar">
            <div class="toolbar-title">
                <div class="row"><h1>{words.clone()}</h1>{state(cx, out.row.closed.is_some(), out.closable)}</div>
            </div>
            <div class="toolbar-actions">{download}</div>
        </header>
        {out.closable.then(|| close(cx, month))}
        {out.row.closed.as_ref().map(|closed| facts(cx, closed))}
        {kinds(cx, out)}
        {corrections(cx, out)}
    }
}

fn facts(cx: &Cx, closed: &MonthClosed) -> AnyView {
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let code = |text: &str| view! { <span class="code small">{text.to_owned()}</span> }.into_any();
    let at = closed.closed_at;
    let by = view! {
        {closed.closed_by_name.clone()} " · " <time datetime=at.format_full()>{at.format_full()}</time>
    };
    view! {
        <section class="card"><dl class="key-value">
            {fact(cx.t("结账", "Closed"), by.into_any())}
            {fact(cx.t("分录", "Entries"), amount::count(closed.entries).into_any())}
            {fact(cx.t("发生额（借=贷）", "Moved (debit = credit)"), amount::cny(closed.moved_fen).into_any())}
            {fact(cx.t("账头指纹", "Hash of the head"), code(&closed.text_hash))}
            {fact(cx.t("余额表指纹", "Hash of the trial balance"), code(&closed.trial_hash))}
            {fact(cx.t("公钥", "Key"), code(&closed.key_id))}
            {fact(cx.t("签章", "Signature"), code(&closed.signature))}
        </dl></section>
    }
    .into_any()
}

fn kinds(cx: &Cx, out: &MonthOut) -> AnyView {
    let used = |row: &&MonthKindRow| {
        !(row.debit_fen.is_zero() && row.credit_fen.is_zero() && row.balance_fen.is_zero())
    };
    let rows: Vec<_> = out
        .kinds
        .iter()
        .filter(used)
        .map(|row| kind_row(cx, row))
        .collect();
    if rows.is_empty() {
        return view! { <p class="muted">{cx.t("这个月没有记账。", "Nothing was posted in this month.")}</p> }
            .into_any();
    }
    let total = |of: fn(&MonthKindRow) -> Fen| {
        Fen::checked_sum(out.kinds.iter().map(of))
            .unwrap_or_default()
            .format_yuan()
    };
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("各科目", "By account")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("科目", "Account")}</th>
                    <th class="n">{cx.t("本月借方", "Debit in the month")}</th>
                    <th class="n">{cx.t("本月贷方", "Credit in the month")}</th>
                    <th class="n">{cx.t("月末余额（借−贷）", "Balance at its end")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr>
                    <td data-label="">{cx.t("合计", "Total")}</td>
                    <td class="n sum" data-label=cx.t("本月借方", "Debit")>{total(|row| row.debit_fen)}</td>
                    <td class="n sum" data-label=cx.t("本月贷方", "Credit")>{total(|row| row.credit_fen)}</td>
                    <td class="n sum" data-label=cx.t("月末余额", "Balance")>{total(|row| row.balance_fen)}</td>
                </tr></tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn kind_row(cx: &Cx, row: &MonthKindRow) -> AnyView {
    view! {
        <tr>
            <td class="lead" data-label=cx.t("科目", "Account")>{row.account.word(cx.lang())}</td>
            <td class="n" data-label=cx.t("本月借方", "Debit")>{row.debit_fen.format_yuan()}</td>
            <td class="n" data-label=cx.t("本月贷方", "Credit")>{row.credit_fen.format_yuan()}</td>
            <td class=signed("n sum lead-sum", row.balance_fen) data-label=cx.t("月末余额", "Balance")>
                {row.balance_fen.format_yuan()}</td>
        </tr>
    }
    .into_any()
}

fn corrections(cx: &Cx, out: &MonthOut) -> Option<AnyView> {
    if out.corrections.is_empty() {
        return None;
    }
    let rows: Vec<_> = out
        .corrections
        .iter()
        .map(|row| correction_row(cx, row))
        .collect();
    Some(
        view! {
            <section class="table-wrap card card-flush">
                <div class="card-head">
                    <h2>{cx.t("以后月份的更正", "Corrected in later months")}</h2>
                    <p class="muted">{cx.t("原凭证在本月，更正记在后面的月份", "of documents of this month, posted to later ones")}</p>
                </div>
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("日期", "Day")}</th>
                        <th>{cx.t("业务", "Event")}</th>
                        <th>{cx.t("更正凭证", "Document")}</th>
                        <th>{cx.t("原凭证", "Corrects")}</th>
                        <th class="n">{cx.t("金额", "Sum")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

fn correction_row(cx: &Cx, row: &CorrectionRow) -> AnyView {
    let document = format!(
        "{} {}",
        step::object(cx.lang(), &row.document_kind),
        row.document_number
    );
    let on = row.effective_at.day();
    view! {
        <tr>
            <td data-label=cx.t("日期", "Day")><time datetime=on.to_string()>{on.to_string()}</time></td>
            <td data-label=cx.t("业务", "Event")>{chip::chip(cx.lang(), row.kind)}</td>
            <td class="lead" data-label=cx.t("更正凭证", "Document")>
                <a href=format!("/ledger/transactions/{}", row.transaction_id)>{document}</a></td>
            <td data-label=cx.t("原凭证", "Corrects")>
                <a href=format!("/ledger/transactions/{}", row.corrects)>{row.corrects_number.clone()}</a></td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{row.moved_fen.format_yuan()}</td>
        </tr>
    }
    .into_any()
}
