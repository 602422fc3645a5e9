//! 村庄: the list of villages and a village's public page.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::toned;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::offer_card::offers_grid;
use crate::components::pager::pager;
use crate::components::progress::{bar, percent, ring, target_words};
use crate::context::Cx;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::town::TownOut;
use shared::api::village::{PublicCredit, VillageOut, VillageRow};
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The list of villages.
pub fn villages(
    cx: &Cx,
    towns: &[TownOut],
    town: Option<&str>,
    q: &str,
    page: &Page<VillageRow>,
) -> impl IntoView + use<> {
    let name = town.and_then(|code| towns.iter().find(|t| t.code == code));
    let title = match (name, cx.lang()) {
        (Some(town), Lang::Zh) => format!("{}的村庄", town.name),
        (Some(town), Lang::En) => format!("Villages of {}", town.name),
        (None, _) => cx.t("村庄", "Villages").to_owned(),
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t("每个村今年的集体收入，入账一笔就更新一次。", "The collective income of every village this year, renewed with every credit.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Villages])}</div>
        </header>
        {search(cx, towns, town, q)}
        {rows(cx, page)}
        {pager(cx, page.next.as_deref())}
    }
}

fn search(cx: &Cx, towns: &[TownOut], town: Option<&str>, q: &str) -> AnyView {
    let options: Vec<_> = towns
        .iter()
        .map(|t| {
            let words = match cx.lang() {
                Lang::Zh => format!("{}（{} 个村）", t.name, t.villages),
                Lang::En => format!("{} ({})", t.name, t.villages),
            };
            view! { <option value=t.code.clone() selected=town == Some(t.code.as_str())>{words}</option> }
        })
        .collect();
    let clear = (town.is_some() || !q.is_empty())
        .then(|| view! { <a class="button quiet" href="/villages">{cx.t("清除", "Clear")}</a> });
    view! {
        <form class="filter-bar card" method="get" action="/villages">
            <div class="field">
                <label for="town">{cx.t("乡镇", "Town")}</label>
                <select id="town" name="town">
                    <option value="">{cx.t("全部乡镇", "All towns")}</option>
                    {options}
                </select>
            </div>
            <div class="field">
                <label for="q">{cx.t("村名", "Village")}</label>
                <input id="q" name="q" type="search" value=q.to_owned() placeholder=cx.t("例如 官场村", "as 官场村")/>
            </div>
            <button class="button primary">{cx.t("查找", "Find")}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn rows(cx: &Cx, page: &Page<VillageRow>) -> AnyView {
    if page.items.is_empty() {
        return empty(
            cx,
            "search",
            cx.t("没有找到这个村", "No such village"),
            cx.t(
                "换个名字，或选“全部乡镇”再找。",
                "Try another name, or all towns.",
            ),
            Some((cx.t("看全部村庄", "See all villages"), "/villages".to_owned())),
        );
    }
    let rows: Vec<_> = page.items.iter().map(|village| row(cx, village)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("村", "Village")}</th>
                    <th>{cx.t("乡镇", "Town")}</th>
                    <th class="n">{cx.t("今年入账", "This year")}</th>
                    <th>{cx.t("年度目标", "Target")}</th>
                    <th class="n">{cx.t("在售", "On sale")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(cx: &Cx, village: &VillageRow) -> AnyView {
    let aided = village
        .aided
        .then(|| toned(status::WATER, cx.t("帮扶村", "Aided")));
    let on_sale = match village.offers {
        0 => view! { <span class="muted">"0"</span> }.into_any(),
        count => amount::count(count).into_any(),
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("村", "Village")>
                <span class="row">
                    <a href=format!("/villages/{}", village.code)>{village.name.clone()}</a>
                    {aided}
                </span>
            </td>
            <td data-label=cx.t("乡镇", "Town")>{village.town_name.clone()}</td>
            <td class="n sum lead-sum" data-label=cx.t("今年入账", "This year")>{amount::cny(village.credited_fen)}</td>
            <td class="village-progress" data-label=cx.t("年度目标", "Target")>
                <span class="progress-cell">
                    {bar(village.credited_fen, village.target_fen, status::PINE)}
                    <span class="small num">{percent(village.credited_fen, village.target_fen)}</span>
                </span>
            </td>
            <td class="n" data-label=cx.t("在售", "On sale")>{on_sale}</td>
        </tr>
    }
    .into_any()
}

/// A village's public page.
pub fn village(cx: &Cx, out: &VillageOut) -> impl IntoView + use<> {
    let village = &out.village;
    let aided = village
        .aided
        .then(|| toned(status::WATER, cx.t("帮扶村", "Aided village")));
    let books = cx
        .may(Action::IncomeRead, Place::village(&village.code))
        .then(|| {
            let href = format!("/income/{}?year={}", village.code, out.year);
            view! {
                <a class="button" href=href>{cx.t("看收入明细和凭证", "Income and documents")}</a>
            }
        });
    view! {
        {breadcrumb(cx, &[("/", cx.t("首页", "Home")), ("/villages", cx.t("村庄", "Villages"))], &village.name)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{format!("{} · {}", village.town_name, village.code)}</p>
                <div class="row"><h1>{village.name.clone()}</h1>{aided}</div>
            </div>
            <div class="toolbar-actions">
                {books}
                <a class="button" href=format!("/villages/{}/journal", village.code)>{cx.t("公开账链", "Public journal")}</a>
            </div>
        </header>
        <div class="side-main">
            {progress_card(cx, out)}
            {credits(cx, &out.credits)}
        </div>
        {on_sale(cx, out)}
    }
}

fn progress_card(cx: &Cx, out: &VillageOut) -> AnyView {
    let village = &out.village;
    let missing = village
        .target_fen
        .checked_sub(village.credited_fen)
        .unwrap_or_default();
    let left = if missing.0 > 0 {
        view! { <div><dt>{cx.t("离目标还差", "Short of the target")}</dt><dd class="sum">{amount::cny(missing)}</dd></div> }
    } else {
        let over = missing.checked_neg().unwrap_or_default();
        view! { <div><dt>{cx.t("已超过目标", "Above the target")}</dt><dd class="sum">{amount::cny(over)}</dd></div> }
    };
    let credited = match cx.lang() {
        Lang::Zh => format!("{} 年已入账", out.year),
        Lang::En => format!("Credited in {}", out.year),
    };
    let note = target_words(cx, village.target_fen);
    view! {
        <section class="card" aria-label=cx.t("年度进度", "Progress this year")>
            {ring(cx, &[(status::PINE, village.credited_fen)], village.target_fen, note)}
            <dl class="legend">
                <div>
                    <dt><i class="dot tone-pine"></i>{credited}</dt>
                    <dd class="sum">{amount::cny(village.credited_fen)}</dd>
                </div>
                {left}
            </dl>
        </section>
    }
    .into_any()
}

fn credits(cx: &Cx, credits: &[PublicCredit]) -> AnyView {
    let rows: Vec<_> = credits.iter().map(|credit| credit_row(cx, credit)).collect();
    let list = if rows.is_empty() {
        view! {
            <p class="card-body muted">
                {cx.t("今年还没有入账。买一件它的货品，就是第一笔。", "Nothing credited yet this year. Buying its goods makes the first.")}
            </p>
        }
        .into_any()
    } else {
        view! {
            <table class="table">
                <thead><tr>
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("村集体入账", "Village credited")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("最近入账", "Latest credits")}</h2>
                <p class="muted">{cx.t("双方过秤签字后入账", "credited once both sides have weighed and signed")}</p>
            </div>
            {list}
        </section>
    }
    .into_any()
}

fn credit_row(cx: &Cx, credit: &PublicCredit) -> AnyView {
    let qty = amount::qty(
        cx.lang(),
        credit.qty,
        credit.price_unit,
        credit.piece_name.as_deref(),
    );
    let class = if credit.amount_fen.0 < 0 {
        "n sum sum-minus lead-sum"
    } else {
        "n sum lead-sum"
    };
    view! {
        <tr>
            <td data-label=cx.t("日期", "Day")>
                <time datetime=credit.day.to_string()>{day::short(cx.lang(), credit.day)}</time>
            </td>
            <td class="lead" data-label=cx.t("货品", "Goods")>{credit.goods.clone()}</td>
            <td class="n" data-label=cx.t("实收", "Accepted")>{qty}</td>
            <td class=class data-label=cx.t("村集体入账", "Village credited")>{credit.amount_fen.format_yuan()}</td>
        </tr>
    }
    .into_any()
}

fn on_sale(cx: &Cx, out: &VillageOut) -> AnyView {
    let goods = if out.offers.is_empty() {
        empty(
            cx,
            "basket",
            cx.t("现在没有在售货品", "Nothing on sale just now"),
            cx.t(
                "到了采收季会重新上架。先看看别的村吧。",
                "It comes back in the season. Have a look at other villages.",
            ),
            Some((cx.t("看全部货品", "See all goods"), "/goods".to_owned())),
        )
    } else {
        offers_grid(cx, &out.offers)
    };
    view! {
        <section class="stack">
            <div class="section-head"><h2>{cx.t("在售货品", "On sale")}</h2></div>
            {goods}
        </section>
    }
    .into_any()
}
