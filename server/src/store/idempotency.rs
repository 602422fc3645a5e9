//! Records of operations that were done.

use super::{Rows, Tx, one};
use sea_orm::{DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// An operation that was done.
#[derive(FromQueryResult)]
pub struct Done {
    /// What it was asked.
    pub body_hash: Vec<u8>,
    /// What it answered, as JSON.
    pub response: String,
}

/// The operation that a person did under a key, if they did.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(tx: &Tx, person_id: Uuid, key: &str) -> Result<Option<Done>, DbErr> {
    let sql = "select body_hash, response from idempotency_records where person_id = $1 and key = $2";
    one(tx, sql, [person_id.into(), key.into()]).await
}

/// Records an operation.
///
/// # Errors
/// A unique violation when the key was used meanwhile: the use case is run again and finds it.
pub async fn insert(
    tx: &Tx,
    person_id: Uuid,
    key: &str,
    operation: &str,
    body_hash: Vec<u8>,
    response: String,
    at: Micros,
) -> Result<(), DbErr> {
    Rows::into(
        "idempotency_records",
        &["person_id", "key", "operation", "body_hash", "response", "at"],
    )
    .row([
        person_id.into(),
        key.into(),
        operation.into(),
        body_hash.into(),
        response.into(),
        at.0.into(),
    ])
    .insert(tx)
    .await
}
