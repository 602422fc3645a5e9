//! 集体收入: what a village earned, by source and month, with every line leading to its document.

use super::{App, Error, fault, ledger, paging, right};
use crate::store;
use crate::store::income::{OverviewRow as Stored, StatementRow};
use shared::api::income::{
    ChainHead, IncomeOut, MoneyState, OverviewOut, OverviewRow, SourceSum, Spread, StatementLine,
};
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode};
use shared::api::town::TownOut;
use shared::api::village::VillageRow;
use shared::domain::calendar::{Day, Micros, start_of_year};
use shared::domain::identity::Actor;
use shared::domain::ledger::{IncomeSource, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// Statement lines of a page when nothing else is asked for.
pub const LINES: i64 = 50;

/// A village's collective income of a year.
///
/// # Errors
/// `NotFound` when there is no such village or it is not the actor's to see; `Invalid` for a bad year or `after`.
pub async fn income(
    app: &App,
    actor: &Actor,
    village_code: &str,
    year: Option<i32>,
    after: Option<&str>,
    limit: i64,
) -> Result<IncomeOut, Error> {
    of_month(app, actor, village_code, (year, None), after, limit).await
}

/// The same with the statement narrowed to one month, 1 to 12.
///
/// # Errors
/// As `income`; `Invalid` for what is no month.
pub async fn of_month(
    app: &App,
    actor: &Actor,
    village_code: &str,
    (year, month): (Option<i32>, Option<u32>),
    after: Option<&str>,
    limit: i64,
) -> Result<IncomeOut, Error> {
    right::require(actor, Action::IncomeRead, Place::village(village_code))?;
    let read = app.db.read();
    let year = checked_year(app, year)?;
    let village = store::village::by_code(read, village_code, year)
        .await?
        .ok_or(Error::not_found())?;
    let village = super::village::row_of(village);
    let months = store::income::months(read, village_code).await?;
    let (from, until) = (start_of_year(year), start_of_year(year + 1));
    let money = store::income::money(read, village_code, year).await?;
    let span = match month {
        None => (from.0, until.0),
        Some(month) => month_span(year, month)?,
    };
    let statement = statement(app, village_code, span, after, limit).await?;
    let chain = store::ledger::chains(read, &[village_code])
        .await?
        .into_iter()
        .next();
    let of_year: Vec<_> = months.iter().filter(|m| m.year == year).collect();
    let mut by_source = BTreeMap::<IncomeSource, i64>::new();
    let mut by_month = vec![Fen::ZERO; 12];
    for month in &of_year {
        let source =
            IncomeSource::from_name(&month.income_source).ok_or_else(|| fault("stored income source"))?;
        *by_source.entry(source).or_default() += month.amount_fen;
        let at = usize::try_from(month.month - 1).map_err(fault)?;
        let slot = by_month.get_mut(at).ok_or_else(|| fault("stored month"))?;
        *slot = slot.checked_add(Fen(month.amount_fen)).map_err(fault)?;
    }
    let total = Fen::checked_sum(by_source.values().map(|sum| Fen(*sum))).map_err(fault)?;
    let years: BTreeSet<i32> = months
        .iter()
        .map(|m| m.year)
        .chain([year, app.today().year()])
        .collect();
    Ok(IncomeOut {
        village,
        year,
        years: years.into_iter().rev().collect(),
        sources: by_source
            .into_iter()
            .map(|(source, sum)| SourceSum {
                source,
                amount_fen: Fen(sum),
            })
            .collect(),
        total_fen: total,
        credited_fen: total,
        paid_fen: Fen(money.as_ref().map_or(0, |m| m.paid_fen)),
        settled_fen: Fen(money.as_ref().map_or(0, |m| m.settled_fen)),
        acceptances: money.as_ref().map_or(0, |m| m.acceptances),
        months: by_month,
        month,
        statement,
        chain: chain.map_or(
            ChainHead {
                length: 0,
                hash: String::new(),
            },
            |row| ChainHead {
                length: row.length,
                hash: ledger::hex(&row.head),
            },
        ),
    })
}

/// A month's two ends, in Asia/Shanghai.
pub(super) fn month_span(year: i32, month: u32) -> Result<(i64, i64), Error> {
    let wrong = |_| Error::field("month", FieldCode::NotAChoice);
    let first = Day::from_ymd(year, month, 1).map_err(wrong)?;
    let (next_year, next) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let end = Day::from_ymd(next_year, next, 1).map_err(wrong)?;
    Ok((first.start().0, end.start().0))
}

async fn statement(
    app: &App,
    village_code: &str,
    span: (i64, i64),
    after: Option<&str>,
    limit: i64,
) -> Result<Page<StatementLine>, Error> {
    let before = match after.filter(|text| !text.is_empty()) {
        None => i64::MAX,
        Some(text) => text
            .parse()
            .map_err(|_| Error::field("after", FieldCode::NotAChoice))?,
    };
    let limit = paging::limit(limit);
    let mut rows = store::income::statement(app.db.read(), village_code, span, before, limit + 1).await?;
    let take = usize::try_from(limit).map_err(fault)?;
    let more = rows.len() > take;
    rows.truncate(take);
    let next = rows.last().filter(|_| more).map(|row| row.chain_seq.to_string());
    Ok(Page {
        items: rows.iter().map(line_of).collect::<Result<_, _>>()?,
        next,
    })
}

fn line_of(row: &StatementRow) -> Result<StatementLine, Error> {
    let kind = TransactionKind::from_name(&row.kind).ok_or_else(|| fault("stored transaction kind"))?;
    let amount_fen = Fen(row.amount_fen).checked_neg().map_err(fault)?;
    let state = if amount_fen < Fen::ZERO {
        MoneyState::Correction
    } else if row.settled_at.is_some() {
        MoneyState::Settled
    } else if row.paid_at.is_some() {
        MoneyState::Paid
    } else {
        MoneyState::Unpaid
    };
    Ok(StatementLine {
        seq: row.chain_seq,
        transaction_id: row.transaction_id,
        kind,
        day: Micros(row.effective_at).day(),
        title: row.name.clone().unwrap_or_default(),
        unit_name: row.unit_name.clone(),
        qty: row.qty.map(Qty),
        price_fen: row.price_fen.map(Fen),
        price_unit: row
            .price_unit
            .as_deref()
            .map(super::village_order::price_unit_of)
            .transpose()?,
        piece_name: row.piece_name.clone(),
        amount_fen,
        state,
        document_kind: row.document_kind.clone(),
        document_id: row.document_id,
        document_number: row.document_number.clone(),
    })
}

/// The town that an overview is narrowed to: the actor's own, or the one asked for.
///
/// # Errors
/// `Forbidden`; `NotFound` for another town than the actor's.
pub(super) fn town_of(actor: &Actor, town: Option<&str>) -> Result<Option<String>, Error> {
    let own = match right::reach(actor, Action::IncomeOverview)? {
        Scope::OwnTown => Some((actor.grant.town_code.clone()).ok_or(Error::refused(Code::Forbidden))?),
        _ => None,
    };
    match (own, town) {
        (Some(own), Some(asked)) if own != asked => Err(Error::not_found()),
        (Some(own), _) => Ok(Some(own)),
        (None, asked) => Ok(asked.map(str::to_owned)),
    }
}

/// Income over many villages: the actor's town's, one town's, or all.
///
/// # Errors
/// `Forbidden`; `NotFound` for another town than the actor's; `Invalid` for a bad year or `after`.
pub async fn overview(
    app: &App,
    actor: &Actor,
    town: Option<&str>,
    year: Option<i32>,
    after: Option<&str>,
    limit: i64,
) -> Result<OverviewOut, Error> {
    let town = town_of(actor, town)?;
    let read = app.db.read();
    let year = checked_year(app, year)?;
    let rows = store::income::overview(read, year, town.as_deref()).await?;
    if town.is_some() && rows.is_empty() {
        return Err(Error::not_found());
    }
    let (paid, settled) = store::income::money_over(read, town.as_deref(), year).await?;
    let credited = Fen::checked_sum(rows.iter().map(|row| Fen(row.credited_fen))).map_err(fault)?;
    let distribution = distribution(&rows);
    let limit = paging::limit(limit);
    let begin = match after.filter(|text| !text.is_empty()) {
        None => 0,
        Some(code) => {
            1 + rows
                .iter()
                .position(|row| row.code == code)
                .ok_or_else(|| Error::field("after", FieldCode::NotAChoice))?
        }
    };
    let take = usize::try_from(limit).map_err(fault)?;
    let shown: Vec<&Stored> = rows.iter().skip(begin).take(take).collect();
    let next = shown
        .last()
        .filter(|_| begin + shown.len() < rows.len())
        .map(|row| row.code.clone());
    let codes: Vec<&str> = shown.iter().map(|row| row.code.as_str()).collect();
    let money = store::income::money_of(read, &codes, year).await?;
    let money: BTreeMap<&str, _> = money.iter().map(|m| (m.village_code.as_str(), m)).collect();
    let town = town.map(|code| TownOut {
        name: rows.first().map(|row| row.town_name.clone()).unwrap_or_default(),
        villages: i64::try_from(rows.len()).unwrap_or(i64::MAX),
        code,
    });
    let items = shown
        .into_iter()
        .map(|row| {
            let own = money.get(row.code.as_str());
            OverviewRow {
                village: village_of(row),
                credited_fen: Fen(row.credited_fen),
                paid_fen: Fen(own.map_or(0, |m| m.paid_fen)),
                settled_fen: Fen(own.map_or(0, |m| m.settled_fen)),
                acceptances: own.map_or(0, |m| m.acceptances),
            }
        })
        .collect();
    Ok(OverviewOut {
        year,
        town,
        credited_fen: credited,
        paid_fen: Fen(paid),
        settled_fen: Fen(settled),
        distribution,
        spread: spread(&rows),
        page: Page { items, next },
    })
}

pub(super) fn village_of(row: &Stored) -> VillageRow {
    VillageRow {
        code: row.code.clone(),
        name: row.name.clone(),
        town_code: row.town_code.clone(),
        town_name: row.town_name.clone(),
        aided: row.aided,
        target_fen: Fen(row.target_fen),
        credited_fen: Fen(row.credited_fen),
        offers: 0,
    }
}

/// How many aided villages (or others that earned) stand in each tenth of their target; the last slot has reached it.
fn distribution(rows: &[Stored]) -> Vec<i64> {
    let mut slots = vec![0; 11];
    for row in rows.iter().filter(|row| row.aided || row.credited_fen > 0) {
        let tenth = row.credited_fen.max(0).saturating_mul(10) / row.target_fen.max(1);
        let slot = usize::try_from(tenth).unwrap_or(10).min(10);
        slots[slot] += 1;
    }
    slots
}

/// How the incomes are spread over aided villages and others that earned; quartiles by nearest rank, so that each is
/// some village's own sum and no average.
fn spread(rows: &[Stored]) -> Spread {
    let mut sums: Vec<i64> = rows
        .iter()
        .filter(|row| row.aided || row.credited_fen > 0)
        .map(|row| row.credited_fen)
        .collect();
    sums.sort_unstable();
    let at = |quarter: usize| {
        let rank = (sums.len() * quarter).div_ceil(4).max(1);
        Fen(sums.get(rank - 1).copied().unwrap_or_default())
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    Spread {
        villages: count(sums.len()),
        without: count(sums.iter().filter(|sum| **sum <= 0).count()),
        lower_fen: at(1),
        median_fen: at(2),
        upper_fen: at(3),
        most_fen: at(4),
    }
}

pub(super) fn checked_year(app: &App, year: Option<i32>) -> Result<i32, Error> {
    let this = app.today().year();
    match year {
        None => Ok(this),
        Some(year) if (2000..=this).contains(&year) => Ok(year),
        Some(_) => Err(Error::field("year", FieldCode::NotAChoice)),
    }
}
