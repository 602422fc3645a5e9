//! 村单: the list, one village order, and its packing slip.
use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::village_order::{VillageOrderOut, VillageOrderRow};
use shared::domain::village_order::VillageOrderStatus;

/// The village orders of a village, or of all of them.
pub fn village_orders(_cx: &Cx, _page: &Page<VillageOrderRow>, _state: Option<VillageOrderStatus>) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// One village order.
pub fn village_order(_cx: &Cx, _order: &VillageOrderOut, _form: &Form) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// The packing slip; `qr_path` is the data of an SVG path on a square of `qr_size` modules.
pub fn slip(_cx: &Cx, _order: &VillageOrderOut, _qr_path: &str, _qr_size: u32, _url: &str) -> impl IntoView + use<> {
    view! { <p></p> }
}
