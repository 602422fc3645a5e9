//! 售后单: what is disputed of an acceptance within its time, what was said, and what was decided.

use super::acceptance::VarianceReason;
use super::refund_order::ClaimMoneyOut;
use crate::domain::calendar::{Day, Micros};
use crate::domain::claim::ClaimStatus;
use crate::domain::identity::Role;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// Opens a claim over lines of a posted acceptance.
    pub struct ClaimIn {
        /// The acceptance.
        pub acceptance_id: Uuid,
        /// What is disputed, 1 to 100 lines.
        pub lines: Vec<ClaimLineIn>,
        /// What happened, 2 to 500 characters.
        pub words: String,
    }

    /// What is disputed of one line: an amount of goods, or a sum off its price.
    pub struct ClaimLineIn {
        /// The order line.
        pub line_id: Uuid,
        /// How much of it is to be taken back, in base units; its sum follows from the line's price.
        #[serde(default)]
        pub qty: Option<Qty>,
        /// A sum off the line, where the goods are kept.
        #[serde(default)]
        pub asked_fen: Option<Fen>,
        /// Why.
        pub reason: VarianceReason,
        /// A photo.
        #[serde(default)]
        pub photo_id: Option<Uuid>,
    }

    /// A word in a claim's conversation.
    pub struct ClaimEntryIn {
        /// What is said, 1 to 500 characters.
        pub words: String,
        /// A photo.
        #[serde(default)]
        pub photo_id: Option<Uuid>,
    }

    /// The centre's decision.
    pub struct ClaimAnswerIn {
        /// Agreed or refused.
        pub agree: bool,
        /// What is agreed, line by line; all of it when left out.
        #[serde(default)]
        pub lines: Vec<ClaimAgreedIn>,
        /// Why, 2 to 500 characters.
        pub words: String,
    }

    /// What is agreed of one line.
    pub struct ClaimAgreedIn {
        /// The order line.
        pub line_id: Uuid,
        /// The sum, from nothing to what was asked.
        pub agreed_fen: Fen,
    }

    /// What a list of claims is narrowed to.
    #[derive(Default)]
    pub struct ClaimQuery {
        /// Only claims in this state.
        pub state: Option<ClaimStatus>,
        /// Only those that are not answered though their last day is over.
        pub overdue: bool,
        /// Only claims over this acceptance.
        pub acceptance_id: Option<Uuid>,
    }

    /// A claim in a list.
    pub struct ClaimRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The acceptance.
        pub acceptance_id: Uuid,
        /// Its number.
        pub acceptance_number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// Where it stands.
        pub status: ClaimStatus,
        /// The sum asked for.
        pub asked_fen: Fen,
        /// The sum agreed to.
        pub agreed_fen: Option<Fen>,
        /// When it was opened.
        pub opened_at: Micros,
        /// The last day for the centre to answer.
        pub answer_by: Day,
        /// Whether that day is over and nobody has answered.
        pub overdue: bool,
        /// When it was decided.
        pub answered_at: Option<Micros>,
    }

    /// A claim with everything in it. A village and a town see their own lines.
    pub struct ClaimOut {
        /// Its row.
        pub row: ClaimRow,
        /// The order.
        pub order_id: Uuid,
        /// Who opened it.
        pub opened_by_name: String,
        /// Who decided.
        pub answered_by_name: Option<String>,
        /// The decision in words.
        pub answer: String,
        /// What is disputed.
        pub lines: Vec<ClaimLineOut>,
        /// What was said, oldest first.
        pub entries: Vec<ClaimEntryOut>,
        /// Where its money is, once it is posted; only for the unit, the centre's finance and the auditor.
        pub money: Option<ClaimMoneyOut>,
    }

    /// A disputed line.
    pub struct ClaimLineOut {
        /// The order line.
        pub line_id: Uuid,
        /// The village's code.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// The goods.
        pub name: String,
        /// The lot's trace code.
        pub lot_code: String,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// What was accepted.
        pub accepted_qty: Qty,
        /// Its sum.
        pub accepted_fen: Fen,
        /// How much is to be taken back; nothing when only the price is disputed.
        pub qty: Qty,
        /// The sum asked for.
        pub asked_fen: Fen,
        /// The sum agreed to, once decided.
        pub agreed_fen: Option<Fen>,
        /// Why.
        pub reason: VarianceReason,
        /// A photo.
        pub photo_id: Option<Uuid>,
    }

    /// Something said.
    pub struct ClaimEntryOut {
        /// When.
        pub at: Micros,
        /// Who.
        pub person_name: String,
        /// In which role.
        pub role: Role,
        /// What.
        pub words: String,
        /// A photo.
        pub photo_id: Option<Uuid>,
    }
}
