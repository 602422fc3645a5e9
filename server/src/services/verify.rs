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
        checks.push(CheckOut {
            name: check.name.to_owned(),
            looked_at,
            wrong,
        });
    }
    checks.push(chains(&tx).await?);
    tx.rollback().await?;
    Ok(VerifyOut {
        clean: checks.iter().all(|check| check.wrong.is_none()),
        checks,
    })
}

/// Walks every village's chain from its beginning to its head.
async fn chains(tx: &store::Tx) -> Result<CheckOut, Error> {
    let heads: BTreeMap<String, store::ledger::ChainRow> = store::verify::heads(tx)
        .await?
        .into_iter()
        .map(|head| (head.village_code.clone(), head))
        .collect();
    let mut ends = BTreeMap::<String, (i64, [u8; 32])>::new();
    let (mut village, mut seq, mut looked_at) = (String::new(), 0, 0);
    loop {
        let links = store::verify::links(tx, &village, seq, LINKS).await?;
        let Some(last) = links.last() else { break };
        (village, seq) = (last.village_code.clone(), last.chain_seq);
        for link in &links {
            looked_at += 1;
            let (at, prev) = ends.get(&link.village_code).copied().unwrap_or((0, GENESIS));
            if let Some(wrong) = broken(link, at, prev)? {
                return Ok(CheckOut {
                    name: "chains_whole".into(),
                    looked_at,
                    wrong: Some(wrong),
                });
            }
            ends.insert(
                link.village_code.clone(),
                (link.chain_seq, super::ledger::hash_of(&link.hash)?),
            );
        }
    }
    let wrong = heads.values().find(|head| {
        ends.get(&head.village_code)
            .is_none_or(|(at, hash)| *at != head.length || hash.as_slice() != head.head)
    });
    let wrong = wrong.map(|head| {
        format!(
            "village {}: the head is not the last entry's hash",
            head.village_code
        )
    });
    Ok(CheckOut {
        name: "chains_whole".into(),
        looked_at,
        wrong,
    })
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
