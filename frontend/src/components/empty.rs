//! Nothing here yet: a drawing, a sentence, the next step.

use crate::context::Cx;
use leptos::prelude::*;

/// An empty list. `drawing` is one of those in `art/empty`: basket, orders, search, income, bill, notice, done, people, scale.
pub fn empty(
    cx: &Cx,
    drawing: &str,
    title: &'static str,
    words: &'static str,
    step: Option<(&'static str, String)>,
) -> AnyView {
    let step = step.map(|(word, href)| view! { <a class="button primary" href=href>{word}</a> });
    view! {
        <section class="empty card">
            <img src=cx.asset(&format!("empty/{drawing}.svg")) alt="" width="160" height="120"/>
            <h2>{title}</h2>
            <p>{words}</p>
            {step}
        </section>
    }
    .into_any()
}
