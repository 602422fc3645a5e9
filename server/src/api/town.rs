//! 乡镇.

use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, village};
use axum::Json;
use shared::api::town::TownOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_towns))
}

/// Every town with its number of villages
#[utoipa::path(get, path = "/towns", responses((status = 200, description = "The towns", body = [TownOut])))]
async fn list_towns(caller: MaybeCaller) -> Answer<Json<Vec<TownOut>>> {
    Ok(Json(village::towns(&caller.app).await?))
}
