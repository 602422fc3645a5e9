//! 追溯: following a number.

use super::body::Params;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, trail};
use axum::Json;
use serde::Deserialize;
use shared::api::trail::TrailOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(follow_number))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrailAsked {
    /// The number of an order, village order, acceptance or claim, a transaction's id, or a lot's code.
    #[serde(default)]
    number: String,
}

/// Follow a number from the fen to the request
#[utoipa::path(get, path = "/trail", params(TrailAsked),
    responses((status = 200, description = "Every line behind the number", body = TrailOut)))]
async fn follow_number(caller: Caller, Params(asked): Params<TrailAsked>) -> Answer<Json<TrailOut>> {
    Ok(Json(
        trail::follow(&caller.app, caller.actor(), &asked.number).await?,
    ))
}
