//! Aid units.

use super::one;
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
