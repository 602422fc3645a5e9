//! One lot: more of it, less of it, what the harvest brought, and labels for its boxes.

use super::address::{Address, Asked};
use super::offer::listing::{needed_day, needed_qty};
use super::sheet::qr_path;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, lot, offer};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::shell::Frame;
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::lot::{HarvestIn, LotChangeIn};
use shared::api::offer::{OfferIn, OfferOut};
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::Actor;
use shared::domain::quantity::Qty;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/offers/{id}/lots/{lot}", get(show))
        .route("/offers/{id}/lots/{lot}/change", post(change))
        .route("/offers/{id}/lots/{lot}/harvest", post(harvest))
        .route("/offers/{id}/lots/{lot}/labels", get(labels))
}

async fn show(visitor: Visitor, Address((id, lot)): Address<(Uuid, Uuid)>) -> Result<Reply, Failure> {
    show_page(&visitor, id, lot, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, lot_id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let out = offer::show(app, actor, id).await.map_err(|e| visitor.fail(e))?;
    let lot = lot::show(app, actor, id, lot_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let content = content(&out).map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("批次", "Lot"), lot.code);
    visitor
        .page(&title, |cx| views::lot::lot(cx, &out, content, &lot, form))
        .await
}

/// What is on sale, or else what is being written.
fn content(out: &OfferOut) -> Result<&OfferIn, Error> {
    out.live
        .as_ref()
        .or(out.pending.as_ref())
        .map(|version| &version.content)
        .ok_or(Error::wrong_state())
}

async fn after<T>(posted: &Posted, id: Uuid, lot: Uuid, done: Result<T, Error>) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match done {
        Ok(_) => Ok(visitor.go(&format!("/offers/{id}/lots/{lot}"), Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, as_typed(error))?;
            Ok(show_page(visitor, id, lot, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

/// The amount has another name in the form.
fn as_typed(error: Error) -> Error {
    let Error::Refused(mut refusal) = error else {
        return error;
    };
    for problem in &mut refusal.fields {
        if problem.field == "by" {
            "change_qty".clone_into(&mut problem.field);
        }
    }
    Error::Refused(refusal)
}

async fn change(Address((id, lot)): Address<(Uuid, Uuid)>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = change_it(&mut posted, &actor, id, lot).await;
    after(&posted, id, lot, done).await
}

async fn change_it(posted: &mut Posted, actor: &Actor, id: Uuid, lot_id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let out = offer::show(&app, actor, id).await?;
    let unit = content(&out)?.price_unit;
    let qty = needed_qty(posted, "change_qty", Some(unit));
    let less = match posted.text("direction").as_str() {
        "more" => false,
        "less" => true,
        _ => {
            posted.wrong("direction", FieldCode::NotAChoice);
            false
        }
    };
    posted.check()?;
    let qty = qty.ok_or(Error::refused(Code::Invalid))?;
    let change = LotChangeIn {
        by: Qty(if less { -qty.0 } else { qty.0 }),
        reason: posted.text("reason"),
    };
    lot::change(&app, actor, &key, id, lot_id, change).await?;
    Ok(())
}

async fn harvest(Address((id, lot)): Address<(Uuid, Uuid)>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = harvest_it(&mut posted, &actor, id, lot).await;
    after(&posted, id, lot, done).await
}

async fn harvest_it(posted: &mut Posted, actor: &Actor, id: Uuid, lot_id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let out = offer::show(&app, actor, id).await?;
    let unit = content(&out)?.price_unit;
    let qty = needed_qty(posted, "qty", Some(unit));
    let harvested_on = needed_day(posted, "harvested_on");
    let good_until = posted.day("good_until");
    posted.check()?;
    let (Some(qty), Some(harvested_on)) = (qty, harvested_on) else {
        return Err(Error::refused(Code::Invalid));
    };
    let harvest = HarvestIn {
        harvested_on,
        good_until,
        qty,
    };
    lot::harvest(&app, actor, &key, id, lot_id, harvest).await?;
    Ok(())
}

/// How many labels are printed.
#[derive(Deserialize)]
struct LabelsQuery {
    copies: Option<u16>,
}

async fn labels(
    visitor: Visitor,
    Address((id, lot_id)): Address<(Uuid, Uuid)>,
    Asked(query): Asked<LabelsQuery>,
) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let out = offer::show(app, actor, id).await.map_err(|e| visitor.fail(e))?;
    let lot = lot::show(app, actor, id, lot_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let content = content(&out).map_err(|e| visitor.fail(e))?;
    let url = format!("{}/t/{}", app.config.public_url, lot.code);
    let qr = qr_path(&url).map_err(|e| visitor.fail(e))?;
    let copies = usize::from(query.copies.unwrap_or(12).clamp(1, 120));
    let title = format!("{} {}", visitor.look.lang.t("箱贴", "Labels"), lot.code);
    visitor
        .framed(Frame::Sheet, &title, |cx| {
            views::lot::labels(cx, &out, content, &lot, &qr, copies)
        })
        .await
}
