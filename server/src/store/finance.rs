//! Where the money is: sums by age, and the sums that a reconciliation holds against one another.

use super::{Rows, Tx, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

/// What is of one age.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct BandRow {
    /// Which age, 0 the youngest.
    pub band: i32,
    /// How much.
    pub sum_fen: i64,
    /// How many.
    pub count: i64,
    /// The oldest: a moment, or a day.
    pub oldest: i64,
}

/// The bands of a moment or a day, by where they begin: `$1`, `$2`, `$3`.
fn banded(column: &str) -> String {
    format!(
        "cast(case when {column} >= $1 then 0 when {column} >= $2 then 1 when {column} >= $3 then 2 else 3 end as int)"
    )
}

/// Open bills by the moment of their issue.
///
/// # Errors
/// Whatever the engine answers.
pub async fn owed(connection: &impl ConnectionTrait, since: [i64; 3]) -> Result<Vec<BandRow>, DbErr> {
    let sql = format!(
        "select {} as band, cast(sum(total_fen - corrected_fen - paid_fen) as bigint) as sum_fen, count(*) as count,
            min(issued_at) as oldest
        from bills where paid_at is null group by 1",
        banded("issued_at")
    );
    many(connection, &sql, since.map(Value::from)).await
}

/// Open bills past their last day to pay, by that day.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(
    connection: &impl ConnectionTrait,
    since: [i32; 3],
    today: i32,
) -> Result<Vec<BandRow>, DbErr> {
    let sql = format!(
        "select {} as band, cast(sum(total_fen - corrected_fen - paid_fen) as bigint) as sum_fen, count(*) as count,
            cast(min(due_on) as bigint) as oldest
        from bills where paid_at is null and due_on < $4 group by 1",
        banded("due_on")
    );
    let [one, two, three] = since;
    many(
        connection,
        &sql,
        [one.into(), two.into(), three.into(), today.into()],
    )
    .await
}

/// What units have paid and payees were not sent, by the moment of the payment; counted by payees.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unsettled(connection: &impl ConnectionTrait, since: [i64; 3]) -> Result<Vec<BandRow>, DbErr> {
    let sql = format!(
        "select {} as band, cast(sum(p.amount_fen) as bigint) as sum_fen, count(distinct p.payee) as count,
            min(p.paid_at) as oldest
        from payables p left join settlement_items i on i.id = p.settlement_item_id
        where p.paid_at is not null and p.settled_at is null and (i.id is null or i.status in ('open', 'locked'))
        group by 1",
        banded("p.paid_at")
    );
    many(connection, &sql, since.map(Value::from)).await
}

/// Settlements that were sent and not answered, by the moment of sending.
///
/// # Errors
/// Whatever the engine answers.
pub async fn in_transit(connection: &impl ConnectionTrait, since: [i64; 3]) -> Result<Vec<BandRow>, DbErr> {
    let sql = format!(
        "select {} as band, cast(sum(i.amount_fen) as bigint) as sum_fen, count(*) as count, min(b.sent_at) as oldest
        from settlement_items i join settlement_batches b on b.id = i.batch_id where i.status = 'sent' group by 1",
        banded("b.sent_at")
    );
    many(connection, &sql, since.map(Value::from)).await
}

/// An entry that added to an account of the centre's.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct AddedRow {
    /// How much, above zero.
    pub amount_fen: i64,
    /// When.
    pub at: i64,
}

/// The last entries that added to an account of the centre's: credits where `credit`, else debits.
///
/// # Errors
/// Whatever the engine answers.
pub async fn added(
    connection: &impl ConnectionTrait,
    kind: &str,
    credit: bool,
    limit: i64,
) -> Result<Vec<AddedRow>, DbErr> {
    let (amount, is) = if credit {
        ("-e.amount_fen", "e.amount_fen < 0")
    } else {
        ("e.amount_fen", "e.amount_fen > 0")
    };
    let sql = format!(
        "select {amount} as amount_fen, t.effective_at as at from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind = $1 and e.owner = '' and {is} order by e.transaction_id desc, e.seq limit $2"
    );
    many(connection, &sql, [kind.into(), limit.into()]).await
}

/// The sums that a reconciliation compares.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct Sums {
    /// What units owe, by the ledger.
    pub receivable: i64,
    /// By bills and by what is not billed.
    pub bills: i64,
    /// Of what is held for prepaid orders, what units have on deposit.
    pub deposit: i64,
    /// What is held for prepaid orders.
    pub held: i64,
    /// What payees are owed, by the ledger.
    pub payable: i64,
    /// By payables that were not sent.
    pub payables: i64,
    /// What is on its way, by the ledger.
    pub transit: i64,
    /// By settlements.
    pub sent: i64,
    /// What left the bank for settlements, by the ledger.
    pub paid_out: i64,
    /// By settlements.
    pub confirmed: i64,
    /// Everything.
    pub total: i64,
}

const SUMS: &str = "select
    cast(coalesce((select sum(balance_fen) from account_balances where account_kind = 'unit_receivable'), 0) as bigint)
        as receivable,
    cast(coalesce((select sum(total_fen - corrected_fen - paid_fen) from bills), 0)
        + coalesce((select sum(accepted_fen) from village_orders where bill_id is null and accepted_fen > 0), 0)
        - coalesce((select sum(c.agreed_fen) from claims k join claim_lines c on c.claim_id = k.id
            join order_lines l on l.id = c.line_id join village_orders w on w.id = l.village_order_id
            where k.status = 'posted' and w.bill_id is null), 0) as bigint) as bills,
    cast(coalesce((select -sum(balance_fen) from account_balances
        where account_kind in ('village_payable', 'household_payable', 'coop_payable')), 0) as bigint) as payable,
    cast(coalesce((select sum(p.amount_fen) from payables p left join settlement_items i on i.id = p.settlement_item_id
        where i.id is null or i.status in ('open', 'locked')), 0) as bigint) as payables,
    cast(coalesce((select -sum(balance_fen) from account_balances where account_kind = 'in_transit'), 0) as bigint)
        as transit,
    cast(coalesce((select sum(amount_fen) from settlement_items where status = 'sent'), 0) as bigint) as sent,
    cast(coalesce((select -sum(e.amount_fen) from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind = 'bank' and t.kind = 'settlement_confirmed'), 0) as bigint) as paid_out,
    cast(coalesce((select sum(amount_fen) from settlement_items where status = 'confirmed'), 0) as bigint) as confirmed,
    cast(coalesce((select sum(balance_fen) from account_balances), 0) as bigint) as total,
    cast(0 as bigint) as deposit, cast(0 as bigint) as held";

/// What units have on deposit, and what of it is held.
#[derive(FromQueryResult, Clone, Debug)]
struct HeldRow {
    unit_id: uuid::Uuid,
    held: i64,
}

/// The sums of now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sums(tx: &Tx) -> Result<Option<Sums>, DbErr> {
    let Some(mut sums) = one::<Sums>(tx, SUMS, []).await? else {
        return Ok(None);
    };
    let held: Vec<HeldRow> = many(
        tx,
        "select unit_id, cast(sum(paid_fen - applied_fen - freed_fen) as bigint) as held from prepayments
        where paid_fen > applied_fen + freed_fen group by unit_id",
        [],
    )
    .await?;
    let owners: Vec<String> = held.iter().map(|row| row.unit_id.to_string()).collect();
    let on_deposit = deposits(tx, &owners).await?;
    for (row, owner) in held.iter().zip(&owners) {
        let has = on_deposit
            .iter()
            .find(|deposit| deposit.owner == *owner)
            .map_or(0, |deposit| deposit.deposit_fen);
        sums.held = sums.held.saturating_add(row.held);
        sums.deposit = sums.deposit.saturating_add(row.held.min(has));
    }
    Ok(Some(sums))
}

#[derive(FromQueryResult)]
struct DepositRow {
    owner: String,
    deposit_fen: i64,
}

async fn deposits(tx: &Tx, owners: &[String]) -> Result<Vec<DepositRow>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = super::order::placeholders(&mut values, owners.iter().map(|owner| owner.clone().into()));
    let sql = format!(
        "select owner, -balance_fen as deposit_fen from account_balances
        where account_kind = 'unit_deposit' and owner in ({places})"
    );
    many(tx, &sql, values).await
}

/// A reconciliation as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ReconciliationRow {
    /// Its day.
    pub day: i32,
    /// When it was made.
    pub at: i64,
    /// Who asked for it.
    pub by_name: Option<String>,
    /// Whether all agreed.
    pub balanced: bool,
    /// What it compared, as JSON.
    pub lines: String,
}

/// The newest reconciliations.
///
/// # Errors
/// Whatever the engine answers.
pub async fn reconciliations(
    connection: &impl ConnectionTrait,
    before: Option<(i32, i64)>,
    limit: i64,
) -> Result<Vec<ReconciliationRow>, DbErr> {
    let mut narrow = super::narrow::Narrow::default();
    if let Some((day, at)) = before {
        let (day, at) = (narrow.bind(day), narrow.bind(at));
        narrow.always(&format!("(day, at) < ({day}, {at})"));
    }
    let limit = narrow.bind(limit);
    let sql = format!(
        "select day, at, by_name, balanced, lines from reconciliations where {} order by day desc, at desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// Keeps a reconciliation.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep(tx: &Tx, row: &ReconciliationRow) -> Result<(), DbErr> {
    Rows::into("reconciliations", &["day", "at", "by_name", "balanced", "lines"])
        .row([
            row.day.into(),
            row.at.into(),
            row.by_name.clone().into(),
            row.balanced.into(),
            row.lines.clone().into(),
        ])
        .upsert(tx, &["day", "at"], &[])
        .await
}

/// What waits for somebody of the centre's finance.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct Waiting {
    /// Batches that nobody has released.
    pub batches_open: i64,
    /// Accounts that nobody has checked.
    pub accounts_unchecked: i64,
}

/// What waits for somebody.
///
/// # Errors
/// Whatever the engine answers.
pub async fn waiting(connection: &impl ConnectionTrait) -> Result<Option<Waiting>, DbErr> {
    let sql = "select (select count(*) from settlement_batches where status = 'open') as batches_open,
        (select count(*) from payee_accounts where checked_at is null) as accounts_unchecked";
    one(connection, sql, []).await
}
