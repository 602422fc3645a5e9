//! 退款单: what a unit has on deposit goes back to it by bank transfer. One of the centre's finance prepares it, another releases it,
//! and it is booked when the bank has taken it: under the bank's own number.

named! {
    /// Where a refund by bank stands.
    pub enum RefundOrderStatus {
        /// 待复核: prepared; the sum is held on the deposit.
        Prepared = "prepared",
        /// 待付款: a second person has released it.
        Released = "released",
        /// 已付款: the bank has taken it, and it is in the books.
        Sent = "sent",
        /// 已撤销: the sum is free again.
        Cancelled = "cancelled",
    }
}

named! {
    /// What happens to a refund by bank.
    pub enum RefundOrderEvent {
        /// A second person lets it go.
        Release = "release",
        /// The bank has taken it.
        Send = "send",
        /// It is given up before it was sent.
        Cancel = "cancel",
    }
}

steps! { "refund order": RefundOrderStatus, RefundOrderEvent {
    Prepared => Release => Released,
    Released => Send => Sent,
    Prepared | Released => Cancel => Cancelled,
} }

/// Characters of a bank's name and of a payee's name.
pub const NAME: std::ops::RangeInclusive<usize> = 2..=80;
/// Characters of the number that a bank gives a transfer.
pub const BANK_REFERENCE: std::ops::RangeInclusive<usize> = 4..=64;

/// The digits of an account at a bank, as people write them: spaces and hyphens between them are left out.
///
/// `None` for anything else, and for fewer than 8 or more than 30 digits.
#[must_use]
pub fn account_no(typed: &str) -> Option<String> {
    let mut digits = String::with_capacity(typed.len());
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '-' => {}
            _ => return None,
        }
    }
    (8..=30).contains(&digits.len()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_digits() {
        assert_eq!(
            account_no(" 6222 0200-1234 5678 ").as_deref(),
            Some("6222020012345678")
        );
        for wrong in [
            "",
            "1234567",
            "6222x02001234",
            &"1".repeat(31),
            "６２２２０２００１２３４",
        ] {
            assert_eq!(account_no(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn nothing_is_sent_that_nobody_released() {
        use RefundOrderEvent as E;
        use RefundOrderStatus as S;
        assert_eq!(S::Prepared.next(E::Release), Ok(S::Released));
        assert!(S::Prepared.next(E::Send).is_err());
        assert!(S::Sent.next(E::Cancel).is_err());
        assert!(S::Cancelled.next(E::Release).is_err());
    }
}
