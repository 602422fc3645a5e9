//! Villages with their progress, towns, and what the public sees of credits.

use super::narrow::Among;
use super::order::placeholders;
use super::{Connection, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A village with its progress in a year.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VillageRecord {
    /// 12-digit code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town_code: String,
    /// The town's name.
    pub town_name: String,
    /// One of the aided villages.
    pub aided: bool,
    /// Its target for a year.
    pub target_fen: i64,
    /// Collective income credited in the year.
    pub credited_fen: i64,
    /// Offers on sale.
    pub offers: i64,
}

/// What a village's row needs of village `v` and town `t`; `$1` is the year.
pub(super) const VILLAGE_COLUMNS: &str =
    "v.code, v.name, v.town_code, t.name as town_name, v.aided, v.target_fen,
    coalesce((select y.credited_fen from village_years y where y.village_code = v.code and y.year = $1), 0)
        as credited_fen,
    (select count(*) from offers o where o.village_code = v.code and o.status = 'published') as offers";

/// One village.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_code(
    connection: &impl ConnectionTrait,
    code: &str,
    year: i32,
) -> Result<Option<VillageRecord>, DbErr> {
    let sql = format!(
        "select {VILLAGE_COLUMNS} from villages v join towns t on t.code = v.town_code where v.code = $2"
    );
    one(connection, &sql, [year.into(), code.into()]).await
}

/// Villages, aided ones first, then by code, of these and of a town, where one is named; `after` is the last one of the
/// page before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &Connection,
    year: i32,
    (among, town): (&Among, Option<&str>),
    after: Option<(i64, &str)>,
    limit: i64,
) -> Result<Vec<VillageRecord>, DbErr> {
    let mut values: Vec<Value> = vec![year.into()];
    let mut conditions = String::new();
    if let Some(town) = town {
        conditions.push_str(&format!(
            " and v.town_code = {}",
            placeholders(&mut values, [town.into()])
        ));
    }
    if let Some(condition) = among.condition("v.code", &mut values) {
        conditions.push_str(&format!(" and {condition}"));
    }
    if let Some((rank, code)) = after {
        let key = placeholders(&mut values, [rank.into(), code.into()]);
        conditions.push_str(&format!(" and ({AIDED_RANK}, v.code) > ({key})"));
    }
    let limit = placeholders(&mut values, [limit.into()]);
    let sql = format!(
        "select {VILLAGE_COLUMNS} from villages v join towns t on t.code = v.town_code
        where v.code > ''{conditions} order by {AIDED_RANK}, v.code limit {limit}"
    );
    many(connection, &sql, values).await
}

/// 0 for aided villages, 1 for the others.
const AIDED_RANK: &str = "cast(case when v.aided then 0 else 1 end as bigint)";

/// A town with the number of its villages.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TownRow {
    /// 9-digit code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many villages it has.
    pub villages: i64,
}

/// Every town.
///
/// # Errors
/// Whatever the engine answers.
pub async fn towns(connection: &impl ConnectionTrait) -> Result<Vec<TownRow>, DbErr> {
    let sql =
        "select t.code, t.name, (select count(*) from villages v where v.town_code = t.code) as villages
        from towns t order by t.code";
    many(connection, sql, []).await
}

/// A credit as the public may see it: goods, never people.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CreditRow {
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// The goods.
    pub goods: String,
    /// How much was accepted.
    pub qty: i64,
    /// The price unit.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// What the village gained.
    pub village_fen: i64,
    /// When it was credited.
    pub posted_at: i64,
}

const CREDIT_COLUMNS: &str =
    "al.village_code, v.name as village_name, t.name as town_name, ol.name as goods, al.qty,
    ol.price_unit, ol.piece_name, al.village_fen, a.posted_at";

const CREDIT_JOINS: &str = "join order_lines ol on ol.id = al.line_id
    join villages v on v.code = al.village_code join towns t on t.code = v.town_code";

/// The latest credits of all villages.
///
/// # Errors
/// Whatever the engine answers.
pub async fn latest_credits(connection: &Connection, limit: i64) -> Result<Vec<CreditRow>, DbErr> {
    // Twice as many acceptances as credits are looked at: one in which nothing was accepted has no credit.
    let sql = format!(
        "select {CREDIT_COLUMNS}
        from (select id, posted_at from acceptances where posted_at is not null
            order by posted_at desc, id desc limit $2) a
        join acceptance_lines al on al.acceptance_id = a.id and al.village_fen > 0
        {CREDIT_JOINS}
        order by a.posted_at desc, al.line_id limit $1"
    );
    many(connection, &sql, [limit.into(), limit.saturating_mul(2).into()]).await
}

/// The latest credits of one village, found through its newest village orders.
///
/// # Errors
/// Whatever the engine answers.
pub async fn latest_credits_of(
    connection: &Connection,
    code: &str,
    limit: i64,
) -> Result<Vec<CreditRow>, DbErr> {
    let sql = format!(
        "select {CREDIT_COLUMNS}
        from (select id, acceptance_id from village_orders where village_code = $1 and acceptance_id is not null
            order by offered_at desc, id desc limit $3) vo
        join acceptances a on a.id = vo.acceptance_id and a.posted_at is not null
        join acceptance_lines al on al.acceptance_id = a.id and al.village_order_id = vo.id and al.village_fen > 0
        {CREDIT_JOINS}
        order by a.posted_at desc, al.line_id limit $2"
    );
    many(
        connection,
        &sql,
        [code.into(), limit.into(), limit.saturating_mul(2).into()],
    )
    .await
}

/// The figures of a year over all villages.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct YearRow {
    /// Collective income credited.
    pub credited_fen: i64,
    /// Villages that earned.
    pub villages: i64,
    /// Units that had goods accepted.
    pub units: i64,
}

/// The figures of a year that began at `since` (UTC microseconds). Units are looked up one by one in an index, so that
/// the cost grows with units and not with orders.
///
/// # Errors
/// Whatever the engine answers.
pub async fn year(connection: &Connection, year: i32, since: i64) -> Result<Option<YearRow>, DbErr> {
    let sql =
        "select (select cast(coalesce(sum(credited_fen), 0) as bigint) from village_years where year = $1)
                as credited_fen,
            (select count(*) from village_years where year = $1 and credited_fen > 0) as villages,
            (select count(*) from aid_units u where (select 1 from acceptances a
                where a.unit_id = u.id and a.posted_at >= $2 limit 1) is not null) as units";
    one(connection, sql, [year.into(), since.into()]).await
}

/// The villages nearest to their target without having reached it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn near_target(
    connection: &Connection,
    year: i32,
    limit: i64,
) -> Result<Vec<VillageRecord>, DbErr> {
    let sql = format!(
        "select {VILLAGE_COLUMNS}
        from (select y.village_code, x.target_fen - y.credited_fen as missing
            from village_years y join villages x on x.code = y.village_code
            where y.year = $1 and y.credited_fen > 0 and y.credited_fen < x.target_fen
            order by 2, 1 limit $2) near
        join villages v on v.code = near.village_code join towns t on t.code = v.town_code
        order by near.missing, v.code"
    );
    many(connection, &sql, [year.into(), limit.into()]).await
}

/// A seller of record.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SellerRow {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its village; `None` for the centre.
    pub village_code: Option<String>,
}

/// The sellers of these villages, and the centre.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sellers(
    connection: &impl ConnectionTrait,
    villages: &[String],
) -> Result<Vec<SellerRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| code.as_str().into()));
    let sql = format!(
        "select id, kind, name, village_code from sellers
        where village_code in ({codes}) or village_code is null order by coalesce(village_code, '9'), kind desc, name, id"
    );
    many(connection, &sql, values).await
}

/// A household as its village and the centre see it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct HouseholdRow {
    /// Its id.
    pub id: Uuid,
    /// Its village.
    pub village_code: String,
    /// Its name.
    pub name: String,
}

/// One household.
///
/// # Errors
/// Whatever the engine answers.
pub async fn household(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<HouseholdRow>, DbErr> {
    one(
        connection,
        "select id, village_code, name from households where id = $1",
        [id.into()],
    )
    .await
}

/// The households of these villages, 2,000 at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn households(
    connection: &impl ConnectionTrait,
    villages: &[String],
) -> Result<Vec<HouseholdRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| code.as_str().into()));
    let sql = format!(
        "select id, village_code, name from households where village_code in ({codes})
        order by village_code, id limit 2000"
    );
    many(connection, &sql, values).await
}
