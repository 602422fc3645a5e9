//! How old a sum is: one bar of parts, and every part's sum with the way to its list.

use super::progress::{permille, tenths};
use crate::context::Cx;
use crate::text::amount;
use leptos::prelude::*;
use shared::domain::money::Fen;

/// Sums of one age.
#[derive(Clone, Debug)]
pub struct Age {
    /// Which age: `30 天以内`.
    pub name: String,
    /// What stands beside the name, as `4 张账单`; empty for nothing.
    pub note: String,
    /// The sum.
    pub sum: Fen,
    /// A tone of [`crate::text::status`].
    pub tone: &'static str,
    /// Its list, if there is one.
    pub href: Option<String>,
}

/// The bar and its key, youngest first, for inside a card.
pub fn ageing(cx: &Cx, ages: &[Age]) -> AnyView {
    let total = Fen::checked_sum(ages.iter().map(|age| age.sum)).unwrap_or(Fen::ZERO);
    let spoken: Vec<String> = (ages.iter())
        .map(|age| format!("{} {}", age.name, amount::cny(age.sum)))
        .collect();
    let mut filled = 0;
    let parts: Vec<_> = ages
        .iter()
        .map(|age| {
            let (from, part) = (filled, permille(age.sum, total).min(1000 - filled));
            filled += part;
            let fill = format!("bar-fill {}", age.tone);
            view! { <rect class=fill x=tenths(from) width=tenths(part) height="4"/> }
        })
        .collect();
    let key: Vec<_> = ages.iter().map(line).collect();
    view! {
        <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img"
            aria-label=spoken.join(cx.t("，", ", "))>{parts}</svg>
        <dl class="legend">
            {key}
            <div class="legend-total"><dt>{cx.t("合计", "Total")}</dt><dd class="sum">{amount::cny(total)}</dd></div>
        </dl>
    }
    .into_any()
}

fn line(age: &Age) -> AnyView {
    let name = match age.href.clone() {
        Some(href) => view! { <a href=href>{age.name.clone()}</a> }.into_any(),
        None => age.name.clone().into_any(),
    };
    let note = (!age.note.is_empty()).then(|| view! { <span class="legend-note">{age.note.clone()}</span> });
    view! {
        <div>
            <dt><i class=format!("dot {}", age.tone)></i>{name} " " {note}</dt>
            <dd class="sum">{amount::cny(age.sum)}</dd>
        </div>
    }
    .into_any()
}
