//! Settlements: what can be paid, batches, their payees, and the lines behind each. A payable is in one batch at the most:
//! `payables.settlement_item_id` says in which, and the line that is kept with the item says so for ever.

use super::narrow::Narrow;
use super::order::placeholders;
use super::{Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// What a batch pays.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// Only what came through villages of this town.
    pub town_code: Option<String>,
    /// Only payees of this kind.
    pub payee_kind: Option<&'static str>,
    /// Only what was credited before this moment.
    pub until: i64,
    /// Also what the unit has not paid.
    pub advance: bool,
}

impl Due {
    /// The condition on payables `p`. What was taken back goes along with what it is taken from: with what is paid in this
    /// batch, or was in one before.
    fn narrow(&self) -> Narrow {
        let mut narrow = Narrow::default();
        let until = narrow.bind(self.until);
        let paid = |table: &str| {
            if self.advance {
                format!("{table}.credited_at < {until}")
            } else {
                format!("{table}.credited_at < {until} and {table}.paid_at is not null")
            }
        };
        let gained = format!("p.amount_fen > $? and {}", paid("p"));
        let back = format!(
            "p.amount_fen < $? and exists (select 1 from payables q where q.subject_id = p.subject_id
                and q.payee_kind = p.payee_kind and q.payee = p.payee and q.amount_fen > $?
                and (q.settlement_item_id is not null or {}))",
            paid("q")
        );
        narrow.only(
            &format!("p.settlement_item_id is null and ({gained} or {back})"),
            Some(0_i64),
        );
        narrow.only("substr(p.village_code, 1, 9) = $?", self.town_code.clone());
        narrow.only("p.payee_kind = $?", self.payee_kind);
        narrow
    }
}

/// What a payee is owed.
#[derive(FromQueryResult, Clone, Debug)]
pub struct DueRecord {
    /// What kind of payee.
    pub payee_kind: String,
    /// The village's code, the household's or seller's id.
    pub payee: String,
    /// Lines.
    pub lines: i64,
    /// What it gained.
    pub gained_fen: i64,
    /// What is taken back, not above zero.
    pub back_fen: i64,
    /// When the oldest line was credited.
    pub oldest_at: i64,
}

/// What every payee is owed. Bounded by the number of payees: villages, households and co-ops of the district.
///
/// # Errors
/// Whatever the engine answers.
pub async fn due(connection: &impl ConnectionTrait, due: &Due) -> Result<Vec<DueRecord>, DbErr> {
    let narrow = due.narrow();
    let sql = format!(
        "select p.payee_kind, p.payee, count(*) as lines,
            cast(sum(case when p.amount_fen > 0 then p.amount_fen else 0 end) as bigint) as gained_fen,
            cast(sum(case when p.amount_fen < 0 then p.amount_fen else 0 end) as bigint) as back_fen,
            min(p.credited_at) as oldest_at
        from payables p where {} group by p.payee_kind, p.payee order by min(p.village_code), p.payee_kind, p.payee",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// Credited and in no batch, because the unit has not paid: how much, and how many lines.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct Awaiting {
    /// The sum.
    pub amount_fen: i64,
    /// Lines.
    pub lines: i64,
}

/// What waits for the units' payment.
///
/// # Errors
/// Whatever the engine answers.
pub async fn awaiting(connection: &impl ConnectionTrait, until: i64) -> Result<Option<Awaiting>, DbErr> {
    let sql =
        "select cast(coalesce(sum(amount_fen), 0) as bigint) as amount_fen, count(*) as lines from payables
        where settlement_item_id is null and paid_at is null and credited_at < $1";
    one(connection, sql, [until.into()]).await
}

/// A batch as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct BatchRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its state.
    pub status: String,
    /// Whether it advances.
    pub advance: bool,
    /// The town it was narrowed to.
    pub town_code: Option<String>,
    /// The kind of payees it was narrowed to.
    pub payee_kind: Option<String>,
    /// The last day of what it pays.
    pub until_day: i32,
    /// The least a payee had to have.
    pub min_fen: i64,
    /// Payees.
    pub items: i64,
    /// Its sum.
    pub total_fen: i64,
    /// Payees that have the money.
    pub confirmed_items: i64,
    /// What they have.
    pub confirmed_fen: i64,
    /// Payees whose money came back.
    pub bounced_items: i64,
    /// What came back.
    pub bounced_fen: i64,
    /// Who prepared it.
    pub prepared_by: Uuid,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_at: i64,
    /// Who released it.
    pub released_by_name: Option<String>,
    /// When.
    pub released_at: Option<i64>,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// The transaction of that.
    pub transaction_id: Option<Uuid>,
    /// When the bank had answered for everybody.
    pub done_at: Option<i64>,
}

const BATCH: &str = "b.id, b.number, b.status, b.advance, b.town_code, b.payee_kind, b.until_day, b.min_fen, b.items,
    b.total_fen, b.confirmed_items, b.confirmed_fen, b.bounced_items, b.bounced_fen, b.prepared_by, b.prepared_by_name,
    b.prepared_at, b.released_by_name, b.released_at, b.sent_at, b.transaction_id, b.done_at";

/// A batch by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn batch(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<BatchRecord>, DbErr> {
    let sql = format!("select {BATCH} from settlement_batches b where b.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// Batches, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn batches(
    connection: &impl ConnectionTrait,
    status: Option<&'static str>,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<BatchRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("b.status = $?", status);
    narrow.behind("b.prepared_at", "b.id", before);
    let limit = narrow.bind(limit);
    let sql = format!(
        "select {BATCH} from settlement_batches b where {} order by b.prepared_at desc, b.id desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A payee's part as it is written.
#[derive(Clone, Debug)]
pub struct NewItem {
    /// Its id.
    pub id: Uuid,
    /// Its place in the batch.
    pub seq: i32,
    /// What the bank's file calls it.
    pub reference: String,
    /// What kind of payee.
    pub payee_kind: &'static str,
    /// Who.
    pub payee: String,
    /// The name.
    pub payee_name: String,
    /// The village.
    pub village_code: String,
    /// The sum.
    pub amount_fen: i64,
    /// What is taken back of it.
    pub back_fen: i64,
    /// Lines.
    pub lines: i64,
    /// Whose account.
    pub account_name: String,
    /// Which.
    pub account_no: String,
    /// At which bank.
    pub bank_name: String,
    /// The bank's code.
    pub cnaps: String,
}

/// Writes a batch with its payees, and takes what it pays: `false` when somebody was faster with a part of that, and the
/// transaction must be given up.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, batch: &BatchRecord, items: Vec<NewItem>, due: &Due) -> Result<bool, DbErr> {
    insert_batch(tx, batch).await?;
    let sums: Vec<(Uuid, i64, i64)> = items
        .iter()
        .map(|item| (item.id, item.lines, item.amount_fen))
        .collect();
    insert_items(tx, batch, items).await?;
    let narrow = due.narrow();
    let condition = narrow.text();
    let mut values = narrow.values();
    let id = placeholders(&mut values, [batch.id.into()]);
    // The condition speaks of payables `p`: the row that changes is found by its key.
    let take = format!(
        "update payables set settlement_item_id = (select i.id from settlement_items i where i.batch_id = {id}
            and i.payee_kind = payables.payee_kind and i.payee = payables.payee)
        where settlement_item_id is null and exists (select 1 from settlement_items i where i.batch_id = {id}
            and i.payee_kind = payables.payee_kind and i.payee = payables.payee)
        and exists (select 1 from payables p where p.village_code = payables.village_code
            and p.source_id = payables.source_id and p.subject_id = payables.subject_id
            and p.payee_kind = payables.payee_kind and p.payee = payables.payee and {condition})"
    );
    exec(tx, &take, values).await?;
    let keep = "insert into settlement_lines (item_id, village_code, source_id, subject_id, amount_fen)
        select i.id, p.village_code, p.source_id, p.subject_id, p.amount_fen
        from settlement_items i join payables p on p.settlement_item_id = i.id where i.batch_id = $1";
    exec(tx, keep, [batch.id.into()]).await?;
    let mut taken = line_sums(tx, batch.id).await?;
    let mut wanted = sums;
    taken.sort_unstable();
    wanted.sort_unstable();
    Ok(taken == wanted)
}

/// How many lines each item of a batch has, and what they come to.
async fn line_sums(tx: &Tx, batch: Uuid) -> Result<Vec<(Uuid, i64, i64)>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        item_id: Uuid,
        lines: i64,
        total: i64,
    }
    let sql = "select l.item_id, count(*) as lines, cast(sum(l.amount_fen) as bigint) as total
        from settlement_lines l join settlement_items i on i.id = l.item_id where i.batch_id = $1 group by l.item_id";
    let rows: Vec<Row> = many(tx, sql, [batch.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.item_id, row.lines, row.total))
        .collect())
}

async fn insert_batch(tx: &Tx, batch: &BatchRecord) -> Result<(), DbErr> {
    Rows::into(
        "settlement_batches",
        &[
            "id",
            "number",
            "status",
            "advance",
            "town_code",
            "payee_kind",
            "until_day",
            "min_fen",
            "items",
            "total_fen",
            "prepared_by",
            "prepared_by_name",
            "prepared_at",
        ],
    )
    .row([
        batch.id.into(),
        batch.number.clone().into(),
        batch.status.clone().into(),
        batch.advance.into(),
        batch.town_code.clone().into(),
        batch.payee_kind.clone().into(),
        batch.until_day.into(),
        batch.min_fen.into(),
        batch.items.into(),
        batch.total_fen.into(),
        batch.prepared_by.into(),
        batch.prepared_by_name.clone().into(),
        batch.prepared_at.into(),
    ])
    .insert(tx)
    .await
}

async fn insert_items(tx: &Tx, batch: &BatchRecord, items: Vec<NewItem>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "settlement_items",
        &[
            "id",
            "batch_id",
            "seq",
            "reference",
            "payee_kind",
            "payee",
            "payee_name",
            "village_code",
            "amount_fen",
            "back_fen",
            "lines",
            "account_name",
            "account_no",
            "bank_name",
            "cnaps",
            "status",
            "prepared_at",
        ],
    );
    for item in items {
        rows.push([
            item.id.into(),
            batch.id.into(),
            item.seq.into(),
            item.reference.into(),
            item.payee_kind.into(),
            item.payee.into(),
            item.payee_name.into(),
            item.village_code.into(),
            item.amount_fen.into(),
            item.back_fen.into(),
            item.lines.into(),
            item.account_name.into(),
            item.account_no.into(),
            item.bank_name.into(),
            item.cnaps.into(),
            "open".into(),
            batch.prepared_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Discards a batch that nobody has released: what it would have paid is free again. `false` when it stands elsewhere.
///
/// # Errors
/// Whatever the engine answers.
pub async fn discard(tx: &Tx, id: Uuid, at: i64) -> Result<bool, DbErr> {
    let batch =
        "update settlement_batches set status = 'discarded', done_at = $2 where id = $1 and status = 'open'";
    if exec(tx, batch, [id.into(), at.into()]).await? != 1 {
        return Ok(false);
    }
    for sql in [
        "update payables set settlement_item_id = null
            where settlement_item_id in (select i.id from settlement_items i where i.batch_id = $1)",
        "delete from settlement_lines where item_id in (select i.id from settlement_items i where i.batch_id = $1)",
        "delete from settlement_items where batch_id = $1",
    ] {
        exec(tx, sql, [id.into()]).await?;
    }
    Ok(true)
}

/// Releases a batch; `false` when it stands elsewhere.
///
/// # Errors
/// Whatever the engine answers.
pub async fn release(tx: &Tx, id: Uuid, by: (Uuid, &str), at: i64) -> Result<bool, DbErr> {
    let sql = "update settlement_batches set status = 'locked', released_by = $2, released_by_name = $3, released_at = $4
        where id = $1 and status = 'open'";
    let values: [Value; 4] = [id.into(), by.0.into(), by.1.into(), at.into()];
    if exec(tx, sql, values).await? != 1 {
        return Ok(false);
    }
    let items = "update settlement_items set status = 'locked' where batch_id = $1 and status = 'open'";
    exec(tx, items, [id.into()]).await?;
    Ok(true)
}

/// Lines of a batch for which the unit's payment was taken back since it was prepared.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unpaid_lines(tx: &Tx, batch: Uuid) -> Result<i64, DbErr> {
    let sql = "select count(*) from payables p join settlement_items i on i.id = p.settlement_item_id
        where i.batch_id = $1 and p.paid_at is null and p.amount_fen > 0";
    scalar(tx, sql, [batch.into()]).await
}

/// Marks a batch as sent; `false` when it stands elsewhere.
///
/// # Errors
/// Whatever the engine answers.
pub async fn send(tx: &Tx, id: Uuid, transaction_id: Uuid, at: i64) -> Result<bool, DbErr> {
    let sql = "update settlement_batches set status = 'sent', sent_at = $2, transaction_id = $3
        where id = $1 and status = 'locked'";
    if exec(tx, sql, [id.into(), at.into(), transaction_id.into()]).await? != 1 {
        return Ok(false);
    }
    let items = "update settlement_items set status = 'sent' where batch_id = $1 and status = 'locked'";
    exec(tx, items, [id.into()]).await?;
    Ok(true)
}
