//! 货架: the catalogue with its filters.

use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::catalogue::{CatalogueOut, CatalogueQuery};

/// The catalogue page.
pub fn catalogue(_cx: &Cx, _query: &CatalogueQuery, _out: &CatalogueOut, _form: &Form) -> impl IntoView + use<> {}
