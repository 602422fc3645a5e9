//! 村.

use super::body::{Params, PathOf, limit};
use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, paging, village};
use axum::Json;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::village::{VillageOut, VillageRow};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_villages))
        .routes(routes!(show_village))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VillagesAsked {
    /// Only villages of this town: its 9-digit code.
    town: Option<String>,
    /// A part of the name, up to 40 characters.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Villages with this year's progress, aided ones first
#[utoipa::path(get, path = "/villages", params(VillagesAsked),
    responses((status = 200, description = "A page of villages", body = Page<VillageRow>)))]
async fn list_villages(
    caller: MaybeCaller,
    Params(asked): Params<VillagesAsked>,
) -> Answer<Json<Page<VillageRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (town, q, after) = (asked.town.as_deref(), asked.q.as_deref(), asked.after.as_deref());
    Ok(Json(village::list(&caller.app, town, q, after, limit).await?))
}

/// One village: progress, what it sells, its latest credits
#[utoipa::path(get, path = "/villages/{code}",
    params(("code" = String, Path, description = "The 12-digit code")),
    responses((status = 200, description = "The village", body = VillageOut)))]
async fn show_village(caller: MaybeCaller, PathOf(code): PathOf<String>) -> Answer<Json<VillageOut>> {
    Ok(Json(village::show(&caller.app, &code).await?))
}
