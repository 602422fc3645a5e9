//! Acceptances: the weighing, its two signatures, its lines.

use super::narrow::Narrow;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An acceptance as stored, with names.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AcceptanceRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The order.
    pub order_id: Uuid,
    /// The order's number.
    pub order_number: String,
    /// Which delivery of the order, 1, 2, 3 …
    pub part: i32,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// Its state.
    pub status: String,
    /// The hash of the lines that were signed.
    pub lines_hash: Vec<u8>,
    /// Who signed for the unit.
    pub unit_person_id: Option<Uuid>,
    /// Their name.
    pub unit_person_name: Option<String>,
    /// When.
    pub unit_signed_at: Option<i64>,
    /// Who signed for the centre.
    pub centre_person_id: Option<Uuid>,
    /// Their name.
    pub centre_person_name: Option<String>,
    /// When.
    pub centre_signed_at: Option<i64>,
    /// The sum expected.
    pub expected_fen: i64,
    /// The sum accepted.
    pub accepted_fen: i64,
    /// The ledger transaction.
    pub transaction_id: Option<Uuid>,
    /// When it was begun.
    pub created_at: i64,
    /// When it was posted.
    pub posted_at: Option<i64>,
}

const COLUMNS: &str = "a.id, a.number, a.order_id, o.number as order_number, a.part, a.unit_id, u.name as unit_name, a.status,
    a.lines_hash, a.unit_person_id, a.unit_person_name, a.unit_signed_at, a.centre_person_id, a.centre_person_name,
    a.centre_signed_at, a.expected_fen, a.accepted_fen, a.transaction_id, a.created_at, a.posted_at";
const JOINS: &str = "join orders o on o.id = a.order_id join aid_units u on u.id = a.unit_id";

/// An acceptance by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<AcceptanceRecord>, DbErr> {
    one(
        connection,
        &format!("select {COLUMNS} from acceptances a {JOINS} where a.id = $1"),
        [id.into()],
    )
    .await
}

/// All acceptances of an order, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Vec<AcceptanceRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from acceptances a {JOINS} where a.order_id = $1 order by a.part");
    many(connection, &sql, [order_id.into()]).await
}

/// The newest acceptance of an order, if there is one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn latest_of_order(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    #[derive(FromQueryResult)]
    struct Id {
        id: Uuid,
    }
    let sql = "select id from acceptances where order_id = $1 order by part desc limit 1";
    Ok(one::<Id>(connection, sql, [order_id.into()])
        .await?
        .map(|row| row.id))
}

/// What a list of acceptances is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Posted, or else begun, at this moment or later.
    pub from: Option<i64>,
    /// Posted, or else begun, before this moment.
    pub until: Option<i64>,
    /// Only this number.
    pub number: Option<String>,
    /// Only numbers that begin like this; `%`, `_` and `!` escaped by `!`.
    pub number_begins: Option<String>,
    /// Behind this one: `(created_at, id)`.
    pub before: Option<(i64, Uuid)>,
}

/// Acceptances, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<AcceptanceRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("a.unit_id = $?", filter.unit_id);
    narrow.only("a.status = $?", filter.status);
    narrow.only("coalesce(a.posted_at, a.created_at) >= $?", filter.from);
    narrow.only("coalesce(a.posted_at, a.created_at) < $?", filter.until);
    narrow.only("a.number = $?", filter.number.clone());
    narrow.begins("a.number", filter.number_begins.as_deref());
    narrow.behind("a.created_at", "a.id", filter.before);
    let limit = narrow.bind(limit);
    // The page is cut first: names are then looked up for its rows only, whatever order of joins an engine prefers.
    let sql = format!(
        "select {COLUMNS} from (select * from acceptances a where {} order by a.created_at desc, a.id desc limit {limit}) a
            {JOINS} order by a.created_at desc, a.id desc",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A line of an acceptance as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AcceptanceLineRecord {
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// The order line.
    pub line_id: Uuid,
    /// The village order.
    pub village_order_id: Uuid,
    /// The village.
    pub village_code: String,
    /// Accepted.
    pub qty: i64,
    /// Its sum.
    pub total_fen: i64,
    /// The village's part.
    pub village_fen: i64,
    /// The household's or co-op's part.
    pub supplier_fen: i64,
    /// The centre's fee.
    pub fee_fen: i64,
    /// Why it differs.
    pub reason: Option<String>,
    /// A remark.
    pub remark: String,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

const LINE_COLUMNS: [&str; 12] = [
    "acceptance_id",
    "line_id",
    "village_order_id",
    "village_code",
    "qty",
    "total_fen",
    "village_fen",
    "supplier_fen",
    "fee_fen",
    "reason",
    "remark",
    "photo_id",
];

/// The lines of an acceptance.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<AcceptanceLineRecord>, DbErr> {
    let sql = format!(
        "select {} from acceptance_lines where acceptance_id = $1",
        LINE_COLUMNS.join(", ")
    );
    many(connection, &sql, [id.into()]).await
}

/// Which side signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The unit's person.
    Unit,
    /// The centre's person.
    Centre,
}

/// A signature about to be written.
#[derive(Clone, Debug)]
pub struct NewSignature {
    /// For whom.
    pub side: Side,
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// When.
    pub at: i64,
}

/// Begins an acceptance with its first signature.
///
/// # Errors
/// Whatever the engine answers; a unique violation when the other side began the same part meanwhile.
pub async fn insert(tx: &Tx, record: &AcceptanceRecord, signature: &NewSignature) -> Result<(), DbErr> {
    Rows::into(
        "acceptances",
        &[
            "id",
            "number",
            "order_id",
            "part",
            "unit_id",
            "status",
            "lines_hash",
            "expected_fen",
            "accepted_fen",
            "created_at",
        ],
    )
    .row([
        record.id.into(),
        record.number.clone().into(),
        record.order_id.into(),
        record.part.into(),
        record.unit_id.into(),
        "signed".into(),
        record.lines_hash.clone().into(),
        record.expected_fen.into(),
        record.accepted_fen.into(),
        record.created_at.into(),
    ])
    .insert(tx)
    .await?;
    sign(tx, record.id, signature).await.map(|_| ())
}

/// Writes a signature beside the other one; `false` when it is no longer open.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sign(tx: &Tx, id: Uuid, signature: &NewSignature) -> Result<bool, DbErr> {
    let side = side_columns(signature.side);
    let sql = format!(
        "update acceptances set {side}_person_id = $2, {side}_person_name = $3, {side}_signed_at = $4
        where id = $1 and status = 'signed' and {side}_person_id is null"
    );
    let values: [Value; 4] = [
        id.into(),
        signature.person_id.into(),
        signature.name.clone().into(),
        signature.at.into(),
    ];
    Ok(exec(tx, &sql, values).await? == 1)
}

const fn side_columns(side: Side) -> &'static str {
    match side {
        Side::Unit => "unit",
        Side::Centre => "centre",
    }
}

/// Voids both signatures because the lines changed; `false` when the acceptance is no longer what was read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn reopen(tx: &Tx, record: &AcceptanceRecord, was: &[u8]) -> Result<bool, DbErr> {
    let sql = "update acceptances set unit_person_id = null, unit_person_name = null, unit_signed_at = null,
            centre_person_id = null, centre_person_name = null, centre_signed_at = null, lines_hash = $2,
            expected_fen = $3, accepted_fen = $4
        where id = $1 and status = 'signed' and lines_hash = $5";
    let values: [Value; 5] = [
        record.id.into(),
        record.lines_hash.clone().into(),
        record.expected_fen.into(),
        record.accepted_fen.into(),
        was.to_vec().into(),
    ];
    if exec(tx, sql, values).await? != 1 {
        return Ok(false);
    }
    exec(
        tx,
        "delete from acceptance_lines where acceptance_id = $1",
        [record.id.into()],
    )
    .await?;
    Ok(true)
}

/// Writes the lines with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert_lines(tx: &Tx, lines: &[AcceptanceLineRecord]) -> Result<(), DbErr> {
    let mut rows = Rows::into("acceptance_lines", &LINE_COLUMNS);
    for line in lines {
        rows.push([
            line.acceptance_id.into(),
            line.line_id.into(),
            line.village_order_id.into(),
            line.village_code.clone().into(),
            line.qty.into(),
            line.total_fen.into(),
            line.village_fen.into(),
            line.supplier_fen.into(),
            line.fee_fen.into(),
            line.reason.clone().into(),
            line.remark.clone().into(),
            line.photo_id.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Marks an acceptance posted; `false` when it is not signed by both any more, or was posted meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn post(
    tx: &Tx,
    id: Uuid,
    transaction_id: Option<Uuid>,
    hash: &[u8],
    at: i64,
) -> Result<bool, DbErr> {
    let sql = "update acceptances set status = 'posted', transaction_id = $2, posted_at = $3
        where id = $1 and status = 'signed' and lines_hash = $4
            and unit_person_id is not null and centre_person_id is not null";
    let values: [Value; 4] = [id.into(), transaction_id.into(), at.into(), hash.to_vec().into()];
    Ok(exec(tx, sql, values).await? == 1)
}
