//! 货品照片.

use super::body::{Body, FILE_BYTES_MAX, Once, PathOf, Upload};
use super::caller::{Caller, MaybeCaller};
use super::refused::{Answer, Refused};
use crate::services::{App, photo};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use shared::api::photo::{PhotoOrderIn, PhotoOut};
use shared::api::problem::Code;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_offer_photo, arrange_offer_photos).layer(DefaultBodyLimit::max(FILE_BYTES_MAX)))
        .routes(routes!(remove_offer_photo))
        .routes(routes!(show_picture))
}

/// Add a photo to an offer, behind those it has
///
/// JPEG, PNG or WebP up to 8 MiB, six of an offer at the most; kept as JPEGs of 480 and 1280 pixels without the camera's
/// data. It shows at once and is on record.
#[utoipa::path(post, path = "/offers/{id}/photos", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 201, description = "All photos of the offer, the cover first", body = [PhotoOut])))]
async fn add_offer_photo(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    upload: Upload,
) -> Answer<(StatusCode, Json<Vec<PhotoOut>>)> {
    if !matches!(upload.kind.as_str(), "image/jpeg" | "image/png" | "image/webp") {
        return Err(Refused::code(Code::UnsupportedFile));
    }
    let photos = photo::add(&caller.app, caller.actor(), &key, id, vec![upload.bytes]).await?;
    Ok((StatusCode::CREATED, Json(photos)))
}

/// Put an offer's photos into another order; the first becomes the cover
#[utoipa::path(put, path = "/offers/{id}/photos", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body = PhotoOrderIn,
    responses((status = 200, description = "All photos of the offer, the cover first", body = [PhotoOut])))]
async fn arrange_offer_photos(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(order): Body<PhotoOrderIn>,
) -> Answer<Json<Vec<PhotoOut>>> {
    Ok(Json(
        photo::arrange(&caller.app, caller.actor(), &key, id, order).await?,
    ))
}

/// Take a photo away from an offer
#[utoipa::path(delete, path = "/offers/{id}/photos/{photo}",
    params(("id" = Uuid, Path, description = "The offer"), ("photo" = Uuid, Path, description = "The photo"), Once),
    responses((status = 200, description = "The photos that are left, the cover first", body = [PhotoOut])))]
async fn remove_offer_photo(
    caller: Caller,
    PathOf((id, photo)): PathOf<(Uuid, Uuid)>,
    Once(key): Once,
) -> Answer<Json<Vec<PhotoOut>>> {
    Ok(Json(
        photo::remove(&caller.app, caller.actor(), &key, id, photo).await?,
    ))
}

/// One size of a photo
///
/// Public while its offer is or was on sale.
#[utoipa::path(get, path = "/photos/{id}", params(("id" = Uuid, Path, description = "The size's id")),
    responses((status = 200, description = "The picture", body = Vec<u8>, content_type = "image/jpeg")))]
async fn show_picture(caller: MaybeCaller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    let (bytes, _) = photo::read(&caller.app, caller.actor(), id).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, bytes).into_response())
}
