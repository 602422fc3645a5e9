//! 在线付款: money that comes through a provider by card, Alipay or WeChat. A payment's states only ever move on: what is told
//! twice, late or out of order changes nothing.

use super::calendar::Day;
use super::money::Fen;

named! {
    /// Where a payment stands.
    pub enum PaymentStatus {
        /// 已登记: the provider has not been asked yet, or its answer was lost.
        Created = "created",
        /// 待付款 at the provider.
        Open = "open",
        /// 已付款.
        Paid = "paid",
        /// 已过期: nobody paid in time.
        Expired = "expired",
        /// 未成功.
        Failed = "failed",
        /// 已退款, all of it.
        Refunded = "refunded",
    }
}

named! {
    /// What happens to a payment.
    pub enum PaymentEvent {
        /// The provider has opened a page to pay on.
        Open = "open",
        /// The money has come. It counts whenever it is heard of.
        Pay = "pay",
        /// The time to pay is over.
        Expire = "expire",
        /// It cannot be paid this way.
        Fail = "fail",
        /// All of it was given back.
        Refund = "refund",
        /// What was given back has come back to us.
        Unrefund = "unrefund",
    }
}

steps! { "payment": PaymentStatus, PaymentEvent {
    Created => Open => Open,
    Created | Open | Expired | Failed => Pay => Paid,
    Created | Open => Expire => Expired,
    Created | Open => Fail => Failed,
    Paid => Refund => Refunded,
    Refunded => Unrefund => Paid,
} }

impl PaymentStatus {
    /// Whether the money has come.
    #[must_use]
    pub const fn has_come(self) -> bool {
        matches!(self, Self::Paid | Self::Refunded)
    }

    /// Whether the money may still come.
    #[must_use]
    pub const fn may_come(self) -> bool {
        matches!(self, Self::Created | Self::Open)
    }
}

named! {
    /// By what a unit paid.
    pub enum PayMethod {
        /// 银行卡.
        Card = "card",
        /// 支付宝.
        Alipay = "alipay",
        /// 微信支付.
        WechatPay = "wechat_pay",
        /// Something that the provider offers besides.
        Other = "other",
    }
}

named! {
    /// Where a refund stands.
    pub enum RefundStatus {
        /// 已登记: on its way to the provider.
        Asked = "asked",
        /// 退款中 at the provider.
        Pending = "pending",
        /// 已退回.
        Succeeded = "succeeded",
        /// 未退成: the sum is back on the unit's deposit.
        Failed = "failed",
    }
}

named! {
    /// What happens to a refund.
    pub enum RefundEvent {
        /// The provider works at it.
        Accept = "accept",
        /// The money has left.
        Succeed = "succeed",
        /// The money has not left, or has come back.
        Fail = "fail",
    }
}

steps! { "refund": RefundStatus, RefundEvent {
    Asked => Accept => Pending,
    Asked | Pending => Succeed => Succeeded,
    Asked | Pending | Succeeded => Fail => Failed,
} }

named! {
    /// Where a payout from the provider to the bank stands.
    pub enum PayoutStatus {
        /// 待付出.
        Pending = "pending",
        /// 付款中.
        InTransit = "in_transit",
        /// 已到银行.
        Paid = "paid",
        /// 已撤销, before it left.
        Canceled = "canceled",
        /// 被银行退回.
        Failed = "failed",
    }
}

impl PayoutStatus {
    /// Whether it is at the bank, or can still come there.
    #[must_use]
    pub const fn may_arrive(self) -> bool {
        !matches!(self, Self::Canceled | Self::Failed)
    }
}

/// Days between the day on which a payout is said to arrive and the day on which a bank books it, at the most.
const PAYOUT_DAYS: i32 = 7;

/// Whether a row of a bank's statement is a payout of this provider: the same sum, about that day, and the provider's name in what the
/// bank says of payer and purpose. A sum alone would do for many a unit's transfer too.
#[must_use]
pub fn is_payout(provider: &str, words: &str, row: (Fen, Day), payout: (Fen, Day)) -> bool {
    let named = words
        .to_ascii_lowercase()
        .contains(&provider.to_ascii_lowercase());
    let apart = row.1.0.abs_diff(payout.1.0);
    named && row.0 == payout.0 && i64::from(apart) <= i64::from(PAYOUT_DAYS)
}

named! {
    /// What changed the sum that the provider holds.
    pub enum MovementKind {
        /// A unit paid.
        Payment = "payment",
        /// Money was given back.
        Refund = "refund",
        /// A refund came back.
        RefundFailure = "refund_failure",
        /// The provider took a fee, or gave one back.
        Fee = "fee",
        /// Money went to the bank.
        Payout = "payout",
        /// Money came back from the bank.
        PayoutFailure = "payout_failure",
        /// Anything else, as a dispute: people look at it.
        Other = "other",
    }
}

named! {
    /// What the books made of a movement.
    pub enum MovementOutcome {
        /// Its fee is booked.
        Booked = "booked",
        /// It says what is booked already.
        Known = "known",
        /// What it belongs to is not known yet.
        Waiting = "waiting",
        /// People must look at it.
        Unclear = "unclear",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payout_is_known_by_name_sum_and_day() {
        let payout = (Fen(12_345), Day(20_000));
        let is = |words: &str, fen: i64, day: i32| is_payout("stripe", words, (Fen(fen), Day(day)), payout);
        assert!(is("STRIPE PAYMENTS 结算款", 12_345, 20_000));
        assert!(is("stripe", 12_345, 20_007) && is("Stripe", 12_345, 19_993));
        assert!(!is("Stripe", 12_345, 20_008), "too far apart");
        assert!(!is("Stripe", 12_346, 20_000), "another sum");
        assert!(!is("某单位货款", 12_345, 20_000), "not named");
    }
}
