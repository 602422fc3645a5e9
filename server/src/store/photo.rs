//! Photos of offers.

use super::order::placeholders;
use super::{Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A photo as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PhotoRow {
    /// Its id.
    pub id: Uuid,
    /// Its place, from 0.
    pub position: i32,
    /// The small size.
    pub card_id: Uuid,
    /// Its width.
    pub card_width: i32,
    /// Its height.
    pub card_height: i32,
    /// The large size.
    pub page_id: Uuid,
    /// Its width.
    pub page_width: i32,
    /// Its height.
    pub page_height: i32,
}

/// A photo to store.
#[derive(Clone, Debug)]
pub struct NewPhoto {
    /// What it is.
    pub row: PhotoRow,
    /// Its offer.
    pub offer_id: Uuid,
    /// Who stored it.
    pub stored_by: Uuid,
    /// When.
    pub stored_at: i64,
}

/// Stores photos.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, photos: Vec<NewPhoto>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "offer_photos",
        &[
            "id",
            "offer_id",
            "position",
            "card_id",
            "card_width",
            "card_height",
            "page_id",
            "page_width",
            "page_height",
            "stored_by",
            "stored_at",
        ],
    );
    for photo in photos {
        let row = photo.row;
        rows.push([
            row.id.into(),
            photo.offer_id.into(),
            row.position.into(),
            row.card_id.into(),
            row.card_width.into(),
            row.card_height.into(),
            row.page_id.into(),
            row.page_width.into(),
            row.page_height.into(),
            photo.stored_by.into(),
            photo.stored_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// The photos of an offer, the cover first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_offer(connection: &impl ConnectionTrait, offer_id: Uuid) -> Result<Vec<PhotoRow>, DbErr> {
    let sql = "select id, position, card_id, card_width, card_height, page_id, page_width, page_height
        from offer_photos where offer_id = $1 and removed_at is null order by position, id limit 20";
    many(connection, sql, [offer_id.into()]).await
}

/// Puts the photos of an offer into this order with one statement; says whether every one of them is still there.
///
/// # Errors
/// Whatever the engine answers.
pub async fn arrange(tx: &Tx, offer_id: Uuid, ids: &[Uuid]) -> Result<bool, DbErr> {
    if ids.is_empty() {
        return Ok(true);
    }
    let mut values: Vec<Value> = vec![offer_id.into()];
    let (mut arms, mut places) = (String::new(), Vec::new());
    for (position, id) in (0_i32..).zip(ids) {
        let id = placeholders(&mut values, [(*id).into()]);
        let position = placeholders(&mut values, [position.into()]);
        arms.push_str(&format!(" when {id} then cast({position} as int)"));
        places.push(id);
    }
    let sql = format!(
        "update offer_photos set position = case id{arms} end
        where offer_id = $1 and removed_at is null and id in ({})",
        places.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == ids.len() as u64)
}

/// Takes a photo away; its row stays as a record. Says whether it was there.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remove(tx: &Tx, offer_id: Uuid, id: Uuid, at: i64) -> Result<bool, DbErr> {
    let sql =
        "update offer_photos set removed_at = $3 where offer_id = $1 and id = $2 and removed_at is null";
    Ok(exec(tx, sql, [offer_id.into(), id.into(), at.into()]).await? == 1)
}

/// Whether a photo is or was one of an offer.
///
/// # Errors
/// Whatever the engine answers.
pub async fn was_of(connection: &impl ConnectionTrait, offer_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "select count(*) from offer_photos where offer_id = $1 and id = $2";
    Ok(scalar(connection, sql, [offer_id.into(), id.into()]).await? > 0)
}

/// Copies the first photo of an offer to where the shelf reads it, and notes that the offer changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_cover(tx: &Tx, offer_id: Uuid, cover: Option<&PhotoRow>, at: i64) -> Result<(), DbErr> {
    let sql =
        "update offers set cover_id = $2, cover_width = $3, cover_height = $4, changed_at = $5 where id = $1";
    let values: [Value; 5] = [
        offer_id.into(),
        cover.map(|row| row.card_id).into(),
        cover.map(|row| row.card_width).into(),
        cover.map(|row| row.card_height).into(),
        at.into(),
    ];
    exec(tx, sql, values).await?;
    Ok(())
}

/// Where a picture is shown.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ShownRow {
    /// The offer's village.
    pub village_code: String,
    /// When the offer was first published; 0 before.
    pub published_at: i64,
}

/// An offer that shows this picture: one that is or was on sale, if there is one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn shown(connection: &impl ConnectionTrait, picture_id: Uuid) -> Result<Option<ShownRow>, DbErr> {
    let sql = "select o.village_code, o.published_at from offer_photos p join offers o on o.id = p.offer_id
        where (p.card_id = $1 or p.page_id = $1) and p.removed_at is null order by o.published_at desc, o.id limit 1";
    one(connection, sql, [picture_id.into()]).await
}
