//! 财务首页: where the money is and how old it is; and the reconciliation of every day, which says that the books agree with the
//! bills, payables and settlements behind them, or names what does not.

use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, right, verify};
use crate::store;
use crate::store::audit::Entry;
use crate::store::finance::{AddedRow, BandRow, ReconciliationRow, Sums};
use futures::FutureExt as _;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use shared::api::finance::{
    AgeBand, Agreement, AgreementOut, FinanceOut, MoneyAge, MoneyPlace, ReconciliationOut,
};
use shared::api::page::Page;
use shared::api::problem::FieldCode;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;

/// Where the bands of age end, in days.
const BANDS: [i32; 3] = [7, 30, 60];
/// Entries looked at for the age of what lies in an account.
const ENTRIES_MAX: i64 = 2000;
/// Reconciliations shown on the page.
const SHOWN: i64 = 7;

/// Where the money is just now.
///
/// # Errors
/// `Forbidden`; whatever the database answers.
pub async fn show(app: &App, actor: &Actor) -> Result<FinanceOut, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    let seen = app.db.snapshot().await?;
    let now = app.now();
    let mut money = Vec::new();
    for place in MoneyPlace::ALL {
        money.push(aged(&seen, place, now).await?);
    }
    let sums = store::finance::sums(&seen)
        .await?
        .ok_or_else(|| fault("sums are one row"))?;
    let counts = store::finance::waiting(&seen)
        .await?
        .ok_or_else(|| fault("counts are one row"))?;
    let rows = store::finance::reconciliations(&seen, None, SHOWN).await?;
    seen.rollback().await?;
    let billed = money
        .iter()
        .find(|age| age.place == MoneyPlace::Owed)
        .map_or(Fen::ZERO, |age| age.sum_fen);
    Ok(FinanceOut {
        money,
        unbilled_fen: Fen(sums.bills).checked_sub(billed).map_err(fault)?,
        batches_open: counts.batches_open,
        accounts_unchecked: counts.accounts_unchecked,
        reconciliations: rows.iter().map(out_of).collect::<Result<_, _>>()?,
    })
}

async fn aged(seen: &impl ConnectionTrait, place: MoneyPlace, now: Micros) -> Result<MoneyAge, Error> {
    let since = BANDS.map(|days| now.plus_days(-i64::from(days)).0);
    let today = now.day();
    let age = |at: i64| today.days_since(Micros(at).day());
    match place {
        MoneyPlace::Owed => Ok(banded(place, &store::finance::owed(seen, since).await?, age)),
        MoneyPlace::Overdue => {
            let days = BANDS.map(|days| today.add_days(-days).0);
            let rows = store::finance::overdue(seen, days, today.0).await?;
            let late = |day: i64| i64::from(today.0) - day;
            Ok(banded(place, &rows, late))
        }
        MoneyPlace::Unsettled => Ok(banded(place, &store::finance::unsettled(seen, since).await?, age)),
        MoneyPlace::InTransit => Ok(banded(
            place,
            &store::finance::in_transit(seen, since).await?,
            age,
        )),
        MoneyPlace::Suspense => lying(seen, place, AccountKind::Suspense, true, now).await,
        MoneyPlace::Clearing => lying(seen, place, AccountKind::StripeClearing, false, now).await,
    }
}

fn empty_bands() -> Vec<AgeBand> {
    let begins = std::iter::once(0).chain(BANDS.map(|days| days + 1));
    let ends = BANDS.into_iter().map(Some).chain([None]);
    begins
        .zip(ends)
        .map(|(from_days, until_days)| AgeBand {
            from_days,
            until_days,
            sum_fen: Fen::ZERO,
            count: 0,
        })
        .collect()
}

fn banded(place: MoneyPlace, rows: &[BandRow], age: impl Fn(i64) -> i64) -> MoneyAge {
    let mut bands = empty_bands();
    for row in rows {
        let at = usize::try_from(row.band).unwrap_or_default();
        if let Some(band) = bands.get_mut(at) {
            band.sum_fen = Fen(row.sum_fen);
            band.count = row.count;
        }
    }
    MoneyAge {
        place,
        sum_fen: Fen(rows.iter().map(|row| row.sum_fen).sum()),
        count: rows.iter().map(|row| row.count).sum(),
        oldest_days: rows.iter().map(|row| age(row.oldest)).max(),
        bands,
    }
}

/// What lies in an account of the centre's: what came last is what is still there, for what came first left first.
async fn lying(
    seen: &impl ConnectionTrait,
    place: MoneyPlace,
    kind: AccountKind,
    credit: bool,
    now: Micros,
) -> Result<MoneyAge, Error> {
    let balance = store::ledger::balance(seen, kind.as_str(), "").await?;
    let sum = if credit { -balance } else { balance };
    let added = if sum > 0 {
        store::finance::added(seen, kind.as_str(), credit, ENTRIES_MAX).await?
    } else {
        Vec::new()
    };
    Ok(first_in_first_out(place, sum, &added, now.day()))
}

fn first_in_first_out(place: MoneyPlace, sum: i64, newest_first: &[AddedRow], today: Day) -> MoneyAge {
    let mut bands = empty_bands();
    let (mut rest, mut count, mut oldest) = (sum, 0, None);
    for row in newest_first {
        if rest <= 0 {
            break;
        }
        let part = row.amount_fen.min(rest);
        rest -= part;
        count += 1;
        let age = today.days_since(Micros(row.at).day());
        oldest = Some(age.max(oldest.unwrap_or(age)));
        let fits = |band: &&mut AgeBand| band.until_days.is_none_or(|until| age <= i64::from(until));
        if let Some(band) = bands.iter_mut().find(fits) {
            band.sum_fen = Fen(band.sum_fen.0 + part);
            band.count += 1;
        }
    }
    MoneyAge {
        place,
        sum_fen: Fen(sum),
        count,
        oldest_days: oldest,
        bands,
    }
}

/// What is kept of a reconciliation besides its day.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    lines: Vec<AgreementOut>,
    wrong: Vec<String>,
}

/// Holds the books against what stands behind them, for somebody who may, and keeps what was found.
///
/// # Errors
/// `Forbidden`; whatever the database answers; `KeyReused`.
pub async fn reconcile(app: &App, actor: &Actor, key: &Key) -> Result<ReconciliationOut, Error> {
    right::require(actor, Action::Reconcile, Place::DISTRICT)?;
    let row = compared(app, Some(actor.person_name.clone())).await?;
    let job = Arc::new((app.now(), actor.clone(), row));
    let kept: (i32, i64) = once(app, actor.person_id, "books.reconcile", key, &(), move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (now, actor, row) = &*job;
            store::finance::keep(tx, row).await?;
            let entry = Entry {
                action: "books.reconcile",
                object_kind: "day",
                object_id: Day(row.day).to_string(),
                detail: if row.balanced { "平" } else { "不平" }.to_owned(),
                ..Entry::default()
            };
            store::audit::insert(tx, *now, Some(actor), vec![entry]).await?;
            Ok((row.day, row.at))
        }
        .boxed()
    })
    .await?;
    let newest = store::finance::reconciliations(app.db.read(), Some((kept.0, kept.1 + 1)), 1).await?;
    newest
        .first()
        .ok_or_else(|| fault("a reconciliation that was just kept"))
        .and_then(out_of)
}

/// The reconciliation of a day, once a day; the program calls it every round. Says how many were made.
///
/// # Errors
/// Whatever the database answers.
pub async fn reconcile_daily(app: &App) -> Result<usize, Error> {
    let newest = store::finance::reconciliations(app.db.read(), None, 1).await?;
    let today = app.today();
    if newest.first().is_some_and(|row| row.day >= today.0) {
        return Ok(0);
    }
    let row = compared(app, None).await?;
    let now = app.now();
    app.db
        .write_quietly(move |tx| {
            let row = row.clone();
            async move {
                store::finance::keep(tx, &row).await?;
                if row.balanced {
                    return Ok(());
                }
                let told = Notice {
                    to: To::Role(Role::CentreFinance),
                    kind: NoticeKind::BooksOff,
                    subject: Day(row.day).to_string(),
                    path: "/finance".to_owned(),
                };
                notice::tell(tx, now, vec![told]).await
            }
            .boxed()
        })
        .await?;
    Ok(1)
}

async fn compared(app: &App, by_name: Option<String>) -> Result<ReconciliationRow, Error> {
    let seen = app.db.snapshot().await?;
    let sums = store::finance::sums(&seen)
        .await?
        .ok_or_else(|| fault("sums are one row"))?;
    seen.rollback().await?;
    let checked = verify::run(app).await?;
    let lines = lines(&sums);
    let wrong: Vec<String> = checked
        .checks
        .into_iter()
        .filter_map(|check| Some(format!("{}: {}", check.name, check.wrong?)))
        .collect();
    let balanced = wrong.is_empty() && lines.iter().all(|line| line.ledger_fen == line.lists_fen);
    let now = app.now();
    Ok(ReconciliationRow {
        day: now.day().0,
        at: now.0,
        by_name,
        balanced,
        lines: serde_json::to_string(&Kept { lines, wrong }).map_err(fault)?,
    })
}

fn lines(sums: &Sums) -> Vec<AgreementOut> {
    [
        (Agreement::Receivable, sums.receivable, sums.bills),
        (Agreement::Deposit, sums.deposit, sums.held),
        (Agreement::Payables, sums.payable, sums.payables),
        (Agreement::InTransit, sums.transit, sums.sent),
        (Agreement::Settled, sums.paid_out, sums.confirmed),
        (Agreement::Total, sums.total, 0),
    ]
    .into_iter()
    .map(|(what, ledger, lists)| AgreementOut {
        what,
        ledger_fen: Fen(ledger),
        lists_fen: Fen(lists),
    })
    .collect()
}

/// Reconciliations, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn reconciliations(
    app: &App,
    actor: &Actor,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<ReconciliationOut>, Error> {
    right::require(actor, Action::BooksRead, Place::DISTRICT)?;
    let before = match after.filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(
            text.split_once('_')
                .and_then(|(day, at)| Some((day.parse().ok()?, at.parse().ok()?)))
                .ok_or_else(|| Error::field("after", FieldCode::NotAChoice))?,
        ),
    };
    let limit = super::paging::limit(limit);
    let mut rows = store::finance::reconciliations(app.db.read(), before, limit + 1).await?;
    let more = i64::try_from(rows.len()).map_err(fault)? > limit;
    rows.truncate(usize::try_from(limit).map_err(fault)?);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| format!("{}_{}", row.day, row.at));
    Ok(Page {
        items: rows.iter().map(out_of).collect::<Result<_, _>>()?,
        next,
    })
}

fn out_of(row: &ReconciliationRow) -> Result<ReconciliationOut, Error> {
    let kept: Kept = serde_json::from_str(&row.lines).map_err(fault)?;
    Ok(ReconciliationOut {
        day: Day(row.day),
        at: Micros(row.at),
        by_name: row.by_name.clone(),
        balanced: row.balanced,
        lines: kept.lines,
        wrong: kept.wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_last_is_what_is_left() {
        let today = Day::parse("2026-11-23").expect("a day");
        let row = |days: i32, amount_fen| AddedRow {
            amount_fen,
            at: today.add_days(-days).start().0,
        };
        let rows = [row(1, 500), row(20, 300), row(90, 1_000)];
        let age = first_in_first_out(MoneyPlace::Suspense, 900, &rows, today);
        let sums: Vec<i64> = age.bands.iter().map(|band| band.sum_fen.0).collect();
        assert_eq!(sums, [500, 300, 0, 100]);
        assert_eq!((age.count, age.oldest_days), (3, Some(90)));
        let none = first_in_first_out(MoneyPlace::Clearing, 0, &[], today);
        assert_eq!((none.count, none.oldest_days), (0, None));
    }
}
