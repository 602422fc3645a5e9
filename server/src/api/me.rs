//! Who the token's holder is.

use super::caller::Caller;
use super::refused::Answer;
use crate::services::App;
use axum::Json;
use shared::api::person::MeOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_me))
}

/// Who I am and in which role I act
///
/// A token acts in the one role that it was made for; `grants` lists every role of its owner.
#[utoipa::path(get, path = "/me", responses((status = 200, description = "The token's owner", body = MeOut)))]
async fn show_me(caller: Caller) -> Answer<Json<MeOut>> {
    Ok(Json(caller.who.me))
}
