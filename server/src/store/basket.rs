//! Baskets: lines under a key, priced when they are read.

use super::catalogue::{CARD_COLUMNS, Reader, SHELF_COLUMNS, SHELF_JOINS, ShelfRow};
use super::{Connection, Tx, exec, many, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A line of a basket with its offer as it is now.
#[derive(FromQueryResult, Clone, Debug)]
pub struct BasketRow {
    /// The offer.
    #[sea_orm(nested)]
    pub shelf: ShelfRow,
    /// How much.
    pub qty: i64,
}

/// How many lines a basket has.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count(connection: &impl ConnectionTrait, key: &str) -> Result<i64, DbErr> {
    scalar(
        connection,
        "select count(*) from basket_lines where basket_key = $1",
        [key.into()],
    )
    .await
}

/// How many lines a basket has besides that of one offer.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count_others(tx: &Tx, key: &str, offer_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select count(*) from basket_lines where basket_key = $1 and offer_id <> $2";
    scalar(tx, sql, [key.into(), offer_id.into()]).await
}

/// The lines of a basket by village, in the order in which they were put in.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(connection: &Connection, reader: Reader, key: &str) -> Result<Vec<BasketRow>, DbErr> {
    let mut values = reader.values();
    values.push(key.into());
    let cards = CARD_COLUMNS.as_str();
    let sql = format!(
        "select {cards}, {SHELF_COLUMNS}, b.qty
        from basket_lines b join offers o on o.id = b.offer_id {SHELF_JOINS}
        where b.basket_key = $3 order by o.village_code, b.added_at, o.id"
    );
    many(connection, &sql, values).await
}

/// Puts an offer in, or changes how much of it is in.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put(tx: &Tx, key: &str, offer_id: Uuid, qty: i64, at: Micros) -> Result<(), DbErr> {
    let sql = "insert into basket_lines (basket_key, offer_id, qty, added_at) values ($1, $2, $3, $4)
        on conflict (basket_key, offer_id) do update set qty = excluded.qty";
    exec(tx, sql, [key.into(), offer_id.into(), qty.into(), at.0.into()]).await?;
    Ok(())
}

/// Puts several offers in, or changes how much of them is in, with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_all(tx: &Tx, key: &str, lines: &[(Uuid, i64)], at: Micros) -> Result<(), DbErr> {
    let mut rows = super::Rows::into("basket_lines", &["basket_key", "offer_id", "qty", "added_at"]);
    for (offer_id, qty) in lines {
        rows.push([key.into(), (*offer_id).into(), (*qty).into(), at.0.into()]);
    }
    rows.upsert(tx, &["basket_key", "offer_id"], &["qty"]).await
}

/// Takes an offer out.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remove(tx: &Tx, key: &str, offer_id: Uuid) -> Result<(), DbErr> {
    let values: [Value; 2] = [key.into(), offer_id.into()];
    exec(
        tx,
        "delete from basket_lines where basket_key = $1 and offer_id = $2",
        values,
    )
    .await?;
    Ok(())
}

/// Moves the lines of one basket into another; what is in both is added up.
///
/// # Errors
/// Whatever the engine answers.
pub async fn pour(tx: &Tx, from: &str, into: &str) -> Result<(), DbErr> {
    let sql = "insert into basket_lines (basket_key, offer_id, qty, added_at)
        select $1, offer_id, qty, added_at from basket_lines where basket_key = $2
        on conflict (basket_key, offer_id) do update set qty = basket_lines.qty + excluded.qty";
    exec(tx, sql, [into.into(), from.into()]).await?;
    clear(tx, from).await
}

/// Empties a basket.
///
/// # Errors
/// Whatever the engine answers.
pub async fn clear(tx: &Tx, key: &str) -> Result<(), DbErr> {
    exec(tx, "delete from basket_lines where basket_key = $1", [key.into()]).await?;
    Ok(())
}
