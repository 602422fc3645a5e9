//! Village orders: list, answering, moving on, the packing slip.

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::sheet::PaperAsked;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, village_order, village_order_close};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::shell::Frame;
use frontend::{Flash, Form, views};
use shared::api::problem::{Code, FieldCode};
use shared::api::village_order::{AnswerIn, AnswerLineIn, CloseShortIn, MoveIn, MoveStep, VillageOrderQuery};
use shared::domain::identity::Actor;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/village-orders", get(list))
        .route("/village-orders/move", post(advance))
        .route("/village-orders/{id}", get(show))
        .route("/village-orders/{id}/answer", post(answer))
        .route("/village-orders/{id}/close-short", post(close_short))
        .route("/village-orders/{id}/slip", get(slip))
}

async fn list(visitor: Visitor, Asked(listing): Asked<Listing>) -> Result<Reply, Failure> {
    let query = VillageOrderQuery {
        state: listing.state(VillageOrderStatus::from_name),
        from: listing.from(),
        until: listing.until(),
        village: listing.village(),
        number: listing.number(),
    };
    let found = village_order::list(&visitor.app, visitor.actor()?, &query, listing.after(), ROWS).await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("村单", "Village orders");
    visitor
        .page(title, |cx| {
            views::village_order::village_orders(cx, &rows, query.state, &listing.shown())
        })
        .await
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = village_order::show(&visitor.app, visitor.actor()?, id).await;
    let village_order = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("村单", "Village order"),
        village_order.row.number
    );
    visitor
        .page(&title, |cx| {
            views::village_order::village_order(cx, &village_order, form)
        })
        .await
}

async fn answer(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let answered = answer_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match answered {
        Ok(()) => Ok(visitor.go(&format!("/village-orders/{id}"), Some(Flash::Answered))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn answer_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let shown = village_order::show(&app, actor, id).await?;
    let mut lines = Vec::new();
    for line in &shown.lines {
        let field = format!("line.{}.qty", line.id);
        let reason = posted.maybe(&format!("line.{}.reason", line.id));
        let Some(typed) = posted.maybe(&field) else {
            posted.wrong(field, FieldCode::Required);
            continue;
        };
        match line.price_unit.parse_qty(&typed) {
            Ok(qty) => lines.push(AnswerLineIn {
                line_id: line.id,
                qty,
                reason,
            }),
            Err(_) => posted.wrong(field, FieldCode::NotANumber),
        }
    }
    // The one-tap buttons: everything as ordered, or nothing at all.
    if posted.maybe("all").is_some() {
        lines = shown
            .lines
            .iter()
            .map(|l| AnswerLineIn {
                line_id: l.id,
                qty: l.qty,
                reason: None,
            })
            .collect();
    } else if posted.maybe("none").is_some() {
        let reason = posted.maybe("none_reason");
        let nothing = |id| AnswerLineIn {
            line_id: id,
            qty: Qty(0),
            reason: reason.clone(),
        };
        lines = shown.lines.iter().map(|l| nothing(l.id)).collect();
    } else {
        posted.check()?;
    }
    village_order::answer(&app, actor, &key, id, AnswerIn { lines }).await
}

async fn close_short(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let reason = posted.text("reason");
    let done = match posted.key() {
        Ok(key) => {
            village_order_close::close_short(&visitor.app, actor, &key, id, CloseShortIn { reason }).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(visitor.go(&format!("/village-orders/{id}"), Some(Flash::Moved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn advance(mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let back = posted
        .maybe("back")
        .unwrap_or_else(|| "/village-orders".to_owned());
    let moved = advance_them(&mut posted, &actor).await;
    let visitor = &posted.visitor;
    let flash = match moved {
        Ok(out) if out.refused.is_empty() => Flash::Moved,
        Ok(_) => Flash::MovedPartly,
        Err(error) => return Err(visitor.fail(error)),
    };
    Ok(visitor.go(&back, Some(flash)))
}

async fn advance_them(
    posted: &mut Posted,
    actor: &Actor,
) -> Result<shared::api::village_order::MoveOut, Error> {
    let key = posted.key()?;
    let step = match posted.text("step").as_str() {
        "pack" => MoveStep::Pack,
        "collect" => MoveStep::Collect,
        "deliver" => MoveStep::Deliver,
        _ => return Err(Error::field("step", FieldCode::NotAChoice)),
    };
    let ids: Result<Vec<Uuid>, _> = posted.all("ids").map(str::parse).collect();
    let ids = ids.map_err(|_| Error::field("ids", FieldCode::Unknown))?;
    let step = MoveIn {
        step,
        ids,
        vehicle: posted.maybe("vehicle"),
    };
    village_order::advance(&posted.visitor.app, actor, &key, step).await
}

async fn slip(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(asked): Asked<PaperAsked>,
) -> Result<Reply, Failure> {
    let found = village_order::show(&visitor.app, visitor.actor()?, id).await;
    let village_order = found.map_err(|e| visitor.fail(e))?;
    let path = format!("/village-orders/{id}");
    let paper = asked.of(&visitor, path.clone(), &path)?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("装箱单", "Packing slip"),
        village_order.row.number
    );
    visitor
        .framed(Frame::Sheet, &title, |cx| {
            views::village_order::slip(cx, &village_order, &paper)
        })
        .await
}
