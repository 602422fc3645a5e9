//! Lots: dated quantities of an offer.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A lot as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct LotRow {
    /// Its id.
    pub id: Uuid,
    /// The trace code.
    pub code: String,
    /// Harvested or expected on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// All of it.
    pub qty: i64,
    /// Held for orders.
    pub reserved: i64,
    /// Accepted.
    pub sold: i64,
    /// The day promised when it was listed ahead of its harvest.
    pub expected_on: Option<i32>,
    /// When its harvest was confirmed.
    pub firmed_at: Option<i64>,
}

impl LotRow {
    /// Listed ahead of its harvest, which was not confirmed yet.
    #[must_use]
    pub const fn presale(&self) -> bool {
        self.expected_on.is_some() && self.firmed_at.is_none()
    }
}

const COLUMNS: &str = "id, code, harvested_on, good_until, qty, reserved, sold, expected_on, firmed_at";

/// Whether lot `l` can be ordered from on the day `$1`: not past its last day, and, when it is sold ahead of its harvest,
/// not past the day that was promised: until somebody says what was harvested, nothing more is sold of it.
pub(super) const SELLS: &str = "(l.good_until is null or l.good_until >= $1)
        and (l.expected_on is null or l.firmed_at is not null or l.expected_on >= $1)";
/// The day that lot `l` is expected on, as long as it is not harvested.
pub(super) const EXPECTED: &str = "case when l.firmed_at is null then l.expected_on end";

/// A lot to store.
#[derive(Clone, Debug)]
pub struct NewLot {
    /// Its id.
    pub id: Uuid,
    /// Its offer.
    pub offer_id: Uuid,
    /// The offer's village.
    pub village_code: String,
    /// The trace code.
    pub code: String,
    /// Harvested or expected on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// How much.
    pub qty: i64,
    /// The expected day, when it is listed ahead of its harvest.
    pub expected_on: Option<i32>,
    /// When it was added.
    pub created_at: i64,
}

/// The most lots of an offer that are shown.
const SHOWN: i64 = 200;

/// Stores a lot.
///
/// # Errors
/// A unique violation when the trace code exists: the use case is run again with another.
pub async fn insert(tx: &Tx, lot: NewLot) -> Result<(), DbErr> {
    Rows::into(
        "lots",
        &[
            "id",
            "offer_id",
            "village_code",
            "code",
            "harvested_on",
            "good_until",
            "qty",
            "expected_on",
            "created_at",
        ],
    )
    .row([
        lot.id.into(),
        lot.offer_id.into(),
        lot.village_code.into(),
        lot.code.into(),
        lot.harvested_on.into(),
        lot.good_until.into(),
        lot.qty.into(),
        lot.expected_on.into(),
        lot.created_at.into(),
    ])
    .insert(tx)
    .await
}

/// The newest lots of an offer, earliest harvest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_offer(connection: &impl ConnectionTrait, offer_id: Uuid) -> Result<Vec<LotRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from (
            select * from lots where offer_id = $1 order by harvested_on desc, id desc limit $2
        ) newest order by harvested_on, id"
    );
    many(connection, &sql, [offer_id.into(), SHOWN.into()]).await
}

/// One lot of an offer.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(
    connection: &impl ConnectionTrait,
    offer_id: Uuid,
    id: Uuid,
) -> Result<Option<LotRow>, DbErr> {
    let sql = format!("select {COLUMNS} from lots where id = $1 and offer_id = $2");
    one(connection, &sql, [id.into(), offer_id.into()]).await
}

/// The lots of an offer that can be ordered on a day, first to go first: the order in which orders take them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn orderable(
    connection: &impl ConnectionTrait,
    offer_id: Uuid,
    today: i32,
) -> Result<Vec<LotRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from lots l
        where {SELLS} and l.offer_id = $2 and l.qty - l.reserved - l.sold > 0
        order by coalesce({EXPECTED}, 0), coalesce(l.good_until, 2147483647), l.harvested_on, l.id limit $3"
    );
    many(connection, &sql, [today.into(), offer_id.into(), SHOWN.into()]).await
}

/// What a lot that was sold ahead really is.
#[derive(Clone, Copy, Debug)]
pub struct Harvest {
    /// Harvested on.
    pub harvested_on: i32,
    /// Good until.
    pub good_until: Option<i32>,
    /// All of it.
    pub qty: i64,
    /// What orders no longer hold.
    pub released: i64,
    /// When it was said.
    pub at: i64,
}

/// Confirms the harvest of a lot. Says whether the lot still was as it was read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn firm(tx: &Tx, before: &LotRow, harvest: Harvest) -> Result<bool, DbErr> {
    let sql = "update lots set harvested_on = $2, good_until = $3, qty = $4, reserved = reserved - $5, firmed_at = $6
        where id = $1 and firmed_at is null and qty = $7 and reserved = $8 and sold = $9";
    let values: [Value; 9] = [
        before.id.into(),
        harvest.harvested_on.into(),
        harvest.good_until.into(),
        harvest.qty.into(),
        harvest.released.into(),
        harvest.at.into(),
        before.qty.into(),
        before.reserved.into(),
        before.sold.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A lot that was promised for a day that has passed, and nobody said what was harvested.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OverdueRow {
    /// The lot.
    pub id: Uuid,
    /// Its trace code.
    pub code: String,
    /// Its offer.
    pub offer_id: Uuid,
    /// The offer's name.
    pub name: String,
    /// Its village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The day that was promised.
    pub expected_on: i32,
}

/// Lots expected before `day` whose harvest was not confirmed and of which nobody was told yet.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(
    connection: &impl ConnectionTrait,
    day: i32,
    limit: i64,
) -> Result<Vec<OverdueRow>, DbErr> {
    let sql = "select l.id, l.code, l.offer_id, o.name, l.village_code, v.name as village_name, l.expected_on
        from lots l join offers o on o.id = l.offer_id join villages v on v.code = l.village_code
        where l.firmed_at is null and l.expected_on < $1 and l.told_at is null
            and (o.status = 'published' or l.reserved > 0)
        order by l.expected_on, l.id limit $2";
    many(connection, sql, [day.into(), limit.into()]).await
}

/// Notes that somebody was told of these lots; says of how many.
///
/// # Errors
/// Whatever the engine answers.
pub async fn told(tx: &Tx, ids: &[Uuid], at: i64) -> Result<u64, DbErr> {
    let mut values: Vec<Value> = vec![at.into()];
    let ids = super::order::placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!("update lots set told_at = $1 where told_at is null and id in ({ids})");
    exec(tx, &sql, values).await
}
