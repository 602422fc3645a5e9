//! Orders: placed with a fixed number of statements, read by unit or over the district.

use super::lot::{EXPECTED, SELLS};
use super::narrow::Narrow;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A lot of an offer with the version on sale: what placement needs, one row a lot.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OrderableRow {
    /// The offer.
    pub offer_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Its village.
    pub village_code: String,
    /// The version on sale.
    pub version_id: Uuid,
    /// The produce's key.
    pub produce: String,
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
    /// The seller of record.
    pub seller_id: Uuid,
    /// The village's share.
    pub share_kind: String,
    /// Its value.
    pub share_value: i64,
    /// The supplying household.
    pub household_id: Option<Uuid>,
    /// A lot, if there is one that can be ordered.
    pub lot_id: Option<Uuid>,
    /// Its trace code.
    pub lot_code: Option<String>,
    /// What is free of it.
    pub free: Option<i64>,
    /// The day that the lot is expected on, as long as it is not harvested.
    pub expected_on: Option<i32>,
    /// Which orders of the buying unit need an approval.
    pub approval: String,
    /// For `above`: from more than this on.
    pub approval_above_fen: i64,
}

/// The offers of an order with their orderable lots, first to go first, and the buying unit's policy. Lots in `held`
/// come along even when nothing of them is free: a request that is changed gives them back.
///
/// # Errors
/// Whatever the engine answers.
pub async fn orderable(
    connection: &impl ConnectionTrait,
    unit_id: Uuid,
    offers: &[Uuid],
    held: &[Uuid],
    today: i32,
) -> Result<Vec<OrderableRow>, DbErr> {
    let mut values: Vec<Value> = vec![today.into(), unit_id.into()];
    let held = placeholders(&mut values, held.iter().map(|id| (*id).into()));
    let ids = placeholders(&mut values, offers.iter().map(|id| (*id).into()));
    let sql = format!(
        "select o.id as offer_id, o.status, o.village_code, v.id as version_id, o.produce, v.name, v.grade, v.price_fen,
            v.price_unit, v.piece_name, v.min_qty, v.step_qty, v.seller_id, v.share_kind, v.share_value, v.household_id,
            l.id as lot_id, l.code as lot_code, l.qty - l.reserved - l.sold as free, {EXPECTED} as expected_on,
            u.approval, u.approval_above_fen
        from offers o
        join offer_versions v on v.id = o.live_version
        join aid_units u on u.id = $2
        left join lots l on l.offer_id = o.id and (l.qty - l.reserved - l.sold > 0 or l.id in ({held})) and {SELLS}
        where o.id in ({ids})
        order by o.id, coalesce({EXPECTED}, 0), coalesce(l.good_until, 2147483647), l.harvested_on, l.id"
    );
    many(connection, &sql, values).await
}

/// `$n` for every value, which are added behind those that are there.
pub fn placeholders(values: &mut Vec<Value>, more: impl IntoIterator<Item = Value>) -> String {
    let mut text = String::new();
    for value in more {
        values.push(value);
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&format!("${}", values.len()));
    }
    // An empty list is no SQL; nothing is equal to null.
    if text.is_empty() { "null".to_owned() } else { text }
}

/// A new order's own row.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// Who asks.
    pub requested_by: Uuid,
    /// Their name.
    pub requested_by_name: String,
    /// Its state.
    pub status: &'static str,
    /// The fund type.
    pub fund: &'static str,
    /// Where to.
    pub address: String,
    /// Whom to call.
    pub contact: String,
    /// Wanted on.
    pub wanted_on: i32,
    /// The note.
    pub note: String,
    /// How many villages.
    pub villages: i32,
    /// The sum.
    pub total_fen: i64,
    /// When.
    pub placed_at: i64,
    /// Until when its stock is held for an approval.
    pub hold_until: Option<i64>,
    /// The order that it supplements.
    pub supplements: Option<Uuid>,
}

/// Inserts an order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, order: NewOrder) -> Result<(), DbErr> {
    Rows::into(
        "orders",
        &[
            "id",
            "number",
            "unit_id",
            "requested_by",
            "requested_by_name",
            "status",
            "fund",
            "address",
            "contact",
            "wanted_on",
            "note",
            "villages",
            "total_fen",
            "placed_at",
            "changed_at",
            "hold_until",
            "supplements",
        ],
    )
    .row([
        order.id.into(),
        order.number.into(),
        order.unit_id.into(),
        order.requested_by.into(),
        order.requested_by_name.into(),
        order.status.into(),
        order.fund.into(),
        order.address.into(),
        order.contact.into(),
        order.wanted_on.into(),
        order.note.into(),
        order.villages.into(),
        order.total_fen.into(),
        order.placed_at.into(),
        order.placed_at.into(),
        order.hold_until.into(),
        order.supplements.into(),
    ])
    .insert(tx)
    .await
}

/// An order as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OrderRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// Who ordered.
    pub requested_by: Uuid,
    /// Their name.
    pub requested_by_name: String,
    /// Its state.
    pub status: String,
    /// The fund type.
    pub fund: String,
    /// Where to.
    pub address: String,
    /// Whom to call.
    pub contact: String,
    /// Wanted on.
    pub wanted_on: i32,
    /// The note.
    pub note: String,
    /// How many villages.
    pub villages: i32,
    /// The sum.
    pub total_fen: i64,
    /// The sum accepted.
    pub accepted_fen: Option<i64>,
    /// When it was placed, or asked for.
    pub placed_at: i64,
    /// Until when its stock is held for an approval.
    pub hold_until: Option<i64>,
    /// Which revision of the request it is.
    pub revision: i32,
    /// Who decided over it.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
    /// Why.
    pub decision_note: Option<String>,
    /// The order that it supplements.
    pub supplements: Option<Uuid>,
}

const COLUMNS: &str =
    "o.id, o.number, o.unit_id, u.name as unit_name, o.requested_by, o.requested_by_name, o.status, o.fund, o.address,
    o.contact, o.wanted_on, o.note, o.villages, o.total_fen, o.accepted_fen, o.placed_at,
    o.hold_until, o.revision, o.decided_by_name, o.decided_at, o.decision_note, o.supplements";

/// An order by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<OrderRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from orders o join aid_units u on u.id = o.unit_id where o.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What a list of orders is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Placed at this moment or later.
    pub from: Option<i64>,
    /// Placed before this moment.
    pub until: Option<i64>,
    /// Only with a part of this village: its code or name.
    pub village_code: Option<String>,
    /// Only this number.
    pub number: Option<String>,
    /// Only numbers that begin like this.
    pub number_begins: Option<String>,
    /// Behind this one: `(placed_at, id)`.
    pub before: Option<(i64, Uuid)>,
}

/// Orders, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<OrderRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("o.unit_id = $?", filter.unit_id);
    narrow.only("o.status = $?", filter.status);
    narrow.only("o.placed_at >= $?", filter.from);
    narrow.only("o.placed_at < $?", filter.until);
    narrow.only(
        "o.id in (select w.order_id from village_orders w join villages x on x.code = w.village_code
                where x.code = $? or x.name = $? or x.name = $? || '村'
            union all select r.order_id from request_lines r join villages x on x.code = r.village_code
                where x.code = $? or x.name = $? or x.name = $? || '村')",
        filter.village_code.clone(),
    );
    narrow.only("o.number = $?", filter.number.clone());
    narrow.begins("o.number", filter.number_begins.as_deref());
    narrow.behind("o.placed_at", "o.id", filter.before);
    let limit = narrow.bind(limit);
    // The page is cut first: names are then looked up for its rows only, whatever order of joins an engine prefers.
    let sql = format!(
        "select {COLUMNS} from (select * from orders o where {} order by o.placed_at desc, o.id desc limit {limit}) o
        join aid_units u on u.id = o.unit_id order by o.placed_at desc, o.id desc",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// Takes the rows of these orders for this transaction, in id order, so that whoever derives their states next
/// waits and sees what is committed here.
///
/// # Errors
/// Whatever the engine answers.
pub async fn touch(tx: &Tx, orders: &[Uuid], at: i64) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = vec![at.into()];
    let ids = placeholders(&mut values, orders.iter().map(|id| (*id).into()));
    exec(
        tx,
        &format!("update orders set changed_at = $1 where id in ({ids})"),
        values,
    )
    .await
}

/// The states of an order and of its village orders.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StateRow {
    /// The order.
    pub order_id: Uuid,
    /// Its state.
    pub order_status: String,
    /// A village order's state.
    pub status: String,
    /// What was accepted of it.
    pub accepted_fen: Option<i64>,
}

/// The states of these orders' village orders.
///
/// # Errors
/// Whatever the engine answers.
pub async fn states(tx: &Tx, orders: &[Uuid]) -> Result<Vec<StateRow>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, orders.iter().map(|id| (*id).into()));
    let sql = format!(
        "select o.id as order_id, o.status as order_status, v.status, v.accepted_fen
        from orders o join village_orders v on v.order_id = o.id where o.id in ({ids}) order by o.id, v.village_code"
    );
    many(tx, &sql, values).await
}

/// An order's new state, and its accepted sum so far.
#[derive(Clone, Debug)]
pub struct NewState {
    /// The order.
    pub id: Uuid,
    /// Its state.
    pub status: &'static str,
    /// The sum accepted so far.
    pub accepted_fen: Option<i64>,
}

/// Writes the states of orders with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_states(tx: &Tx, states: &[NewState]) -> Result<(), DbErr> {
    if states.is_empty() {
        return Ok(());
    }
    let mut values: Vec<Value> = Vec::new();
    let (mut status, mut accepted, mut ids) = (String::new(), String::new(), Vec::new());
    for state in states {
        let id = placeholders(&mut values, [state.id.into()]);
        let to = placeholders(&mut values, [state.status.into()]);
        let sum = placeholders(&mut values, [state.accepted_fen.into()]);
        status.push_str(&format!(" when {id} then {to}"));
        accepted.push_str(&format!(" when {id} then cast({sum} as bigint)"));
        ids.push(id);
    }
    let sql = format!(
        "update orders set status = case id{status} end, accepted_fen = case id{accepted} end where id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}
