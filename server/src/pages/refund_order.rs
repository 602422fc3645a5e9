//! Refunds by bank: the list, preparing one, releasing it, marking it as sent.

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, claim, refund_order, register, right};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::{Code, FieldCode};
use shared::api::refund_order::{
    RefundCancelIn, RefundOrderIn, RefundOrderOut, RefundOrderQuery, RefundOrderStatus, RefundSentIn,
};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/refunds", get(list).post(prepare))
        .route("/refunds/new", get(new))
        .route("/refunds/{id}", get(show))
        .route("/refunds/{id}/release", post(release))
        .route("/refunds/{id}/send", post(send))
        .route("/refunds/{id}/cancel", post(cancel))
}

async fn list(visitor: Visitor, Asked(listing): Asked<Listing>) -> Result<Reply, Failure> {
    let query = RefundOrderQuery {
        state: listing.state(RefundOrderStatus::from_name),
        from: listing.from(),
        until: listing.until(),
        number: listing.number(),
        unit_id: None,
    };
    let found = refund_order::list(&visitor.app, visitor.actor()?, &query, listing.after(), ROWS).await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("退款单", "Refunds");
    visitor
        .page(title, |cx| {
            views::refund_order::refunds(cx, &rows, query.state, &listing.shown())
        })
        .await
}

#[derive(Deserialize)]
struct About {
    claim: Option<String>,
    unit: Option<String>,
}

async fn new(visitor: Visitor, Asked(about): Asked<About>) -> Result<Response, Failure> {
    let id = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    let (claim, unit) = (id(&about.claim), id(&about.unit));
    right::require(visitor.actor()?, Action::RefundWrite, Place::DISTRICT).map_err(|e| visitor.fail(e))?;
    if claim.is_none() && unit.is_none() {
        // The list says where one begins: with a claim, or with a unit's bill.
        return Ok(visitor.go("/refunds", None));
    }
    Ok(new_page(&visitor, claim, unit, &Form::default())
        .await?
        .into_response())
}

/// The form: of a claim, for what of it can go back by bank; else of a unit, for what is free on its deposit.
async fn new_page(
    visitor: &Visitor,
    claim_id: Option<Uuid>,
    unit_id: Option<Uuid>,
    form: &Form,
) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let about = about(app, actor, claim_id, unit_id).await;
    let about = about.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("新退款单", "A new refund");
    visitor
        .page(title, |cx| views::refund_order::prepare(cx, &about, form))
        .await
}

async fn about(
    app: &App,
    actor: &Actor,
    claim_id: Option<Uuid>,
    unit_id: Option<Uuid>,
) -> Result<views::refund_order::About, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    if let Some(id) = claim_id {
        let claim = claim::show(app, actor, id).await?;
        let money = refund_order::of_claim(app, actor, id).await?;
        return Ok(views::refund_order::About {
            unit_id: claim.row.unit_id.to_string(),
            unit_name: claim.row.unit_name.clone(),
            claim: Some((id.to_string(), claim.row.number.clone())),
            most_fen: money.map_or(Fen::ZERO, |money| money.bank_fen),
        });
    }
    let unit_id = unit_id.ok_or(Error::not_found())?;
    Ok(views::refund_order::About {
        unit_id: unit_id.to_string(),
        unit_name: register::unit(app, actor, unit_id).await?.name,
        claim: None,
        most_fen: refund_order::returnable(app, actor, unit_id).await?,
    })
}

async fn prepare(mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let id = |posted: &Posted, name: &str| posted.maybe(name).and_then(|text| text.parse::<Uuid>().ok());
    let (claim_id, unit_id) = (id(&posted, "claim_id"), id(&posted, "unit_id"));
    let made = prepare_it(&mut posted, &actor, claim_id, unit_id).await;
    let visitor = &posted.visitor;
    match made {
        Ok(made) => Ok(visitor.go(&format!("/refunds/{}", made.row.id), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            let page = new_page(visitor, claim_id, unit_id, &form).await?;
            Ok(page.status(code).into_response())
        }
    }
}

async fn prepare_it(
    posted: &mut Posted,
    actor: &Actor,
    claim_id: Option<Uuid>,
    unit_id: Option<Uuid>,
) -> Result<RefundOrderOut, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    let key = posted.key()?;
    let amount_fen = posted.yuan("amount_fen");
    posted.check()?;
    let input = RefundOrderIn {
        unit_id: unit_id.ok_or(Error::field("unit_id", FieldCode::Required))?,
        claim_id,
        amount_fen: amount_fen.ok_or(Error::refused(Code::Invalid))?,
        payee_name: posted.text("payee_name"),
        payee_account: posted.text("payee_account"),
        payee_bank: posted.text("payee_bank"),
        reason: posted.text("reason"),
    };
    refund_order::prepare(&posted.visitor.app, actor, &key, input).await
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let found = refund_order::show(&visitor.app, actor, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let own = out.prepared_by == actor.person_id;
    let title = format!("{} {}", visitor.look.lang.t("退款单", "Refund"), out.row.number);
    visitor
        .page(&title, |cx| views::refund_order::refund(cx, &out, own, form))
        .await
}

async fn release(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        refund_order::release(&posted.visitor.app, &actor, &key, id).await
    };
    after(&posted, id, done.await).await
}

async fn send(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let input = RefundSentIn {
        bank_reference: posted.text("bank_reference"),
    };
    let done = async {
        let key = posted.key()?;
        refund_order::send(&posted.visitor.app, &actor, &key, id, input).await
    };
    after(&posted, id, done.await).await
}

async fn cancel(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let input = RefundCancelIn {
        reason: posted.text("reason"),
    };
    let done = async {
        let key = posted.key()?;
        refund_order::cancel(&posted.visitor.app, &actor, &key, id, input).await
    };
    after(&posted, id, done.await).await
}

async fn after(posted: &Posted, id: Uuid, done: Result<RefundOrderOut, Error>) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match done {
        Ok(_) => Ok(visitor.go(&format!("/refunds/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}
