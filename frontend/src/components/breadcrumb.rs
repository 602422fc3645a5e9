//! Where a page stands.

use crate::context::Cx;
use leptos::prelude::*;

/// The way from the home page to here: links, then the page's own name.
pub fn breadcrumb(cx: &Cx, way: &[(&str, &str)], here: &str) -> impl IntoView + use<> {
    let links: Vec<_> = way
        .iter()
        .map(|(href, word)| view! { <a href=(*href).to_owned()>{(*word).to_owned()}</a> })
        .collect();
    view! {
        <nav class="breadcrumb" aria-label=cx.t("位置", "You are here")>
            {links}
            <span aria-current="page">{here.to_owned()}</span>
        </nav>
    }
}
