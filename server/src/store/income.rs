//! Collective income: sums a village, a month and a source, and a year (kept by posting), and statement lines out of the
//! journal.

use super::narrow::Narrow;
use super::order::placeholders;
use super::{Db, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::api::income::MoneyState;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A month's income from one source.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MonthRow {
    /// The year.
    pub year: i32,
    /// The month.
    pub month: i32,
    /// The source.
    pub income_source: String,
    /// Its sum.
    pub amount_fen: i64,
}

/// Every month's income of a village, all years.
///
/// # Errors
/// Whatever the engine answers.
pub async fn months(connection: &impl ConnectionTrait, village: &str) -> Result<Vec<MonthRow>, DbErr> {
    let sql = "select year, month, income_source, amount_fen from village_incomes where village_code = $1
        order by year desc, month, income_source";
    many(connection, sql, [village.into()]).await
}

/// How far the money of a village's accepted sales of a span has come.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MoneyRow {
    /// Paid by the units.
    pub paid_fen: i64,
    /// Settled to the village.
    pub settled_fen: i64,
    /// How many acceptances.
    pub acceptances: i64,
}

/// Paid, settled and the number of acceptances of a village's credits of a year.
///
/// # Errors
/// Whatever the engine answers.
pub async fn money(
    connection: &impl ConnectionTrait,
    village: &str,
    year: i32,
) -> Result<Option<MoneyRow>, DbErr> {
    let sql =
        "select paid_fen, settled_fen, acceptances from village_years where village_code = $1 and year = $2";
    one(connection, sql, [village.into(), year.into()]).await
}

/// A statement line as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StatementRow {
    /// Its place in the chain.
    pub chain_seq: i64,
    /// The transaction.
    pub transaction_id: Uuid,
    /// What kind of event.
    pub kind: String,
    /// When it took effect.
    pub effective_at: i64,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
    /// The document's kind.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
    /// The goods.
    pub name: Option<String>,
    /// The unit.
    pub unit_name: Option<String>,
    /// The accepted amount.
    pub qty: Option<i64>,
    /// Fen for one price unit.
    pub price_fen: Option<i64>,
    /// What the price is for.
    pub price_unit: Option<String>,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// When the unit paid.
    pub paid_at: Option<i64>,
    /// When it was settled.
    pub settled_at: Option<i64>,
}

/// Which lines of a village's statement.
#[derive(Clone, Copy, Debug)]
pub struct StatementFilter<'a> {
    /// The village.
    pub village: &'a str,
    /// Effective at this moment or later.
    pub from: i64,
    /// Effective before this moment.
    pub until: i64,
    /// Only of this source.
    pub source: Option<&'a str>,
    /// Only lines whose money has come this far.
    pub money: Option<MoneyState>,
}

const STATEMENT: &str = "from ledger_entries e
    join ledger_transactions t on t.id = e.transaction_id
    left join order_lines l on l.id = e.line_id
    left join payables p on p.village_code = e.village_code and p.source_id = t.document_id
        and p.subject_id = l.village_order_id and p.payee_kind = 'village' and p.payee = e.village_code";

impl StatementFilter<'_> {
    fn narrow(self) -> Narrow {
        let mut narrow = Narrow::default();
        narrow.only("e.village_code = $?", Some(self.village));
        narrow.only("t.effective_at >= $?", Some(self.from));
        narrow.only("t.effective_at < $?", Some(self.until));
        narrow.only("e.income_source = $?", self.source);
        // A credit is below zero, what corrects one above it.
        let money = self.money.map(|money| match money {
            MoneyState::Unpaid => "e.amount_fen < $? and p.paid_at is null and p.settled_at is null",
            MoneyState::Paid => "e.amount_fen < $? and p.paid_at is not null",
            MoneyState::Settled => "e.amount_fen < $? and p.settled_at is not null",
            MoneyState::Correction => "e.amount_fen > $?",
        });
        if let Some(condition) = money {
            narrow.only(condition, Some(0_i64));
        }
        narrow
    }
}

/// A village's statement, newest first, before a place in its chain.
///
/// # Errors
/// Whatever the engine answers.
pub async fn statement(
    connection: &impl ConnectionTrait,
    filter: StatementFilter<'_>,
    before_seq: i64,
    limit: i64,
) -> Result<Vec<StatementRow>, DbErr> {
    let mut narrow = filter.narrow();
    narrow.only("e.chain_seq < $?", Some(before_seq));
    let limit = narrow.bind(limit);
    let sql = format!(
        "select e.chain_seq, e.transaction_id, t.kind, t.effective_at, e.amount_fen, t.document_kind, t.document_id,
            t.document_number, l.name, u.name as unit_name, a.qty, l.price_fen, l.price_unit, l.piece_name, p.paid_at,
            p.settled_at
        {STATEMENT}
        left join aid_units u on u.id = l.unit_id
        left join acceptance_lines a on a.line_id = e.line_id and a.acceptance_id = t.document_id
        where {} order by e.chain_seq desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// What the lines of a statement come to; a credit is below zero.
///
/// # Errors
/// Whatever the engine answers.
pub async fn statement_sum(
    connection: &impl ConnectionTrait,
    filter: StatementFilter<'_>,
) -> Result<i64, DbErr> {
    let narrow = filter.narrow();
    let sql = format!(
        "select cast(coalesce(sum(e.amount_fen), 0) as bigint) {STATEMENT} where e.chain_seq is not null and {}",
        narrow.text()
    );
    scalar(connection, &sql, narrow.values()).await
}

/// A village's line of the overview.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OverviewRow {
    /// The village's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town's code.
    pub town_code: String,
    /// Its town's name.
    pub town_name: String,
    /// Aided.
    pub aided: bool,
    /// Its target.
    pub target_fen: i64,
    /// Credited in the year.
    pub credited_fen: i64,
    /// Of that, paid by the units.
    pub paid_fen: i64,
    /// Of that, settled to the village.
    pub settled_fen: i64,
    /// How many acceptances.
    pub acceptances: i64,
}

/// Every village's income of a year and how far its money has come, most first; only one town's when it is named. Bounded by the number of
/// villages there are (949).
///
/// # Errors
/// Whatever the engine answers.
pub async fn overview(
    connection: &impl ConnectionTrait,
    year: i32,
    town: Option<&str>,
) -> Result<Vec<OverviewRow>, DbErr> {
    let mut values: Vec<Value> = vec![year.into()];
    let narrowed = town.map_or_else(String::new, |code| {
        format!("where v.town_code = {}", placeholders(&mut values, [code.into()]))
    });
    let sql = format!(
        "select v.code, v.name, v.town_code, t.name as town_name, v.aided, v.target_fen,
            coalesce(y.credited_fen, 0) as credited_fen, coalesce(y.paid_fen, 0) as paid_fen,
            coalesce(y.settled_fen, 0) as settled_fen, coalesce(y.acceptances, 0) as acceptances
        from villages v join towns t on t.code = v.town_code
        left join village_years y on y.village_code = v.code and y.year = $1
        {narrowed} order by credited_fen desc, v.code"
    );
    many(connection, &sql, values).await
}

/// A village's year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct YearKey {
    /// The village.
    pub village_code: String,
    /// The year (Asia/Shanghai).
    pub year: i32,
}

/// What is added to a village's year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearSums {
    /// Collective income credited, from every source.
    pub credited_fen: i64,
    /// Paid by units, in fen.
    pub paid_fen: i64,
    /// Settled to the village, in fen.
    pub settled_fen: i64,
    /// Acceptances.
    pub acceptances: i64,
}

/// Adds to villages' years with one statement. Whoever adds to a month adds here first: two who meet over a village then
/// take their locks in the same order.
///
/// # Errors
/// Whatever the engine answers.
pub(super) async fn add_years(tx: &Tx, sums: &BTreeMap<YearKey, YearSums>) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let rows: Vec<String> = sums
        .iter()
        .map(|(key, sum)| {
            let row: [Value; 6] = [
                key.village_code.clone().into(),
                key.year.into(),
                sum.credited_fen.into(),
                sum.paid_fen.into(),
                sum.settled_fen.into(),
                sum.acceptances.into(),
            ];
            format!("({})", placeholders(&mut values, row))
        })
        .collect();
    let sql = format!(
        "insert into village_years (village_code, year, credited_fen, paid_fen, settled_fen, acceptances) values {}
        on conflict (village_code, year) do update set
            credited_fen = village_years.credited_fen + excluded.credited_fen,
            paid_fen = village_years.paid_fen + excluded.paid_fen,
            settled_fen = village_years.settled_fen + excluded.settled_fen,
            acceptances = village_years.acceptances + excluded.acceptances",
        rows.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// Fills the years anew from the months: for rows that were not written one by one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refill_years(db: &Db) -> Result<(), DbErr> {
    for sql in ["delete from village_years", migrations::FILL_YEARS] {
        exec(db.schema(), sql, []).await?;
    }
    Ok(())
}
