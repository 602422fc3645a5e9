//! 登记册.
use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::import::{ImportOut, RegisterCounts};
use shared::api::page::Page;
use shared::api::unit::UnitOut;

/// How full the registers are, and filling them from files.
pub fn register(
    _cx: &Cx,
    _counts: &RegisterCounts,
    _units: &Page<UnitOut>,
    _form: &Form,
    _import: Option<&ImportOut>,
) -> impl IntoView + use<> {
    view! { <p></p> }
}
