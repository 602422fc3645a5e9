//! Payments through a provider: beginning one, coming back from the provider's page, the list, giving money back.

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, payment};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::payment::{PayIn, PaymentOut, PaymentQuery, RefundIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::Actor;
use shared::domain::payment::{PayMethod, PaymentStatus};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// How often the page of somebody who has come back renews itself, and after how many seconds.
const LOOKS: u32 = 20;
const LOOK_AFTER_S: u32 = 3;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/payments", get(list).post(begin))
        .route("/payments/sweep", post(sweep))
        .route("/payments/{id}", get(show))
        .route("/payments/{id}/check", post(check))
        .route("/payments/{id}/refunds", post(refund))
}

#[derive(Deserialize)]
struct More {
    method: Option<String>,
    bill: Option<String>,
    order: Option<String>,
}

async fn list(
    visitor: Visitor,
    Asked(listing): Asked<Listing>,
    Asked(more): Asked<More>,
) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let id = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
    let query = PaymentQuery {
        state: listing.state(PaymentStatus::from_name),
        method: more.method.as_deref().and_then(PayMethod::from_name),
        from: listing.from(),
        until: listing.until(),
        number: listing.number(),
        bill_id: id(&more.bill),
        order_id: id(&more.order),
    };
    let found = payment::list(&visitor.app, actor, &query, listing.after(), ROWS).await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let standing = match actor.may(Action::PaymentBooks, Place::DISTRICT) {
        true => Some(
            payment::standing(&visitor.app, actor)
                .await
                .map_err(|e| visitor.fail(e))?,
        ),
        false => None,
    };
    let title = visitor.look.lang.t("在线付款", "Payments");
    visitor
        .page(title, |cx| {
            views::payment::payments(cx, &rows, standing.as_ref(), query.state, &listing.shown())
        })
        .await
}

async fn begin(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let begun = begin_it(&posted, visitor.actor()?)
        .await
        .map_err(|e| visitor.fail(e))?;
    // Behind a posted form the content policy lets a redirect only lead to our own pages; that page then leads on.
    Ok(visitor.go(&format!("/payments/{}?go=1", begun.row.id), None))
}

async fn begin_it(posted: &Posted, actor: &Actor) -> Result<PaymentOut, Error> {
    let id = |name: &str| match posted.maybe(name) {
        None => Ok(None),
        Some(text) => match text.parse::<Uuid>() {
            Ok(id) => Ok(Some(id)),
            Err(_) => Err(Error::field(name, FieldCode::Unknown)),
        },
    };
    let input = PayIn {
        bill_id: id("bill_id")?,
        order_id: id("order_id")?,
    };
    payment::begin(&posted.visitor.app, actor, &posted.key()?, input).await
}

#[derive(Deserialize)]
struct Coming {
    /// Lead on to the provider's page.
    go: Option<u32>,
    /// Come back from it: how often this page has renewed itself.
    back: Option<u32>,
}

async fn show(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(coming): Asked<Coming>,
) -> Result<Reply, Failure> {
    let found = payment::show(&visitor.app, visitor.actor()?, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let looked = coming.back.unwrap_or(0);
    let waits = looked > 0 && out.row.status.may_come();
    let page = page(&visitor, &out, waits, &Form::default()).await?;
    Ok(match (&out.url, waits) {
        (Some(url), false) if coming.go == Some(1) => page.then(0, url),
        (_, true) if looked < LOOKS => {
            page.then(LOOK_AFTER_S, &format!("/payments/{id}?back={}", looked + 1))
        }
        _ => page,
    })
}

async fn page(visitor: &Visitor, out: &PaymentOut, waits: bool, form: &Form) -> Result<Reply, Failure> {
    let title = format!("{} {}", visitor.look.lang.t("付款", "Payment"), out.row.number);
    visitor
        .page(&title, |cx| views::payment::payment(cx, out, waits, form))
        .await
}

async fn check(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let asked = payment::check(&visitor.app, visitor.actor()?, id).await;
    asked.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/payments/{id}"), None))
}

async fn sweep(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let asked = payment::sweep::ask_for_all(&visitor.app, visitor.actor()?, &key).await;
    asked.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/payments", Some(Flash::Saved)))
}

async fn refund(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let noted = refund_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match noted {
        Ok(()) => Ok(visitor.go(&format!("/payments/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            let found = payment::show(&visitor.app, &actor, id).await;
            let out = found.map_err(|e| visitor.fail(e))?;
            Ok(page(visitor, &out, false, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn refund_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    crate::services::right::reach(actor, Action::RefundWrite)?;
    let key = posted.key()?;
    let amount_fen = posted.yuan("amount_fen");
    if amount_fen.is_none() && posted.maybe("amount_fen").is_none() {
        posted.wrong("amount_fen", FieldCode::Required);
    }
    posted.check()?;
    let input = RefundIn {
        amount_fen: amount_fen.ok_or(Error::refused(Code::Invalid))?,
        reason: posted.text("reason"),
        claim_id: match posted.maybe("claim_id") {
            None => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| Error::field("claim_id", FieldCode::Unknown))?,
            ),
        },
    };
    let app = &posted.visitor.app;
    payment::refund::ask(app, actor, &key, id, input)
        .await
        .map(|_| ())
}
