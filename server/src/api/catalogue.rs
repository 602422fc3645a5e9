//! 货架.

use super::body::{Params, PathOf, limit};
use super::caller::MaybeCaller;
use super::refused::Answer;
use crate::services::{App, catalogue, search};
use axum::Json;
use shared::api::catalogue::{CatalogueOut, CatalogueQuery, OfferPage, Suggestion, Typed};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Cards of a page when nothing else is asked for.
const CARDS: i64 = 24;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_catalogue))
        .routes(routes!(suggest_goods))
        .routes(routes!(show_goods))
}

/// What is on sale, filtered and sorted
///
/// With a unit's token, goods of villages that the unit is paired with carry the badge `paired`.
#[utoipa::path(get, path = "/catalogue", params(CatalogueQuery),
    responses((status = 200, description = "A page of cards and the choices of the filters", body = CatalogueOut)))]
async fn list_catalogue(
    caller: MaybeCaller,
    Params(asked): Params<CatalogueQuery>,
) -> Answer<Json<CatalogueOut>> {
    limit(asked.limit, CARDS)?;
    Ok(Json(catalogue::list(&caller.app, caller.actor(), &asked).await?))
}

/// What one may mean by what was typed so far
///
/// At most eight names, kinds of produce, villages, towns and categories, best first.
#[utoipa::path(get, path = "/catalogue/suggestions", params(Typed),
    responses((status = 200, description = "The suggestions", body = [Suggestion])))]
async fn suggest_goods(caller: MaybeCaller, Params(typed): Params<Typed>) -> Answer<Json<Vec<Suggestion>>> {
    Ok(Json(search::suggest(&caller.app, &typed.q).await?))
}

/// One offer as buyers see it, with its lots
#[utoipa::path(get, path = "/catalogue/{id}", params(("id" = Uuid, Path, description = "The offer")),
    responses((status = 200, description = "The goods", body = OfferPage)))]
async fn show_goods(caller: MaybeCaller, PathOf(id): PathOf<Uuid>) -> Answer<Json<OfferPage>> {
    Ok(Json(catalogue::page(&caller.app, caller.actor(), id).await?))
}
