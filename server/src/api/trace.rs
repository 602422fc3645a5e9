//! 溯源.

use super::body::PathOf;
use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, trace};
use axum::Json;
use shared::api::trace::TraceOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_trace))
}

/// A lot's public story, by its trace code
#[utoipa::path(get, path = "/trace/{code}", params(("code" = String, Path, description = "The trace code")),
    responses((status = 200, description = "The lot", body = TraceOut)))]
async fn show_trace(caller: MaybeCaller, PathOf(code): PathOf<String>) -> Answer<Json<TraceOut>> {
    Ok(Json(trace::show(&caller.app, &code).await?))
}
