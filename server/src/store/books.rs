//! The trial balance: what posting has added to every account, and what came behind an instant.

use super::order::placeholders;
use super::{many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// Which time an instant means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// When it was written.
    Recorded,
    /// When it took effect.
    Effective,
}

impl Time {
    const fn column(self) -> &'static str {
        match self {
            Self::Recorded => "t.recorded_at",
            Self::Effective => "t.effective_at",
        }
    }
}

/// The sums of a kind of account.
#[derive(FromQueryResult, Clone, Debug)]
pub struct KindRow {
    /// The kind.
    pub account_kind: String,
    /// Debited.
    pub debit_fen: i64,
    /// Credited, not negative.
    pub credit_fen: i64,
}

/// The sums of one account.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AccountSum {
    /// Its kind.
    pub account_kind: String,
    /// Whose.
    pub owner: String,
    /// Debited.
    pub debit_fen: i64,
    /// Credited, not negative.
    pub credit_fen: i64,
}

const SUMS: &str =
    "cast(sum(case when e.amount_fen > 0 then e.amount_fen else 0 end) as bigint) as debit_fen,
    cast(sum(case when e.amount_fen < 0 then -e.amount_fen else 0 end) as bigint) as credit_fen";

/// Every kind's sums, all there is.
///
/// # Errors
/// Whatever the engine answers.
pub async fn kinds(connection: &impl ConnectionTrait) -> Result<Vec<KindRow>, DbErr> {
    let sql = "select account_kind, cast(sum(debit_fen) as bigint) as debit_fen,
            cast(sum(credit_fen) as bigint) as credit_fen
        from account_balances group by account_kind";
    many(connection, sql, []).await
}

/// What came of every kind between two instants, the first itself included.
///
/// # Errors
/// Whatever the engine answers.
pub async fn kinds_between(
    connection: &impl ConnectionTrait,
    time: Time,
    from: i64,
    until: i64,
) -> Result<Vec<KindRow>, DbErr> {
    let column = time.column();
    let sql = format!(
        "select e.account_kind, {SUMS} from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
        where {column} >= $1 and {column} < $2 group by e.account_kind"
    );
    many(connection, &sql, [from.into(), until.into()]).await
}

/// Every account. Bounded by the units, villages, households and co-ops there are.
///
/// # Errors
/// Whatever the engine answers.
pub async fn every_account(connection: &impl ConnectionTrait) -> Result<Vec<AccountSum>, DbErr> {
    let sql = "select account_kind, owner, debit_fen, credit_fen from account_balances";
    many(connection, sql, []).await
}

/// What came of every account from an instant on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn every_account_from(
    connection: &impl ConnectionTrait,
    time: Time,
    from: i64,
) -> Result<Vec<AccountSum>, DbErr> {
    let sql = format!(
        "select e.account_kind, e.owner, {SUMS} from ledger_transactions t
        join ledger_entries e on e.transaction_id = t.id where {} >= $1 group by e.account_kind, e.owner",
        time.column()
    );
    many(connection, &sql, [from.into()]).await
}

/// Accounts of a kind behind an owner, in the owners' order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn accounts(
    connection: &impl ConnectionTrait,
    kind: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<AccountSum>, DbErr> {
    // Owners are digits and small letters: the least of them is the empty one of the centre's own, which has no list.
    let sql = "select account_kind, owner, debit_fen, credit_fen from account_balances
        where account_kind = $1 and owner > $2 order by owner limit $3";
    many(connection, sql, [kind.into(), after.into(), limit.into()]).await
}

/// One account.
///
/// # Errors
/// Whatever the engine answers.
pub async fn account(
    connection: &impl ConnectionTrait,
    kind: &str,
    owner: &str,
) -> Result<Option<AccountSum>, DbErr> {
    let sql = "select account_kind, owner, debit_fen, credit_fen from account_balances
        where account_kind = $1 and owner = $2";
    one(connection, sql, [kind.into(), owner.into()]).await
}

/// What came of these owners' accounts of a kind from an instant on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn accounts_from(
    connection: &impl ConnectionTrait,
    kind: &str,
    owners: &[&str],
    time: Time,
    from: i64,
) -> Result<Vec<AccountSum>, DbErr> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![kind.into(), from.into()];
    let owners = placeholders(&mut values, owners.iter().map(|owner| (*owner).into()));
    let sql = format!(
        "select e.account_kind, e.owner, {SUMS} from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind = $1 and e.owner in ({owners}) and {} >= $2 group by e.account_kind, e.owner",
        time.column()
    );
    many(connection, &sql, values).await
}

/// An entry of an account with what its transaction says.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AccountEntry {
    /// The transaction.
    pub transaction_id: Uuid,
    /// The entry's place in it.
    pub seq: i32,
    /// What kind of event.
    pub kind: String,
    /// When it took effect.
    pub effective_at: i64,
    /// When it was written.
    pub recorded_at: i64,
    /// The document's kind.
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
}

/// Entries of an account up to an instant, itself left out, the newest transactions' ids first and before one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn entries(
    connection: &impl ConnectionTrait,
    (kind, owner): (&str, &str),
    (time, until): (Time, i64),
    before: (Uuid, i32),
    limit: i64,
) -> Result<Vec<AccountEntry>, DbErr> {
    let sql = format!(
        "select e.transaction_id, e.seq, t.kind, t.effective_at, t.recorded_at, t.document_kind, t.document_number,
            e.amount_fen
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind = $1 and e.owner = $2 and {} < $3 and (e.transaction_id, e.seq) < ($4, $5)
        order by e.transaction_id desc, e.seq desc limit $6",
        time.column()
    );
    let values: [Value; 6] = [
        kind.into(),
        owner.into(),
        until.into(),
        before.0.into(),
        before.1.into(),
        limit.into(),
    ];
    many(connection, &sql, values).await
}
