//! The drawn pictures of kinds of produce.

use crate::context::Cx;

/// Kinds that have a drawing and a ground of their own.
const DRAWN: [&str; 17] = [
    "apple",
    "bailing-mushroom",
    "blueberry",
    "carp",
    "chestnut",
    "chilli",
    "crisp-pear",
    "foxi-pear",
    "grains",
    "hand-walnut",
    "hawthorn",
    "honey",
    "morel",
    "persimmon",
    "shiitake",
    "walnut",
    "watermelon",
];

/// The drawing that stands for a kind; kinds without one share a basket of produce.
#[must_use]
pub fn drawing(slug: &str) -> &str {
    if DRAWN.contains(&slug) { slug } else { "generic" }
}

/// The address of a kind's drawing.
#[must_use]
pub fn picture(cx: &Cx, slug: &str) -> String {
    cx.asset(&format!("produce/{}.svg", drawing(slug)))
}

/// The class of the quiet ground that a kind's drawing stands on.
#[must_use]
pub fn tint(slug: &str) -> String {
    format!("tint-{}", drawing(slug))
}
