//! 集体收入.
use crate::context::Cx;
use leptos::prelude::*;
use shared::api::income::{IncomeOut, OverviewOut};
use shared::api::town::TownOut;

/// Income over many villages.
pub fn overview(_cx: &Cx, _overview: &OverviewOut, _towns: &[TownOut]) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// A village's income of a year.
pub fn income(_cx: &Cx, _income: &IncomeOut) -> impl IntoView + use<> {
    view! { <p></p> }
}
