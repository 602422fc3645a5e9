//! 售后: a correction after acceptance. It never edits what was accepted; when agreed, it posts its own transaction.

use super::calendar::Day;

/// Hours after both signatures in which an acceptance can be disputed, unless set otherwise.
pub const DEFAULT_CLAIM_WINDOW_H: i64 = 48;

/// Days that the centre has to answer a claim, unless set otherwise.
pub const DEFAULT_ANSWER_D: i32 = 7;

named! {
    /// Where a claim stands.
    pub enum ClaimStatus {
        /// 已提出.
        Opened = "opened",
        /// 已同意.
        Agreed = "agreed",
        /// 已驳回, with a reason.
        Refused = "refused",
        /// 已入账.
        Posted = "posted",
    }
}

named! {
    /// What happens to a claim.
    pub enum ClaimEvent {
        /// The centre agrees.
        Agree = "agree",
        /// The centre refuses; nothing is posted.
        Refuse = "refuse",
        /// The correction is in the ledger.
        Post = "post",
    }
}

impl ClaimStatus {
    /// Whether the centre should have answered before today. Nothing is decided by that: people are told.
    #[must_use]
    pub fn is_overdue(self, answer_by: Day, today: Day) -> bool {
        self == Self::Opened && today > answer_by
    }
}

steps! { "claim": ClaimStatus, ClaimEvent {
    Opened => Agree => Agreed,
    Opened => Refuse => Refused,
    Agreed => Post => Posted,
} }
