//! Village orders and their lines.

use super::narrow::Narrow;
use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A new village order.
#[derive(Clone, Debug)]
pub struct NewVillageOrder {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The village.
    pub village_code: String,
    /// The seller of record.
    pub seller_id: Uuid,
    /// The goods in a few words.
    pub goods: String,
    /// Its weight in grams.
    pub weight_g: i64,
    /// Its sum.
    pub total_fen: i64,
}

/// What all village orders of one order share.
#[derive(Clone, Debug)]
pub struct Common {
    /// The order.
    pub order_id: Uuid,
    /// The order's number.
    pub order_number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// When they are offered to the villages.
    pub offered_at: i64,
    /// Until when a village must answer.
    pub confirm_by: i64,
    /// Wanted on.
    pub wanted_on: i32,
    /// The centre's fee in basis points.
    pub fee_bp: i32,
}

/// Inserts the village orders of an order with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, common: &Common, village_orders: &[NewVillageOrder]) -> Result<(), DbErr> {
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
        ],
    );
    for v in village_orders {
        rows.push([
            v.id.into(),
            v.number.clone().into(),
            common.order_id.into(),
            common.order_number.clone().into(),
            common.unit_id.into(),
            v.village_code.clone().into(),
            v.seller_id.into(),
            "offered".into(),
            common.offered_at.into(),
            common.confirm_by.into(),
            common.offered_at.into(),
            common.wanted_on.into(),
            v.goods.clone().into(),
            v.weight_g.into(),
            v.total_fen.into(),
            v.total_fen.into(),
            common.fee_bp.into(),
            "".into(),
        ]);
    }
    rows.insert(tx).await
}

/// A village order as stored, with names.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillageOrderRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The order.
    pub order_id: Uuid,
    /// The order's number.
    pub order_number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// The village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// Its state.
    pub status: String,
    /// Offered at.
    pub offered_at: i64,
    /// To be answered until.
    pub confirm_by: i64,
    /// Last moved at.
    pub moved_at: i64,
    /// Wanted on.
    pub wanted_on: i32,
    /// The goods in a few words.
    pub goods: String,
    /// Its weight.
    pub weight_g: i64,
    /// The sum ordered.
    pub total_fen: i64,
    /// The sum confirmed.
    pub confirmed_fen: i64,
    /// The sum accepted.
    pub accepted_fen: Option<i64>,
    /// The centre's fee in basis points.
    pub fee_bp: i32,
    /// The vehicle.
    pub vehicle: String,
    /// The seller of record.
    pub seller_id: Uuid,
    /// What the seller is.
    pub seller_kind: String,
    /// The acceptance that credited it.
    pub acceptance_id: Option<Uuid>,
    /// Which delivery of the village's goods.
    pub part: i32,
}

const COLUMNS: &str = "w.id, w.number, w.order_id, w.order_number, w.unit_id, u.name as unit_name, w.village_code,
    v.name as village_name, t.name as town_name, w.status, w.offered_at, w.confirm_by, w.moved_at, w.wanted_on, w.goods,
    w.weight_g, w.total_fen, w.confirmed_fen, w.accepted_fen, w.fee_bp, w.vehicle, w.seller_id, s.kind as seller_kind, w.acceptance_id,
    w.part";
const JOINS: &str = "join aid_units u on u.id = w.unit_id join villages v on v.code = w.village_code
    join towns t on t.code = v.town_code join sellers s on s.id = w.seller_id";

/// Village orders by their ids, in id order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<VillageOrderRecord>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!("select {COLUMNS} from village_orders w {JOINS} where w.id in ({ids}) order by w.id");
    many(connection, &sql, values).await
}

/// The village orders of an order, in village order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Vec<VillageOrderRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from village_orders w {JOINS} where w.order_id = $1 order by w.village_code, w.id"
    );
    many(connection, &sql, [order_id.into()]).await
}

/// What a list of village orders is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this village's.
    pub village_code: Option<String>,
    /// Only this town's.
    pub town_code: Option<String>,
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Offered at this moment or later.
    pub from: Option<i64>,
    /// Offered before this moment.
    pub until: Option<i64>,
    /// Only of this village, as the reader chose: its code or name.
    pub chosen_village: Option<String>,
    /// Only this number.
    pub number: Option<String>,
    /// Only numbers that begin like this.
    pub number_begins: Option<String>,
    /// Behind this one: `(offered_at, id)`.
    pub before: Option<(i64, Uuid)>,
}

/// Village orders, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<VillageOrderRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("w.village_code = $?", filter.village_code.clone());
    narrow.only(
        "w.village_code in (select x.code from villages x where x.town_code = $?)",
        filter.town_code.clone(),
    );
    narrow.only("w.unit_id = $?", filter.unit_id);
    narrow.only("w.status = $?", filter.status);
    narrow.only("w.offered_at >= $?", filter.from);
    narrow.only("w.offered_at < $?", filter.until);
    narrow.only(
        "w.village_code in (select x.code from villages x
            where x.code = $? or x.name = $? or x.name = $? || '村')",
        filter.chosen_village.clone(),
    );
    narrow.only("w.number = $?", filter.number.clone());
    narrow.begins("w.number", filter.number_begins.as_deref());
    narrow.behind("w.offered_at", "w.id", filter.before);
    let limit = narrow.bind(limit);
    // The page is cut first: names are then looked up for its rows only, whatever order of joins an engine prefers.
    let sql = format!(
        "select {COLUMNS} from (select * from village_orders w where {} order by w.offered_at desc, w.id desc
            limit {limit}) w {JOINS} order by w.offered_at desc, w.id desc",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// Writes a village order's answer; `false` when it is no longer waiting for one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn answer(tx: &Tx, id: Uuid, status: &str, confirmed_fen: i64, at: i64) -> Result<bool, DbErr> {
    let sql = "update village_orders set status = $2, confirmed_fen = $3, moved_at = $4
        where id = $1 and status = 'offered'";
    Ok(exec(
        tx,
        sql,
        [id.into(), status.into(), confirmed_fen.into(), at.into()],
    )
    .await?
        == 1)
}

/// A village order's next state.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub id: Uuid,
    /// From this state,
    pub from: &'static str,
    /// to this one.
    pub to: &'static str,
}

/// Moves village orders on with one statement; `false` when one of them is no longer where it was.
///
/// # Errors
/// Whatever the engine answers.
pub async fn step(tx: &Tx, steps: &[Step], vehicle: Option<&str>, at: i64) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![at.into(), vehicle.into()];
    let (mut to, mut from, mut ids) = (String::new(), String::new(), Vec::new());
    for step in steps {
        let id = placeholders(&mut values, [step.id.into()]);
        let f = placeholders(&mut values, [step.from.into()]);
        let t = placeholders(&mut values, [step.to.into()]);
        to.push_str(&format!(" when {id} then {t}"));
        from.push_str(&format!(" when {id} then {f}"));
        ids.push(id);
    }
    let sql = format!(
        "update village_orders set status = case id{to} end, moved_at = $1, vehicle = coalesce(cast($2 as text), vehicle)
        where id in ({}) and status = case id{from} end",
        ids.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == steps.len() as u64)
}

/// A village order that a smaller harvest changes.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// Which.
    pub id: Uuid,
    /// From this state,
    pub from: &'static str,
    /// to this one.
    pub to: &'static str,
    /// The sum that is left.
    pub confirmed_fen: i64,
}

/// Reduces village orders with one statement; `false` when one of them is no longer where it was.
///
/// # Errors
/// Whatever the engine answers.
pub async fn reduce(tx: &Tx, reduced: &[Reduced], at: i64) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![at.into()];
    let (mut to, mut from, mut sums, mut ids) = (String::new(), String::new(), String::new(), Vec::new());
    for one in reduced {
        let id = placeholders(&mut values, [one.id.into()]);
        let f = placeholders(&mut values, [one.from.into()]);
        let t = placeholders(&mut values, [one.to.into()]);
        let sum = placeholders(&mut values, [one.confirmed_fen.into()]);
        to.push_str(&format!(" when {id} then {t}"));
        from.push_str(&format!(" when {id} then {f}"));
        sums.push_str(&format!(" when {id} then cast({sum} as bigint)"));
        ids.push(id);
    }
    let sql = format!(
        "update village_orders set status = case id{to} end, confirmed_fen = case id{sums} end, moved_at = $1
        where id in ({}) and status = case id{from} end",
        ids.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == reduced.len() as u64)
}

/// What is credited of a village order.
#[derive(Clone, Debug)]
pub struct Credited {
    /// Which.
    pub id: Uuid,
    /// The sum accepted.
    pub accepted_fen: i64,
}

/// Marks village orders credited; `false` when one of them is no longer delivered.
///
/// # Errors
/// Whatever the engine answers.
pub async fn credit(tx: &Tx, credited: &[Credited], acceptance_id: Uuid, at: i64) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![at.into(), acceptance_id.into()];
    let (mut sums, mut ids) = (String::new(), Vec::new());
    for c in credited {
        let id = placeholders(&mut values, [c.id.into()]);
        let sum = placeholders(&mut values, [c.accepted_fen.into()]);
        sums.push_str(&format!(" when {id} then cast({sum} as bigint)"));
        ids.push(id);
    }
    let sql = format!(
        "update village_orders set status = 'credited', moved_at = $1, acceptance_id = $2,
            accepted_fen = case id{sums} end
        where id in ({}) and status = 'delivered'",
        ids.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == credited.len() as u64)
}

/// Village orders whose deadline has passed without an answer, the oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(connection: &impl ConnectionTrait, now: i64, limit: i64) -> Result<Vec<Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let sql = "select id from village_orders where status = 'offered' and confirm_by < $1 order by confirm_by, id limit $2";
    let rows: Vec<Id> = many(connection, sql, [now.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many village orders stand in a state, and how many of them are late.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StateCount {
    /// The state.
    pub status: String,
    /// How many.
    pub count: i64,
    /// How many are late.
    pub late: i64,
    /// Grams wanted on the day.
    pub due_g: i64,
}

/// Grams and hours that decide what is late.
#[derive(Clone, Copy, Debug)]
pub struct Lateness {
    /// Now.
    pub now: i64,
    /// Today.
    pub today: i32,
    /// Delivered before this and not yet accepted is late.
    pub door: i64,
}

/// Which village orders the board shows.
#[derive(Clone, Copy, Debug)]
pub struct BoardDay {
    /// The day whose grams are counted.
    pub day: i32,
    /// Only what is wanted on that day, and not everything that is on its way.
    pub only: bool,
}

/// The day's counts over what is on its way.
///
/// # Errors
/// Whatever the engine answers.
pub async fn counts(
    connection: &impl ConnectionTrait,
    late: Lateness,
    shown: BoardDay,
) -> Result<Vec<StateCount>, DbErr> {
    let only = if shown.only { "and wanted_on = $4" } else { "" };
    let sql = format!(
        "select status, count(*) as count,
            cast(coalesce(sum(case when (status = 'offered' and confirm_by < $1)
                or (status in ('confirmed', 'shorted', 'packed', 'collected') and wanted_on < $2)
                or (status = 'delivered' and moved_at < $3) then 1 else 0 end), 0) as bigint) as late,
            cast(coalesce(sum(case when wanted_on = $4 then weight_g else 0 end), 0) as bigint) as due_g
        from village_orders
        where status in ('offered', 'confirmed', 'shorted', 'packed', 'collected', 'delivered') {only}
        group by status"
    );
    let values: [Value; 4] = [
        late.now.into(),
        late.today.into(),
        late.door.into(),
        shown.day.into(),
    ];
    many(connection, &sql, values).await
}

/// The most urgent village orders of every state on the board, `limit` a state.
///
/// # Errors
/// Whatever the engine answers.
pub async fn board(
    connection: &impl ConnectionTrait,
    shown: BoardDay,
    limit: i64,
) -> Result<Vec<VillageOrderRecord>, DbErr> {
    let mut values: Vec<Value> = vec![limit.into()];
    let only = if shown.only {
        format!(
            "and wanted_on = {}",
            placeholders(&mut values, [shown.day.into()])
        )
    } else {
        String::new()
    };
    let sql = format!(
        "select {COLUMNS} from (select b.*, row_number() over (partition by status order by confirm_by, id) as place
            from village_orders b
            where status in ('offered', 'confirmed', 'shorted', 'packed', 'collected', 'delivered') {only}) w
        {JOINS} where w.place <= $1 order by w.confirm_by, w.id"
    );
    many(connection, &sql, values).await
}

/// The sum credited by acceptances posted in a span of time.
///
/// # Errors
/// Whatever the engine answers.
pub async fn credited_between(
    connection: &impl ConnectionTrait,
    from: i64,
    until: i64,
) -> Result<i64, DbErr> {
    let sql = "select cast(coalesce(sum(l.village_fen), 0) as bigint) from acceptances a
        join acceptance_lines l on l.acceptance_id = a.id where a.posted_at >= $1 and a.posted_at < $2";
    super::scalar(connection, sql, [from.into(), until.into()]).await
}

/// Where a village order's order goes.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Delivery {
    /// The address.
    pub address: String,
    /// Whom to call.
    pub contact: String,
    /// The buyer's note.
    pub note: String,
}

/// Where an order is delivered.
///
/// # Errors
/// Whatever the engine answers.
pub async fn delivery(connection: &impl ConnectionTrait, order_id: Uuid) -> Result<Option<Delivery>, DbErr> {
    one(
        connection,
        "select address, contact, note from orders where id = $1",
        [order_id.into()],
    )
    .await
}
