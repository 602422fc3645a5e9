//! 货品: an offer as the public sees it.

use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::catalogue::OfferPage;

/// An offer's public page.
pub fn offer_page(_cx: &Cx, _out: &OfferPage, _form: &Form) -> impl IntoView + use<> {}
