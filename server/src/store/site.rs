//! What search engines are told: the public addresses, and when each changed.

use super::{Connection, many};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// A published offer.
#[derive(FromQueryResult)]
pub struct OfferAddress {
    /// Its id.
    pub id: Uuid,
    /// When it last changed.
    pub changed_at: i64,
}

#[derive(FromQueryResult)]
struct VillageAddress {
    code: String,
}

/// The newest published offers.
///
/// # Errors
/// Whatever the engine answers.
pub async fn offers(connection: &Connection, limit: i64) -> Result<Vec<OfferAddress>, DbErr> {
    let sql = "select id, changed_at from offers where status = 'published'
        order by published_at desc, id desc limit $1";
    many(connection, sql, [limit.into()]).await
}

/// The codes of villages.
///
/// # Errors
/// Whatever the engine answers.
pub async fn villages(connection: &Connection, limit: i64) -> Result<Vec<String>, DbErr> {
    let rows: Vec<VillageAddress> = many(
        connection,
        "select code from villages order by code limit $1",
        [limit.into()],
    )
    .await?;
    Ok(rows.into_iter().map(|row| row.code).collect())
}
