//! The village orders: what waits for an answer first.

use super::{may_answer, sum_of};
use crate::components::chip;
use crate::components::deadline::deadline;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::list_filter::{Shown, list_filter};
use crate::components::pager::{pager, with};
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::village_order::VillageOrderRow;
use shared::domain::identity::Role;
use shared::domain::village_order::VillageOrderStatus as State;
use shared::domain::work::ExportList;

/// The states that have a tab of their own.
const TABS: [State; 7] = [
    State::Offered,
    State::Confirmed,
    State::Shorted,
    State::Packed,
    State::Collected,
    State::Delivered,
    State::Credited,
];

/// The village orders of a village, or of all of them.
pub fn village_orders(
    cx: &Cx,
    page: &Page<VillageOrderRow>,
    state: Option<State>,
    shown: &Shown,
) -> impl IntoView + use<> {
    let (waiting, rest): (Vec<_>, Vec<_>) = page
        .items
        .iter()
        .partition(|row| row.status == State::Offered && may_answer(cx, row));
    let title = match cx.me.as_ref().map(|me| me.active.role) {
        Some(Role::VillageLister) => cx.t("待办与村单", "To do and village orders"),
        _ => cx.t("村单", "Village orders"),
    };
    let body = if page.items.is_empty() {
        none(cx, shown)
    } else {
        view! { {to_answer(cx, &waiting)} {table(cx, &rest)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title"><h1>{title}</h1></div>
            <div class="toolbar-actions">{export(cx, &[ExportList::VillageOrders])}</div></header>
        {tabs(cx, state)}
        {list_filter(cx, "/village-orders", shown, village_shown(cx))}
        {body}
    }
}

fn tabs(cx: &Cx, state: Option<State>) -> AnyView {
    let tab = |href: String, word: &'static str, here: bool| {
        view! { <a href=href aria-current=here.then_some("page")>{word}</a> }
    };
    let states: Vec<_> = TABS
        .into_iter()
        .map(|s| {
            tab(
                with(&with(&cx.path, "state", Some(s.as_str())), "after", None),
                s.word(cx.lang()),
                state == Some(s),
            )
        })
        .collect();
    view! {
        <nav class="tabs" aria-label=cx.t("村单状态", "States")>
            {tab(with(&with(&cx.path, "state", None), "after", None), cx.t("全部", "All"), state.is_none())}
            {states}
        </nav>
    }
    .into_any()
}

fn none(cx: &Cx, shown: &Shown) -> AnyView {
    if shown.any() {
        return empty(
            cx,
            "orders",
            cx.t("这里没有村单", "No village orders here"),
            cx.t(
                "换一个状态或条件看看，或者看全部。",
                "Look under another state or filter, or at all of them.",
            ),
            Some((cx.t("看全部", "See all"), "/village-orders".to_owned())),
        );
    }
    empty(
        cx,
        "orders",
        cx.t("还没有村单", "No village orders yet"),
        cx.t(
            "货品上架后，单位一下单，村单就到这里。",
            "Once goods are on sale and a unit orders, they show up here.",
        ),
        Some((cx.t("看我的货品", "To the goods"), "/offers".to_owned())),
    )
}

/// Cards of what waits for an answer, one touch from the answer.
fn to_answer(cx: &Cx, rows: &[&VillageOrderRow]) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let cards: Vec<_> = rows.iter().map(|row| card(cx, row)).collect();
    Some(
        view! {
            <section class="stack">
                <div class="section-head">
                    <h2>{cx.t("等村里答复", "Waiting for an answer")}</h2>
                    <p class="muted">{amount::count(i64::try_from(rows.len()).unwrap_or(i64::MAX))}</p>
                </div>
                <ul class="cols-2">{cards}</ul>
            </section>
        }
        .into_any(),
    )
}

fn card(cx: &Cx, row: &VillageOrderRow) -> AnyView {
    let (tone, words) = deadline(cx, row);
    let class = if row.late { "card is-late" } else { "card" };
    let from = village_shown(cx).then(|| format!("{} {} → ", row.town_name, row.village_name));
    view! {
        <li class=class>
            <div class="spread">
                <h3>{from}{row.unit_name.clone()}</h3>
                {chip::toned(tone, words)}
            </div>
            <p>{row.goods.clone()}</p>
            <div class="spread">
                <span class="muted small">
                    {cx.t("要货日", "Wanted on")} " " {day::short(cx.lang(), row.wanted_on)} " · " {row.number.clone()}
                </span>
                <span class="sum">{amount::cny(row.total_fen)}</span>
            </div>
            <a class="button primary" href=format!("/village-orders/{}", row.id)>{cx.t("去答复", "Answer")}</a>
        </li>
    }
    .into_any()
}

/// A village's own list need not name the village on every line.
fn village_shown(cx: &Cx) -> bool {
    cx.me
        .as_ref()
        .is_none_or(|me| me.active.role != Role::VillageLister)
}

fn table(cx: &Cx, rows: &[&VillageOrderRow]) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let shown = village_shown(cx);
    let village = shown.then(|| view! { <th>{cx.t("村", "Village")}</th> });
    let lines: Vec<_> = rows.iter().map(|row| table_row(cx, row, shown)).collect();
    Some(
        view! {
            <div class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("村单", "Village order")}</th>
                        {village}
                        <th>{cx.t("单位", "Unit")}</th>
                        <th>{cx.t("货品", "Goods")}</th>
                        <th>{cx.t("要货日", "Wanted on")}</th>
                        <th>{cx.t("进度", "State")}</th>
                        <th class="n">{cx.t("金额", "Sum")}</th>
                    </tr></thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
        .into_any(),
    )
}

fn table_row(cx: &Cx, row: &VillageOrderRow, village: bool) -> AnyView {
    let name = village.then(|| {
        view! { <td data-label=cx.t("村", "Village")>{format!("{} {}", row.town_name, row.village_name)}</td> }
    });
    let (tone, words) = deadline(cx, row);
    let under_way = matches!(row.status, State::Offered | State::Delivered) || row.late;
    view! {
        <tr class=row.late.then_some("is-late")>
            <td class="lead" data-label=cx.t("村单", "Village order")>
                <a href=format!("/village-orders/{}", row.id)>{row.number.clone()}</a></td>
            {name}
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("货品", "Goods")>{row.goods.clone()}</td>
            <td data-label=cx.t("要货日", "Wanted on")>
                <time datetime=row.wanted_on.to_string()>{day::short(cx.lang(), row.wanted_on)}</time></td>
            <td data-label=cx.t("进度", "State")>
                <span class="chips">
                    {chip::chip(cx.lang(), row.status)}
                    {under_way.then(|| chip::toned(tone, words))}
                </span></td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(sum_of(row))}</td>
        </tr>
    }
    .into_any()
}
