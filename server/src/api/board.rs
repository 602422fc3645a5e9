//! The centre's day board.

use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, board};
use axum::Json;
use shared::api::village_order::BoardOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_board))
}

/// Everything between a village and a door, column by column
#[utoipa::path(get, path = "/board", responses((status = 200, description = "The board", body = BoardOut)))]
async fn show_board(caller: Caller) -> Answer<Json<BoardOut>> {
    Ok(Json(board::board(&caller.app, caller.actor(), None).await?))
}
