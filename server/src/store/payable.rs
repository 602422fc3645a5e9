//! Payables: what each payee gained from each village order, whether the unit has paid for it, and whether the payee has it.
//! `village_moneys` keeps the sums of a village's own by month, for overviews that cost the same however much there is.

use super::income::{YearKey, YearSums};
use super::order::placeholders;
use super::{Db, Rows, Tx, exec, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A payable as it is written.
#[derive(Clone, Debug)]
pub struct NewPayable {
    /// The village it came through.
    pub village_code: String,
    /// The acceptance, claim, dividend ….
    pub source_id: Uuid,
    /// The village order, or whatever else it is for.
    pub subject_id: Uuid,
    /// Village, household or co-op.
    pub payee_kind: &'static str,
    /// The village's code, the household's or seller's id.
    pub payee: String,
    /// The source's kind, as the ledger names documents.
    pub source_kind: &'static str,
    /// The source's number.
    pub source_number: String,
    /// The ledger transaction that credited it.
    pub transaction_id: Uuid,
    /// The order.
    pub order_id: Option<Uuid>,
    /// The buying unit.
    pub unit_id: Option<Uuid>,
    /// More than zero for what is gained, less for what is taken back.
    pub amount_fen: i64,
    /// When it was credited.
    pub credited_at: i64,
    /// When the unit paid, where that is known already.
    pub paid_at: Option<i64>,
}

/// Writes payables with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, payables: Vec<NewPayable>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "payables",
        &[
            "village_code",
            "source_id",
            "subject_id",
            "payee_kind",
            "payee",
            "source_kind",
            "source_number",
            "transaction_id",
            "order_id",
            "unit_id",
            "amount_fen",
            "credited_at",
            "paid_at",
        ],
    );
    for p in payables {
        rows.push([
            p.village_code.into(),
            p.source_id.into(),
            p.subject_id.into(),
            p.payee_kind.into(),
            p.payee.into(),
            p.source_kind.into(),
            p.source_number.into(),
            p.transaction_id.into(),
            p.order_id.into(),
            p.unit_id.into(),
            p.amount_fen.into(),
            p.credited_at.into(),
            p.paid_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// A payable that changes: what its village's month is to be changed by.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Changed {
    /// The village.
    pub village_code: String,
    /// Whose it is.
    pub payee_kind: String,
    /// The sum.
    pub amount_fen: i64,
    /// When it was credited: its month is where paid and settled are counted.
    pub credited_at: i64,
}

/// The payables of these village orders that the unit has (`paid`) or has not paid for.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_subjects(
    connection: &impl ConnectionTrait,
    subjects: &[Uuid],
    paid: bool,
) -> Result<Vec<Changed>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, subjects.iter().map(|id| (*id).into()));
    let is = if paid { "is not null" } else { "is null" };
    let sql = format!(
        "select village_code, payee_kind, amount_fen, credited_at from payables
        where subject_id in ({ids}) and paid_at {is}"
    );
    many(connection, &sql, values).await
}

/// Marks what these village orders gained as paid for by the unit, or, with `None`, as not paid for.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_paid(tx: &Tx, subjects: &[Uuid], at: Option<i64>) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = vec![at.into()];
    let ids = placeholders(&mut values, subjects.iter().map(|id| (*id).into()));
    let is = if at.is_some() { "is null" } else { "is not null" };
    let orders = format!("update village_orders set paid_at = $1 where id in ({ids}) and paid_at {is}");
    exec(tx, &orders, values.clone()).await?;
    let sql = format!("update payables set paid_at = $1 where subject_id in ({ids}) and paid_at {is}");
    exec(tx, &sql, values).await
}

/// Whether the unit has paid for a village order: when.
///
/// # Errors
/// Whatever the engine answers.
pub async fn paid_at(
    connection: &impl ConnectionTrait,
    subjects: &[Uuid],
) -> Result<BTreeMap<Uuid, i64>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        paid_at: i64,
    }
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, subjects.iter().map(|id| (*id).into()));
    let sql = format!("select id, paid_at from village_orders where id in ({ids}) and paid_at is not null");
    let rows: Vec<Row> = many(connection, &sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.paid_at)).collect())
}

/// A village's month.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthKey {
    /// The village.
    pub village_code: String,
    /// The year (Asia/Shanghai).
    pub year: i32,
    /// The month, 1 to 12.
    pub month: i32,
}

/// What is added to a village's month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthSums {
    /// Paid by units, in fen.
    pub paid_fen: i64,
    /// Settled to the village, in fen.
    pub settled_fen: i64,
    /// Acceptances.
    pub acceptances: i64,
}

/// Adds to villages' months, and to their years.
///
/// # Errors
/// Whatever the engine answers.
pub async fn add_months(tx: &Tx, sums: &BTreeMap<MonthKey, MonthSums>) -> Result<(), DbErr> {
    if sums.is_empty() {
        return Ok(());
    }
    let mut years = BTreeMap::<YearKey, YearSums>::new();
    for (key, sum) in sums {
        let year = YearKey {
            village_code: key.village_code.clone(),
            year: key.year,
        };
        let year = years.entry(year).or_default();
        year.paid_fen += sum.paid_fen;
        year.settled_fen += sum.settled_fen;
        year.acceptances += sum.acceptances;
    }
    super::income::add_years(tx, &years).await?;
    let mut values: Vec<Value> = Vec::new();
    let rows: Vec<String> = sums
        .iter()
        .map(|(key, sum)| {
            let row: [Value; 6] = [
                key.village_code.clone().into(),
                key.year.into(),
                key.month.into(),
                sum.paid_fen.into(),
                sum.settled_fen.into(),
                sum.acceptances.into(),
            ];
            format!("({})", placeholders(&mut values, row))
        })
        .collect();
    let sql = format!(
        "insert into village_moneys (village_code, year, month, paid_fen, settled_fen, acceptances) values {}
        on conflict (village_code, year, month) do update set
            paid_fen = village_moneys.paid_fen + excluded.paid_fen,
            settled_fen = village_moneys.settled_fen + excluded.settled_fen,
            acceptances = village_moneys.acceptances + excluded.acceptances",
        rows.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// Fills the payables that are missing and the months anew: for rows that were not written one by one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refill(db: &Db) -> Result<(), DbErr> {
    for sql in [
        migrations::FILL_PAYABLES,
        "delete from village_moneys",
        migrations::FILL_MONEYS,
    ] {
        exec(db.schema(), sql, []).await?;
    }
    Ok(())
}
