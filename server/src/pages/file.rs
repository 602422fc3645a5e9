//! 照片: stored photos.

use super::address::Address;
use super::{Failure, Visitor};
use crate::services::{App, file};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/files/{id}", get(show))
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let found = file::read(&visitor.app, visitor.actor()?, id).await;
    let (mime, bytes) = found.map_err(|e| visitor.fail(e))?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let mime = HeaderValue::from_str(&mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, mime);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
    // A photo never changes under its id; only the browser of one who may see it keeps it.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, max-age=86400, immutable"),
    );
    Ok(response)
}
