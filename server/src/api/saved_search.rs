//! 收藏的搜索: one's own.

use super::body::{Body, Once, PathOf};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, saved_search};
use axum::Json;
use axum::http::StatusCode;
use shared::api::saved_search::{SavedSearchIn, SavedSearchOut};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_saved_searches, save_search))
        .routes(routes!(drop_search))
}

/// One's own saved searches, newest first
#[utoipa::path(get, path = "/saved-searches",
    responses((status = 200, description = "The searches", body = [SavedSearchOut])))]
async fn list_saved_searches(caller: Caller) -> Answer<Json<Vec<SavedSearchOut>>> {
    Ok(Json(saved_search::list(&caller.app, caller.actor()).await?))
}

/// Save a search
///
/// At most 20. The same filters again get the new name. Once a day one is told of new goods that answer it.
#[utoipa::path(post, path = "/saved-searches", params(Once), request_body = SavedSearchIn,
    responses((status = 201, description = "The search", body = SavedSearchOut)))]
async fn save_search(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<SavedSearchIn>,
) -> Answer<(StatusCode, Json<SavedSearchOut>)> {
    let saved = saved_search::save(&caller.app, caller.actor(), &key, input).await?;
    Ok((StatusCode::CREATED, Json(saved)))
}

/// Drop one of one's own saved searches
#[utoipa::path(delete, path = "/saved-searches/{id}", params(("id" = Uuid, Path, description = "The search")),
    responses((status = 204, description = "It is gone")))]
async fn drop_search(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    saved_search::remove(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
