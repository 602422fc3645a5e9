//! Versions of offers: what a buyer buys is frozen in one.

use crate::store::order::placeholders;
use crate::store::{Rows, Tx, exec, many, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::domain::identity::Actor;
use uuid::Uuid;

/// A version as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct VersionRow {
    /// Its id.
    pub id: Uuid,
    /// 1, 2, 3 …
    pub number: i32,
    /// Where it stands.
    pub status: String,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// How it is packed.
    pub pack: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// The least one may order.
    pub min_qty: i64,
    /// The step.
    pub step_qty: i64,
    /// The seller of record.
    pub seller_id: Uuid,
    /// The kind of the share policy.
    pub share_kind: String,
    /// Its number.
    pub share_value: i64,
    /// The household that supplies.
    pub household_id: Option<Uuid>,
    /// The certificate's number.
    pub certificate_no: Option<String>,
    /// Its last day.
    pub certificate_until: Option<i32>,
    /// A few sentences.
    pub story: String,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Who submitted it.
    pub submitted_by: Option<Uuid>,
    /// Their name.
    pub submitted_by_name: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it was published or returned.
    pub reviewed_at: Option<i64>,
}

/// What a version says.
#[derive(Clone, Debug)]
pub struct VersionContent {
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// How it is packed.
    pub pack: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: &'static str,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// The least one may order.
    pub min_qty: i64,
    /// The step.
    pub step_qty: i64,
    /// The seller of record.
    pub seller_id: Uuid,
    /// The kind of the share policy.
    pub share_kind: &'static str,
    /// Its number.
    pub share_value: i64,
    /// The household that supplies.
    pub household_id: Option<Uuid>,
    /// The certificate's number.
    pub certificate_no: Option<String>,
    /// Its last day.
    pub certificate_until: Option<i32>,
    /// A few sentences.
    pub story: String,
}

/// A version to store, as a draft.
#[derive(Clone, Debug)]
pub struct NewVersion {
    /// Its id.
    pub id: Uuid,
    /// Its offer.
    pub offer_id: Uuid,
    /// Its number.
    pub number: i32,
    /// What it says.
    pub content: VersionContent,
    /// Who made it.
    pub created_by: Uuid,
    /// When.
    pub created_at: i64,
}

/// These versions.
///
/// # Errors
/// Whatever the engine answers.
pub async fn versions(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<VersionRow>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!(
        "select id, number, status, name, grade, pack, price_fen, price_unit, piece_name, min_qty, step_qty, seller_id,
            share_kind, share_value, household_id, certificate_no, certificate_until, story, reason, submitted_by,
            submitted_by_name, created_at, reviewed_at
        from offer_versions where id in ({ids}) order by number"
    );
    many(connection, &sql, values).await
}

/// The number that an offer's next version gets.
///
/// # Errors
/// Whatever the engine answers.
pub async fn next_number(tx: &Tx, offer_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select cast(coalesce(max(number), 0) + 1 as bigint) from offer_versions where offer_id = $1";
    scalar(tx, sql, [offer_id.into()]).await
}

/// Stores a version as a draft.
///
/// # Errors
/// A unique violation when another version took the number meanwhile.
pub async fn insert_version(tx: &Tx, version: NewVersion) -> Result<(), DbErr> {
    let content = version.content;
    Rows::into(
        "offer_versions",
        &[
            "id",
            "offer_id",
            "number",
            "status",
            "created_by",
            "created_at",
            "name",
            "grade",
            "pack",
            "price_fen",
            "price_unit",
            "piece_name",
            "min_qty",
            "step_qty",
            "seller_id",
            "share_kind",
            "share_value",
            "household_id",
            "certificate_no",
            "certificate_until",
            "story",
        ],
    )
    .row([
        version.id.into(),
        version.offer_id.into(),
        version.number.into(),
        "draft".into(),
        version.created_by.into(),
        version.created_at.into(),
        content.name.into(),
        content.grade.into(),
        content.pack.into(),
        content.price_fen.into(),
        content.price_unit.into(),
        content.piece_name.into(),
        content.min_qty.into(),
        content.step_qty.into(),
        content.seller_id.into(),
        content.share_kind.into(),
        content.share_value.into(),
        content.household_id.into(),
        content.certificate_no.into(),
        content.certificate_until.into(),
        content.story.into(),
    ])
    .insert(tx)
    .await
}

/// Changes a version that is not under review nor on sale, which makes it a draft again. Says whether it was one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn change_version(tx: &Tx, id: Uuid, content: VersionContent) -> Result<bool, DbErr> {
    let sql = "update offer_versions set status = 'draft', name = $2, grade = $3, pack = $4, price_fen = $5,
            price_unit = $6, piece_name = $7, min_qty = $8, step_qty = $9, seller_id = $10, share_kind = $11,
            share_value = $12, household_id = $13, certificate_no = $14, certificate_until = $15, story = $16
        where id = $1 and status in ('draft', 'returned')";
    let values: [Value; 16] = [
        id.into(),
        content.name.into(),
        content.grade.into(),
        content.pack.into(),
        content.price_fen.into(),
        content.price_unit.into(),
        content.piece_name.into(),
        content.min_qty.into(),
        content.step_qty.into(),
        content.seller_id.into(),
        content.share_kind.into(),
        content.share_value.into(),
        content.household_id.into(),
        content.certificate_no.into(),
        content.certificate_until.into(),
        content.story.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Hands a version in for review. Says whether it was one to hand in.
///
/// # Errors
/// Whatever the engine answers.
pub async fn submit_version(tx: &Tx, id: Uuid, by: &Actor) -> Result<bool, DbErr> {
    let sql = "update offer_versions set status = 'submitted', submitted_by = $2, submitted_by_name = $3, reason = null
        where id = $1 and status in ('draft', 'returned')";
    let values: [Value; 3] = [id.into(), by.person_id.into(), by.person_name.as_str().into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Publishes a submitted version, or returns it with a reason. Says whether it was submitted.
///
/// # Errors
/// Whatever the engine answers.
pub async fn review_version(
    tx: &Tx,
    id: Uuid,
    status: &str,
    reason: Option<&str>,
    by: Uuid,
    at: i64,
) -> Result<bool, DbErr> {
    let sql = "update offer_versions set status = $2, reason = $3, reviewed_by = $4, reviewed_at = $5
        where id = $1 and status = 'submitted'";
    let reason = reason.map(ToOwned::to_owned);
    let values: [Value; 5] = [id.into(), status.into(), reason.into(), by.into(), at.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Marks a version whose place on sale another one takes. Says whether it was on sale.
///
/// # Errors
/// Whatever the engine answers.
pub async fn supersede_version(tx: &Tx, id: Uuid) -> Result<bool, DbErr> {
    let sql = "update offer_versions set status = 'superseded' where id = $1 and status = 'published'";
    Ok(exec(tx, sql, [id.into()]).await? == 1)
}
