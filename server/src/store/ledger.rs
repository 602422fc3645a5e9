//! The ledger's rows: written once, never changed; chains, balances and incomes beside them.

use super::income::{YearKey, YearSums};
use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A transaction's own row.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TransactionRow {
    /// Its id.
    pub id: Uuid,
    /// What kind of event.
    pub kind: String,
    /// The document's kind.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
    /// When it took effect.
    pub effective_at: i64,
    /// When it was written.
    pub recorded_at: i64,
    /// Who caused it.
    pub actor_id: Option<Uuid>,
    /// Their name.
    pub actor_name: String,
    /// What it reverses.
    pub reverses: Option<Uuid>,
    /// The hash of what was asked to be posted.
    pub body_hash: Vec<u8>,
}

/// An entry as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct EntryRow {
    /// Its transaction.
    pub transaction_id: Uuid,
    /// Its place in it.
    pub seq: i32,
    /// The account's kind.
    pub account_kind: String,
    /// Whose account.
    pub owner: String,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
    /// The village whose chain holds it.
    pub village_code: Option<String>,
    /// The income source.
    pub income_source: Option<String>,
    /// The order line it is about.
    pub line_id: Option<Uuid>,
    /// Its place in the village's chain.
    pub chain_seq: Option<i64>,
    /// The hash before it.
    pub prev_hash: Option<Vec<u8>>,
    /// Its hash.
    pub hash: Option<Vec<u8>>,
    /// Its hash in the village's public chain.
    pub public_hash: Option<Vec<u8>>,
}

const TRANSACTION: &str =
    "t.id, t.kind, t.document_kind, t.document_id, t.document_number, t.effective_at, t.recorded_at,
    t.actor_id, t.actor_name, t.reverses, t.body_hash";
const ENTRY: &str =
    "e.transaction_id, e.seq, e.account_kind, e.owner, e.amount_fen, e.village_code, e.income_source,
    e.line_id, e.chain_seq, e.prev_hash, e.hash, e.public_hash";

/// A transaction by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<TransactionRow>, DbErr> {
    one(
        connection,
        &format!("select {TRANSACTION} from ledger_transactions t where t.id = $1"),
        [id.into()],
    )
    .await
}

/// A transaction's entries, in order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn entries(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<EntryRow>, DbErr> {
    let sql = format!("select {ENTRY} from ledger_entries e where e.transaction_id = $1 order by e.seq");
    many(connection, &sql, [id.into()]).await
}

/// Writes transactions and their entries, with one statement for each of the two.
///
/// # Errors
/// Whatever the engine answers; a unique violation when an id or a chain's place was taken meanwhile.
pub async fn insert(tx: &Tx, transactions: Vec<TransactionRow>, entries: Vec<EntryRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "ledger_transactions",
        &[
            "id",
            "kind",
            "document_kind",
            "document_id",
            "document_number",
            "effective_at",
            "recorded_at",
            "actor_id",
            "actor_name",
            "reverses",
            "body_hash",
            "books",
        ],
    );
    for transaction in transactions {
        rows.push([
            transaction.id.into(),
            transaction.kind.into(),
            transaction.document_kind.into(),
            transaction.document_id.into(),
            transaction.document_number.into(),
            transaction.effective_at.into(),
            transaction.recorded_at.into(),
            transaction.actor_id.into(),
            transaction.actor_name.into(),
            transaction.reverses.into(),
            transaction.body_hash.into(),
            // Who closes a month waits for everybody who refers to this row, and they for them.
            BOOKS.into(),
        ]);
    }
    rows.insert(tx).await?;
    insert_entries(tx, entries).await
}

/// Writes entries of transactions that are written.
///
/// # Errors
/// Whatever the engine answers; a unique violation when a chain's place was taken meanwhile.
pub async fn insert_entries(tx: &Tx, entries: Vec<EntryRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "ledger_entries",
        &[
            "transaction_id",
            "seq",
            "account_kind",
            "owner",
            "amount_fen",
            "village_code",
            "income_source",
            "line_id",
            "chain_seq",
            "prev_hash",
            "hash",
            "public_hash",
        ],
    );
    for e in entries {
        rows.push([
            e.transaction_id.into(),
            e.seq.into(),
            e.account_kind.into(),
            e.owner.into(),
            e.amount_fen.into(),
            e.village_code.into(),
            e.income_source.into(),
            e.line_id.into(),
            e.chain_seq.into(),
            e.prev_hash.into(),
            e.hash.into(),
            e.public_hash.into(),
        ]);
    }
    rows.insert(tx).await
}

/// The head of a village's chain.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ChainRow {
    /// The village.
    pub village_code: String,
    /// How many entries.
    pub length: i64,
    /// The hash of the last.
    pub head: Vec<u8>,
    /// The hash of the last in the public chain; `None` where that was never begun.
    pub public_head: Option<Vec<u8>>,
}

/// The heads of these villages' chains; a village without entries has none.
///
/// # Errors
/// Whatever the engine answers.
pub async fn chains(connection: &impl ConnectionTrait, villages: &[&str]) -> Result<Vec<ChainRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| (*code).into()));
    let sql = format!(
        "select village_code, length, head, public_head from village_chains where village_code in ({codes})"
    );
    many(connection, &sql, values).await
}

/// Takes these villages' chains before they are read: whoever comes second waits for the first to commit and then reads
/// the new head, instead of doing all of it again.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_chains(tx: &Tx, villages: &[&str]) -> Result<(), DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| (*code).into()));
    let sql = format!("update village_chains set length = length where village_code in ({codes})");
    exec(tx, &sql, values).await.map(|_| ())
}

/// A chain's new head, and the length that was read before.
#[derive(Clone, Debug)]
pub struct NewHead {
    /// The village.
    pub village_code: String,
    /// The length that was read.
    pub was: i64,
    /// The new length.
    pub length: i64,
    /// The new head.
    pub head: Vec<u8>,
    /// The new head of the public chain.
    pub public_head: Vec<u8>,
}

/// Moves chains on; `false` when one of them has moved since it was read.
///
/// # Errors
/// Whatever the engine answers; a unique violation when a new chain was begun meanwhile.
pub async fn move_chains(tx: &Tx, heads: &[NewHead]) -> Result<bool, DbErr> {
    let mut begun = Rows::into(
        "village_chains",
        &["village_code", "length", "head", "public_head"],
    );
    let mut values: Vec<Value> = Vec::new();
    let (mut was, mut length, mut hash, mut public, mut codes) = (
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        Vec::new(),
    );
    for head in heads {
        if head.was == 0 {
            begun.push([
                head.village_code.clone().into(),
                head.length.into(),
                head.head.clone().into(),
                head.public_head.clone().into(),
            ]);
            continue;
        }
        let code = placeholders(&mut values, [head.village_code.clone().into()]);
        let w = placeholders(&mut values, [head.was.into()]);
        let l = placeholders(&mut values, [head.length.into()]);
        let h = placeholders(&mut values, [head.head.clone().into()]);
        let p = placeholders(&mut values, [head.public_head.clone().into()]);
        was.push_str(&format!(" when {code} then cast({w} as bigint)"));
        length.push_str(&format!(" when {code} then cast({l} as bigint)"));
        hash.push_str(&format!(" when {code} then {h}"));
        public.push_str(&format!(" when {code} then {p}"));
        codes.push(code);
    }
    begun.insert(tx).await?;
    if codes.is_empty() {
        return Ok(true);
    }
    let sql = format!(
        "update village_chains set length = case village_code{length} end, head = case village_code{hash} else head end,
            public_head = case village_code{public} else public_head end
        where village_code in ({}) and length = case village_code{was} end",
        codes.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == codes.len() as u64)
}

/// The balance of an account; zero when nothing was ever posted to it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn balance(connection: &impl ConnectionTrait, kind: &str, owner: &str) -> Result<i64, DbErr> {
    let sql = "select balance_fen from account_balances where account_kind = $1 and owner = $2";
    super::scalar(connection, sql, [kind.into(), owner.into()]).await
}

/// The one row of the books.
const BOOKS: i32 = 1;

/// What is added to an account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Added {
    /// Debits.
    pub debit_fen: i64,
    /// Credits, not negative.
    pub credit_fen: i64,
}

/// Adds to balances, one row an account, in account order; `false`, and nothing is added, when the month that
/// `effective_at` lies in is closed. It is asked here, behind the transaction's own row: from then on no close can come
/// between.
///
/// # Errors
/// Whatever the engine answers.
pub async fn add_balances(
    tx: &Tx,
    sums: &BTreeMap<(String, String), Added>,
    effective_at: i64,
) -> Result<bool, DbErr> {
    if sums.is_empty() {
        return Ok(true);
    }
    let mut values: Vec<Value> = Vec::new();
    let rows: Vec<String> = sums
        .iter()
        .map(|((kind, owner), added)| {
            let names = placeholders(&mut values, [kind.clone().into(), owner.clone().into()]);
            let debit = placeholders(&mut values, [added.debit_fen.into()]);
            let credit = placeholders(&mut values, [added.credit_fen.into()]);
            format!("({names}, cast({debit} as bigint), cast({credit} as bigint))")
        })
        .collect();
    let at = placeholders(&mut values, [effective_at.into()]);
    let sql = format!(
        "insert into account_balances (account_kind, owner, balance_fen, debit_fen, credit_fen)
        select v.column1, v.column2, v.column3 - v.column4, v.column3, v.column4 from (values {}) as v
        where exists (select 1 from books b where b.id = {BOOKS} and b.closed_until <= {at})
        on conflict (account_kind, owner) do update set
            balance_fen = account_balances.balance_fen + excluded.balance_fen,
            debit_fen = account_balances.debit_fen + excluded.debit_fen,
            credit_fen = account_balances.credit_fen + excluded.credit_fen",
        rows.join(", ")
    );
    Ok(exec(tx, &sql, values).await? > 0)
}

/// A village's income of a month from one source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IncomeKey {
    /// The village.
    pub village_code: String,
    /// The year (Asia/Shanghai).
    pub year: i32,
    /// The month, 1 to 12.
    pub month: i32,
    /// The source.
    pub source: &'static str,
}

/// Adds to incomes, and to their years: sum and number of entries.
///
/// # Errors
/// Whatever the engine answers.
pub async fn add_incomes(tx: &Tx, sums: &BTreeMap<IncomeKey, (i64, i64)>) -> Result<(), DbErr> {
    if sums.is_empty() {
        return Ok(());
    }
    let mut years = BTreeMap::<YearKey, YearSums>::new();
    for (key, (sum, _)) in sums {
        let year = YearKey {
            village_code: key.village_code.clone(),
            year: key.year,
        };
        years.entry(year).or_default().credited_fen += sum;
    }
    super::income::add_years(tx, &years).await?;
    let mut values: Vec<Value> = Vec::new();
    let rows: Vec<String> = sums
        .iter()
        .map(|(key, (sum, entries))| {
            let row = placeholders(
                &mut values,
                [
                    key.village_code.clone().into(),
                    key.year.into(),
                    key.month.into(),
                    key.source.into(),
                    (*sum).into(),
                    (*entries).into(),
                ],
            );
            format!("({row})")
        })
        .collect();
    let sql = format!(
        "insert into village_incomes (village_code, year, month, income_source, amount_fen, entries) values {}
        on conflict (village_code, year, month, income_source) do update set
            amount_fen = village_incomes.amount_fen + excluded.amount_fen,
            entries = village_incomes.entries + excluded.entries",
        rows.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}
