//! Splitting village orders at the door: what came stays, the rest becomes a village order of its own.

use super::order::placeholders;
use super::order_line::LineRecord;
use super::village_order::VillageOrderRecord;
use super::{Rows, Tx, exec};
use sea_orm::{DbErr, Value};
use uuid::Uuid;

/// A village order of what is still to come.
#[derive(Clone, Debug)]
pub struct NewRest {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Which delivery it will be.
    pub part: i32,
    /// What it is the rest of.
    pub rest_of: Uuid,
    /// The goods in a few words.
    pub goods: String,
    /// Its weight in grams.
    pub weight_g: i64,
    /// Its sum as ordered.
    pub total_fen: i64,
    /// Its sum as confirmed.
    pub confirmed_fen: i64,
    /// When it was set apart.
    pub moved_at: i64,
}

/// Inserts the rests, packed and waiting for a vehicle, with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, rests: &[(NewRest, VillageOrderRecord)]) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "village_orders",
        &[
            "id",
            "number",
            "order_id",
            "order_number",
            "unit_id",
            "village_code",
            "seller_id",
            "status",
            "offered_at",
            "confirm_by",
            "moved_at",
            "wanted_on",
            "goods",
            "weight_g",
            "total_fen",
            "confirmed_fen",
            "fee_bp",
            "vehicle",
            "part",
            "rest_of",
        ],
    );
    for (rest, of) in rests {
        rows.push([
            rest.id.into(),
            rest.number.clone().into(),
            of.order_id.into(),
            of.order_number.clone().into(),
            of.unit_id.into(),
            of.village_code.clone().into(),
            of.seller_id.into(),
            "packed".into(),
            of.offered_at.into(),
            of.confirm_by.into(),
            rest.moved_at.into(),
            of.wanted_on.into(),
            rest.goods.clone().into(),
            rest.weight_g.into(),
            rest.total_fen.into(),
            rest.confirmed_fen.into(),
            of.fee_bp.into(),
            "".into(),
            rest.part.into(),
            rest.rest_of.into(),
        ]);
    }
    rows.insert(tx).await
}

/// What remains of a village order once its rest is set apart.
#[derive(Clone, Debug)]
pub struct Left {
    /// Which.
    pub id: Uuid,
    /// The goods in a few words.
    pub goods: String,
    /// Its weight in grams.
    pub weight_g: i64,
    /// Its sum as ordered.
    pub total_fen: i64,
    /// Its sum as confirmed.
    pub confirmed_fen: i64,
}

/// Writes what remains of village orders with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn leave(tx: &Tx, left: &[Left]) -> Result<(), DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let mut arms: [String; 4] = Default::default();
    let mut ids = Vec::new();
    for row in left {
        let id = placeholders(&mut values, [row.id.into()]);
        let goods = placeholders(&mut values, [row.goods.clone().into()]);
        arms[0].push_str(&format!(" when {id} then cast({goods} as text)"));
        for (at, amount) in [row.weight_g, row.total_fen, row.confirmed_fen]
            .into_iter()
            .enumerate()
        {
            let amount = placeholders(&mut values, [amount.into()]);
            arms[at + 1].push_str(&format!(" when {id} then cast({amount} as bigint)"));
        }
        ids.push(id);
    }
    let [goods, weight, total, confirmed] = arms;
    let sql = format!(
        "update village_orders set goods = case id{goods} end, weight_g = case id{weight} end,
            total_fen = case id{total} end, confirmed_fen = case id{confirmed} end
        where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// A line of which nothing came.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The line.
    pub id: Uuid,
    /// The village order it belongs to from now on.
    pub village_order_id: Uuid,
}

/// Hands lines over to the village orders of the rest with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn move_lines(tx: &Tx, moved: &[Moved]) -> Result<(), DbErr> {
    if moved.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::new();
    let (mut to, mut ids) = (String::new(), Vec::new());
    for line in moved {
        let id = placeholders(&mut values, [line.id.into()]);
        let owner = placeholders(&mut values, [line.village_order_id.into()]);
        to.push_str(&format!(" when {id} then {owner}"));
        ids.push(id);
    }
    let sql = format!(
        "update order_lines set village_order_id = case id{to} end where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// What remains of a line once its rest is set apart.
#[derive(Clone, Debug)]
pub struct LineLeft {
    id: Uuid,
    qty: i64,
    confirmed_qty: i64,
    total_fen: i64,
    confirmed_fen: i64,
}

impl LineLeft {
    /// A line as it is to stand.
    #[must_use]
    pub fn of(line: &LineRecord) -> Self {
        Self {
            id: line.id,
            qty: line.qty,
            confirmed_qty: line.confirmed_qty.unwrap_or(line.qty),
            total_fen: line.total_fen,
            confirmed_fen: line.confirmed_fen.unwrap_or(line.total_fen),
        }
    }
}

/// Writes what remains of lines with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn leave_lines(tx: &Tx, left: &[LineLeft]) -> Result<(), DbErr> {
    if left.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::new();
    let mut arms: [String; 4] = Default::default();
    let mut ids = Vec::new();
    for line in left {
        let id = placeholders(&mut values, [line.id.into()]);
        let amounts = [line.qty, line.confirmed_qty, line.total_fen, line.confirmed_fen];
        for (arm, amount) in arms.iter_mut().zip(amounts) {
            let amount = placeholders(&mut values, [amount.into()]);
            arm.push_str(&format!(" when {id} then cast({amount} as bigint)"));
        }
        ids.push(id);
    }
    let [qty, confirmed_qty, total, confirmed] = arms;
    let sql = format!(
        "update order_lines set qty = case id{qty} end, confirmed_qty = case id{confirmed_qty} end,
            total_fen = case id{total} end, confirmed_fen = case id{confirmed} end
        where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// Inserts the lines of rests, confirmed as they are, with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert_lines(tx: &Tx, lines: &[LineRecord]) -> Result<(), DbErr> {
    if lines.is_empty() {
        return Ok(());
    }
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
            "confirmed_qty",
            "total_fen",
            "confirmed_fen",
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
            line.confirmed_qty.into(),
            line.total_fen.into(),
            line.confirmed_fen.into(),
            line.share_kind.clone().into(),
            line.share_value.into(),
            line.household_id.into(),
            line.expected_on.into(),
        ]);
    }
    rows.insert(tx).await
}
