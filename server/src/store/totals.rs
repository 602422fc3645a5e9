//! The market's totals by month and produce: added to by every posted acceptance, read by the public page.

use super::order::placeholders;
use super::{Connection, Db, Tx, exec, many};
use sea_orm::{DbErr, FromQueryResult, Value};

/// What an acceptance adds to one kind of produce.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sold {
    /// What the unit owes.
    pub turnover_fen: i64,
    /// What the villages gain.
    pub income_fen: i64,
    /// Lines.
    pub credits: i64,
}

/// Adds an acceptance's lines to their month, by produce, with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn add(
    tx: &Tx,
    year: i32,
    month: i32,
    sold: &std::collections::BTreeMap<&str, Sold>,
) -> Result<(), DbErr> {
    if sold.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::new();
    let rows: Vec<String> = sold
        .iter()
        .map(|(produce, sold)| {
            let row = placeholders(
                &mut values,
                [
                    year.into(),
                    month.into(),
                    (*produce).into(),
                    sold.turnover_fen.into(),
                    sold.income_fen.into(),
                    sold.credits.into(),
                ],
            );
            format!("({row})")
        })
        .collect();
    let sql = format!(
        "insert into market_months (year, month, produce, turnover_fen, income_fen, credits) values {}
        on conflict (year, month, produce) do update set
            turnover_fen = market_months.turnover_fen + excluded.turnover_fen,
            income_fen = market_months.income_fen + excluded.income_fen,
            credits = market_months.credits + excluded.credits",
        rows.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// Fills the months again from everything posted: after a past was made inside the database.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refill(db: &Db) -> Result<(), DbErr> {
    exec(db.schema(), "delete from market_months", []).await?;
    exec(db.schema(), migrations::FILL_MARKET_MONTHS, []).await?;
    exec(db.schema(), migrations::FILL_CLAIM_MONTHS, [])
        .await
        .map(|_| ())
}

/// A month's sums of one category.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MonthRow {
    /// 1 to 12.
    pub month: i32,
    /// The category.
    pub category: String,
    /// What was bought and accepted.
    pub turnover_fen: i64,
    /// Collective income from it.
    pub income_fen: i64,
}

/// A year's sums by month and category.
///
/// # Errors
/// Whatever the engine answers.
pub async fn months(connection: &Connection, year: i32) -> Result<Vec<MonthRow>, DbErr> {
    let sql = "select m.month, p.category, cast(coalesce(sum(m.turnover_fen), 0) as bigint) as turnover_fen,
            cast(coalesce(sum(m.income_fen), 0) as bigint) as income_fen
        from market_months m join produce p on p.slug = m.produce
        where m.year = $1 group by m.month, p.category order by m.month, p.category";
    many(connection, sql, [year.into()]).await
}

/// A month's collective income of all villages, from every source.
#[derive(FromQueryResult, Clone, Debug)]
pub struct IncomeMonthRow {
    /// 1 to 12.
    pub month: i32,
    /// Its sum.
    pub amount_fen: i64,
}

/// A year's collective income by month.
///
/// # Errors
/// Whatever the engine answers.
pub async fn income_months(connection: &Connection, year: i32) -> Result<Vec<IncomeMonthRow>, DbErr> {
    let sql = "select month, cast(coalesce(sum(amount_fen), 0) as bigint) as amount_fen
        from village_incomes where year = $1 group by month order by month";
    many(connection, sql, [year.into()]).await
}
