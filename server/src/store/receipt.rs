//! Receipts: money that came to the bank, a row of a statement each.

use super::narrow::Narrow;
use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A receipt as stored, with names.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ReceiptRecord {
    /// Its id.
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The account's name.
    pub account_name: String,
    /// The bank's number of it.
    pub bank_reference: String,
    /// When the bank booked it.
    pub booked_at: i64,
    /// From whom.
    pub payer_name: String,
    /// From which account.
    pub payer_account: String,
    /// What was written with it.
    pub remark: String,
    /// How much.
    pub amount_fen: i64,
    /// Where it stands.
    pub status: String,
    /// The ledger transaction that booked it to suspense.
    pub transaction_id: Uuid,
    /// When it was taken in.
    pub imported_at: i64,
    /// Who took it in.
    pub imported_by: Uuid,
    /// What it pays, or is said to.
    pub match_id: Option<Uuid>,
    /// The unit.
    pub unit_id: Option<Uuid>,
    /// The unit's name.
    pub unit_name: Option<String>,
}

const COLUMNS: &str = "r.id, r.account_id, a.name as account_name, r.bank_reference, r.booked_at, r.payer_name,
    r.payer_account, r.remark, r.amount_fen, r.status, r.transaction_id, r.imported_at, r.imported_by, r.match_id,
    r.unit_id, u.name as unit_name";
const NAMES: &str = "join bank_accounts a on a.id = r.account_id left join aid_units u on u.id = r.unit_id";

/// A receipt by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<ReceiptRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from receipts r {NAMES} where r.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What narrows a list of receipts.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only those that wait for a second person.
    pub waits: bool,
    /// Only on this account.
    pub account_id: Option<Uuid>,
    /// Only of this unit.
    pub unit_id: Option<Uuid>,
    /// Booked at this moment or later.
    pub from: Option<i64>,
    /// Booked before this moment.
    pub until: Option<i64>,
    /// In the payer's name, or a number of the bank's or the payer's account.
    pub text: Option<String>,
    /// The oldest first.
    pub oldest_first: bool,
}

/// What a second person has to decide over.
pub const WAITS: &str = "r.status in ('matched_by_hand', 'taking_back')";
/// The payer's name, the bank's number or the payer's account; every `?` is the text.
pub const NAMED: &str = "(r.payer_name like '%' || ? || '%' or r.bank_reference = ? or r.payer_account = ?)";

/// Receipts, newest first, or oldest first where that is asked for.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<ReceiptRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("r.status = $?", filter.status);
    narrow.only("r.account_id = $?", filter.account_id);
    narrow.only("r.unit_id = $?", filter.unit_id);
    narrow.only("r.booked_at >= $?", filter.from);
    narrow.only("r.booked_at < $?", filter.until);
    narrow.only(&NAMED.replace('?', "$?"), filter.text.clone());
    let order = if filter.oldest_first {
        narrow.beyond("r.booked_at", "r.id", after);
        "r.booked_at, r.id"
    } else {
        narrow.behind("r.booked_at", "r.id", after);
        "r.booked_at desc, r.id desc"
    };
    let limit = narrow.bind(limit);
    let waits = if filter.waits { WAITS } else { "1 = 1" };
    let sql = format!(
        "select {COLUMNS} from (select * from receipts r where {} and {waits} order by {order} limit {limit}) r
        {NAMES} order by {order}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A number of the bank's that is known, with its sum.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Known {
    /// The number.
    pub bank_reference: String,
    /// The sum.
    pub amount_fen: i64,
}

/// Which of these numbers of an account are known.
///
/// # Errors
/// Whatever the engine answers.
pub async fn known(
    connection: &impl ConnectionTrait,
    account_id: Uuid,
    references: &[&str],
) -> Result<Vec<Known>, DbErr> {
    let mut values: Vec<Value> = vec![account_id.into()];
    let places = placeholders(&mut values, references.iter().map(|text| (*text).into()));
    let sql = format!(
        "select bank_reference, amount_fen from receipts where account_id = $1 and bank_reference in ({places})"
    );
    many(connection, &sql, values).await
}

/// A receipt as it is written.
#[derive(Clone, Debug)]
pub struct NewReceipt {
    /// Its id.
    pub id: Uuid,
    /// The bank's number of it.
    pub bank_reference: String,
    /// When the bank booked it.
    pub booked_at: i64,
    /// From whom.
    pub payer_name: String,
    /// From which account.
    pub payer_account: String,
    /// What was written with it.
    pub remark: String,
    /// How much.
    pub amount_fen: i64,
    /// Where it stands.
    pub status: &'static str,
    /// The ledger transaction that books it.
    pub transaction_id: Uuid,
}

/// Writes receipts of one account.
///
/// # Errors
/// Whatever the engine answers; a unique violation when one was taken in meanwhile.
pub async fn insert(
    tx: &Tx,
    account_id: Uuid,
    by: Uuid,
    at: i64,
    receipts: Vec<NewReceipt>,
) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "receipts",
        &[
            "id",
            "account_id",
            "bank_reference",
            "booked_at",
            "payer_name",
            "payer_account",
            "remark",
            "amount_fen",
            "status",
            "transaction_id",
            "imported_at",
            "imported_by",
        ],
    );
    for receipt in receipts {
        rows.push([
            receipt.id.into(),
            account_id.into(),
            receipt.bank_reference.into(),
            receipt.booked_at.into(),
            receipt.payer_name.into(),
            receipt.payer_account.into(),
            receipt.remark.into(),
            receipt.amount_fen.into(),
            receipt.status.into(),
            receipt.transaction_id.into(),
            at.into(),
            by.into(),
        ]);
    }
    rows.insert(tx).await
}

/// What a receipt pays, or is said to.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The match.
    pub match_id: Uuid,
    /// Its unit.
    pub unit_id: Uuid,
}

/// Moves a receipt on; `false` when it no longer stands where it was read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn advance(tx: &Tx, id: Uuid, from: &str, to: &str, bound: Option<Bound>) -> Result<bool, DbErr> {
    let sql = "update receipts set status = $3, match_id = $4, unit_id = $5 where id = $1 and status = $2";
    let values: [Value; 5] = [
        id.into(),
        from.into(),
        to.into(),
        bound.map(|bound| bound.match_id).into(),
        bound.map(|bound| bound.unit_id).into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Receipts of this sum of which nobody has said what they pay, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn in_suspense(tx: &Tx, amount_fen: i64, limit: i64) -> Result<Vec<ReceiptRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from receipts r {NAMES} where r.status = 'suspense' and r.amount_fen = $1
        order by r.booked_at, r.id limit $2"
    );
    many(tx, &sql, [amount_fen.into(), limit.into()]).await
}

#[derive(FromQueryResult)]
struct IdRow {
    id: Uuid,
}

/// Receipts that were taken in and not looked at yet, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn imported(connection: &impl ConnectionTrait, limit: i64) -> Result<Vec<Uuid>, DbErr> {
    let sql = "select id from receipts where status = 'imported' order by booked_at, id limit $1";
    let rows: Vec<IdRow> = many(connection, sql, [limit.into()]).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What waits.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Sums {
    /// Nobody knows what they pay.
    pub suspense: i64,
    /// Their sum.
    pub suspense_fen: i64,
    /// When the oldest was booked.
    pub oldest_at: Option<i64>,
    /// A second person has to decide.
    pub waiting: i64,
    /// Their sum.
    pub waiting_fen: i64,
}

/// What waits, and since when.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sums(connection: &impl ConnectionTrait) -> Result<Option<Sums>, DbErr> {
    let sql = "select cast(coalesce(sum(case when status = 'suspense' then 1 else 0 end), 0) as bigint) as suspense,
            cast(coalesce(sum(case when status = 'suspense' then amount_fen else 0 end), 0) as bigint) as suspense_fen,
            min(case when status = 'suspense' then booked_at end) as oldest_at,
            cast(coalesce(sum(case when status <> 'suspense' then 1 else 0 end), 0) as bigint) as waiting,
            cast(coalesce(sum(case when status <> 'suspense' then amount_fen else 0 end), 0) as bigint) as waiting_fen
        from receipts where status in ('suspense', 'matched_by_hand', 'taking_back')";
    one(connection, sql, []).await
}
