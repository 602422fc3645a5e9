//! 货品照片: up to six of an offer, in two sizes, named by their content.
//!
//! A change of photos applies at once and is on record, with no review before it: a photo is no term of a purchase (price,
//! grade and certificate are, and they are reviewed), and a picture of today's harvest that waits in a queue for two days
//! shows yesterday's goods. The centre sees every change in the offer's history and may take a photo away.

use super::file::{self, Kept};
use super::idempotency::{Key, once};
use super::{App, Error, catalogue, fault, offer, right};
use crate::store::photo::{NewPhoto, PhotoRow};
use crate::store::{self, Tx};
use bytes::Bytes;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::photo::{PhotoOrderIn, PhotoOut, PictureOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::identity::Actor;
use shared::domain::offer::OfferStatus;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Photos of one offer at the most.
pub const PHOTOS_MAX: usize = 6;
/// The longest side of the size for cards, in pixels.
const CARD_SIDE: u32 = 480;
/// The longest side of the size for the offer's page, in pixels.
const PAGE_SIDE: u32 = 1280;

/// Adds photos behind those that an offer has: JPEG, PNG or WebP comes in, JPEGs of 480 and 1280 pixels without the
/// camera's data are kept.
///
/// # Errors
/// `Invalid` for none, or more than six in all; `TooLarge`, `UnsupportedFile`; `WrongState` when the offer has ended;
/// `NotFound`, `Forbidden`.
pub async fn add(
    app: &App,
    actor: &Actor,
    key: &Key,
    offer_id: Uuid,
    files: Vec<Bytes>,
) -> Result<Vec<PhotoOut>, Error> {
    allowed(app, actor, offer_id).await?;
    if files.is_empty() {
        return Err(Error::field("photos", FieldCode::Required));
    }
    // Asked before a picture is decoded, and again, with those that are there, where they are stored.
    if files.len() > PHOTOS_MAX {
        return Err(too_many());
    }
    let body: Vec<Vec<u8>> = files.iter().map(|bytes| Sha256::digest(bytes).to_vec()).collect();
    let mut photos = Vec::new();
    for bytes in files {
        photos.push(keep(app, actor, offer_id, bytes).await?);
    }
    let (app2, actor2) = (app.clone(), actor.clone());
    once(
        app,
        actor.person_id,
        "photo.add",
        key,
        &(offer_id, body),
        move |tx| {
            let (app, actor, photos) = (app2.clone(), actor2.clone(), photos.clone());
            async move { add_in(tx, &app, &actor, offer_id, photos).await }.boxed()
        },
    )
    .await
}

async fn add_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    offer_id: Uuid,
    mut photos: Vec<NewPhoto>,
) -> Result<Vec<PhotoOut>, Error> {
    let there = store::photo::of_offer(tx, offer_id).await?;
    if there.len() + photos.len() > PHOTOS_MAX {
        return Err(too_many());
    }
    let behind = there.last().map_or(0, |last| last.position + 1);
    for (at, photo) in (behind..).zip(photos.iter_mut()) {
        photo.row.position = at;
    }
    let detail = format!("{} 张", photos.len());
    store::photo::insert(tx, photos).await?;
    changed(tx, app, actor, offer_id, "photo.add", &detail).await
}

/// Re-encodes one and puts its bytes away; a photo that is never noted afterwards is only a few bytes too many.
async fn keep(app: &App, actor: &Actor, offer_id: Uuid, bytes: Bytes) -> Result<NewPhoto, Error> {
    let [card, page] = file::sizes(bytes, [CARD_SIDE, PAGE_SIDE]).await?;
    let (card, page) = (put(app, card).await?, put(app, page).await?);
    Ok(NewPhoto {
        row: PhotoRow {
            id: app.new_id(),
            position: 0,
            card_id: card.id,
            card_width: card.width,
            card_height: card.height,
            page_id: page.id,
            page_width: page.width,
            page_height: page.height,
        },
        offer_id,
        stored_by: actor.person_id,
        stored_at: app.now().0,
    })
}

async fn put(app: &App, kept: Kept) -> Result<PictureOut, Error> {
    let hash = Sha256::digest(&kept.jpeg);
    let first: [u8; 16] = hash
        .first_chunk()
        .copied()
        .ok_or_else(|| fault("a hash has 32 bytes"))?;
    let pixels = |side: u32| i32::try_from(side).map_err(fault);
    let picture = PictureOut {
        // RFC 9562, version 8: 122 bits of the content's hash.
        id: uuid::Builder::from_custom_bytes(first).into_uuid(),
        width: pixels(kept.width)?,
        height: pixels(kept.height)?,
    };
    app.files
        .put(picture.id, kept.jpeg)
        .await
        .map_err(|error| fault(format!("a photo cannot be stored: {error}")))?;
    Ok(picture)
}

/// Puts the photos of an offer into another order; the first becomes the cover.
///
/// # Errors
/// `Invalid` when the list does not name every photo once; `NotFound`, `Forbidden`.
pub async fn arrange(
    app: &App,
    actor: &Actor,
    key: &Key,
    offer_id: Uuid,
    order: PhotoOrderIn,
) -> Result<Vec<PhotoOut>, Error> {
    allowed(app, actor, offer_id).await?;
    let (app2, actor2) = (app.clone(), actor.clone());
    let body = (offer_id, order.clone());
    once(app, actor.person_id, "photo.arrange", key, &body, move |tx| {
        let (app, actor, ids) = (app2.clone(), actor2.clone(), order.ids.clone());
        async move {
            let mut there: Vec<Uuid> = store::photo::of_offer(tx, offer_id)
                .await?
                .iter()
                .map(|row| row.id)
                .collect();
            let mut named = ids.clone();
            there.sort_unstable();
            named.sort_unstable();
            if there != named {
                return Err(Error::field("ids", FieldCode::NotAChoice));
            }
            if !store::photo::arrange(tx, offer_id, &ids).await? {
                return Err(Error::Again);
            }
            changed(tx, &app, &actor, offer_id, "photo.arrange", "").await
        }
        .boxed()
    })
    .await
}

/// Takes a photo away. It is no longer served.
///
/// # Errors
/// `WrongState` when it is gone already; `NotFound`, `Forbidden`.
pub async fn remove(
    app: &App,
    actor: &Actor,
    key: &Key,
    offer_id: Uuid,
    photo_id: Uuid,
) -> Result<Vec<PhotoOut>, Error> {
    allowed(app, actor, offer_id).await?;
    let (app2, actor2) = (app.clone(), actor.clone());
    let body = (offer_id, photo_id);
    once(app, actor.person_id, "photo.remove", key, &body, move |tx| {
        let (app, actor) = (app2.clone(), actor2.clone());
        async move {
            if !store::photo::remove(tx, offer_id, photo_id, app.now().0).await? {
                let was = store::photo::was_of(tx, offer_id, photo_id).await?;
                return Err(if was {
                    Error::wrong_state()
                } else {
                    Error::not_found()
                });
            }
            changed(tx, &app, &actor, offer_id, "photo.remove", "").await
        }
        .boxed()
    })
    .await
}

/// What every change of photos ends with: the cover where the shelf reads it, and the record.
async fn changed(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    offer_id: Uuid,
    action: &'static str,
    detail: &str,
) -> Result<Vec<PhotoOut>, Error> {
    let record = store::offer::find(tx, offer_id)
        .await?
        .ok_or(Error::not_found())?;
    if catalogue::status_of(&record.standing.status)? == OfferStatus::Ended {
        return Err(Error::wrong_state());
    }
    let photos = store::photo::of_offer(tx, offer_id).await?;
    store::photo::set_cover(tx, offer_id, photos.first(), app.now().0).await?;
    let detail = format!("{} {detail}", record.name);
    let entry = offer::entry(action, actor, offer_id, &record.village_code, detail.trim());
    store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?;
    Ok(photos.iter().map(out_of).collect())
}

/// Gives a new offer the photos of an old one, within the caller's transaction.
pub(super) async fn copy(tx: &Tx, app: &App, actor: &Actor, from: Uuid, to: Uuid) -> Result<(), Error> {
    let photos = store::photo::of_offer(tx, from).await?;
    if photos.is_empty() {
        return Ok(());
    }
    let copies: Vec<NewPhoto> = photos
        .iter()
        .map(|row| NewPhoto {
            row: PhotoRow {
                id: app.new_id(),
                ..row.clone()
            },
            offer_id: to,
            stored_by: actor.person_id,
            stored_at: app.now().0,
        })
        .collect();
    store::photo::insert(tx, copies).await?;
    store::photo::set_cover(tx, to, photos.first(), app.now().0).await?;
    Ok(())
}

/// The bytes of a picture, and whether everybody may see it: those of offers that are or were on sale are public, others
/// are for who may see the offer.
///
/// # Errors
/// `NotFound`.
pub async fn read(app: &App, actor: Option<&Actor>, picture_id: Uuid) -> Result<(Vec<u8>, bool), Error> {
    let shown = store::photo::shown(app.db.read(), picture_id)
        .await?
        .ok_or(Error::not_found())?;
    let public = shown.published_at > 0;
    let place = Place::village(&shown.village_code);
    if !public && !actor.is_some_and(|actor| actor.may(Action::OfferRead, place)) {
        return Err(Error::not_found());
    }
    let bytes = app
        .files
        .get(picture_id)
        .await
        .map_err(|error| fault(format!("a photo cannot be read: {error}")))?;
    Ok((bytes.ok_or(Error::not_found())?, public))
}

/// The photos of an offer, the cover first; whoever asks has checked the right.
pub(super) async fn of_offer(app: &App, offer_id: Uuid) -> Result<Vec<PhotoOut>, Error> {
    Ok(store::photo::of_offer(app.db.read(), offer_id)
        .await?
        .iter()
        .map(out_of)
        .collect())
}

/// A cover as the shelf stores it.
pub(super) fn cover_of(id: Option<Uuid>, width: Option<i32>, height: Option<i32>) -> Option<PictureOut> {
    Some(PictureOut {
        id: id?,
        width: width?,
        height: height?,
    })
}

fn out_of(row: &PhotoRow) -> PhotoOut {
    PhotoOut {
        id: row.id,
        card: PictureOut {
            id: row.card_id,
            width: row.card_width,
            height: row.card_height,
        },
        page: PictureOut {
            id: row.page_id,
            width: row.page_width,
            height: row.page_height,
        },
    }
}

fn too_many() -> Error {
    Error::invalid(vec![FieldProblem::bound(
        "photos",
        FieldCode::TooLarge,
        PHOTOS_MAX,
    )])
}

async fn allowed(app: &App, actor: &Actor, offer_id: Uuid) -> Result<(), Error> {
    let record = store::offer::find(app.db.read(), offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    if catalogue::status_of(&record.standing.status)? == OfferStatus::Ended {
        return Err(Error::wrong_state());
    }
    Ok(())
}
