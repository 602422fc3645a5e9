//! 单据: documents that were issued, by their code and by what they are about; and what only documents sum up.

use super::{Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A document as it was issued.
#[derive(FromQueryResult, Clone, Debug)]
pub struct IssuedRow {
    /// Its code.
    pub code: String,
    /// What kind of document.
    pub kind: String,
    /// Its place among the documents of its subject, 1, 2, 3 …
    pub revision: i32,
    /// Its number.
    pub number: String,
    /// Its sum.
    pub sum_fen: i64,
    /// When it was issued.
    pub issued_at: i64,
    /// The highest place among the documents of its subject.
    pub newest: i32,
    /// The number of the document with that place.
    pub newest_number: String,
}

const SELECT: &str =
    "select d.code, d.kind, d.revision, d.number, d.sum_fen, d.issued_at, n.revision as newest,
        n.number as newest_number
    from issued_documents d
    join issued_documents n on n.subject = d.subject
        and n.revision = (select max(m.revision) from issued_documents m where m.subject = d.subject)";

/// A document by its code.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_code(connection: &impl ConnectionTrait, code: &str) -> Result<Option<IssuedRow>, DbErr> {
    one(connection, &format!("{SELECT} where d.code = $1"), [code.into()]).await
}

/// The document of a subject with this content.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_content(
    connection: &impl ConnectionTrait,
    subject: &str,
    sha256: &[u8],
) -> Result<Option<IssuedRow>, DbErr> {
    let sql = format!("{SELECT} where d.subject = $1 and d.sha256 = $2");
    one(connection, &sql, [subject.into(), sha256.to_vec().into()]).await
}

/// The highest place among the documents of a subject; 0 when it has none.
///
/// # Errors
/// Whatever the engine answers.
pub async fn last_revision(connection: &impl ConnectionTrait, subject: &str) -> Result<i64, DbErr> {
    let sql = "select cast(max(revision) as bigint) from issued_documents where subject = $1";
    scalar(connection, sql, [subject.into()]).await
}

/// A document about to be issued.
#[derive(Clone, Debug)]
pub struct NewIssued {
    /// Its code.
    pub code: String,
    /// What kind of document.
    pub kind: &'static str,
    /// What it is about.
    pub subject: String,
    /// Its place among the documents of its subject.
    pub revision: i32,
    /// The hash of what it says.
    pub sha256: Vec<u8>,
    /// Its number.
    pub number: String,
    /// Its sum.
    pub sum_fen: i64,
    /// When.
    pub issued_at: i64,
}

/// Issues a document.
///
/// # Errors
/// Whatever the engine answers; a unique violation when its subject was issued meanwhile.
pub async fn insert(tx: &Tx, new: NewIssued) -> Result<(), DbErr> {
    Rows::into(
        "issued_documents",
        &[
            "code",
            "kind",
            "subject",
            "revision",
            "sha256",
            "number",
            "sum_fen",
            "issued_at",
        ],
    )
    .row([
        new.code.into(),
        new.kind.into(),
        new.subject.into(),
        new.revision.into(),
        new.sha256.into(),
        new.number.into(),
        new.sum_fen.into(),
        new.issued_at.into(),
    ])
    .insert(tx)
    .await
}

/// Puts a document that holds again before those that took its place.
///
/// # Errors
/// Whatever the engine answers; a unique violation when its subject was issued meanwhile.
pub async fn renew(tx: &Tx, code: &str, revision: i32) -> Result<u64, DbErr> {
    let values: [Value; 2] = [code.into(), revision.into()];
    exec(
        tx,
        "update issued_documents set revision = $2 where code = $1",
        values,
    )
    .await
}

/// What a unit bought of one village.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillagePurchase {
    /// The town.
    pub town_name: String,
    /// The village.
    pub village_name: String,
    /// Accepted.
    pub accepted_fen: i64,
    /// Of that, paid.
    pub paid_fen: i64,
}

// What was accepted of a unit in a span of time, less what claims took off it, with how far its money has come.
const PURCHASES: &str = "from acceptances x
    join acceptance_lines a on a.acceptance_id = x.id
    join village_orders w on w.id = a.village_order_id
    left join (select c.acceptance_id, k.line_id, sum(k.agreed_fen) as off_fen,
            sum(case when k.agreed_fen = k.asked_fen then k.qty else 0 end) as off_qty
        from claims c join claim_lines k on k.claim_id = c.id
        where c.unit_id = $1 and c.status = 'posted' group by c.acceptance_id, k.line_id) o
        on o.acceptance_id = a.acceptance_id and o.line_id = a.line_id";
const PURCHASED: &str =
    "where x.unit_id = $1 and x.status = 'posted' and x.posted_at >= $2 and x.posted_at < $3";
const PURCHASE_SUMS: &str = "cast(sum(a.total_fen - coalesce(o.off_fen, 0)) as bigint) as accepted_fen,
    cast(sum(case when w.paid_at is not null then a.total_fen - coalesce(o.off_fen, 0) else 0 end) as bigint)
        as paid_fen";

/// What a unit bought between two instants, by village; bounded by the number of villages there are.
///
/// # Errors
/// Whatever the engine answers.
pub async fn purchases_by_village(
    connection: &impl ConnectionTrait,
    unit_id: Uuid,
    (from, until): (i64, i64),
) -> Result<Vec<VillagePurchase>, DbErr> {
    let sql = format!(
        "select t.name as town_name, v.name as village_name, {PURCHASE_SUMS}
        {PURCHASES} join villages v on v.code = a.village_code join towns t on t.code = v.town_code
        {PURCHASED} group by v.code, v.name, t.name order by v.code"
    );
    many(connection, &sql, [unit_id.into(), from.into(), until.into()]).await
}

/// What a unit bought of one kind of produce, in one unit of amount.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ProducePurchase {
    /// The produce's name.
    pub produce_name: String,
    /// What it is counted in.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// How much, in base units.
    pub qty: i64,
    /// Accepted.
    pub accepted_fen: i64,
    /// Of that, paid.
    pub paid_fen: i64,
}

/// The same by produce and unit of amount; one row more than `limit` says that there are more.
///
/// # Errors
/// Whatever the engine answers.
pub async fn purchases_by_produce(
    connection: &impl ConnectionTrait,
    unit_id: Uuid,
    (from, until): (i64, i64),
    limit: i64,
) -> Result<Vec<ProducePurchase>, DbErr> {
    let sql = format!(
        "select p.name as produce_name, l.price_unit, l.piece_name, cast(sum(a.qty - coalesce(o.off_qty, 0)) as bigint) as qty, {PURCHASE_SUMS}
        {PURCHASES} join order_lines l on l.id = a.line_id join produce p on p.slug = l.produce
        {PURCHASED} group by p.position, p.name, l.price_unit, l.piece_name
        order by p.position, p.name, l.price_unit, l.piece_name limit $4"
    );
    let values = [unit_id.into(), from.into(), until.into(), limit.into()];
    many(connection, &sql, values).await
}

/// A credit of a village, or a correction of one.
#[derive(FromQueryResult, Clone, Debug)]
pub struct IncomeEntry {
    /// Its place in the chain.
    pub chain_seq: i64,
    /// What kind of event.
    pub kind: String,
    /// When it took effect.
    pub effective_at: i64,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
    /// The source.
    pub income_source: String,
    /// The document's number.
    pub document_number: String,
    /// The goods.
    pub name: Option<String>,
    /// The unit.
    pub unit_name: Option<String>,
    /// The accepted amount.
    pub qty: Option<i64>,
    /// Fen for one price unit.
    pub price_fen: Option<i64>,
    /// What the price is for.
    pub price_unit: Option<String>,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// When the unit paid.
    pub paid_at: Option<i64>,
    /// When it was settled.
    pub settled_at: Option<i64>,
}

/// A village's income between two instants, entry by entry, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn incomes(
    connection: &impl ConnectionTrait,
    village: &str,
    (from, until): (i64, i64),
    limit: i64,
) -> Result<Vec<IncomeEntry>, DbErr> {
    let sql = "select e.chain_seq, t.kind, t.effective_at, e.amount_fen, e.income_source, t.document_number, l.name,
            u.name as unit_name, a.qty, l.price_fen, l.price_unit, l.piece_name, p.paid_at, p.settled_at
        from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
        left join order_lines l on l.id = e.line_id
        left join payables p on p.village_code = e.village_code and p.source_id = t.document_id
            and p.subject_id = l.village_order_id and p.payee_kind = 'village' and p.payee = e.village_code
        left join aid_units u on u.id = l.unit_id
        left join acceptance_lines a on a.line_id = e.line_id and a.acceptance_id = t.document_id
        where e.village_code = $1 and e.income_source is not null and t.effective_at >= $2 and t.effective_at < $3
        order by e.chain_seq limit $4";
    let values = [village.into(), from.into(), until.into(), limit.into()];
    many(connection, sql, values).await
}
