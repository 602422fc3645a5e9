//! 村单: a village's part of an order.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, village_order, village_order_close};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::village_order::{
    AnswerIn, CloseShortIn, MoveIn, MoveOut, VillageOrderOut, VillageOrderQuery, VillageOrderRow,
};
use shared::domain::calendar::Day;
use shared::domain::village_order::VillageOrderStatus;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_village_orders))
        .routes(routes!(move_village_orders))
        .routes(routes!(show_village_order))
        .routes(routes!(answer_village_order))
        .routes(routes!(close_village_order_short))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct VillageOrdersAsked {
    /// Only those in this state.
    #[param(inline)]
    state: Option<VillageOrderStatus>,
    /// Offered on this day or later.
    #[param(inline)]
    from: Option<Day>,
    /// Offered on this day or earlier.
    #[param(inline)]
    until: Option<Day>,
    /// Only those of the village of this code or name.
    #[param(max_length = 30)]
    village: Option<String>,
    /// Only those whose number begins with this.
    #[param(max_length = 20)]
    number: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Village orders, newest first
///
/// A village sees its own, a town those of its villages, a unit those of its orders, the centre and the auditor all.
#[utoipa::path(get, path = "/village-orders", params(VillageOrdersAsked),
    responses((status = 200, description = "A page of village orders", body = Page<VillageOrderRow>)))]
async fn list_village_orders(
    caller: Caller,
    Params(asked): Params<VillageOrdersAsked>,
) -> Answer<Json<Page<VillageOrderRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = VillageOrderQuery {
        state: asked.state,
        from: asked.from,
        until: asked.until,
        village: asked.village,
        number: asked.number,
    };
    Ok(Json(
        village_order::list(&caller.app, caller.actor(), &query, asked.after.as_deref(), limit).await?,
    ))
}

/// One village order with its lines and what happened to it
#[utoipa::path(get, path = "/village-orders/{id}", params(("id" = Uuid, Path, description = "The village order")),
    responses((status = 200, description = "The village order", body = VillageOrderOut)))]
async fn show_village_order(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<VillageOrderOut>> {
    Ok(Json(village_order::show(&caller.app, caller.actor(), id).await?))
}

/// Answer for the village: confirm, short or decline, line by line
#[utoipa::path(post, path = "/village-orders/{id}/answer",
    params(("id" = Uuid, Path, description = "The village order"), Once), request_body = AnswerIn,
    responses((status = 204, description = "The answer stands; what was not confirmed is free again")))]
async fn answer_village_order(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<AnswerIn>,
) -> Answer<StatusCode> {
    village_order::answer(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a village order short: what is still to come will not come any more
#[utoipa::path(post, path = "/village-orders/{id}/close-short",
    params(("id" = Uuid, Path, description = "The village order"), Once), request_body = CloseShortIn,
    responses((status = 204, description = "It has ended; the village and the unit are told")))]
async fn close_village_order_short(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<CloseShortIn>,
) -> Answer<StatusCode> {
    village_order_close::close_short(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Move village orders on: packed, collected or delivered
///
/// Those that cannot move are named with where they stand; the others move.
#[utoipa::path(post, path = "/village-orders/move", params(Once), request_body = MoveIn,
    responses((status = 200, description = "What moved and what did not", body = MoveOut)))]
async fn move_village_orders(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<MoveIn>,
) -> Answer<Json<MoveOut>> {
    Ok(Json(
        village_order::advance(&caller.app, caller.actor(), &key, input).await?,
    ))
}
