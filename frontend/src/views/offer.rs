//! 货品 as its village and the centre see it.
use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::offer::{OfferChoices, OfferOut, OfferRow};
use shared::api::page::Page;

pub use super::offer_page::offer_page;

/// The offers of a village, or those to review.
pub fn offers(_cx: &Cx, _page: &Page<OfferRow>, _state: Option<&str>) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// Drafting or changing an offer.
pub fn edit(_cx: &Cx, _offer: Option<&OfferOut>, _choices: &OfferChoices, _form: &Form) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// One offer with its versions and lots.
pub fn offer(_cx: &Cx, _offer: &OfferOut, _form: &Form) -> impl IntoView + use<> {
    view! { <p></p> }
}
