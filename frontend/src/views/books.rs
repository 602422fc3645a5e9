//! 账簿: the trial balance down to the entry, and the months with their closes.

mod month;

pub use month::{month, months};

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_problems::form_problems;
use crate::components::pager::{encode, pager};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, step};
use leptos::prelude::*;
use shared::api::books::{AccountEntryRow, AccountRow, LedgerAccountOut, TrialBy, TrialOut, TrialRow};
use shared::api::page::Page;
use shared::domain::ledger::{AccountKind, OwnerKind};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::work::ExportList;

/// As of when the books are shown, as it stands in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// A day and a time; empty for now.
    pub at: String,
    /// Which time is meant.
    pub by: TrialBy,
}

impl Shown {
    /// What an address says of it, to be put behind its question mark.
    fn query(&self) -> String {
        match self.at.as_str() {
            "" => String::new(),
            at => format!("at={}&by={}", encode(at), self.by.as_str()),
        }
    }

    /// An address as of the same instant.
    fn address(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() {
            path.to_owned()
        } else {
            let sign = if path.contains('?') { '&' } else { '?' };
            format!("{path}{sign}{query}")
        }
    }

    fn words(&self, cx: &Cx) -> String {
        if self.at.is_empty() {
            return cx.t("截至现在", "Up to now").to_owned();
        }
        let at = self.at.replace('T', " ");
        match (cx.lang(), self.by) {
            (Lang::Zh, TrialBy::Recorded) => format!("截至 {at} 记入的账"),
            (Lang::Zh, TrialBy::Effective) => format!("截至 {at} 生效的账"),
            (Lang::En, TrialBy::Recorded) => format!("Recorded up to {at}"),
            (Lang::En, TrialBy::Effective) => format!("Effective up to {at}"),
        }
    }
}

/// The trial balance.
pub fn trial(cx: &Cx, out: &TrialOut, shown: &Shown, form: &Form) -> impl IntoView + use<> {
    let lists = [
        ExportList::TrialBalance,
        ExportList::AccountBalances,
        ExportList::LedgerEntries,
    ];
    let rows: Vec<_> = out.kinds.iter().map(|row| trial_row(cx, shown, row)).collect();
    let off = out.debit_fen.checked_sub(out.credit_fen).unwrap_or_default();
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("试算平衡", "Trial balance")}</h1>
                <p>{cx.t(
                    "每个科目借了多少、贷了多少；点开看每个对象、每一笔。",
                    "What was debited and credited of every account; open one to see its owners and every entry.",
                )}</p>
            </div>
            <div class="toolbar-actions">
                {export(cx, &lists)}
                <a class="button" href="/verify">{cx.t("核对账本", "Verify the books")}</a>
                <a class="button" href="/books/months">{cx.t("月结", "Months")}</a>
            </div>
        </header>
        {form_problems(cx, form, &[("at", cx.t("截至", "As of"))])}
        {as_of(cx, shown)}
        {proof(cx, out, off)}
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{shown.words(cx)}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("科目", "Account")}</th>
                    <th class="n">{cx.t("借方", "Debit")}</th>
                    <th class="n">{cx.t("贷方", "Credit")}</th>
                    <th class="n">{cx.t("余额（借−贷）", "Balance (debit − credit)")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr>
                    <td data-label="">{cx.t("合计", "Total")}</td>
                    <td class="n sum" data-label=cx.t("借方", "Debit")>{out.debit_fen.format_yuan()}</td>
                    <td class="n sum" data-label=cx.t("贷方", "Credit")>{out.credit_fen.format_yuan()}</td>
                    <td class=signed("n sum", off) data-label=cx.t("余额", "Balance")>{off.format_yuan()}</td>
                </tr></tfoot>
            </table>
        </section>
    }
}

fn signed(class: &'static str, sum: Fen) -> String {
    if sum.0 < 0 {
        format!("{class} sum-minus")
    } else {
        class.to_owned()
    }
}

fn proof(cx: &Cx, out: &TrialOut, off: Fen) -> AnyView {
    let (class, words) = match (out.balanced, cx.lang()) {
        (true, Lang::Zh) => (
            "notice tone-pine",
            format!("借贷相等，各 {}，差额 0.00。", amount::cny(out.debit_fen)),
        ),
        (true, Lang::En) => (
            "notice tone-pine",
            format!(
                "Debit equals credit, {} each; the difference is 0.00.",
                amount::cny(out.debit_fen)
            ),
        ),
        (false, Lang::Zh) => (
            "notice tone-persimmon",
            format!("借贷不等，差 {}。请停止付款并联系审计。", amount::cny(off)),
        ),
        (false, Lang::En) => (
            "notice tone-persimmon",
            format!(
                "Debit and credit differ by {}: stop payments and call the auditor.",
                amount::cny(off)
            ),
        ),
    };
    view! { <p class=class role="status">{words}</p> }.into_any()
}

/// As of when: an instant by either time, and the ends that are asked for most.
fn as_of(cx: &Cx, shown: &Shown) -> AnyView {
    let option = |by: TrialBy, word: &'static str| {
        view! { <option value=by.as_str() selected=shown.by == by>{word}</option> }
    };
    let last = Month::of(cx.today).previous();
    let end = |month: Month| format!("{}T23:59", month.next().first().add_days(-1));
    let pill = |word: String, at: String| {
        let one = Shown {
            by: if at.is_empty() {
                TrialBy::Recorded
            } else {
                TrialBy::Effective
            },
            at,
        };
        let here = (one.at == shown.at && (one.at.is_empty() || one.by == shown.by)).then_some("true");
        view! { <a class="pill" href=one.address("/books") aria-current=here>{word}</a> }
    };
    let month_word = |month: Month| match cx.lang() {
        Lang::Zh => format!("{month} 月末"),
        Lang::En => format!("End of {month}"),
    };
    view! {
        <nav class="pills" aria-label=cx.t("截至", "As of")>
            {pill(cx.t("现在", "Now").to_owned(), String::new())}
            {pill(month_word(last), end(last))}
            {pill(month_word(last.previous()), end(last.previous()))}
        </nav>
        <form class="filter-bar card" method="get" action="/books">
            <div class="field">
                <label for="at">{cx.t("截至", "As of")}</label>
                <input id="at" name="at" type="datetime-local" value=shown.at.clone() autocomplete="off"/>
            </div>
            <div class="field">
                <label for="by">{cx.t("按哪个时间", "By which time")}</label>
                <select id="by" name="by">
                    {option(TrialBy::Recorded, cx.t("记账时间", "When recorded"))}
                    {option(TrialBy::Effective, cx.t("生效时间", "When effective"))}
                </select>
            </div>
            <button class="button primary">{cx.t("试算", "Show")}</button>
        </form>
    }
    .into_any()
}

fn trial_row(cx: &Cx, shown: &Shown, row: &TrialRow) -> AnyView {
    let kind = row.account;
    let used = !row.debit_fen.is_zero() || !row.credit_fen.is_zero();
    let word = kind.word(cx.lang());
    let name = if used {
        view! { <a href=shown.address(&kind_path(kind))>{word}</a> }.into_any()
    } else {
        view! { <span class="muted">{word}</span> }.into_any()
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("科目", "Account")>{name}</td>
            <td class="n" data-label=cx.t("借方", "Debit")>{row.debit_fen.format_yuan()}</td>
            <td class="n" data-label=cx.t("贷方", "Credit")>{row.credit_fen.format_yuan()}</td>
            <td class=signed("n sum lead-sum", row.balance_fen) data-label=cx.t("余额", "Balance")>
                {row.balance_fen.format_yuan()}</td>
        </tr>
    }
    .into_any()
}

/// Where a kind of account is shown: its owners, or, when it is the centre's own, its entries.
fn kind_path(kind: AccountKind) -> String {
    if kind.owner_kind() == OwnerKind::Centre {
        format!("/books/accounts/{}/entries", kind.as_str())
    } else {
        format!("/books/accounts/{}", kind.as_str())
    }
}

/// The accounts of a kind.
pub fn accounts(cx: &Cx, kind: AccountKind, page: &Page<AccountRow>, shown: &Shown) -> impl IntoView + use<> {
    let word = kind.word(cx.lang());
    let way = shown.address("/books");
    let rows: Vec<_> = page.items.iter().map(|row| account_row(cx, shown, row)).collect();
    let list = if rows.is_empty() {
        empty(
            cx,
            "search",
            cx.t("这个科目还没有账", "Nothing on this account yet"),
            cx.t(
                "换一个时间，或回到试算平衡。",
                "Choose another time, or go back to the trial balance.",
            ),
            Some((cx.t("看试算平衡", "To the trial balance"), "/books".to_owned())),
        )
    } else {
        view! {
            <section class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("对象", "Whose")}</th>
                        <th class="n">{cx.t("借方", "Debit")}</th>
                        <th class="n">{cx.t("贷方", "Credit")}</th>
                        <th class="n">{cx.t("余额（借−贷）", "Balance (debit − credit)")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
            {pager(cx, page.next.as_deref())}
        }
        .into_any()
    };
    view! {
        {breadcrumb(cx, &[(way.as_str(), cx.t("试算平衡", "Trial balance"))], word)}
        <header class="toolbar">
            <div class="toolbar-title"><h1>{word}</h1><p>{shown.words(cx)}</p></div>
            <div class="toolbar-actions">{export(cx, &[ExportList::AccountBalances])}</div>
        </header>
        {list}
    }
}

fn account_row(cx: &Cx, shown: &Shown, row: &AccountRow) -> AnyView {
    let path = format!("{}/entries?owner={}", kind_base(row.account), encode(&row.owner));
    view! {
        <tr>
            <td class="lead" data-label=cx.t("对象", "Whose")><a href=shown.address(&path)>{owner(row)}</a></td>
            <td class="n" data-label=cx.t("借方", "Debit")>{row.debit_fen.format_yuan()}</td>
            <td class="n" data-label=cx.t("贷方", "Credit")>{row.credit_fen.format_yuan()}</td>
            <td class=signed("n sum lead-sum", row.balance_fen) data-label=cx.t("余额", "Balance")>
                {row.balance_fen.format_yuan()}</td>
        </tr>
    }
    .into_any()
}

fn kind_base(kind: AccountKind) -> String {
    format!("/books/accounts/{}", kind.as_str())
}

fn owner(row: &AccountRow) -> String {
    if row.owner_name.is_empty() {
        row.owner.clone()
    } else {
        row.owner_name.clone()
    }
}

/// One account with its entries.
pub fn account(cx: &Cx, out: &LedgerAccountOut, shown: &Shown) -> impl IntoView + use<> {
    let row = &out.account;
    let word = row.account.word(cx.lang());
    let (trial, kind) = (shown.address("/books"), shown.address(&kind_base(row.account)));
    let mut way = vec![(trial.as_str(), cx.t("试算平衡", "Trial balance"))];
    let own = row.owner.is_empty();
    if !own {
        way.push((kind.as_str(), word));
    }
    let title = if own { word.to_owned() } else { owner(row) };
    let rows: Vec<_> = out
        .entries
        .items
        .iter()
        .map(|entry| entry_row(cx, entry))
        .collect();
    let fact = |name: &'static str, sum: Fen| {
        view! { <div><dt>{name}</dt><dd class=signed("sum", sum)>{amount::cny(sum)}</dd></div> }
    };
    view! {
        {breadcrumb(cx, &way, &title)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{word}</p>
                <h1>{title.clone()}</h1>
                <p>{shown.words(cx)}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::LedgerEntries])}</div>
        </header>
        <section class="card"><dl class="key-value key-value-sums">
            {fact(cx.t("借方", "Debit"), row.debit_fen)}
            {fact(cx.t("贷方", "Credit"), row.credit_fen)}
            {fact(cx.t("余额（借−贷）", "Balance (debit − credit)"), row.balance_fen)}
        </dl></section>
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("分录", "Entries")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("生效", "Effective")}</th>
                    <th>{cx.t("业务", "Event")}</th>
                    <th>{cx.t("凭证", "Document")}</th>
                    <th class="n">{cx.t("借方", "Debit")}</th>
                    <th class="n">{cx.t("贷方", "Credit")}</th>
                    <th>{cx.t("记账", "Recorded")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {pager(cx, out.entries.next.as_deref())}
    }
}

fn entry_row(cx: &Cx, entry: &AccountEntryRow) -> AnyView {
    let side = |debit: bool| {
        ((entry.amount_fen.0 > 0) == debit).then(|| Fen(entry.amount_fen.0.saturating_abs()).format_yuan())
    };
    let document = format!(
        "{} {}",
        step::object(cx.lang(), &entry.document_kind),
        entry.document_number
    );
    let time = |at: shared::domain::calendar::Micros| {
        view! { <time datetime=at.format_full() title=at.format_full()>{day::time(cx.lang(), at)}</time> }
    };
    view! {
        <tr>
            <td data-label=cx.t("生效", "Effective")>{time(entry.effective_at)}</td>
            <td data-label=cx.t("业务", "Event")>{chip(cx.lang(), entry.kind)}</td>
            <td class="lead" data-label=cx.t("凭证", "Document")>
                <a href=format!("/ledger/transactions/{}", entry.transaction_id)>{document}</a></td>
            <td class="n sum" data-label=cx.t("借方", "Debit")>{side(true)}</td>
            <td class="n sum" data-label=cx.t("贷方", "Credit")>{side(false)}</td>
            <td data-label=cx.t("记账", "Recorded")>{time(entry.recorded_at)}</td>
        </tr>
    }
    .into_any()
}
