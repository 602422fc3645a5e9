//! 人员: people and the roles they hold.

use super::idempotency::{self, Key};
use super::{App, Error, link, paging, right, session, step_up};
use crate::store::audit::Entry;
use crate::store::person::PersonRow;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::page::Page;
use shared::api::person::{GrantIn, LinkOut, NewPersonOut, PersonIn, PersonOut};
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Bound, Grant, Role};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

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

/// People by the name they sign in with, each with their roles: two statements however many they are.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key that is none.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<PersonOut>, Error> {
    right::require(actor, Action::PeopleRead, Place::DISTRICT)?;
    let after = after.unwrap_or_default();
    if !after.is_empty() && sign_in_name_problem(after).is_some() {
        return Err(Error::field("after", FieldCode::NotAChoice));
    }
    let limit = paging::limit(limit);
    let mut rows = store::person::list(app.db.read(), after, limit + 1).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| more).map(|row| row.sign_in_name.clone());
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let grants = grants_of(app, &ids).await?;
    Ok(Page {
        items: rows.into_iter().map(|row| out(row, &grants)).collect(),
        next,
    })
}

fn out(row: PersonRow, grants: &[(Uuid, Grant)]) -> PersonOut {
    PersonOut {
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
    Ok(out(row, &grants))
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
    let person_id = idempotency::once(app, actor.person_id, "person.create", key, &input, move |tx| {
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
            let given = grant_entry("person.grant", id, &grant);
            store::person::insert(tx, vec![person]).await?;
            store::person::insert_grants(tx, vec![(id, grant)], now).await?;
            store::audit::insert(tx, now, Some(&by), vec![added, given]).await?;
            Ok(id)
        }
        .boxed()
    })
    .await?;
    let link = new_link(app, actor, person_id).await?;
    Ok(NewPersonOut {
        person: show(app, actor, person_id).await?,
        link,
    })
}

/// Makes a new link through which a person sets their password; earlier ones end. An administrator cannot set it for them.
///
/// # Errors
/// `Forbidden`, `NotFound`; `WrongState` for a suspended person.
pub async fn new_link(app: &App, actor: &Actor, id: Uuid) -> Result<LinkOut, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let made = link::make(app, Some(id));
    let (now, actor, stored) = (app.now(), actor.clone(), made.stored);
    app.db
        .write(move |tx| {
            let (actor, stored) = (actor.clone(), stored.clone());
            async move {
                let person = store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
                if person.suspended {
                    return Err(Error::wrong_state());
                }
                store::link::end_of_person(tx, id, now).await?;
                store::link::insert(tx, stored).await?;
                let entry = session::entry("person.link", "person", id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(made.out)
}

/// Gives a person one role more.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for fields; `Duplicate` when they hold it; `KeyReused`.
pub async fn grant(app: &App, actor: &Actor, id: Uuid, input: &GrantIn, key: &Key) -> Result<Grant, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    if let Some(problem) = grant_problem(input, "") {
        return Err(Error::invalid(vec![problem]));
    }
    let (now, grant_id, by, giving) = (app.now(), app.new_id(), actor.clone(), input.clone());
    idempotency::once(
        app,
        actor.person_id,
        "person.grant",
        key,
        &(id, input),
        move |tx| {
            let (by, input) = (by.clone(), giving.clone());
            async move {
                store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
                let grant = placed(tx, grant_id, &input, "").await?;
                let held = store::person::grants_of(tx, &[id]).await?;
                let same = held.iter().any(|g| {
                    g.role == grant.role.as_str()
                        && g.unit_id == grant.unit_id
                        && g.village_code == grant.village_code
                        && g.town_code == grant.town_code
                });
                if same {
                    return Err(Error::refused(Code::Duplicate));
                }
                store::person::insert_grants(tx, vec![(id, grant.clone())], now).await?;
                store::audit::insert(tx, now, Some(&by), vec![grant_entry("person.grant", id, &grant)])
                    .await?;
                Ok(grant)
            }
            .boxed()
        },
    )
    .await
}

/// Takes a role from a person, at once: sessions fall back to another of their roles, tokens of that role end.
///
/// # Errors
/// `Forbidden`; `NotFound` when they do not hold it; `WrongState` for one's own last administrator role.
pub async fn withdraw(app: &App, actor: &Actor, id: Uuid, grant_id: Uuid) -> Result<(), Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |tx| {
            let actor = actor.clone();
            async move {
                let held = store::person::grants_of(tx, &[id]).await?;
                let gone = held
                    .iter()
                    .find(|g| g.grant_id == grant_id)
                    .ok_or_else(Error::not_found)?;
                let is_admin = |role: &str| role == Role::Admin.as_str();
                let admins = held.iter().filter(|g| is_admin(&g.role)).count();
                if id == actor.person_id && is_admin(&gone.role) && admins == 1 {
                    return Err(Error::wrong_state());
                }
                if !store::person::withdraw_grant(tx, id, grant_id, now).await? {
                    return Err(Error::not_found());
                }
                let place = gone.place_name.clone().unwrap_or_default();
                let mut entry = session::entry("person.withdraw", "person", id);
                entry.detail = format!("{} {place}", gone.role).trim().to_owned();
                entry.unit_id = gone.unit_id;
                entry.village_code.clone_from(&gone.village_code);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
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

/// The place that a role needs and a grant does not name, or names by what is no code.
fn grant_problem(input: &GrantIn, prefix: &str) -> Option<FieldProblem> {
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

async fn placed(tx: &Tx, id: Uuid, input: &GrantIn, prefix: &str) -> Result<Grant, Error> {
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

fn grant_entry(action: &'static str, person_id: Uuid, grant: &Grant) -> Entry {
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
    fn sign_in_names_are_plain() {
        for good in ["abc", "zhang.wei", "unit-07_b", &"a".repeat(40)] {
            assert_eq!(sign_in_name_problem(good), None, "{good}");
        }
        for bad in ["", "ab", "张伟东", "a b c", "Abc", "a/b/c", &"a".repeat(41)] {
            assert!(sign_in_name_problem(bad).is_some(), "{bad}");
        }
    }

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
