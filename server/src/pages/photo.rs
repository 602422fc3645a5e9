//! Photos of offers: shown to all, changed by the village or the centre.

use super::address::Address;
use super::offer::after;
use super::{Failure, Posted, Visitor};
use crate::services::idempotency::Key;
use crate::services::{App, Error, offer, photo};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::Flash;
use shared::api::photo::PhotoOrderIn;
use shared::api::problem::FieldCode;
use uuid::Uuid;

/// Six photos as phones take them, and the form around them.
const BODY_MAX_BYTES: usize = 50 * 1024 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/photos/{id}", get(show))
        .route(
            "/offers/{id}/photos",
            post(add).layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .route("/offers/{id}/photos/{photo}/move", post(arrange))
        .route("/offers/{id}/photos/{photo}/remove", post(remove))
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let found = photo::read(&visitor.app, visitor.maybe_actor(), id).await;
    let (bytes, public) = found.map_err(|e| visitor.fail(e))?;
    // Named by its content, so it never changes here; before its offer is on sale it is for few eyes.
    let keep = if public {
        "public, max-age=31536000, immutable"
    } else {
        "private, max-age=86400, immutable"
    };
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    Ok(response)
}

async fn add(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let files = posted
        .files
        .iter()
        .filter(|(name, _)| name == "photos")
        .map(|(_, bytes)| bytes.clone())
        .collect();
    let done = match posted.key() {
        Ok(key) => photo::add(&posted.visitor.app, &actor, &key, id, files).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}

async fn arrange(Address((id, photo)): Address<(Uuid, Uuid)>, posted: Posted) -> Result<Response, Failure> {
    let done = match posted.key() {
        Ok(key) => arrange_it(&posted, &key, id, photo).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}

async fn arrange_it(posted: &Posted, key: &Key, id: Uuid, photo: Uuid) -> Result<(), Error> {
    let visitor = &posted.visitor;
    let actor = visitor
        .maybe_actor()
        .ok_or(Error::refused(shared::api::problem::Code::NotSignedIn))?;
    let there = offer::show(&visitor.app, actor, id).await?.photos;
    let mut ids: Vec<Uuid> = there.iter().map(|photo| photo.id).collect();
    let at = ids
        .iter()
        .position(|known| *known == photo)
        .ok_or(Error::not_found())?;
    let to = match posted.text("to").as_str() {
        "cover" => 0,
        "earlier" => at.saturating_sub(1),
        _ => return Err(Error::field("to", FieldCode::NotAChoice)),
    };
    let moved = ids.remove(at);
    ids.insert(to, moved);
    photo::arrange(&visitor.app, actor, key, id, PhotoOrderIn { ids }).await?;
    Ok(())
}

async fn remove(Address((id, photo)): Address<(Uuid, Uuid)>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = match posted.key() {
        Ok(key) => photo::remove(&posted.visitor.app, &actor, &key, id, photo).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}
