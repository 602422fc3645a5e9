//! Accepted lines behind a sum.

use super::narrow::Narrow;
use super::{many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// What the accepted lines are narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Posted at this moment or later.
    pub from: i64,
    /// Posted before this moment.
    pub until: i64,
    /// Only produce of this category.
    pub category: Option<String>,
    /// Only villages of this town.
    pub town: Option<String>,
    /// Only this village.
    pub village: Option<String>,
    /// Only this unit.
    pub unit: Option<Uuid>,
    /// Behind this one: `(posted_at, line)`.
    pub before: Option<(i64, Uuid)>,
}

impl Filter {
    fn narrow(&self) -> Narrow {
        let mut narrow = Narrow::default();
        narrow.only("a.posted_at >= $?", Some(self.from));
        narrow.only("a.posted_at < $?", Some(self.until));
        narrow.only(
            "l.produce in (select p.slug from produce p where p.category = $?)",
            self.category.clone(),
        );
        narrow.only("v.town_code = $?", self.town.clone());
        narrow.only("x.village_code = $?", self.village.clone());
        narrow.only("a.unit_id = $?", self.unit);
        narrow
    }
}

/// An accepted line as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct EvidenceRecord {
    /// The order line.
    pub line_id: Uuid,
    /// When it was posted.
    pub posted_at: i64,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
    /// The unit.
    pub unit_name: String,
    /// The goods.
    pub name: String,
    /// Accepted.
    pub qty: i64,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Its sum.
    pub total_fen: i64,
    /// The village's part.
    pub village_fen: i64,
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// Its number.
    pub acceptance_number: String,
    /// Who signed for the unit.
    pub unit_person_name: String,
    /// Who signed for the centre.
    pub centre_person_name: String,
    /// The ledger transaction.
    pub transaction_id: Uuid,
}

const POSTED: &str = "from acceptances a join acceptance_lines x on x.acceptance_id = a.id
    join order_lines l on l.id = x.line_id join villages v on v.code = x.village_code";

/// Accepted lines, the newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<EvidenceRecord>, DbErr> {
    let mut narrow = filter.narrow();
    narrow.behind("a.posted_at", "x.line_id", filter.before);
    let limit = narrow.bind(limit);
    let sql = format!(
        "select x.line_id, a.posted_at, x.village_code, v.name as village_name, t.name as town_name,
            u.name as unit_name, l.name, x.qty, l.price_fen, l.price_unit, l.piece_name, x.total_fen, x.village_fen,
            a.id as acceptance_id, a.number as acceptance_number, a.unit_person_name, a.centre_person_name,
            a.transaction_id
        {POSTED} join towns t on t.code = v.town_code join aid_units u on u.id = a.unit_id
        where a.status = 'posted' and x.total_fen > 0 and {} order by a.posted_at desc, x.line_id desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// What accepted lines come to.
#[derive(FromQueryResult, Clone, Copy, Debug, Default)]
pub struct Sums {
    /// How many.
    pub lines: i64,
    /// What the units owe for them.
    pub total_fen: i64,
    /// What the villages gained by them.
    pub village_fen: i64,
}

/// What the accepted lines come to, read from the documents themselves.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sums(connection: &impl ConnectionTrait, filter: &Filter) -> Result<Sums, DbErr> {
    let narrow = filter.narrow();
    let sql = format!(
        "select count(*) as lines, cast(coalesce(sum(x.total_fen), 0) as bigint) as total_fen,
            cast(coalesce(sum(x.village_fen), 0) as bigint) as village_fen
        {POSTED} where a.status = 'posted' and x.total_fen > 0 and {}",
        narrow.text()
    );
    Ok(one(connection, &sql, narrow.values()).await?.unwrap_or_default())
}

/// The same for a whole year or month, of everything or of a category, from the sums that every posting adds to: reading a
/// year's documents for it would cost more with every order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn kept_sums(
    connection: &impl ConnectionTrait,
    year: i32,
    month: Option<i32>,
    category: Option<&str>,
) -> Result<Sums, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("m.year = $?", Some(year));
    narrow.only("m.month = $?", month);
    narrow.only("p.category = $?", category.map(Value::from));
    let sql = format!(
        "select cast(coalesce(sum(m.credits), 0) as bigint) as lines,
            cast(coalesce(sum(m.turnover_fen), 0) as bigint) as total_fen,
            cast(coalesce(sum(m.income_fen), 0) as bigint) as village_fen
        from market_months m join produce p on p.slug = m.produce where {}",
        narrow.text()
    );
    Ok(one(connection, &sql, narrow.values()).await?.unwrap_or_default())
}
