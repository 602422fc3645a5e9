//! 订单: a unit's purchases.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, order, paging};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::order::{CancelIn, OrderIn, OrderOut, OrderRow, PlacedOut};
use shared::api::page::Page;
use shared::domain::order::OrderStatus;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, place_order))
        .routes(routes!(show_order))
        .routes(routes!(cancel_order))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrdersAsked {
    /// Only orders in this state.
    #[param(inline)]
    state: Option<OrderStatus>,
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
    Ok(Json(
        order::list(
            &caller.app,
            caller.actor(),
            asked.state,
            asked.after.as_deref(),
            limit,
        )
        .await?,
    ))
}

/// Place an order over any number of villages
///
/// Reserves the stock, splits by village and freezes prices and shares, all or nothing. What ran short is answered line
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
