//! The steps of an offer's life: handed in, published or returned, paused, resumed, ended.

use super::content::{self, Checked};
use super::{entry, move_to, show};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, catalogue, fault, right};
use crate::store::offer::{OfferRecord, Standing};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::offer::{OfferOut, ReviewIn};
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::identity::Actor;
use shared::domain::offer::{OfferEvent, OfferStatus, VersionStatus};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Characters of a reason at the most.
const REASON_CHARS_MAX: usize = 200;

/// Hands the drafted version in for review.
///
/// # Errors
/// `WrongState` when there is none to hand in; `NotFound`, `Forbidden`.
pub async fn submit(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<OfferOut, Error> {
    allowed(app, actor, Action::OfferWrite, id).await?;
    let (app2, actor2) = (app.clone(), actor.clone());
    once(app, actor.person_id, "offer.submit", key, &id, move |tx| {
        let (app, actor) = (app2.clone(), actor2.clone());
        async move {
            let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
            hand_in(&app, tx, &actor, &record).await
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// Hands in what is pending of an offer, within the caller's transaction.
pub(super) async fn hand_in(app: &App, tx: &Tx, actor: &Actor, record: &OfferRecord) -> Result<(), Error> {
    let pending = record.standing.pending_version.ok_or(Error::wrong_state())?;
    if !store::offer::submit_version(tx, pending, actor).await? {
        return Err(Error::wrong_state());
    }
    let standing = Standing {
        status: first_life(record, OfferEvent::Submit)?,
        pending_status: Some(VersionStatus::Submitted.as_str().to_owned()),
        ..record.standing.clone()
    };
    move_to(tx, record, &standing, app.now().0).await?;
    let entry = entry(
        "offer.submit",
        actor,
        record.id,
        &record.village_code,
        &record.name,
    );
    Ok(store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?)
}

/// The offer's status after a step of its version: before the first publication the offer goes along with it, later it
/// stays on the shelf (or paused) while a new version is reviewed.
fn first_life(record: &OfferRecord, event: OfferEvent) -> Result<String, Error> {
    let status = catalogue::status_of(&record.standing.status)?;
    if record.standing.live_version.is_some() {
        return Ok(status.as_str().to_owned());
    }
    status
        .next(event)
        .map(|next| next.as_str().to_owned())
        .map_err(|_| Error::wrong_state())
}

/// Publishes the submitted version, or returns it with a reason.
///
/// # Errors
/// `Changed` when another version is pending than the one reviewed; `SamePerson` for one's own submission;
/// `Invalid` without a reason; `WrongState`, `NotFound`, `Forbidden`.
pub async fn review(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    review: ReviewIn,
) -> Result<OfferOut, Error> {
    allowed(app, actor, Action::OfferReview, id).await?;
    let reason = reason_of(&review)?;
    let (app2, actor2, body) = (app.clone(), actor.clone(), (id, review.clone()));
    once(app, actor.person_id, "offer.review", key, &body, move |tx| {
        let (app, actor, review, reason) = (app2.clone(), actor2.clone(), review.clone(), reason.clone());
        async move { reviewed(&app, tx, &actor, id, &review, reason.as_deref()).await }.boxed()
    })
    .await?;
    show(app, actor, id).await
}

fn reason_of(review: &ReviewIn) -> Result<Option<String>, Error> {
    let reason = review
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    if !review.publish && reason.is_none() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if reason.is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "reason",
            FieldCode::TooLong,
            REASON_CHARS_MAX,
        )]));
    }
    // A published version has nothing to mend.
    Ok(reason.filter(|_| !review.publish).map(str::to_owned))
}

async fn reviewed(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    id: Uuid,
    review: &ReviewIn,
    reason: Option<&str>,
) -> Result<(), Error> {
    let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
    if record.standing.pending_version != Some(review.version_id) {
        return Err(Error::refused(Code::Changed));
    }
    let versions = store::offer::versions(tx, &[review.version_id]).await?;
    let version = versions
        .first()
        .ok_or_else(|| fault("a pending version is gone"))?;
    if version.status != VersionStatus::Submitted.as_str() {
        return Err(Error::wrong_state());
    }
    if version.submitted_by == Some(actor.person_id) {
        return Err(Error::refused(Code::SamePerson));
    }
    let now = app.now();
    let (status, standing, action) = if review.publish {
        (
            VersionStatus::Published,
            published(&record, review.version_id, now.0)?,
            "offer.publish",
        )
    } else {
        (VersionStatus::Returned, returned(&record)?, "offer.return")
    };
    let done = store::offer::review_version(
        tx,
        review.version_id,
        status.as_str(),
        reason,
        actor.person_id,
        now.0,
    );
    if !done.await? {
        return Err(Error::Again);
    }
    if review.publish {
        if let Some(old) = record.standing.live_version {
            store::offer::supersede_version(tx, old).await?;
        }
        let content = content::offer_of(version, &record.village_code, &record.produce)?;
        let checked = Checked::stored(tx, content, app.today().year()).await?;
        store::offer::shelve(tx, id, checked.shelved(app)?).await?;
    }
    move_to(tx, &record, &standing, now.0).await?;
    let detail = reason.map_or_else(
        || version.name.clone(),
        |reason| format!("{} {reason}", version.name),
    );
    let entry = entry(action, actor, id, &record.village_code, &detail);
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

fn published(record: &OfferRecord, version_id: Uuid, at: i64) -> Result<Standing, Error> {
    let before = &record.standing;
    Ok(Standing {
        status: first_life(record, OfferEvent::Publish)?,
        live_version: Some(version_id),
        pending_version: None,
        pending_status: None,
        // A new price is no new arrival.
        published_at: if before.published_at == 0 {
            at
        } else {
            before.published_at
        },
    })
}

fn returned(record: &OfferRecord) -> Result<Standing, Error> {
    Ok(Standing {
        status: first_life(record, OfferEvent::Return)?,
        pending_status: Some(VersionStatus::Returned.as_str().to_owned()),
        ..record.standing.clone()
    })
}

/// Takes an offer off the shelf for a while.
///
/// # Errors
/// `WrongState` when it is not on sale; `NotFound`, `Forbidden`.
pub async fn pause(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<OfferOut, Error> {
    step(app, actor, key, id, OfferEvent::Pause, "offer.pause").await
}

/// Puts a paused offer back on the shelf.
///
/// # Errors
/// `WrongState` when it is not paused; `NotFound`, `Forbidden`.
pub async fn resume(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<OfferOut, Error> {
    step(app, actor, key, id, OfferEvent::Resume, "offer.resume").await
}

/// Takes an offer off the shelf for good.
///
/// # Errors
/// `WrongState` when it never was on sale or has ended; `NotFound`, `Forbidden`.
pub async fn end(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<OfferOut, Error> {
    step(app, actor, key, id, OfferEvent::End, "offer.end").await
}

async fn step(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    event: OfferEvent,
    action: &'static str,
) -> Result<OfferOut, Error> {
    allowed(app, actor, Action::OfferWrite, id).await?;
    let (app2, actor2) = (app.clone(), actor.clone());
    once(app, actor.person_id, action, key, &id, move |tx| {
        let (app, actor) = (app2.clone(), actor2.clone());
        async move {
            let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
            let status = catalogue::status_of(&record.standing.status)?;
            let next = status.next(event).map_err(|_| Error::wrong_state())?;
            let mut standing = Standing {
                status: next.as_str().to_owned(),
                ..record.standing.clone()
            };
            if next == OfferStatus::Ended {
                // What was drafted for it will never be on sale.
                standing.pending_version = None;
                standing.pending_status = None;
            }
            move_to(tx, &record, &standing, app.now().0).await?;
            let entry = entry(action, &actor, id, &record.village_code, &record.name);
            Ok(store::audit::insert(tx, app.now(), Some(&actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// Records a step of an offer.
pub(super) async fn note(
    tx: &Tx,
    job: &super::Job,
    record: &OfferRecord,
    action: &'static str,
) -> Result<(), Error> {
    let entry = entry(action, &job.actor, record.id, &record.village_code, &record.name);
    Ok(store::audit::insert(tx, job.app.now(), Some(&job.actor), vec![entry]).await?)
}

async fn allowed(app: &App, actor: &Actor, action: Action, id: Uuid) -> Result<(), Error> {
    let record = store::offer::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, action, Place::village(&record.village_code))
}
