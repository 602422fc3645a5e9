//! Payees' parts of batches: reading them with their lines, and what the bank answered.

use super::narrow::Narrow;
use super::order::placeholders;
use super::payable::Changed;
use super::{Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A payee's part.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ItemRecord {
    /// Its id.
    pub id: Uuid,
    /// The batch.
    pub batch_id: Uuid,
    /// The batch's number.
    pub batch_number: String,
    /// Its place in the batch.
    pub seq: i32,
    /// What the bank's file calls it.
    pub reference: String,
    /// What kind of payee.
    pub payee_kind: String,
    /// Who.
    pub payee: String,
    /// The name.
    pub payee_name: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's.
    pub town_name: String,
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
    /// Where it stands.
    pub status: String,
    /// The bank's reason.
    pub reason: String,
    /// The day of the batch.
    pub prepared_at: i64,
    /// When the bank answered.
    pub decided_at: Option<i64>,
}

const ITEM: &str = "i.id, i.batch_id, b.number as batch_number, i.seq, i.reference, i.payee_kind, i.payee, i.payee_name,
    i.village_code, v.name as village_name, t.name as town_name, i.amount_fen, i.back_fen, i.lines, i.account_name,
    i.account_no, i.bank_name, i.cnaps, i.status, i.reason, i.prepared_at, i.decided_at";
const NAMES: &str =
    "join settlement_batches b on b.id = i.batch_id join villages v on v.code = i.village_code
    join towns t on t.code = v.town_code";

/// A payee's part by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<ItemRecord>, DbErr> {
    let sql = format!("select {ITEM} from settlement_items i {NAMES} where i.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What narrows payees' parts.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this village.
    pub village: Option<String>,
    /// Only of villages of this town; of them no household's.
    pub town: Option<String>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only of this batch.
    pub batch: Option<Uuid>,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        let mut narrow = Narrow::default();
        narrow.only("i.village_code = $?", self.village.clone());
        narrow.only(
            "substr(i.village_code, 1, 9) = $? and i.payee_kind <> 'household'",
            self.town.clone(),
        );
        narrow.only("i.status = $?", self.status);
        narrow.only("i.batch_id = $?", self.batch);
        narrow
    }
}

/// Payees' parts, newest first. What nobody has released yet is nothing that a payee could count on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn newest(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<ItemRecord>, DbErr> {
    let mut narrow = filter.narrow();
    narrow.only("i.status <> $?", Some("open"));
    narrow.behind("i.prepared_at", "i.id", before);
    let limit = narrow.bind(limit);
    let sql = format!(
        "select {ITEM} from (select * from settlement_items i where {} order by i.prepared_at desc, i.id desc limit {limit}) i
        {NAMES} order by i.prepared_at desc, i.id desc",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// The payees of a batch behind a place in it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_batch(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after_seq: i32,
    limit: i64,
) -> Result<Vec<ItemRecord>, DbErr> {
    let mut narrow = filter.narrow();
    narrow.only("i.seq > $?", Some(after_seq));
    let limit = narrow.bind(limit);
    let sql = format!(
        "select {ITEM} from settlement_items i {NAMES} where {} order by i.seq limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A line behind a payee's part.
#[derive(FromQueryResult, Clone, Debug)]
pub struct LineRecord {
    /// When it was credited.
    pub credited_at: i64,
    /// The document's kind.
    pub source_kind: String,
    /// The document.
    pub source_id: Uuid,
    /// Its number.
    pub source_number: String,
    /// The village.
    pub village_name: String,
    /// The goods.
    pub goods: Option<String>,
    /// The buying unit.
    pub unit_name: Option<String>,
    /// The words of a claim's answer.
    pub why: Option<String>,
    /// The number of the settlement that paid before what is taken back.
    pub paid_before: Option<String>,
    /// The sum.
    pub amount_fen: i64,
}

/// The lines behind a payee's part, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(
    connection: &impl ConnectionTrait,
    item: &ItemRecord,
    limit: i64,
) -> Result<Vec<LineRecord>, DbErr> {
    let sql =
        "select p.credited_at, p.source_kind, p.source_id, p.source_number, v.name as village_name, w.goods,
            u.name as unit_name, c.answer as why, l.amount_fen,
            case when l.amount_fen < 0 then (select min(x.reference) from settlement_lines k
                join settlement_items x on x.id = k.item_id
                where k.subject_id = l.subject_id and x.payee_kind = $2 and x.payee = $3 and k.amount_fen > 0
                    and k.item_id <> l.item_id and x.status = 'confirmed') end as paid_before
        from settlement_lines l
        join payables p on p.village_code = l.village_code and p.source_id = l.source_id
            and p.subject_id = l.subject_id and p.payee_kind = $2 and p.payee = $3
        join villages v on v.code = l.village_code
        left join village_orders w on w.id = l.subject_id
        left join aid_units u on u.id = p.unit_id
        left join claims c on c.id = l.source_id
        where l.item_id = $1 order by p.credited_at, p.source_number, l.subject_id limit $4";
    let values: [Value; 4] = [
        item.id.into(),
        item.payee_kind.clone().into(),
        item.payee.clone().into(),
        limit.into(),
    ];
    many(connection, sql, values).await
}

/// The bank's answer for one payee.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The item.
    pub id: Uuid,
    /// The bank's reason, where the money came back.
    pub reason: String,
}

/// Keeps the bank's answer for payees of one batch that were sent; says for how many it was news.
///
/// # Errors
/// Whatever the engine answers.
pub async fn answer(
    tx: &Tx,
    status: &'static str,
    answers: &[Answer],
    transaction_id: Uuid,
    by_name: &str,
    at: i64,
) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = vec![status.into(), transaction_id.into(), by_name.into(), at.into()];
    let (mut reasons, mut ids) = (String::new(), Vec::new());
    for answer in answers {
        let id = placeholders(&mut values, [answer.id.into()]);
        if !answer.reason.is_empty() {
            let reason = placeholders(&mut values, [answer.reason.clone().into()]);
            reasons.push_str(&format!(" when {id} then {reason}"));
        }
        ids.push(id);
    }
    let reason = if reasons.is_empty() {
        String::new()
    } else {
        format!(", reason = case id{reasons} else reason end")
    };
    let sql = format!(
        "update settlement_items set status = $1, transaction_id = $2, decided_by_name = $3, decided_at = $4{reason}
        where id in ({}) and status = 'sent'",
        ids.join(", ")
    );
    exec(tx, &sql, values).await
}

/// Adds the bank's answers to their batch, which is done once there is one for everybody.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count(
    tx: &Tx,
    batch: Uuid,
    (confirmed, confirmed_fen): (i64, i64),
    (bounced, bounced_fen): (i64, i64),
    at: i64,
) -> Result<(), DbErr> {
    let sql = "update settlement_batches set confirmed_items = confirmed_items + $2, confirmed_fen = confirmed_fen + $3,
            bounced_items = bounced_items + $4, bounced_fen = bounced_fen + $5 where id = $1";
    let values: [Value; 5] = [
        batch.into(),
        confirmed.into(),
        confirmed_fen.into(),
        bounced.into(),
        bounced_fen.into(),
    ];
    exec(tx, sql, values).await?;
    let done = "update settlement_batches set status = 'done', done_at = $2
        where id = $1 and status = 'sent' and confirmed_items + bounced_items = items";
    exec(tx, done, [batch.into(), at.into()]).await.map(|_| ())
}

/// Marks what stands behind these items as settled; answers what it was.
///
/// # Errors
/// Whatever the engine answers.
pub async fn settle(tx: &Tx, items: &[Uuid], at: i64) -> Result<Vec<Changed>, DbErr> {
    let mut values: Vec<Value> = vec![at.into()];
    let ids = placeholders(&mut values, items.iter().map(|id| (*id).into()));
    let sql = format!("update payables set settled_at = $1 where settlement_item_id in ({ids})");
    exec(tx, &sql, values).await?;
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, items.iter().map(|id| (*id).into()));
    let sql = format!(
        "select village_code, payee_kind, amount_fen, credited_at from payables where settlement_item_id in ({ids})"
    );
    many(tx, &sql, values).await
}

/// Frees what stands behind items whose money came back: another batch can have it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn free(tx: &Tx, items: &[Uuid]) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, items.iter().map(|id| (*id).into()));
    let sql = format!("update payables set settlement_item_id = null where settlement_item_id in ({ids})");
    exec(tx, &sql, values).await
}

/// Village orders behind items, and their orders.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SubjectRow {
    /// The village order.
    pub id: Uuid,
    /// Its order.
    pub order_id: Uuid,
}

/// Credited village orders behind these items of which nobody is owed anything any more.
///
/// # Errors
/// Whatever the engine answers.
pub async fn settled_orders(tx: &Tx, items: &[Uuid]) -> Result<Vec<SubjectRow>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, items.iter().map(|id| (*id).into()));
    let sql = format!(
        "select w.id, w.order_id from village_orders w
        where w.status = 'credited' and w.id in (select l.subject_id from settlement_lines l where l.item_id in ({ids}))
            and not exists (select 1 from payables p where p.subject_id = w.id and p.settled_at is null)
        order by w.id"
    );
    many(tx, &sql, values).await
}

/// Says of village orders that their villages have the money.
///
/// # Errors
/// Whatever the engine answers.
pub async fn close_village_orders(tx: &Tx, ids: &[Uuid]) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let places = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!(
        "update village_orders set status = 'settled' where id in ({places}) and status = 'credited'"
    );
    exec(tx, &sql, values).await
}
