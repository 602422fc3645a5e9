//! Amounts through their written form and back.

use proptest::prelude::*;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::{Grams, Qty, QuantityError, WeightUnit, parse_weight_g};

proptest! {
    #[test]
    fn weights_come_back(grams in 0_i64..=i64::MAX / 2) {
        for unit in WeightUnit::ALL {
            prop_assert_eq!(parse_weight_g(&Grams(grams).format(unit), unit), Ok(Grams(grams)));
            prop_assert_eq!(parse_weight_g(&Grams(grams).format_plain(unit), unit), Ok(Grams(grams)));
        }
    }

    #[test]
    fn amounts_come_back(qty in 0_i64..1_000_000_000_000) {
        for unit in PriceUnit::ALL {
            prop_assert_eq!(unit.parse_qty(&unit.format_qty_plain(Qty(qty))), Ok(Qty(qty)));
        }
    }

    #[test]
    fn only_whole_grams_pass(whole in 0_i64..1_000_000, thousandths in 0_i64..1000) {
        let typed = format!("{whole}.{thousandths:03}");
        let expected = if thousandths % 2 == 0 {
            Ok(Grams(whole * 500 + thousandths / 2))
        } else {
            Err(QuantityError::TooPrecise)
        };
        prop_assert_eq!(parse_weight_g(&typed, WeightUnit::Jin), expected);
        prop_assert_eq!(parse_weight_g(&typed, WeightUnit::Kg), Ok(Grams(whole * 1000 + thousandths)));
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,24}") {
        for unit in PriceUnit::ALL {
            if let Ok(qty) = unit.parse_qty(&typed) {
                prop_assert!(qty >= Qty::ZERO);
            }
        }
    }
}
