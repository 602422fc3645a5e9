//! The names behind accounts.

use super::many;
use super::order::placeholders;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A name by an id.
#[derive(FromQueryResult, Clone, Debug)]
pub struct NameRow {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
}

async fn by_id(connection: &impl ConnectionTrait, table: &str, ids: &[Uuid]) -> Result<Vec<NameRow>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let ids = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    many(
        connection,
        &format!("select id, name from {table} where id in ({ids})"),
        values,
    )
    .await
}

/// Units' names.
///
/// # Errors
/// Whatever the engine answers.
pub async fn units(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<NameRow>, DbErr> {
    by_id(connection, "aid_units", ids).await
}

/// Sellers' names.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sellers(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<NameRow>, DbErr> {
    by_id(connection, "sellers", ids).await
}

/// A household's name and its place among its village's.
#[derive(FromQueryResult, Clone, Debug)]
pub struct HouseholdName {
    /// The household.
    pub id: Uuid,
    /// Its village.
    pub village_code: String,
    /// Its name.
    pub name: String,
    /// 1, 2, 3 … in the order in which the village registered them.
    pub place: i64,
}

/// Households' names.
///
/// # Errors
/// Whatever the engine answers.
pub async fn households(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<HouseholdName>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let ids = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!(
        "select h.id, h.village_code, h.name,
            (select count(*) from households x where x.village_code = h.village_code and x.id <= h.id) as place
        from households h where h.id in ({ids})"
    );
    many(connection, &sql, values).await
}

/// A village's name with its town's.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillageName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Villages' names with their towns'.
///
/// # Errors
/// Whatever the engine answers.
pub async fn villages(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<VillageName>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let codes = placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    let sql = format!(
        "select v.code, t.name || ' ' || v.name as name from villages v join towns t on t.code = v.town_code
        where v.code in ({codes})"
    );
    many(connection, &sql, values).await
}
