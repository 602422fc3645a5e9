//! 接口令牌: one's own tokens. They are made on the account page, where a person is signed in: a token cannot make tokens.

use super::body::PathOf;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, token};
use axum::Json;
use axum::http::StatusCode;
use shared::api::token::TokenOut;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tokens))
        .routes(routes!(revoke_token))
}

/// One's own tokens that can still be used, newest first
///
/// Tokens are made on the account page: a token cannot make tokens.
#[utoipa::path(get, path = "/tokens", responses((status = 200, description = "The tokens", body = [TokenOut])))]
async fn list_tokens(caller: Caller) -> Answer<Json<Vec<TokenOut>>> {
    Ok(Json(token::list_own(&caller.app, caller.actor()).await?))
}

/// End one of one's own tokens, at once
#[utoipa::path(delete, path = "/tokens/{id}", params(("id" = Uuid, Path, description = "The token")),
    responses((status = 204, description = "The token has ended")))]
async fn revoke_token(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    token::revoke(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
