//! 消息: what the reader should know.

use super::address::Asked;
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, notice};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/notices", get(list).post(mark_seen))
}

#[derive(Deserialize)]
struct ListQuery {
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let found = notice::list(&visitor.app, visitor.actor()?, query.after.as_deref(), ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("消息", "Notices");
    visitor.page(title, |cx| views::notice::notices(cx, &page)).await
}

async fn mark_seen(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let marked = notice::mark_seen(&visitor.app, visitor.actor()?).await;
    marked.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/notices", None))
}
