//! Bills, what stands on them and what paid them.

use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A bill as stored, with names.
#[derive(FromQueryResult, Clone, Debug)]
pub struct BillRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// What is typed into the remark of a bank transfer.
    pub transfer_code: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// For one order or for a month.
    pub kind: String,
    /// The order, of a bill for one.
    pub order_id: Option<Uuid>,
    /// Its number.
    pub order_number: Option<String>,
    /// The first day of the month, of a bill for one.
    pub month_day: Option<i32>,
    /// Its state.
    pub status: String,
    /// When it was sent.
    pub issued_at: i64,
    /// The last day to pay.
    pub due_on: i32,
    /// How many village orders.
    pub items: i32,
    /// The sum.
    pub total_fen: i64,
    /// What claims took off.
    pub corrected_fen: i64,
    /// What is paid.
    pub paid_fen: i64,
    /// When the rest was paid.
    pub paid_at: Option<i64>,
}

const COLUMNS: &str = "b.id, b.number, b.transfer_code, b.unit_id, u.name as unit_name, b.kind, b.order_id, b.order_number,
    b.month_day, b.status, b.issued_at, b.due_on, b.items, b.total_fen, b.corrected_fen, b.paid_fen, b.paid_at";

/// A bill by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<BillRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from bills b join aid_units u on u.id = b.unit_id where b.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What narrows a list of bills.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only open ones whose last day to pay lies before this one.
    pub overdue_on: Option<i32>,
    /// Only with this number or transfer code.
    pub number: Option<String>,
}

/// Bills, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<BillRecord>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let mut and = |condition: &dyn Fn(&str) -> String, value: Value| {
        let place = placeholders(&mut values, [value]);
        conditions.push(condition(&place));
    };
    if let Some(unit_id) = filter.unit_id {
        and(&|p| format!("b.unit_id = {p}"), unit_id.into());
    }
    if let Some(status) = filter.status {
        and(&|p| format!("b.status = {p}"), status.into());
    }
    if let Some(day) = filter.overdue_on {
        and(&|p| format!("b.paid_at is null and b.due_on < {p}"), day.into());
    }
    if let Some(number) = &filter.number {
        and(
            &|p| format!("(b.number = {p} or b.transfer_code = {p})"),
            number.clone().into(),
        );
    }
    if let Some((at, id)) = before {
        let at = placeholders(&mut values, [at.into()]);
        let id = placeholders(&mut values, [id.into()]);
        conditions.push(format!("(b.issued_at, b.id) < ({at}, {id})"));
    }
    let wherever = if conditions.is_empty() {
        String::new()
    } else {
        format!("where {}", conditions.join(" and "))
    };
    let limit = placeholders(&mut values, [limit.into()]);
    // The page is cut first: names are then looked up for its rows only, whatever order of joins an engine prefers.
    let sql = format!(
        "select {COLUMNS} from (select * from bills b {wherever} order by b.issued_at desc, b.id desc limit {limit}) b
        join aid_units u on u.id = b.unit_id order by b.issued_at desc, b.id desc"
    );
    many(connection, &sql, values).await
}

/// A village order on a bill.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ItemRecord {
    /// The village order.
    pub village_order_id: Uuid,
    /// Its number.
    pub village_order_number: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
    /// The order.
    pub order_id: Uuid,
    /// Its number.
    pub order_number: String,
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// Its number.
    pub acceptance_number: String,
    /// What it is, in short.
    pub goods: String,
    /// When it was signed for.
    pub delivered_at: i64,
    /// What was accepted.
    pub amount_fen: i64,
    /// What claims took off.
    pub corrected_fen: i64,
    /// What is paid.
    pub paid_fen: i64,
}

impl ItemRecord {
    /// What is still to be paid.
    #[must_use]
    pub const fn open_fen(&self) -> i64 {
        self.amount_fen - self.corrected_fen - self.paid_fen
    }
}

/// What stands on a bill, in the order in which payments pay it; bounded by `limit`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn items(
    connection: &impl ConnectionTrait,
    bill_id: Uuid,
    limit: i64,
) -> Result<Vec<ItemRecord>, DbErr> {
    let sql = "select i.village_order_id, w.number as village_order_number, i.village_code, v.name as village_name,
            t.name as town_name, i.order_id, i.order_number, i.acceptance_id, a.number as acceptance_number, w.goods,
            i.delivered_at, i.amount_fen, i.corrected_fen, i.paid_fen
        from bill_items i join village_orders w on w.id = i.village_order_id join villages v on v.code = i.village_code
        join towns t on t.code = v.town_code join acceptances a on a.id = i.acceptance_id
        where i.bill_id = $1 order by i.delivered_at, i.village_order_id limit $2";
    many(connection, sql, [bill_id.into(), limit.into()]).await
}

/// What can be billed: a village order that was accepted and stands on no bill.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Billable {
    /// The village order.
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Its terms in days.
    pub terms_days: i32,
    /// What its bills cover.
    pub billing: String,
    /// The village.
    pub village_code: String,
    /// The order.
    pub order_id: Uuid,
    /// Its number.
    pub order_number: String,
    /// The order's state.
    pub order_status: String,
    /// Whether the order was paid ahead.
    pub prepaid: bool,
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// When it was signed for.
    pub moved_at: i64,
    /// What was accepted.
    pub accepted_fen: i64,
    /// What claims have taken off already.
    pub corrected_fen: i64,
}

/// Village orders that can be billed, unit by unit, the oldest first: of whole orders where the unit is billed by order or
/// the order was paid ahead, and of the time before `month_start` where it is billed by month.
///
/// # Errors
/// Whatever the engine answers.
pub async fn billable(
    connection: &impl ConnectionTrait,
    month_start: i64,
    limit: i64,
) -> Result<Vec<Billable>, DbErr> {
    let sql = "select w.id, w.unit_id, u.terms_days, u.billing, w.village_code, w.order_id, w.order_number,
            o.status as order_status, p.order_id is not null as prepaid, w.acceptance_id, w.moved_at, w.accepted_fen,
            cast(coalesce((select sum(c.agreed_fen) from claims k join claim_lines c on c.claim_id = k.id
                join order_lines l on l.id = c.line_id
                where k.status = 'posted' and k.order_id = w.order_id and l.village_order_id = w.id), 0) as bigint)
                as corrected_fen
        from village_orders w join aid_units u on u.id = w.unit_id join orders o on o.id = w.order_id
        left join prepayments p on p.order_id = w.order_id
        where w.bill_id is null and w.accepted_fen > 0 and w.status in ('credited', 'settled')
            and ((u.billing = 'order' or p.order_id is not null)
                and o.status in ('accepted', 'accepted_with_variance', 'closed')
                or u.billing = 'month' and p.order_id is null and w.moved_at < $1)
        order by w.unit_id, w.moved_at, w.id limit $2";
    many(connection, sql, [month_start.into(), limit.into()]).await
}

/// A bill as it is written.
#[derive(Clone, Debug)]
pub struct NewBill {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its transfer code.
    pub transfer_code: String,
    /// The unit.
    pub unit_id: Uuid,
    /// For one order or for a month.
    pub kind: &'static str,
    /// The order, of a bill for one.
    pub order: Option<(Uuid, String)>,
    /// The first day of the month, of a bill for one.
    pub month_day: Option<i32>,
    /// Its state.
    pub status: &'static str,
    /// When it is sent.
    pub issued_at: i64,
    /// The last day to pay.
    pub due_on: i32,
    /// The sum.
    pub total_fen: i64,
    /// What claims took off before.
    pub corrected_fen: i64,
    /// What stands on it.
    pub items: Vec<Billable>,
}

/// Writes a bill with what stands on it; `false` when some of it was billed meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, bill: &NewBill) -> Result<bool, DbErr> {
    let mut values: Vec<Value> = vec![bill.id.into()];
    let ids = placeholders(&mut values, bill.items.iter().map(|item| item.id.into()));
    let sql = format!("update village_orders set bill_id = $1 where id in ({ids}) and bill_id is null");
    if exec(tx, &sql, values).await? != bill.items.len() as u64 {
        return Ok(false);
    }
    let paid_at = (bill.status == "paid").then_some(bill.issued_at);
    let (order_id, order_number) = bill.order.clone().unzip();
    Rows::into(
        "bills",
        &[
            "id",
            "number",
            "transfer_code",
            "unit_id",
            "kind",
            "order_id",
            "order_number",
            "month_day",
            "status",
            "issued_at",
            "due_on",
            "items",
            "total_fen",
            "corrected_fen",
            "paid_at",
        ],
    )
    .row([
        bill.id.into(),
        bill.number.clone().into(),
        bill.transfer_code.clone().into(),
        bill.unit_id.into(),
        bill.kind.into(),
        order_id.into(),
        order_number.into(),
        bill.month_day.into(),
        bill.status.into(),
        bill.issued_at.into(),
        bill.due_on.into(),
        i32::try_from(bill.items.len()).unwrap_or(i32::MAX).into(),
        bill.total_fen.into(),
        bill.corrected_fen.into(),
        paid_at.into(),
    ])
    .insert(tx)
    .await?;
    let mut rows = Rows::into(
        "bill_items",
        &[
            "village_order_id",
            "bill_id",
            "unit_id",
            "village_code",
            "order_id",
            "order_number",
            "acceptance_id",
            "delivered_at",
            "amount_fen",
            "corrected_fen",
        ],
    );
    for item in &bill.items {
        rows.push([
            item.id.into(),
            bill.id.into(),
            item.unit_id.into(),
            item.village_code.clone().into(),
            item.order_id.into(),
            item.order_number.clone().into(),
            item.acceptance_id.into(),
            item.moved_at.into(),
            item.accepted_fen.into(),
            item.corrected_fen.into(),
        ]);
    }
    rows.insert(tx).await?;
    Ok(true)
}

/// How a bill changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The bill.
    pub id: Uuid,
    /// Added to what is paid.
    pub paid_fen: i64,
    /// Added to what claims took off.
    pub corrected_fen: i64,
    /// Its new state.
    pub status: &'static str,
    /// When it was paid in full; `None` while something is open.
    pub paid_at: Option<i64>,
    /// What was read before: paid and taken off.
    pub was: (i64, i64),
}

/// Changes a bill; `false` when it has changed since it was read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn change(tx: &Tx, change: &Change) -> Result<bool, DbErr> {
    let sql = "update bills set paid_fen = paid_fen + $2, corrected_fen = corrected_fen + $3, status = $4, paid_at = $5
        where id = $1 and paid_fen = $6 and corrected_fen = $7";
    let values: [Value; 7] = [
        change.id.into(),
        change.paid_fen.into(),
        change.corrected_fen.into(),
        change.status.into(),
        change.paid_at.into(),
        change.was.0.into(),
        change.was.1.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Adds to one column of items, with one statement.
///
/// # Errors
/// Whatever the engine answers; a check is broken when more than the item would be paid.
pub async fn add_to_items(tx: &Tx, column: ItemColumn, sums: &[(Uuid, i64)]) -> Result<(), DbErr> {
    if sums.is_empty() {
        return Ok(());
    }
    let column = column.name();
    let mut values: Vec<Value> = Vec::new();
    let (mut cases, mut ids) = (String::new(), Vec::new());
    for (id, sum) in sums {
        let id = placeholders(&mut values, [(*id).into()]);
        let sum = placeholders(&mut values, [(*sum).into()]);
        cases.push_str(&format!(" when {id} then cast({sum} as bigint)"));
        ids.push(id);
    }
    let sql = format!(
        "update bill_items set {column} = {column} + case village_order_id{cases} end where village_order_id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// A column of items that sums are added to.
#[derive(Clone, Copy, Debug)]
pub enum ItemColumn {
    /// What is paid.
    Paid,
    /// What claims took off.
    Corrected,
}

impl ItemColumn {
    const fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid_fen",
            Self::Corrected => "corrected_fen",
        }
    }
}

/// The bills on which these village orders stand, each with the item's sums.
#[derive(FromQueryResult, Clone, Debug)]
pub struct BilledItem {
    /// The village order.
    pub village_order_id: Uuid,
    /// The bill.
    pub bill_id: Uuid,
    /// What was accepted.
    pub amount_fen: i64,
    /// What claims took off.
    pub corrected_fen: i64,
    /// What is paid.
    pub paid_fen: i64,
}

/// Takes these village orders' rows and says which of them stand on which bill: who bills them meanwhile waits.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_items(tx: &Tx, village_orders: &[Uuid]) -> Result<Vec<BilledItem>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, village_orders.iter().map(|id| (*id).into()));
    let take = format!("update village_orders set bill_id = bill_id where id in ({ids})");
    exec(tx, &take, values.clone()).await?;
    let sql = format!(
        "select village_order_id, bill_id, amount_fen, corrected_fen, paid_fen from bill_items
        where village_order_id in ({ids})"
    );
    many(tx, &sql, values).await
}

/// What posted claims took off these village orders in all.
///
/// # Errors
/// Whatever the engine answers.
pub async fn corrected(connection: &impl ConnectionTrait, village_orders: &[Uuid]) -> Result<i64, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, village_orders.iter().map(|id| (*id).into()));
    let sql = format!(
        "select cast(coalesce(sum(c.agreed_fen), 0) as bigint) from claims k join claim_lines c on c.claim_id = k.id
        join order_lines l on l.id = c.line_id where k.status = 'posted' and l.village_order_id in ({ids})"
    );
    super::scalar(connection, &sql, values).await
}
