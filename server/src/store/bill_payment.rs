//! What paid bills: each payment with the part of every village order that it paid, so that it can be taken back exactly.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A payment of a bill as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PaymentRecord {
    /// Its id.
    pub id: Uuid,
    /// The bill.
    pub bill_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// How.
    pub way: String,
    /// The match, online payment or deposit it came from.
    pub source_id: Uuid,
    /// The sum.
    pub amount_fen: i64,
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// When.
    pub at: i64,
    /// When it was taken back.
    pub reversed_at: Option<i64>,
    /// The ledger transaction that took it back.
    pub reversed_by: Option<Uuid>,
}

const COLUMNS: &str =
    "id, bill_id, unit_id, way, source_id, amount_fen, transaction_id, at, reversed_at, reversed_by";

/// What paid a bill, newest first; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_bill(
    connection: &impl ConnectionTrait,
    bill_id: Uuid,
    limit: i64,
) -> Result<Vec<PaymentRecord>, DbErr> {
    let sql =
        format!("select {COLUMNS} from bill_payments where bill_id = $1 order by at desc, id desc limit $2");
    many(connection, &sql, [bill_id.into(), limit.into()]).await
}

/// What came from one source and was not taken back; a match can pay several bills.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_source(
    connection: &impl ConnectionTrait,
    source_id: Uuid,
) -> Result<Vec<PaymentRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from bill_payments where source_id = $1 and reversed_at is null order by at, id"
    );
    many(connection, &sql, [source_id.into()]).await
}

/// A payment by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<PaymentRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from bill_payments where id = $1");
    one(connection, &sql, [id.into()]).await
}

/// Writes a payment with its parts.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, payment: &PaymentRecord, parts: &[(Uuid, i64)]) -> Result<(), DbErr> {
    Rows::into(
        "bill_payments",
        &[
            "id",
            "bill_id",
            "unit_id",
            "way",
            "source_id",
            "amount_fen",
            "transaction_id",
            "at",
        ],
    )
    .row([
        payment.id.into(),
        payment.bill_id.into(),
        payment.unit_id.into(),
        payment.way.clone().into(),
        payment.source_id.into(),
        payment.amount_fen.into(),
        payment.transaction_id.into(),
        payment.at.into(),
    ])
    .insert(tx)
    .await?;
    let mut rows = Rows::into(
        "bill_payment_items",
        &["payment_id", "village_order_id", "amount_fen"],
    );
    for (village_order_id, amount_fen) in parts {
        rows.push([
            payment.id.into(),
            (*village_order_id).into(),
            (*amount_fen).into(),
        ]);
    }
    rows.insert(tx).await
}

/// The parts of a payment.
///
/// # Errors
/// Whatever the engine answers.
pub async fn parts(connection: &impl ConnectionTrait, payment_id: Uuid) -> Result<Vec<(Uuid, i64)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Part {
        village_order_id: Uuid,
        amount_fen: i64,
    }
    let sql = "select village_order_id, amount_fen from bill_payment_items where payment_id = $1 order by village_order_id";
    let rows: Vec<Part> = many(connection, sql, [payment_id.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.village_order_id, row.amount_fen))
        .collect())
}

/// Marks a payment as taken back; `false` when it was before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn reverse(tx: &Tx, id: Uuid, at: i64, by: Uuid) -> Result<bool, DbErr> {
    let sql =
        "update bill_payments set reversed_at = $2, reversed_by = $3 where id = $1 and reversed_at is null";
    Ok(exec(tx, sql, [id.into(), at.into(), by.into()]).await? == 1)
}
