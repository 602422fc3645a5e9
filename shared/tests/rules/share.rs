//! Shares sum to the line exactly, whatever the policy and the fee.

use proptest::prelude::*;
use shared::domain::fee::FeeRate;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::{SharePolicy, split_line};

fn any_policy() -> impl Strategy<Value = SharePolicy> {
    prop_oneof![
        Just(SharePolicy::Whole),
        any::<u16>().prop_map(SharePolicy::BasisPoints),
        any::<i64>().prop_map(SharePolicy::FenPerUnit),
        (0_i64..5000).prop_map(SharePolicy::FenPerUnit),
    ]
}

proptest! {
    #[test]
    fn shares_sum_to_the_line(
        policy in any_policy(),
        total in 0_i64..1_000_000_000_000,
        qty in 0_i64..1_000_000_000,
        unit in prop::sample::select(PriceUnit::ALL.to_vec()),
        bp: u16,
    ) {
        let shares = split_line(policy, Fen(total), Qty(qty), unit, FeeRate(bp)).expect("splits");
        prop_assert_eq!(shares.total(), Ok(Fen(total)));
        for part in [shares.village, shares.supplier, shares.fee] {
            prop_assert!(part >= Fen::ZERO && part <= Fen(total));
        }
        prop_assert_eq!(shares.fee, FeeRate(bp).of(Fen(total)).expect("fits"), "the fee is taken first");
        if policy == SharePolicy::Whole {
            prop_assert_eq!(shares.supplier, Fen::ZERO);
        }
    }

    #[test]
    fn a_policy_comes_back_from_storage_and_wire(policy in any_policy()) {
        let (kind, value) = policy.to_parts();
        prop_assert_eq!(SharePolicy::from_parts(kind, value), policy.is_valid().then_some(policy));
        let json = serde_json::to_string(&policy).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<SharePolicy>(&json).expect("reads"), policy);
    }
}

#[test]
fn a_negative_line_is_refused() {
    for (total, qty) in [(-1, 1), (1, -1)] {
        assert!(
            split_line(
                SharePolicy::Whole,
                Fen(total),
                Qty(qty),
                PriceUnit::Jin,
                FeeRate::NONE
            )
            .is_err()
        );
    }
}
