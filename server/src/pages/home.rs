//! The home page.

use super::{Failure, Reply, Visitor};
use crate::services::{App, home};
use axum::Router;
use axum::routing::get;
use frontend::shell::Frame;
use frontend::views;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/", get(show))
}

async fn show(visitor: Visitor) -> Result<Reply, Failure> {
    let out = home::home(&visitor.app).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("首页", "Home");
    visitor
        .framed(Frame::Wide, title, |cx| views::home::home(cx, &out))
        .await
}
