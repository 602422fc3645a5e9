//! 首页: what the market is, what is in season, what has just been credited.

use crate::context::Cx;
use leptos::prelude::*;
use shared::api::catalogue::HomeOut;

/// The public home page.
pub fn home(_cx: &Cx, _out: &HomeOut) -> impl IntoView + use<> {}
