//! The market's totals.

use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, home};
use axum::Json;
use shared::api::catalogue::HomeOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_home))
}

/// This year's totals, what is in season, the latest credits
#[utoipa::path(get, path = "/home", responses((status = 200, description = "The totals", body = HomeOut)))]
async fn show_home(caller: MaybeCaller) -> Answer<Json<HomeOut>> {
    Ok(Json(home::home(&caller.app).await?))
}
