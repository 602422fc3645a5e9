//! 公开账: the year's totals, for everybody; every village's progress below.

use crate::components::bar_chart::{Bar, ChartWords, bar_chart};
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::money_three::money_three;
use crate::components::pager::encode;
use crate::components::progress::{bar, percent};
use crate::components::stat::{Stat, linked, stats};
use crate::context::Cx;
use crate::text::status::{MILLET, PINE, WATER};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::totals::{CategoryTotal, MonthTotal, TotalsOut, TownTotal};
use shared::api::village::{PublicCredit, VillageRow};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The page of totals; `sought` narrows the villages.
pub fn totals(cx: &Cx, out: &TotalsOut, sought: &str) -> impl IntoView + use<> {
    view! {
        {toolbar(cx, out)}
        {figures(cx, out)}
        <section class="card">
            <h2>{cx.t("逐月村集体收入", "Collective income, month by month")}</h2>
            {months(cx, out, |m| m.credited_fen)}
            <h2 id="turnover">{cx.t("逐月交易额", "Turnover, month by month")}</h2>
            {months(cx, out, |m| m.turnover_fen)}
        </section>
        <div class="cols-2">{categories(cx, out)} {credits(cx, &out.credits)}</div>
        {towns(cx, out)}
        {villages(cx, out, sought)}
    }
}

/// The accepted lines behind a sum, for those who follow sums to their documents.
fn evidence(cx: &Cx, out: &TotalsOut, narrowed: &str) -> Option<String> {
    cx.may(Action::LedgerVerify, Place::DISTRICT)
        .then(|| format!("/audit/lines?year={}{narrowed}", out.year))
}

/// Every village's own figures, for those who read them; the public ones below for everybody else.
fn incomes(cx: &Cx, out: &TotalsOut) -> String {
    if cx.may_reach(Action::IncomeOverview) {
        format!("/income?year={}#villages", out.year)
    } else {
        "#villages".to_owned()
    }
}

fn toolbar(cx: &Cx, out: &TotalsOut) -> AnyView {
    let title = match cx.lang() {
        Lang::Zh => format!("{} 年公开账", out.year),
        Lang::En => format!("Public totals of {}", out.year),
    };
    let year = |year: i32| view! { <a class="button quiet" href=format!("/totals?year={year}")>{year}</a> };
    let later = (out.year < cx.today.year()).then(|| year(out.year + 1));
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t(
                    "交易额是单位买了多少；村集体收入是其中记到村账上的。两个数不是一回事，分开列。",
                    "Turnover is what the units bought; collective income is what of it the villages gained. They are different figures.",
                )}</p>
            </div>
            <div class="toolbar-actions">{year(out.year - 1)}{later}{export(cx, &[ExportList::Totals])}</div>
        </header>
    }
    .into_any()
}

fn figures(cx: &Cx, out: &TotalsOut) -> AnyView {
    let sum = |count: fn(&TownTotal) -> i64| out.towns.iter().map(count).sum::<i64>();
    let stat = |name, value, tone, href: String| Stat {
        name,
        value,
        tone,
        href: Some(href),
    };
    let turnover = evidence(cx, out, "").unwrap_or_else(|| "#turnover".to_owned());
    let tiles = stats(vec![
        stat(
            cx.t("交易额", "Turnover"),
            amount::cny(out.turnover_fen),
            "",
            turnover,
        ),
        stat(
            cx.t("村集体收入", "Collective income"),
            amount::cny(out.credited_fen),
            PINE,
            incomes(cx, out),
        ),
        stat(
            cx.t("有收入的村", "Villages that earned"),
            amount::count(sum(|t| t.earning)),
            "",
            "#towns".to_owned(),
        ),
        stat(
            cx.t("已达 20 万目标的村", "Villages that met the target"),
            amount::count(sum(|t| t.met)),
            "",
            "#towns".to_owned(),
        ),
    ]);
    let part = |part| {
        format!(
            "{} {}",
            cx.t("占已入账", "of what is credited:"),
            percent(part, out.credited_fen)
        )
    };
    let three = money_three(
        cx,
        [out.credited_fen, out.paid_fen, out.settled_fen],
        [
            cx.t("双方签字即入账", "at both signatures").to_owned(),
            part(out.paid_fen),
            part(out.settled_fen),
        ],
        [(); 3].map(|()| cx.may_reach(Action::IncomeOverview).then(|| incomes(cx, out))),
    );
    view! { {tiles} {three} }.into_any()
}

fn months(cx: &Cx, out: &TotalsOut, of: fn(&MonthTotal) -> Fen) -> AnyView {
    let this = (out.year == cx.today.year()).then(|| cx.today.month());
    let bars: Vec<Bar> = out
        .months
        .iter()
        .map(|month| Bar {
            name: match cx.lang() {
                Lang::Zh => (month.month.to_string(), "月"),
                Lang::En => (day::month(Lang::En, month.month).chars().take(3).collect(), ""),
            },
            value: of(month).0,
            short: short(cx, of(month)),
            exact: amount::cny(of(month)),
            now: this == Some(month.month),
            href: (!of(month).is_zero())
                .then(|| evidence(cx, out, &format!("&month={}", month.month)))
                .flatten(),
        })
        .collect();
    let top = out.months.iter().max_by_key(|m| of(m)).filter(|m| of(m).0 > 0);
    let message = top.map_or_else(
        || cx.t("这一年还没有", "Nothing this year").to_owned(),
        |top| {
            format!(
                "{} {} {}",
                cx.t("最高", "Highest in"),
                day::month(cx.lang(), top.month),
                amount::cny(of(top))
            )
        },
    );
    let words = ChartWords {
        message,
        open: cx.t("看数字", "See the numbers"),
        heads: (cx.t("月份", "Month"), cx.t("金额", "Sum")),
    };
    bar_chart(&bars, words)
}

/// A sum above a bar: in ten thousands of yuan in Chinese, in thousands in English.
fn short(cx: &Cx, sum: Fen) -> String {
    let (unit_fen, word) = match cx.lang() {
        Lang::Zh => (1_000_000, "万"),
        Lang::En => (100_000, "k"),
    };
    if sum.0 < unit_fen {
        return (sum.0 / 100).to_string();
    }
    let tenths = sum.0.saturating_add(unit_fen / 20) / (unit_fen / 10);
    format!("{}.{}{word}", tenths / 10, tenths % 10)
}

fn categories(cx: &Cx, out: &TotalsOut) -> AnyView {
    let categories: &[CategoryTotal] = &out.categories;
    let most = categories.first().map_or(Fen::ZERO, |c| c.turnover_fen);
    let rows: Vec<_> = categories
        .iter()
        .map(|c| {
            let behind = || evidence(cx, out, &format!("&category={}", encode(&c.name)));
            view! {
                <tr>
                    <td class="lead" data-label="">{c.name.clone()}</td>
                    <td data-label=""><span class="progress-cell">{bar(c.turnover_fen, most, WATER)}</span></td>
                    <td class="n sum lead-sum" data-label=cx.t("交易额", "Turnover")>{linked(behind(), amount::round_cny(c.turnover_fen))}</td>
                    <td class="n" data-label=cx.t("村集体收入", "Collective income")>{linked(behind(), amount::round_cny(c.credited_fen))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("按品类", "By category")}</h2></div>
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("品类", "Category")}</th>
                    <th><span class="visually-hidden">{cx.t("占最多的", "Of the most")}</span></th>
                    <th class="n">{cx.t("交易额", "Turnover")}</th>
                    <th class="n">{cx.t("村集体收入", "Collective income")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn credits(cx: &Cx, credits: &[PublicCredit]) -> AnyView {
    let rows: Vec<_> = credits
        .iter()
        .map(|credit| {
            let qty = amount::qty(cx.lang(), credit.qty, credit.price_unit, credit.piece_name.as_deref());
            view! {
                <li>
                    <time datetime=credit.day.to_string()>{day::short(cx.lang(), credit.day)}</time>
                    <a href=format!("/villages/{}", credit.village_code)>{format!("{}{}", credit.town_name, credit.village_name)}</a>
                    <span class="muted">{format!("{} {qty}", credit.goods)}</span>
                    <span class="sum tone-pine push">{amount::signed(credit.amount_fen)}</span>
                </li>
            }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <p class="muted">{cx.t("还没有入账。", "Nothing credited yet.")}</p> }.into_any()
    } else {
        view! { <ul class="lines">{rows}</ul> }.into_any()
    };
    view! { <section class="card"><h2>{cx.t("刚刚入账", "Just credited")}</h2>{list}</section> }.into_any()
}

fn towns(cx: &Cx, out: &TotalsOut) -> AnyView {
    let towns: &[TownTotal] = &out.towns;
    let most = towns.iter().map(|t| t.credited_fen).max().unwrap_or(Fen::ZERO);
    let rows: Vec<_> = towns
        .iter()
        .map(|town| {
            let behind = cx
                .may(Action::IncomeOverview, Place::town(&town.code))
                .then(|| format!("/income?year={}&town={}", out.year, town.code));
            view! {
                <tr>
                    <td class="lead" data-label=""><a href=format!("#town-{}", town.code)>{town.name.clone()}</a></td>
                    <td data-label=""><span class="progress-cell">{bar(town.credited_fen, most, PINE)}</span></td>
                    <td class="n" data-label=cx.t("村", "Villages")>{amount::count(town.villages)}</td>
                    <td class="n" data-label=cx.t("有收入", "Earned")>{amount::count(town.earning)}</td>
                    <td class="n" data-label=cx.t("达标", "Met")>{amount::count(town.met)}</td>
                    <td class="n sum lead-sum" data-label=cx.t("村集体收入", "Collective income")>{linked(behind, amount::cny(town.credited_fen))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="table-wrap card card-flush" id="towns">
            <div class="card-head"><h2>{cx.t("按乡镇", "By town")}</h2></div>
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("乡镇", "Town")}</th>
                    <th><span class="visually-hidden">{cx.t("占最多的", "Of the most")}</span></th>
                    <th class="n">{cx.t("村", "Villages")}</th>
                    <th class="n">{cx.t("有收入", "Earned")}</th>
                    <th class="n">{cx.t("达标", "Met")}</th>
                    <th class="n">{cx.t("村集体收入", "Collective income")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// Every village's progress, folded by town; what is sought stands open.
fn villages(cx: &Cx, out: &TotalsOut, sought: &str) -> AnyView {
    let found: Vec<&VillageRow> = out
        .villages
        .iter()
        .filter(|v| sought.is_empty() || v.name.contains(sought) || v.town_name.contains(sought))
        .collect();
    let groups: Vec<_> = found
        .chunk_by(|a, b| a.town_code == b.town_code)
        .map(|own| town_group(cx, out.year, own, !sought.is_empty()))
        .collect();
    let body = if groups.is_empty() {
        empty(
            cx,
            "search",
            cx.t("没有这个村", "No such village"),
            cx.t("换一个村名或乡镇名再找。", "Try another village or town."),
            Some((cx.t("看全部", "See all"), format!("/totals?year={}", out.year))),
        )
    } else {
        groups.into_any()
    };
    view! {
        <section class="stack" id="villages">
            <div class="spread">
                <h2>{cx.t("每个村的进度", "Every village's progress")}</h2>
                <form class="row" method="get" action="/totals#villages">
                    <input type="hidden" name="year" value=out.year/>
                    <input type="search" name="q" value=sought.to_owned() maxlength="40"
                        aria-label=cx.t("村名或乡镇名", "Village or town")/>
                    <button class="button">{cx.t("找村", "Find")}</button>
                </form>
            </div>
            {body}
        </section>
    }
    .into_any()
}

fn town_group(cx: &Cx, year: i32, own: &[&VillageRow], open: bool) -> AnyView {
    let sum = Fen::checked_sum(own.iter().map(|v| v.credited_fen)).unwrap_or(Fen::ZERO);
    let name = own.first().map(|v| v.town_name.clone()).unwrap_or_default();
    let id = own.first().map(|v| format!("town-{}", v.town_code));
    let head = match cx.lang() {
        Lang::Zh => format!("{name} · {} 个村 · {}", own.len(), amount::cny(sum)),
        Lang::En => format!("{name} · {} villages · {}", own.len(), amount::cny(sum)),
    };
    let rows: Vec<_> = own
        .iter()
        .map(|village| {
            let tone = if village.credited_fen >= village.target_fen { PINE } else { MILLET };
            let behind = cx
                .may(Action::IncomeRead, Place::village(&village.code))
                .then(|| format!("/income/{}?year={year}", village.code));
            view! {
                <li>
                    <a href=format!("/villages/{}", village.code)>{village.name.clone()}</a>
                    {bar(village.credited_fen, village.target_fen, tone)}
                    <span class="bars-note">{linked(behind, amount::round_cny(village.credited_fen))} " · " {percent(village.credited_fen, village.target_fen)}</span>
                </li>
            }
        })
        .collect();
    view! {
        <details class="fold" id=id open=open>
            <summary>{head}</summary>
            <div class="fold-body"><ul class="bars">{rows}</ul></div>
        </details>
    }
    .into_any()
}
