//! Checking the books: every invariant of domain.md, over one state of the database, naming the first thing wrong.

use super::{App, Error, fault, right};
use crate::store;
use crate::store::verify::{CHECKS, LinkRow};
use shared::api::ledger::{CheckOut, VerifyOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::ledger::{Account, AccountKind, ChainEntry, GENESIS, IncomeSource, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;

/// Links read at once.
const LINKS: i64 = 5000;

/// Runs every check for somebody who may.
///
/// # Errors
/// `Forbidden`, or when the database cannot be read.
pub async fn verify(app: &App, actor: &Actor) -> Result<VerifyOut, Error> {
    right::require(actor, Action::LedgerVerify, Place::DISTRICT)?;
    run(app).await
}

/// Runs every check: the program's own `verify` command and the tests.
///
/// # Errors
/// When the database cannot be read.
pub async fn run(app: &App) -> Result<VerifyOut, Error> {
    let tx = app.db.snapshot().await?;
    let mut checks = Vec::new();
    for check in &CHECKS {
        let (looked_at, mismatch) = store::verify::run(&tx, check).await?;
        let wrong = mismatch.map(|m| format!("{}: {} where {} should be", m.what, m.stored, m.wanted));
        checks.push(self::check(check.name, looked_at, wrong));
    }
    let walk = Walk::over(&tx).await?;
    checks.push(walk.incomes(&tx).await?);
    checks.push(walk.chains(&tx).await?);
    tx.rollback().await?;
    Ok(VerifyOut {
        clean: checks.iter().all(|check| check.wrong.is_none()),
        checks,
    })
}

/// A village's income of a year, month and source.
type IncomeKey = (String, i32, i32, String);

/// What one walk along every village's chain found.
#[derive(Default)]
struct Walk {
    looked_at: i64,
    /// Where each chain ends.
    ends: BTreeMap<String, (i64, [u8; 32])>,
    /// The first link that does not hold.
    broken: Option<String>,
    /// Income as the entries tell it.
    incomes: BTreeMap<IncomeKey, i128>,
}

impl Walk {
    /// Walks every village's chain from its beginning to its end.
    async fn over(tx: &store::Tx) -> Result<Self, Error> {
        let mut walk = Self::default();
        let (mut village, mut seq) = (String::new(), 0);
        loop {
            let links = store::verify::links(tx, &village, seq, LINKS).await?;
            let Some(last) = links.last() else { return Ok(walk) };
            (village, seq) = (last.village_code.clone(), last.chain_seq);
            for link in &links {
                walk.step(link)?;
            }
        }
    }

    fn step(&mut self, link: &LinkRow) -> Result<(), Error> {
        self.looked_at += 1;
        let code = || link.village_code.clone();
        if self.broken.is_none() {
            let (at, prev) = self.ends.get(&link.village_code).copied().unwrap_or((0, GENESIS));
            self.broken = broken(link, at, prev)?;
        }
        let hash = super::ledger::hash_of(&link.hash)?;
        self.ends.insert(code(), (link.chain_seq, hash));
        if let Some(source) = &link.income_source {
            let day = Micros(link.effective_at).day();
            let month = i32::try_from(day.month()).map_err(fault)?;
            let sum = self
                .incomes
                .entry((code(), day.year(), month, source.clone()))
                .or_default();
            *sum -= i128::from(link.amount_fen);
        }
        Ok(())
    }

    /// Compares the cached incomes, by year and month, with what the entries say.
    async fn incomes(&self, tx: &store::Tx) -> Result<CheckOut, Error> {
        let rows = store::verify::incomes(tx).await?;
        let looked_at = i64::try_from(rows.len()).map_err(fault)?;
        let cached: BTreeMap<IncomeKey, i128> = rows
            .into_iter()
            .map(|row| {
                let key = (row.village_code, row.year, row.month, row.income_source);
                (key, i128::from(row.amount_fen))
            })
            .collect();
        let differs = cached.keys().chain(self.incomes.keys()).find_map(|key| {
            let (stored, wanted) = (cached.get(key).unwrap_or(&0), self.incomes.get(key).unwrap_or(&0));
            (stored != wanted).then_some((key, stored, wanted))
        });
        let wrong = differs.map(|((village, year, month, source), stored, wanted)| {
            format!("{village} {year}-{month:02} {source}: {stored} where {wanted} should be")
        });
        Ok(check("incomes_equal_entries", looked_at, wrong))
    }

    /// Every chain holds from link to link, and its head is its last entry.
    async fn chains(&self, tx: &store::Tx) -> Result<CheckOut, Error> {
        let heads = store::verify::heads(tx).await?;
        let astray = heads.iter().find(|head| {
            self.ends
                .get(&head.village_code)
                .is_none_or(|(at, hash)| *at != head.length || hash.as_slice() != head.head)
        });
        let astray = astray.map(|head| {
            let village = &head.village_code;
            format!("village {village}: the head is not the last entry's hash")
        });
        Ok(check(
            "chains_whole",
            self.looked_at,
            self.broken.clone().or(astray),
        ))
    }
}

fn check(name: &str, looked_at: i64, wrong: Option<String>) -> CheckOut {
    CheckOut {
        name: name.to_owned(),
        looked_at,
        wrong,
    }
}

fn broken(link: &LinkRow, at: i64, prev: [u8; 32]) -> Result<Option<String>, Error> {
    let place = format!(
        "village {} entry {} ({})",
        link.village_code, link.chain_seq, link.document_number
    );
    if link.chain_seq != at + 1 {
        return Ok(Some(format!("{place}: entry {} is missing before it", at + 1)));
    }
    if link.prev_hash != prev {
        return Ok(Some(format!("{place}: does not follow the entry before it")));
    }
    let entry = entry_of(link)?;
    Ok((entry.hash(prev).as_slice() != link.hash)
        .then(|| format!("{place}: its content is not what was hashed")))
}

fn entry_of(link: &LinkRow) -> Result<ChainEntry, Error> {
    let kind = AccountKind::from_name(&link.account_kind).ok_or_else(|| fault("stored account kind"))?;
    Ok(ChainEntry {
        village_code: link.village_code.clone(),
        seq: link.chain_seq,
        transaction_id: link.transaction_id,
        entry_seq: i64::from(link.seq),
        account: Account::of(kind, link.owner.clone()),
        amount_fen: Fen(link.amount_fen),
        income_source: link.income_source.as_deref().and_then(IncomeSource::from_name),
        line_ref: link.line_id,
        effective_at: Micros(link.effective_at),
        recorded_at: Micros(link.recorded_at),
        kind: TransactionKind::from_name(&link.kind).ok_or_else(|| fault("stored transaction kind"))?,
        document_kind: link.document_kind.clone(),
        document_id: link.document_id,
        document_number: link.document_number.clone(),
        actor_id: link.actor_id,
        actor_name: link.actor_name.clone(),
        reverses: link.reverses,
    })
}
