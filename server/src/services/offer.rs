//! 货品: draft → submit → publish or return; a change to what is on sale is a new version that is reviewed again.

mod again;
mod content;
mod reading;
mod review;

pub use again::{again, to_list_again};
pub(super) use content::brings;
pub use reading::{choices, list, show};
pub use review::{end, pause, resume, review, submit};

use super::idempotency::{Key, once};
use super::{App, Error, catalogue, lot, right};
use crate::store::audit::Entry;
use crate::store::offer::{NewOffer, NewVersion, OfferRecord, Standing};
use crate::store::{self, Tx};
use content::Checked;
use futures::FutureExt as _;
use shared::api::lot::LotIn;
use shared::api::offer::{ListingIn, OfferOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::{Actor, Role};
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// Drafts an offer, with its first lot if there is one already; `submit` hands it in for review at once.
///
/// # Errors
/// `Invalid` naming every field at fault; `NotFound`, `Forbidden`.
pub async fn create(
    app: &App,
    actor: &Actor,
    key: &Key,
    listing: ListingIn,
    submit: bool,
) -> Result<OfferOut, Error> {
    right::require(
        actor,
        Action::OfferWrite,
        Place::village(&listing.offer.village_code),
    )?;
    let checked = check(app, &listing).await?;
    let body = (listing.clone(), submit);
    let job = Arc::new(Job {
        app: app.clone(),
        actor: actor.clone(),
        checked,
        lot: listing.lot,
        submit,
    });
    let id = once(app, actor.person_id, "offer.create", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { job.create(tx).await }.boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// Changes an offer: a draft or returned version in place; of what is on sale, a new version is drafted while the old
/// one stays on the shelf. A lot, if one comes along, is added.
///
/// # Errors
/// `Invalid` naming every field at fault; `WrongState` when it is under review or has ended; `NotFound`, `Forbidden`.
pub async fn update(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    listing: ListingIn,
    submit: bool,
) -> Result<OfferOut, Error> {
    let record = store::offer::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    if listing.offer.village_code != record.village_code {
        return Err(Error::field("offer.village_code", FieldCode::NotAChoice));
    }
    let checked = check(app, &listing).await?;
    let body = (id, listing.clone(), submit);
    let job = Arc::new(Job {
        app: app.clone(),
        actor: actor.clone(),
        checked,
        lot: listing.lot,
        submit,
    });
    once(app, actor.person_id, "offer.update", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { job.update(tx, id).await }.boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// What is wrong with a listing, as far as it can be seen without asking the register.
pub(super) fn problems(listing: &ListingIn, today: Day) -> Vec<FieldProblem> {
    let mut problems = content::problems(&listing.offer, today);
    if let Some(lot) = &listing.lot {
        problems.extend(lot::check(lot, today, "lot."));
    }
    problems
}

async fn check(app: &App, listing: &ListingIn) -> Result<Checked, Error> {
    let problems = problems(listing, app.today());
    content::check(app, &listing.offer, problems).await
}

/// A listing on its way into the database.
struct Job {
    app: App,
    actor: Actor,
    checked: Checked,
    lot: Option<LotIn>,
    submit: bool,
}

impl Job {
    async fn create(&self, tx: &Tx) -> Result<Uuid, Error> {
        let now = self.app.now();
        let (id, version_id) = (self.app.new_id(), self.app.new_id());
        let standing = Standing {
            status: OfferStatus::Draft.as_str().to_owned(),
            live_version: None,
            pending_version: Some(version_id),
            pending_status: Some(VersionStatus::Draft.as_str().to_owned()),
            published_at: 0,
        };
        let shelved = self.checked.shelved(&self.app)?;
        let record = OfferRecord {
            id,
            village_code: self.checked.village.code.clone(),
            produce: shelved.produce.clone(),
            name: shelved.name.clone(),
            price_unit: shelved.price_unit.to_owned(),
            standing: standing.clone(),
        };
        let offer = NewOffer {
            id,
            village_code: record.village_code.clone(),
            town_code: self.checked.village.town_code.clone(),
            standing,
            shelved,
            created_at: now.0,
        };
        store::offer::insert(tx, offer).await?;
        store::offer::insert_version(tx, self.new_version(id, version_id, 1)?).await?;
        self.finish(tx, "offer.create", record).await?;
        Ok(id)
    }

    async fn update(&self, tx: &Tx, id: Uuid) -> Result<(), Error> {
        let record = store::offer::find(tx, id).await?.ok_or(Error::not_found())?;
        if catalogue::status_of(&record.standing.status)? == OfferStatus::Ended {
            return Err(Error::wrong_state());
        }
        self.check_fits(tx, &record).await?;
        let version_id = match record.standing.pending_version {
            Some(pending) => {
                if !store::offer::change_version(tx, pending, self.checked.version_content()?).await? {
                    return Err(Error::wrong_state());
                }
                pending
            }
            None => {
                let number = i32::try_from(store::offer::next_number(tx, id).await?).map_err(super::fault)?;
                let version_id = self.app.new_id();
                store::offer::insert_version(tx, self.new_version(id, version_id, number)?).await?;
                version_id
            }
        };
        if record.standing.live_version.is_none() {
            store::offer::shelve(tx, id, self.checked.shelved(&self.app)?).await?;
        }
        let standing = Standing {
            pending_version: Some(version_id),
            pending_status: Some(VersionStatus::Draft.as_str().to_owned()),
            ..record.standing.clone()
        };
        move_to(tx, &record, &standing, self.app.now().0).await?;
        self.finish(tx, "offer.change", OfferRecord { standing, ..record })
            .await
    }

    /// What lots and orders are counted in, and what they are of, stays as it was.
    async fn check_fits(&self, tx: &Tx, record: &OfferRecord) -> Result<(), Error> {
        let live = record.standing.live_version.is_some();
        let offer = &self.checked.offer;
        let counted = catalogue::unit_of(&record.price_unit)?.measure() != offer.price_unit.measure();
        let mut problems = Vec::new();
        if counted && (live || store::offer::has_lots(tx, record.id).await?) {
            problems.push(FieldProblem::new("offer.price_unit", FieldCode::NotAChoice));
        }
        if live && record.produce != offer.produce {
            problems.push(FieldProblem::new("offer.produce", FieldCode::NotAChoice));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(problems))
        }
    }

    fn new_version(&self, offer_id: Uuid, id: Uuid, number: i32) -> Result<NewVersion, Error> {
        Ok(NewVersion {
            id,
            offer_id,
            number,
            content: self.checked.version_content()?,
            created_by: self.actor.person_id,
            created_at: self.app.now().0,
        })
    }

    async fn finish(&self, tx: &Tx, action: &'static str, record: OfferRecord) -> Result<(), Error> {
        let detail = self.checked.in_words();
        let entry = entry(action, &self.actor, record.id, &record.village_code, &detail);
        store::audit::insert(tx, self.app.now(), Some(&self.actor), vec![entry]).await?;
        if let Some(lot) = &self.lot {
            lot::insert(&self.app, tx, &self.actor, &record, lot).await?;
        }
        if self.submit {
            review::hand_in(&self.app, tx, &self.actor, &record).await
        } else {
            Ok(())
        }
    }
}

/// Moves an offer on, unless somebody else did meanwhile.
async fn move_to(tx: &Tx, record: &OfferRecord, standing: &Standing, at: i64) -> Result<(), Error> {
    if store::offer::stand(tx, record.id, &record.standing, standing, at).await? {
        Ok(())
    } else {
        Err(Error::Again)
    }
}

/// An audit row about an offer; it says when the centre acts for the village.
pub(super) fn entry(
    action: &'static str,
    actor: &Actor,
    id: Uuid,
    village_code: &str,
    detail: &str,
) -> Entry {
    let for_village =
        actor.grant.role == Role::CentreOperator && !matches!(action, "offer.publish" | "offer.return");
    Entry {
        action,
        object_kind: "offer",
        object_id: id.to_string(),
        village_code: Some(village_code.to_owned()),
        detail: if for_village {
            format!("代办 {detail}")
        } else {
            detail.to_owned()
        },
        ..Entry::default()
    }
}
