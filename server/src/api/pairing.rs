//! 结对.

use super::body::{Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, register};
use axum::Json;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::pairing::PairingOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_pairings))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PairingsAsked {
    /// Only those of this village: its 12-digit code.
    village: Option<String>,
    /// Only those of this unit.
    unit: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Which unit helps which village, by village
#[utoipa::path(get, path = "/pairings", params(PairingsAsked),
    responses((status = 200, description = "A page of pairings", body = Page<PairingOut>)))]
async fn list_pairings(
    caller: Caller,
    Params(asked): Params<PairingsAsked>,
) -> Answer<Json<Page<PairingOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (village, after) = (asked.village.as_deref(), asked.after.as_deref());
    Ok(Json(
        register::pairings(&caller.app, caller.actor(), village, asked.unit, after, limit).await?,
    ))
}
