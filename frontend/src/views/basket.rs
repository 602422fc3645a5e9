//! 篮子: what a buyer means to order, by village.

use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::basket::BasketOut;

/// The basket.
pub fn basket(_cx: &Cx, _out: &BasketOut, _form: &Form) -> impl IntoView + use<> {}
