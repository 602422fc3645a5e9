//! Refunds telescope: however a return is sliced, all slices together give back exactly what was paid.

use super::fee::FeeRate;
use super::money::{Fen, MoneyError};
use super::price::{Price, PriceUnit, line_total};
use super::quantity::Qty;
use super::share::{SharePolicy, Shares, split_line};

/// Why a refund could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// The sums don't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// More than was accepted would remain, so there is nothing to give back.
    #[error("the remaining amount costs more than what is left of the line")]
    NothingLeft,
}

/// The refund of a line: (stored total − already refunded) − total at the remaining amount.
///
/// # Errors
/// A negative remaining amount, or one that costs more than what is left of the line.
pub fn refund_of_line(
    price: Price,
    stored_total: Fen,
    already_refunded: Fen,
    remaining: Qty,
) -> Result<Fen, RefundError> {
    let left = stored_total.checked_sub(already_refunded)?;
    let refund = left.checked_sub(line_total(price, remaining)?)?;
    if refund < Fen::ZERO {
        Err(RefundError::NothingLeft)
    } else {
        Ok(refund)
    }
}

/// Who gives back what of a refund: what everybody has of the line now, less what they would have of the remaining amount.
///
/// A part can be negative by a fen or two of rounding; the parts always sum to the refund.
///
/// # Errors
/// A negative remaining amount or total, or a part that can't be held.
pub fn refund_of_shares(
    held: Shares,
    policy: SharePolicy,
    remaining_total: Fen,
    remaining: Qty,
    price_unit: PriceUnit,
    fee: FeeRate,
) -> Result<Shares, MoneyError> {
    held.checked_sub(split_line(policy, remaining_total, remaining, price_unit, fee)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_thirds_are_the_whole() {
        let price = Price {
            fen: Fen(1),
            unit: PriceUnit::Jin,
        };
        let total = line_total(price, Qty(750)).expect("fits");
        let mut refunded = Fen::ZERO;
        for remaining in [500, 250, 0] {
            let part = refund_of_line(price, total, refunded, Qty(remaining)).expect("something is left");
            refunded = refunded.checked_add(part).expect("fits");
        }
        assert_eq!(refunded, total);
    }

    #[test]
    fn gives_nothing_back_when_more_remains() {
        let price = Price {
            fen: Fen(100),
            unit: PriceUnit::Piece,
        };
        assert_eq!(
            refund_of_line(price, Fen(300), Fen(0), Qty(4)),
            Err(RefundError::NothingLeft)
        );
        assert_eq!(
            refund_of_line(price, Fen(300), Fen(0), Qty(-1)),
            Err(RefundError::Money(MoneyError::Negative))
        );
    }
}
