//! 依据: the accepted lines that stand behind a sum.

use crate::domain::calendar::Micros;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// What narrows the accepted lines; everything left out narrows nothing, but the year, which is this one.
    #[derive(Default)]
    pub struct EvidenceQuery {
        /// The year in which they were posted.
        pub year: Option<i32>,
        /// The month, 1 to 12.
        pub month: Option<u32>,
        /// Only produce of this category.
        pub category: Option<String>,
        /// Only villages of this town: its 9-digit code.
        pub town: Option<String>,
        /// Only this village: its 12-digit code.
        pub village: Option<String>,
        /// Only this unit.
        pub unit: Option<Uuid>,
    }

    /// Accepted lines behind a sum.
    pub struct EvidenceOut {
        /// The year.
        pub year: i32,
        /// How many lines.
        pub lines: i64,
        /// What the units owe for all of them.
        pub total_fen: Fen,
        /// What the villages gained by all of them.
        pub village_fen: Fen,
        /// The lines, the newest first.
        pub page: super::page::Page<EvidenceRow>,
    }

    /// An accepted line with its document and its signatures.
    pub struct EvidenceRow {
        /// The order line.
        pub line_id: Uuid,
        /// When it was posted.
        pub posted_at: Micros,
        /// The village.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// Its town's name.
        pub town_name: String,
        /// The unit.
        pub unit_name: String,
        /// The goods.
        pub name: String,
        /// Accepted.
        pub qty: Qty,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// Its sum.
        pub total_fen: Fen,
        /// The village's part.
        pub village_fen: Fen,
        /// The acceptance.
        pub acceptance_id: Uuid,
        /// Its number.
        pub acceptance_number: String,
        /// Who signed for the unit.
        pub unit_person_name: String,
        /// Who signed for the centre.
        pub centre_person_name: String,
        /// The ledger transaction.
        pub transaction_id: Uuid,
    }
}
