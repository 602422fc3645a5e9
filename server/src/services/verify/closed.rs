//! Closed months: what was signed still holds, and still is what the entries come to.

use super::check;
use super::walk::Wanted;
use crate::services::{Error, books, fault, journal, seal};
use crate::store;
use crate::store::period::{MonthSum, TextRow};
use sha2::{Digest as _, Sha256};
use shared::api::ledger::CheckOut;
use shared::domain::books::{MonthHead, Trial};
use shared::domain::ledger::GENESIS;
use std::collections::BTreeMap;

/// Every closed month, as it was signed.
pub(super) struct Closed(Vec<(TextRow, Option<MonthHead>)>);

impl Closed {
    /// Reads what was signed.
    pub(super) async fn read(tx: &store::Tx) -> Result<Self, Error> {
        let rows = store::period::texts(tx).await?;
        let read = |row: TextRow| {
            let head = MonthHead::parse(&row.head_text).ok();
            (row, head)
        };
        Ok(Self(rows.into_iter().map(read).collect()))
    }

    /// What the months say of every village's journal.
    pub(super) fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::new();
        for head in self.0.iter().filter_map(|(_, head)| head.as_ref()) {
            for village in &head.villages {
                let key = (village.code.clone(), village.length);
                wanted.entry(key).or_default().push((head.month, village.clone()));
            }
        }
        wanted
    }

    /// Every month's signature, its place behind the one before, and its sums.
    pub(super) async fn check(&self, tx: &store::Tx, unlike: Option<String>) -> Result<CheckOut, Error> {
        let looked_at = i64::try_from(self.0.len()).map_err(fault)?;
        let mut wrong = self.signatures(store::period::closed_until(tx).await?);
        if wrong.is_none() && !self.0.is_empty() {
            wrong = self.sums(store::period::closed_sums(tx).await?)?;
        }
        Ok(check("closed_months_hold", looked_at, wrong.or(unlike)))
    }

    /// The first month whose signed text is not whole, or does not follow the one before.
    fn signatures(&self, closed_until: i64) -> Option<String> {
        let mut previous = GENESIS;
        let mut until = None;
        for (row, head) in &self.0 {
            let Ok(month) = journal::month_of(row.month) else {
                return Some(format!("{}: there is no such month", row.month));
            };
            let say = |what: &str| Some(format!("{month}: {what}"));
            let Some(head) = head else {
                return say("its signed text was changed");
            };
            let hash: [u8; 32] = Sha256::digest(&row.head_text).into();
            let (key, signature) = (
                <[u8; 32]>::try_from(row.public_key.as_slice()),
                <[u8; 64]>::try_from(row.signature.as_slice()),
            );
            let signed = match (key, signature) {
                (Ok(key), Ok(signature)) => {
                    seal::id_of(&key) == row.key_id && seal::has_signed(&key, &row.head_text, &signature)
                }
                _ => false,
            };
            if !signed || row.text_hash != hash {
                return say("its text is not what was signed");
            }
            if head.previous != previous || until.is_some_and(|until| until != row.from_at) {
                return say("it does not follow the month closed before it");
            }
            let beside = (row.entries, &row.trial_hash, row.until_at);
            if head.month != month || (head.entries, &head.trial_hash, month.end().0) != beside {
                return say("what is kept beside its text is not what the text says");
            }
            previous = hash;
            until = Some(row.until_at);
        }
        let until = until.unwrap_or_default();
        (until != closed_until)
            .then(|| format!("the books are closed up to another instant ({closed_until})"))
    }

    /// The first month whose sums are not what its entries come to.
    fn sums(&self, rows: Vec<MonthSum>) -> Result<Option<String>, Error> {
        let mut by_month = BTreeMap::<i32, Vec<MonthSum>>::new();
        for row in rows {
            by_month.entry(row.month).or_default().push(row);
        }
        let mut trial = Trial::default();
        for (row, head) in &self.0 {
            let Some(head) = head else { continue };
            let mut moved = Trial::default();
            let mut entries = 0_i64;
            for sum in by_month.remove(&row.month).unwrap_or_default() {
                let kind = books::kind_of(&sum.account_kind)?;
                let turnover = books::turnover(sum.debit_fen, sum.credit_fen);
                trial.add(kind, &sum.owner, turnover).map_err(fault)?;
                moved.add(kind, &sum.owner, turnover).map_err(fault)?;
                entries += sum.entries;
            }
            let accounts = i64::try_from(trial.accounts()).map_err(fault)?;
            let kinds = trial.kinds().map_err(fault)?;
            let moves = moved.kinds().map_err(fault)?;
            let same = head.kinds.iter().all(|(kind, moved, so_far)| {
                moves.contains(&(*kind, *moved)) && kinds.contains(&(*kind, *so_far))
            });
            let moved_fen = moved.total().map_err(fault)?.debit_fen;
            let whole = same
                && (entries, accounts, moved_fen.0) == (head.entries, head.accounts, row.moved_fen)
                && trial.hash() == head.trial_hash;
            if !whole {
                return Ok(Some(format!(
                    "{}: its entries no longer come to the sums that were signed",
                    head.month
                )));
            }
        }
        Ok(None)
    }
}
