//! 到账: money that came to the bank. What the transfer code and the exact sum don't settle waits in suspense for two people.

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
        /// The ledger transaction is posted.
        Post = "post",
    }
}

steps! { "receipt": ReceiptStatus, ReceiptEvent {
    Imported => Match => Matched,
    Imported => Suspend => Suspense,
    Suspense => MatchByHand => MatchedByHand,
    MatchedByHand => Confirm => Confirmed,
    Matched | Confirmed => Post => Posted,
} }
