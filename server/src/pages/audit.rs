//! 操作记录: who did what.

use super::address::Asked;
use super::{Failure, Reply, Visitor};
use crate::services::{App, audit, paging};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/audit", get(list))
}

#[derive(Deserialize)]
struct ListQuery {
    object: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let object = query.object.unwrap_or_default();
    let actor = visitor.actor()?;
    let found = audit::list(
        &visitor.app,
        actor,
        Some(&object),
        query.after.as_deref(),
        paging::ROWS,
    )
    .await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("操作记录", "Audit log");
    visitor
        .page(title, |cx| views::audit::audit(cx, &rows, object.trim()))
        .await
}
