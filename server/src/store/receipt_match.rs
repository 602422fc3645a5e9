//! What receipts pay: matches, with the bills of each.

use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A match as stored, with the unit's name.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MatchRecord {
    /// Its id.
    pub id: Uuid,
    /// The receipt.
    pub receipt_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// Where it stands.
    pub state: String,
    /// Whether code and sum agreed.
    pub automatic: bool,
    /// Whether it waits because of its sum.
    pub over_limit: bool,
    /// What bills are paid.
    pub paid_fen: i64,
    /// What goes to the deposit.
    pub deposit_fen: i64,
    /// What was written with it.
    pub note: String,
    /// Who said so.
    pub proposed_by: Uuid,
    /// Their name.
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: i64,
    /// Who decided.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
    /// Why not.
    pub reason: Option<String>,
    /// The ledger transaction.
    pub transaction_id: Option<Uuid>,
    /// Who wants it back.
    pub asked_back_by: Option<Uuid>,
    /// Their name.
    pub asked_back_by_name: Option<String>,
    /// When.
    pub asked_back_at: Option<i64>,
    /// Why.
    pub asked_back_reason: Option<String>,
    /// Who agreed.
    pub taken_back_by_name: Option<String>,
    /// When.
    pub taken_back_at: Option<i64>,
    /// The ledger transaction that took it back.
    pub reversed_by: Option<Uuid>,
}

const COLUMNS: &str = "m.id, m.receipt_id, m.unit_id, u.name as unit_name, m.state, m.automatic, m.over_limit, m.paid_fen,
    m.deposit_fen, m.note, m.proposed_by, m.proposed_by_name, m.proposed_at, m.decided_by_name, m.decided_at, m.reason,
    m.transaction_id, m.asked_back_by, m.asked_back_by_name, m.asked_back_at, m.asked_back_reason,
    m.taken_back_by_name, m.taken_back_at, m.reversed_by";

/// A match by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<MatchRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from receipt_matches m join aid_units u on u.id = m.unit_id where m.id = $1"
    );
    one(connection, &sql, [id.into()]).await
}

/// The matches of a receipt, newest first; bounded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_receipt(
    connection: &impl ConnectionTrait,
    receipt_id: Uuid,
    limit: i64,
) -> Result<Vec<MatchRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from receipt_matches m join aid_units u on u.id = m.unit_id
        where m.receipt_id = $1 order by m.proposed_at desc, m.id desc limit $2"
    );
    many(connection, &sql, [receipt_id.into(), limit.into()]).await
}

/// A bill of a match.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MatchedBill {
    /// The match.
    pub match_id: Uuid,
    /// The bill.
    pub bill_id: Uuid,
    /// Its number.
    pub number: String,
    /// What is paid of it.
    pub amount_fen: i64,
    /// What is open of it.
    pub open_fen: i64,
}

/// The bills of matches, in the order in which they are due.
///
/// # Errors
/// Whatever the engine answers.
pub async fn bills(connection: &impl ConnectionTrait, matches: &[Uuid]) -> Result<Vec<MatchedBill>, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, matches.iter().map(|id| (*id).into()));
    let sql = format!(
        "select p.match_id, p.bill_id, b.number, p.amount_fen,
            b.total_fen - b.corrected_fen - b.paid_fen as open_fen
        from receipt_match_bills p join bills b on b.id = p.bill_id
        where p.match_id in ({ids}) order by b.due_on, b.id"
    );
    many(connection, &sql, values).await
}

/// A match as it is written.
#[derive(Clone, Debug)]
pub struct NewMatch {
    /// Its id.
    pub id: Uuid,
    /// The receipt.
    pub receipt_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Where it stands.
    pub state: &'static str,
    /// Whether code and sum agreed.
    pub automatic: bool,
    /// Whether it waits because of its sum.
    pub over_limit: bool,
    /// What goes to the deposit.
    pub deposit_fen: i64,
    /// What was written with it.
    pub note: String,
    /// Who said so, with their name.
    pub by: (Uuid, String),
    /// When.
    pub at: i64,
    /// The bills with what is paid of each.
    pub bills: Vec<(Uuid, i64)>,
    /// The ledger transaction of one that is posted at once.
    pub transaction_id: Option<Uuid>,
}

/// Writes a match with its bills.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, new: &NewMatch) -> Result<(), DbErr> {
    Rows::into(
        "receipt_matches",
        &[
            "id",
            "receipt_id",
            "unit_id",
            "state",
            "automatic",
            "over_limit",
            "paid_fen",
            "deposit_fen",
            "note",
            "proposed_by",
            "proposed_by_name",
            "proposed_at",
            "transaction_id",
        ],
    )
    .row([
        new.id.into(),
        new.receipt_id.into(),
        new.unit_id.into(),
        new.state.into(),
        new.automatic.into(),
        new.over_limit.into(),
        new.bills.iter().map(|(_, sum)| *sum).sum::<i64>().into(),
        new.deposit_fen.into(),
        new.note.clone().into(),
        new.by.0.into(),
        new.by.1.clone().into(),
        new.at.into(),
        new.transaction_id.into(),
    ])
    .insert(tx)
    .await?;
    let mut rows = Rows::into("receipt_match_bills", &["match_id", "bill_id", "amount_fen"]);
    for (bill_id, amount_fen) in &new.bills {
        rows.push([new.id.into(), (*bill_id).into(), (*amount_fen).into()]);
    }
    rows.insert(tx).await
}

/// Who does something, when.
#[derive(Clone, Debug)]
pub struct Done {
    /// Who.
    pub by: Uuid,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: i64,
}

/// A second person confirms what was proposed; `false` when it no longer waits.
///
/// # Errors
/// Whatever the engine answers.
pub async fn confirm(tx: &Tx, id: Uuid, done: &Done, transaction_id: Uuid) -> Result<bool, DbErr> {
    let sql =
        "update receipt_matches set state = 'posted', decided_by = $2, decided_by_name = $3, decided_at = $4,
            transaction_id = $5
        where id = $1 and state = 'proposed'";
    step(tx, sql, id, done, transaction_id).await
}

/// What was proposed is refused; `false` when it no longer waits.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refuse(tx: &Tx, id: Uuid, done: &Done, reason: &str) -> Result<bool, DbErr> {
    let sql = "update receipt_matches set state = 'refused', decided_by = $2, decided_by_name = $3, decided_at = $4,
            reason = $5
        where id = $1 and state = 'proposed'";
    step(tx, sql, id, done, reason).await
}

/// Somebody wants a posted match taken back; `false` when it is not posted.
///
/// # Errors
/// Whatever the engine answers.
pub async fn ask_back(tx: &Tx, id: Uuid, done: &Done, reason: &str) -> Result<bool, DbErr> {
    let sql = "update receipt_matches set state = 'asked_back', asked_back_by = $2, asked_back_by_name = $3,
            asked_back_at = $4, asked_back_reason = $5
        where id = $1 and state = 'posted'";
    step(tx, sql, id, done, reason).await
}

/// It stays as it is; `false` when nobody wants it back any more.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep(tx: &Tx, id: Uuid) -> Result<bool, DbErr> {
    let sql = "update receipt_matches set state = 'posted' where id = $1 and state = 'asked_back'";
    Ok(exec(tx, sql, [id.into()]).await? == 1)
}

/// A second person agrees that it is taken back; `false` when nobody wants it back any more.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_back(tx: &Tx, id: Uuid, done: &Done, reversed_by: Uuid) -> Result<bool, DbErr> {
    let sql = "update receipt_matches set state = 'taken_back', taken_back_by = $2, taken_back_by_name = $3,
            taken_back_at = $4, reversed_by = $5
        where id = $1 and state = 'asked_back'";
    step(tx, sql, id, done, reversed_by).await
}

/// A step of a match: `sql` names who did it and when as $2 to $4, and with what as $5.
async fn step(tx: &Tx, sql: &str, id: Uuid, done: &Done, with: impl Into<Value>) -> Result<bool, DbErr> {
    let values: [Value; 5] = [
        id.into(),
        done.by.into(),
        done.by_name.clone().into(),
        done.at.into(),
        with.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}
