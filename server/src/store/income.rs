//! Collective income: sums a village, a month and a source (kept by posting), and statement lines out of the journal.

use super::order::placeholders;
use super::{many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A month's income from one source.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MonthRow {
    /// The year.
    pub year: i32,
    /// The month.
    pub month: i32,
    /// The source.
    pub income_source: String,
    /// Its sum.
    pub amount_fen: i64,
}

/// Every month's income of a village, all years.
///
/// # Errors
/// Whatever the engine answers.
pub async fn months(connection: &impl ConnectionTrait, village: &str) -> Result<Vec<MonthRow>, DbErr> {
    let sql = "select year, month, income_source, amount_fen from village_incomes where village_code = $1
        order by year desc, month, income_source";
    many(connection, sql, [village.into()]).await
}

/// How far the money of a village's accepted sales of a span has come.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MoneyRow {
    /// Paid by the units.
    pub paid_fen: i64,
    /// Settled to the village.
    pub settled_fen: i64,
    /// How many acceptances.
    pub acceptances: i64,
}

/// Paid, settled and the number of acceptances of a village's credits of a year.
///
/// # Errors
/// Whatever the engine answers.
pub async fn money(
    connection: &impl ConnectionTrait,
    village: &str,
    year: i32,
) -> Result<Option<MoneyRow>, DbErr> {
    let sql = "select cast(coalesce(sum(paid_fen), 0) as bigint) as paid_fen,
            cast(coalesce(sum(settled_fen), 0) as bigint) as settled_fen,
            cast(coalesce(sum(acceptances), 0) as bigint) as acceptances
        from village_moneys where village_code = $1 and year = $2";
    one(connection, sql, [village.into(), year.into()]).await
}

/// A statement line as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StatementRow {
    /// Its place in the chain.
    pub chain_seq: i64,
    /// The transaction.
    pub transaction_id: Uuid,
    /// What kind of event.
    pub kind: String,
    /// When it took effect.
    pub effective_at: i64,
    /// Debit positive, credit negative.
    pub amount_fen: i64,
    /// The document's kind.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
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

/// A village's statement, newest first, between two instants and before a place in its chain.
///
/// # Errors
/// Whatever the engine answers.
pub async fn statement(
    connection: &impl ConnectionTrait,
    village: &str,
    span: (i64, i64),
    before_seq: i64,
    limit: i64,
) -> Result<Vec<StatementRow>, DbErr> {
    let sql = "select e.chain_seq, e.transaction_id, t.kind, t.effective_at, e.amount_fen, t.document_kind, t.document_id,
            t.document_number, l.name, u.name as unit_name, a.qty, l.price_fen, l.price_unit, l.piece_name, p.paid_at,
            p.settled_at
        from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
        left join order_lines l on l.id = e.line_id
        left join payables p on p.village_code = e.village_code and p.source_id = t.document_id
            and p.subject_id = l.village_order_id and p.payee_kind = 'village' and p.payee = e.village_code
        left join aid_units u on u.id = l.unit_id
        left join acceptance_lines a on a.line_id = e.line_id and a.acceptance_id = t.document_id
        where e.village_code = $1 and e.chain_seq < $2 and t.effective_at >= $3 and t.effective_at < $4
        order by e.chain_seq desc limit $5";
    let values: [Value; 5] = [
        village.into(),
        before_seq.into(),
        span.0.into(),
        span.1.into(),
        limit.into(),
    ];
    many(connection, sql, values).await
}

/// A village's line of the overview.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OverviewRow {
    /// The village's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town's code.
    pub town_code: String,
    /// Its town's name.
    pub town_name: String,
    /// Aided.
    pub aided: bool,
    /// Its target.
    pub target_fen: i64,
    /// Credited in the year.
    pub credited_fen: i64,
}

/// Every village's credited income of a year, most first; only one town's when it is named. Bounded by the number of
/// villages there are (949).
///
/// # Errors
/// Whatever the engine answers.
pub async fn overview(
    connection: &impl ConnectionTrait,
    year: i32,
    town: Option<&str>,
) -> Result<Vec<OverviewRow>, DbErr> {
    let mut values: Vec<Value> = vec![year.into()];
    let narrowed = town.map_or_else(String::new, |code| {
        format!("where v.town_code = {}", placeholders(&mut values, [code.into()]))
    });
    let sql = format!(
        "select v.code, v.name, v.town_code, t.name as town_name, v.aided, v.target_fen,
            cast(coalesce(sum(i.amount_fen), 0) as bigint) as credited_fen
        from villages v join towns t on t.code = v.town_code
        left join village_incomes i on i.village_code = v.code and i.year = $1
        {narrowed}
        group by v.code, v.name, v.town_code, t.name, v.aided, v.target_fen
        order by credited_fen desc, v.code"
    );
    many(connection, &sql, values).await
}

/// Paid and settled of one village.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillageMoneyRow {
    /// The village.
    pub village_code: String,
    /// Paid by the units.
    pub paid_fen: i64,
    /// Settled to the village.
    pub settled_fen: i64,
    /// How many acceptances.
    pub acceptances: i64,
}

/// Paid and settled of these villages' credits of a year.
///
/// # Errors
/// Whatever the engine answers.
pub async fn money_of(
    connection: &impl ConnectionTrait,
    villages: &[&str],
    year: i32,
) -> Result<Vec<VillageMoneyRow>, DbErr> {
    let mut values: Vec<Value> = vec![year.into()];
    let codes = placeholders(&mut values, villages.iter().map(|code| (*code).into()));
    let sql = format!(
        "select village_code, cast(sum(paid_fen) as bigint) as paid_fen, cast(sum(settled_fen) as bigint) as settled_fen,
            cast(sum(acceptances) as bigint) as acceptances
        from village_moneys where year = $1 and village_code in ({codes}) group by village_code"
    );
    many(connection, &sql, values).await
}

/// Paid and settled of a year's credits, over the district or one town.
///
/// # Errors
/// Whatever the engine answers.
pub async fn money_over(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    year: i32,
) -> Result<(i64, i64), DbErr> {
    #[derive(FromQueryResult)]
    struct Sums {
        paid_fen: i64,
        settled_fen: i64,
    }
    let mut values: Vec<Value> = vec![year.into()];
    let narrowed = town.map_or_else(String::new, |code| {
        let code = placeholders(&mut values, [code.into()]);
        format!("and village_code in (select code from villages where town_code = {code})")
    });
    let sql = format!(
        "select cast(coalesce(sum(paid_fen), 0) as bigint) as paid_fen,
            cast(coalesce(sum(settled_fen), 0) as bigint) as settled_fen
        from village_moneys where year = $1 {narrowed}"
    );
    Ok(one::<Sums>(connection, &sql, values)
        .await?
        .map_or((0, 0), |s| (s.paid_fen, s.settled_fen)))
}
