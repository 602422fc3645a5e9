//! Twelve months, those in season filled, this month outlined.

use crate::context::Cx;
use crate::text::{Lang, day};
use leptos::prelude::*;
use shared::domain::calendar::SeasonMonths;

/// The bar alone, as cards have it.
pub fn season_bar(cx: &Cx, season: SeasonMonths) -> AnyView {
    let now = cx.today.month();
    let months: Vec<_> = (1..=12u32)
        .map(|month| {
            let class = if season.contains(month) { "on" } else { "off" };
            let x = (month - 1) * 20 + 1;
            view! { <rect class=class x=x.to_string() y="2.5" width="18" height="5" rx="2.5"/> }
        })
        .collect();
    let outline = ((now.max(1) - 1) * 20).to_string();
    view! {
        <svg class="season-bar" viewBox="0 0 240 10" role="img" aria-label=words(cx, season)>
            {months}
            <rect class="now" x=outline y="1" width="20" height="8" rx="4"/>
        </svg>
    }
    .into_any()
}

/// The bar with the months' numbers below it.
pub fn season_months(cx: &Cx, season: SeasonMonths) -> AnyView {
    let numbers: Vec<_> = (1..=12u32)
        .map(|month| view! { <span>{month.to_string()}</span> })
        .collect();
    view! {
        <div class="season">
            {season_bar(cx, season)}
            <p class="season-months" aria-hidden="true">{numbers}</p>
        </div>
    }
    .into_any()
}

/// The season in words: `应季 10、11 月`.
#[must_use]
pub fn words(cx: &Cx, season: SeasonMonths) -> String {
    if season == SeasonMonths::ALL_YEAR {
        return cx.t("全年应季", "In season all year").to_owned();
    }
    let months: Vec<u32> = season.months().collect();
    match cx.lang() {
        Lang::Zh => {
            let numbers: Vec<String> = months.iter().map(u32::to_string).collect();
            format!("{} 月应季", numbers.join("、"))
        }
        Lang::En => {
            let names: Vec<&str> = months.iter().map(|m| day::month(Lang::En, *m)).collect();
            format!("In season: {}", names.join(", "))
        }
    }
}
