//! 照片.

use super::body::{FILE_BYTES_MAX, Once, PathOf, Upload};
use super::caller::Caller;
use super::refused::{Answer, Refused};
use crate::services::{App, file};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use shared::api::file::FileOut;
use shared::api::problem::Code;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(store_photo).layer(DefaultBodyLimit::max(FILE_BYTES_MAX)))
        .routes(routes!(show_photo))
}

/// Store a photo of goods
///
/// JPEG, PNG or WebP up to 8 MiB; kept as a JPEG of at most 1600 pixels without the camera's data.
#[utoipa::path(post, path = "/files", params(Once),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 201, description = "The stored photo", body = FileOut)))]
async fn store_photo(caller: Caller, Once(key): Once, upload: Upload) -> Answer<(StatusCode, Json<FileOut>)> {
    if !matches!(upload.kind.as_str(), "image/jpeg" | "image/png" | "image/webp") {
        return Err(Refused::code(Code::UnsupportedFile));
    }
    let stored = file::store_photo_once(&caller.app, caller.actor(), upload.bytes, &key).await?;
    Ok((StatusCode::CREATED, Json(stored)))
}

/// A stored photo
#[utoipa::path(get, path = "/files/{id}", params(("id" = Uuid, Path, description = "The photo")),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg")))]
async fn show_photo(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    let (kind, bytes) = file::read(&caller.app, caller.actor(), id).await?;
    let mut response = bytes.into_response();
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    Ok(response)
}
