//! 村庄: the list of villages and a village's public page.

use crate::context::Cx;
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::town::TownOut;
use shared::api::village::{VillageOut, VillageRow};

/// The list of villages.
pub fn villages(
    _cx: &Cx,
    _towns: &[TownOut],
    _town: Option<&str>,
    _q: &str,
    _page: &Page<VillageRow>,
) -> impl IntoView + use<> {
}

/// A village's public page.
pub fn village(_cx: &Cx, _out: &VillageOut) -> impl IntoView + use<> {}
