//! Lines of requests: what is held of which lot while approvers decide, revision by revision. The lines of the order's
//! present revision hold stock while it is requested; older ones are history.

use super::lot::EXPECTED;
use super::order_line::LineRecord;
use super::{Rows, Tx, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A line as stored, with what decides whether it can be placed now.
#[derive(FromQueryResult, Clone, Debug)]
pub struct RequestLine {
    /// The revision.
    pub revision: i32,
    /// Its place.
    pub position: i32,
    /// The village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The seller of record.
    pub seller_id: Uuid,
    /// The offer.
    pub offer_id: Uuid,
    /// The version asked for.
    pub version_id: Uuid,
    /// The lot.
    pub lot_id: Uuid,
    /// The lot's trace code.
    pub lot_code: String,
    /// The produce's key.
    pub produce: String,
    /// The name with its grade.
    pub name: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// How much.
    pub qty: i64,
    /// Its sum.
    pub total_fen: i64,
    /// The village's share.
    pub share_kind: String,
    /// Its value.
    pub share_value: i64,
    /// The supplying household.
    pub household_id: Option<Uuid>,
    /// Where its offer stands now.
    pub offer_status: String,
    /// The lot's last good day.
    pub good_until: Option<i32>,
    /// The day that the lot is expected on, as long as it is not harvested.
    pub expected_on: Option<i32>,
}

/// Inserts the lines of a revision with one statement; each comes with its seller.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(
    tx: &Tx,
    order_id: Uuid,
    revision: i32,
    lines: &[(Uuid, &LineRecord)],
) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "request_lines",
        &[
            "order_id",
            "revision",
            "position",
            "village_code",
            "seller_id",
            "offer_id",
            "version_id",
            "lot_id",
            "lot_code",
            "produce",
            "name",
            "price_fen",
            "price_unit",
            "piece_name",
            "qty",
            "total_fen",
            "share_kind",
            "share_value",
            "household_id",
        ],
    );
    for (position, (seller_id, line)) in (0_i32..).zip(lines) {
        rows.push([
            order_id.into(),
            revision.into(),
            position.into(),
            line.village_code.clone().into(),
            (*seller_id).into(),
            line.offer_id.into(),
            line.version_id.into(),
            line.lot_id.into(),
            line.lot_code.clone().into(),
            line.produce.clone().into(),
            line.name.clone().into(),
            line.price_fen.into(),
            line.price_unit.clone().into(),
            line.piece_name.clone().into(),
            line.qty.into(),
            line.total_fen.into(),
            line.share_kind.clone().into(),
            line.share_value.into(),
            line.household_id.into(),
        ]);
    }
    rows.insert(tx).await
}

/// The lines of an order's revisions, the newest revision first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
    limit: i64,
) -> Result<Vec<RequestLine>, DbErr> {
    let sql = format!(
        "select r.revision, r.position, r.village_code, v.name as village_name, r.seller_id, r.offer_id,
            r.version_id, r.lot_id, r.lot_code, r.produce, r.name, r.price_fen, r.price_unit, r.piece_name, r.qty,
            r.total_fen, r.share_kind, r.share_value, r.household_id, o.status as offer_status, l.good_until,
            {EXPECTED} as expected_on
        from request_lines r join villages v on v.code = r.village_code join offers o on o.id = r.offer_id
        join lots l on l.id = r.lot_id
        where r.order_id = $1 order by r.revision desc, r.position limit $2"
    );
    many(connection, &sql, [order_id.into(), limit.into()]).await
}

/// The lines of one revision, in order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_revision(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
    revision: i32,
) -> Result<Vec<RequestLine>, DbErr> {
    let mut lines = of_order(connection, order_id, 20_000).await?;
    lines.retain(|line| line.revision == revision);
    Ok(lines)
}
