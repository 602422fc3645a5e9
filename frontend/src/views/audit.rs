//! 操作记录.
use crate::context::Cx;
use leptos::prelude::*;
use shared::api::audit::AuditOut;
use shared::api::page::Page;

/// Who did what, when.
pub fn audit(_cx: &Cx, _page: &Page<AuditOut>, _object: &str) -> impl IntoView + use<> {
    view! { <p></p> }
}
