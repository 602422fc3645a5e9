//! 村: a village and what the public sees of it.

use super::catalogue::OfferCard;
use crate::domain::money::Fen;

wire! {
    /// A village as lists show it.
    pub struct VillageRow {
        /// 12-digit official code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// 9-digit code of its town.
        pub town_code: String,
        /// The town's name.
        pub town_name: String,
        /// Whether it is one of the aided villages.
        pub aided: bool,
        /// Its target of collective income for a year.
        pub target_fen: Fen,
        /// Collective income credited this year (sources that the target counts).
        pub credited_fen: Fen,
        /// How many published offers it has.
        pub offers: i64,
    }

    /// A village's public page.
    pub struct VillageOut {
        /// The village.
        pub village: VillageRow,
        /// The year the figures are of.
        pub year: i32,
        /// What it sells now.
        pub offers: Vec<OfferCard>,
        /// Latest credits, newest first, without any person's data.
        pub credits: Vec<PublicCredit>,
    }

    /// A credit as the public may see it.
    pub struct PublicCredit {
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// The goods.
        pub goods: String,
        /// How much was accepted.
        pub qty: crate::domain::quantity::Qty,
        /// The price unit, which says how to write the quantity.
        pub price_unit: crate::domain::price::PriceUnit,
        /// The name of a piece, for goods sold by the piece.
        pub piece_name: Option<String>,
        /// What the village's collective income gained.
        pub amount_fen: Fen,
        /// The day it was credited.
        pub day: crate::domain::calendar::Day,
    }
}
