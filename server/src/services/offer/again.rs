//! 再上一次: a familiar product, listed anew with a price and a lot.

use super::{Job, content, move_to, review};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, catalogue, fault, lot, photo, right};
use crate::store::offer::{OfferRecord, Standing};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::offer::{AgainIn, ListingIn, OfferIn, OfferOut};
use shared::api::problem::FieldProblem;
use shared::domain::identity::Actor;
use shared::domain::offer::{OfferEvent, OfferStatus};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// Lists an offer again: what has ended becomes a new offer with the same words and photos, handed in for review; of what
/// is on sale or paused, the lot is added and sells at once, and only another price is reviewed. A certificate that has
/// run out is left behind.
///
/// # Errors
/// `Invalid` naming `price_fen` or the lot's fields; `WrongState` while it is reviewed; `NotFound`, `Forbidden`.
pub async fn again(app: &App, actor: &Actor, key: &Key, id: Uuid, again: AgainIn) -> Result<OfferOut, Error> {
    let record = store::offer::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    let before = latest(app, &record).await?;
    let same_price = before.price_fen == again.price_fen;
    let listing = ListingIn {
        offer: OfferIn {
            price_fen: again.price_fen,
            ..without_old_certificate(app, before)
        },
        lot: Some(again.lot.clone()),
    };
    let checked = super::check(app, &listing).await.map_err(named)?;
    let job = Arc::new(Job {
        app: app.clone(),
        actor: actor.clone(),
        checked,
        lot: listing.lot,
        submit: true,
    });
    let body = (id, again);
    let listed = once(app, actor.person_id, "offer.again", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { again_in(tx, &job, id, same_price).await }.boxed()
    })
    .await?;
    super::show(app, actor, listed).await
}

/// An offer, for whoever may list it again.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn to_list_again(app: &App, actor: &Actor, id: Uuid) -> Result<OfferOut, Error> {
    let record = store::offer::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    super::show(app, actor, id).await
}

/// What it says on sale, or else what was written last.
async fn latest(app: &App, record: &OfferRecord) -> Result<OfferIn, Error> {
    let standing = &record.standing;
    let version = standing.live_version.or(standing.pending_version);
    let version = version.ok_or_else(|| fault("an offer has no version"))?;
    let versions = store::offer::versions(app.db.read(), &[version]).await?;
    let row = versions
        .first()
        .ok_or_else(|| fault("an offer's version is gone"))?;
    content::offer_of(row, &record.village_code, &record.produce)
}

fn without_old_certificate(app: &App, offer: OfferIn) -> OfferIn {
    if offer.certificate_until.is_some_and(|until| until < app.today()) {
        OfferIn {
            certificate_no: None,
            certificate_until: None,
            ..offer
        }
    } else {
        offer
    }
}

/// The names that the short form has for what was refused.
fn named(error: Error) -> Error {
    let Error::Refused(mut refusal) = error else {
        return error;
    };
    refusal.fields = refusal
        .fields
        .into_iter()
        .map(|problem| FieldProblem {
            field: problem
                .field
                .strip_prefix("offer.")
                .map_or_else(|| problem.field.clone(), str::to_owned),
            ..problem
        })
        .collect();
    Error::Refused(refusal)
}

async fn again_in(tx: &Tx, job: &Job, id: Uuid, same_price: bool) -> Result<Uuid, Error> {
    let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
    match catalogue::status_of(&record.standing.status)? {
        OfferStatus::Ended => {
            let new = job.create(tx).await?;
            photo::copy(tx, &job.app, &job.actor, id, new).await?;
            Ok(new)
        }
        OfferStatus::Submitted => Err(Error::wrong_state()),
        OfferStatus::Draft | OfferStatus::Returned => {
            job.update(tx, id).await?;
            Ok(id)
        }
        OfferStatus::Published | OfferStatus::Paused => {
            if same_price {
                let new = job.lot.as_ref().ok_or_else(|| fault("listed again with a lot"))?;
                store::offer::touch(tx, id, job.app.now().0).await?;
                lot::insert(&job.app, tx, &job.actor, &record, new).await?;
            } else {
                job.update(tx, id).await?;
            }
            back_on_the_shelf(tx, job, id).await?;
            Ok(id)
        }
    }
}

/// What is listed again is no longer paused.
async fn back_on_the_shelf(tx: &Tx, job: &Job, id: Uuid) -> Result<(), Error> {
    let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
    if catalogue::status_of(&record.standing.status)? != OfferStatus::Paused {
        return Ok(());
    }
    let next = OfferStatus::Paused.next(OfferEvent::Resume).map_err(fault)?;
    let standing = Standing {
        status: next.as_str().to_owned(),
        ..record.standing.clone()
    };
    move_to(tx, &record, &standing, job.app.now().0).await?;
    review::note(tx, job, &record, "offer.resume").await
}
