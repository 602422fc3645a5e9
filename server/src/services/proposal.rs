//! 待确认: what takes two administrators. One proposes, another confirms, both are on record.

use super::notice::{self, Notice, NoticeKind, To};
use super::role::grant_entry;
use super::session;
use super::{App, Error, fault, right, step_up};
use crate::store::proposal::{NewProposal, ProposalRow};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::proposal::{ProposalKind, ProposalOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant, Role};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Days after which a proposal that nobody decided has lapsed.
pub const LAPSES_DAYS: i64 = 14;
/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// What was proposed later than this has not lapsed.
pub(super) const fn since(now: Micros) -> Micros {
    now.plus_days(-LAPSES_DAYS)
}

/// What waits for a second administrator, oldest first.
///
/// # Errors
/// `Forbidden`.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ProposalOut>, Error> {
    right::require(actor, Action::PeopleRead, Place::DISTRICT)?;
    let rows = store::proposal::open(app.db.read(), since(app.now())).await?;
    rows.into_iter().map(out).collect()
}

fn out(row: ProposalRow) -> Result<ProposalOut, Error> {
    Ok(ProposalOut {
        id: row.id,
        kind: kind_of(&row)?,
        person_id: row.person_id,
        person_name: row.person_name,
        sign_in_name: row.sign_in_name,
        role: row.role.as_deref().map(session::role_of).transpose()?,
        reason: row.reason,
        proposed_by: row.proposed_by,
        proposed_by_name: row.proposed_by_name,
        proposed_at: Micros(row.proposed_at),
    })
}

fn kind_of(row: &ProposalRow) -> Result<ProposalKind, Error> {
    ProposalKind::from_name(&row.kind)
        .ok_or_else(|| fault(format!("stored proposal '{}' is unknown", row.kind)))
}

/// What is proposed.
pub(super) struct Proposed {
    pub id: Uuid,
    pub kind: ProposalKind,
    pub person_id: Uuid,
    pub grant_id: Option<Uuid>,
    pub role: Option<Role>,
    pub reason: String,
}

/// Records a proposal and tells the other administrators; the same one twice is a double.
pub(super) async fn propose(tx: &Tx, by: &Actor, proposed: Proposed, now: Micros) -> Result<Uuid, Error> {
    let person = store::person::by_id(tx, proposed.person_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let open = store::proposal::open_of_person(tx, proposed.person_id, since(now)).await?;
    let same = open.iter().any(|row| {
        row.kind == proposed.kind.as_str() && row.role.as_deref() == proposed.role.map(Role::as_str)
    });
    if same {
        return Err(Error::refused(Code::Duplicate));
    }
    let mut entry = session::entry("person.propose", "person", proposed.person_id);
    entry.detail = words(proposed.kind, proposed.role, &proposed.reason);
    store::proposal::insert(
        tx,
        by,
        NewProposal {
            id: proposed.id,
            kind: proposed.kind.as_str(),
            person_id: proposed.person_id,
            grant_id: proposed.grant_id,
            role: proposed.role.map(Role::as_str),
            reason: proposed.reason,
            proposed_at: now,
        },
    )
    .await?;
    store::audit::insert(tx, now, Some(by), vec![entry]).await?;
    let waits = Notice {
        to: To::Role(Role::Admin),
        kind: NoticeKind::ProposalWaits,
        subject: person.name,
        path: "/people/proposals".to_owned(),
    };
    notice::tell(tx, now, vec![waits]).await?;
    Ok(proposed.id)
}

/// What stands on record of a proposal, read again by the page of the log.
fn words(kind: ProposalKind, role: Option<Role>, reason: &str) -> String {
    format!("{} {} {reason}", kind.as_str(), role.map_or("", Role::as_str))
        .trim()
        .to_owned()
}

/// Proposes to take away the second factor of somebody who has lost it.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` without a reason; `WrongState` where there is none or for oneself; `Duplicate`
/// when it waits already; `StepUpNeeded`.
pub async fn reset_second_factor(app: &App, actor: &Actor, id: Uuid, reason: &str) -> Result<Uuid, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if reason.chars().count() > MAX_REASON {
        let long = FieldProblem::bound("reason", FieldCode::TooLong, MAX_REASON);
        return Err(Error::invalid(vec![long]));
    }
    if reason.chars().any(char::is_control) {
        return Err(Error::field("reason", FieldCode::BadCharacters));
    }
    let (now, proposal_id, by, reason) = (app.now(), app.new_id(), actor.clone(), reason.to_owned());
    app.db
        .write(move |tx| {
            let (by, reason) = (by.clone(), reason.clone());
            async move {
                store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
                let has = store::second_factor::of_person(tx, id).await?.is_some();
                if !has || id == by.person_id {
                    return Err(Error::wrong_state());
                }
                let proposed = Proposed {
                    id: proposal_id,
                    kind: ProposalKind::ResetSecondFactor,
                    person_id: id,
                    grant_id: None,
                    role: None,
                    reason,
                };
                propose(tx, &by, proposed, now).await
            }
            .boxed()
        })
        .await
}

/// Confirms what another administrator has proposed, and does it.
///
/// # Errors
/// `Forbidden`; `NotFound` when nothing waits under this id; `SamePerson` for the proposer, and for whom it gives
/// something; `WrongState` when it can no longer be done; `StepUpNeeded`.
pub async fn confirm(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    decide(app, actor, id, true).await
}

/// Declines what was proposed; the proposer takes it back in the same way.
///
/// # Errors
/// `Forbidden`; `NotFound` when nothing waits under this id; `StepUpNeeded`.
pub async fn decline(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    decide(app, actor, id, false).await
}

async fn decide(app: &App, actor: &Actor, id: Uuid, confirmed: bool) -> Result<(), Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let (now, by, grant_id) = (app.now(), actor.clone(), app.new_id());
    app.db
        .write(move |tx| {
            let by = by.clone();
            async move {
                let row = store::proposal::open_one(tx, id, since(now))
                    .await?
                    .ok_or_else(Error::not_found)?;
                let kind = kind_of(&row)?;
                let gains = row.person_id == by.person_id && kind != ProposalKind::Withdraw;
                if confirmed && (row.proposed_by == by.person_id || gains) {
                    return Err(Error::refused(Code::SamePerson));
                }
                let (outcome, action) = if confirmed {
                    ("confirmed", "person.confirm")
                } else {
                    ("declined", "person.decline")
                };
                if !store::proposal::decide(tx, &by, id, outcome, now).await? {
                    return Err(Error::wrong_state());
                }
                let role = row.role.as_deref().map(session::role_of).transpose()?;
                let mut entry = session::entry(action, "person", row.person_id);
                entry.detail = words(kind, role, &row.reason);
                store::audit::insert(tx, now, Some(&by), vec![entry]).await?;
                if confirmed {
                    carry_out(tx, &by, &row, kind, role, grant_id, now).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

async fn carry_out(
    tx: &Tx,
    by: &Actor,
    row: &ProposalRow,
    kind: ProposalKind,
    role: Option<Role>,
    new_grant: Uuid,
    now: Micros,
) -> Result<(), Error> {
    let person_id = row.person_id;
    let told = match kind {
        ProposalKind::Grant => {
            let grant = Grant {
                id: new_grant,
                role: role.ok_or_else(|| fault("a proposal without its role"))?,
                unit_id: None,
                village_code: None,
                town_code: None,
                place_name: String::new(),
            };
            let held = store::person::grants_of(tx, &[person_id]).await?;
            if held.iter().any(|g| g.role == grant.role.as_str()) {
                return Err(Error::wrong_state());
            }
            let entry = grant_entry("person.grant", person_id, &grant);
            store::person::insert_grants(tx, vec![(person_id, grant)], now).await?;
            store::audit::insert(tx, now, Some(by), vec![entry]).await?;
            NoticeKind::RoleGranted
        }
        ProposalKind::Withdraw => {
            let grant_id = row
                .grant_id
                .ok_or_else(|| fault("a proposal without its grant"))?;
            // Somebody must be left who can let others in.
            let others = store::person::administrators(tx, person_id).await?;
            if others == 0 || !store::person::withdraw_grant(tx, person_id, grant_id, now).await? {
                return Err(Error::wrong_state());
            }
            let mut entry = session::entry("person.withdraw", "person", person_id);
            entry.detail = role.map_or("", Role::as_str).to_owned();
            store::audit::insert(tx, now, Some(by), vec![entry]).await?;
            NoticeKind::RoleWithdrawn
        }
        ProposalKind::ResetSecondFactor => {
            if !store::second_factor::remove(tx, person_id).await? {
                return Err(Error::wrong_state());
            }
            store::session::end_others(tx, person_id, None).await?;
            store::token::revoke_all(tx, person_id, now).await?;
            let entry = session::entry("second_factor.reset", "person", person_id);
            store::audit::insert(tx, now, Some(by), vec![entry]).await?;
            NoticeKind::SecondFactorReset
        }
    };
    let subject = role.map_or_else(String::new, |role| role.as_str().to_owned());
    let told = Notice {
        to: To::Person(person_id),
        kind: told,
        subject,
        path: "/me".to_owned(),
    };
    notice::tell(tx, now, vec![told]).await
}
