//! 价格走势: of one offer, and of a kind of produce over all villages.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::step_chart::{StepWords, Steps, step_chart};
use crate::context::Cx;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::price::{PriceMonth, PriceMonths, PricePoint};
use shared::api::produce::ProduceOut;
use shared::domain::money::Fen;
use shared::domain::work::ExportList;

/// Every price that an offer was on sale for, when there was more than one.
pub fn of_offer(cx: &Cx, prices: &[PricePoint], piece: Option<&str>) -> Option<AnyView> {
    let (first, last) = (prices.first()?, prices.last()?);
    let price = |point: &PricePoint| amount::price(cx.lang(), point.price_fen, point.price_unit, piece);
    let rows: Vec<_> = prices
        .iter()
        .rev()
        .map(|point| {
            view! {
                <tr>
                    <td class="lead" data-label=cx.t("从哪天起", "From")>
                        <time datetime=point.at.format_full()>{day::long(cx.lang(), point.at.day())}</time></td>
                    <td class="n sum lead-sum" data-label=cx.t("单价", "Price")>{price(point)}</td>
                </tr>
            }
        })
        .collect();
    let table = view! {
        <table class="table table-dense">
            <thead><tr><th>{cx.t("从哪天起", "From")}</th><th class="n">{cx.t("单价", "Price")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any();
    let body = if prices.len() < 2 {
        table
    } else {
        let by = |fen: &dyn Fn(Fen, Fen) -> Fen| {
            prices
                .iter()
                .map(|point| point.price_fen)
                .reduce(fen)
                .unwrap_or_default()
        };
        let words = StepWords {
            message: match cx.lang() {
                Lang::Zh => format!(
                    "单价从 {} 到 {}，改过 {} 次",
                    price(first),
                    price(last),
                    prices.len() - 1
                ),
                Lang::En => format!(
                    "From {} to {}, changed {} times",
                    price(first),
                    price(last),
                    prices.len() - 1
                ),
            },
            open: cx.t("看数字", "See the numbers"),
            bounds: (amount::cny(by(&Fen::max)), amount::cny(by(&Fen::min))),
            ends: (
                day::long(cx.lang(), first.at.day()),
                cx.t("今天", "today").to_owned(),
            ),
        };
        let line = Steps {
            tone: "tone-pine",
            name: "",
            points: prices
                .iter()
                .map(|point| (point.at.0, point.price_fen.0))
                .collect(),
        };
        step_chart(&[line], cx.now.0, words, table)
    };
    Some(
        view! {
            <section class="card">
                <h2>{cx.t("价格记录", "Prices so far")}</h2>
                {body}
            </section>
        }
        .into_any(),
    )
}

/// The prices of a kind of produce, by month.
pub fn prices(cx: &Cx, kinds: &[ProduceOut], out: &PriceMonths) -> impl IntoView + use<> {
    let title = cx.t("价格走势", "Prices");
    let options: Vec<_> = kinds
        .iter()
        .map(|kind| {
            view! { <option value=kind.slug.clone() selected=kind.slug == out.produce>{kind.name.clone()}</option> }
        })
        .collect();
    let unit = amount::unit(cx.lang(), out.price_unit, out.piece_name.as_deref());
    let heading = match cx.lang() {
        Lang::Zh => format!("{}：各村每月单价（元/{unit}）", out.name),
        Lang::En => format!("{}: what villages asked, yuan for a {unit}", out.name),
    };
    let body = if out.months.is_empty() {
        empty(
            cx,
            "search",
            cx.t("两年内没有村卖过", "No village sold it in two years"),
            cx.t("换一个品种看看。", "Choose another kind."),
            Some((cx.t("看全部货品", "See all goods"), "/offers".to_owned())),
        )
    } else {
        view! { <section class="card"><h2>{heading}</h2>{chart(cx, out)}</section> }.into_any()
    };
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods"))], title)}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t(
                    "当月在售货品的最低、居中、最高单价；按斤的折成公斤。",
                    "The lowest, middle and highest price on sale in a month; prices for a jin are brought to a kg.",
                )}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Prices])}</div>
        </header>
        <form class="filter-bar card" method="get" action="/prices">
            <div class="field">
                <label for="produce">{cx.t("品种", "Kind")}</label>
                <select id="produce" name="produce">{options}</select>
            </div>
            <button class="button primary">{cx.t("查看", "Show")}</button>
        </form>
        {body}
    }
}

fn chart(cx: &Cx, out: &PriceMonths) -> AnyView {
    let line = |tone, name, fen: &dyn Fn(&PriceMonth) -> Fen| Steps {
        tone,
        name,
        points: out
            .months
            .iter()
            .map(|month| (i64::from(month.month.0), fen(month).0))
            .collect(),
    };
    let lines = [
        line("tone-persimmon", cx.t("最高", "highest"), &|month| {
            month.max_fen
        }),
        line("tone-pine", cx.t("居中", "middle"), &|month| month.median_fen),
        line("tone-water", cx.t("最低", "lowest"), &|month| month.min_fen),
    ];
    let lowest = out
        .months
        .iter()
        .map(|month| month.min_fen)
        .min()
        .unwrap_or_default();
    let highest = out
        .months
        .iter()
        .map(|month| month.max_fen)
        .max()
        .unwrap_or_default();
    let name = |month: &PriceMonth| {
        let (year, of_year, _) = month.month.ymd();
        match cx.lang() {
            Lang::Zh => format!("{year}年{of_year}月"),
            Lang::En => format!("{year}-{of_year:02}"),
        }
    };
    let words = StepWords {
        message: match cx.lang() {
            Lang::Zh => format!(
                "{}两年来单价在 {} 和 {} 之间",
                out.name,
                amount::cny(lowest),
                amount::cny(highest)
            ),
            Lang::En => format!(
                "{} between {} and {}",
                out.name,
                amount::cny(lowest),
                amount::cny(highest)
            ),
        },
        open: cx.t("看数字", "See the numbers"),
        bounds: (amount::cny(highest), amount::cny(lowest)),
        ends: (
            out.months.first().map(&name).unwrap_or_default(),
            out.months.last().map(&name).unwrap_or_default(),
        ),
    };
    let rows: Vec<_> = out
        .months
        .iter()
        .rev()
        .map(|month| {
            let sum = |fen: Fen| amount::cny(fen);
            view! {
                <tr>
                    <td class="lead" data-label=cx.t("月份", "Month")>{name(month)}</td>
                    <td class="n" data-label=cx.t("最低", "Lowest")>{sum(month.min_fen)}</td>
                    <td class="n sum lead-sum" data-label=cx.t("居中", "Middle")>{sum(month.median_fen)}</td>
                    <td class="n" data-label=cx.t("最高", "Highest")>{sum(month.max_fen)}</td>
                    <td class="n" data-label=cx.t("村", "Villages")>{amount::count(month.villages)}</td>
                    <td class="n" data-label=cx.t("货品", "Goods")>{amount::count(month.offers)}</td>
                </tr>
            }
        })
        .collect();
    let table = view! {
        <table class="table table-dense">
            <thead><tr>
                <th>{cx.t("月份", "Month")}</th>
                <th class="n">{cx.t("最低", "Lowest")}</th>
                <th class="n">{cx.t("居中", "Middle")}</th>
                <th class="n">{cx.t("最高", "Highest")}</th>
                <th class="n">{cx.t("村", "Villages")}</th>
                <th class="n">{cx.t("货品", "Goods")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any();
    // The last month holds to its end.
    let end = out.months.last().map_or(0, |month| i64::from(month.month.0) + 30);
    step_chart(&lines, end, words, table)
}
