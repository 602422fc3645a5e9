//! 登录: who is asking, and one's own sessions.

use super::{App, Error, agent, fault, password, right, second_factor, throttle};
use crate::config::TwoFactor;
use crate::store::audit::Entry;
use crate::store::session::{NewSession, SessionGrantRow};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::person::MeOut;
use shared::api::problem::Code;
use shared::api::session::{SessionOut, SignInIn};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant, Role};
use shared::domain::rights::{Action, Place};
use std::net::IpAddr;
use uuid::Uuid;

/// Idle sessions end after this long.
pub const IDLE_S: i64 = 12 * 3600;
/// Every session ends after this long.
pub const MAX_AGE_S: i64 = 7 * 86_400;
/// How often the use of a session is noted.
const SEEN_EVERY_S: i64 = 300;

/// Somebody signed in, by session or token.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session's or token's id.
    pub session_id: Uuid,
    /// When it was last seen, in UTC microseconds.
    pub seen_at: i64,
    /// Whether it is an API token.
    pub token: bool,
    /// Whether anything but the second factor is open to them.
    pub standing: Standing,
    /// Who, in the active role.
    pub actor: Actor,
    /// The same for the page header.
    pub me: MeOut,
}

/// How far somebody has come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All the way.
    Open,
    /// By the password; a code of their second factor is still missing.
    NeedsCode,
    /// By the password; their role needs a second factor, which they have yet to set up.
    NeedsEnrolment,
}

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The `User-Agent` header.
    pub agent: String,
    /// The address, where it is known.
    pub address: Option<IpAddr>,
}

/// Somebody who has just come in: the session's secret goes to them and nowhere else.
pub struct Entered {
    /// The secret.
    pub secret: [u8; 32],
    /// The session's id.
    pub session_id: Uuid,
    /// How long it lasts at the most.
    pub max_age_s: i64,
    /// Who.
    pub actor: Actor,
    /// How far they have come in.
    pub standing: Standing,
}

/// What is stored of a secret: its SHA-256. Secrets are 256 random bits, so that no slow hash is needed.
#[must_use]
pub fn hash_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// An audit row about a person's own things.
#[must_use]
pub fn entry(action: &'static str, object_kind: &'static str, object_id: Uuid) -> Entry {
    Entry {
        action,
        object_kind,
        object_id: object_id.to_string(),
        ..Entry::default()
    }
}

/// Who holds this session secret now; `None` when the session has ended, was idle too long, or the person is suspended.
///
/// # Errors
/// When the database cannot be read.
pub async fn resolve(app: &App, secret: &[u8]) -> Result<Option<SignedIn>, Error> {
    let now = app.now().0;
    let rows = store::session::by_secret(app.db.read(), &hash_secret(secret), now).await?;
    let live = rows
        .first()
        .is_some_and(|row| now - row.seen_at < IDLE_S * 1_000_000);
    if live {
        signed_in(app, &rows, false)
    } else {
        Ok(None)
    }
}

/// Who holds this API token (the whole text behind `Bearer`, as bytes) now.
///
/// # Errors
/// When the database cannot be read.
pub async fn resolve_token(app: &App, secret: &[u8]) -> Result<Option<SignedIn>, Error> {
    let rows = store::session::by_token(app.db.read(), &hash_secret(secret), app.now().0).await?;
    signed_in(app, &rows, true)
}

fn signed_in(app: &App, rows: &[SessionGrantRow], token: bool) -> Result<Option<SignedIn>, Error> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let grants = rows.iter().map(grant_of).collect::<Result<Vec<_>, _>>()?;
    // A withdrawn grant leaves the person in another of theirs.
    let active = grants
        .iter()
        .find(|g| g.id == first.active_grant)
        .or_else(|| grants.first())
        .cloned();
    let Some(active) = active else { return Ok(None) };
    let actor = Actor {
        person_id: first.person_id,
        person_name: first.person_name.clone(),
        grant: active.clone(),
        proven_at: first.proven_at.map(Micros),
    };
    let standing = standing(
        app,
        &grants,
        first.enrolled_at.is_some(),
        first.second_factor_at.is_some(),
    );
    let me = MeOut {
        person_id: first.person_id,
        sign_in_name: first.sign_in_name.clone(),
        name: first.person_name.clone(),
        active,
        grants,
        second_factor: first.enrolled_at.is_some(),
    };
    Ok(Some(SignedIn {
        session_id: first.id,
        seen_at: first.seen_at,
        token,
        standing,
        actor,
        me,
    }))
}

/// How far a person with these roles has come in. A token is made by one who had come in all the way.
pub(super) fn standing(app: &App, grants: &[Grant], enrolled: bool, given: bool) -> Standing {
    let required = app.config.two_factor == TwoFactor::Required
        && grants.iter().any(|grant| grant.role.needs_second_factor());
    match (enrolled, given) {
        (true, true) => Standing::Open,
        (true, false) => Standing::NeedsCode,
        (false, _) if required => Standing::NeedsEnrolment,
        (false, _) => Standing::Open,
    }
}

/// A stored grant as the domain knows it.
///
/// # Errors
/// A fault when the stored role has no meaning.
pub fn grant_of(row: &SessionGrantRow) -> Result<Grant, Error> {
    Ok(Grant {
        id: row.grant_id,
        role: role_of(&row.role)?,
        unit_id: row.unit_id,
        village_code: row.village_code.clone(),
        town_code: row.town_code.clone(),
        place_name: row.place_name.clone().unwrap_or_default(),
    })
}

/// A stored role as the domain knows it.
///
/// # Errors
/// A fault when it has no meaning.
pub fn role_of(stored: &str) -> Result<Role, Error> {
    Role::from_name(stored).ok_or_else(|| fault(format!("stored role '{stored}' is unknown")))
}

/// Lets a person in by name and password. An unknown name, a suspended person and a wrong password answer the same,
/// after the same time.
///
/// # Errors
/// `WrongCredentials`; `TooManyTries` with the seconds to wait; `Forbidden` for one who holds no role any more.
pub async fn sign_in(app: &App, input: &SignInIn, client: &Client) -> Result<Entered, Error> {
    let name = input.sign_in_name.trim().to_lowercase();
    let attempt = throttle::begin(app, &name, client.address).await?;
    // What cannot be a name is nobody's, and is not shown to the database: it may hold what an engine cannot read.
    let person = match super::person::sign_in_name_problem(&name) {
        None => store::person::by_name(app.db.read(), &name)
            .await?
            .filter(|p| !p.suspended),
        Some(_) => None,
    };
    let stored = person.as_ref().and_then(|p| p.password_hash.clone());
    let right = password::verify(app, &input.password, stored).await?;
    let Some(person) = person.filter(|_| right) else {
        tracing::info!("a sign-in was refused");
        return Err(Error::refused(Code::WrongCredentials));
    };
    let (actor, grants) = first_actor(app, person.id, &person.name).await?;
    let enrolled = store::second_factor::of_person(app.db.read(), person.id)
        .await?
        .is_some();
    let (now, session_id, secret) = (app.now(), app.new_id(), crate::ports::ids::new_secret());
    let (agent, entering) = (agent::short(&client.agent), actor.clone());
    app.db
        .write_quietly(move |tx| {
            let (attempt, agent, actor) = (attempt.clone(), agent.clone(), entering.clone());
            async move {
                throttle::succeeded(tx, &attempt, now).await?;
                begin(tx, now, &actor, session_id, &secret, agent, !enrolled).await?;
                let entry = entry("session.sign_in", "session", session_id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(Entered {
        secret,
        session_id,
        max_age_s: MAX_AGE_S,
        standing: standing(app, &grants, enrolled, false),
        actor,
    })
}

/// A person in the first of their roles, and all of their roles.
pub(super) async fn first_actor(
    app: &App,
    person_id: Uuid,
    person_name: &str,
) -> Result<(Actor, Vec<Grant>), Error> {
    let grants = super::person::grants_of(app, &[person_id]).await?;
    let grants: Vec<Grant> = grants.into_iter().map(|(_, grant)| grant).collect();
    // Whoever holds no role any more has nowhere to come in to.
    let grant = grants.first().cloned().ok_or(Error::refused(Code::Forbidden))?;
    let actor = Actor {
        person_id,
        person_name: person_name.to_owned(),
        grant,
        proven_at: None,
    };
    Ok((actor, grants))
}

/// Begins a session with a secret that was never used before. `proven` says whether the password alone proves the person:
/// not for one who has a second factor.
pub(super) async fn begin(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    session_id: Uuid,
    secret: &[u8; 32],
    agent: String,
    proven: bool,
) -> Result<(), Error> {
    let session = NewSession {
        id: session_id,
        secret_hash: hash_secret(secret),
        person_id: actor.person_id,
        grant_id: actor.grant.id,
        created_at: now,
        expires_at: Micros(now.0 + MAX_AGE_S * 1_000_000),
        agent,
        proven_at: proven.then_some(now),
        offered_secret: second_factor::new_secret(),
    };
    Ok(store::session::insert(tx, session).await?)
}

/// Notes that a session or token is in use, at most once in five minutes.
///
/// # Errors
/// When the database cannot be written.
pub async fn seen(app: &App, who: &SignedIn) -> Result<(), Error> {
    let now = app.now();
    let before = Micros(now.0 - SEEN_EVERY_S * 1_000_000);
    if who.seen_at >= before.0 {
        return Ok(());
    }
    let (id, token) = (who.session_id, who.token);
    app.db
        .write_quietly(move |tx| {
            async move {
                let touched = if token {
                    store::token::touch(tx, id, now, before).await
                } else {
                    store::session::touch(tx, id, now, before).await
                };
                Ok(touched?)
            }
            .boxed()
        })
        .await
}

/// One's own sessions, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list_own(app: &App, who: &SignedIn) -> Result<Vec<SessionOut>, Error> {
    right::require(&who.actor, Action::SelfRead, Place::DISTRICT)?;
    let now = app.now();
    let rows = store::session::of_person(app.db.read(), who.actor.person_id, now, idle_since(now)).await?;
    let out = rows.into_iter().map(|row| SessionOut {
        id: row.id,
        created_at: Micros(row.created_at),
        seen_at: Micros(row.seen_at),
        expires_at: Micros(row.expires_at),
        agent: row.agent,
        current: row.id == who.session_id,
    });
    Ok(out.collect())
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `NotFound` when it is not one's own or has ended.
pub async fn revoke(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    end(app, actor, id, "session.revoke").await
}

/// Ends the session that asks; one that has ended already is no error.
///
/// # Errors
/// When the database cannot be written.
pub async fn sign_out(app: &App, who: &SignedIn) -> Result<(), Error> {
    match end(app, &who.actor, who.session_id, "session.sign_out").await {
        Err(Error::Refused(refusal)) if refusal.code == Code::NotFound => Ok(()),
        ended => ended,
    }
}

async fn end(app: &App, actor: &Actor, id: Uuid, action: &'static str) -> Result<(), Error> {
    right::require(actor, Action::SelfWrite, Place::DISTRICT)?;
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write_quietly(move |tx| {
            let actor = actor.clone();
            async move {
                if !store::session::end(tx, actor.person_id, id).await? {
                    return Err(Error::not_found());
                }
                let entry = entry(action, "session", id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}

/// Lets the session act in another of the person's roles.
///
/// # Errors
/// `NotFound` when the role is not (or no longer) theirs, or a token asks: a token has one role for life.
pub async fn switch_role(app: &App, who: &SignedIn, grant_id: Uuid) -> Result<Grant, Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    let grant = who
        .me
        .grants
        .iter()
        .find(|g| g.id == grant_id)
        .cloned()
        .ok_or_else(Error::not_found)?;
    let (now, who) = (app.now(), who.clone());
    let actor = Actor {
        grant: grant.clone(),
        ..who.actor
    };
    app.db
        .write_quietly(move |tx| {
            let actor = actor.clone();
            async move {
                if !store::session::set_grant(tx, who.session_id, grant_id).await? {
                    return Err(Error::not_found());
                }
                let entry = entry("session.switch_role", "session", who.session_id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(grant)
}

const fn idle_since(now: Micros) -> Micros {
    Micros(now.0 - IDLE_S * 1_000_000)
}
