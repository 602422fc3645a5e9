//! 溯源: a lot's public story, from the code on its box.

use super::address::Address;
use super::{Failure, Reply, Visitor};
use crate::services::{App, trace};
use axum::Router;
use axum::routing::get;
use frontend::views;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/t/{code}", get(show))
}

async fn show(visitor: Visitor, Address(code): Address<String>) -> Result<Reply, Failure> {
    let found = trace::show(&visitor.app, &code).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("溯源", "Trace"), out.code);
    visitor.page(&title, |cx| views::trace::trace(cx, &out)).await
}
