//! Whether the program lives, and whether it can do its work.

use crate::services::App;
use axum::extract::State;
use axum::http::StatusCode;

/// `GET /livez`: the program runs.
pub async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers, and the program was not told to stop.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match crate::store::ping(&app.db).await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
