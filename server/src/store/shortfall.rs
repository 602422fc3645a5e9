//! What came short, and what the unit chose to do about it.

use super::order::placeholders;
use super::{Rows, Tx, exec, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A line that came short.
#[derive(Clone, Debug)]
pub struct NewShortfall {
    /// The line.
    pub line_id: Uuid,
    /// Its village order.
    pub village_order_id: Uuid,
    /// Its order.
    pub order_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The village.
    pub village_code: String,
    /// What is missing.
    pub missing_qty: i64,
}

/// Stores what came short with one statement. A line that came short before is to be chosen over anew; the order that was
/// placed for it then stays named.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open(tx: &Tx, at: i64, decide_by: i64, new: Vec<NewShortfall>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "shortfalls",
        &[
            "line_id",
            "village_order_id",
            "order_id",
            "unit_id",
            "village_code",
            "missing_qty",
            "opened_at",
            "decide_by",
            "choice",
            "chosen_at",
            "chosen_by",
            "chosen_by_name",
        ],
    );
    for short in new {
        rows.push([
            short.line_id.into(),
            short.village_order_id.into(),
            short.order_id.into(),
            short.unit_id.into(),
            short.village_code.into(),
            short.missing_qty.into(),
            at.into(),
            decide_by.into(),
            None::<String>.into(),
            None::<i64>.into(),
            None::<Uuid>.into(),
            None::<String>.into(),
        ]);
    }
    let anew = [
        // What is still to come of a line may have become a village order of its own.
        "village_order_id",
        "missing_qty",
        "opened_at",
        "decide_by",
        "choice",
        "chosen_at",
        "chosen_by",
        "chosen_by_name",
    ];
    rows.upsert(tx, &["line_id"], &anew).await
}

/// What is missing of a line, and what was chosen about it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MissingRow {
    /// The line.
    pub line_id: Uuid,
    /// Missing.
    pub missing_qty: i64,
    /// What was chosen.
    pub choice: Option<String>,
}

/// What came short of these lines before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_lines(connection: &impl ConnectionTrait, lines: &[Uuid]) -> Result<Vec<MissingRow>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, lines.iter().map(|id| (*id).into()));
    let sql = format!("select line_id, missing_qty, choice from shortfalls where line_id in ({ids})");
    many(connection, &sql, values).await
}

/// What came short, as stored, with its line and where its village order stands.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ShortfallRow {
    /// The line.
    pub line_id: Uuid,
    /// Its village order.
    pub village_order_id: Uuid,
    /// Where that stands.
    pub village_order_status: String,
    /// The order.
    pub order_id: Uuid,
    /// The order's number.
    pub order_number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The produce's key.
    pub produce: String,
    /// The goods.
    pub name: String,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Ordered.
    pub qty: i64,
    /// Missing.
    pub missing_qty: i64,
    /// To be chosen until then.
    pub decide_by: i64,
    /// What was chosen.
    pub choice: Option<String>,
    /// Who chose.
    pub chosen_by_name: Option<String>,
    /// The order placed instead.
    pub supplement_id: Option<Uuid>,
}

const COLUMNS: &str =
    "s.line_id, s.village_order_id, w.status as village_order_status, s.order_id, w.order_number,
    s.unit_id, s.village_code, v.name as village_name, l.produce, l.name, l.price_unit, l.piece_name, l.qty,
    s.missing_qty, s.decide_by, s.choice, s.chosen_by_name, s.supplement_id";
const JOINS: &str =
    "join order_lines l on l.id = s.line_id join village_orders w on w.id = s.village_order_id
    join villages v on v.code = s.village_code";

/// What came short of an order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Vec<ShortfallRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from shortfalls s {JOINS} where s.order_id = $1 order by s.village_code, l.position, s.line_id"
    );
    many(connection, &sql, [order_id.into()]).await
}

/// What should have been chosen before `now`, the oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(
    connection: &impl ConnectionTrait,
    now: i64,
    limit: i64,
) -> Result<Vec<ShortfallRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from shortfalls s {JOINS} where s.choice is null and s.decide_by < $1
        order by s.decide_by, s.line_id limit $2"
    );
    many(connection, &sql, [now.into(), limit.into()]).await
}

/// What was chosen, by whom, when.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// What.
    pub choice: &'static str,
    /// When.
    pub at: i64,
    /// Who; `None` for the deadline.
    pub by: Option<(Uuid, String)>,
    /// The order placed instead.
    pub supplement_id: Option<Uuid>,
}

/// Writes a choice over these lines; says over how many of them nothing had been chosen before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn choose(tx: &Tx, lines: &[Uuid], chosen: &Chosen) -> Result<u64, DbErr> {
    let (by, name) = match &chosen.by {
        Some((by, name)) => (Some(*by), Some(name.clone())),
        None => (None, None),
    };
    let mut values: Vec<Value> = vec![
        chosen.choice.into(),
        chosen.at.into(),
        by.into(),
        name.into(),
        chosen.supplement_id.into(),
    ];
    let ids = placeholders(&mut values, lines.iter().map(|id| (*id).into()));
    let sql = format!(
        "update shortfalls set choice = $1, chosen_at = $2, chosen_by = $3, chosen_by_name = $4,
            supplement_id = coalesce($5, supplement_id)
        where choice is null and line_id in ({ids})"
    );
    exec(tx, &sql, values).await
}

/// The order was taken back as a whole: nothing of it is to be chosen any more.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end_of_order(tx: &Tx, order_id: Uuid, by: (Uuid, String), at: i64) -> Result<u64, DbErr> {
    let sql = "update shortfalls set choice = 'cancel', chosen_at = $2, chosen_by = $3, chosen_by_name = $4
        where order_id = $1 and choice is null";
    exec(tx, sql, [order_id.into(), at.into(), by.0.into(), by.1.into()]).await
}

/// An offer that could stand in.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SimilarRow {
    /// The offer.
    pub offer_id: Uuid,
    /// The version on sale.
    pub version_id: Uuid,
    /// The produce's key.
    pub produce: String,
    /// The village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// The least one may order.
    pub min_qty: i64,
    /// The step.
    pub step_qty: i64,
    /// What is free of it.
    pub free: i64,
}

/// Offers on sale of these kinds of produce that have something left, the cheapest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn similar(
    connection: &impl ConnectionTrait,
    produce: &[String],
    today: i32,
    limit: i64,
) -> Result<Vec<SimilarRow>, DbErr> {
    let mut values: Vec<Value> = vec![today.into(), limit.into()];
    let kinds = placeholders(&mut values, produce.iter().map(|slug| slug.clone().into()));
    let sql = format!(
        "select x.offer_id, x.version_id, x.produce, x.village_code, v.name as village_name, t.name as town_name,
            x.name, x.grade, x.price_fen, x.price_unit, x.piece_name, x.min_qty, x.step_qty, x.free
        from (select o.id as offer_id, s.id as version_id, o.produce, o.village_code, o.town_code, o.rank_fen, s.name,
                s.grade, s.price_fen, s.price_unit, s.piece_name, s.min_qty, s.step_qty,
                (select cast(coalesce(sum(l.qty - l.reserved - l.sold), 0) as bigint) from lots l
                    where l.offer_id = o.id and (l.good_until is null or l.good_until >= $1)) as free
            from offers o join offer_versions s on s.id = o.live_version
            where o.status = 'published' and o.produce in ({kinds})) x
        join villages v on v.code = x.village_code join towns t on t.code = x.town_code
        where x.free >= x.min_qty order by x.produce, x.rank_fen, x.offer_id limit $2"
    );
    many(connection, &sql, values).await
}
