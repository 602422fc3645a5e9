//! Closed months, the keys that signed them, and the row by which posting and closing wait for one another.

use super::{Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// Until when the books are closed, itself left out; 0 before the first close.
///
/// # Errors
/// Whatever the engine answers.
pub async fn closed_until(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    scalar(connection, "select closed_until from books where id = 1", []).await
}

/// Closes the books up to an instant; `false` when they were not closed up to `was`. Waits for every posting under way;
/// those that come later wait for the caller's transaction.
///
/// # Errors
/// Whatever the engine answers.
pub async fn close_until(tx: &Tx, was: i64, until: i64) -> Result<bool, DbErr> {
    let sql = "update books set closed_until = $2 where id = 1 and closed_until = $1";
    Ok(exec(tx, sql, [was.into(), until.into()]).await? == 1)
}

/// When the first transaction took effect; 0 when there is none.
///
/// # Errors
/// Whatever the engine answers.
pub async fn first_effect(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    scalar(
        connection,
        "select min(effective_at) from ledger_transactions",
        [],
    )
    .await
}

/// A close, without its text.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CloseRow {
    /// The month, as 202611.
    pub month: i32,
    /// What took effect from here on …
    pub from_at: i64,
    /// … until here, itself left out.
    pub until_at: i64,
    /// When it was closed.
    pub closed_at: i64,
    /// By whom.
    pub closed_by_name: String,
    /// Entries of the month.
    pub entries: i64,
    /// What was debited in it.
    pub moved_fen: i64,
    /// The hash of the trial balance, hex.
    pub trial_hash: String,
    /// The hash of the text.
    pub text_hash: Vec<u8>,
    /// The key's name.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
}

const CLOSE: &str =
    "month, from_at, until_at, closed_at, closed_by_name, entries, moved_fen, trial_hash, text_hash,
    key_id, signature";

/// Every close, the newest first. One a month: a hundred years are 1,200.
///
/// # Errors
/// Whatever the engine answers.
pub async fn closes(connection: &impl ConnectionTrait) -> Result<Vec<CloseRow>, DbErr> {
    let sql = format!("select {CLOSE} from period_closes order by month desc limit 1200");
    many(connection, &sql, []).await
}

/// The close of a month.
///
/// # Errors
/// Whatever the engine answers.
pub async fn close_of(connection: &impl ConnectionTrait, month: i32) -> Result<Option<CloseRow>, DbErr> {
    let sql = format!("select {CLOSE} from period_closes where month = $1");
    one(connection, &sql, [month.into()]).await
}

/// The newest close.
///
/// # Errors
/// Whatever the engine answers.
pub async fn last_close(connection: &impl ConnectionTrait) -> Result<Option<CloseRow>, DbErr> {
    let sql = format!("select {CLOSE} from period_closes order by month desc limit 1");
    one(connection, &sql, []).await
}

/// A close's signed text.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TextRow {
    /// The month, as 202611.
    pub month: i32,
    /// What took effect from here on …
    pub from_at: i64,
    /// … until here, itself left out.
    pub until_at: i64,
    /// The entries of the month, as kept beside the text.
    pub entries: i64,
    /// What was debited in it, as kept beside the text.
    pub moved_fen: i64,
    /// The hash of the trial balance, as kept beside the text.
    pub trial_hash: String,
    /// The text.
    pub head_text: String,
    /// Its hash.
    pub text_hash: Vec<u8>,
    /// The key's name.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The key itself.
    pub public_key: Vec<u8>,
}

const TEXT: &str =
    "p.month, p.from_at, p.until_at, p.entries, p.moved_fen, p.trial_hash, p.head_text, p.text_hash,
    p.key_id, p.signature, k.public_key";

/// The signed text of a month.
///
/// # Errors
/// Whatever the engine answers.
pub async fn text_of(connection: &impl ConnectionTrait, month: i32) -> Result<Option<TextRow>, DbErr> {
    let sql =
        format!("select {TEXT} from period_closes p join book_keys k on k.id = p.key_id where p.month = $1");
    one(connection, &sql, [month.into()]).await
}

/// Every signed text, in order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn texts(tx: &Tx) -> Result<Vec<TextRow>, DbErr> {
    let sql = format!(
        "select {TEXT} from period_closes p join book_keys k on k.id = p.key_id order by p.month limit 1200"
    );
    many(tx, &sql, []).await
}

/// A close about to be written.
#[derive(Clone, Debug)]
pub struct NewClose {
    /// The month, as 202611.
    pub month: i32,
    /// What took effect from here on …
    pub from_at: i64,
    /// … until here, itself left out.
    pub until_at: i64,
    /// When.
    pub closed_at: i64,
    /// By whom.
    pub closed_by: Uuid,
    /// Their name.
    pub closed_by_name: String,
    /// Entries of the month.
    pub entries: i64,
    /// What was debited in it.
    pub moved_fen: i64,
    /// The hash of the trial balance, hex.
    pub trial_hash: String,
    /// The text.
    pub head_text: String,
    /// Its hash.
    pub text_hash: Vec<u8>,
    /// The key's name.
    pub key_id: String,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Writes a close.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, close: NewClose) -> Result<(), DbErr> {
    Rows::into(
        "period_closes",
        &[
            "month",
            "from_at",
            "until_at",
            "closed_at",
            "closed_by",
            "closed_by_name",
            "entries",
            "moved_fen",
            "trial_hash",
            "head_text",
            "text_hash",
            "key_id",
            "signature",
        ],
    )
    .row([
        close.month.into(),
        close.from_at.into(),
        close.until_at.into(),
        close.closed_at.into(),
        close.closed_by.into(),
        close.closed_by_name.into(),
        close.entries.into(),
        close.moved_fen.into(),
        close.trial_hash.into(),
        close.head_text.into(),
        close.text_hash.into(),
        close.key_id.into(),
        close.signature.into(),
    ])
    .insert(tx)
    .await
}

/// A public key.
#[derive(FromQueryResult, Clone, Debug)]
pub struct KeyRow {
    /// Its name.
    pub id: String,
    /// Its 32 bytes.
    pub public_key: Vec<u8>,
    /// Since when.
    pub made_at: i64,
    /// Until when, once another took its place.
    pub retired_at: Option<i64>,
}

/// Every public key, the newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keys(connection: &impl ConnectionTrait) -> Result<Vec<KeyRow>, DbErr> {
    let sql =
        "select id, public_key, made_at, retired_at from book_keys order by made_at desc, id limit 1000";
    many(connection, sql, []).await
}

/// Makes this key the one in use; those before it are kept for what they signed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn use_key(tx: &Tx, id: &str, public_key: &[u8], now: i64) -> Result<(), DbErr> {
    Rows::into("book_keys", &["id", "public_key", "made_at"])
        .row([id.into(), public_key.to_vec().into(), now.into()])
        .upsert(tx, &["id"], &[])
        .await?;
    let sql =
        "update book_keys set retired_at = case when id = $1 then null else coalesce(retired_at, $2) end
        where (id = $1) = (retired_at is not null)";
    exec(tx, sql, [id.into(), now.into()]).await.map(|_| ())
}

/// A village's journal as a close finds it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillageHeadRow {
    /// The village.
    pub code: String,
    /// Entries so far.
    pub length: i64,
    /// The head of the public chain.
    pub public_head: Option<Vec<u8>>,
    /// All income so far.
    pub income_fen: i64,
    /// What is owed.
    pub owed_fen: i64,
    /// The month's income.
    pub month_income_fen: i64,
}

/// Every village's journal. Bounded by the villages there are.
///
/// # Errors
/// Whatever the engine answers.
pub async fn village_heads(tx: &Tx, year: i32, month: i32) -> Result<Vec<VillageHeadRow>, DbErr> {
    let sql = "select v.code, coalesce(c.length, 0) as length, c.public_head,
            cast(coalesce(i.income_fen, 0) as bigint) as income_fen, coalesce(-b.balance_fen, 0) as owed_fen,
            cast(coalesce(i.month_income_fen, 0) as bigint) as month_income_fen
        from villages v
        left join village_chains c on c.village_code = v.code
        left join account_balances b on b.account_kind = 'village_payable' and b.owner = v.code
        left join (select village_code, sum(amount_fen) as income_fen,
                sum(case when year = $1 and month = $2 then amount_fen else 0 end) as month_income_fen
            from village_incomes group by village_code) i on i.village_code = v.code
        order by v.code";
    many(tx, sql, [year.into(), month.into()]).await
}

/// The entries of a span.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count_entries(connection: &impl ConnectionTrait, from: i64, until: i64) -> Result<i64, DbErr> {
    let sql = "select count(*) from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
        where t.effective_at >= $1 and t.effective_at < $2";
    scalar(connection, sql, [from.into(), until.into()]).await
}

/// A later correction of something in a closed month.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CorrectionRow {
    /// The transaction that corrects.
    pub transaction_id: Uuid,
    /// What kind of event.
    pub kind: String,
    /// When it took effect.
    pub effective_at: i64,
    /// Its document's kind.
    pub document_kind: String,
    /// Its document's number.
    pub document_number: String,
    /// What it debits.
    pub moved_fen: i64,
    /// The transaction that it corrects.
    pub corrects: Uuid,
    /// The number of that one's document.
    pub corrects_number: String,
}

/// Corrections of what took effect in a span, posted behind it, the newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn corrections(
    connection: &impl ConnectionTrait,
    from: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<CorrectionRow>, DbErr> {
    let sql = "select t.id as transaction_id, t.kind, t.effective_at, t.document_kind, t.document_number,
            cast((select sum(case when e.amount_fen > 0 then e.amount_fen else 0 end) from ledger_entries e
                where e.transaction_id = t.id) as bigint) as moved_fen,
            o.id as corrects, o.document_number as corrects_number
        from ledger_transactions o join ledger_transactions t on t.reverses = o.id
        where o.effective_at >= $1 and o.effective_at < $2 and t.effective_at >= $2
        order by t.effective_at desc, t.id desc limit $3";
    many(connection, sql, [from.into(), until.into(), limit.into()]).await
}

/// What an account came to in a closed month.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MonthSum {
    /// The month, as 202611.
    pub month: i32,
    /// The kind of account.
    pub account_kind: String,
    /// Whose.
    pub owner: String,
    /// Debited.
    pub debit_fen: i64,
    /// Credited, not negative.
    pub credit_fen: i64,
    /// Entries.
    pub entries: i64,
}

/// Every account's sums of every closed month, read from the entries themselves, in the order of the months.
///
/// # Errors
/// Whatever the engine answers.
pub async fn closed_sums(tx: &Tx) -> Result<Vec<MonthSum>, DbErr> {
    let sql = "select p.month, e.account_kind, e.owner,
            cast(sum(case when e.amount_fen > 0 then e.amount_fen else 0 end) as bigint) as debit_fen,
            cast(sum(case when e.amount_fen < 0 then -e.amount_fen else 0 end) as bigint) as credit_fen,
            count(*) as entries
        from period_closes p
        join ledger_transactions t on t.effective_at >= p.from_at and t.effective_at < p.until_at
        join ledger_entries e on e.transaction_id = t.id
        group by p.month, e.account_kind, e.owner order by p.month";
    many(tx, sql, []).await
}
