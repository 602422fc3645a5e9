//! 人员: people and the roles they hold.

use super::idempotency::{self, Key};
use super::role::{give, grant_problem, placed};
use super::{App, Error, notice, paging, right, search, session, step_up};
use crate::store;
use crate::store::person::{MarksRow, PersonRow};
use crate::store::search::Named;
use futures::FutureExt as _;
use shared::api::page::Page;
use shared::api::person::{ContactIn, NewPersonOut, PersonIn, PersonOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant, Role};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

pub use super::invitation::{new_link, revoke_links};
pub(super) use super::role::bound;
pub use super::role::{grant, withdraw};

/// The longest name of a person, in characters.
const MAX_NAME: usize = 40;
/// The longest address of mail, in characters.
const MAX_EMAIL: usize = 120;
/// The longest telephone number, in characters.
const MAX_PHONE: usize = 30;

/// What is wrong with a sign-in name: 3 to 40 of a-z, 0-9, '.', '-', '_'.
#[must_use]
pub fn sign_in_name_problem(name: &str) -> Option<FieldProblem> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    match name.chars().count() {
        0 => Some(FieldProblem::new("sign_in_name", FieldCode::Required)),
        1..=2 => Some(FieldProblem::bound("sign_in_name", FieldCode::TooShort, 3)),
        3..=40 if name.chars().all(good) => None,
        3..=40 => Some(FieldProblem::new("sign_in_name", FieldCode::BadCharacters)),
        _ => Some(FieldProblem::bound("sign_in_name", FieldCode::TooLong, 40)),
    }
}

/// What is wrong with a person's name.
#[must_use]
pub fn name_problem(name: &str) -> Option<FieldProblem> {
    if name.is_empty() {
        Some(FieldProblem::new("name", FieldCode::Required))
    } else if name.chars().count() > MAX_NAME {
        Some(FieldProblem::bound("name", FieldCode::TooLong, MAX_NAME))
    } else if name.chars().any(char::is_control) {
        Some(FieldProblem::new("name", FieldCode::BadCharacters))
    } else {
        None
    }
}

/// The roles that people hold, each with its person, oldest first.
pub(super) async fn grants_of(app: &App, people: &[Uuid]) -> Result<Vec<(Uuid, Grant)>, Error> {
    let rows = store::person::grants_of(app.db.read(), people).await?;
    rows.into_iter()
        .map(|row| {
            let grant = Grant {
                id: row.grant_id,
                role: session::role_of(&row.role)?,
                unit_id: row.unit_id,
                village_code: row.village_code,
                town_code: row.town_code,
                place_name: row.place_name.unwrap_or_default(),
            };
            Ok((row.person_id, grant))
        })
        .collect()
}

/// Which people are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Part of their name or of the name they sign in with.
    pub q: String,
    /// A role that they hold.
    pub role: Option<Role>,
}

/// People by the name they sign in with, each with their roles: three statements however many they are.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key that is none.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<PersonOut>, Error> {
    right::require(actor, Action::PeopleRead, Place::DISTRICT)?;
    let after = after.unwrap_or_default();
    if !after.is_empty() && sign_in_name_problem(after).is_some() {
        return Err(Error::field("after", FieldCode::NotAChoice));
    }
    let limit = paging::limit(limit);
    if asked.q.chars().count() > MAX_NAME {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "q",
            FieldCode::TooLong,
            MAX_NAME,
        )]));
    }
    let role = asked.role.map_or("", Role::as_str);
    let among = search::among(app, Named::People, &asked.q).await?;
    let mut rows = store::person::list(app.db.read(), &among, role, after, limit + 1).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| row.sign_in_name.clone());
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let grants = grants_of(app, &ids).await?;
    let marks = store::person::marks_of(app.db.read(), &ids, app.now()).await?;
    Ok(Page {
        items: rows.into_iter().map(|row| out(row, &grants, &marks)).collect(),
        next,
    })
}

fn out(row: PersonRow, grants: &[(Uuid, Grant)], marks: &[MarksRow]) -> PersonOut {
    let marks = marks.iter().find(|marks| marks.id == row.id);
    PersonOut {
        second_factor_at: marks.and_then(|marks| marks.enrolled_at).map(Micros),
        link_until: marks.and_then(|marks| marks.link_until).map(Micros),
        grants: grants
            .iter()
            .filter(|(person, _)| *person == row.id)
            .map(|(_, grant)| grant.clone())
            .collect(),
        id: row.id,
        sign_in_name: row.sign_in_name,
        name: row.name,
        suspended: row.suspended,
        created_at: Micros(row.created_at),
        email: row.email,
        phone: row.phone,
        has_password: row.password_hash.is_some(),
    }
}

/// What was typed, trimmed; `None` for nothing.
fn typed(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// What is wrong with an address of mail or a telephone number. An address is only sure when mail has come there: what
/// is refused is what cannot be one.
#[must_use]
pub fn contact_problems(email: Option<&str>, phone: Option<&str>) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if let Some(email) = email {
        let parts = email.split_once('@');
        let good = parts.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        });
        let plain = email
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"<>,;:\\\"()[]".contains(&b));
        if email.len() > MAX_EMAIL {
            problems.push(FieldProblem::bound("email", FieldCode::TooLong, MAX_EMAIL));
        } else if !good || !plain || email.matches('@').count() != 1 {
            problems.push(FieldProblem::new("email", FieldCode::BadCharacters));
        }
    }
    if let Some(phone) = phone {
        if phone.chars().count() > MAX_PHONE {
            problems.push(FieldProblem::bound("phone", FieldCode::TooLong, MAX_PHONE));
        } else if !phone.bytes().all(|b| b.is_ascii_digit() || b"+-() ".contains(&b)) {
            problems.push(FieldProblem::new("phone", FieldCode::BadCharacters));
        }
    }
    problems
}

/// A person with their roles.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<PersonOut, Error> {
    right::require(actor, Action::PeopleRead, Place::DISTRICT)?;
    let row = store::person::by_id(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    let grants = grants_of(app, &[id]).await?;
    let marks = store::person::marks_of(app.db.read(), &[id], app.now()).await?;
    Ok(out(row, &grants, &marks))
}

/// Adds a person with a first role and makes the link through which they choose their password. The same request again
/// adds nobody, and answers a new link that ends the first one.
///
/// # Errors
/// `Forbidden`; `Invalid` for fields; `KeyReused`.
pub async fn create(app: &App, actor: &Actor, input: &PersonIn, key: &Key) -> Result<NewPersonOut, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let input = PersonIn {
        sign_in_name: input.sign_in_name.trim().to_lowercase(),
        name: input.name.trim().to_owned(),
        grant: input.grant.clone(),
        email: typed(input.email.as_deref()),
        phone: typed(input.phone.as_deref()),
    };
    let mut problems: Vec<FieldProblem> = sign_in_name_problem(&input.sign_in_name).into_iter().collect();
    problems.extend(name_problem(&input.name));
    problems.extend(grant_problem(&input.grant, "grant."));
    problems.extend(contact_problems(input.email.as_deref(), input.phone.as_deref()));
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let (now, id, grant_id, by, adding) = (
        app.now(),
        app.new_id(),
        app.new_id(),
        actor.clone(),
        input.clone(),
    );
    let (person_id, proposal) =
        idempotency::once(app, actor.person_id, "person.create", key, &input, move |tx| {
            let (input, by) = (adding.clone(), by.clone());
            async move {
                if store::person::by_name(tx, &input.sign_in_name).await?.is_some() {
                    return Err(Error::field("sign_in_name", FieldCode::Taken));
                }
                let grant = placed(tx, grant_id, &input.grant, "grant.").await?;
                let (sign_in_name, name) = (input.sign_in_name, input.name);
                let person = PersonRow {
                    id,
                    sign_in_name,
                    name,
                    password_hash: None,
                    suspended: false,
                    created_at: now.0,
                    email: input.email,
                    phone: input.phone,
                };
                let mut added = session::entry("person.create", "person", id);
                added.detail.clone_from(&person.sign_in_name);
                store::person::insert(tx, vec![person]).await?;
                store::audit::insert(tx, now, Some(&by), vec![added]).await?;
                Ok((id, give(tx, &by, id, grant, now).await?.proposal))
            }
            .boxed()
        })
        .await?;
    search::renamed(app);
    let link = new_link(app, actor, person_id).await?;
    Ok(NewPersonOut {
        person: show(app, actor, person_id).await?,
        link,
        proposal,
    })
}

/// Changes how a person is reached.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for fields; `StepUpNeeded`, for a one-time link goes to this address.
pub async fn set_contact(app: &App, actor: &Actor, id: Uuid, input: &ContactIn) -> Result<(), Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let (email, phone) = (typed(input.email.as_deref()), typed(input.phone.as_deref()));
    let problems = contact_problems(email.as_deref(), phone.as_deref());
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |tx| {
            let (actor, email, phone) = (actor.clone(), email.clone(), phone.clone());
            async move {
                if !store::person::set_contact(tx, id, email, phone).await? {
                    return Err(Error::not_found());
                }
                let entry = session::entry("person.contact", "person", id);
                store::audit::insert(tx, now, Some(&actor), vec![entry]).await?;
                let told = notice::Notice {
                    to: notice::To::Person(id),
                    kind: notice::NoticeKind::ContactChanged,
                    subject: String::new(),
                    path: "/me".to_owned(),
                };
                notice::tell(tx, now, vec![told]).await
            }
            .boxed()
        })
        .await
}

/// Suspends a person, which ends their sessions, links and tokens at once, or lets them in again.
///
/// # Errors
/// `Forbidden`, `NotFound`; `WrongState` for oneself.
pub async fn suspend(app: &App, actor: &Actor, id: Uuid, suspended: bool) -> Result<(), Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    if id == actor.person_id {
        return Err(Error::wrong_state());
    }
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |tx| {
            let actor = actor.clone();
            async move {
                store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
                if !store::person::set_suspended(tx, id, suspended).await? {
                    return Ok(());
                }
                if suspended {
                    store::session::end_others(tx, id, None).await?;
                    store::link::end_of_person(tx, id, now).await?;
                    store::token::revoke_all(tx, id, now).await?;
                }
                let action = if suspended {
                    "person.suspend"
                } else {
                    "person.unsuspend"
                };
                let entry = session::entry(action, "person", id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_names_are_plain() {
        for good in ["abc", "zhang.wei", "unit-07_b", &"a".repeat(40)] {
            assert_eq!(sign_in_name_problem(good), None, "{good}");
        }
        for bad in ["", "ab", "张伟东", "a b c", "Abc", "a/b/c", &"a".repeat(41)] {
            assert!(sign_in_name_problem(bad).is_some(), "{bad}");
        }
    }
}
