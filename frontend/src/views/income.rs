//! 集体收入: what a village earned, and by which document.

mod overview;
mod statement;

pub use overview::overview;

use crate::components::bar_chart::{Bar, ChartWords, bar_chart};
use crate::components::money_three::money_three;
use crate::components::paper::pdf;
use crate::components::progress::{ring, target_words};
use crate::context::Cx;
use crate::islands::print::PrintButton;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::income::IncomeOut;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};

/// A village's income of a year: the target by source, three figures, the months, and every line of the statement.
pub fn income(cx: &Cx, income: &IncomeOut) -> impl IntoView + use<> {
    view! {
        {toolbar(cx, income)}
        <div class="side-main">
            {sources(cx, income)}
            <div class="stack">{figures(cx, income)} {months(cx, income)}</div>
        </div>
        {statement::statement(cx, income)}
        {chain(cx, income)}
    }
}

fn toolbar(cx: &Cx, income: &IncomeOut) -> AnyView {
    let village = &income.village;
    let title = match cx.lang() {
        Lang::Zh => format!("{} {} 年集体收入", village.name, income.year),
        Lang::En => format!("{}: collective income {}", village.name, income.year),
    };
    let verify = cx.may(Action::LedgerVerify, Place::DISTRICT).then(|| {
        view! { <a class="button" href="/verify">{cx.t("核对账链", "Verify the books")}</a> }
    });
    let books = cx.may(Action::BooksRead, Place::DISTRICT).then(|| {
        view! { <a class="button" href="/books">{cx.t("试算平衡", "Trial balance")}</a> }
    });
    // What is on screen is what is printed: the year, or its one month.
    let month = income
        .month
        .map(|month| format!("&month={month}"))
        .unwrap_or_default();
    let paper = format!("/income/{}/pdf?year={}{month}", village.code, income.year);
    let years: Vec<_> = income
        .years
        .iter()
        .map(|year| {
            let here = (*year == income.year).then_some("true");
            view! { <a class="pill" href=format!("/income/{}?year={year}", village.code) aria-current=here>{*year}</a> }
        })
        .collect();
    let years = (income.years.len() > 1)
        .then(|| view! { <nav class="pills" aria-label=cx.t("年份", "Years")>{years}</nav> });
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{format!("{} · {}", village.town_name, village.code)}</p>
                <h1>{title}</h1>
            </div>
            <div class="toolbar-actions">
                <a class="button" href=format!("/villages/{}", village.code)>{cx.t("村庄页", "Public page")}</a>
                {verify}
                {books}
                {pdf(cx, paper)}
                <PrintButton word=cx.t("打印收入表", "Print").to_owned() class="button primary".to_owned()/>
            </div>
        </header>
        {years}
    }
    .into_any()
}

/// The ring to the target and its key.
fn sources(cx: &Cx, income: &IncomeOut) -> AnyView {
    let parts: Vec<(&'static str, Fen)> = income
        .sources
        .iter()
        .map(|part| (part.source.tone(), part.amount_fen))
        .collect();
    let key: Vec<_> = income
        .sources
        .iter()
        .map(|part| {
            view! {
                <div>
                    <dt><i class=format!("dot {}", part.source.tone())></i>{part.source.word(cx.lang())}</dt>
                    <dd class="sum"><a href=statement::address(income, None, None, Some(part.source.as_str()))>
                        {amount::cny(part.amount_fen)}</a></dd>
                </div>
            }
        })
        .collect();
    view! {
        <section class="card">
            <h2 class="visually-hidden">{cx.t("按来源", "By source")}</h2>
            {ring(cx, &parts, income.village.target_fen, target_words(cx, income.village.target_fen))}
            <dl class="legend">
                {key}
                <div class="legend-total">
                    <dt>{cx.t("合计", "Total")}</dt><dd class="sum">{amount::cny(income.total_fen)}</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}

fn figures(cx: &Cx, income: &IncomeOut) -> AnyView {
    let less = |a: Fen, b: Fen| a.checked_sub(b).unwrap_or(Fen::ZERO);
    let documents = match cx.lang() {
        Lang::Zh => format!("{} 张验收单", income.acceptances),
        Lang::En => format!("{} acceptances", income.acceptances),
    };
    let unpaid = less(income.credited_fen, income.paid_fen);
    let unsettled = less(income.paid_fen, income.settled_fen);
    let open = |zh, en, sum| format!("{} {}", cx.t(zh, en), amount::cny(sum));
    money_three(
        cx,
        [income.credited_fen, income.paid_fen, income.settled_fen],
        [
            documents,
            open("待付", "Unpaid", unpaid),
            open("已付未拨", "Paid, not yet settled", unsettled),
        ],
        [None, Some("paid"), Some("settled")]
            .map(|money| Some(statement::address(income, None, money, None))),
    )
}

fn months(cx: &Cx, income: &IncomeOut) -> AnyView {
    let this_month = (income.year == cx.today.year()).then(|| cx.today.month());
    let bars: Vec<Bar> = income
        .months
        .iter()
        .zip(1_u32..)
        .map(|(sum, month)| Bar {
            name: match cx.lang() {
                Lang::Zh => (month.to_string(), "月"),
                Lang::En => (
                    day::month(Lang::En, month)
                        .get(..3)
                        .unwrap_or_default()
                        .to_owned(),
                    "",
                ),
            },
            value: sum.0,
            short: thousands(*sum),
            exact: amount::cny(*sum),
            now: this_month == Some(month),
            href: (!sum.is_zero()).then(|| statement::address(income, Some(month), None, None)),
        })
        .collect();
    let top = income
        .months
        .iter()
        .zip(1_u32..)
        .max_by_key(|(sum, _)| **sum)
        .filter(|(sum, _)| sum.0 > 0);
    let message = match top {
        Some((sum, month)) => format!(
            "{}{} {}",
            cx.t("逐月入账，最高 ", "Credited month by month, highest in "),
            day::month(cx.lang(), month),
            amount::cny(*sum)
        ),
        None => cx
            .t("今年还没有入账", "Nothing credited this year yet")
            .to_owned(),
    };
    let words = ChartWords {
        message,
        open: cx.t("看数字", "See the numbers"),
        heads: (cx.t("月份", "Month"), cx.t("入账", "Credited")),
    };
    view! { <section class="card"><h2>{cx.t("逐月", "Month by month")}</h2>{bar_chart(&bars, words)}</section> }
        .into_any()
}

/// A sum in thousands of yuan, for above a bar: `28.1k`; small ones in yuan.
fn thousands(sum: Fen) -> String {
    const THOUSAND_YUAN: i64 = 100_000;
    if sum.0 < THOUSAND_YUAN {
        return (sum.0 / 100).to_string();
    }
    let tenths = (sum.0 + THOUSAND_YUAN / 20) / (THOUSAND_YUAN / 10);
    format!("{}.{}k", tenths / 10, tenths % 10)
}

/// The end of the village's hash chain, which lets anyone check that nothing was changed.
fn chain(cx: &Cx, income: &IncomeOut) -> Option<AnyView> {
    if income.chain.length == 0 {
        return None;
    }
    let words = match cx.lang() {
        Lang::Zh => format!(
            "账链共 {} 节，最后一节的指纹：",
            amount::count(income.chain.length)
        ),
        Lang::En => format!(
            "The chain has {} links; the last one's fingerprint: ",
            amount::count(income.chain.length)
        ),
    };
    let verify = cx.may(Action::LedgerVerify, Place::DISTRICT).then(|| {
        view! { " · " <a class="no-print" href="/verify">{cx.t("核对", "Verify")}</a> }
    });
    let journal = format!("/villages/{}/journal", income.village.code);
    Some(
        view! { <p class="small muted">{words}<span class="code">{income.chain.hash.clone()}</span>
        " " <a class="no-print" href=journal>{cx.t("公开账链", "Public journal")}</a>{verify}</p> }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_sums_above_bars() {
        assert_eq!(thousands(Fen(2_810_000)), "28.1k");
        assert_eq!(thousands(Fen(9_995_000)), "100.0k");
        assert_eq!(thousands(Fen(99_900)), "999");
    }
}
