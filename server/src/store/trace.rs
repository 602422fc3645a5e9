//! What the public may know of a lot: no person, no household, no unit is read here.

use super::{many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A lot with its offer, whether that is on sale, has ended, or was never published.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TraceRow {
    /// The lot.
    pub id: Uuid,
    /// Its trace code.
    pub code: String,
    /// Harvested or expected on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// The day promised when it was listed ahead.
    pub expected_on: Option<i32>,
    /// When its harvest was confirmed.
    pub firmed_at: Option<i64>,
    /// When it was added.
    pub created_at: i64,
    /// The offer.
    pub offer_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// When it was first published; 0 before.
    pub published_at: i64,
    /// The produce's key.
    pub produce: String,
    /// Its name.
    pub produce_name: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// The cover photo.
    pub cover_id: Option<Uuid>,
    /// Its width.
    pub cover_width: Option<i32>,
    /// Its height.
    pub cover_height: Option<i32>,
}

/// The lot of a trace code.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_code(connection: &impl ConnectionTrait, code: &str) -> Result<Option<TraceRow>, DbErr> {
    let sql = "select l.id, l.code, l.harvested_on, l.good_until, l.expected_on, l.firmed_at, l.created_at, l.offer_id,
            o.status, o.published_at, o.produce, p.name as produce_name, o.village_code, v.name as village_name,
            t.name as town_name, o.cover_id, o.cover_width, o.cover_height
        from lots l join offers o on o.id = l.offer_id join produce p on p.slug = o.produce
        join villages v on v.code = o.village_code join towns t on t.code = o.town_code
        where l.code = $1";
    one(connection, sql, [code.into()]).await
}

/// What an offer said at a time.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SaidRow {
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// The kind of the share policy.
    pub share_kind: String,
    /// Its number.
    pub share_value: i64,
    /// The certificate's number.
    pub certificate_no: Option<String>,
    /// Its last day.
    pub certificate_until: Option<i32>,
    /// When it was published.
    pub reviewed_at: Option<i64>,
}

/// The version of an offer that was on sale at an instant; before the first was published, the first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn said_at(
    connection: &impl ConnectionTrait,
    offer_id: Uuid,
    at: i64,
) -> Result<Option<SaidRow>, DbErr> {
    let sql =
        "select name, grade, price_fen, price_unit, piece_name, share_kind, share_value, certificate_no,
            certificate_until, reviewed_at
        from offer_versions where offer_id = $1 and status in ('published', 'superseded')
        order by case when reviewed_at <= $2 then 0 else 1 end,
            case when reviewed_at <= $2 then 0 - number else number end limit 1";
    one(connection, sql, [offer_id.into(), at.into()]).await
}

/// When something happened to goods of a lot, first and last.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SpanRow {
    /// What, as `village_order.pack`.
    pub action: String,
    /// First.
    pub first: i64,
    /// Last.
    pub last: i64,
}

/// When goods of a lot were packed, collected and delivered.
///
/// # Errors
/// Whatever the engine answers.
pub async fn spans(
    connection: &impl ConnectionTrait,
    lot_id: Uuid,
    village_code: &str,
) -> Result<Vec<SpanRow>, DbErr> {
    let sql = "select a.action, min(a.at) as first, max(a.at) as last from audit_rows a
        where a.order_id in (select order_id from order_lines where lot_id = $1) and a.village_code = $2
            and a.action in ('village_order.pack', 'village_order.collect', 'village_order.deliver')
        group by a.action";
    many(connection, sql, [lot_id.into(), village_code.into()]).await
}
