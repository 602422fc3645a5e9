//! Offers with their versions, as their village and the centre see them.

mod list;
mod version;

pub use list::{Filter, OfferListRow, State, list};
pub use version::{NewVersion, VersionContent, VersionRow, change_version, insert_version, review_version};
pub use version::{next_number, submit_version, supersede_version, versions};

use super::{Rows, Tx, exec, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// Where an offer stands: what its life cycle moves.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: String,
    /// The version on sale.
    pub live_version: Option<Uuid>,
    /// The version being drafted or reviewed.
    pub pending_version: Option<Uuid>,
    /// Where that stands.
    pub pending_status: Option<String>,
    /// When it was first published; 0 before.
    pub published_at: i64,
}

/// An offer as stored, without what only the shelf needs.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OfferRecord {
    /// Its id.
    pub id: Uuid,
    /// Its village.
    pub village_code: String,
    /// Its produce.
    pub produce: String,
    /// The name on the shelf.
    pub name: String,
    /// What the price is for.
    pub price_unit: String,
    /// Where it stands.
    #[sea_orm(nested)]
    pub standing: Standing,
}

/// What the shelf shows of the live version (or, before there is one, what lists show of the draft).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The produce.
    pub produce: String,
    /// Its category.
    pub category: String,
    /// The name.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: &'static str,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Fen for a kg or a piece.
    pub rank_fen: i64,
    /// What one price unit adds to the village's income.
    pub village_fen: i64,
    /// The months of its season.
    pub season: i32,
    /// What is certified.
    pub certificate_kind: Option<&'static str>,
    /// The certificate's last day.
    pub certificate_until: Option<i32>,
    /// What the produce is known for.
    pub mark: String,
}

/// An offer to store.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// Its id.
    pub id: Uuid,
    /// Its village.
    pub village_code: String,
    /// The village's town.
    pub town_code: String,
    /// Where it stands.
    pub standing: Standing,
    /// What lists show.
    pub shelved: Shelved,
    /// When it was made.
    pub created_at: i64,
}

/// One offer.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<OfferRecord>, DbErr> {
    let sql = "select id, village_code, produce, name, price_unit, status, live_version, pending_version, pending_status,
            published_at
        from offers where id = $1";
    one(connection, sql, [id.into()]).await
}

/// Whether an offer has a lot.
///
/// # Errors
/// Whatever the engine answers.
pub async fn has_lots(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let sql = "select count(*) from (select id from lots where offer_id = $1 limit 1) first";
    Ok(scalar(connection, sql, [id.into()]).await? > 0)
}

/// Stores a new offer.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, offer: NewOffer) -> Result<(), DbErr> {
    let (standing, shelved) = (offer.standing, offer.shelved);
    Rows::into(
        "offers",
        &[
            "id",
            "village_code",
            "town_code",
            "status",
            "live_version",
            "pending_version",
            "pending_status",
            "published_at",
            "created_at",
            "changed_at",
            "produce",
            "category",
            "name",
            "grade",
            "price_fen",
            "price_unit",
            "piece_name",
            "rank_fen",
            "village_fen",
            "season",
            "certificate_kind",
            "certificate_until",
            "mark",
        ],
    )
    .row([
        offer.id.into(),
        offer.village_code.into(),
        offer.town_code.into(),
        standing.status.into(),
        standing.live_version.into(),
        standing.pending_version.into(),
        standing.pending_status.into(),
        standing.published_at.into(),
        offer.created_at.into(),
        offer.created_at.into(),
        shelved.produce.into(),
        shelved.category.into(),
        shelved.name.into(),
        shelved.grade.into(),
        shelved.price_fen.into(),
        shelved.price_unit.into(),
        shelved.piece_name.into(),
        shelved.rank_fen.into(),
        shelved.village_fen.into(),
        shelved.season.into(),
        shelved.certificate_kind.into(),
        shelved.certificate_until.into(),
        shelved.mark.into(),
    ])
    .insert(tx)
    .await
}

/// Moves an offer from where it stood to where it stands now. Says whether it still stood there.
///
/// # Errors
/// Whatever the engine answers.
pub async fn stand(tx: &Tx, id: Uuid, before: &Standing, now: &Standing, at: i64) -> Result<bool, DbErr> {
    let sql = "update offers set status = $2, live_version = $3, pending_version = $4, pending_status = $5,
            published_at = $6, changed_at = $7
        where id = $1 and status = $8 and live_version is not distinct from $9
            and pending_version is not distinct from $10 and pending_status is not distinct from $11";
    let values: [Value; 11] = [
        id.into(),
        now.status.as_str().into(),
        now.live_version.into(),
        now.pending_version.into(),
        now.pending_status.clone().into(),
        now.published_at.into(),
        at.into(),
        before.status.as_str().into(),
        before.live_version.into(),
        before.pending_version.into(),
        before.pending_status.clone().into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Copies a version's content to where the shelf reads it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn shelve(tx: &Tx, id: Uuid, shelved: Shelved) -> Result<(), DbErr> {
    let sql = "update offers set produce = $2, category = $3, name = $4, grade = $5, price_fen = $6, price_unit = $7,
            piece_name = $8, rank_fen = $9, village_fen = $10, season = $11, certificate_until = $12, mark = $13,
            certificate_kind = $14
        where id = $1";
    let values: [Value; 14] = [
        id.into(),
        shelved.produce.into(),
        shelved.category.into(),
        shelved.name.into(),
        shelved.grade.into(),
        shelved.price_fen.into(),
        shelved.price_unit.into(),
        shelved.piece_name.into(),
        shelved.rank_fen.into(),
        shelved.village_fen.into(),
        shelved.season.into(),
        shelved.certificate_until.into(),
        shelved.mark.into(),
        shelved.certificate_kind.into(),
    ];
    exec(tx, sql, values).await?;
    Ok(())
}

/// Notes that something of an offer changed, so that lists show it first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn touch(tx: &Tx, id: Uuid, at: i64) -> Result<(), DbErr> {
    exec(
        tx,
        "update offers set changed_at = $2 where id = $1",
        [id.into(), at.into()],
    )
    .await?;
    Ok(())
}
