//! 身份: giving roles to people and withdrawing them.

use super::idempotency::{self, Key};
use super::notice::{self, Notice, NoticeKind, To};
use super::proposal::{self, Proposed};
use super::{App, Error, right, session, step_up};
use crate::store::audit::Entry;
use crate::store::person::PersonGrantRow;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::person::GrantIn;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::proposal::{GrantedOut, ProposalKind, WithdrawnOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Bound, Grant, Role};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Gives a person one role more: at once, or, where it takes two administrators, once another has confirmed it.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for fields; `Duplicate` when they hold it or it waits; `KeyReused`;
/// `StepUpNeeded`.
pub async fn grant(
    app: &App,
    actor: &Actor,
    id: Uuid,
    input: &GrantIn,
    key: &Key,
) -> Result<GrantedOut, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    if let Some(problem) = grant_problem(input, "") {
        return Err(Error::invalid(vec![problem]));
    }
    let (now, new_id, by, giving) = (app.now(), app.new_id(), actor.clone(), input.clone());
    let body = (id, input);
    idempotency::once(app, actor.person_id, "person.grant", key, &body, move |tx| {
        let (by, input) = (by.clone(), giving.clone());
        async move {
            store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
            let grant = placed(tx, new_id, &input, "").await?;
            let held = store::person::grants_of(tx, &[id]).await?;
            if held.iter().any(|g| is_same(g, &grant)) {
                return Err(Error::refused(Code::Duplicate));
            }
            give(tx, &by, id, grant, now).await
        }
        .boxed()
    })
    .await
}

fn is_same(held: &PersonGrantRow, grant: &Grant) -> bool {
    held.role == grant.role.as_str()
        && held.unit_id == grant.unit_id
        && held.village_code == grant.village_code
        && held.town_code == grant.town_code
}

/// Gives a role, or proposes it. The only administrator there is makes the second one alone: nobody else could confirm.
pub(super) async fn give(
    tx: &Tx,
    by: &Actor,
    person_id: Uuid,
    grant: Grant,
    now: Micros,
) -> Result<GrantedOut, Error> {
    let alone = grant.role == Role::Admin && store::person::administrators(tx, by.person_id).await? == 0;
    if grant.role.needs_two_administrators() && !alone {
        let proposed = Proposed {
            id: grant.id,
            kind: ProposalKind::Grant,
            person_id,
            grant_id: None,
            role: Some(grant.role),
            reason: String::new(),
        };
        let id = proposal::propose(tx, by, proposed, now).await?;
        return Ok(GrantedOut {
            grant: None,
            proposal: Some(id),
        });
    }
    let mut entry = grant_entry("person.grant", person_id, &grant);
    if alone {
        entry.detail.push_str(" sole_administrator");
    }
    store::person::insert_grants(tx, vec![(person_id, grant.clone())], now).await?;
    store::audit::insert(tx, now, Some(by), vec![entry]).await?;
    tell(tx, NoticeKind::RoleGranted, person_id, grant.role, now).await?;
    Ok(GrantedOut {
        grant: Some(grant),
        proposal: None,
    })
}

/// Tells a person what became of a role of theirs.
pub(super) async fn tell(
    tx: &Tx,
    kind: NoticeKind,
    person_id: Uuid,
    role: Role,
    now: Micros,
) -> Result<(), Error> {
    let notice = Notice {
        to: To::Person(person_id),
        kind,
        subject: role.as_str().to_owned(),
        path: "/me".to_owned(),
    };
    notice::tell(tx, now, vec![notice]).await
}

/// Takes a role from a person, at once: sessions fall back to another of their roles, tokens of that role end. An
/// administrator's role takes two administrators, and the last one's stays.
///
/// # Errors
/// `Forbidden`; `NotFound` when they do not hold it; `WrongState` for the last administrator role; `Duplicate` when it
/// waits already; `StepUpNeeded`.
pub async fn withdraw(app: &App, actor: &Actor, id: Uuid, grant_id: Uuid) -> Result<WithdrawnOut, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let (now, actor, proposal_id) = (app.now(), actor.clone(), app.new_id());
    app.db
        .write(move |tx| {
            let actor = actor.clone();
            async move {
                let held = store::person::grants_of(tx, &[id]).await?;
                let gone = held
                    .iter()
                    .find(|g| g.grant_id == grant_id)
                    .ok_or_else(Error::not_found)?;
                let role = session::role_of(&gone.role)?;
                if role == Role::Admin {
                    return propose_withdrawal(tx, &actor, id, grant_id, proposal_id, now).await;
                }
                if !store::person::withdraw_grant(tx, id, grant_id, now).await? {
                    return Err(Error::not_found());
                }
                let place = gone.place_name.clone().unwrap_or_default();
                let mut entry = session::entry("person.withdraw", "person", id);
                entry.detail = format!("{} {place}", gone.role).trim().to_owned();
                entry.unit_id = gone.unit_id;
                entry.village_code.clone_from(&gone.village_code);
                store::audit::insert(tx, now, Some(&actor), vec![entry]).await?;
                tell(tx, NoticeKind::RoleWithdrawn, id, role, now).await?;
                Ok(WithdrawnOut {
                    withdrawn: true,
                    proposal: None,
                })
            }
            .boxed()
        })
        .await
}

async fn propose_withdrawal(
    tx: &Tx,
    by: &Actor,
    person_id: Uuid,
    grant_id: Uuid,
    id: Uuid,
    now: Micros,
) -> Result<WithdrawnOut, Error> {
    if store::person::administrators(tx, person_id).await? == 0 {
        return Err(Error::wrong_state());
    }
    let proposed = Proposed {
        id,
        kind: ProposalKind::Withdraw,
        person_id,
        grant_id: Some(grant_id),
        role: Some(Role::Admin),
        reason: String::new(),
    };
    Ok(WithdrawnOut {
        withdrawn: false,
        proposal: Some(proposal::propose(tx, by, proposed, now).await?),
    })
}

/// The place that a role needs and a grant does not name, or names by what is no code.
pub(super) fn grant_problem(input: &GrantIn, prefix: &str) -> Option<FieldProblem> {
    let wrong = |code: Option<&str>| match code.unwrap_or_default() {
        "" => Some(FieldCode::Required),
        code if code.bytes().all(|b| b.is_ascii_digit()) => None,
        _ => Some(FieldCode::Unknown),
    };
    let (field, code) = match input.role.bound_to() {
        Bound::Unit => ("unit_id", input.unit_id.is_none().then_some(FieldCode::Required)),
        Bound::Village => ("village_code", wrong(input.village_code.as_deref())),
        Bound::Town => ("town_code", wrong(input.town_code.as_deref())),
        Bound::District => return None,
    };
    code.map(|code| FieldProblem::new(format!("{prefix}{field}"), code))
}

/// A role at the one place it is bound to: whatever else the request names is left out.
pub(super) fn bound(id: Uuid, input: &GrantIn) -> Grant {
    let bound = input.role.bound_to();
    Grant {
        id,
        role: input.role,
        unit_id: input.unit_id.filter(|_| bound == Bound::Unit),
        village_code: input.village_code.clone().filter(|_| bound == Bound::Village),
        town_code: input.town_code.clone().filter(|_| bound == Bound::Town),
        place_name: String::new(),
    }
}

pub(super) async fn placed(tx: &Tx, id: Uuid, input: &GrantIn, prefix: &str) -> Result<Grant, Error> {
    let grant = bound(id, input);
    let field = match grant.role.bound_to() {
        Bound::Unit => "unit_id",
        Bound::Village => "village_code",
        Bound::Town | Bound::District => "town_code",
    };
    match store::person::place_name(tx, &grant).await? {
        Some(place_name) => Ok(Grant { place_name, ..grant }),
        None => Err(Error::field(&format!("{prefix}{field}"), FieldCode::Unknown)),
    }
}

pub(super) fn grant_entry(action: &'static str, person_id: Uuid, grant: &Grant) -> Entry {
    Entry {
        detail: format!("{} {}", grant.role.as_str(), grant.place_name)
            .trim()
            .to_owned(),
        unit_id: grant.unit_id,
        village_code: grant.village_code.clone(),
        ..session::entry(action, "person", person_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_bound_to_its_own_kind_of_place() {
        let all = |role| GrantIn {
            role,
            unit_id: Some(Uuid::max()),
            village_code: Some("120119100201".to_owned()),
            town_code: Some("120119100".to_owned()),
        };
        for role in Role::ALL {
            let grant = bound(Uuid::nil(), &all(role));
            let named = (
                grant.unit_id.is_some(),
                grant.village_code.is_some(),
                grant.town_code.is_some(),
            );
            let expected = match role.bound_to() {
                Bound::Unit => (true, false, false),
                Bound::Village => (false, true, false),
                Bound::Town => (false, false, true),
                Bound::District => (false, false, false),
            };
            assert_eq!(named, expected, "{role:?}");
            let nowhere = GrantIn {
                role,
                unit_id: None,
                village_code: None,
                town_code: None,
            };
            assert_eq!(
                grant_problem(&nowhere, "").is_some(),
                role.bound_to() != Bound::District,
                "{role:?}"
            );
        }
    }
}
