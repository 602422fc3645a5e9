//! 验收: weighing and signing, and the document it leaves.
use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceOut, AcceptanceRow};
use shared::api::page::Page;

/// Weighing at the door.
pub fn weigh(_cx: &Cx, _acceptance: &AcceptanceOut, _form: &Form) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// 验收单.
pub fn document(_cx: &Cx, _acceptance: &AcceptanceOut) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// The acceptances.
pub fn acceptances(_cx: &Cx, _page: &Page<AcceptanceRow>) -> impl IntoView + use<> {
    view! { <p></p> }
}
