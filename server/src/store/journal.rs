//! A village's journal: its links as everybody may see them, and in full.

use super::verify::{LINK, LinkRow};
use super::{many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

/// A village with its chain and sums.
#[derive(FromQueryResult, Clone, Debug)]
pub struct JournalRow {
    /// The village's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town's name.
    pub town_name: String,
    /// Entries so far.
    pub length: i64,
    /// The head of the public chain.
    pub public_head: Option<Vec<u8>>,
    /// All income so far.
    pub income_fen: i64,
    /// What is owed.
    pub owed_fen: i64,
    /// The newest closed month, as 202611.
    pub published: Option<i32>,
}

/// A village's journal; `None` when there is no such village.
///
/// # Errors
/// Whatever the engine answers.
pub async fn journal(connection: &impl ConnectionTrait, code: &str) -> Result<Option<JournalRow>, DbErr> {
    let sql = "select v.code, v.name, t.name as town_name, coalesce(c.length, 0) as length, c.public_head,
            cast(coalesce((select sum(i.amount_fen) from village_incomes i where i.village_code = v.code), 0) as bigint)
                as income_fen,
            coalesce(-b.balance_fen, 0) as owed_fen, (select max(p.month) from period_closes p) as published
        from villages v join towns t on t.code = v.town_code
        left join village_chains c on c.village_code = v.code
        left join account_balances b on b.account_kind = 'village_payable' and b.owner = v.code
        where v.code = $1";
    one(connection, sql, [code.into()]).await
}

/// A village's links before a place, the newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn newest(
    connection: &impl ConnectionTrait,
    code: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<LinkRow>, DbErr> {
    let sql = format!(
        "select {LINK} from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.village_code = $1 and e.chain_seq < $2 order by e.chain_seq desc limit $3"
    );
    many(connection, &sql, [code.into(), before.into(), limit.into()]).await
}

/// A village's links behind a place and up to another, in order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn onward(
    connection: &impl ConnectionTrait,
    code: &str,
    (after, last): (i64, i64),
    limit: i64,
) -> Result<Vec<LinkRow>, DbErr> {
    let sql = format!(
        "select {LINK} from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where e.village_code = $1 and e.chain_seq > $2 and e.chain_seq <= $3 order by e.chain_seq limit $4"
    );
    many(
        connection,
        &sql,
        [code.into(), after.into(), last.into(), limit.into()],
    )
    .await
}
