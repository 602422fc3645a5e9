//! 低收入户: never shown to the public.

use super::body::{Body, Once, PathOf};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, household};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::household::HouseholdOut;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add_household))
}

/// A household to register.
#[derive(Deserialize, ToSchema)]
struct HouseholdIn {
    /// Its name in the village's register, up to 30 characters.
    name: String,
}

/// Register a household under a village
///
/// The village's households are listed among the choices of an offer.
#[utoipa::path(post, path = "/villages/{code}/households",
    params(("code" = String, Path, description = "The 12-digit code"), Once), request_body = HouseholdIn,
    responses((status = 201, description = "The household", body = HouseholdOut)))]
async fn add_household(
    caller: Caller,
    PathOf(code): PathOf<String>,
    Once(key): Once,
    Body(input): Body<HouseholdIn>,
) -> Answer<(StatusCode, Json<HouseholdOut>)> {
    let added = household::add(&caller.app, caller.actor(), &key, &code, &input.name).await?;
    Ok((StatusCode::CREATED, Json(added)))
}
