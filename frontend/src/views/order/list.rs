//! The list of orders.

use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::list_filter::{Shown, list_filter};
use crate::components::pager::{pager, with};
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::order::OrderRow;
use shared::api::page::Page;
use shared::domain::identity::{Bound, Role};
use shared::domain::order::OrderStatus;
use shared::domain::work::ExportList;

/// States that the list can be narrowed to, in the order of an order's life.
const STATES: [OrderStatus; 9] = [
    OrderStatus::Requested,
    OrderStatus::Rejected,
    OrderStatus::Placed,
    OrderStatus::Confirmed,
    OrderStatus::PartConfirmed,
    OrderStatus::Delivered,
    OrderStatus::Accepted,
    OrderStatus::AcceptedWithVariance,
    OrderStatus::Cancelled,
];

/// The list of orders.
pub fn orders(
    cx: &Cx,
    page: &Page<OrderRow>,
    state: Option<OrderStatus>,
    shown: &Shown,
) -> impl IntoView + use<> {
    let tabs: Vec<_> = STATES
        .into_iter()
        .map(|status| {
            let here = (state == Some(status)).then_some("page");
            let href = with(&with(&cx.path, "state", Some(status.as_str())), "after", None);
            view! { <a href=href aria-current=here>{status.word(cx.lang())}</a> }
        })
        .collect();
    let all = state.is_none().then_some("page");
    view! {
        <header class="toolbar"><div class="toolbar-title"><h1>{cx.t("订单", "Orders")}</h1></div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Orders, ExportList::OrderLines])}</div></header>
        <nav class="tabs" aria-label=cx.t("订单状态", "State of the orders")>
            <a href=with(&with(&cx.path, "state", None), "after", None) aria-current=all>{cx.t("全部", "All")}</a>
            {tabs}
        </nav>
        {list_filter(cx, "/orders", shown, true)}
        {list(cx, page, shown)}
        {pager(cx, page.next.as_deref())}
    }
}

fn list(cx: &Cx, page: &Page<OrderRow>, shown: &Shown) -> AnyView {
    let buyer = cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.role == Role::UnitRequester);
    if page.items.is_empty() {
        let step = buyer.then(|| (cx.t("去选货", "Choose goods"), "/goods".to_owned()));
        return match shown.any() {
            false => empty(
                cx,
                "orders",
                cx.t("还没有订单", "No orders yet"),
                cx.t(
                    "下单后会按村拆开，每一步都能在这里看到。",
                    "An order is split by village; every step shows here.",
                ),
                step,
            ),
            true => empty(
                cx,
                "orders",
                cx.t("没有符合条件的订单", "No such orders"),
                cx.t("换个状态或条件看看。", "Try another state or filter."),
                Some((cx.t("看全部订单", "See all orders"), "/orders".to_owned())),
            ),
        };
    }
    let of_one_unit = cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.role.bound_to() == Bound::Unit);
    let unit = (!of_one_unit).then(|| view! { <th>{cx.t("采购单位", "Unit")}</th> });
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|order| row(cx, order, of_one_unit))
        .collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("订单", "Order")}</th>
                    {unit}
                    <th>{cx.t("进度", "State")}</th>
                    <th>{cx.t("下单", "Ordered")}</th>
                    <th>{cx.t("要货日", "Wanted on")}</th>
                    <th class="n">{cx.t("村", "Villages")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(cx: &Cx, order: &OrderRow, of_one_unit: bool) -> AnyView {
    let unit = (!of_one_unit)
        .then(|| view! { <td data-label=cx.t("采购单位", "Unit")>{order.unit_name.clone()}</td> });
    let sum = order.accepted_fen.unwrap_or(order.total_fen);
    view! {
        <tr>
            <td class="lead" data-label=cx.t("订单", "Order")>
                <a href=format!("/orders/{}", order.id)>{order.number.clone()}</a>
            </td>
            {unit}
            <td data-label=cx.t("进度", "State")>{chip(cx.lang(), order.status)}</td>
            <td data-label=cx.t("下单", "Ordered")><time>{day::time(cx.lang(), order.placed_at)}</time></td>
            <td data-label=cx.t("要货日", "Wanted on")><time>{day::short(cx.lang(), order.wanted_on)}</time></td>
            <td class="n" data-label=cx.t("村", "Villages")>{amount::count(order.villages)}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(sum)}</td>
        </tr>
    }
    .into_any()
}
