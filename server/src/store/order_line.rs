//! Order lines: what of which lot was ordered, confirmed and accepted.

use super::order::placeholders;
use super::{Rows, Tx, exec, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A line as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct LineRecord {
    /// Its id.
    pub id: Uuid,
    /// The order.
    pub order_id: Uuid,
    /// The village order.
    pub village_order_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The village.
    pub village_code: String,
    /// Its place among its siblings.
    pub position: i32,
    /// The offer.
    pub offer_id: Uuid,
    /// The version bought.
    pub version_id: Uuid,
    /// The lot.
    pub lot_id: Uuid,
    /// The lot's trace code.
    pub lot_code: String,
    /// The produce's key.
    pub produce: String,
    /// The name with its grade.
    pub name: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Ordered.
    pub qty: i64,
    /// Confirmed.
    pub confirmed_qty: Option<i64>,
    /// Accepted.
    pub accepted_qty: Option<i64>,
    /// The sum ordered.
    pub total_fen: i64,
    /// The sum confirmed.
    pub confirmed_fen: Option<i64>,
    /// The sum accepted.
    pub accepted_fen: Option<i64>,
    /// The village's share.
    pub share_kind: String,
    /// Its value.
    pub share_value: i64,
    /// The supplying household.
    pub household_id: Option<Uuid>,
    /// Why it was shorted.
    pub reason: Option<String>,
    /// The day that its lot is expected on, as long as it is not harvested.
    pub expected_on: Option<i32>,
}

const LINE_COLUMNS: &str =
    "id, order_id, village_order_id, unit_id, village_code, position, offer_id, version_id, lot_id,
    lot_code, produce, name, price_fen, price_unit, piece_name, qty, confirmed_qty, accepted_qty, total_fen,
    confirmed_fen, accepted_fen, share_kind, share_value, household_id, reason, expected_on";

/// Inserts order lines with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, lines: &[LineRecord]) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "order_lines",
        &[
            "id",
            "order_id",
            "village_order_id",
            "unit_id",
            "village_code",
            "position",
            "offer_id",
            "version_id",
            "lot_id",
            "lot_code",
            "produce",
            "name",
            "price_fen",
            "price_unit",
            "piece_name",
            "qty",
            "total_fen",
            "share_kind",
            "share_value",
            "household_id",
            "expected_on",
        ],
    );
    for line in lines {
        rows.push([
            line.id.into(),
            line.order_id.into(),
            line.village_order_id.into(),
            line.unit_id.into(),
            line.village_code.clone().into(),
            line.position.into(),
            line.offer_id.into(),
            line.version_id.into(),
            line.lot_id.into(),
            line.lot_code.clone().into(),
            line.produce.clone().into(),
            line.name.clone().into(),
            line.price_fen.into(),
            line.price_unit.clone().into(),
            line.piece_name.clone().into(),
            line.qty.into(),
            line.total_fen.into(),
            line.share_kind.clone().into(),
            line.share_value.into(),
            line.household_id.into(),
            line.expected_on.into(),
        ]);
    }
    rows.insert(tx).await
}

/// The lines of village orders, in order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_village_orders(
    connection: &impl ConnectionTrait,
    village_orders: &[Uuid],
) -> Result<Vec<LineRecord>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, village_orders.iter().map(|id| (*id).into()));
    let sql = format!(
        "select {LINE_COLUMNS} from order_lines where village_order_id in ({ids}) order by village_code, position, id"
    );
    many(connection, &sql, values).await
}

/// What an order holds of a lot and has not packed yet.
#[derive(FromQueryResult, Clone, Debug)]
pub struct HeldRow {
    /// The line.
    pub id: Uuid,
    /// Its village order.
    pub village_order_id: Uuid,
    /// Its order.
    pub order_id: Uuid,
    /// As confirmed, else as ordered.
    pub qty: i64,
}

/// What orders hold of a lot, as far as it is not packed, in the order in which they were placed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn held_of_lot(connection: &impl ConnectionTrait, lot_id: Uuid) -> Result<Vec<HeldRow>, DbErr> {
    let sql = "select l.id, l.village_order_id, l.order_id, coalesce(l.confirmed_qty, l.qty) as qty
        from order_lines l join village_orders w on w.id = l.village_order_id
        where l.lot_id = $1 and w.status in ('offered', 'confirmed', 'shorted')
            and coalesce(l.confirmed_qty, l.qty) > 0
        order by w.offered_at, w.order_id, l.position, l.id";
    many(connection, sql, [lot_id.into()]).await
}

/// Those of these village orders that wait for a harvest.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unharvested(
    connection: &impl ConnectionTrait,
    village_orders: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let mut values = Vec::new();
    let ids = placeholders(&mut values, village_orders.iter().map(|id| (*id).into()));
    let sql = format!(
        "select distinct village_order_id as id from order_lines
        where village_order_id in ({ids}) and expected_on is not null and coalesce(confirmed_qty, qty) > 0"
    );
    let rows: Vec<Id> = many(connection, &sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Notes that the goods of these lines were harvested.
///
/// # Errors
/// Whatever the engine answers.
pub async fn harvested(tx: &Tx, lot_id: Uuid) -> Result<(), DbErr> {
    let sql = "update order_lines set expected_on = null where lot_id = $1 and expected_on is not null";
    exec(tx, sql, [lot_id.into()]).await.map(|_| ())
}

/// The answer to one line.
#[derive(Clone, Debug)]
pub struct AnsweredLine {
    /// The line.
    pub id: Uuid,
    /// Confirmed.
    pub qty: i64,
    /// Its sum.
    pub total_fen: i64,
    /// Why it is less.
    pub reason: Option<String>,
}

/// Writes a village's answer to its lines with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn answer(tx: &Tx, lines: &[AnsweredLine]) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let (mut qty, mut sum, mut reason, mut ids) = (String::new(), String::new(), String::new(), Vec::new());
    for line in lines {
        let id = placeholders(&mut values, [line.id.into()]);
        let q = placeholders(&mut values, [line.qty.into()]);
        let s = placeholders(&mut values, [line.total_fen.into()]);
        let r = placeholders(&mut values, [line.reason.clone().into()]);
        qty.push_str(&format!(" when {id} then cast({q} as bigint)"));
        sum.push_str(&format!(" when {id} then cast({s} as bigint)"));
        reason.push_str(&format!(" when {id} then cast({r} as text)"));
        ids.push(id);
    }
    let sql = format!(
        "update order_lines set confirmed_qty = case id{qty} end, confirmed_fen = case id{sum} end,
            reason = case id{reason} end where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// What is accepted of a line.
#[derive(Clone, Debug)]
pub struct AcceptedLine {
    /// The line.
    pub id: Uuid,
    /// Accepted.
    pub qty: i64,
    /// Its sum.
    pub total_fen: i64,
}

/// Writes what was accepted of lines with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn accept(tx: &Tx, lines: &[AcceptedLine]) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let (mut qty, mut sum, mut ids) = (String::new(), String::new(), Vec::new());
    for line in lines {
        let id = placeholders(&mut values, [line.id.into()]);
        let q = placeholders(&mut values, [line.qty.into()]);
        let s = placeholders(&mut values, [line.total_fen.into()]);
        qty.push_str(&format!(" when {id} then cast({q} as bigint)"));
        sum.push_str(&format!(" when {id} then cast({s} as bigint)"));
        ids.push(id);
    }
    let sql = format!(
        "update order_lines set accepted_qty = case id{qty} end, accepted_fen = case id{sum} end where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}
