//! What was asked for goods over time.

use super::many;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A price of an offer.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PriceRow {
    /// The version's number.
    pub number: i32,
    /// When it was published.
    pub at: i64,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
}

/// The prices that an offer was on sale for, oldest first; the newest 100 of them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_offer(connection: &impl ConnectionTrait, offer_id: Uuid) -> Result<Vec<PriceRow>, DbErr> {
    let sql = "select number, at, price_fen, price_unit from (
            select number, reviewed_at as at, price_fen, price_unit from offer_versions
            where offer_id = $1 and status in ('published', 'superseded') and reviewed_at is not null
            order by number desc limit 100
        ) newest order by number";
    many(connection, sql, [offer_id.into()]).await
}

/// A price of an offer of some kind of produce.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AskedRow {
    /// The offer.
    pub offer_id: Uuid,
    /// Its village.
    pub village_code: String,
    /// Where the offer stands.
    pub status: String,
    /// When the offer last changed.
    pub changed_at: i64,
    /// When the version was published.
    pub at: i64,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
}

/// The newest prices of a kind of produce, by offer, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_produce(
    connection: &impl ConnectionTrait,
    produce: &str,
    limit: i64,
) -> Result<Vec<AskedRow>, DbErr> {
    let sql = "select offer_id, village_code, status, changed_at, at, price_fen, price_unit from (
            select v.offer_id, v.number, o.village_code, o.status, o.changed_at, v.reviewed_at as at, v.price_fen, v.price_unit
            from offers o join offer_versions v on v.offer_id = o.id
            where o.produce = $1 and v.status in ('published', 'superseded') and v.reviewed_at is not null
            order by v.reviewed_at desc, v.id desc limit $2
        ) newest order by offer_id, number";
    many(connection, sql, [produce.into(), limit.into()]).await
}
