//! 消息.

use super::body::{Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, notice, paging};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::notice::NoticeOut;
use shared::api::page::Page;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notices))
        .routes(routes!(see_notices))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct NoticesAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// What the caller should know, newest first
#[utoipa::path(get, path = "/notices", params(NoticesAsked),
    responses((status = 200, description = "A page of notices", body = Page<NoticeOut>)))]
async fn list_notices(caller: Caller, Params(asked): Params<NoticesAsked>) -> Answer<Json<Page<NoticeOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let page = notice::list(&caller.app, caller.actor(), asked.after.as_deref(), limit).await?;
    Ok(Json(page))
}

/// The caller has read everything until now
#[utoipa::path(put, path = "/notices/seen", responses((status = 204, description = "Nothing is new any more")))]
async fn see_notices(caller: Caller) -> Answer<StatusCode> {
    notice::mark_seen(&caller.app, caller.actor()).await?;
    Ok(StatusCode::NO_CONTENT)
}
