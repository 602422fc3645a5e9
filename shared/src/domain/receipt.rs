//! 到账: money that came to the bank. What the transfer code and the exact sum don't settle waits in suspense for two people.

pub mod statement;
pub mod suggest;

named! {
    /// Where a receipt stands.
    pub enum ReceiptStatus {
        /// 已导入 from a bank statement.
        Imported = "imported",
        /// 自动匹配: transfer code and exact sum.
        Matched = "matched",
        /// 待查: nobody knows yet what it pays.
        Suspense = "suspense",
        /// 人工匹配, waiting for a second person.
        MatchedByHand = "matched_by_hand",
        /// 已复核 by a second person.
        Confirmed = "confirmed",
        /// 已入账.
        Posted = "posted",
        /// 撤销中: somebody wants the match taken back, a second person decides.
        TakingBack = "taking_back",
        /// 平台划款: no unit's payment but a payout of a provider of payments, told after it was imported.
        Payout = "payout",
    }
}

named! {
    /// What happens to a receipt.
    pub enum ReceiptEvent {
        /// Code and sum agree with a bill.
        Match = "match",
        /// They don't.
        Suspend = "suspend",
        /// A person says what it pays.
        MatchByHand = "match_by_hand",
        /// Another person agrees.
        Confirm = "confirm",
        /// Another person does not agree, or whoever said so takes it back.
        Refuse = "refuse",
        /// The ledger transaction is posted.
        Post = "post",
        /// A person wants the match taken back.
        AskBack = "ask_back",
        /// Another person leaves it as it is.
        Keep = "keep",
        /// Another person agrees: it is reversed.
        TakeBack = "take_back",
        /// A provider of payments tells of the payout that it is.
        Recognise = "recognise",
    }
}

steps! { "receipt": ReceiptStatus, ReceiptEvent {
    Imported => Match => Matched,
    Imported => Suspend => Suspense,
    Suspense => MatchByHand => MatchedByHand,
    MatchedByHand => Confirm => Confirmed,
    MatchedByHand => Refuse => Suspense,
    Matched | Confirmed => Post => Posted,
    Posted => AskBack => TakingBack,
    TakingBack => Keep => Posted,
    TakingBack => TakeBack => Suspense,
    Suspense => Recognise => Payout,
} }

impl ReceiptStatus {
    /// Whether its money still lies in suspense.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Posted | Self::TakingBack | Self::Payout)
    }

    /// Whether a second person has to decide.
    #[must_use]
    pub const fn waits(self) -> bool {
        matches!(self, Self::MatchedByHand | Self::TakingBack)
    }
}

named! {
    /// Where a match of a receipt stands.
    pub enum MatchState {
        /// 待复核: waits for a second person.
        Proposed = "proposed",
        /// 已退回 by the second person.
        Refused = "refused",
        /// 已入账.
        Posted = "posted",
        /// 撤销待复核: a second person decides whether it is taken back.
        AskedBack = "asked_back",
        /// 已撤销: reversed.
        TakenBack = "taken_back",
    }
}
