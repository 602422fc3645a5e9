//! Refunds telescope: any slicing of a full return gives back exactly what was paid.

use proptest::prelude::*;
use shared::domain::fee::FeeRate;
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use shared::domain::refund::{RefundError, refund_of_line, refund_of_shares};
use shared::domain::share::{SharePolicy, Shares, split_line};

/// A line and the amounts that remain after each return, down to nothing.
fn returns() -> impl Strategy<Value = (Price, i64, Vec<i64>)> {
    (
        0_i64..100_000,
        prop::sample::select(PriceUnit::ALL.to_vec()),
        1_i64..10_000_000,
    )
        .prop_flat_map(|(fen, unit, qty)| {
            prop::collection::vec(0..=qty, 0..20).prop_map(move |mut remaining| {
                remaining.sort_unstable_by(|a, b| b.cmp(a));
                remaining.push(0);
                (Price { fen: Fen(fen), unit }, qty, remaining)
            })
        })
}

proptest! {
    #[test]
    fn any_slicing_returns_the_original((price, qty, remaining) in returns()) {
        let total = line_total(price, Qty(qty)).expect("fits");
        let mut refunded = Fen::ZERO;
        for amount in remaining {
            let part = refund_of_line(price, total, refunded, Qty(amount)).expect("something is left");
            refunded = refunded.checked_add(part).expect("fits");
            // At every moment what stays paid is what the remaining goods cost.
            prop_assert_eq!(total.checked_sub(refunded).expect("fits"), line_total(price, Qty(amount)).expect("fits"));
        }
        prop_assert_eq!(refunded, total);
    }

    #[test]
    fn everybody_gives_back_exactly_what_they_got(
        (price, qty, remaining) in returns(),
        policy in prop_oneof![
            Just(SharePolicy::Whole),
            (0_u16..=10_000).prop_map(SharePolicy::BasisPoints),
            (0_i64..100_000).prop_map(SharePolicy::FenPerUnit),
        ],
        fee in (0_u16..=10_000).prop_map(FeeRate),
    ) {
        let total = line_total(price, Qty(qty)).expect("fits");
        let mut held = split_line(policy, total, Qty(qty), price.unit, fee).expect("splits");
        let mut refunded = Fen::ZERO;
        for amount in remaining {
            let part = refund_of_line(price, total, refunded, Qty(amount)).expect("something is left");
            refunded = refunded.checked_add(part).expect("fits");
            let left = total.checked_sub(refunded).expect("fits");
            let back = refund_of_shares(held, policy, left, Qty(amount), price.unit, fee).expect("splits");
            prop_assert_eq!(back.total(), Ok(part));
            held = held.checked_sub(back).expect("fits");
        }
        prop_assert_eq!(held, Shares::default());
    }

    #[test]
    fn nobody_gets_back_more_than_was_paid(fen in 1_i64..100_000, qty in 1_i64..1_000_000, more in 1_i64..1_000_000) {
        let price = Price { fen: Fen(fen), unit: PriceUnit::Piece };
        let total = line_total(price, Qty(qty)).expect("fits");
        prop_assert_eq!(refund_of_line(price, total, Fen::ZERO, Qty(qty + more)), Err(RefundError::NothingLeft));
        prop_assert_eq!(refund_of_line(price, total, total, Qty(qty)), Err(RefundError::NothingLeft));
    }
}
