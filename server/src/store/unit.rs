//! Aid units.

use super::{Tx, exec, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A unit as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Its id.
    pub id: Uuid,
    /// Its code in the register.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What kind of body.
    pub kind: String,
    /// Where it is delivered to.
    pub address: String,
    /// Days to pay.
    pub terms_days: i32,
    /// Invented for demonstration.
    pub demo: bool,
}

/// A unit by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<UnitRow>, DbErr> {
    let sql = "select id, code, name, kind, address, terms_days, demo from aid_units where id = $1";
    one(connection, sql, [id.into()]).await
}

/// How a unit is billed.
#[derive(FromQueryResult, Clone, Debug)]
pub struct BillingRow {
    /// The unit's name.
    pub name: String,
    /// By order or by month.
    pub billing: String,
    /// Days to pay.
    pub terms_days: i32,
}

/// How a unit is billed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn billing(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<BillingRow>, DbErr> {
    let sql = "select name, billing, terms_days from aid_units where id = $1";
    one(connection, sql, [id.into()]).await
}

/// Sets how a unit is billed; `false` when there is no such unit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_billing(tx: &Tx, id: Uuid, billing: &str) -> Result<bool, DbErr> {
    let sql = "update aid_units set billing = $2 where id = $1";
    Ok(exec(tx, sql, [id.into(), billing.into()]).await? == 1)
}
