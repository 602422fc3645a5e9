//! 接口令牌: bearer tokens for programs, each in one of its owner's roles.

use super::idempotency::{self, Key};
use super::session::{self, SignedIn};
use super::{App, Error, right, step_up};
use crate::store;
use crate::store::token::{NewToken, TokenRow};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::FutureExt as _;
use serde::{Deserialize, Serialize};
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::token::{TokenIn, TokenOut, TokenSecretOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The longest life of a token.
const MAX_DAYS: i32 = 365;
/// The longest name of a token, in characters.
const MAX_NAME: usize = 60;

/// What an operation answered; the secret itself is never kept, only its hash.
#[derive(Serialize, Deserialize)]
struct Made {
    token: TokenOut,
    secret_hash: Vec<u8>,
}

/// Makes a token; its secret is answered this once. A token cannot make tokens.
///
/// # Errors
/// `Invalid` for fields; `Forbidden` when a token asks; `Duplicate` when the same request came before: its secret was
/// shown then.
pub async fn create(app: &App, who: &SignedIn, input: &TokenIn, key: &Key) -> Result<TokenSecretOut, Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    if who.token {
        return Err(Error::refused(Code::Forbidden));
    }
    step_up::require_recent(app, &who.actor)?;
    let (token, secret) = (checked(app, who, input)?, new_secret());
    let secret_hash = session::hash_secret(secret.as_bytes());
    let stored = NewToken {
        id: token.id,
        secret_hash: secret_hash.clone(),
        person_id: who.actor.person_id,
        grant_id: token.grant.id,
        name: token.name.clone(),
        created_at: token.created_at,
        expires_at: token.expires_at,
    };
    let (actor, hash) = (who.actor.clone(), secret_hash.clone());
    let made: Made = idempotency::once(app, who.actor.person_id, "token.create", key, input, move |tx| {
        let (token, stored, actor, secret_hash) =
            (token.clone(), stored.clone(), actor.clone(), hash.clone());
        async move {
            store::token::insert(tx, stored).await?;
            let entry = session::entry("token.create", "token", token.id);
            store::audit::insert(tx, token.created_at, Some(&actor), vec![entry]).await?;
            Ok(Made { token, secret_hash })
        }
        .boxed()
    })
    .await?;
    if made.secret_hash == secret_hash {
        Ok(TokenSecretOut {
            token: made.token,
            secret,
        })
    } else {
        Err(Error::refused(Code::Duplicate))
    }
}

fn new_secret() -> String {
    format!("jz_{}", URL_SAFE_NO_PAD.encode(crate::ports::ids::new_secret()))
}

fn checked(app: &App, who: &SignedIn, input: &TokenIn) -> Result<TokenOut, Error> {
    let name = input.name.trim();
    let mut problems = Vec::new();
    if name.is_empty() {
        problems.push(FieldProblem::new("name", FieldCode::Required));
    } else if name.chars().count() > MAX_NAME {
        problems.push(FieldProblem::bound("name", FieldCode::TooLong, MAX_NAME));
    } else if name.chars().any(char::is_control) {
        problems.push(FieldProblem::new("name", FieldCode::BadCharacters));
    }
    if input.days < 1 {
        problems.push(FieldProblem::bound("days", FieldCode::TooSmall, 1));
    } else if input.days > MAX_DAYS {
        problems.push(FieldProblem::bound("days", FieldCode::TooLarge, MAX_DAYS));
    }
    let grant_id = input.grant_id.unwrap_or(who.actor.grant.id);
    let grant = who.me.grants.iter().find(|grant| grant.id == grant_id);
    let Some(grant) = grant.filter(|_| problems.is_empty()) else {
        if grant.is_none() {
            problems.push(FieldProblem::new("grant_id", FieldCode::NotAChoice));
        }
        return Err(Error::invalid(problems));
    };
    let now = app.now();
    Ok(TokenOut {
        id: app.new_id(),
        name: name.to_owned(),
        grant: grant.clone(),
        created_at: now,
        expires_at: Micros(now.0 + i64::from(input.days) * 86_400 * 1_000_000),
        seen_at: None,
    })
}

/// One's own tokens that can still be used, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list_own(app: &App, actor: &Actor) -> Result<Vec<TokenOut>, Error> {
    right::require(actor, Action::SelfRead, Place::DISTRICT)?;
    let rows = store::token::of_person(app.db.read(), actor.person_id, app.now()).await?;
    rows.iter().map(out).collect()
}

fn out(row: &TokenRow) -> Result<TokenOut, Error> {
    Ok(TokenOut {
        id: row.id,
        name: row.name.clone(),
        grant: Grant {
            id: row.grant_id,
            role: session::role_of(&row.role)?,
            unit_id: row.unit_id,
            village_code: row.village_code.clone(),
            town_code: row.town_code.clone(),
            place_name: row.place_name.clone().unwrap_or_default(),
        },
        created_at: Micros(row.created_at),
        expires_at: Micros(row.expires_at),
        seen_at: row.seen_at.map(Micros),
    })
}

/// Ends one of one's own tokens at once.
///
/// # Errors
/// `NotFound` when it is not one's own or has ended.
pub async fn revoke(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    right::require(actor, Action::SelfWrite, Place::DISTRICT)?;
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write_quietly(move |tx| {
            let actor = actor.clone();
            async move {
                if !store::token::revoke(tx, actor.person_id, id, now).await? {
                    return Err(Error::not_found());
                }
                let entry = session::entry("token.revoke", "token", id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}
