//! 账单: what a unit owes for one order or for a month of them. Whether it is overdue is derived, never stored.

use super::calendar::Day;
use super::money::Fen;

/// Days that a public body has to pay after delivery.
pub const PUBLIC_TERMS_D: i32 = 30;

/// Days that a large firm has, and the cap of any contract.
pub const LONGEST_TERMS_D: i32 = 60;

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
        /// Some of it is paid.
        PayPart = "pay_part",
        /// The rest of it is paid.
        PayRest = "pay_rest",
    }
}

steps! { "bill": BillStatus, BillEvent {
    Unbilled => Issue => Billed,
    Billed | PartPaid => PayPart => PartPaid,
    Billed | PartPaid => PayRest => Paid,
} }

impl BillStatus {
    /// What a payment does to a bill of which `open_before_fen` was still to be paid; `None` when it pays nothing.
    #[must_use]
    pub fn payment(open_before_fen: Fen, paid_fen: Fen) -> Option<BillEvent> {
        if paid_fen <= Fen::ZERO || open_before_fen <= Fen::ZERO {
            None
        } else if paid_fen < open_before_fen {
            Some(BillEvent::PayPart)
        } else {
            Some(BillEvent::PayRest)
        }
    }

    /// Whether it should have been paid before today.
    #[must_use]
    pub fn is_overdue(self, due_on: Day, today: Day) -> bool {
        matches!(self, Self::Billed | Self::PartPaid) && today > due_on
    }
}
