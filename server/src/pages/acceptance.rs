//! Acceptances: weighing and signing on the phone, the document, the list.

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, acceptance, file};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::shell::Frame;
use frontend::{Flash, Form, views};
use shared::api::acceptance::{
    AcceptLineIn, AcceptanceLineOut, AcceptanceQuery, AcceptanceStatus, SignIn, SignOut, VarianceReason,
};
use shared::api::problem::FieldCode;
use shared::domain::identity::Actor;
use shared::domain::quantity::{Measure, Qty, WeightUnit, parse_pieces, parse_weight_g};
use uuid::Uuid;

/// Photos of refused goods, a few at once.
const BODY_MAX_BYTES: usize = 40 * 1024 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route(
            "/orders/{id}/acceptance",
            get(weigh).post(sign).layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .route("/acceptances", get(list))
        .route("/acceptances/{id}", get(show))
}

async fn weigh(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    weigh_page(&visitor, id, &Form::default()).await
}

async fn weigh_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = acceptance::of_order(&visitor.app, visitor.actor()?, id).await;
    let acceptance = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("验收", "Acceptance"),
        acceptance.order_number
    );
    if acceptance.status == AcceptanceStatus::Posted {
        return visitor
            .page(&title, |cx| views::acceptance::document(cx, &acceptance))
            .await;
    }
    visitor
        .framed(Frame::Task, &title, |cx| {
            views::acceptance::weigh(cx, &acceptance, form)
        })
        .await
}

async fn sign(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let signed = sign_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match signed {
        Ok(done) if done.acceptance.status == AcceptanceStatus::Posted => {
            let document = done.acceptance.id.unwrap_or(id);
            Ok(visitor.go(&format!("/acceptances/{document}"), Some(Flash::Credited)))
        }
        Ok(done) => {
            let flash = if done.voided_other {
                Flash::SignedVoided
            } else {
                Flash::Signed
            };
            Ok(visitor.go(&format!("/orders/{id}/acceptance"), Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(weigh_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn sign_it(posted: &mut Posted, actor: &Actor, order_id: Uuid) -> Result<SignOut, Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let shown = acceptance::of_order(&app, actor, order_id).await?;
    let mut lines = Vec::new();
    for line in &shown.lines {
        let name = |part: &str| format!("line.{}.{part}", line.line_id);
        let photo_id = photo(posted, &app, actor, &name("photo"), &name("photo_id")).await?;
        let reason = posted
            .maybe(&name("reason"))
            .and_then(|text| VarianceReason::from_name(&text));
        let remark = posted.text(&name("remark"));
        if let Some(qty) = typed_qty(posted, line) {
            lines.push(AcceptLineIn {
                line_id: line.line_id,
                qty,
                reason,
                remark,
                photo_id,
            });
        }
    }
    posted.check()?;
    acceptance::sign(&app, actor, &key, order_id, SignIn { lines }).await
}

/// The amount as typed, in the unit that stands beside it.
fn typed_qty(posted: &mut Posted, line: &AcceptanceLineOut) -> Option<Qty> {
    let field = format!("line.{}.qty", line.line_id);
    let Some(typed) = posted.maybe(&field) else {
        posted.wrong(field, FieldCode::Required);
        return None;
    };
    let unit = posted
        .maybe(&format!("line.{}.unit", line.line_id))
        .and_then(|name| WeightUnit::from_name(&name));
    let parsed = match (line.price_unit.measure(), unit) {
        (Measure::Piece, _) => parse_pieces(&typed).ok(),
        (Measure::Weight, Some(unit)) => parse_weight_g(&typed, unit).ok().map(|grams| Qty(grams.0)),
        (Measure::Weight, None) => line.price_unit.parse_qty(&typed).ok(),
    };
    if parsed.is_none() {
        posted.wrong(field, FieldCode::NotANumber);
    }
    parsed
}

/// The photo sent with a line, stored; or the one that was stored before.
async fn photo(
    posted: &mut Posted,
    app: &App,
    actor: &Actor,
    field: &str,
    stored: &str,
) -> Result<Option<Uuid>, Error> {
    if let Some(bytes) = posted.file(field).cloned() {
        let id = file::store_photo(app, actor, bytes).await?.id;
        // Kept with the form, so that a refusal elsewhere does not ask for the photo again.
        posted.values.push((stored.to_owned(), id.to_string()));
        return Ok(Some(id));
    }
    Ok(posted.parsed(stored, FieldCode::Unknown))
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    let found = acceptance::show(&visitor.app, visitor.actor()?, id).await;
    let acceptance = found.map_err(|e| visitor.fail(e))?;
    let number = acceptance.number.clone().unwrap_or_default();
    let title = format!("{} {number}", visitor.look.lang.t("验收单", "Acceptance"));
    visitor
        .page(&title, |cx| views::acceptance::document(cx, &acceptance))
        .await
}

async fn list(visitor: Visitor, Asked(query): Asked<Listing>) -> Result<Reply, Failure> {
    let asked = AcceptanceQuery {
        state: query.state(AcceptanceStatus::from_name),
        from: query.from(),
        until: query.until(),
        number: query.number(),
    };
    let found = acceptance::list(&visitor.app, visitor.actor()?, &asked, query.after(), ROWS).await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("验收单", "Acceptances");
    visitor
        .page(title, |cx| {
            views::acceptance::acceptances(cx, &rows, asked.state, &query.shown())
        })
        .await
}
