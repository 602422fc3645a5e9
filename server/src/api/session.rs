//! One's own browser sessions.

use super::body::PathOf;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, session};
use axum::Json;
use axum::http::StatusCode;
use shared::api::session::SessionOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_sessions))
        .routes(routes!(revoke_session))
}

/// One's own sessions, newest first
#[utoipa::path(get, path = "/sessions",
    responses((status = 200, description = "The sessions", body = [SessionOut])))]
async fn list_sessions(caller: Caller) -> Answer<Json<Vec<SessionOut>>> {
    Ok(Json(session::list_own(&caller.app, &caller.who).await?))
}

/// End one of one's own sessions, at once
#[utoipa::path(delete, path = "/sessions/{id}", params(("id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "The session has ended")))]
async fn revoke_session(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    session::revoke(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
