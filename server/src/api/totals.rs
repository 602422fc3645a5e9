//! 公开账: the year's totals.

use super::body::Params;
use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, totals};
use axum::Json;
use serde::Deserialize;
use shared::api::totals::TotalsOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_totals))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TotalsAsked {
    /// The year; this one when left out.
    year: Option<i32>,
}

/// The market's totals of a year, for everybody
///
/// Turnover and collective income are different figures. No unit and no person is named.
#[utoipa::path(get, path = "/totals", params(TotalsAsked),
    responses((status = 200, description = "The totals and every village's progress", body = TotalsOut)))]
async fn show_totals(caller: MaybeCaller, Params(asked): Params<TotalsAsked>) -> Answer<Json<TotalsOut>> {
    Ok(Json(totals::totals(&caller.app, asked.year).await?))
}
