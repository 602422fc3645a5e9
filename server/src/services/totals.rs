//! 公开账: the year's totals for everybody, in a fixed number of statements over sums that are kept as things happen.

use super::{App, Error, fault, income, village};
use crate::store;
use crate::store::income::OverviewRow;
use shared::api::totals::{CategoryTotal, MonthTotal, TotalsOut, TownTotal};
use shared::api::village::VillageRow;
use shared::domain::money::Fen;
use std::collections::BTreeMap;

/// Latest credits that are shown.
const CREDITS: i64 = 12;

/// The totals of a year; this one when left out.
///
/// # Errors
/// `Invalid` for a year that is not yet or before 2000.
pub async fn totals(app: &App, year: Option<i32>) -> Result<TotalsOut, Error> {
    let read = app.db.read();
    let year = income::checked_year(app, year)?;
    let sold = store::totals::months(read, year).await?;
    let earned = store::totals::income_months(read, year).await?;
    let stored = store::income::overview(read, year, None).await?;
    let sum =
        |of: fn(&OverviewRow) -> i64| Fen::checked_sum(stored.iter().map(|row| Fen(of(row)))).map_err(fault);
    let (paid_fen, settled_fen) = (sum(|row| row.paid_fen)?, sum(|row| row.settled_fen)?);
    let credits = store::village::latest_credits(read, CREDITS).await?;
    let mut months: Vec<MonthTotal> = (1..=12)
        .map(|month| MonthTotal {
            month,
            turnover_fen: Fen::ZERO,
            credited_fen: Fen::ZERO,
        })
        .collect();
    let mut by_category = BTreeMap::<String, (Fen, Fen)>::new();
    for row in &sold {
        let month = slot(&mut months, row.month)?;
        month.turnover_fen = plus(month.turnover_fen, row.turnover_fen)?;
        let sums = by_category.entry(row.category.clone()).or_default();
        *sums = (plus(sums.0, row.turnover_fen)?, plus(sums.1, row.income_fen)?);
    }
    for row in &earned {
        let month = slot(&mut months, row.month)?;
        month.credited_fen = plus(month.credited_fen, row.amount_fen)?;
    }
    let mut categories: Vec<CategoryTotal> = by_category
        .into_iter()
        .map(|(name, (turnover_fen, credited_fen))| CategoryTotal {
            name,
            turnover_fen,
            credited_fen,
        })
        .collect();
    categories.sort_by_key(|c| std::cmp::Reverse(c.turnover_fen));
    let mut villages: Vec<VillageRow> = stored.iter().map(income::village_of).collect();
    // The statement orders by sum; here a reader looks for a village in its town.
    villages.sort_by(|a, b| {
        a.town_code
            .cmp(&b.town_code)
            .then(b.credited_fen.cmp(&a.credited_fen))
    });
    Ok(TotalsOut {
        year,
        turnover_fen: Fen::checked_sum(months.iter().map(|m| m.turnover_fen)).map_err(fault)?,
        credited_fen: Fen::checked_sum(villages.iter().map(|v| v.credited_fen)).map_err(fault)?,
        paid_fen,
        settled_fen,
        months,
        categories,
        towns: towns(&villages)?,
        credits: credits
            .into_iter()
            .map(village::credit_of)
            .collect::<Result<_, _>>()?,
        villages,
    })
}

fn plus(sum: Fen, more: i64) -> Result<Fen, Error> {
    sum.checked_add(Fen(more)).map_err(fault)
}

fn slot(months: &mut [MonthTotal], month: i32) -> Result<&mut MonthTotal, Error> {
    usize::try_from(month - 1)
        .ok()
        .and_then(|at| months.get_mut(at))
        .ok_or_else(|| fault("stored month"))
}

/// The towns of villages that are sorted by town.
fn towns(villages: &[VillageRow]) -> Result<Vec<TownTotal>, Error> {
    villages
        .chunk_by(|a, b| a.town_code == b.town_code)
        .map(|own| {
            let count = |test: fn(&VillageRow) -> bool| {
                i64::try_from(own.iter().filter(|v| test(v)).count()).unwrap_or(i64::MAX)
            };
            Ok(TownTotal {
                code: own[0].town_code.clone(),
                name: own[0].town_name.clone(),
                villages: count(|_| true),
                earning: count(|v| v.credited_fen > Fen::ZERO),
                met: count(|v| v.credited_fen > Fen::ZERO && v.credited_fen >= v.target_fen),
                credited_fen: Fen::checked_sum(own.iter().map(|v| v.credited_fen)).map_err(fault)?,
            })
        })
        .collect()
}
