//! Lots: dated quantities of an offer.

use super::{Rows, Tx, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A lot as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct LotRow {
    /// Its id.
    pub id: Uuid,
    /// The trace code.
    pub code: String,
    /// Harvested or expected on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// All of it.
    pub qty: i64,
    /// Held for orders.
    pub reserved: i64,
    /// Accepted.
    pub sold: i64,
}

/// A lot to store.
#[derive(Clone, Debug)]
pub struct NewLot {
    /// Its id.
    pub id: Uuid,
    /// Its offer.
    pub offer_id: Uuid,
    /// The offer's village.
    pub village_code: String,
    /// The trace code.
    pub code: String,
    /// Harvested or expected on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// How much.
    pub qty: i64,
    /// When it was added.
    pub created_at: i64,
}

/// The most lots of an offer that are shown.
const SHOWN: i64 = 200;

/// Stores a lot.
///
/// # Errors
/// A unique violation when the trace code exists: the use case is run again with another.
pub async fn insert(tx: &Tx, lot: NewLot) -> Result<(), DbErr> {
    Rows::into(
        "lots",
        &[
            "id",
            "offer_id",
            "village_code",
            "code",
            "harvested_on",
            "good_until",
            "qty",
            "created_at",
        ],
    )
    .row([
        lot.id.into(),
        lot.offer_id.into(),
        lot.village_code.into(),
        lot.code.into(),
        lot.harvested_on.into(),
        lot.good_until.into(),
        lot.qty.into(),
        lot.created_at.into(),
    ])
    .insert(tx)
    .await
}

/// The newest lots of an offer, earliest harvest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_offer(connection: &impl ConnectionTrait, offer_id: Uuid) -> Result<Vec<LotRow>, DbErr> {
    let sql = "select id, code, harvested_on, good_until, qty, reserved, sold from (
            select * from lots where offer_id = $1 order by harvested_on desc, id desc limit $2
        ) newest order by harvested_on, id";
    many(connection, sql, [offer_id.into(), SHOWN.into()]).await
}

/// The lots of an offer that can be ordered on a day, first to go first: the order in which orders take them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn orderable(
    connection: &impl ConnectionTrait,
    offer_id: Uuid,
    today: i32,
) -> Result<Vec<LotRow>, DbErr> {
    let sql = "select id, code, harvested_on, good_until, qty, reserved, sold from lots
        where offer_id = $1 and qty - reserved - sold > 0 and (good_until is null or good_until >= $2)
        order by coalesce(good_until, 2147483647), harvested_on, id limit $3";
    many(connection, sql, [offer_id.into(), today.into(), SHOWN.into()]).await
}
