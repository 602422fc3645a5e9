//! 证书.

use super::body::{Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, certificate, paging};
use axum::Json;
use serde::Deserialize;
use shared::api::certificate::CertificateRow;
use shared::api::page::Page;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_certificates))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CertificatesAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Certificates that run out within 60 days or ran out within the last 30, the nearest first
#[utoipa::path(get, path = "/certificates", params(CertificatesAsked),
    responses((status = 200, description = "A page of certificates", body = Page<CertificateRow>)))]
async fn list_certificates(
    caller: Caller,
    Params(asked): Params<CertificatesAsked>,
) -> Answer<Json<Page<CertificateRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    Ok(Json(
        certificate::list(&caller.app, caller.actor(), asked.after.as_deref(), limit).await?,
    ))
}
