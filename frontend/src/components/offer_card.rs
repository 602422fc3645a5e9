//! An offer on the shelf.

use super::photo::cover;
use super::produce_picture::tint;
use super::season_bar::season_bar;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::catalogue::{Badge, OfferCard};
use shared::domain::price::PriceUnit;

/// A grid of offer cards.
pub fn offers_grid(cx: &Cx, cards: &[OfferCard]) -> AnyView {
    let items: Vec<_> = cards
        .iter()
        .map(|card| view! { <li>{offer_card(cx, card)}</li> })
        .collect();
    view! { <ul class="offers-grid">{items}</ul> }.into_any()
}

/// One card.
pub fn offer_card(cx: &Cx, card: &OfferCard) -> AnyView {
    let out = card.free.0 <= 0;
    let class = if out { "offer-card is-out" } else { "offer-card" };
    let badges: Vec<_> = badges(cx, card)
        .into_iter()
        .map(|(tone, word)| view! { <li class=format!("chip {tone}")>{word}</li> })
        .collect();
    let badges = (!badges.is_empty()).then(|| view! { <ul class="offer-badges">{badges}</ul> });
    view! {
        <article class=class data-offer=card.id.to_string()>
            <div class=format!("offer-picture {}", tint(&card.produce))>
                {cover(cx, card.cover.as_ref(), &card.produce)}
                {badges}
            </div>
            <div class="offer-body">
                <h3 class="offer-name"><a href=format!("/goods/{}", card.id)>{full_name(card)}</a></h3>
                <p class="offer-place">{place(card)}</p>
                <p class="offer-price">
                    {price(cx, card, "price")}
                    <span class="chip chip-square tone-pine">
                        {cx.t("村集体", "Village")} " " {amount::signed(card.village_fen)}
                    </span>
                </p>
                {season_bar(cx, card.season)}
            </div>
        </article>
    }
    .into_any()
}

/// The name with its grade.
#[must_use]
pub fn full_name(card: &OfferCard) -> String {
    if card.grade.is_empty() {
        card.name.clone()
    } else {
        format!("{} {}", card.name, card.grade)
    }
}

/// Town and village.
#[must_use]
pub fn place(card: &OfferCard) -> String {
    format!("{} {}", card.town_name, card.village_name)
}

/// The price in its colour.
pub fn price(cx: &Cx, card: &OfferCard, class: &'static str) -> AnyView {
    let unit = amount::unit(cx.lang(), card.price_unit, card.piece_name.as_deref());
    view! { <span class=class>{amount::cny(card.price_fen)}<small>{format!("/{unit}")}</small></span> }
        .into_any()
}

/// What is said about a card in chips: that it is sold out, or the badge it holds.
#[must_use]
pub fn badges(cx: &Cx, card: &OfferCard) -> Vec<(&'static str, String)> {
    if card.free.0 <= 0 {
        return vec![(status::PLAIN, cx.t("已售完", "Sold out").to_owned())];
    }
    let ahead = card.expected_on.map(|expected| {
        let words = match cx.lang() {
            Lang::Zh => format!("预售 · {} 起", day::short(cx.lang(), expected)),
            Lang::En => format!("Ahead · from {}", day::short(cx.lang(), expected)),
        };
        (status::MILLET, words)
    });
    let badge = card.badge.map(|badge| badge_words(cx, card, badge));
    ahead.into_iter().chain(badge).collect()
}

fn badge_words(cx: &Cx, card: &OfferCard, badge: Badge) -> (&'static str, String) {
    let word = badge.word(cx.lang());
    if badge != Badge::Urgent {
        return (badge.tone(), word.to_owned());
    }
    let left = match card.price_unit {
        PriceUnit::Piece => amount::qty(cx.lang(), card.free, card.price_unit, card.piece_name.as_deref()),
        PriceUnit::Jin | PriceUnit::Kg => amount::weight(cx.lang(), card.free),
    };
    (badge.tone(), format!("{word}{}{left}", cx.t(" · 余 ", " · ")))
}
