//! 人员.
use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::person::{LinkOut, PersonOut};
use shared::api::town::TownOut;
use shared::api::unit::UnitOut;

/// The people.
pub fn people(_cx: &Cx, _page: &Page<PersonOut>) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// Adding a person.
pub fn new_person(_cx: &Cx, _form: &Form, _units: &[UnitOut], _towns: &[TownOut]) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// One person; the one-time link is shown once.
pub fn person(_cx: &Cx, _person: &PersonOut, _link: Option<&LinkOut>, _form: &Form) -> impl IntoView + use<> {
    view! { <p></p> }
}
