//! Rounding against an independent reference, and sums through their written form and back.

use proptest::prelude::*;
use shared::domain::fee::FeeRate;
use shared::domain::money::{Fen, MoneyError, mul_div_half_up, parse_yuan};
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;

/// Rounds half up by looking at the remainder, where the rule adds half a divisor.
fn reference(a: i64, b: i64, divisor: i64) -> i128 {
    let product = i128::from(a) * i128::from(b);
    let divisor = i128::from(divisor);
    let (whole, rest) = (product / divisor, (product % divisor).abs());
    if rest >= divisor - rest {
        whole + product.signum()
    } else {
        whole
    }
}

fn any_unit() -> impl Strategy<Value = PriceUnit> {
    prop::sample::select(PriceUnit::ALL.to_vec())
}

proptest! {
    #[test]
    fn rounding_is_the_reference(a: i64, b in -1_000_000_000_000_i64..1_000_000_000_000, divisor in 1_i64..1_000_000) {
        match i64::try_from(reference(a, b, divisor)) {
            Ok(expected) => prop_assert_eq!(mul_div_half_up(a, b, divisor), Ok(expected)),
            Err(_) => prop_assert_eq!(mul_div_half_up(a, b, divisor), Err(MoneyError::Overflow)),
        }
    }

    #[test]
    fn rounding_never_panics(a: i64, b: i64, divisor: i64) {
        let _ = mul_div_half_up(a, b, divisor);
    }

    #[test]
    fn rounding_mirrors(a in -1_000_000_000_i64..1_000_000_000, b in 0_i64..1_000_000_000, divisor in 1_i64..10_000) {
        prop_assert_eq!(mul_div_half_up(-a, b, divisor).map(|n| -n), mul_div_half_up(a, b, divisor));
    }

    #[test]
    fn a_line_is_within_half_a_fen(fen in 0_i64..10_000_000, qty in 0_i64..100_000_000, unit in any_unit()) {
        let total = line_total(Price { fen: Fen(fen), unit }, Qty(qty)).expect("fits");
        let base = i128::from(unit.base_units());
        let off_by = i128::from(total.0) * base - i128::from(fen) * i128::from(qty);
        // Half up: the total may be above the exact sum by half a fen, below it by less than half a fen.
        prop_assert!(2 * off_by <= base && 2 * off_by > -base, "off by {off_by} / {base} fen");
        prop_assert_eq!(i128::from(total.0), reference(fen, qty, unit.base_units()));
    }

    #[test]
    fn more_goods_never_cost_less(fen in 0_i64..1_000_000, less in 0_i64..10_000_000, more in 0_i64..10_000, unit in any_unit()) {
        let price = Price { fen: Fen(fen), unit };
        prop_assert!(line_total(price, Qty(less)).expect("fits") <= line_total(price, Qty(less + more)).expect("fits"));
    }

    #[test]
    fn a_fee_stays_within_its_sum(fen in 0_i64..1_000_000_000_000, bp: u16) {
        let fee = FeeRate(bp).of(Fen(fen)).expect("fits");
        prop_assert!(fee >= Fen::ZERO && fee <= Fen(fen));
        if bp <= 10_000 {
            prop_assert_eq!(i128::from(fee.0), reference(fen, i64::from(bp), 10_000));
        }
    }

    #[test]
    fn sums_come_back_from_every_written_form(fen in (i64::MIN + 1)..=i64::MAX) {
        let sum = Fen(fen);
        for text in [sum.format_yuan(), sum.format_cny(), sum.format_plain(), sum.to_string()] {
            prop_assert_eq!(parse_yuan(&text), Ok(sum), "{}", text);
        }
    }

    #[test]
    fn full_width_is_the_same_sum(fen in 0_i64..1_000_000_000) {
        let wide: String = Fen(fen).format_yuan().chars().map(|c| match c {
            '0'..='9' | '.' | ',' => char::from_u32(u32::from(c) + 0xFEE0).expect("full-width form"),
            other => other,
        }).collect();
        prop_assert_eq!(parse_yuan(&wide), Ok(Fen(fen)));
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,24}") {
        let _ = parse_yuan(&typed);
    }

    #[test]
    fn a_third_decimal_is_refused(whole in 0_u32..1_000_000, decimals in "[0-9]{3,6}") {
        let typed = format!("{whole}.{decimals}");
        prop_assert_eq!(parse_yuan(&typed), Err(MoneyError::TooPrecise));
    }

    #[test]
    fn sums_are_checked(a: i64, b: i64) {
        prop_assert_eq!(Fen(a).checked_add(Fen(b)).ok(), a.checked_add(b).map(Fen));
        prop_assert_eq!(Fen(a).checked_sub(Fen(b)).ok(), a.checked_sub(b).map(Fen));
        prop_assert_eq!(Fen(a).checked_neg().ok(), a.checked_neg().map(Fen));
        prop_assert_eq!(Fen::checked_sum([Fen(a), Fen(b)]).ok(), a.checked_add(b).map(Fen));
    }
}
