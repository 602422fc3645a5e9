//! Messages of a provider of payments. Who sends them is known by their signature, so they need no token.

use super::body::{PathOf, Upload};
use super::refused::{Answer, Refused};
use crate::services::App;
use crate::services::payment::event;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use shared::api::problem::Code;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take_message))
}

/// Take a message of a provider of payments
///
/// Kept as it came and answered; worked through afterwards. What the provider has not signed is refused and not kept.
#[utoipa::path(post, path = "/webhooks/{provider}", params(("provider" = String, Path, description = "`stripe`")),
    request_body(content = String, content_type = "application/json"),
    responses((status = 200, description = "It is kept")))]
async fn take_message(
    State(app): State<App>,
    PathOf(provider): PathOf<String>,
    headers: HeaderMap,
    Upload { bytes, .. }: Upload,
) -> Answer<StatusCode> {
    let header = event::signature_header(&app, &provider)?;
    let signature = headers.get(header).and_then(|value| value.to_str().ok());
    let signature = signature.ok_or_else(|| Refused::code(Code::Malformed))?;
    event::receive(&app, &provider, signature, &bytes).await?;
    Ok(StatusCode::OK)
}
