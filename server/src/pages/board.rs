//! The centre's day board.

use super::{Failure, Reply, Visitor};
use crate::services::{App, board};
use axum::Router;
use axum::routing::get;
use frontend::views;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/board", get(show))
}

async fn show(visitor: Visitor) -> Result<Reply, Failure> {
    let board = board::board(&visitor.app, visitor.actor()?)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("今日村单", "Today");
    visitor.page(title, |cx| views::board::board(cx, &board)).await
}
