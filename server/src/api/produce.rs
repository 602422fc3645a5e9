//! 品种.

use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, produce};
use axum::Json;
use shared::api::produce::ProduceOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_produce))
}

/// The kinds of produce with their seasons and typical prices
///
/// The centre adds and changes them through the register `produce`.
#[utoipa::path(get, path = "/produce", responses((status = 200, description = "The kinds", body = [ProduceOut])))]
async fn list_produce(caller: MaybeCaller) -> Answer<Json<Vec<ProduceOut>>> {
    Ok(Json(produce::list(&caller.app).await?))
}
