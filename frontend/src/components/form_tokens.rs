//! The hidden fields that posted forms carry.

use crate::context::Cx;
use leptos::prelude::*;

/// The token that proves the form came from this page.
pub fn csrf(cx: &Cx) -> impl IntoView + use<> {
    view! { <input type="hidden" name="csrf" value=cx.csrf.clone()/> }
}

/// The token, and the key that keeps a form from working twice.
pub fn csrf_and_key(cx: &Cx) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="csrf" value=cx.csrf.clone()/>
        <input type="hidden" name="key" value=cx.key.clone()/>
    }
}
