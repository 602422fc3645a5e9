//! What stands out over villages: each list is one bounded statement.

use super::many;
use super::order::placeholders;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// Narrows to a town, where one is named.
fn of_town(values: &mut Vec<Value>, column: &str, town: Option<&str>) -> String {
    town.map_or_else(String::new, |code| {
        format!("and {column} = {}", placeholders(values, [code.into()]))
    })
}

/// A village with nothing on sale.
#[derive(FromQueryResult, Clone, Debug)]
pub struct QuietRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town's name.
    pub town_name: String,
    /// When an offer of it last changed.
    pub last_offer_at: Option<i64>,
}

/// Aided villages that have nothing on sale.
///
/// # Errors
/// Whatever the engine answers.
pub async fn without_offers(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    limit: i64,
) -> Result<Vec<QuietRow>, DbErr> {
    let mut values: Vec<Value> = vec![limit.into(), true.into()];
    let town = of_town(&mut values, "v.town_code", town);
    let sql = format!(
        "select v.code, v.name, t.name as town_name,
            (select max(o.changed_at) from offers o where o.village_code = v.code) as last_offer_at
        from villages v join towns t on t.code = v.town_code
        where v.aided = $2 {town} and not exists
            (select 1 from offers o where o.village_code = v.code and o.status = 'published')
        order by v.code limit $1"
    );
    many(connection, &sql, values).await
}

/// A village order that did not go well.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TroubleRow {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
    /// The goods.
    pub goods: String,
    /// Its state.
    pub status: String,
    /// To be answered until.
    pub confirm_by: i64,
    /// Its sum.
    pub total_fen: i64,
}

const TROUBLE: &str =
    "select w.id, w.number, w.village_code, v.name as village_name, t.name as town_name, w.goods,
        w.status, w.confirm_by, w.total_fen
    from village_orders w join villages v on v.code = w.village_code join towns t on t.code = v.town_code";

/// Village orders without an answer whose deadline lies before `until`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn late_answers(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    until: i64,
    limit: i64,
) -> Result<Vec<TroubleRow>, DbErr> {
    let mut values: Vec<Value> = vec![limit.into(), until.into()];
    let town = of_town(&mut values, "v.town_code", town);
    let sql = format!(
        "{TROUBLE} where w.status = 'offered' and w.confirm_by < $2 {town} order by w.confirm_by, w.id limit $1"
    );
    many(connection, &sql, values).await
}

/// Village orders that expired or were declined since an instant, the newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lost_orders(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    since: i64,
    limit: i64,
) -> Result<Vec<TroubleRow>, DbErr> {
    let mut values: Vec<Value> = vec![limit.into(), since.into()];
    let town = of_town(&mut values, "v.town_code", town);
    let sql = format!(
        "{TROUBLE} where w.status in ('expired', 'declined') and w.confirm_by >= $2 {town}
        order by w.confirm_by desc, w.id limit $1"
    );
    many(connection, &sql, values).await
}

/// A certificate that runs out.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CertificateRow {
    /// The offer.
    pub offer_id: Uuid,
    /// The goods.
    pub name: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
    /// The last day.
    pub until: i32,
}

/// Certificates of goods on sale that run out until a day.
///
/// # Errors
/// Whatever the engine answers.
pub async fn certificates(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    until: i32,
    limit: i64,
) -> Result<Vec<CertificateRow>, DbErr> {
    let mut values: Vec<Value> = vec![limit.into(), until.into()];
    let town = of_town(&mut values, "o.town_code", town);
    let sql = format!(
        "select o.id as offer_id, o.name, o.village_code, v.name as village_name, t.name as town_name,
            o.certificate_until as until
        from offers o join villages v on v.code = o.village_code join towns t on t.code = v.town_code
        where o.status in ('published', 'paused') and o.certificate_until is not null and o.certificate_until <= $2 {town}
        order by o.certificate_until, o.id limit $1"
    );
    many(connection, &sql, values).await
}

/// A village whose income fell.
#[derive(FromQueryResult, Clone, Debug)]
pub struct FallenRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its town's name.
    pub town_name: String,
    /// Until now this year.
    pub this_year_fen: i64,
    /// Until the end of this month last year.
    pub last_year_fen: i64,
}

/// Villages that earned less than half of what they had until the same month of the year before, which was at least
/// `least_fen`: the deepest fall first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn far_below(
    connection: &impl ConnectionTrait,
    town: Option<&str>,
    (year, month): (i32, i32),
    least_fen: i64,
    limit: i64,
) -> Result<Vec<FallenRow>, DbErr> {
    let mut values: Vec<Value> = vec![
        limit.into(),
        year.into(),
        (year - 1).into(),
        month.into(),
        least_fen.into(),
    ];
    let town = of_town(&mut values, "v.town_code", town);
    let sql = format!(
        "select code, name, town_name, this_year_fen, last_year_fen from (
            select v.code, v.name, t.name as town_name,
                cast(sum(case when i.year = $2 then i.amount_fen else 0 end) as bigint) as this_year_fen,
                cast(sum(case when i.year = $3 and i.month <= $4 then i.amount_fen else 0 end) as bigint)
                    as last_year_fen
            from village_incomes i join villages v on v.code = i.village_code join towns t on t.code = v.town_code
            where i.year in ($2, $3) {town} group by v.code, v.name, t.name) x
        where last_year_fen >= $5 and this_year_fen * 2 < last_year_fen
        order by this_year_fen - last_year_fen, code limit $1"
    );
    many(connection, &sql, values).await
}
