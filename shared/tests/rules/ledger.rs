//! Every event's entries sum to zero and say what the posting table says.

use proptest::prelude::*;
use shared::domain::ledger::*;
use shared::domain::money::Fen;
use shared::domain::share::Shares;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Sums by kind of account, debits positive.
fn by_kind(entries: &Entries) -> BTreeMap<&'static str, i64> {
    let mut sums = BTreeMap::new();
    for entry in entries {
        *sums.entry(entry.account.kind.as_str()).or_insert(0) += entry.amount_fen.0;
    }
    sums
}

fn sum(entries: &Entries) -> i128 {
    entries.into_iter().map(|e| i128::from(e.amount_fen.0)).sum()
}

fn posts(entries: Result<Entries, LedgerError>, expected: &[(&'static str, i64)]) {
    let entries = entries.expect("posts");
    assert_eq!(sum(&entries), 0);
    assert_eq!(by_kind(&entries), expected.iter().copied().collect());
}

fn line(village: i64, supplier: i64, fee: i64) -> AcceptedLine {
    AcceptedLine {
        line_ref: Some(Uuid::from_u128(7)),
        village: "120119120214".to_owned(),
        supplier: Some(Supplier::Household("h".to_owned())),
        shares: Shares {
            village: Fen(village),
            supplier: Fen(supplier),
            fee: Fen(fee),
        },
    }
}

fn village_sum(fen: i64) -> Vec<PayeeSum> {
    vec![PayeeSum {
        payee: Payee::Village("v".to_owned()),
        amount_fen: Fen(fen),
    }]
}

#[test]
fn every_row_of_the_posting_table() {
    let coop = AcceptedLine {
        supplier: Some(Supplier::Coop("c".to_owned())),
        ..line(10, 5, 0)
    };
    posts(
        acceptance_entries("u", &[line(90, 8, 2), coop]),
        &[
            ("unit_receivable", 115),
            ("village_payable", -100),
            ("household_payable", -8),
            ("coop_payable", -5),
            ("centre_fee", -2),
        ],
    );
    posts(
        prepaid_entries("u", Fen(5)),
        &[("unit_deposit", 5), ("unit_receivable", -5)],
    );
    posts(receipt_imported_entries(Fen(5)), &[("bank", 5), ("suspense", -5)]);
    posts(
        receipt_matched_entries("u", Fen(5), Fen(0)),
        &[("suspense", 5), ("unit_receivable", -5)],
    );
    posts(
        receipt_matched_entries("u", Fen(5), Fen(2)),
        &[("suspense", 7), ("unit_receivable", -5), ("unit_deposit", -2)],
    );
    posts(
        stripe_payment_entries("u", Fen(5), Fen(0)),
        &[("stripe_clearing", 5), ("unit_receivable", -5)],
    );
    posts(
        stripe_payment_entries("u", Fen(0), Fen(5)),
        &[("stripe_clearing", 5), ("unit_deposit", -5)],
    );
    posts(
        stripe_payment_entries("u", Fen(5), Fen(2)),
        &[
            ("stripe_clearing", 7),
            ("unit_receivable", -5),
            ("unit_deposit", -2),
        ],
    );
    posts(
        stripe_fee_entries(Fen(3)),
        &[("stripe_fees", 3), ("stripe_clearing", -3)],
    );
    posts(
        stripe_fee_entries(Fen(-3)),
        &[("stripe_fees", -3), ("stripe_clearing", 3)],
    );
    posts(
        stripe_payout_entries(Fen(95), Fen(5)),
        &[("bank", 95), ("stripe_fees", 5), ("stripe_clearing", -100)],
    );
    posts(
        claim_entries("u", Fen(12), Fen(0), &[line(9, 2, 1)]),
        &[
            ("village_payable", 9),
            ("household_payable", 2),
            ("centre_fee", 1),
            ("unit_receivable", -12),
        ],
    );
    posts(
        claim_entries("u", Fen(4), Fen(5), &[line(9, 0, 0)]),
        &[
            ("village_payable", 9),
            ("unit_receivable", -4),
            ("unit_deposit", -5),
        ],
    );
    posts(
        refund_entries("u", RefundFrom::Bank, Fen(5)),
        &[("unit_deposit", 5), ("bank", -5)],
    );
    posts(
        refund_entries("u", RefundFrom::Stripe, Fen(5)),
        &[("unit_deposit", 5), ("stripe_clearing", -5)],
    );
    posts(
        settlement_sent_entries(&village_sum(5)),
        &[("village_payable", 5), ("in_transit", -5)],
    );
    posts(
        settlement_confirmed_entries(Fen(5)),
        &[("in_transit", 5), ("bank", -5)],
    );
    posts(
        settlement_bounced_entries(&village_sum(5)),
        &[("in_transit", 5), ("village_payable", -5)],
    );
    posts(
        buyback_entries("v", Fen(5)),
        &[("centre_inventory", 5), ("village_payable", -5)],
    );
    posts(
        buyback_resale_entries("u", Fen(7), Fen(5)),
        &[
            ("unit_receivable", 7),
            ("centre_inventory", -5),
            ("buyback_result", -2),
        ],
    );
    posts(
        buyback_resale_entries("u", Fen(3), Fen(5)),
        &[
            ("unit_receivable", 3),
            ("centre_inventory", -5),
            ("buyback_result", 2),
        ],
    );
    posts(
        dividend_entries(&[("a".to_owned(), Fen(3)), ("b".to_owned(), Fen(4))]),
        &[("project_pool", 7), ("village_payable", -7)],
    );
    posts(
        declared_income_entries("v", IncomeSource::Rent, Fen(5)),
        &[("village_own_books", 5), ("declared_income", -5)],
    );
}

#[test]
fn income_is_what_a_village_earns_not_what_it_is_paid() {
    let income = |entries: Result<Entries, LedgerError>| -> i64 {
        entries
            .expect("posts")
            .into_iter()
            .map(|e| e.income_fen().expect("fits").0)
            .sum()
    };
    assert_eq!(income(acceptance_entries("u", &[line(90, 8, 2)])), 90);
    assert_eq!(income(claim_entries("u", Fen(12), Fen(0), &[line(9, 2, 1)])), -9);
    assert_eq!(income(settlement_sent_entries(&village_sum(5))), 0);
    assert_eq!(income(settlement_bounced_entries(&village_sum(5))), 0);
    assert_eq!(income(buyback_entries("v", Fen(5))), 5);
    assert_eq!(income(dividend_entries(&[("a".to_owned(), Fen(3))])), 3);
    assert_eq!(
        income(declared_income_entries("v", IncomeSource::OtherDeclared, Fen(5))),
        5
    );
}

#[test]
fn only_a_villages_own_entries_are_links_of_its_chain() {
    let entries = acceptance_entries("u", &[line(90, 8, 2)]).expect("posts");
    for entry in &entries {
        assert_eq!(
            entry.village.is_some(),
            entry.account.kind == AccountKind::VillagePayable
        );
        assert_eq!(
            entry.line_ref.is_some(),
            entry.account.kind != AccountKind::UnitReceivable
        );
    }
}

#[test]
fn what_can_not_be_posted_is_refused() {
    let without = AcceptedLine {
        supplier: None,
        ..line(1, 1, 0)
    };
    assert_eq!(acceptance_entries("u", &[without]), Err(LedgerError::NoSupplier));
    assert_eq!(acceptance_entries("u", &[line(0, 0, 0)]), Err(LedgerError::Empty));
    assert_eq!(
        acceptance_entries("u", &[line(2, -1, 0)]),
        Err(LedgerError::Negative)
    );
    assert_eq!(
        acceptance_entries("", &[line(1, 0, 0)]),
        Err(LedgerError::Owner(AccountKind::UnitReceivable))
    );
    assert_eq!(
        claim_entries("u", Fen(0), Fen(5), &[line(-5, 0, 0)]),
        Err(LedgerError::Negative)
    );
    assert_eq!(prepaid_entries("u", Fen(-1)), Err(LedgerError::Negative));
    assert_eq!(prepaid_entries("u", Fen(0)), Err(LedgerError::Empty));
    assert_eq!(
        dividend_entries(&[("a".to_owned(), Fen(3)), ("b".to_owned(), Fen(-3))]),
        Err(LedgerError::Negative)
    );
    let sale = IncomeSource::Sale;
    assert_eq!(
        declared_income_entries("v", sale, Fen(1)),
        Err(LedgerError::NotDeclared(sale))
    );
    assert_eq!(Entries::balanced(vec![]), Err(LedgerError::Empty));
}

#[test]
fn a_single_fen_off_is_refused() {
    for off_by_fen in [-1, 1] {
        let entries = vec![
            entry(AccountKind::Bank, 100 + off_by_fen),
            entry(AccountKind::Suspense, -100),
        ];
        assert_eq!(
            Entries::balanced(entries),
            Err(LedgerError::Unbalanced { off_by_fen })
        );
    }
}

fn entry(kind: AccountKind, amount: i64) -> Entry {
    let owner = if kind.owner_kind() == OwnerKind::Centre {
        ""
    } else {
        "x"
    };
    Entry {
        account: Account::of(kind, owner),
        amount_fen: Fen(amount),
        village: None,
        income_source: None,
        line_ref: None,
    }
}

fn any_kind() -> impl Strategy<Value = AccountKind> {
    prop::sample::select(AccountKind::ALL.to_vec())
}

prop_compose! {
    fn any_line()(village in 0_i64..1_000_000, supplier in 0_i64..1_000_000, fee in 0_i64..1000, code in 0_u8..5) -> AcceptedLine {
        AcceptedLine { village: format!("12011912021{code}"), ..line(village, supplier, fee) }
    }
}

proptest! {
    #[test]
    fn entries_exist_only_when_they_balance(amounts in prop::collection::vec((any_kind(), prop_oneof![-2_i32..3, any::<i32>()]), 0..8), even: bool) {
        let mut entries: Vec<Entry> = amounts.iter().map(|(kind, a)| entry(*kind, i64::from(*a))).collect();
        let off_by: i64 = entries.iter().map(|e| e.amount_fen.0).sum();
        if even && off_by != 0 {
            entries.push(entry(AccountKind::Bank, -off_by));
        }
        let sound = !entries.is_empty() && entries.iter().all(|e| e.amount_fen.0 != 0) && (even || off_by == 0);
        prop_assert_eq!(Entries::balanced(entries).is_ok(), sound);
    }

    #[test]
    fn an_acceptance_credits_everything_it_debits(lines in prop::collection::vec(any_line(), 1..20)) {
        let total: i64 = lines.iter().map(|l| l.shares.total().expect("fits").0).sum();
        match acceptance_entries("u", &lines) {
            Ok(entries) => {
                prop_assert_eq!(sum(&entries), 0);
                prop_assert_eq!(by_kind(&entries)["unit_receivable"], total);
                prop_assert_eq!(entries.volume_fen(), Ok(Fen(total)));
                let income: i64 = entries.into_iter().map(|e| e.income_fen().expect("fits").0).sum();
                prop_assert_eq!(income, lines.iter().map(|l| l.shares.village.0).sum::<i64>());
            }
            Err(error) => prop_assert!(total == 0 && error == LedgerError::Empty),
        }
    }

    #[test]
    fn a_reversal_leaves_nothing_and_reversed_again_everything(lines in prop::collection::vec(any_line(), 1..20)) {
        if let Ok(entries) = acceptance_entries("u", &lines) {
            let back = reversal(&entries).expect("reverses");
            for (one, other) in entries.into_iter().zip(&back) {
                prop_assert_eq!(one.amount_fen.0 + other.amount_fen.0, 0);
                prop_assert_eq!((&one.account, &one.village, one.income_source), (&other.account, &other.village, other.income_source));
            }
            prop_assert_eq!(reversal(&back).expect("reverses"), entries);
        }
    }

    #[test]
    fn a_claim_over_everything_is_the_reversal(lines in prop::collection::vec(any_line(), 1..20)) {
        if let Ok(entries) = acceptance_entries("u", &lines) {
            let claim = claim_entries("u", entries.volume_fen().expect("fits"), Fen(0), &lines).expect("posts");
            prop_assert_eq!(by_kind(&claim), by_kind(&reversal(&entries).expect("reverses")));
        }
    }

    #[test]
    fn a_bounce_restores_what_was_owed(sums in prop::collection::vec((0_u8..3, 1_i64..1_000_000), 1..20)) {
        let sums: Vec<PayeeSum> = sums.iter().map(|(kind, fen)| PayeeSum {
            payee: match kind {
                0 => Payee::Village("v".to_owned()),
                1 => Payee::Household("h".to_owned()),
                _ => Payee::Coop("c".to_owned()),
            },
            amount_fen: Fen(*fen),
        }).collect();
        let sent = by_kind(&settlement_sent_entries(&sums).expect("posts"));
        let bounced = by_kind(&settlement_bounced_entries(&sums).expect("posts"));
        prop_assert!(sent.iter().all(|(kind, fen)| bounced[kind] + fen == 0));
    }
}

#[test]
fn names_come_back() {
    for kind in AccountKind::ALL {
        assert_eq!(AccountKind::from_name(kind.as_str()), Some(kind));
    }
    for kind in TransactionKind::ALL {
        assert_eq!(TransactionKind::from_name(kind.as_str()), Some(kind));
    }
    for source in IncomeSource::ALL {
        assert_eq!(IncomeSource::from_name(source.as_str()), Some(source));
    }
}
