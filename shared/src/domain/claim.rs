//! 售后: a correction after acceptance. It never edits what was accepted; when agreed, it posts its own transaction.

/// Hours after both signatures in which an acceptance can be disputed, unless set otherwise.
pub const DEFAULT_CLAIM_WINDOW_H: i64 = 48;

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

steps! { "claim": ClaimStatus, ClaimEvent {
    Opened => Agree => Agreed,
    Opened => Refuse => Refused,
    Agreed => Post => Posted,
} }
