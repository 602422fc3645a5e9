//! The centre's bank accounts, the statements of them, and how each bank's heading is read.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// An account as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: Uuid,
    /// What the centre calls it.
    pub name: String,
    /// The bank.
    pub bank: String,
    /// Its number.
    pub account_no: String,
    /// When its newest receipt was booked.
    pub newest_at: Option<i64>,
}

const ACCOUNT: &str = "select a.id, a.name, a.bank, a.account_no,
    (select max(r.booked_at) from receipts r where r.account_id = a.id) as newest_at from bank_accounts a";

/// The accounts, by name; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn accounts(connection: &impl ConnectionTrait, limit: i64) -> Result<Vec<AccountRow>, DbErr> {
    let sql = format!("{ACCOUNT} order by a.name, a.id limit $1");
    many(connection, &sql, [limit.into()]).await
}

/// One account.
///
/// # Errors
/// Whatever the engine answers.
pub async fn account(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<AccountRow>, DbErr> {
    one(connection, &format!("{ACCOUNT} where a.id = $1"), [id.into()]).await
}

/// Whether an account has this number.
///
/// # Errors
/// Whatever the engine answers.
pub async fn has_number(connection: &impl ConnectionTrait, account_no: &str) -> Result<bool, DbErr> {
    let sql = "select count(*) from bank_accounts where account_no = $1";
    Ok(super::scalar(connection, sql, [account_no.into()]).await? > 0)
}

/// Writes a new account.
///
/// # Errors
/// Whatever the engine answers; a unique violation when the number is known.
pub async fn insert_account(tx: &Tx, account: &AccountRow, at: i64) -> Result<(), DbErr> {
    Rows::into(
        "bank_accounts",
        &["id", "name", "bank", "account_no", "created_at"],
    )
    .row([
        account.id.into(),
        account.name.clone().into(),
        account.bank.clone().into(),
        account.account_no.clone().into(),
        at.into(),
    ])
    .insert(tx)
    .await
}

#[derive(FromQueryResult)]
struct LayoutRow {
    layout: String,
}

/// How a heading was read before, as JSON.
///
/// # Errors
/// Whatever the engine answers.
pub async fn layout(connection: &impl ConnectionTrait, fingerprint: &str) -> Result<Option<String>, DbErr> {
    let sql = "select layout from statement_layouts where fingerprint = $1";
    let row: Option<LayoutRow> = one(connection, sql, [fingerprint.into()]).await?;
    Ok(row.map(|row| row.layout))
}

/// Remembers how a heading is read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep_layout(tx: &Tx, fingerprint: &str, layout: &str, at: i64) -> Result<(), DbErr> {
    Rows::into("statement_layouts", &["fingerprint", "layout", "changed_at"])
        .row([fingerprint.into(), layout.into(), at.into()])
        .upsert(tx, &["fingerprint"], &["layout", "changed_at"])
        .await
}

/// A statement as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StatementRow {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The file.
    pub file_id: Uuid,
    /// The file's name.
    pub file_name: String,
    /// What its heading is known by.
    pub fingerprint: String,
    /// The line that the heading stands on.
    pub heading_line: i64,
    /// The heading, as JSON.
    pub heading: String,
    /// The first rows, as JSON.
    pub samples: String,
    /// Rows below the heading.
    pub total_rows: i64,
    /// Who took it in.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// When.
    pub uploaded_at: i64,
    /// Its check.
    pub work_id: Option<Uuid>,
}

/// Writes a new statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert_statement(tx: &Tx, statement: &StatementRow) -> Result<(), DbErr> {
    Rows::into(
        "bank_statements",
        &[
            "id",
            "account_id",
            "file_id",
            "file_name",
            "fingerprint",
            "heading_line",
            "heading",
            "samples",
            "total_rows",
            "person_id",
            "person_name",
            "uploaded_at",
        ],
    )
    .row([
        statement.id.into(),
        statement.account_id.into(),
        statement.file_id.into(),
        statement.file_name.clone().into(),
        statement.fingerprint.clone().into(),
        statement.heading_line.into(),
        statement.heading.clone().into(),
        statement.samples.clone().into(),
        statement.total_rows.into(),
        statement.person_id.into(),
        statement.person_name.clone().into(),
        statement.uploaded_at.into(),
    ])
    .insert(tx)
    .await
}

/// One statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn statement(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<StatementRow>, DbErr> {
    let sql =
        "select id, account_id, file_id, file_name, fingerprint, heading_line, heading, samples, total_rows,
            person_id, person_name, uploaded_at, work_id
        from bank_statements where id = $1";
    one(connection, sql, [id.into()]).await
}

/// Notes the newest check of a statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_work(tx: &Tx, id: Uuid, work_id: Uuid) -> Result<(), DbErr> {
    let sql = "update bank_statements set work_id = $2 where id = $1";
    exec(tx, sql, [id.into(), work_id.into()]).await.map(drop)
}
