//! The centre's day board.

use super::address::Asked;
use super::{Failure, Reply, Visitor};
use crate::services::{App, board};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;
use shared::domain::calendar::Day;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/board", get(show))
}

#[derive(Deserialize)]
struct BoardQuery {
    day: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<BoardQuery>) -> Result<Reply, Failure> {
    // An unreadable day is no reason to refuse the board: today is shown.
    let day = query.day.as_deref().and_then(|text| Day::parse(text).ok());
    let board = board::board(&visitor.app, visitor.actor()?, day)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("今日村单", "Today");
    visitor.page(title, |cx| views::board::board(cx, &board)).await
}
