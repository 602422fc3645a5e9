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
    let value = match figure.href {
        Some(href) => view! { <a href=href>{figure.value}</a> }.into_any(),
        None => figure.value.into_any(),
    };
    view! { <div class=format!("stat {}", figure.tone)><dt>{figure.name}</dt><dd>{value}</dd></div> }
        .into_any()
}
