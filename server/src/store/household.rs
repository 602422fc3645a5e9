//! Registered households.

use super::{Rows, Tx};
use sea_orm::DbErr;
use uuid::Uuid;

/// Adds a household.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, id: Uuid, village_code: &str, name: &str) -> Result<(), DbErr> {
    Rows::into("households", &["id", "village_code", "name"])
        .row([id.into(), village_code.into(), name.into()])
        .insert(tx)
        .await
}
