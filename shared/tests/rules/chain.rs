//! A village's journal: whatever is changed, dropped, doubled or moved is found, and its place named.

use proptest::prelude::*;
use shared::domain::calendar::Micros;
use shared::domain::ledger::{
    Account, AccountKind, ChainEntry, ChainLink, GENESIS, IncomeSource, TransactionKind, chain_hash,
    verify_chain,
};
use shared::domain::money::Fen;
use uuid::Uuid;

fn entry(seq: i64, salt: u128) -> ChainEntry {
    ChainEntry {
        village_code: "120119120214".to_owned(),
        seq,
        transaction_id: Uuid::from_u128(salt),
        entry_seq: 2,
        account: Account::of(AccountKind::VillagePayable, "120119120214"),
        amount_fen: Fen(-129_200),
        income_source: Some(IncomeSource::Sale),
        line_ref: Some(Uuid::from_u128(salt + 1)),
        effective_at: Micros(1_795_228_927_000_000),
        recorded_at: Micros(1_795_228_927_000_001),
        kind: TransactionKind::Acceptance,
        document_kind: "acceptance".to_owned(),
        document_id: Uuid::from_u128(salt + 2),
        document_number: format!("YS-{seq}"),
        actor_id: Some(Uuid::from_u128(salt + 3)),
        actor_name: "李四".to_owned(),
        reverses: None,
    }
}

fn journal(length: i64) -> Vec<ChainLink> {
    let mut prev = GENESIS;
    (1..=length)
        .map(|seq| {
            let entry = entry(seq, u128::try_from(seq).expect("positive") * 10);
            let link = ChainLink {
                hash: entry.hash(prev),
                prev,
                entry,
            };
            prev = link.hash;
            link
        })
        .collect()
}

/// A field's name and a way to change it.
type Tampering = (&'static str, fn(&mut ChainLink));

/// One way to tamper with each field, so that a field that the hash forgets is found.
fn tampered() -> Vec<Tampering> {
    vec![
        ("village_code", |l| l.entry.village_code.replace_range(11.., "5")),
        ("seq", |l| l.entry.seq += 1),
        ("transaction_id", |l| l.entry.transaction_id = Uuid::nil()),
        ("entry_seq", |l| l.entry.entry_seq += 1),
        ("account kind", |l| {
            l.entry.account.kind = AccountKind::DeclaredIncome;
        }),
        ("account owner", |l| l.entry.account.owner.push('0')),
        ("amount_fen", |l| l.entry.amount_fen.0 -= 1),
        ("income_source", |l| {
            l.entry.income_source = Some(IncomeSource::Rent);
        }),
        ("income_source absent", |l| l.entry.income_source = None),
        ("line_ref", |l| l.entry.line_ref = None),
        ("effective_at", |l| l.entry.effective_at.0 += 1),
        ("recorded_at", |l| l.entry.recorded_at.0 += 1),
        ("kind", |l| l.entry.kind = TransactionKind::Reversal),
        ("document_kind", |l| l.entry.document_kind.clear()),
        ("document_id", |l| l.entry.document_id = Uuid::nil()),
        ("document_number", |l| l.entry.document_number.push(' ')),
        ("actor_id", |l| l.entry.actor_id = None),
        ("actor_name", |l| l.entry.actor_name = "李五".to_owned()),
        ("reverses", |l| l.entry.reverses = Some(Uuid::nil())),
        ("prev", |l| l.prev[31] ^= 1),
        ("hash", |l| l.hash[0] ^= 128),
    ]
}

#[test]
fn a_whole_journal_ends_in_its_head() {
    assert_eq!(verify_chain(vec![]), Ok(GENESIS));
    let links = journal(5);
    assert_eq!(verify_chain(links.clone()), Ok(links[4].hash));
}

#[test]
fn the_form_never_changes() {
    // Journals that were written stay verifiable: another form needs another name, not another hash under this one.
    let hash: String = entry(1, 10)
        .hash(GENESIS)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    assert_eq!(
        hash,
        "d501c8772d8edee00e0a279579a2cf8015a5c61c4240567ad6be863ddf973664"
    );
}

#[test]
fn every_field_is_covered() {
    for (field, tamper) in tampered() {
        for at in 0..5 {
            let mut links = journal(5);
            tamper(&mut links[at]);
            let broken = verify_chain(links).expect_err(field);
            assert_eq!(usize::try_from(broken.seq).expect("positive"), at + 1, "{field}");
        }
    }
}

#[test]
fn a_missing_doubled_or_moved_link_is_named() {
    for at in 0..5_usize {
        let place = i64::try_from(at).expect("small") + 1;
        let mut missing = journal(6);
        missing.remove(at);
        assert_eq!(verify_chain(missing).expect_err("missing").seq, place);
        let mut doubled = journal(6);
        doubled.insert(at, doubled[at].clone());
        assert_eq!(verify_chain(doubled).expect_err("doubled").seq, place + 1);
        let mut moved = journal(6);
        moved.swap(at, at + 1);
        assert_eq!(verify_chain(moved).expect_err("moved").seq, place);
    }
    // A missing end shows in the head.
    assert_ne!(verify_chain(journal(4)), verify_chain(journal(5)));
}

#[test]
fn a_rewritten_link_breaks_the_next() {
    let mut links = journal(5);
    links[2].entry.amount_fen = Fen(-1);
    links[2].hash = links[2].entry.hash(links[2].prev);
    assert_eq!(verify_chain(links).expect_err("broken").seq, 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_flipped_bit_of_the_form_changes_the_hash(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let bytes = entry(1, 10).canonical_bytes();
        let mut flipped = bytes.clone();
        flipped[at.index(bytes.len())] ^= 1 << bit;
        prop_assert_ne!(chain_hash(GENESIS, &bytes), chain_hash(GENESIS, &flipped));
    }

    #[test]
    fn any_flipped_bit_of_a_stored_hash_is_named(at in 0_usize..8, byte in 0_usize..32, bit in 0_u8..8, prev: bool) {
        let mut links = journal(8);
        let hash = if prev { &mut links[at].prev } else { &mut links[at].hash };
        hash[byte] ^= 1 << bit;
        prop_assert_eq!(usize::try_from(verify_chain(links).expect_err("broken").seq).expect("positive"), at + 1);
    }

    #[test]
    fn text_never_slips_from_one_field_into_the_next(a in "[a-c]{0,6}", b in "[a-c]{0,6}", c in "[a-c]{0,6}", d in "[a-c]{0,6}") {
        let form = |kind: &str, number: &str| {
            let mut entry = entry(1, 10);
            (entry.document_kind, entry.document_number) = (kind.to_owned(), number.to_owned());
            entry.canonical_bytes()
        };
        prop_assert_eq!(form(&a, &b) == form(&c, &d), a == c && b == d);
    }
}
