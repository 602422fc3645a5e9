//! Offers as their village and the centre work on them.

mod again;
pub(super) mod listing;

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::idempotency::Key;
use crate::services::{App, Error, lot, offer};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::lot::LotIn;
use shared::api::offer::{OfferIn, OfferOut, ReviewIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::Actor;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/offers", get(list).post(create))
        .route("/offers/new", get(new))
        .route("/offers/{id}", get(show).post(update))
        .route("/offers/{id}/edit", get(edit))
        .route("/offers/{id}/submit", post(submit))
        .route("/offers/{id}/review", post(review))
        .route("/offers/{id}/pause", post(pause))
        .route("/offers/{id}/resume", post(resume))
        .route("/offers/{id}/end", post(end))
        .route("/offers/{id}/lots", post(add_lot))
        .route("/offers/{id}/again", get(again::form).post(again::list))
}

async fn list(visitor: Visitor, Asked(query): Asked<Listing>) -> Result<Reply, Failure> {
    let (state, q) = (query.state_text(), query.words());
    let asked = (state, q.as_deref());
    let found = offer::list(&visitor.app, visitor.actor()?, asked, query.after(), ROWS).await;
    let offers = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("货品管理", "Offers");
    visitor
        .page(title, |cx| {
            views::offer::offers(cx, &offers, state, &q.unwrap_or_default())
        })
        .await
}

/// Which village a new offer is for, when the centre lists for it.
#[derive(Deserialize)]
struct NewQuery {
    village: Option<String>,
}

async fn new(visitor: Visitor, Asked(query): Asked<NewQuery>) -> Result<Reply, Failure> {
    new_page(&visitor, query.village.as_deref(), &Form::default()).await
}

async fn new_page(visitor: &Visitor, village: Option<&str>, form: &Form) -> Result<Reply, Failure> {
    let chosen = offer::choices(&visitor.app, visitor.actor()?, village).await;
    let choices = chosen.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("新货品", "New offer");
    visitor
        .page(title, |cx| views::offer::edit(cx, None, &choices, form))
        .await
}

async fn edit(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    edit_page(&visitor, id, None).await
}

/// The form of an offer: with what was typed after a refusal, else with what is stored.
async fn edit_page(visitor: &Visitor, id: Uuid, form: Option<&Form>) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let out = offer::show(app, actor, id).await.map_err(|e| visitor.fail(e))?;
    let choices = offer::choices(app, actor, Some(&out.village.code))
        .await
        .map_err(|e| visitor.fail(e))?;
    let stored = form
        .is_none()
        .then(|| content_of(&out).map(listing::filled).unwrap_or_default());
    let form = form.or(stored.as_ref()).cloned().unwrap_or_default();
    let title = format!("{} {}", visitor.look.lang.t("修改", "Change"), name_of(&out));
    visitor
        .page(&title, |cx| views::offer::edit(cx, Some(&out), &choices, &form))
        .await
}

/// What is being written, or else what is on sale.
fn content_of(out: &OfferOut) -> Option<&OfferIn> {
    out.pending
        .as_ref()
        .or(out.live.as_ref())
        .map(|version| &version.content)
}

/// The name on the shelf, or else the one being written.
fn name_of(out: &OfferOut) -> String {
    out.live
        .as_ref()
        .or(out.pending.as_ref())
        .map(|version| version.content.name.clone())
        .unwrap_or_default()
}

async fn create(mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let submit = posted.text("submit") == "1";
    let created = create_it(&mut posted, &actor, submit).await;
    let visitor = &posted.visitor;
    match created {
        Ok(out) => Ok(visitor.go(&format!("/offers/{}", out.id), Some(saved(submit)))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, listing::as_typed(error, &posted))?;
            let village = posted.maybe("village_code");
            Ok(new_page(visitor, village.as_deref(), &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn create_it(posted: &mut Posted, actor: &Actor, submit: bool) -> Result<OfferOut, Error> {
    let key = posted.key()?;
    let listing = listing::read(posted)?;
    offer::create(&posted.visitor.app, actor, &key, listing, submit).await
}

async fn update(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let submit = posted.text("submit") == "1";
    let updated = update_it(&mut posted, &actor, id, submit).await;
    let visitor = &posted.visitor;
    match updated {
        Ok(_) => Ok(visitor.go(&format!("/offers/{id}"), Some(saved(submit)))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, listing::as_typed(error, &posted))?;
            Ok(edit_page(visitor, id, Some(&form))
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn update_it(posted: &mut Posted, actor: &Actor, id: Uuid, submit: bool) -> Result<OfferOut, Error> {
    let key = posted.key()?;
    let listing = listing::read(posted)?;
    offer::update(&posted.visitor.app, actor, &key, id, listing, submit).await
}

const fn saved(submit: bool) -> Flash {
    if submit { Flash::Submitted } else { Flash::Saved }
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let out = offer::show(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    visitor
        .page(&name_of(&out), |cx| views::offer::offer(cx, &out, form))
        .await
}

/// On to the offer after a step, or the offer again with what kept the step from being done.
pub(super) async fn after<T>(
    posted: &Posted,
    id: Uuid,
    done: Result<T, Error>,
    flash: Flash,
) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match done {
        Ok(_) => Ok(visitor.go(&format!("/offers/{id}"), Some(flash))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

/// The parts that every step of an offer works with.
fn parts(posted: &Posted) -> Result<(&App, &Actor, Result<Key, Error>), Failure> {
    Ok((&posted.visitor.app, posted.visitor.actor()?, posted.key()))
}

async fn submit(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let (app, actor, key) = parts(&posted)?;
    let done = match key {
        Ok(key) => offer::submit(app, actor, &key, id).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Submitted).await
}

async fn pause(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let (app, actor, key) = parts(&posted)?;
    let done = match key {
        Ok(key) => offer::pause(app, actor, &key, id).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}

async fn resume(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let (app, actor, key) = parts(&posted)?;
    let done = match key {
        Ok(key) => offer::resume(app, actor, &key, id).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}

async fn end(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let (app, actor, key) = parts(&posted)?;
    let done = match key {
        Ok(key) => offer::end(app, actor, &key, id).await,
        Err(error) => Err(error),
    };
    after(&posted, id, done, Flash::Saved).await
}

async fn review(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let publish = posted.text("publish") == "1";
    let done = review_it(&mut posted, &actor, id, publish).await;
    after(
        &posted,
        id,
        done,
        if publish {
            Flash::Published
        } else {
            Flash::Returned
        },
    )
    .await
}

async fn review_it(posted: &mut Posted, actor: &Actor, id: Uuid, publish: bool) -> Result<OfferOut, Error> {
    let key = posted.key()?;
    let version_id: Option<Uuid> = posted.needed("version_id", FieldCode::Unknown);
    posted.check()?;
    let version_id = version_id.ok_or(Error::refused(Code::Invalid))?;
    let review = ReviewIn {
        version_id,
        publish,
        reason: posted.maybe("reason"),
    };
    offer::review(&posted.visitor.app, actor, &key, id, review).await
}

async fn add_lot(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = add_lot_to(&mut posted, &actor, id).await;
    after(&posted, id, done, Flash::Saved).await
}

async fn add_lot_to(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let out = offer::show(&posted.visitor.app, actor, id).await?;
    // Lots are counted as what is on sale is; a version being written cannot change that.
    let content = out
        .live
        .as_ref()
        .or(out.pending.as_ref())
        .map(|version| &version.content);
    let unit = content.ok_or(Error::wrong_state())?.price_unit;
    let (harvested_on, good_until) = (
        listing::needed_day(posted, "harvested_on"),
        posted.day("good_until"),
    );
    let qty = listing::needed_qty(posted, "qty", Some(unit));
    posted.check()?;
    let (Some(harvested_on), Some(qty)) = (harvested_on, qty) else {
        return Err(Error::refused(Code::Invalid));
    };
    lot::add(
        &posted.visitor.app,
        actor,
        &key,
        id,
        LotIn {
            harvested_on,
            good_until,
            qty,
        },
    )
    .await?;
    Ok(())
}
