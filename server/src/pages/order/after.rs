//! What may be done with an order once it exists: changing a request, deciding over it, choosing what to do about goods
//! that came short, ordering again.

use super::super::address::Address;
use super::super::{Failure, Posted, Reply, Visitor};
use super::{read_order, show_page};
use crate::services::{Error, basket, order, register, shortfall};
use axum::response::{IntoResponse as _, Response};
use frontend::{Flash, Form, views};
use shared::api::approval::DecisionIn;
use shared::api::order::{OrderLineIn, PlacedOut};
use shared::api::problem::FieldCode;
use shared::api::shortfall::{ChoiceIn, ChoiceOut};
use shared::domain::identity::Actor;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::shortfall::ShortfallChoice;
use uuid::Uuid;

/// The form that changes a request.
pub async fn edit(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    edit_page(&visitor, id, &Form::default()).await
}

async fn edit_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let out = order::show(app, actor, id).await.map_err(|e| visitor.fail(e))?;
    let unit = register::unit(app, actor, out.order.unit_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    if !out.editable {
        let forbidden = !actor.may(
            shared::domain::rights::Action::OrderWrite,
            shared::domain::rights::Place::unit(out.order.unit_id),
        );
        let error = if forbidden {
            Error::refused(shared::api::problem::Code::Forbidden)
        } else {
            Error::wrong_state()
        };
        return Err(visitor.fail(error));
    }
    let title = format!("{} {}", visitor.look.lang.t("改单", "Change"), out.order.number);
    visitor
        .page(&title, |cx| views::order::edit(cx, &out, &unit, form))
        .await
}

/// Asks again with what was changed.
pub async fn revise(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let revised = revise_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match revised {
        Ok(_) => Ok(visitor.go(&format!("/orders/{id}"), Some(Flash::Requested))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(edit_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn revise_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<PlacedOut, Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let mut order = read_order(posted, typed_lines)?;
    if posted.maybe("add_basket").is_some() {
        let held = basket::show(&app, &posted.visitor.basket_key(), Some(actor)).await?;
        for line in held.villages.iter().flat_map(|village| &village.lines) {
            let known = order.lines.iter().any(|l| l.offer_id == line.offer.id);
            if line.on_sale && !known {
                order.lines.push(OrderLineIn {
                    offer_id: line.offer.id,
                    version_id: Some(line.version_id),
                    qty: line.qty,
                });
            }
        }
    }
    order::revise(&app, actor, &key, id, order).await
}

/// Lines as typed, in the unit that stands beside them; nothing of one leaves it out.
fn typed_lines(posted: &mut Posted) -> Vec<OrderLineIn> {
    let mut lines = Vec::new();
    for row in posted.rows("line") {
        let offer_id: Option<Uuid> = posted.needed(&format!("line.{row}.offer_id"), FieldCode::Unknown);
        let field = format!("line.{row}.qty");
        let typed = posted.text(&field);
        let unit = PriceUnit::from_name(&posted.text(&format!("line.{row}.unit")));
        let qty = match unit {
            _ if typed.is_empty() || typed == "0" => Some(Qty::ZERO),
            Some(unit) => unit.parse_qty(&typed).ok(),
            None => None,
        };
        match (offer_id, qty) {
            (Some(offer_id), Some(qty)) if qty > Qty::ZERO => lines.push(OrderLineIn {
                offer_id,
                version_id: None,
                qty,
            }),
            (_, Some(_)) => {}
            (_, None) => posted.wrong(field, FieldCode::NotANumber),
        }
    }
    lines
}

/// Approves or rejects a request.
pub async fn decide(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let decided = decide_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match decided {
        Ok(approved) => {
            let flash = if approved {
                Flash::Approved
            } else {
                Flash::Rejected
            };
            Ok(visitor.go("/approvals", Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn decide_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<bool, Error> {
    let key = posted.key()?;
    let approve = match posted.text("decision").as_str() {
        "approve" => true,
        "reject" => false,
        _ => return Err(Error::field("decision", FieldCode::NotAChoice)),
    };
    let revision = posted.needed("revision", FieldCode::NotANumber);
    posted.check()?;
    let decision = DecisionIn {
        approve,
        revision: revision.unwrap_or_default(),
        note: posted.text("note"),
    };
    order::decide(&posted.visitor.app, actor, &key, id, decision).await?;
    Ok(approve)
}

/// Chooses what to do about a line that came short.
pub async fn choose(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let chosen = choose_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match chosen {
        Ok(out) => {
            let flash = match &out.supplement {
                Some(placed) if placed.requested => Flash::Requested,
                Some(_) => Flash::Placed,
                None => Flash::Saved,
            };
            let to = out.supplement.map_or(id, |placed| placed.id);
            Ok(visitor.go(&format!("/orders/{to}"), Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn choose_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<ChoiceOut, Error> {
    let key = posted.key()?;
    let line_id = posted.needed("line_id", FieldCode::Unknown);
    let choice = ShortfallChoice::from_name(&posted.text("choice"));
    if choice.is_none() {
        posted.wrong("choice", FieldCode::NotAChoice);
    }
    let offer_id = posted.parsed("offer_id", FieldCode::Unknown);
    let version_id = posted.parsed("version_id", FieldCode::Unknown);
    let unit = PriceUnit::from_name(&posted.text("unit"));
    let qty = posted
        .maybe("qty")
        .map(|typed| unit.and_then(|unit| unit.parse_qty(&typed).ok()));
    if qty == Some(None) {
        posted.wrong("qty", FieldCode::NotANumber);
    }
    posted.check()?;
    let (Some(line_id), Some(choice)) = (line_id, choice) else {
        return Err(Error::refused(shared::api::problem::Code::Invalid));
    };
    let choice = ChoiceIn {
        line_id,
        choice,
        offer_id,
        version_id,
        qty: qty.flatten(),
    };
    shortfall::choose(&posted.visitor.app, actor, &key, id, choice).await
}

/// Puts what can be had of a past order into the basket; the basket then says what cannot.
pub async fn again(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    match order::copy_to_basket(&visitor.app, actor, id, &visitor.basket_key()).await {
        Ok(_) => Ok(visitor.go(&format!("/basket?again={id}"), Some(Flash::Added))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}
