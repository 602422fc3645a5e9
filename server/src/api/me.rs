//! Who the token's holder is.

use super::body::Body;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::session::Client;
use crate::services::{App, second_factor, step_up};
use axum::Json;
use shared::api::person::MeOut;
use shared::api::second_factor::{SecondFactorOut, StepUpIn, StepUpOut};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_me))
        .routes(routes!(show_second_factor))
        .routes(routes!(step_up))
}

/// One's own second factor
///
/// It is set up on the web, where its QR code is shown.
#[utoipa::path(get, path = "/me/second-factor",
    responses((status = 200, description = "The second factor", body = SecondFactorOut)))]
async fn show_second_factor(caller: Caller) -> Answer<Json<SecondFactorOut>> {
    Ok(Json(second_factor::show(&caller.app, &caller.who).await?))
}

/// Prove yourself, before money or rights change
///
/// Requests that change money or rights answer `step_up_needed` unless the holder of this token has proven themselves
/// within ten minutes: by a code of their authenticator (each counts once) or a recovery code; by their password where
/// they have no second factor.
#[utoipa::path(post, path = "/me/step-up", request_body = StepUpIn,
    responses((status = 200, description = "The proof holds until then", body = StepUpOut)))]
async fn step_up(caller: Caller, Body(input): Body<StepUpIn>) -> Answer<Json<StepUpOut>> {
    let client = Client::default();
    Ok(Json(
        step_up::prove(&caller.app, &caller.who, &input, &client).await?,
    ))
}

/// Who I am and in which role I act
///
/// A token acts in the one role that it was made for; `grants` lists every role of its owner.
#[utoipa::path(get, path = "/me", responses((status = 200, description = "The token's owner", body = MeOut)))]
async fn show_me(caller: Caller) -> Answer<Json<MeOut>> {
    Ok(Json(caller.who.me))
}
