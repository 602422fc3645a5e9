//! Certificates that run out.

use super::order::placeholders;
use super::{Tx, exec, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An offer with a certificate.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CertificateRow {
    /// The offer.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// What is certified.
    pub certificate_kind: String,
    /// The number.
    pub certificate_no: String,
    /// The last day.
    pub certificate_until: i32,
    /// The last day that the village was told of.
    pub certificate_told: Option<i32>,
}

/// What narrows a list of certificates.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// One village.
    pub village: Option<&'a str>,
    /// The villages of one town.
    pub town: Option<&'a str>,
    /// Only those of which the village was not told.
    pub untold: bool,
}

/// Certificates of offers on sale or paused whose last day lies from `first` to `last`, the nearest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn running_out(
    connection: &impl ConnectionTrait,
    filter: Filter<'_>,
    (first, last): (i32, i32),
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<CertificateRow>, DbErr> {
    let (day, id) = after.unwrap_or((i64::from(first) - 1, Uuid::max()));
    let day = i32::try_from(day).unwrap_or(i32::MAX);
    let mut values: Vec<Value> = vec![first.into(), last.into(), day.into(), id.into(), limit.into()];
    let mut conditions = String::new();
    for (column, value) in [("o.village_code", filter.village), ("o.town_code", filter.town)] {
        if let Some(value) = value {
            let place = placeholders(&mut values, [value.into()]);
            conditions.push_str(&format!(" and {column} = {place}"));
        }
    }
    if filter.untold {
        conditions.push_str(" and (o.certificate_told is null or o.certificate_told <> o.certificate_until)");
    }
    let sql = format!(
        "select o.id, o.status, o.name, o.grade, o.village_code, v.name as village_name, t.name as town_name,
            coalesce(o.certificate_kind, 'green_food') as certificate_kind,
            coalesce(s.certificate_no, '') as certificate_no, o.certificate_until, o.certificate_told
        from offers o join villages v on v.code = o.village_code join towns t on t.code = o.town_code
        join offer_versions s on s.id = o.live_version
        where o.certificate_until >= $1 and o.certificate_until <= $2 and (o.certificate_until, o.id) > ($3, $4)
            and o.status in ('published', 'paused'){conditions}
        order by o.certificate_until, o.id limit $5"
    );
    many(connection, &sql, values).await
}

/// Notes that the villages of these offers were told of the day that stands now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn told(tx: &Tx, offers: &[Uuid]) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = Vec::new();
    let ids = placeholders(&mut values, offers.iter().map(|id| (*id).into()));
    let sql = format!(
        "update offers set certificate_told = certificate_until where id in ({ids})
            and (certificate_told is null or certificate_told <> certificate_until)"
    );
    exec(tx, &sql, values).await
}
