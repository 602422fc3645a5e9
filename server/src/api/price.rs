//! 价格走势.

use super::body::PathOf;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, price};
use axum::Json;
use shared::api::price::PriceMonths;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(show_prices))
}

/// A kind of produce's lowest, middle and highest price by month, over all villages
#[utoipa::path(get, path = "/produce/{slug}/prices", params(("slug" = String, Path, description = "The produce's key")),
    responses((status = 200, description = "Two years of months", body = PriceMonths)))]
async fn show_prices(caller: Caller, PathOf(slug): PathOf<String>) -> Answer<Json<PriceMonths>> {
    Ok(Json(price::months_of(&caller.app, caller.actor(), &slug).await?))
}
