//! What the books publish: one form only, and whatever is done to it is found.

use proptest::prelude::*;
use shared::domain::books::{
    JournalCheck, JournalWriter, MonthHead, Private, SignedHead, Trial, Turnover, VillageHead, What, Whole,
};
use shared::domain::calendar::Micros;
use shared::domain::hex::hex;
use shared::domain::ledger::{
    Account, AccountKind, ChainEntry, GENESIS, IncomeSource, PublicLink, TransactionKind,
};
use shared::domain::money::Fen;
use uuid::Uuid;

const VILLAGE: &str = "120119120214";

fn entry(seq: i64) -> ChainEntry {
    let salt = u128::try_from(seq).expect("positive") * 100;
    ChainEntry {
        village_code: VILLAGE.to_owned(),
        seq,
        transaction_id: Uuid::from_u128(salt),
        entry_seq: 2,
        account: Account::of(AccountKind::VillagePayable, VILLAGE),
        amount_fen: Fen(if seq % 4 == 0 { 40_000 } else { -129_200 - seq }),
        income_source: match seq % 4 {
            0 => None,
            1 => Some(IncomeSource::Rent),
            _ => Some(IncomeSource::Sale),
        },
        line_ref: (seq % 2 == 0).then(|| Uuid::from_u128(salt + 1)),
        effective_at: Micros(1_795_228_927_000_000 + seq * 86_400_000_000),
        recorded_at: Micros(1_795_228_927_000_001 + seq * 86_400_000_000),
        kind: TransactionKind::Acceptance,
        document_kind: "acceptance".to_owned(),
        document_id: Uuid::from_u128(salt + 2),
        document_number: format!("Y261123-{seq}"),
        actor_id: (seq % 3 != 0).then(|| Uuid::from_u128(salt + 3)),
        actor_name: "李\"四\\".to_owned(),
        reverses: None,
    }
}

/// A file of so many entries, in full or as everybody may see it, and the village's head behind it.
fn file(entries: i64, full: bool) -> (Vec<u8>, VillageHead) {
    let (mut writer, mut text) = JournalWriter::begin(VILLAGE, entries);
    let (mut sealed, mut prev) = (GENESIS, GENESIS);
    let month = "2026-11".parse().expect("a month");
    let mut head = VillageHead::empty(VILLAGE.to_owned());
    for seq in 1..=entries {
        let entry = entry(seq);
        sealed = entry.hash(sealed);
        let link = PublicLink::of(&entry, sealed).expect("a sum");
        prev = link.hash(VILLAGE, prev);
        head = head.with(&link, prev, month).expect("sums");
        text.push_str(&writer.line(&link, prev, full.then(|| Private::of(&entry))));
    }
    text.push_str(&writer.end());
    (text.into_bytes(), head)
}

fn followed(bytes: &[u8], head: Option<MonthHead>) -> Result<Whole, (u64, What)> {
    let mut check = JournalCheck::new(head);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        check.line(line).map_err(|flaw| (flaw.line, flaw.what))?;
    }
    check.finish().map_err(|flaw| (flaw.line, flaw.what))
}

fn month_head(village: VillageHead) -> MonthHead {
    let mut trial = Trial::default();
    let turnover = |debit, credit| Turnover {
        debit_fen: Fen(debit),
        credit_fen: Fen(credit),
    };
    trial.add(AccountKind::Bank, "", turnover(700, 0)).expect("sums");
    trial
        .add(AccountKind::Suspense, "", turnover(0, 700))
        .expect("sums");
    let kinds = trial.kinds().expect("sums").into_iter();
    MonthHead {
        month: "2026-11".parse().expect("a month"),
        closed_at: Micros(1_796_270_400_000_000),
        previous: [7; 32],
        entries: 12,
        accounts: 2,
        trial_hash: trial.hash(),
        kinds: kinds.map(|(kind, sum)| (kind, sum, sum)).collect(),
        villages: vec![VillageHead::empty("120119120201".to_owned()), village],
    }
}

#[test]
fn a_file_is_whole_and_says_what_it_comes_to() {
    for full in [false, true] {
        let (bytes, head) = file(9, full);
        let whole = followed(&bytes, Some(month_head(head.clone()))).expect("as it was written");
        assert_eq!((whole.entries, whole.full, whole.head), (9, full, head.head));
        assert_eq!(
            (whole.income_fen, whole.owed_fen),
            (head.income_fen, head.owed_fen)
        );
        assert_eq!(whole.published.expect("vouched for").1, 9);
    }
    let (bytes, _) = file(0, true);
    let whole = followed(&bytes, None).expect("an empty journal");
    assert_eq!((whole.entries, whole.full), (0, false));
}

#[test]
fn the_public_form_never_changes() {
    // Journals that were published stay verifiable: another form needs another name, not another hash under this one.
    let link = PublicLink::of(&entry(1), [9; 32]).expect("a sum");
    assert_eq!(hex(&link.hash(VILLAGE, GENESIS)), PUBLIC_HASH);
}

/// The hash of the first entry above, for ever.
const PUBLIC_HASH: &str = "71bb3e902a03a1d70b1024c38a8b2e442e88ed6b6a912e34cd7c0d0c1b4cc8df";

#[test]
fn what_the_seal_covers_must_fit_the_seal() {
    let (bytes, _) = file(3, true);
    let text = String::from_utf8(bytes).expect("a text");
    // Somebody else's name with every public hash left alone.
    let changed = text.replacen("Y261123-2", "Y261123-9", 1);
    assert_eq!(followed(changed.as_bytes(), None), Err((3, What::Changed(2))));
}

#[test]
fn a_head_is_read_as_it_was_written() {
    let (_, village) = file(5, false);
    let head = month_head(village);
    let text = head.text();
    assert_eq!(MonthHead::parse(&text), Ok(head.clone()));
    let signed = SignedHead::file(&text, "0123456789abcdef", &[3; 64]);
    let read = SignedHead::parse(&signed).expect("as it was written");
    assert_eq!(
        (read.head, read.key_id.as_str(), read.signature),
        (head, "0123456789abcdef", [3; 64])
    );
    assert_eq!(read.text, text);
    let lines = text.lines().count();
    for (changed, line) in [
        (text.replacen("jizhou books 1", "jizhou books 2", 1), 1),
        (text.replacen("month 2026-11", "month 2026-13", 1), 2),
        (text.replacen("previous 0", "previous O", 1), 4),
        (text.replacen("entries 12", "entries 012", 1), 5),
        (text.replacen("end\n", "end\n\n", 1), lines + 1),
        (text.replacen("end\n", "", 1), lines),
        (text[..text.len() - 1].to_owned(), lines),
    ] {
        if changed != text {
            assert_eq!(
                MonthHead::parse(&changed).expect_err("changed").line,
                line,
                "{changed}"
            );
        }
    }
}

#[test]
fn the_trial_balance_takes_back_what_came_later() {
    let mut trial = Trial::default();
    let one = Turnover {
        debit_fen: Fen(5),
        credit_fen: Fen(2),
    };
    trial.add(AccountKind::UnitReceivable, "a", one).expect("sums");
    let before = trial.clone();
    trial.add(AccountKind::UnitReceivable, "a", one).expect("sums");
    trial.add(AccountKind::UnitReceivable, "b", one).expect("sums");
    assert_ne!(trial.hash(), before.hash());
    trial.take(AccountKind::UnitReceivable, "a", one).expect("sums");
    trial.take(AccountKind::UnitReceivable, "b", one).expect("sums");
    assert_eq!(trial, before, "an account that was not there yet is not in it");
    assert_eq!(trial.accounts(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_flipped_bit_of_a_file_is_found_on_its_line(
        at in any::<prop::sample::Index>(), bit in 0_u8..8, full: bool, vouched: bool,
    ) {
        let (bytes, head) = file(6, full);
        let mut changed = bytes.clone();
        let at = at.index(bytes.len());
        changed[at] ^= 1 << bit;
        let head = vouched.then(|| month_head(head));
        let (line, what) = followed(&changed, head).expect_err("a changed byte must be found");
        let place = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        prop_assert_eq!(usize::try_from(line).expect("few"), place, "{:?}", what);
    }

    #[test]
    fn any_flipped_bit_of_a_head_is_found(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let text = month_head(file(3, false).1).text();
        let mut changed = text.clone().into_bytes();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        // What reads as another head has another text, which nobody has signed.
        if let Ok(changed) = String::from_utf8(changed) {
            prop_assert!(MonthHead::parse(&changed).is_err_and(|flaw| flaw.line <= text.lines().count() + 1)
                || MonthHead::parse(&changed).is_ok_and(|head| head.text() == changed && changed != text));
        }
    }

    #[test]
    fn a_dropped_doubled_or_moved_line_is_named(at in 1_usize..8, kind in 0_u8..3) {
        let (bytes, _) = file(8, false);
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        match kind {
            0 => { lines.remove(at); }
            1 => lines.insert(at, lines[at]),
            _ => lines.swap(at, at + 1),
        }
        let (line, what) = followed(&lines.concat(), None).expect_err("not whole");
        let seq = i64::try_from(at).expect("small");
        let expected = if kind == 1 { What::Doubled(seq) } else { What::Missing(seq) };
        let place = at + 1 + usize::from(kind == 1);
        prop_assert_eq!((usize::try_from(line).expect("few"), what), (place, expected));
    }
}
