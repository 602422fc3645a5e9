//! 审批: a unit's policy, and deciding over requests.

use crate::domain::approval::ApprovalKind;
use crate::domain::calendar::Micros;
use crate::domain::money::Fen;
use uuid::Uuid;

wire! {
    /// Which orders of a unit need an approval.
    pub struct PolicyIn {
        /// Which orders.
        pub kind: ApprovalKind,
        /// For `above`: orders of more than this need an approval, in fen; 0 otherwise.
        #[serde(default)]
        pub above_fen: Fen,
    }

    /// A unit's approval policy.
    pub struct PolicyOut {
        /// The unit.
        pub unit_id: Uuid,
        /// The unit's name.
        pub unit_name: String,
        /// Which orders.
        pub kind: ApprovalKind,
        /// For `above`: from more than this on, in fen.
        pub above_fen: Fen,
        /// How many people can approve; without one nothing may need an approval.
        pub approvers: i64,
    }

    /// Deciding over a request.
    pub struct DecisionIn {
        /// Yes or no.
        pub approve: bool,
        /// The revision that was seen: a request that was changed since is not decided unseen.
        pub revision: i32,
        /// Why; needed for a no, up to 200 characters.
        #[serde(default)]
        pub note: String,
    }

    /// What was decided over a request.
    pub struct DecisionOut {
        /// Yes or no.
        pub approved: bool,
        /// Who decided.
        pub by: String,
        /// When.
        pub at: Micros,
        /// Why.
        pub note: String,
    }
}
