//! A button that prints the page; without scripts it is not there, and the browser's own printing does the same.

#![expect(
    missing_docs,
    reason = "the island macro makes a public type for the properties without a word on it"
)]

use leptos::prelude::*;

/// The button. It appears once it works.
#[island]
pub fn PrintButton(
    /// What stands on it.
    word: String,
    /// Its classes.
    class: String,
) -> impl IntoView {
    let works = RwSignal::new(false);
    Effect::new(move |_| works.set(true));
    view! {
        <button type="button" class=class hidden=move || !works.get() on:click=move |_| { let _ = window().print(); }>
            {word}
        </button>
    }
}
