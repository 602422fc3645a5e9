//! 品种: a kind of produce.

use crate::domain::calendar::SeasonMonths;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;

wire! {
    /// A kind of produce.
    pub struct ProduceOut {
        /// Its key, which also names its drawn picture.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// Other names that it goes by and is found by.
        #[serde(default)]
        pub aliases: Vec<String>,
        /// Its category.
        pub category: String,
        /// How it is usually priced.
        pub price_unit: PriceUnit,
        /// The name of a piece, for goods sold by the piece.
        pub piece_name: Option<String>,
        /// A typical price for one price unit.
        pub typical_price_fen: Fen,
        /// The months it is in season.
        pub season: SeasonMonths,
        /// A geographical mark or certificate it is known for, or empty.
        pub mark: String,
    }
}
