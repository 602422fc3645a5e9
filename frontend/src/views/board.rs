//! The centre's day.
use crate::context::Cx;
use leptos::prelude::*;
use shared::api::village_order::BoardOut;

/// 今日村单: every village order that is somewhere on its way.
pub fn board(_cx: &Cx, _board: &BoardOut) -> impl IntoView + use<> {
    view! { <p></p> }
}
