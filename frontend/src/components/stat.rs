//! A row of figures.

use leptos::prelude::*;

/// One figure: its name, its value, and a tone where it asks for attention.
#[derive(Clone, Debug)]
pub struct Stat {
    /// What it counts.
    pub name: &'static str,
    /// The figure as people read it.
    pub value: String,
    /// A tone of [`crate::text::status`]; empty for none.
    pub tone: &'static str,
    /// Where the tile leads, if anywhere.
    pub href: Option<String>,
}

/// The tiles.
pub fn stats(figures: Vec<Stat>) -> AnyView {
    let tiles: Vec<_> = figures.into_iter().map(tile).collect();
    view! { <dl class="stats">{tiles}</dl> }.into_any()
}

fn tile(figure: Stat) -> AnyView {
    let value = linked(figure.href, figure.value);
    view! { <div class=format!("stat {}", figure.tone)><dt>{figure.name}</dt><dd>{value}</dd></div> }
        .into_any()
}

/// A figure, and the way to what stands behind it.
pub fn linked(href: Option<String>, figure: String) -> AnyView {
    match href {
        Some(href) => view! { <a href=href>{figure}</a> }.into_any(),
        None => figure.into_any(),
    }
}
