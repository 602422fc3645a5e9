//! 明细: every line leads to the document that both sides signed.

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export_of;
use crate::components::pager::pager;
use crate::components::stat::linked;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{amount, day, step};
use leptos::prelude::*;
use shared::api::income::{IncomeOut, MoneyState, StatementLine};
use shared::domain::calendar::Day;
use shared::domain::price::PriceUnit;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The statement of the year.
pub fn statement(cx: &Cx, income: &IncomeOut) -> AnyView {
    let whole = income.month.is_none() && income.money.is_none() && income.source.is_none();
    if income.statement.items.is_empty() && whole {
        return empty(
            cx,
            "income",
            cx.t("还没有入账", "Nothing credited yet"),
            cx.t(
                "货送到单位、双方签字后，村集体的收入就记到这里，一分不差。",
                "Once goods are delivered and signed for by both sides, the village's income is recorded here to the fen.",
            ),
            Some((cx.t("看货品", "To the goods"), "/offers".to_owned())),
        );
    }
    let rows: Vec<_> = income
        .statement
        .items
        .iter()
        .map(|line| row(cx, &income.village.code, line))
        .collect();
    view! {
        <div class="spread" id="statement">
            {months(cx, income)}
            {export_of(cx, &[ExportList::Statement], exported(income))}
        </div>
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("明细", "Statement")} " " <span class="sum">{amount::cny(income.statement_fen)}</span></h2>
                <p class="muted">{cx.t("每一行都能点到双方签字的验收单", "Every line leads to the acceptance that both sides signed")}</p>
            </div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("来源", "Source")}</th>
                    <th>{cx.t("采购单位", "Unit")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("单价", "Price")}</th>
                    <th class="n">{cx.t("村集体入账", "Village's income")}</th>
                    <th>{cx.t("到账", "Money")}</th>
                    <th>{cx.t("凭证", "Document")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {pager(cx, income.statement.next.as_deref())}
    }
    .into_any()
}

/// The address of the statement of the year, narrowed: the figure that leads there is what its lines come to.
pub fn address(income: &IncomeOut, month: Option<u32>, money: Option<&str>, source: Option<&str>) -> String {
    let month = month.map(|month| month.to_string());
    let narrowed: String = [("month", month.as_deref()), ("money", money), ("source", source)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("&{name}={}", value?)))
        .collect();
    format!(
        "/income/{}?year={}{narrowed}#statement",
        income.village.code, income.year
    )
}

/// The months that have income, each a way to its lines.
fn months(cx: &Cx, income: &IncomeOut) -> AnyView {
    let pill = |word: String, href: String, here: bool| {
        view! { <a class="pill" href=href aria-current=here.then_some("true")>{word}</a> }
    };
    let whole = income.month.is_none() && income.money.is_none() && income.source.is_none();
    let all = pill(
        cx.t("全年", "The year").to_owned(),
        address(income, None, None, None),
        whole,
    );
    let months: Vec<_> = income
        .months
        .iter()
        .zip(1_u32..)
        .filter(|(sum, month)| !sum.is_zero() || income.month == Some(*month))
        .map(|(_, month)| {
            let word = day::month(cx.lang(), month).to_owned();
            let href = address(income, Some(month), None, None);
            pill(word, href, income.month == Some(month))
        })
        .collect();
    let states: Vec<_> = MoneyState::ALL
        .into_iter()
        .filter(|state| *state != MoneyState::Correction || income.money == Some(*state))
        .map(|state| {
            let href = address(income, None, Some(state.as_str()), None);
            pill(
                state.word(cx.lang()).to_owned(),
                href,
                income.money == Some(state),
            )
        })
        .collect();
    let source = income.source.map(|source| {
        let href = address(income, None, None, Some(source.as_str()));
        pill(source.word(cx.lang()).to_owned(), href, true)
    });
    view! {
        <nav class="pills no-print" aria-label=cx.t("月份和到账", "Months and money")>{all} {months} {states} {source}</nav>
    }
    .into_any()
}

/// What the statement is narrowed to, as the filters of its file.
fn exported(income: &IncomeOut) -> String {
    let (first, last) = income.month.map_or((1, 12), |month| (month, month));
    let begins = Day::from_ymd(income.year, first, 1);
    let next = if last == 12 {
        Day::from_ymd(income.year + 1, 1, 1)
    } else {
        Day::from_ymd(income.year, last + 1, 1)
    };
    let mut parts = vec![format!("village={}", income.village.code)];
    parts.extend(begins.map(|day| format!("from={day}")));
    parts.extend(next.map(|day| format!("until={}", day.add_days(-1))));
    parts.extend(income.money.map(|money| format!("money={}", money.as_str())));
    parts.extend(income.source.map(|source| format!("source={}", source.as_str())));
    parts.join("&")
}

fn row(cx: &Cx, village: &str, line: &StatementLine) -> AnyView {
    let unit = line.price_unit.unwrap_or(PriceUnit::Jin);
    let qty = line
        .qty
        .map(|qty| amount::qty(cx.lang(), qty, unit, line.piece_name.as_deref()));
    let price = line.price_fen.map(shared::domain::money::Fen::format_yuan);
    let class = if line.amount_fen.0 < 0 {
        "n sum lead-sum sum-minus"
    } else {
        "n sum lead-sum"
    };
    let title = if line.title.is_empty() {
        line.kind.word(cx.lang()).to_owned()
    } else {
        line.title.clone()
    };
    // The ledger first: it names the document, its signatures and every other entry.
    let ledger = cx
        .may(Action::LedgerRead, Place::village(village))
        .then(|| format!("/ledger/transactions/{}", line.transaction_id));
    let sum = linked(ledger, line.amount_fen.format_yuan());
    view! {
        <tr>
            <td data-label=cx.t("日期", "Day")>
                <time datetime=line.day.to_string()>{day::short(cx.lang(), line.day)}</time></td>
            <td class="lead" data-label=cx.t("来源", "Source")>{title}</td>
            <td data-label=cx.t("采购单位", "Unit")>{line.unit_name.clone()}</td>
            <td class="n" data-label=cx.t("实收", "Accepted")>{qty}</td>
            <td class="n" data-label=cx.t("单价", "Price")>{price}</td>
            <td class=class data-label=cx.t("村集体入账", "Village's income")>{sum}</td>
            <td data-label=cx.t("到账", "Money")>{chip::chip(cx.lang(), line.state)}</td>
            <td data-label=cx.t("凭证", "Document")>{document(cx, village, line)}</td>
        </tr>
    }
    .into_any()
}

/// The link to the document; without one of its own, to the ledger.
fn document(cx: &Cx, village: &str, line: &StatementLine) -> AnyView {
    let words = format!(
        "{} {}",
        step::object(cx.lang(), &line.document_kind),
        line.document_number
    );
    if line.document_kind == "acceptance" {
        let href = format!("/acceptances/{}", line.document_id);
        return view! { <a href=href>{words}</a> }.into_any();
    }
    if cx.may(Action::LedgerRead, Place::village(village)) {
        let href = format!("/ledger/transactions/{}", line.transaction_id);
        return view! { <a href=href>{words}</a> }.into_any();
    }
    words.into_any()
}
