//! 一次性链接: how a person comes to a password that nobody else has known.

use super::role::grant_entry;
use super::session::{self, Client, Entered};
use super::{App, Error, agent, password, person, search, throttle};
use crate::store::link::{LinkRow, NewLink};
use crate::store::person::PersonRow;
use crate::store::{self, Tx};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::FutureExt as _;
use shared::api::person::LinkOut;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::session::LinkPasswordIn;
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant, Role};
use uuid::Uuid;

/// How long a link can be used.
pub const LIFE_S: i64 = 48 * 3600;

/// A link just made: its path is shown once, only its hash is kept.
pub(super) struct Made {
    /// What is shown.
    pub out: LinkOut,
    /// What is stored.
    pub stored: NewLink,
}

/// A link for a person, or (with `None`) for the first administrator.
pub(super) fn make(app: &App, person_id: Option<Uuid>) -> Made {
    let secret = URL_SAFE_NO_PAD.encode(crate::ports::ids::new_secret());
    let now = app.now();
    let expires_at = Micros(now.0 + LIFE_S * 1_000_000);
    let stored = NewLink {
        secret_hash: session::hash_secret(secret.as_bytes()),
        person_id,
        purpose: if person_id.is_some() {
            "set_password"
        } else {
            "first_admin"
        },
        created_at: now,
        expires_at,
    };
    Made {
        out: LinkOut {
            path: format!("/link/{secret}"),
            expires_at,
            mailed_to: None,
        },
        stored,
    }
}

/// Whether anybody can act as administrator.
///
/// # Errors
/// When the database cannot be read.
pub async fn admin_exists(app: &App) -> Result<bool, Error> {
    Ok(store::person::admins(app.db.read()).await? > 0)
}

/// A link that makes whoever opens it an administrator: for the one who runs the program, at first start or when every
/// administrator is lost. It ends earlier ones.
///
/// # Errors
/// When the database cannot be written.
pub async fn create_first_admin_link(app: &App) -> Result<LinkOut, Error> {
    let made = make(app, None);
    let (stored, now) = (made.stored, app.now());
    app.db
        .write(move |tx| {
            let stored = stored.clone();
            async move {
                store::link::end_of_nobody(tx, now).await?;
                store::link::insert(tx, stored).await?;
                let entry = store::audit::Entry {
                    action: "person.first_admin_link",
                    object_kind: "person",
                    ..Default::default()
                };
                Ok(store::audit::insert(tx, now, None, vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(made.out)
}

/// Whom a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkFor {
    /// Their name; empty for the first administrator.
    pub name: String,
    /// Whether it is the first administrator's, who also gives a name.
    pub first_admin: bool,
}

/// Whom a link is for, while it can be used. Opening a link changes nothing: previews of messages open links too.
///
/// # Errors
/// `LinkExpired` when it was used, has run out or never was.
pub async fn show(app: &App, secret: &str) -> Result<LinkFor, Error> {
    let link = live(app, secret).await?;
    Ok(LinkFor {
        first_admin: link.person_id.is_none(),
        name: link.name.unwrap_or_default(),
    })
}

async fn live(app: &App, secret: &str) -> Result<LinkRow, Error> {
    let hash = session::hash_secret(secret.as_bytes());
    let link = store::link::live(app.db.read(), &hash, app.now()).await?;
    link.ok_or(Error::refused(Code::LinkExpired))
}

/// Sets a password through a link and signs its person in. Every other session of theirs ends.
///
/// # Errors
/// `LinkExpired`; `Invalid` for a weak password or, for the first administrator, a name that is taken.
pub async fn set_password(
    app: &App,
    secret: &str,
    input: &LinkPasswordIn,
    client: &Client,
) -> Result<Entered, Error> {
    let (newcomer, sign_in_name, actor, grants) = enters(app, live(app, secret).await?, input).await?;
    let problems = password::problems(&input.new, &input.again, &[&sign_in_name, &actor.person_name]);
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let enrolled = store::second_factor::of_person(app.db.read(), actor.person_id)
        .await?
        .is_some();
    let entering = Entering {
        enrolled,
        link_hash: session::hash_secret(secret.as_bytes()),
        password_hash: password::hash(app, &input.new).await?,
        newcomer,
        sign_in_name,
        actor,
        now: app.now(),
        session_id: app.new_id(),
        secret: crate::ports::ids::new_secret(),
        agent: agent::short(&client.agent),
    };
    let done = std::sync::Arc::new(entering);
    let work = std::sync::Arc::clone(&done);
    app.db
        .write(move |tx| {
            let entering = std::sync::Arc::clone(&work);
            async move { enter(tx, &entering).await }.boxed()
        })
        .await?;
    if done.newcomer.is_some() {
        search::renamed(app);
    }
    Ok(Entered {
        secret: done.secret,
        session_id: done.session_id,
        max_age_s: session::MAX_AGE_S,
        actor: done.actor.clone(),
        standing: session::standing(app, &grants, enrolled, false),
    })
}

/// Who comes in through a link, the name they sign in with, and their roles.
async fn enters(
    app: &App,
    link: LinkRow,
    input: &LinkPasswordIn,
) -> Result<(Option<Newcomer>, String, Actor, Vec<Grant>), Error> {
    let Some(person_id) = link.person_id else {
        let new = newcomer(app, input)?;
        let actor = Actor {
            person_id: new.person.id,
            person_name: new.person.name.clone(),
            grant: new.grant.clone(),
            proven_at: None,
        };
        let (sign_in_name, grants) = (new.person.sign_in_name.clone(), vec![new.grant.clone()]);
        return Ok((Some(new), sign_in_name, actor, grants));
    };
    let name = link.name.unwrap_or_default();
    let (actor, grants) = session::first_actor(app, person_id, &name).await?;
    Ok((None, link.sign_in_name.unwrap_or_default(), actor, grants))
}

/// All that one transaction needs to let somebody in through a link.
struct Entering {
    enrolled: bool,
    link_hash: Vec<u8>,
    password_hash: String,
    newcomer: Option<Newcomer>,
    sign_in_name: String,
    actor: Actor,
    now: Micros,
    session_id: Uuid,
    secret: [u8; 32],
    agent: String,
}

async fn enter(tx: &Tx, entering: &Entering) -> Result<(), Error> {
    let (now, actor) = (entering.now, &entering.actor);
    if !store::link::spend(tx, &entering.link_hash, now).await? {
        return Err(Error::refused(Code::LinkExpired));
    }
    if let Some(new) = &entering.newcomer {
        if store::person::by_name(tx, &new.person.sign_in_name)
            .await?
            .is_some()
        {
            return Err(Error::field("sign_in_name", FieldCode::Taken));
        }
        store::person::insert(tx, vec![new.person.clone()]).await?;
        store::person::insert_grants(tx, vec![(new.person.id, new.grant.clone())], now).await?;
    }
    store::person::set_password(tx, actor.person_id, &entering.password_hash).await?;
    store::session::end_others(tx, actor.person_id, None).await?;
    throttle::forget(tx, &entering.sign_in_name).await?;
    session::begin(
        tx,
        now,
        actor,
        entering.session_id,
        &entering.secret,
        entering.agent.clone(),
        !entering.enrolled,
    )
    .await?;
    let mut entries = vec![session::entry("password.set_by_link", "person", actor.person_id)];
    if let Some(new) = &entering.newcomer {
        let mut added = session::entry("person.create", "person", new.person.id);
        added.detail.clone_from(&new.person.sign_in_name);
        entries.push(added);
        entries.push(grant_entry("person.grant", new.person.id, &new.grant));
    }
    Ok(store::audit::insert(tx, now, Some(actor), entries).await?)
}

/// The first administrator, before they exist.
struct Newcomer {
    person: PersonRow,
    grant: Grant,
}

fn newcomer(app: &App, input: &LinkPasswordIn) -> Result<Newcomer, Error> {
    let sign_in_name = input
        .sign_in_name
        .clone()
        .unwrap_or_default()
        .trim()
        .to_lowercase();
    let name = input.name.clone().unwrap_or_default().trim().to_owned();
    let mut problems: Vec<FieldProblem> = person::sign_in_name_problem(&sign_in_name).into_iter().collect();
    problems.extend(person::name_problem(&name));
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let person = PersonRow {
        id: app.new_id(),
        sign_in_name,
        name,
        password_hash: None,
        suspended: false,
        created_at: app.now().0,
        email: None,
        phone: None,
    };
    let grant = Grant {
        id: app.new_id(),
        role: Role::Admin,
        unit_id: None,
        village_code: None,
        town_code: None,
        place_name: String::new(),
    };
    Ok(Newcomer { person, grant })
}
