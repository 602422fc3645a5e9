//! 结算: paying villages, in batches, what they have been credited. A bounced transfer opens again.

named! {
    /// Who is owed a payable.
    pub enum PayeeKind {
        /// 村集体, by its 12-digit code.
        Village = "village",
        /// 低收入户, by id.
        Household = "household",
        /// 合作社, by its seller's id.
        Coop = "coop",
    }
}

named! {
    /// Where a settlement stands.
    pub enum SettlementStatus {
        /// 待提交: sums may still change.
        Open = "open",
        /// 已锁定: two people have seen the sums.
        Locked = "locked",
        /// 已发出 to the bank.
        Sent = "sent",
        /// 已到账 at the village.
        Confirmed = "confirmed",
        /// 已退回 by the bank; the payable stands again.
        Bounced = "bounced",
    }
}

named! {
    /// What happens to a settlement.
    pub enum SettlementEvent {
        /// The sums are fixed.
        Lock = "lock",
        /// The bank has the order.
        Send = "send",
        /// The bank has paid.
        Confirm = "confirm",
        /// The bank could not pay.
        Bounce = "bounce",
        /// To be mended and sent again.
        Reopen = "reopen",
    }
}

steps! { "settlement": SettlementStatus, SettlementEvent {
    Open => Lock => Locked,
    Locked => Send => Sent,
    Sent => Confirm => Confirmed,
    Sent => Bounce => Bounced,
    Bounced => Reopen => Open,
} }
