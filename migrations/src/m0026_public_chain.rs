//! The public chain beside every village's own: columns, and the hashes of what was posted before there was one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use shared::domain::calendar::Micros;
use shared::domain::hex::hex;
use shared::domain::ledger::{GENESIS, IncomeSource, PublicLink, TransactionKind};
use shared::domain::money::Fen;

/// Entries of one statement.
const AT_ONCE: i64 = 1000;

const COLUMNS: &str = "alter table ledger_entries add column public_hash bytea;
alter table village_chains add column public_head bytea
";

const LINKS: &str =
    "select e.village_code, e.chain_seq, t.effective_at, t.kind, e.income_source, e.amount_fen, e.hash
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
    where (e.village_code, e.chain_seq) > ($1, $2) order by e.village_code, e.chain_seq limit $3";

/// The step.
pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0026_public_chain"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::dialect::run(manager, COLUMNS).await?;
        let connection = manager.get_connection();
        let backend = manager.get_database_backend();
        let (mut village, mut seq, mut prev) = (String::new(), 0_i64, GENESIS);
        loop {
            let values: [Value; 3] = [village.clone().into(), seq.into(), AT_ONCE.into()];
            let links = Statement::from_sql_and_values(backend, LINKS, values);
            let rows = connection.query_all_raw(links).await?;
            if rows.is_empty() {
                break;
            }
            let mut values: Vec<Value> = Vec::new();
            let mut places = Vec::new();
            for row in &rows {
                let code: String = row.try_get_by_index(0)?;
                if code != village {
                    (village, prev) = (code, GENESIS);
                }
                seq = row.try_get_by_index(1)?;
                prev = link_of(row, seq)?.hash(&village, prev);
                let at = values.len();
                places.push(format!("(${}, cast(${} as bigint), ${})", at + 1, at + 2, at + 3));
                values.extend([village.clone().into(), seq.into(), prev.to_vec().into()]);
            }
            let sql = format!(
                "update ledger_entries set public_hash = v.column3 from (values {}) as v
                where ledger_entries.village_code = v.column1 and ledger_entries.chain_seq = v.column2",
                places.join(", ")
            );
            connection
                .execute_raw(Statement::from_sql_and_values(backend, sql, values))
                .await?;
        }
        let heads = "update village_chains set public_head = (select e.public_hash from ledger_entries e
            where e.village_code = village_chains.village_code and e.chain_seq = village_chains.length)";
        connection.execute_unprepared(heads).await.map(drop)
    }
}

/// What everybody may know of a stored entry.
fn link_of(row: &QueryResult, seq: i64) -> Result<PublicLink, DbErr> {
    let unreadable = |what: &str| DbErr::Custom(format!("a stored {what} means nothing"));
    let effective_at: i64 = row.try_get_by_index(2)?;
    let kind: String = row.try_get_by_index(3)?;
    let source: Option<String> = row.try_get_by_index(4)?;
    let amount: i64 = row.try_get_by_index(5)?;
    let hash: Vec<u8> = row.try_get_by_index(6)?;
    Ok(PublicLink {
        seq,
        day: Micros(effective_at).day(),
        kind: TransactionKind::from_name(&kind).ok_or_else(|| unreadable("kind of transaction"))?,
        source: match source {
            None => None,
            Some(name) => Some(IncomeSource::from_name(&name).ok_or_else(|| unreadable("source of income"))?),
        },
        gain_fen: Fen(amount)
            .checked_neg()
            .map_err(|error| DbErr::Custom(error.to_string()))?,
        sealed: hash
            .as_slice()
            .try_into()
            .map_err(|_| unreadable(&format!("hash ({})", hex(&hash))))?,
    })
}
