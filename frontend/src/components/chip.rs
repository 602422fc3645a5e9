//! A state as a word in its colour.

use crate::text::Lang;
use crate::text::status::Status;
use leptos::prelude::*;

/// The chip of a state.
pub fn chip<S: Status>(lang: Lang, status: S) -> AnyView {
    chip_of("chip", status.tone(), status.word(lang).to_owned())
}

/// A chip of any words; `tone` is one of [`crate::text::status`]'s.
pub fn toned(tone: &'static str, words: impl Into<String>) -> AnyView {
    chip_of("chip", tone, words.into())
}

/// A larger chip, for weighing lines.
pub fn big(tone: &'static str, words: impl Into<String>) -> AnyView {
    chip_of("chip chip-big", tone, words.into())
}

/// A chip with square corners, for what a village gains.
pub fn square(tone: &'static str, words: impl Into<String>) -> AnyView {
    chip_of("chip chip-square", tone, words.into())
}

fn chip_of(class: &'static str, tone: &'static str, words: String) -> AnyView {
    view! { <span class=format!("{class} {tone}")>{words}</span> }.into_any()
}
