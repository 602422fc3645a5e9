//! 追溯: from a number to every fen that stands behind it, and from a fen back to who asked for the goods.

use crate::domain::calendar::Micros;
use crate::domain::money::Fen;
use crate::domain::order::OrderStatus;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use crate::domain::village_order::VillageOrderStatus;
use uuid::Uuid;

wire! {
    /// What was found behind a number.
    pub struct TrailOut {
        /// The number that was asked for.
        pub asked: String,
        /// One row a line and acceptance, 100 at the most.
        pub rows: Vec<TrailRow>,
    }

    /// One line of goods, from the fen to the request.
    pub struct TrailRow {
        /// The village.
        pub village_code: String,
        /// Its town and name.
        pub village_name: String,
        /// The goods.
        pub name: String,
        /// The lot's trace code.
        pub lot_code: String,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// The village's entry, once credited.
        pub entry: Option<TrailEntry>,
        /// The weighing and its signatures, once somebody signed.
        pub acceptance: Option<TrailAcceptance>,
        /// The village order.
        pub village_order: TrailVillageOrder,
        /// The order.
        pub order: TrailOrder,
    }

    /// An entry in a village's chain.
    pub struct TrailEntry {
        /// The transaction.
        pub transaction_id: Uuid,
        /// The village's gain.
        pub amount_fen: Fen,
        /// Its place in the village's chain.
        pub chain_seq: i64,
        /// Its hash, hex.
        pub hash: String,
    }

    /// What was weighed and by whom it was signed.
    pub struct TrailAcceptance {
        /// The acceptance.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// What was accepted.
        pub qty: Qty,
        /// Its sum.
        pub total_fen: Fen,
        /// The village's part.
        pub village_fen: Fen,
        /// Who signed for the unit.
        pub unit_person_name: Option<String>,
        /// When.
        pub unit_signed_at: Option<Micros>,
        /// Who signed for the centre.
        pub centre_person_name: Option<String>,
        /// When.
        pub centre_signed_at: Option<Micros>,
    }

    /// The village's part of the order.
    pub struct TrailVillageOrder {
        /// The village order.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Where it stands.
        pub status: VillageOrderStatus,
        /// What the village confirmed.
        pub confirmed_qty: Qty,
    }

    /// The order that it all began with.
    pub struct TrailOrder {
        /// The order.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Where it stands.
        pub status: OrderStatus,
        /// The unit.
        pub unit_name: String,
        /// What was ordered of the line.
        pub qty: Qty,
        /// Who asked for it.
        pub requested_by_name: String,
        /// When.
        pub placed_at: Micros,
    }
}
