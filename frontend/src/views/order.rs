//! 订单: placing an order, the list of orders, and one order.

use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::basket::BasketOut;
use shared::api::order::{OrderOut, OrderRow};
use shared::api::page::Page;
use shared::api::unit::UnitOut;
use shared::domain::order::OrderStatus;

/// The form that places an order out of the basket.
pub fn checkout(_cx: &Cx, _basket: &BasketOut, _unit: &UnitOut, _form: &Form) -> impl IntoView + use<> {}

/// The list of orders.
pub fn orders(_cx: &Cx, _page: &Page<OrderRow>, _state: Option<OrderStatus>) -> impl IntoView + use<> {}

/// One order.
pub fn order(_cx: &Cx, _out: &OrderOut, _form: &Form) -> impl IntoView + use<> {}
