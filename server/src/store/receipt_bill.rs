//! The open bills that money in suspense may pay, and what is known of who sent it.

use super::order::placeholders;
use super::{Rows, Tx, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An open bill, in short.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OpenBillRow {
    /// The bill.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its transfer code.
    pub transfer_code: String,
    /// Its unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// What is open of it.
    pub open_fen: i64,
    /// The last day to pay.
    pub due_on: i32,
}

const OPEN: &str = "select b.id, b.number, b.transfer_code, b.unit_id, u.name as unit_name,
        b.total_fen - b.corrected_fen - b.paid_fen as open_fen, b.due_on
    from bills b join aid_units u on u.id = b.unit_id
    where b.paid_at is null and b.total_fen - b.corrected_fen - b.paid_fen > 0";

/// The open bills that have one of these transfer codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_codes(
    connection: &impl ConnectionTrait,
    codes: &[String],
) -> Result<Vec<OpenBillRow>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = placeholders(&mut values, codes.iter().map(|code| code.clone().into()));
    let sql = format!("{OPEN} and b.transfer_code in ({places}) order by b.due_on, b.id");
    many(connection, &sql, values).await
}

/// The open bills of units, in the order in which they are due; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_units(
    connection: &impl ConnectionTrait,
    units: &[Uuid],
    limit: i64,
) -> Result<Vec<OpenBillRow>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = placeholders(&mut values, units.iter().map(|id| (*id).into()));
    let limit = placeholders(&mut values, [limit.into()]);
    let sql = format!("{OPEN} and b.unit_id in ({places}) order by b.due_on, b.id limit {limit}");
    many(connection, &sql, values).await
}

/// Open bills of exactly this sum, in the order in which they are due; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_sum(
    connection: &impl ConnectionTrait,
    open_fen: i64,
    limit: i64,
) -> Result<Vec<OpenBillRow>, DbErr> {
    let sql = format!(
        "{OPEN} and b.total_fen - b.corrected_fen - b.paid_fen = $1 order by b.due_on, b.id limit $2"
    );
    many(connection, &sql, [open_fen.into(), limit.into()]).await
}

#[derive(FromQueryResult)]
struct UnitId {
    unit_id: Uuid,
}

/// The unit that last paid from an account.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unit_of_account(
    connection: &impl ConnectionTrait,
    account_no: &str,
) -> Result<Option<Uuid>, DbErr> {
    let sql = "select unit_id from payer_accounts where account_no = $1";
    let row: Option<UnitId> = super::one(connection, sql, [account_no.into()]).await?;
    Ok(row.map(|row| row.unit_id))
}

/// Remembers that a unit pays from this account.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remember(tx: &Tx, account_no: &str, unit_id: Uuid, at: i64) -> Result<(), DbErr> {
    Rows::into("payer_accounts", &["account_no", "unit_id", "changed_at"])
        .row([account_no.into(), unit_id.into(), at.into()])
        .upsert(tx, &["account_no"], &["unit_id", "changed_at"])
        .await
}

/// The units of a name; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn units_of_name(
    connection: &impl ConnectionTrait,
    name: &str,
    limit: i64,
) -> Result<Vec<Uuid>, DbErr> {
    let sql = "select id as unit_id from aid_units where name = $1 order by id limit $2";
    let rows: Vec<UnitId> = many(connection, sql, [name.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|row| row.unit_id).collect())
}

/// Bills by their ids, with what is open of each; paid ones too.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_ids(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<OpenBillRow>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!(
        "select b.id, b.number, b.transfer_code, b.unit_id, u.name as unit_name,
            b.total_fen - b.corrected_fen - b.paid_fen as open_fen, b.due_on
        from bills b join aid_units u on u.id = b.unit_id where b.id in ({places})"
    );
    many(connection, &sql, values).await
}

#[derive(FromQueryResult)]
struct NumberRow {
    id: Uuid,
    number: String,
}

/// The numbers of bills.
///
/// # Errors
/// Whatever the engine answers.
pub async fn numbers(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!("select id, number from bills where id in ({places}) order by id");
    let rows: Vec<NumberRow> = many(connection, &sql, values).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.number)).collect())
}
