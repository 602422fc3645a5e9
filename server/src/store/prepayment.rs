//! What was paid ahead for an order: part of the unit's deposit, held for this order until it is billed. What the bill does
//! not need, or a cancelled order leaves, is freed: deposit like any other, to pay other bills or to be given back.

use super::{Tx, exec, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// What was paid ahead for an order.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PrepaymentRecord {
    /// The order.
    pub order_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Paid.
    pub paid_fen: i64,
    /// What of it has paid the order's bill.
    pub applied_fen: i64,
    /// What of it is held no longer.
    pub freed_fen: i64,
}

impl PrepaymentRecord {
    /// What is still held for the order.
    #[must_use]
    pub const fn held_fen(&self) -> i64 {
        self.paid_fen - self.applied_fen - self.freed_fen
    }
}

/// What was paid ahead for an order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Option<PrepaymentRecord>, DbErr> {
    let sql =
        "select order_id, unit_id, paid_fen, applied_fen, freed_fen from prepayments where order_id = $1";
    one(connection, sql, [order_id.into()]).await
}

/// Adds to what was paid ahead for an order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn pay(tx: &Tx, order_id: Uuid, unit_id: Uuid, amount_fen: i64, at: i64) -> Result<(), DbErr> {
    let sql = "insert into prepayments (order_id, unit_id, paid_fen, at) values ($1, $2, $3, $4)
        on conflict (order_id) do update set paid_fen = prepayments.paid_fen + excluded.paid_fen";
    let values: [Value; 4] = [order_id.into(), unit_id.into(), amount_fen.into(), at.into()];
    exec(tx, sql, values).await.map(|_| ())
}

/// Takes so much of what is held as paid to the order's bill and frees the rest; `false` when less is held.
///
/// # Errors
/// Whatever the engine answers.
pub async fn apply_and_free(tx: &Tx, order_id: Uuid, amount_fen: i64) -> Result<bool, DbErr> {
    let sql = "update prepayments set applied_fen = applied_fen + $2, freed_fen = paid_fen - applied_fen - $2
        where order_id = $1 and paid_fen - applied_fen - freed_fen >= $2";
    Ok(exec(tx, sql, [order_id.into(), amount_fen.into()]).await? == 1)
}

/// Frees so much of what is held for an order, or all of it when less is held.
///
/// # Errors
/// Whatever the engine answers.
pub async fn free(tx: &Tx, order_id: Uuid, amount_fen: i64) -> Result<(), DbErr> {
    let sql = "update prepayments set freed_fen = freed_fen
            + case when paid_fen - applied_fen - freed_fen < $2 then paid_fen - applied_fen - freed_fen else $2 end
        where order_id = $1";
    exec(tx, sql, [order_id.into(), amount_fen.into()])
        .await
        .map(|_| ())
}

/// What is held of a unit's deposit: for orders that have no bill yet, and for refunds by bank that are not sent yet.
///
/// # Errors
/// Whatever the engine answers.
pub async fn held(connection: &impl ConnectionTrait, unit_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select cast(
            (select coalesce(sum(p.paid_fen - p.applied_fen - p.freed_fen), 0) from prepayments p where p.unit_id = $1)
            + (select coalesce(sum(r.amount_fen), 0) from refund_orders r
                where r.unit_id = $1 and r.status in ('prepared', 'released')) as bigint)";
    scalar(connection, sql, [unit_id.into()]).await
}
