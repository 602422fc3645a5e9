//! The centre's day board.

use super::body::Params;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, board};
use axum::Json;
use serde::Deserialize;
use shared::api::village_order::BoardOut;
use shared::domain::calendar::Day;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_board))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BoardAsked {
    /// The day; today when left out. With another day than today only what is wanted on it.
    #[param(inline)]
    day: Option<Day>,
}

/// Everything between a village and a door, column by column
#[utoipa::path(get, path = "/board", params(BoardAsked),
    responses((status = 200, description = "The board", body = BoardOut)))]
async fn show_board(caller: Caller, Params(asked): Params<BoardAsked>) -> Answer<Json<BoardOut>> {
    Ok(Json(board::board(&caller.app, caller.actor(), asked.day).await?))
}
