//! Who calls the JSON API: the holder of a bearer token, and nobody by cookie.

use super::refused::{Refused, lang_of};
use super::rights;
use crate::services::session::{self, SignedIn, Standing};
use crate::services::{App, Error, fault};
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::header;
use axum::http::request::Parts;
use frontend::text::Lang;
use shared::api::problem::Code;
use shared::domain::identity::Actor;

/// What every token begins with, so that a leaked one is recognised.
const TOKEN_START: &str = "jz_";
/// The longest text that is looked up as a token.
const TOKEN_MAX: usize = 100;

/// A caller with a token.
pub struct Caller {
    /// The program.
    pub app: App,
    /// Whose token it is, in the role that the token was made for.
    pub who: SignedIn,
    /// The language of the answer.
    pub lang: Lang,
}

impl Caller {
    /// The actor.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.who.actor
    }
}

/// A caller of what is public: with a token or without.
pub struct MaybeCaller {
    /// The program.
    pub app: App,
    /// Whose token it is, if there is one.
    pub who: Option<SignedIn>,
}

impl MaybeCaller {
    /// The actor, if there is one.
    #[must_use]
    pub fn actor(&self) -> Option<&Actor> {
        self.who.as_ref().map(|who| &who.actor)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let who = recognise(parts, app)
            .await?
            .ok_or_else(|| Refused::code(Code::NotSignedIn))?;
        if who.standing != Standing::Open {
            return Err(Refused::code(Code::SecondFactorNeeded));
        }
        // The use case decides; asked here too, so that nobody without any right makes us read a body.
        let needed = needed(parts)?;
        if !needed.is_empty() && needed.iter().all(|action| who.actor.reach(*action).is_none()) {
            return Err(Refused::code(Code::Forbidden));
        }
        Ok(Self {
            app: app.clone(),
            who,
            lang: lang_of(&parts.headers),
        })
    }
}

impl FromRequestParts<App> for MaybeCaller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        Ok(Self {
            app: app.clone(),
            who: recognise(parts, app).await?,
        })
    }
}

/// Whose token came along. One that is not (or no longer) good is refused, even where none is needed.
async fn recognise(parts: &Parts, app: &App) -> Result<Option<SignedIn>, Refused> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let refused = || Refused::code(Code::NotSignedIn);
    let (scheme, secret) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or_else(refused)?;
    let secret = secret.trim();
    let formed = secret.starts_with(TOKEN_START) && secret.len() <= TOKEN_MAX;
    if !scheme.eq_ignore_ascii_case("bearer") || !formed {
        return Err(refused());
    }
    let who = session::resolve_token(app, secret.as_bytes())
        .await?
        .ok_or_else(refused)?;
    session::seen(app, &who).await?;
    Ok(Some(who))
}

fn needed(parts: &Parts) -> Result<&'static [shared::domain::rights::Action], Error> {
    let path = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("", MatchedPath::as_str);
    rights::needed(parts.method.as_str(), path)
        .ok_or_else(|| fault(format!("{} {path} names no right", parts.method)))
}
