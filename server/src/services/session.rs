//! 登录: who is asking.

use super::{App, Error, fault};
use crate::store;
use crate::store::session::SessionGrantRow;
use sha2::{Digest as _, Sha256};
use shared::api::person::MeOut;
use shared::domain::identity::{Actor, Grant, Role};
use uuid::Uuid;

/// Idle sessions end after this long.
pub const IDLE_S: i64 = 12 * 3600;

/// Somebody signed in, by session or token.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session's or token's id.
    pub session_id: Uuid,
    /// When it was last seen, in UTC microseconds.
    pub seen_at: i64,
    /// Who, in the active role.
    pub actor: Actor,
    /// The same for the page header.
    pub me: MeOut,
}

/// What is stored of a secret: its SHA-256. Secrets are 256 random bits, so that no slow hash is needed.
#[must_use]
pub fn hash_secret(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// Who holds this session secret now; `None` when the session has ended, was idle too long, or the person is suspended.
///
/// # Errors
/// When the database cannot be read.
pub async fn resolve(app: &App, secret: &[u8]) -> Result<Option<SignedIn>, Error> {
    let now = app.now().0;
    let rows = store::session::by_secret(app.db.read(), &hash_secret(secret), now).await?;
    let live = rows.first().is_some_and(|row| now - row.seen_at < IDLE_S * 1_000_000);
    if live { signed_in(&rows) } else { Ok(None) }
}

/// Who holds this API token now.
///
/// # Errors
/// When the database cannot be read.
pub async fn resolve_token(app: &App, secret: &[u8]) -> Result<Option<SignedIn>, Error> {
    let rows = store::session::by_token(app.db.read(), &hash_secret(secret), app.now().0).await?;
    signed_in(&rows)
}

fn signed_in(rows: &[SessionGrantRow]) -> Result<Option<SignedIn>, Error> {
    let Some(first) = rows.first() else { return Ok(None) };
    let grants = rows.iter().map(grant_of).collect::<Result<Vec<_>, _>>()?;
    // A withdrawn grant leaves the person in another of theirs.
    let active = grants.iter().find(|g| g.id == first.active_grant).or_else(|| grants.first()).cloned();
    let Some(active) = active else { return Ok(None) };
    let actor =
        Actor { person_id: first.person_id, person_name: first.person_name.clone(), grant: active.clone() };
    let me = MeOut {
        person_id: first.person_id,
        sign_in_name: first.sign_in_name.clone(),
        name: first.person_name.clone(),
        active,
        grants,
    };
    Ok(Some(SignedIn { session_id: first.id, seen_at: first.seen_at, actor, me }))
}

/// A stored grant as the domain knows it.
///
/// # Errors
/// A fault when the stored role has no meaning.
pub fn grant_of(row: &SessionGrantRow) -> Result<Grant, Error> {
    Ok(Grant {
        id: row.grant_id,
        role: Role::from_name(&row.role).ok_or_else(|| fault(format!("stored role '{}' is unknown", row.role)))?,
        unit_id: row.unit_id,
        village_code: row.village_code.clone(),
        town_code: row.town_code.clone(),
        place_name: row.place_name.clone().unwrap_or_default(),
    })
}
