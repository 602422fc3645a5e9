//! 批次: dated quantities of an offer.

use super::body::{Body, Once, PathOf};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, lot};
use axum::Json;
use axum::http::StatusCode;
use shared::api::lot::{HarvestIn, LotChangeIn, LotIn, LotOut};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_lots, add_lot))
        .routes(routes!(change_lot))
        .routes(routes!(harvest_lot))
}

/// An offer's lots, earliest harvest first
#[utoipa::path(get, path = "/offers/{id}/lots", params(("id" = Uuid, Path, description = "The offer")),
    responses((status = 200, description = "The lots", body = [LotOut])))]
async fn list_lots(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<Vec<LotOut>>> {
    Ok(Json(lot::list(&caller.app, caller.actor(), id).await?))
}

/// Add a lot to an offer
#[utoipa::path(post, path = "/offers/{id}/lots", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body = LotIn, responses((status = 201, description = "The lot", body = LotOut)))]
async fn add_lot(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<LotIn>,
) -> Answer<(StatusCode, Json<LotOut>)> {
    let added = lot::add(&caller.app, caller.actor(), &key, id, input).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Add to a lot, or withdraw unsold stock from it
#[utoipa::path(post, path = "/offers/{id}/lots/{lot}/changes",
    params(("id" = Uuid, Path, description = "The offer"), ("lot" = Uuid, Path, description = "The lot"), Once),
    request_body = LotChangeIn, responses((status = 200, description = "The lot as it is now", body = LotOut)))]
async fn change_lot(
    caller: Caller,
    PathOf((id, lot)): PathOf<(Uuid, Uuid)>,
    Once(key): Once,
    Body(input): Body<LotChangeIn>,
) -> Answer<Json<LotOut>> {
    Ok(Json(
        lot::change(&caller.app, caller.actor(), &key, id, lot, input).await?,
    ))
}

/// Say what the harvest of a lot brought that was sold ahead
///
/// What orders hold beyond it is shorted, the last order to come first; their units are told.
#[utoipa::path(post, path = "/offers/{id}/lots/{lot}/harvest",
    params(("id" = Uuid, Path, description = "The offer"), ("lot" = Uuid, Path, description = "The lot"), Once),
    request_body = HarvestIn, responses((status = 200, description = "The lot as it is now", body = LotOut)))]
async fn harvest_lot(
    caller: Caller,
    PathOf((id, lot)): PathOf<(Uuid, Uuid)>,
    Once(key): Once,
    Body(input): Body<HarvestIn>,
) -> Answer<Json<LotOut>> {
    Ok(Json(
        lot::harvest(&caller.app, caller.actor(), &key, id, lot, input).await?,
    ))
}
