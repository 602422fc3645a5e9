//! Income over many villages: every village's own line, and how they are spread.

use crate::components::bar_chart::{Bar, ChartWords, bar_chart};
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::money_three::money_three;
use crate::components::pager::{pager, with};
use crate::components::progress::{bar, percent};
use crate::components::stat::{Stat, linked, stats};
use crate::context::Cx;
use crate::text::status::{MILLET, PERSIMMON, PINE};
use crate::text::{Lang, amount};
use leptos::prelude::*;
use shared::api::income::{OverviewOut, OverviewQuery, OverviewRow};
use shared::api::town::TownOut;
use shared::domain::identity::Role;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// 各村集体收入.
pub fn overview(
    cx: &Cx,
    overview: &OverviewOut,
    asked: &OverviewQuery,
    towns: &[TownOut],
) -> impl IntoView + use<> {
    let body = if overview.page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("这里还没有村庄", "No villages here"),
            cx.t(
                "换一个乡镇，或先在登记册导入村庄。",
                "Choose another town, or import villages first.",
            ),
            Some((cx.t("看全部", "See all"), "/income".to_owned())),
        )
    } else {
        view! { {table(cx, overview)} {pager(cx, overview.page.next.as_deref())} }.into_any()
    };
    view! {
        {toolbar(cx, overview, asked)}
        {filter(cx, overview, towns)}
        {figures(cx, overview)}
        {spread(cx, overview)}
        {distribution(cx, overview)}
        <div class="stack" id="villages">{narrowed(cx, overview, asked)} {body}</div>
    }
}

/// What the villages below are narrowed to, with the way back to all.
fn narrowed(cx: &Cx, overview: &OverviewOut, asked: &OverviewQuery) -> Option<AnyView> {
    let words = if asked.without {
        cx.t("还没有收入的帮扶村", "Aided villages that earned nothing yet")
            .to_owned()
    } else {
        let tenth = asked.tenth?;
        match (tenth, cx.lang()) {
            (10.., Lang::Zh) => "已达到年度目标的村".to_owned(),
            (10.., Lang::En) => "Villages that have met the target".to_owned(),
            (_, Lang::Zh) => format!("完成目标 {}%–{}% 的村", tenth * 10, tenth * 10 + 10),
            (_, Lang::En) => format!("Villages at {}–{}% of the target", tenth * 10, tenth * 10 + 10),
        }
    };
    let all = address(overview, "");
    Some(
        view! {
            <div class="spread">
                <h2>{words}</h2>
                <a class="button small" href=all>{cx.t("看全部村", "All villages")}</a>
            </div>
        }
        .into_any(),
    )
}

/// The address of the villages of the same town and year, narrowed.
fn address(overview: &OverviewOut, narrowed: &str) -> String {
    let town = overview
        .town
        .as_ref()
        .map_or_else(String::new, |town| format!("&town={}", town.code));
    format!("/income?year={}{town}{narrowed}#villages", overview.year)
}

fn toolbar(cx: &Cx, overview: &OverviewOut, asked: &OverviewQuery) -> AnyView {
    // Only the list of villages knows tenths of a target.
    let lists: &[ExportList] = if asked.tenth.is_some() || asked.without {
        &[ExportList::Progress]
    } else {
        &[
            ExportList::Progress,
            ExportList::Incomes,
            ExportList::LedgerEntries,
        ]
    };
    let place = overview
        .town
        .as_ref()
        .map_or_else(|| cx.t("全区", "District").to_owned(), |town| town.name.clone());
    let title = match cx.lang() {
        Lang::Zh => format!("{place} {} 年各村集体收入", overview.year),
        Lang::En => format!("{place}: the villages' collective income {}", overview.year),
    };
    let year = |year: i32| {
        view! { <a class="button quiet" href=with(&cx.path, "year", Some(&year.to_string()))>{year}</a> }
    };
    let watch = (overview.town.as_ref()).map_or_else(
        || "/exceptions".to_owned(),
        |town| format!("/exceptions?town={}", town.code),
    );
    let later = (overview.year < cx.today.year()).then(|| year(overview.year + 1));
    let books = cx.may(Action::BooksRead, Place::DISTRICT).then(|| {
        view! { <a class="button" href="/books">{cx.t("试算平衡", "Trial balance")}</a> }
    });
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{title}</h1></div>
            <div class="toolbar-actions">{books}<a class="button" href=watch>{cx.t("需要关注的村", "What stands out")}</a>{year(overview.year - 1)}{later}
                {export(cx, lists)}</div>
        </header>
    }
    .into_any()
}

/// A town officer has one town and needs no filter.
fn filter(cx: &Cx, overview: &OverviewOut, towns: &[TownOut]) -> Option<AnyView> {
    let officer = cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.role == Role::TownOfficer);
    if officer || towns.len() < 2 {
        return None;
    }
    let chosen = overview.town.as_ref().map(|town| town.code.clone());
    let options: Vec<_> = towns
        .iter()
        .map(|town| {
            let selected = chosen.as_deref() == Some(town.code.as_str());
            view! { <option value=town.code.clone() selected=selected>{town.name.clone()}</option> }
        })
        .collect();
    Some(
        view! {
            <form class="filter-bar card" method="get" action="/income">
                <input type="hidden" name="year" value=overview.year/>
                <div class="field">
                    <label for="town">{cx.t("乡镇", "Town")}</label>
                    <select id="town" name="town">
                        <option value="">{cx.t("全区", "The district")}</option>
                        {options}
                    </select>
                </div>
                <button class="button primary">{cx.t("查看", "Show")}</button>
            </form>
        }
        .into_any(),
    )
}

fn figures(cx: &Cx, overview: &OverviewOut) -> AnyView {
    let part = |zh: &'static str, en: &'static str, part| {
        format!("{} {}", cx.t(zh, en), percent(part, overview.credited_fen))
    };
    let villages: i64 = overview.distribution.iter().sum();
    let count = match cx.lang() {
        Lang::Zh => format!("{villages} 个村"),
        Lang::En => format!("{villages} villages"),
    };
    money_three(
        cx,
        [overview.credited_fen, overview.paid_fen, overview.settled_fen],
        [
            count,
            part("占已入账", "of what is credited:", overview.paid_fen),
            part("占已入账", "of what is credited:", overview.settled_fen),
        ],
        [(); 3].map(|()| Some("#villages".to_owned())),
    )
}

/// Quartiles beside the most and the least: a few rich villages do not hide the others.
fn spread(cx: &Cx, overview: &OverviewOut) -> AnyView {
    let spread = &overview.spread;
    let stat = |name, value, tone| Stat {
        name,
        value,
        tone,
        href: None,
    };
    stats(vec![
        Stat {
            href: (spread.without > 0).then(|| address(overview, "&without=1")),
            ..stat(
                cx.t("还没有收入的村", "Earned nothing yet"),
                amount::count(spread.without),
                PERSIMMON,
            )
        },
        stat(
            cx.t("四分之一的村不到", "A quarter earned at most"),
            amount::round_cny(spread.lower_fen),
            "",
        ),
        stat(
            cx.t("一半的村不到（中位数）", "Half at most (median)"),
            amount::round_cny(spread.median_fen),
            "",
        ),
        stat(
            cx.t("四分之三的村不到", "Three quarters at most"),
            amount::round_cny(spread.upper_fen),
            "",
        ),
        Stat {
            // The villages stand with the most first.
            href: Some(address(overview, "")),
            ..stat(
                cx.t("最多的村", "The most"),
                amount::round_cny(spread.most_fen),
                PINE,
            )
        },
    ])
}

/// How many villages stand in each tenth of their target: a spread, not an average.
fn distribution(cx: &Cx, overview: &OverviewOut) -> AnyView {
    let last = overview.distribution.len().saturating_sub(1);
    let bars: Vec<Bar> = overview
        .distribution
        .iter()
        .enumerate()
        .map(|(tenth, villages)| Bar {
            name: if tenth == last {
                (cx.t("达标", "Met").to_owned(), "")
            } else {
                ((tenth * 10).to_string(), "% +")
            },
            value: *villages,
            short: villages.to_string(),
            exact: villages.to_string(),
            now: tenth == last,
            href: (*villages > 0).then(|| address(overview, &format!("&tenth={tenth}"))),
        })
        .collect();
    let met = overview.distribution.last().copied().unwrap_or_default();
    let message = match cx.lang() {
        Lang::Zh => format!("按完成年度目标的比例看村数，{met} 个村已达标"),
        Lang::En => format!("Villages by how much of the year's target they have; {met} have met it"),
    };
    let words = ChartWords {
        message,
        open: cx.t("看数字", "See the numbers"),
        heads: (cx.t("完成目标", "Of the target"), cx.t("村数", "Villages")),
    };
    view! {
        <section class="card">
            <h2>{cx.t("完成年度目标的村", "Villages by progress to the target")}</h2>
            {bar_chart(&bars, words)}
        </section>
    }
    .into_any()
}

fn table(cx: &Cx, overview: &OverviewOut) -> AnyView {
    let rows: Vec<_> = overview
        .page
        .items
        .iter()
        .map(|line| row(cx, overview.year, line))
        .collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("村", "Village")}</th>
                    <th>{cx.t("乡镇", "Town")}</th>
                    <th>{cx.t("目标进度", "To the target")}</th>
                    <th class="n">{cx.t("已入账", "Credited")}</th>
                    <th class="n">{cx.t("单位已付", "Paid")}</th>
                    <th class="n">{cx.t("已拨付", "Settled")}</th>
                    <th class="n">{cx.t("验收单", "Acceptances")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(cx: &Cx, year: i32, line: &OverviewRow) -> AnyView {
    let village = &line.village;
    let behind = |money: &str| format!("/income/{}?year={year}{money}#statement", village.code);
    let sum = |money: &str, sum: Fen| match sum.is_zero() {
        true => amount::cny(sum).into_any(),
        false => linked(Some(behind(money)), amount::cny(sum)),
    };
    let tone = if village.credited_fen >= village.target_fen {
        PINE
    } else {
        MILLET
    };
    let progress = percent(village.credited_fen, village.target_fen);
    view! {
        <tr>
            <td class="lead" data-label=cx.t("村", "Village")>
                <a href=format!("/income/{}?year={year}", village.code)>{village.name.clone()}</a></td>
            <td data-label=cx.t("乡镇", "Town")>{village.town_name.clone()}</td>
            <td data-label=cx.t("目标进度", "To the target")>
                <span class="progress-cell">{bar(village.credited_fen, village.target_fen, tone)}<span class="num">{progress}</span></span></td>
            <td class="n sum lead-sum" data-label=cx.t("已入账", "Credited")>{sum("", line.credited_fen)}</td>
            <td class="n" data-label=cx.t("单位已付", "Paid")>{sum("&money=paid", line.paid_fen)}</td>
            <td class="n" data-label=cx.t("已拨付", "Settled")>{sum("&money=settled", line.settled_fen)}</td>
            <td class="n" data-label=cx.t("验收单", "Acceptances")>{amount::count(line.acceptances)}</td>
        </tr>
    }
    .into_any()
}
