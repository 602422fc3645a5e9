//! 订单: a unit's purchases.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, order, paging, shortfall};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::approval::DecisionIn;
use shared::api::order::{AgainOut, CancelIn, OrderIn, OrderOut, OrderQuery, OrderRow, PlacedOut};
use shared::api::page::Page;
use shared::api::shortfall::{ChoiceIn, ChoiceOut};
use shared::domain::calendar::Day;
use shared::domain::order::OrderStatus;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, place_order))
        .routes(routes!(show_order, revise_order))
        .routes(routes!(cancel_order))
        .routes(routes!(decide_order))
        .routes(routes!(order_again))
        .routes(routes!(choose_for_order))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrdersAsked {
    /// Only orders in this state.
    #[param(inline)]
    state: Option<OrderStatus>,
    /// Placed on this day or later.
    #[param(inline)]
    from: Option<Day>,
    /// Placed on this day or earlier.
    #[param(inline)]
    until: Option<Day>,
    /// Only orders that a village of this code or name has a part of.
    #[param(max_length = 30)]
    village: Option<String>,
    /// Only orders whose number begins with this.
    #[param(max_length = 20)]
    number: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Orders, newest first
///
/// A unit sees its own, the centre and the auditor all.
#[utoipa::path(get, path = "/orders", params(OrdersAsked),
    responses((status = 200, description = "A page of orders", body = Page<OrderRow>)))]
async fn list_orders(caller: Caller, Params(asked): Params<OrdersAsked>) -> Answer<Json<Page<OrderRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = OrderQuery {
        state: asked.state,
        from: asked.from,
        until: asked.until,
        village: asked.village,
        number: asked.number,
    };
    Ok(Json(
        order::list(&caller.app, caller.actor(), &query, asked.after.as_deref(), limit).await?,
    ))
}

/// Place an order over any number of villages
///
/// Reserves the stock, splits by village and freezes prices and shares, all or nothing. Where the unit's policy wants an
/// approval, `requested` says so: the stock is held while approvers decide, and villages hear of it once one has said yes. What ran short is answered line
/// by line in `short`, each with what is still there.
#[utoipa::path(post, path = "/orders", params(Once), request_body = OrderIn,
    responses((status = 201, description = "The order was placed", body = PlacedOut)))]
async fn place_order(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<OrderIn>,
) -> Answer<(StatusCode, Json<PlacedOut>)> {
    let placed = order::place(&caller.app, caller.actor(), &key, input, None).await?;
    Ok((StatusCode::CREATED, Json(placed)))
}

/// One order with its village orders and what happened to it
#[utoipa::path(get, path = "/orders/{id}", params(("id" = Uuid, Path, description = "The order")),
    responses((status = 200, description = "The order", body = OrderOut)))]
async fn show_order(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<OrderOut>> {
    Ok(Json(order::show(&caller.app, caller.actor(), id).await?))
}

/// Cancel an order before anything of it is on the way
#[utoipa::path(post, path = "/orders/{id}/cancel", params(("id" = Uuid, Path, description = "The order"), Once),
    request_body = CancelIn, responses((status = 204, description = "The order is cancelled, its stock free")))]
async fn cancel_order(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<CancelIn>,
) -> Answer<StatusCode> {
    order::cancel(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change a request and ask again
///
/// Whoever asked may change everything of a request that waits for its approval or was rejected: a new revision under the
/// same number. What was held and what is asked for now change the stock together.
#[utoipa::path(put, path = "/orders/{id}", params(("id" = Uuid, Path, description = "The order"), Once),
    request_body = OrderIn, responses((status = 200, description = "The new revision waits for its approval", body = PlacedOut)))]
async fn revise_order(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<OrderIn>,
) -> Answer<Json<PlacedOut>> {
    Ok(Json(
        order::revise(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Approve or reject a request
///
/// An approval splits the request by village at the prices of the moment it was made; a rejection frees its stock. Nobody
/// decides over their own request.
#[utoipa::path(post, path = "/orders/{id}/decision", params(("id" = Uuid, Path, description = "The order"), Once),
    request_body = DecisionIn, responses((status = 204, description = "It is decided")))]
async fn decide_order(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<DecisionIn>,
) -> Answer<StatusCode> {
    order::decide(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What of a past order can be ordered now
#[utoipa::path(get, path = "/orders/{id}/again", params(("id" = Uuid, Path, description = "The order")),
    responses((status = 200, description = "Lines ready to be ordered, and what is missing", body = AgainOut)))]
async fn order_again(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<AgainOut>> {
    Ok(Json(order::again(&caller.app, caller.actor(), id).await?))
}

/// Choose what to do about a line that came short
///
/// Until the deadline: take what is confirmed, order the rest from another village, or take the village's whole part back.
#[utoipa::path(post, path = "/orders/{id}/choices", params(("id" = Uuid, Path, description = "The order"), Once),
    request_body = ChoiceIn, responses((status = 200, description = "It is chosen", body = ChoiceOut)))]
async fn choose_for_order(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<ChoiceIn>,
) -> Answer<Json<ChoiceOut>> {
    Ok(Json(
        shortfall::choose(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}
