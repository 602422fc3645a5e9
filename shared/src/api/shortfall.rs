//! 缺货: what a village delivers less of, and what the unit chooses to do about it.

use super::order::PlacedOut;
use crate::domain::calendar::Micros;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use crate::domain::shortfall::ShortfallChoice;
use uuid::Uuid;

wire! {
    /// A line that came short.
    pub struct ShortfallOut {
        /// The order line.
        pub line_id: Uuid,
        /// The village order.
        pub village_order_id: Uuid,
        /// The village's name.
        pub village_name: String,
        /// The goods.
        pub name: String,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// Ordered.
        pub qty: Qty,
        /// What is missing of it.
        pub missing_qty: Qty,
        /// To be chosen until then; after that the unit takes what is confirmed.
        pub decide_by: Micros,
        /// What was chosen.
        pub choice: Option<ShortfallChoice>,
        /// Who chose; empty for the deadline.
        pub chosen_by: String,
        /// The order that was placed instead.
        pub supplement_id: Option<Uuid>,
        /// Whether the village's part can still be taken back.
        pub cancellable: bool,
        /// Similar goods of other villages, the cheapest first; only while it is to be chosen.
        pub suggestions: Vec<SuggestionOut>,
    }

    /// Goods that could replace what is missing.
    pub struct SuggestionOut {
        /// The offer.
        pub offer_id: Uuid,
        /// The version on sale.
        pub version_id: Uuid,
        /// The name with its grade.
        pub name: String,
        /// The village.
        pub village_name: String,
        /// The town.
        pub town_name: String,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// The amount that covers what is missing, in the offer's steps.
        pub qty: Qty,
        /// What can be ordered at the most.
        pub free: Qty,
        /// The sum of that amount.
        pub total_fen: Fen,
    }

    /// Choosing what to do about a line that came short.
    pub struct ChoiceIn {
        /// The order line.
        pub line_id: Uuid,
        /// What to do. `cancel` takes the village's whole part back.
        pub choice: ShortfallChoice,
        /// For `replace`: the offer to order from.
        #[serde(default)]
        pub offer_id: Option<Uuid>,
        /// For `replace`: the version that was seen.
        #[serde(default)]
        pub version_id: Option<Uuid>,
        /// For `replace`: how much, in base units.
        #[serde(default)]
        pub qty: Option<Qty>,
    }

    /// What came of a choice.
    pub struct ChoiceOut {
        /// The order placed instead, where one was.
        pub supplement: Option<PlacedOut>,
    }
}
