//! 结算: paying villages, in batches, what they have been credited. A bounced transfer opens again.

pub mod result;

use super::money::Fen;

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

named! {
    /// Where a batch of settlements stands.
    pub enum BatchStatus {
        /// 待复核: prepared by one, waiting for another.
        Open = "open",
        /// 已复核: released, its file is ready for the bank.
        Locked = "locked",
        /// 已送银行: the bank has the order.
        Sent = "sent",
        /// 已办结: the bank has answered for every payee.
        Done = "done",
        /// 已作废 before it was released; what stood on it is free again.
        Discarded = "discarded",
    }
}

named! {
    /// Why a payee is not in a batch.
    pub enum LeftOut {
        /// No account is known.
        NoAccount = "no_account",
        /// The account was entered and nobody of the centre has checked it.
        AccountUnchecked = "account_unchecked",
        /// What is taken back is as much as what is owed, or more: it is carried into the next settlement.
        Negative = "negative",
        /// Less than the smallest sum of the batch.
        BelowMinimum = "below_minimum",
        /// There is no room for more payees: the next batch has them.
        NoRoom = "no_room",
    }
}

/// Whether a payee can be paid, and why not.
#[must_use]
pub fn left_out(sum: Fen, minimum: Fen, account: Option<bool>) -> Option<LeftOut> {
    if sum <= Fen::ZERO {
        Some(LeftOut::Negative)
    } else if sum < minimum {
        Some(LeftOut::BelowMinimum)
    } else {
        match account {
            None => Some(LeftOut::NoAccount),
            Some(false) => Some(LeftOut::AccountUnchecked),
            Some(true) => None,
        }
    }
}
