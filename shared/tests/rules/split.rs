//! Largest remainder: the parts sum, each is within a fen of its share, and the order of the question doesn't matter.

use proptest::prelude::*;
use shared::domain::money::Fen;
use shared::domain::split::{largest_remainder, split_by_code};
use std::collections::BTreeMap;

fn weights() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(prop_oneof![Just(0), Just(1), 0_u64..1000, any::<u64>()], 1..60)
        .prop_filter("somebody has a weight", |w| w.iter().any(|w| *w > 0))
}

fn total_of(parts: &[Fen]) -> i128 {
    parts.iter().map(|p| i128::from(p.0)).sum()
}

proptest! {
    #[test]
    fn parts_sum_and_are_within_a_fen(total in -1_000_000_000_000_i64..1_000_000_000_000, weights in weights()) {
        let parts = largest_remainder(Fen(total), &weights).expect("splits");
        prop_assert_eq!(total_of(&parts), i128::from(total));
        let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let off_by = i128::from(part.0) * sum - i128::from(total) * i128::from(*weight);
            prop_assert!(off_by.abs() < sum, "{part:?} of weight {weight}");
            prop_assert!(*weight > 0 || part.is_zero(), "a weight of nothing gets nothing");
        }
    }

    #[test]
    fn any_total_can_be_split(total: i64, weights in weights()) {
        prop_assert_eq!(total_of(&largest_remainder(Fen(total), &weights).expect("splits")), i128::from(total));
    }

    #[test]
    fn a_negative_sum_mirrors(total in 0_i64..1_000_000_000, weights in weights()) {
        let up = largest_remainder(Fen(total), &weights).expect("splits");
        let down = largest_remainder(Fen(-total), &weights).expect("splits");
        prop_assert_eq!(up.iter().map(|p| Fen(-p.0)).collect::<Vec<_>>(), down);
    }

    #[test]
    fn no_larger_remainder_went_without(total in 0_i64..1_000_000, weights in weights()) {
        let parts = largest_remainder(Fen(total), &weights).expect("splits");
        let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
        let ranks: Vec<(bool, i128, usize)> = weights.iter().zip(&parts).enumerate().map(|(i, (w, part))| {
            let exact = i128::from(total) * i128::from(*w);
            (i128::from(part.0) > exact / sum, exact % sum, i)
        }).collect();
        for (got, rest, i) in &ranks {
            for (other_got, other_rest, j) in &ranks {
                let before = rest > other_rest || (rest == other_rest && i < j);
                prop_assert!(*got || !*other_got || !before, "{i} should have come before {j}");
            }
        }
    }

    #[test]
    fn codes_make_the_answer_independent_of_the_order(
        total in -1_000_000_i64..1_000_000,
        named in prop::collection::btree_map("[0-9]{12}", 1_u64..5, 1..40),
        seed in any::<prop::sample::Index>(),
    ) {
        let parts: Vec<(&str, u64)> = named.iter().map(|(code, weight)| (code.as_str(), *weight)).collect();
        let mut other = parts.clone();
        other.reverse();
        other.rotate_left(seed.index(parts.len()));
        let by_code = |parts: &[(&str, u64)]| -> BTreeMap<String, Fen> {
            let sums = split_by_code(Fen(total), parts).expect("splits");
            parts.iter().map(|(code, _)| (*code).to_owned()).zip(sums).collect()
        };
        let answer = by_code(&parts);
        prop_assert_eq!(&answer, &by_code(&other));
        // Of two equal weights the smaller code never gets less.
        for (code, weight) in &parts {
            for (later, same) in parts.iter().filter(|(later, same)| later > code && same == weight) {
                let (first, second) = (answer[*code].0.abs(), answer[*later].0.abs());
                prop_assert!(first >= second, "{code} before {later} of weight {same}");
            }
        }
    }
}
