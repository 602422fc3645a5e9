//! 价格: what was asked for goods over time.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;

wire! {
    /// A price of an offer, from the day its version was published on.
    pub struct PricePoint {
        /// The version's number.
        pub number: i32,
        /// Published at.
        pub at: Micros,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
    }

    /// What was asked for a kind of produce in a month, over all villages that had it on sale.
    pub struct PriceMonth {
        /// The month's first day.
        pub month: Day,
        /// Offers that were on sale in it.
        pub offers: i64,
        /// Villages that they are of.
        pub villages: i64,
        /// The lowest price, for a kg or a piece.
        pub min_fen: Fen,
        /// The one in the middle; of two, the lower.
        pub median_fen: Fen,
        /// The highest.
        pub max_fen: Fen,
    }

    /// The prices of a kind of produce, month by month.
    pub struct PriceMonths {
        /// The produce's key.
        pub produce: String,
        /// Its name.
        pub name: String,
        /// What the prices are for: a kg, or a piece.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// The months, oldest first; those without an offer are left out.
        pub months: Vec<PriceMonth>,
    }
}
