//! 月结: closing a month. What took effect in it is summed, said in one text, signed and published; nothing more can take
//! effect in it. Later corrections are posted to the open month and name the old document.

use super::idempotency::{Key, once};
use super::{App, Error, books, fault, journal, right, seal, step_up, verify};
use crate::store::audit::Entry;
use crate::store::books::Time;
use crate::store::period::{CloseRow, NewClose, VillageHeadRow};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::books::{CloseIn, CorrectionRow, MonthClosed, MonthKindRow, MonthOut, MonthRow, MonthsOut};
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::books::{MonthHead, SignedHead, Trial, Turnover, VillageHead};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::ledger::{AccountKind, GENESIS, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Corrections shown beside a month.
const CORRECTIONS: i64 = 100;
/// Months listed at the most: a hundred years.
const MONTHS: usize = 1200;

/// When something takes effect that belongs at `wanted`: then, while that month is open; now, when it is closed. The closed
/// month comes along, so that whoever posts can name it.
///
/// # Errors
/// Whatever the database answers.
pub async fn open_at(tx: &Tx, wanted: Micros, now: Micros) -> Result<(Micros, Option<Month>), Error> {
    if store::period::closed_until(tx).await? <= wanted.0 {
        Ok((wanted, None))
    } else {
        Ok((now, Some(Month::of(wanted.day()))))
    }
}

/// The months of the books, the newest first.
///
/// # Errors
/// `Forbidden`; whatever the database answers.
pub async fn months(app: &App, actor: &Actor) -> Result<MonthsOut, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    let read = app.db.read();
    let closes: BTreeMap<i32, CloseRow> = (store::period::closes(read).await?.into_iter())
        .map(|row| (row.month, row))
        .collect();
    let open = next_open(app, closes.values().next_back()).await?;
    let this = Month::of(app.today());
    let first = closes.keys().next().copied().map(journal::month_of).transpose()?;
    let first = first.unwrap_or(open).min(this);
    let mut months = Vec::new();
    let mut month = this.max(open);
    loop {
        months.push(MonthRow {
            month,
            closed: closes.get(&month.number()).map(closed_of),
        });
        if month <= first || months.len() >= MONTHS {
            break;
        }
        month = month.previous();
    }
    Ok(MonthsOut {
        months,
        closable: Some(open).filter(|month| month.end() <= app.now()),
    })
}

/// The first month that is open: the one behind the last that was closed; of books without a close, the one in which
/// the first transaction took effect; of books without any, the month before this one.
async fn next_open(app: &App, last: Option<&CloseRow>) -> Result<Month, Error> {
    if let Some(last) = last {
        return Ok(journal::month_of(last.month)?.next());
    }
    Ok(match store::period::first_effect(app.db.read()).await? {
        0 => Month::of(app.today()).previous(),
        first => Month::of(Micros(first).day()),
    })
}

fn closed_of(row: &CloseRow) -> MonthClosed {
    MonthClosed {
        closed_at: Micros(row.closed_at),
        closed_by_name: row.closed_by_name.clone(),
        entries: row.entries,
        moved_fen: Fen(row.moved_fen),
        text_hash: super::ledger::hex(&row.text_hash),
        trial_hash: row.trial_hash.clone(),
        key_id: row.key_id.clone(),
        signature: super::ledger::hex(&row.signature),
    }
}

/// One month with its sums, and what was corrected of it later.
///
/// # Errors
/// `Forbidden`; `NotFound` for a month to come, or one before the books began.
pub async fn month(app: &App, actor: &Actor, month: Month) -> Result<MonthOut, Error> {
    let all = months(app, actor).await?;
    let row = all.months.into_iter().find(|row| row.month == month);
    let row = row.ok_or_else(Error::not_found)?;
    let tx = app.db.snapshot().await?;
    let stored = store::period::close_of(&tx, month.number()).await?;
    let from = stored.as_ref().map_or(month.start().0, |close| close.from_at);
    let until = month.end().0;
    let moved = store::books::kinds_between(&tx, Time::Effective, from, until).await?;
    let all_kinds = store::books::kinds(&tx).await?;
    let later = store::books::kinds_between(&tx, Time::Effective, until, i64::MAX).await?;
    let corrections = store::period::corrections(&tx, from, until, CORRECTIONS).await?;
    tx.rollback().await?;
    let (moved, sums, later) = (
        books::by_kind(&moved)?,
        books::by_kind(&all_kinds)?,
        books::by_kind(&later)?,
    );
    let of = |sums: &BTreeMap<AccountKind, Turnover>, kind| sums.get(&kind).copied().unwrap_or_default();
    let kinds = AccountKind::ALL.into_iter().map(|account| {
        let sum = of(&sums, account).minus(of(&later, account)).map_err(fault)?;
        let moved = of(&moved, account);
        Ok::<_, Error>(MonthKindRow {
            account,
            debit_fen: moved.debit_fen,
            credit_fen: moved.credit_fen,
            balance_fen: sum.balance_fen().map_err(fault)?,
        })
    });
    let kinds = kinds.collect::<Result<_, _>>()?;
    let corrections = corrections.into_iter().map(|row| {
        Ok::<_, Error>(CorrectionRow {
            transaction_id: row.transaction_id,
            kind: TransactionKind::from_name(&row.kind).ok_or_else(|| fault("stored transaction kind"))?,
            effective_at: Micros(row.effective_at),
            document_kind: row.document_kind,
            document_number: row.document_number,
            moved_fen: Fen(row.moved_fen),
            corrects: row.corrects,
            corrects_number: row.corrects_number,
        })
    });
    Ok(MonthOut {
        closable: all.closable == Some(month),
        row,
        kinds,
        corrections: corrections.collect::<Result<_, _>>()?,
    })
}

/// What a closed month says, signed: for everybody.
///
/// # Errors
/// `NotFound` when it is not closed.
pub async fn head_file(app: &App, month: Month) -> Result<String, Error> {
    let row = store::period::text_of(app.db.read(), month.number()).await?;
    let row = row.ok_or_else(Error::not_found)?;
    Ok(SignedHead::file(&row.head_text, &row.key_id, &row.signature))
}

/// Closes a month: the first that is open, once it has ended, when all checks of the books hold.
///
/// # Errors
/// `Forbidden`; `StepUpNeeded`; `Invalid` naming the month when another is to be closed first or it has not ended;
/// `WrongState` when it is closed; `BooksWrong`; `KeyReused`.
pub async fn close(app: &App, actor: &Actor, key: &Key, input: &CloseIn) -> Result<MonthRow, Error> {
    right::require(actor, Action::BooksClose, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let month = input.month;
    if month.end() > app.now() {
        let problem = FieldProblem::bound("month", FieldCode::TooLate, Month::of(app.today()).previous());
        return Err(Error::invalid(vec![problem]));
    }
    if store::period::close_of(app.db.read(), month.number())
        .await?
        .is_none()
        && !verify::run(app).await?.clean
    {
        return Err(Error::refused(Code::BooksWrong));
    }
    let signing = seal::key(&app.config).await?;
    let job = Arc::new((app.clone(), actor.clone(), signing));
    once(app, actor.person_id, "books.close", key, &month, move |tx| {
        let job = Arc::clone(&job);
        async move { close_in(tx, &job.0, &job.1, &job.2, month).await }.boxed()
    })
    .await?;
    let row = store::period::close_of(app.db.read(), month.number()).await?;
    let row = row.ok_or_else(|| fault("a month that was just closed"))?;
    Ok(MonthRow {
        month,
        closed: Some(closed_of(&row)),
    })
}

async fn close_in(tx: &Tx, app: &App, actor: &Actor, key: &seal::Key, month: Month) -> Result<(), Error> {
    let last = store::period::last_close(tx).await?;
    if last.as_ref().is_some_and(|last| last.month >= month.number()) {
        return Err(Error::wrong_state());
    }
    let open = next_open(app, last.as_ref()).await?;
    if open != month {
        let problem = FieldProblem::bound("month", FieldCode::TooLate, open);
        return Err(Error::invalid(vec![problem]));
    }
    // From here on every posting waits, and whatever was under way is done.
    let from = last.as_ref().map_or(0, |last| last.until_at);
    if !store::period::close_until(tx, from, month.end().0).await? {
        return Err(Error::Again);
    }
    let now = app.now();
    let closed_at = Micros(now.0.div_euclid(1_000_000) * 1_000_000);
    let previous = match &last {
        Some(last) => super::ledger::hash_of(&last.text_hash)?,
        None => GENESIS,
    };
    let (head, moved_fen) = said(tx, month, from, closed_at, previous).await?;
    let text = head.text();
    let signature = key.sign(&text);
    let id = key.id();
    store::period::use_key(tx, &id, &key.public(), now.0).await?;
    let close = NewClose {
        month: month.number(),
        from_at: from,
        until_at: month.end().0,
        closed_at: closed_at.0,
        closed_by: actor.person_id,
        closed_by_name: actor.person_name.clone(),
        entries: head.entries,
        moved_fen: moved_fen.0,
        trial_hash: head.trial_hash.clone(),
        text_hash: head.hash().to_vec(),
        head_text: text,
        key_id: id,
        signature: signature.to_vec(),
    };
    store::period::insert(tx, close).await?;
    let entry = Entry {
        action: "books.close",
        object_kind: "month",
        object_id: month.to_string(),
        detail: format!("{} {}", moved_fen.format_cny(), super::ledger::hex(&head.hash())),
        ..Default::default()
    };
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

/// What a month says of itself, and what was debited in it.
async fn said(
    tx: &Tx,
    month: Month,
    from: i64,
    closed_at: Micros,
    previous: [u8; 32],
) -> Result<(MonthHead, Fen), Error> {
    let until = month.end().0;
    let mut trial = Trial::default();
    for row in store::books::every_account(tx).await? {
        let kind = books::kind_of(&row.account_kind)?;
        let sum = books::turnover(row.debit_fen, row.credit_fen);
        trial.add(kind, &row.owner, sum).map_err(fault)?;
    }
    for row in store::books::every_account_from(tx, Time::Effective, until).await? {
        let kind = books::kind_of(&row.account_kind)?;
        let later = books::turnover(row.debit_fen, row.credit_fen);
        trial.take(kind, &row.owner, later).map_err(fault)?;
    }
    let total = trial.total().map_err(fault)?;
    let moved = books::by_kind(&store::books::kinds_between(tx, Time::Effective, from, until).await?)?;
    let moved_total = moved
        .values()
        .try_fold(Turnover::default(), |sum, one| sum.plus(*one))
        .map_err(fault)?;
    if total.debit_fen != total.credit_fen || moved_total.debit_fen != moved_total.credit_fen {
        return Err(Error::refused(Code::BooksWrong));
    }
    let year_month = (month.year(), i32::try_from(month.month()).map_err(fault)?);
    let villages = store::period::village_heads(tx, year_month.0, year_month.1).await?;
    let kinds = trial.kinds().map_err(fault)?.into_iter().map(|(kind, so_far)| {
        let moved = moved.get(&kind).copied().unwrap_or_default();
        (kind, moved, so_far)
    });
    let head = MonthHead {
        month,
        closed_at,
        previous,
        entries: store::period::count_entries(tx, from, until).await?,
        accounts: i64::try_from(trial.accounts()).map_err(fault)?,
        trial_hash: trial.hash(),
        kinds: kinds.collect(),
        villages: villages.into_iter().map(village_head).collect::<Result<_, _>>()?,
    };
    Ok((head, moved_total.debit_fen))
}

fn village_head(row: VillageHeadRow) -> Result<VillageHead, Error> {
    Ok(VillageHead {
        head: match &row.public_head {
            Some(head) => super::ledger::hash_of(head)?,
            None => GENESIS,
        },
        code: row.code,
        length: row.length,
        income_fen: Fen(row.income_fen),
        owed_fen: Fen(row.owed_fen),
        month_income_fen: Fen(row.month_income_fen),
    })
}
