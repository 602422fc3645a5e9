//! 试算平衡: every account as of an instant, down to the entry. The sums of now are kept by posting (and proven by `verify`);
//! those of an earlier instant are the same without what came later.

use super::ledger_names::{self, Owner};
use super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::books::{AccountEntry, AccountSum, KindRow, Time};
use shared::api::books::{AccountEntryRow, AccountRow, LedgerAccountOut, TrialBy, TrialOut, TrialRow};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::books::Turnover;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::ledger::{AccountKind, OwnerKind, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Characters of an owner at the most: an id has 36.
const OWNER_MAX: usize = 40;

/// As of when the books are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// Up to this instant, itself included; `None` for all there is.
    pub at: Option<Micros>,
    /// Which time is meant.
    pub by: TrialBy,
}

impl AsOf {
    /// All there is.
    pub const NOW: Self = Self {
        at: None,
        by: TrialBy::Recorded,
    };

    const fn time(self) -> Time {
        match self.by {
            TrialBy::Recorded => Time::Recorded,
            TrialBy::Effective => Time::Effective,
        }
    }

    /// The first instant that does not belong to it.
    fn until(self) -> Option<i64> {
        self.at.map(|at| at.0.saturating_add(1))
    }
}

/// An instant as people give it: a day, meant to its end, or a day and a time of Shanghai, meant to the end of that minute.
///
/// # Errors
/// `Invalid` naming `at` for anything else.
pub fn instant(text: &str) -> Result<Option<Micros>, Error> {
    let wrong = || Error::field("at", FieldCode::NotADay);
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let Some((day, time)) = text.split_once('T') else {
        let day = Day::parse(text).map_err(|_| wrong())?;
        return Ok(Some(Micros(day.add_days(1).start().0 - 1)));
    };
    let day = Day::parse(day).map_err(|_| wrong())?;
    let (hours, minutes) = time.split_once(':').ok_or_else(wrong)?;
    let number = |text: &str, most: i64| {
        let good = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        let number: i64 = text.parse().ok().filter(|_| good)?;
        (number <= most).then_some(number)
    };
    let (Some(hours), Some(minutes)) = (number(hours, 23), number(minutes, 59)) else {
        return Err(wrong());
    };
    let end = day.start().plus_hours(hours).plus_minutes(minutes + 1);
    Ok(Some(Micros(end.0 - 1)))
}

/// The trial balance as of an instant.
///
/// # Errors
/// `Forbidden`; whatever the database answers.
pub async fn trial(app: &App, actor: &Actor, as_of: AsOf) -> Result<TrialOut, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    // What is kept and what came later must be of one state of the database.
    let tx = app.db.snapshot().await?;
    let all = store::books::kinds(&tx).await?;
    let later = match as_of.until() {
        Some(from) => store::books::kinds_between(&tx, as_of.time(), from, i64::MAX).await?,
        None => Vec::new(),
    };
    tx.rollback().await?;
    let (all, later) = (by_kind(&all)?, by_kind(&later)?);
    let mut total = Turnover::default();
    let mut kinds = Vec::with_capacity(AccountKind::ALL.len());
    for account in AccountKind::ALL {
        let of = |sums: &BTreeMap<AccountKind, Turnover>| sums.get(&account).copied().unwrap_or_default();
        let sum = of(&all).minus(of(&later)).map_err(fault)?;
        total = total.plus(sum).map_err(fault)?;
        kinds.push(TrialRow {
            account,
            debit_fen: sum.debit_fen,
            credit_fen: sum.credit_fen,
            balance_fen: sum.balance_fen().map_err(fault)?,
        });
    }
    Ok(TrialOut {
        at: as_of.at,
        by: as_of.by,
        kinds,
        debit_fen: total.debit_fen,
        credit_fen: total.credit_fen,
        balanced: total.debit_fen == total.credit_fen,
    })
}

pub(super) fn by_kind(rows: &[KindRow]) -> Result<BTreeMap<AccountKind, Turnover>, Error> {
    rows.iter()
        .map(|row| {
            Ok((
                kind_of(&row.account_kind)?,
                turnover(row.debit_fen, row.credit_fen),
            ))
        })
        .collect()
}

pub(super) fn kind_of(stored: &str) -> Result<AccountKind, Error> {
    AccountKind::from_name(stored).ok_or_else(|| fault("stored account kind"))
}

pub(super) const fn turnover(debit_fen: i64, credit_fen: i64) -> Turnover {
    Turnover {
        debit_fen: Fen(debit_fen),
        credit_fen: Fen(credit_fen),
    }
}

/// The accounts of a kind, as of an instant, in the order of their owners.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn accounts(
    app: &App,
    actor: &Actor,
    kind: AccountKind,
    as_of: AsOf,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<AccountRow>, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    let after = after.unwrap_or_default();
    check_owner("after", after)?;
    let limit = paging::limit(limit);
    let tx = app.db.snapshot().await?;
    let rows = if kind.owner_kind() == OwnerKind::Centre {
        store::books::account(&tx, kind.as_str(), "")
            .await?
            .into_iter()
            .collect()
    } else {
        store::books::accounts(&tx, kind.as_str(), after, limit + 1).await?
    };
    let later = later_of(&tx, kind, &rows, as_of).await?;
    tx.rollback().await?;
    let take = usize::try_from(limit).map_err(fault)?;
    let next = (rows.len() > take).then(|| rows[take - 1].owner.clone());
    let shown = &rows[..rows.len().min(take)];
    let owners: Vec<(&str, &str)> = (shown.iter())
        .map(|row| (row.account_kind.as_str(), row.owner.as_str()))
        .collect();
    let names = ledger_names::names(app, actor, &owners).await?;
    let items = shown
        .iter()
        .map(|row| account_row(row, &later, &names))
        .collect::<Result<_, _>>()?;
    Ok(Page { items, next })
}

async fn later_of(
    tx: &store::Tx,
    kind: AccountKind,
    rows: &[AccountSum],
    as_of: AsOf,
) -> Result<BTreeMap<String, Turnover>, Error> {
    let Some(from) = as_of.until() else {
        return Ok(BTreeMap::new());
    };
    let owners: Vec<&str> = rows.iter().map(|row| row.owner.as_str()).collect();
    let later = store::books::accounts_from(tx, kind.as_str(), &owners, as_of.time(), from).await?;
    Ok(later
        .into_iter()
        .map(|row| (row.owner, turnover(row.debit_fen, row.credit_fen)))
        .collect())
}

fn account_row(
    row: &AccountSum,
    later: &BTreeMap<String, Turnover>,
    names: &BTreeMap<String, Owner>,
) -> Result<AccountRow, Error> {
    let later = later.get(&row.owner).copied().unwrap_or_default();
    let sum = turnover(row.debit_fen, row.credit_fen)
        .minus(later)
        .map_err(fault)?;
    Ok(AccountRow {
        account: kind_of(&row.account_kind)?,
        owner: row.owner.clone(),
        owner_name: match names.get(&row.owner) {
            Some(Owner::Name(name)) => name.clone(),
            _ => String::new(),
        },
        debit_fen: sum.debit_fen,
        credit_fen: sum.credit_fen,
        balance_fen: sum.balance_fen().map_err(fault)?,
    })
}

/// One account as of an instant, with a page of its entries, the newest first.
///
/// # Errors
/// `Forbidden`; `NotFound` when there is no such account; `Invalid` for a bad owner or `after`.
pub async fn account(
    app: &App,
    actor: &Actor,
    (kind, owner): (AccountKind, &str),
    as_of: AsOf,
    after: Option<&str>,
    limit: i64,
) -> Result<LedgerAccountOut, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    check_owner("owner", owner)?;
    let before = read_key(after)?;
    let limit = paging::limit(limit);
    let tx = app.db.snapshot().await?;
    let found: Vec<_> = store::books::account(&tx, kind.as_str(), owner)
        .await?
        .into_iter()
        .collect();
    let Some(row) = found.first() else {
        tx.rollback().await?;
        return Err(Error::not_found());
    };
    let later = later_of(&tx, kind, &found, as_of).await?;
    let until = as_of.until().unwrap_or(i64::MAX);
    let mut entries = store::books::entries(
        &tx,
        (kind.as_str(), owner),
        (as_of.time(), until),
        before,
        limit + 1,
    )
    .await?;
    tx.rollback().await?;
    let take = usize::try_from(limit).map_err(fault)?;
    let more = entries.len() > take;
    entries.truncate(take);
    let last = entries.last().filter(|_| more);
    let next = last.map(|entry| format!("{}_{}", entry.transaction_id, entry.seq));
    let names = ledger_names::names(app, actor, &[(kind.as_str(), owner)]).await?;
    Ok(LedgerAccountOut {
        account: account_row(row, &later, &names)?,
        entries: Page {
            items: entries.iter().map(entry_row).collect::<Result<_, _>>()?,
            next,
        },
    })
}

fn entry_row(row: &AccountEntry) -> Result<AccountEntryRow, Error> {
    Ok(AccountEntryRow {
        transaction_id: row.transaction_id,
        seq: row.seq,
        kind: TransactionKind::from_name(&row.kind).ok_or_else(|| fault("stored transaction kind"))?,
        effective_at: Micros(row.effective_at),
        recorded_at: Micros(row.recorded_at),
        document_kind: row.document_kind.clone(),
        document_number: row.document_number.clone(),
        amount_fen: Fen(row.amount_fen),
    })
}

fn check_owner(field: &str, owner: &str) -> Result<(), Error> {
    if owner.len() > OWNER_MAX {
        let problem = FieldProblem::bound(field, FieldCode::TooLong, OWNER_MAX);
        return Err(Error::invalid(vec![problem]));
    }
    if owner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        Ok(())
    } else {
        Err(Error::field(field, FieldCode::BadCharacters))
    }
}

/// The key to begin behind, as `transaction_seq`.
fn read_key(after: Option<&str>) -> Result<(Uuid, i32), Error> {
    let Some(text) = after.filter(|text| !text.is_empty()) else {
        return Ok((Uuid::max(), i32::MAX));
    };
    text.split_once('_')
        .and_then(|(id, seq)| Some((id.parse().ok()?, seq.parse().ok()?)))
        .ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_meant_to_its_end() {
        let day = Day::parse("2026-11-30").expect("a day");
        let read = |text| instant(text).expect("an instant");
        assert_eq!(read(""), None);
        assert_eq!(read("2026-11-30"), Some(Micros(day.add_days(1).start().0 - 1)));
        assert_eq!(
            read("2026-11-30T10:42"),
            Some(Micros(day.start().plus_hours(10).plus_minutes(43).0 - 1))
        );
        for bad in [
            "x",
            "2026-11-31",
            "2026-11-30T",
            "2026-11-30T24:00",
            "2026-11-30T1:00",
            "2026-11-30T10:42:07",
        ] {
            assert!(instant(bad).is_err(), "{bad}");
        }
    }
}
