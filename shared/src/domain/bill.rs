//! 账单: what a unit owes for one order or for a month of them. Whether it is overdue is derived, never stored.

use super::calendar::Day;
use super::money::{Fen, MoneyError};

/// Days that a public body has to pay after delivery.
pub const PUBLIC_TERMS_D: i32 = 30;

/// Days that a large firm has, and the cap of any contract.
pub const LONGEST_TERMS_D: i32 = 60;

named! {
    /// What a unit's bills cover.
    pub enum Billing {
        /// 按单开账: every order has its own.
        Order = "order",
        /// 按月开账: one bill for all that was delivered in a month.
        Month = "month",
    }
}

named! {
    /// How a bill was paid.
    pub enum PayWay {
        /// 银行转账.
        Bank = "bank",
        /// 在线支付: card, Alipay, WeChat.
        Online = "online",
        /// 预存款抵扣.
        Deposit = "deposit",
    }
}

named! {
    /// Where a bill stands.
    pub enum BillStatus {
        /// 未开账.
        Unbilled = "unbilled",
        /// 已开账.
        Billed = "billed",
        /// 部分付款.
        PartPaid = "part_paid",
        /// 已付清.
        Paid = "paid",
    }
}

named! {
    /// What happens to a bill.
    pub enum BillEvent {
        /// It is sent to the unit.
        Issue = "issue",
        /// Some of it is paid, or taken off by a claim.
        PayPart = "pay_part",
        /// The rest of it is paid, or taken off by a claim.
        PayRest = "pay_rest",
        /// A payment is taken back, all of it is open again.
        UnpayAll = "unpay_all",
        /// A payment is taken back, something stays paid.
        UnpayPart = "unpay_part",
    }
}

steps! { "bill": BillStatus, BillEvent {
    Unbilled => Issue => Billed,
    Billed | PartPaid => PayPart => PartPaid,
    Billed | PartPaid => PayRest => Paid,
    PartPaid | Paid => UnpayAll => Billed,
    PartPaid | Paid => UnpayPart => PartPaid,
} }

impl BillStatus {
    /// The state of an issued bill of which so much was paid, or taken off, and so much is open.
    #[must_use]
    pub fn of_sums(done_fen: Fen, open_fen: Fen) -> Self {
        if open_fen <= Fen::ZERO {
            Self::Paid
        } else if done_fen > Fen::ZERO {
            Self::PartPaid
        } else {
            Self::Billed
        }
    }

    /// Whether it should have been paid before today.
    #[must_use]
    pub fn is_overdue(self, due_on: Day, today: Day) -> bool {
        matches!(self, Self::Billed | Self::PartPaid) && today > due_on
    }
}

/// The day a bill is due: the unit's terms after the last delivery on it, but never later than the longest terms after the
/// first (保障中小企业款项支付条例: 30 days for public bodies, 60 at the most for anybody).
#[must_use]
pub fn due_on(first_delivery: Day, last_delivery: Day, terms_d: i32) -> Day {
    let terms = terms_d.clamp(1, LONGEST_TERMS_D);
    last_delivery
        .add_days(terms)
        .min(first_delivery.add_days(LONGEST_TERMS_D))
}

/// How a sum pays open items: the oldest first, each in full before the next. The parts sum to the sum exactly.
///
/// # Errors
/// More than is open in all, or a sum that is not above zero.
pub fn allocate(open_fen: &[Fen], sum: Fen) -> Result<Vec<Fen>, AllocationError> {
    if sum <= Fen::ZERO {
        return Err(AllocationError::Nothing);
    }
    let mut rest = sum;
    let mut parts = Vec::with_capacity(open_fen.len());
    for open in open_fen {
        let part = rest.min((*open).max(Fen::ZERO));
        rest = rest.checked_sub(part)?;
        parts.push(part);
    }
    if rest > Fen::ZERO {
        Err(AllocationError::TooMuch { over_fen: rest })
    } else {
        Ok(parts)
    }
}

/// Why a sum can't be allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// Nothing to allocate.
    #[error("a sum to be allocated is above zero")]
    Nothing,
    /// More than is open.
    #[error("{over_fen:?} more than is open")]
    TooMuch {
        /// By how much.
        over_fen: Fen,
    },
    /// The sums don't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn terms_run_from_the_last_delivery_and_never_past_sixty_days_from_the_first() {
        let one = day("2026-11-21");
        assert_eq!(due_on(one, one, 30), day("2026-12-21"));
        assert_eq!(due_on(one, one, 90), day("2027-01-20"));
        assert_eq!(
            due_on(day("2026-11-01"), day("2026-11-30"), 30),
            day("2026-12-30")
        );
        assert_eq!(
            due_on(day("2026-11-01"), day("2026-11-30"), 60),
            day("2026-12-31")
        );
    }

    #[test]
    fn overdue_is_the_day_after() {
        let due = day("2026-11-21");
        assert!(!BillStatus::Billed.is_overdue(due, due));
        assert!(BillStatus::PartPaid.is_overdue(due, due.add_days(1)));
        assert!(!BillStatus::Paid.is_overdue(due, due.add_days(1)));
    }

    #[test]
    fn the_oldest_is_paid_first() {
        let open = [Fen(300), Fen(0), Fen(200)];
        assert_eq!(allocate(&open, Fen(350)), Ok(vec![Fen(300), Fen(0), Fen(50)]));
        assert_eq!(
            allocate(&open, Fen(501)),
            Err(AllocationError::TooMuch { over_fen: Fen(1) })
        );
        assert_eq!(allocate(&open, Fen(0)), Err(AllocationError::Nothing));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_sum(open in prop::collection::vec(0_i64..1_000_000, 0..20), sum in 1_i64..5_000_000) {
            let open: Vec<Fen> = open.into_iter().map(Fen).collect();
            let all = Fen::checked_sum(open.iter().copied()).expect("fits");
            match allocate(&open, Fen(sum)) {
                Ok(parts) => {
                    prop_assert!(sum <= all.0);
                    prop_assert_eq!(Fen::checked_sum(parts.iter().copied()), Ok(Fen(sum)));
                    prop_assert!(parts.iter().zip(&open).all(|(part, open)| part <= open));
                    // Whatever is not paid in full is followed by nothing that is paid.
                    let first_open = parts.iter().zip(&open).position(|(part, open)| part < open);
                    prop_assert!(first_open.is_none_or(|at| parts[at + 1..].iter().all(|p| p.is_zero())));
                }
                Err(AllocationError::TooMuch { over_fen }) => prop_assert_eq!(over_fen.0, sum - all.0),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
