//! 金额依据: the accepted lines that make a sum, each with its document and its two signatures.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export_of;
use crate::components::pager::{encode, pager};
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::text::status::PINE;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::evidence::{EvidenceOut, EvidenceQuery, EvidenceRow};
use shared::api::town::TownOut;
use shared::domain::calendar::Day;
use shared::domain::work::ExportList;

/// The lines behind a sum.
pub fn lines(
    cx: &Cx,
    out: &EvidenceOut,
    query: &EvidenceQuery,
    categories: &[String],
    towns: &[TownOut],
) -> impl IntoView + use<> {
    let title = title(cx, out, query, towns);
    let body = if out.page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("没有这样的验收明细", "No accepted lines like this"),
            cx.t(
                "换个月份、品类或乡镇看看。",
                "Try another month, category or town.",
            ),
            Some((cx.t("看全年", "See the year"), "/audit/lines".to_owned())),
        )
    } else {
        view! { {table(cx, &out.page.items)} {pager(cx, out.page.next.as_deref())} }.into_any()
    };
    let stat = |name, value, tone| Stat {
        name,
        value,
        tone,
        href: None,
    };
    view! {
        {breadcrumb(cx, &[("/audit/path", cx.t("追溯", "Trail"))], cx.t("金额依据", "Behind a sum"))}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t(
                    "一个金额由哪些验收明细组成：每一行都有双方签字的验收单和账目。",
                    "Which accepted lines make a sum: each has its signed acceptance and its ledger transaction.",
                )}</p>
            </div>
            <div class="toolbar-actions">{export_of(cx, &[ExportList::AcceptanceLines], exported(out, query))}</div>
        </header>
        {filter(cx, out, query, categories, towns)}
        {stats(vec![
            stat(cx.t("明细", "Lines"), amount::count(out.lines), ""),
            stat(cx.t("交易额", "Turnover"), amount::cny(out.total_fen), ""),
            stat(cx.t("村集体入账", "Villages' income"), amount::cny(out.village_fen), PINE),
        ])}
        {body}
    }
}

/// What is looked at, as the filters of the list of accepted lines.
fn exported(out: &EvidenceOut, query: &EvidenceQuery) -> String {
    let (first, last) = match query.month {
        None => (1, 12),
        Some(month) => (month, month),
    };
    let begins = Day::from_ymd(out.year, first, 1);
    let next = if last == 12 {
        Day::from_ymd(out.year + 1, 1, 1)
    } else {
        Day::from_ymd(out.year, last + 1, 1)
    };
    let mut parts = Vec::new();
    parts.extend(begins.map(|day| format!("from={day}")));
    parts.extend(next.map(|day| format!("until={}", day.add_days(-1))));
    for (name, value) in [
        ("category", query.category.clone()),
        ("town", query.town.clone()),
        ("village", query.village.clone()),
        ("unit", query.unit.map(|id| id.to_string())),
    ] {
        parts.extend(value.map(|value| format!("{name}={}", encode(&value))));
    }
    parts.join("&")
}

/// What is looked at, in words: `2026 年 3 月 · 食用菌`.
fn title(cx: &Cx, out: &EvidenceOut, query: &EvidenceQuery, towns: &[TownOut]) -> String {
    let mut parts = vec![match (cx.lang(), query.month) {
        (Lang::Zh, None) => format!("{} 年", out.year),
        (Lang::Zh, Some(month)) => format!("{} 年 {month} 月", out.year),
        (Lang::En, None) => out.year.to_string(),
        (Lang::En, Some(month)) => format!("{} {}", day::month(Lang::En, month), out.year),
    }];
    let first = out.page.items.first();
    parts.extend(
        query
            .town
            .as_ref()
            .and_then(|code| towns.iter().find(|town| town.code == *code))
            .map(|town| town.name.clone()),
    );
    if query.village.is_some() {
        parts.extend(first.map(|row| row.village_name.clone()));
    }
    if query.unit.is_some() {
        parts.extend(first.map(|row| row.unit_name.clone()));
    }
    parts.extend(query.category.clone());
    format!("{} {}", parts.join(" · "), cx.t("金额依据", "behind the sum"))
}

fn filter(
    cx: &Cx,
    out: &EvidenceOut,
    query: &EvidenceQuery,
    categories: &[String],
    towns: &[TownOut],
) -> AnyView {
    let months: Vec<_> = (1..=12_u32)
        .map(|month| {
            view! { <option value=month.to_string() selected=query.month == Some(month)>{day::month(cx.lang(), month)}</option> }
        })
        .collect();
    let kinds: Vec<_> = categories
        .iter()
        .map(|kind| {
            let here = query.category.as_ref() == Some(kind);
            view! { <option value=kind.clone() selected=here>{kind.clone()}</option> }
        })
        .collect();
    let choices: Vec<_> = towns
        .iter()
        .map(|town| {
            let here = query.town.as_ref() == Some(&town.code);
            view! { <option value=town.code.clone() selected=here>{town.name.clone()}</option> }
        })
        .collect();
    let kept = |name: &'static str, value: Option<String>| {
        value.map(|value| view! { <input type="hidden" name=name value=value/> })
    };
    view! {
        <details class="filter-fold">
            <summary class="button">{cx.t("筛选", "Filter")}</summary>
            <form class="filter-bar card" method="get" action="/audit/lines">
                {kept("village", query.village.clone())}
                {kept("unit", query.unit.map(|id| id.to_string()))}
                <div class="field">
                    <label for="year">{cx.t("年份", "Year")}</label>
                    <input id="year" name="year" inputmode="numeric" maxlength="4" value=out.year.to_string()/>
                </div>
                <div class="field">
                    <label for="month">{cx.t("月份", "Month")}</label>
                    <select id="month" name="month"><option value="">{cx.t("全年", "The year")}</option>{months}</select>
                </div>
                <div class="field">
                    <label for="category">{cx.t("品类", "Category")}</label>
                    <select id="category" name="category"><option value="">{cx.t("全部", "All")}</option>{kinds}</select>
                </div>
                <div class="field">
                    <label for="town">{cx.t("乡镇", "Town")}</label>
                    <select id="town" name="town"><option value="">{cx.t("全部", "All")}</option>{choices}</select>
                </div>
                <button class="button primary">{cx.t("查看", "Show")}</button>
            </form>
        </details>
    }
    .into_any()
}

fn table(cx: &Cx, rows: &[EvidenceRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("村 · 货品", "Village · goods")}</th>
                    <th>{cx.t("单位", "Unit")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                    <th class="n">{cx.t("村集体入账", "Village's income")}</th>
                    <th>{cx.t("验收单与签字", "Acceptance and signatures")}</th>
                    <th>{cx.t("账目", "Ledger")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(cx: &Cx, row: &EvidenceRow) -> AnyView {
    let at = row.posted_at.day();
    let qty = amount::qty(cx.lang(), row.qty, row.price_unit, row.piece_name.as_deref());
    let price = amount::price(
        cx.lang(),
        row.price_fen,
        row.price_unit,
        row.piece_name.as_deref(),
    );
    let signed = format!("{} ✓ {} ✓", row.unit_person_name, row.centre_person_name);
    view! {
        <tr>
            <td data-label=cx.t("日期", "Day")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td class="lead" data-label=cx.t("村 · 货品", "Village · goods")>
                <div><a href=format!("/income/{}", row.village_code)>{format!("{} {}", row.town_name, row.village_name)}</a>
                <p class="small muted">{format!("{} · {price}", row.name)}</p></div></td>
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td class="n" data-label=cx.t("实收", "Accepted")>{qty}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.total_fen)}</td>
            <td class="n" data-label=cx.t("村集体入账", "Village's income")>{amount::cny(row.village_fen)}</td>
            <td data-label=cx.t("验收单与签字", "Acceptance and signatures")>
                <div><a href=format!("/acceptances/{}", row.acceptance_id)>{row.acceptance_number.clone()}</a>
                <p class="small muted">{signed}</p></div></td>
            <td data-label=cx.t("账目", "Ledger")>
                <a href=format!("/ledger/transactions/{}", row.transaction_id)>{cx.t("看分录", "Entries")}</a></td>
        </tr>
    }
    .into_any()
}
