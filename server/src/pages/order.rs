//! Orders: checkout, list, one order, cancelling; changing a request, deciding and choosing beside it.

mod after;

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, approval, basket, order, payment, register};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use shared::api::basket::BasketLineIn;
use shared::api::order::{CancelIn, FundType, OrderIn, OrderLineIn, OrderQuery, PlacedOut};
use shared::api::problem::{Code, FieldCode};
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/orders", get(list).post(place))
        .route("/orders/new", get(checkout))
        .route("/orders/{id}", get(show))
        .route("/orders/{id}/cancel", post(cancel))
        .route("/orders/{id}/again", post(after::again))
        .route("/orders/{id}/choices", post(after::choose))
        .route("/orders/{id}/decision", post(after::decide))
        .route("/orders/{id}/edit", get(after::edit).post(after::revise))
}

async fn list(visitor: Visitor, Asked(listing): Asked<Listing>) -> Result<Reply, Failure> {
    let query = OrderQuery {
        state: listing.state(OrderStatus::from_name),
        from: listing.from(),
        until: listing.until(),
        village: listing.village(),
        number: listing.number(),
    };
    let found = order::list(&visitor.app, visitor.actor()?, &query, listing.after(), ROWS).await;
    let orders = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("订单", "Orders");
    visitor
        .page(title, |cx| {
            views::order::orders(cx, &orders, query.state, &listing.shown())
        })
        .await
}

async fn checkout(visitor: Visitor) -> Result<Reply, Failure> {
    checkout_page(&visitor, &Form::default()).await
}

async fn checkout_page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let forbidden = || visitor.fail(Error::refused(Code::Forbidden));
    let unit_id = actor.grant.unit_id.ok_or_else(forbidden)?;
    if !actor.may(Action::OrderWrite, Place::unit(unit_id)) {
        return Err(forbidden());
    }
    let shown = basket::show(&visitor.app, &visitor.basket_key(), Some(actor)).await;
    let basket = shown.map_err(|e| visitor.fail(e))?;
    let unit = register::unit(&visitor.app, actor, unit_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let policy = approval::policy(&visitor.app, actor, unit_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("填写订单", "Your order");
    visitor
        .page(title, |cx| {
            views::order::checkout(cx, &basket, &unit, &policy, form)
        })
        .await
}

async fn place(mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    if let Some(fit) = posted.maybe("fit") {
        return fit_to_stock(&posted, &fit).await;
    }
    let placed = place_it(&mut posted, &actor).await;
    let visitor = &posted.visitor;
    match placed {
        Ok(placed) => {
            let flash = if placed.requested {
                Flash::Requested
            } else {
                Flash::Placed
            };
            Ok(visitor.go(&format!("/orders/{}", placed.id), Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(checkout_page(visitor, &form).await?.status(code).into_response())
        }
    }
}

/// Changes one line of the basket to what is left of it, and shows the form again with everything that was typed.
async fn fit_to_stock(posted: &Posted, fit: &str) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let read = fit.split_once(' ').and_then(|(offer, qty)| {
        Some(BasketLineIn {
            offer_id: offer.parse().ok()?,
            qty: Qty(qty.parse().ok()?),
        })
    });
    let line = read.ok_or_else(|| visitor.fail(Error::refused(Code::Malformed)))?;
    let mut form = Form {
        values: posted.values.clone(),
        ..Form::default()
    };
    if let Err(error) = basket::set(&visitor.app, &visitor.basket_key(), line).await {
        form = visitor.form_of(posted, error)?;
    }
    Ok(checkout_page(visitor, &form).await?.into_response())
}

async fn place_it(posted: &mut Posted, actor: &shared::domain::identity::Actor) -> Result<PlacedOut, Error> {
    let key = posted.key()?;
    let lines = |posted: &mut Posted| {
        let mut lines = Vec::new();
        for row in posted.rows("line") {
            let offer_id = posted.needed(&format!("line.{row}.offer_id"), FieldCode::Unknown);
            let version_id = posted.parsed(&format!("line.{row}.version"), FieldCode::Unknown);
            let qty: Option<i64> = posted.needed(&format!("line.{row}.qty"), FieldCode::NotANumber);
            if let (Some(offer_id), Some(qty)) = (offer_id, qty) {
                lines.push(OrderLineIn {
                    offer_id,
                    version_id,
                    qty: Qty(qty),
                });
            }
        }
        lines
    };
    let order = read_order(posted, lines)?;
    let visitor = &posted.visitor;
    order::place(&visitor.app, actor, &key, order, Some(visitor.basket_key())).await
}

/// What a form says of an order; its lines are read by `lines`.
fn read_order(
    posted: &mut Posted,
    lines: impl FnOnce(&mut Posted) -> Vec<OrderLineIn>,
) -> Result<OrderIn, Error> {
    let fund = posted.maybe("fund").and_then(|name| FundType::from_name(&name));
    if fund.is_none() {
        posted.wrong("fund", FieldCode::NotAChoice);
    }
    let wanted_on = posted.day("wanted_on");
    if wanted_on.is_none() && posted.maybe("wanted_on").is_none() {
        posted.wrong("wanted_on", FieldCode::Required);
    }
    let lines = lines(posted);
    posted.check()?;
    let (Some(fund), Some(wanted_on)) = (fund, wanted_on) else {
        return Err(Error::refused(Code::Invalid));
    };
    let (address, contact, note) = (
        posted.text("address"),
        posted.text("contact"),
        posted.text("note"),
    );
    Ok(OrderIn {
        fund,
        address,
        contact,
        wanted_on,
        note,
        lines,
    })
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let order = order::show(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let ahead = payment::ahead_of(&visitor.app, visitor.actor()?, id).await;
    let ahead = ahead.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("订单", "Order"), order.order.number);
    visitor
        .page(&title, |cx| views::order::order(cx, &order, ahead.as_ref(), form))
        .await
}

async fn cancel(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let reason = posted.text("reason");
    let cancelled = match posted.key() {
        Ok(key) => order::cancel(&visitor.app, actor, &key, id, CancelIn { reason }).await,
        Err(error) => Err(error),
    };
    match cancelled {
        Ok(()) => Ok(visitor.go(&format!("/orders/{id}"), Some(Flash::Cancelled))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}
