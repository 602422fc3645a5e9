//! A unit's account: its entries in the ledger, what it owes and what of it is overdue or on no bill.

use super::order::placeholders;
use super::{many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An entry of a unit's account.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AccountRow {
    /// The transaction.
    pub transaction_id: Uuid,
    /// Its number within it.
    pub seq: i32,
    /// What kind of event.
    pub kind: String,
    /// What the unit owes, or its deposit.
    pub account_kind: String,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
    /// When it took effect.
    pub effective_at: i64,
    /// When it was recorded: the order of the lines.
    pub recorded_at: i64,
    /// The document's kind.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
}

/// The unit's entries, newest first, before a place among them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(
    connection: &impl ConnectionTrait,
    owner: &str,
    before: Option<(i64, Uuid, i32)>,
    limit: i64,
) -> Result<Vec<AccountRow>, DbErr> {
    let mut values: Vec<Value> = vec![owner.into()];
    let narrowed = before.map_or_else(String::new, |(at, id, seq)| {
        let at = placeholders(&mut values, [at.into()]);
        let id = placeholders(&mut values, [id.into()]);
        let seq = placeholders(&mut values, [seq.into()]);
        format!("and (t.recorded_at, t.id, e.seq) < ({at}, {id}, {seq})")
    });
    let limit = placeholders(&mut values, [limit.into()]);
    let sql = format!(
        "select t.id as transaction_id, e.seq, t.kind, e.account_kind, e.amount_fen, t.effective_at, t.recorded_at,
            t.document_kind, t.document_id, t.document_number
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind in ('unit_receivable', 'unit_deposit') and e.owner = $1 {narrowed}
        order by t.recorded_at desc, t.id desc, e.seq desc limit {limit}"
    );
    many(connection, &sql, values).await
}

/// The unit's balance after this entry: what it owed less its deposit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn balance_at(
    connection: &impl ConnectionTrait,
    owner: &str,
    (at, id, seq): (i64, Uuid, i32),
) -> Result<i64, DbErr> {
    let sql = "select cast(coalesce(sum(e.amount_fen), 0) as bigint)
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.account_kind in ('unit_receivable', 'unit_deposit') and e.owner = $1
            and (t.recorded_at, t.id, e.seq) <= ($2, $3, $4)";
    scalar(connection, sql, [owner.into(), at.into(), id.into(), seq.into()]).await
}

/// What a unit owes.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct Owed {
    /// In all.
    pub owed_fen: i64,
    /// What it has on deposit.
    pub deposit_fen: i64,
    /// What is past its last day to pay.
    pub overdue_fen: i64,
    /// What stands on no bill.
    pub unbilled_fen: i64,
}

/// What a unit owes now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn owed(connection: &impl ConnectionTrait, unit_id: Uuid, today: i32) -> Result<Owed, DbErr> {
    let sql = "select
            cast(coalesce((select balance_fen from account_balances where account_kind = 'unit_receivable'
                and owner = $1), 0) as bigint) as owed_fen,
            cast(coalesce((select -balance_fen from account_balances where account_kind = 'unit_deposit'
                and owner = $1), 0) as bigint) as deposit_fen,
            cast(coalesce((select sum(total_fen - corrected_fen - paid_fen) from bills
                where unit_id = $2 and paid_at is null and due_on < $3), 0) as bigint) as overdue_fen,
            cast(coalesce((select balance_fen from account_balances where account_kind = 'unit_receivable'
                and owner = $1), 0)
                - coalesce((select sum(total_fen - corrected_fen - paid_fen) from bills
                    where unit_id = $2 and paid_at is null), 0) as bigint) as unbilled_fen";
    let values: [Value; 3] = [unit_id.to_string().into(), unit_id.into(), today.into()];
    let found = one(connection, sql, values).await?;
    found.ok_or_else(|| DbErr::RecordNotFound("sums always have a row".to_owned()))
}
