//! 篮子: what a buyer means to order, kept while signed out and through sign-in.

use super::catalogue::OfferCard;
use crate::domain::money::Fen;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// Putting an offer into the basket, or changing how much; 0 takes it out.
    pub struct BasketLineIn {
        /// The offer.
        pub offer_id: Uuid,
        /// How much, in base units (grams or pieces).
        pub qty: Qty,
    }

    /// A basket, by village.
    pub struct BasketOut {
        /// The villages, in code order.
        pub villages: Vec<BasketVillage>,
        /// How many lines.
        pub count: i64,
        /// The sum of the lines.
        pub total_fen: Fen,
    }

    /// What is in the basket from one village.
    pub struct BasketVillage {
        /// Its code.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// Its lines.
        pub lines: Vec<BasketLine>,
        /// Their sum.
        pub total_fen: Fen,
    }

    /// A line of a basket, priced as of now.
    pub struct BasketLine {
        /// The offer as it is now.
        pub offer: OfferCard,
        /// The version on sale: ordering names it, so that a change in between is not bought unseen.
        pub version_id: Uuid,
        /// How much, in base units.
        pub qty: Qty,
        /// The least one may order.
        pub min_qty: Qty,
        /// The step.
        pub step_qty: Qty,
        /// The line's sum.
        pub total_fen: Fen,
        /// Still on sale.
        pub on_sale: bool,
    }
}
