//! Checking the books: every invariant of domain.md, over one state of the database, naming the first thing wrong.

mod closed;
mod walk;

use super::{App, Error, right};
use crate::store;
use crate::store::verify::{CHECKS, INVOICES, LinkRow, RECEIPTS};
use closed::Closed;
use shared::api::ledger::{CheckOut, VerifyOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::ledger::{Account, AccountKind, ChainEntry, IncomeSource, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use walk::Walk;

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
    for check in CHECKS.iter().chain(&RECEIPTS).chain(&INVOICES) {
        let (looked_at, mismatch) = store::verify::run(&tx, check).await?;
        let wrong = mismatch.map(|m| format!("{}: {} where {} should be", m.what, m.stored, m.wanted));
        checks.push(self::check(check.name, looked_at, wrong));
    }
    let closed = Closed::read(&tx).await?;
    let walk = Walk::over(&tx, closed.wanted()).await?;
    checks.push(walk.incomes(&tx).await?);
    let (own, public) = walk.chains(&tx).await?;
    checks.extend([own, public]);
    checks.push(closed.check(&tx, walk.unlike_published()).await?);
    tx.rollback().await?;
    Ok(VerifyOut {
        clean: checks.iter().all(|check| check.wrong.is_none()),
        checks,
    })
}

/// Looks at one village's journal alone: the first thing wrong with it.
///
/// # Errors
/// When the database cannot be read.
pub async fn journal(app: &App, village: &str) -> Result<Option<String>, Error> {
    let tx = app.db.snapshot().await?;
    let wrong = walk::one(&tx, village).await?;
    tx.rollback().await?;
    Ok(wrong)
}

fn check(name: &str, looked_at: i64, wrong: Option<String>) -> CheckOut {
    CheckOut {
        name: name.to_owned(),
        looked_at,
        wrong,
    }
}

/// A stored entry with all that its hash covers.
///
/// # Errors
/// What of it means nothing.
pub(super) fn chain_entry(link: &LinkRow) -> Result<ChainEntry, &'static str> {
    let kind = AccountKind::from_name(&link.account_kind).ok_or("its kind of account is none")?;
    let source = match link.income_source.as_deref() {
        None => None,
        Some(name) => Some(IncomeSource::from_name(name).ok_or("its source of income is none")?),
    };
    Ok(ChainEntry {
        village_code: link.village_code.clone(),
        seq: link.chain_seq,
        transaction_id: link.transaction_id,
        entry_seq: i64::from(link.seq),
        account: Account::of(kind, link.owner.clone()),
        amount_fen: Fen(link.amount_fen),
        income_source: source,
        line_ref: link.line_id,
        effective_at: Micros(link.effective_at),
        recorded_at: Micros(link.recorded_at),
        kind: TransactionKind::from_name(&link.kind).ok_or("its kind of event is none")?,
        document_kind: link.document_kind.clone(),
        document_id: link.document_id,
        document_number: link.document_number.clone(),
        actor_id: link.actor_id,
        actor_name: link.actor_name.clone(),
        reverses: link.reverses,
    })
}
