//! Who asks for a page, and what every page needs to know of them.

use super::cookies::{self, Name};
use super::form_token;
use super::kept::ForEverybody;
use super::reply::Failure;
use crate::services::session::{self, SignedIn, Standing};
use crate::services::{App, Error, basket, notice};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use frontend::shell::{Assets, Frame};
use frontend::{Cx, Flash, Look};
use leptos::IntoView;
use shared::api::problem::Code;
use shared::domain::identity::Actor;

/// A reader of pages.
#[derive(Clone)]
pub struct Visitor {
    /// The program.
    pub app: App,
    /// How pages look to them.
    pub look: Look,
    /// The path and query asked for.
    pub path: String,
    /// The page to come back to: the one asked for, or the one that a posted form stood on.
    pub page: String,
    /// Signed in, if they are.
    pub signed_in: Option<SignedIn>,
    /// Signed in by their password, while the second factor is missing: nothing but it is open to them.
    pub half_open: Option<SignedIn>,
    /// What was posted, to be posted again once they have proven themselves.
    pub replay: Option<Replay>,
    /// The browser's own secret: of the session, or of the anonymous visitor.
    pub secret: Vec<u8>,
    /// Whether the visitor cookie is new and must be set.
    pub fresh: bool,
    /// What the page is about, for those who link to it.
    about: Option<String>,
    /// Whether the page is drawn for everybody who is not signed in: nothing of one browser may stand on it.
    pub for_everybody: bool,
    flash: Option<Flash>,
}

/// A form that was posted, without its files.
#[derive(Clone)]
pub struct Replay {
    /// Where it was posted to.
    pub to: String,
    /// Its fields, with the key that keeps it from working twice.
    pub fields: Vec<(String, String)>,
    /// Whether files came along, which cannot be kept.
    pub files: bool,
}

/// The path and query of the page that a form stood on, where the browser tells; the first page otherwise.
fn page_before(headers: &HeaderMap, public_url: &str) -> String {
    let referer = headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let host = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let behind_host = |(_, rest): (&str, &str)| {
        rest.strip_prefix(host)
            .filter(|path| !host.is_empty() && path.starts_with('/'))
            .map(str::to_owned)
    };
    referer
        .strip_prefix(public_url)
        .filter(|path| path.starts_with('/'))
        .map(str::to_owned)
        .or_else(|| referer.split_once("://").and_then(behind_host))
        .unwrap_or_else(|| "/".to_owned())
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let secure = app.config.secure_cookies();
        let headers = &parts.headers;
        let look = cookies::read(headers, Name::Look, secure)
            .map(cookies::look_of)
            .unwrap_or_default();
        let path = parts
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string);
        // What was posted cannot be asked for: whoever comes back comes back to the page it was posted from.
        let page = if matches!(parts.method, Method::GET | Method::HEAD) {
            path.clone()
        } else {
            page_before(headers, &app.config.public_url)
        };
        let flash = cookies::read(headers, Name::Flash, secure).and_then(Flash::from_name);
        let mut visitor = Self {
            app: app.clone(),
            look,
            path,
            page,
            signed_in: None,
            half_open: None,
            replay: None,
            secret: Vec::new(),
            fresh: false,
            about: None,
            for_everybody: parts.extensions.get::<ForEverybody>().is_some(),
            flash,
        };
        visitor
            .recognise(headers, secure)
            .await
            .map_err(|error| Failure::plain(look, error))?;
        Ok(visitor)
    }
}

impl Visitor {
    async fn recognise(&mut self, headers: &HeaderMap, secure: bool) -> Result<(), Error> {
        if self.for_everybody {
            return Ok(());
        }
        let secret_of = |name| cookies::read(headers, name, secure).and_then(cookies::decode_secret);
        if let Some(secret) = secret_of(Name::Session)
            && let Some(signed_in) = session::resolve(&self.app, &secret).await?
        {
            session::seen(&self.app, &signed_in).await?;
            if signed_in.standing == Standing::Open {
                self.signed_in = Some(signed_in);
            } else {
                self.half_open = Some(signed_in);
            }
            self.secret = secret;
            return Ok(());
        }
        if let Some(secret) = secret_of(Name::Visitor) {
            self.secret = secret;
        } else {
            self.secret = crate::ports::ids::new_secret().to_vec();
            self.fresh = true;
        }
        Ok(())
    }

    /// The same visitor, on a page that is about this.
    #[must_use]
    pub fn about(mut self, about: String) -> Self {
        self.about = Some(about);
        self
    }

    /// The signed-in actor.
    ///
    /// # Errors
    /// `NotSignedIn`: the page then leads to sign-in and back.
    pub fn actor(&self) -> Result<&Actor, Failure> {
        self.who().map(|signed_in| &signed_in.actor)
    }

    /// Whoever is signed in, all the way.
    ///
    /// # Errors
    /// `NotSignedIn`, or `SecondFactorNeeded` for one who has come half way: the page leads on and back.
    pub fn who(&self) -> Result<&SignedIn, Failure> {
        match (&self.signed_in, &self.half_open) {
            (Some(signed_in), _) => Ok(signed_in),
            (None, Some(_)) => Err(self.fail(Error::refused(Code::SecondFactorNeeded))),
            (None, None) => Err(self.fail(Error::refused(Code::NotSignedIn))),
        }
    }

    /// Whoever has come in, all the way or by the password alone.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub fn who_came(&self) -> Result<&SignedIn, Failure> {
        let came = self.signed_in.as_ref().or(self.half_open.as_ref());
        came.ok_or_else(|| self.fail(Error::refused(Code::NotSignedIn)))
    }

    /// The actor, if somebody is signed in.
    #[must_use]
    pub fn maybe_actor(&self) -> Option<&Actor> {
        self.signed_in.as_ref().map(|s| &s.actor)
    }

    /// The token that this browser's forms carry: bound to its secret, so that no other site can know it, and masked
    /// anew in every answer, so that a compressed page's length tells nothing about it.
    #[must_use]
    pub fn csrf(&self) -> String {
        if self.for_everybody {
            return form_token::of_everybody(&self.app.config.public_url);
        }
        form_token::masked(&self.secret)
    }

    /// The key of the visitor's basket: the person's in their unit when signed in, the browser's otherwise.
    #[must_use]
    pub fn basket_key(&self) -> String {
        basket::key_of(self.maybe_actor(), &self.secret)
    }

    /// An error of this visitor's request, to be shown in their language.
    #[must_use]
    pub fn fail(&self, error: Error) -> Failure {
        Failure::of(self.clone(), error)
    }

    /// What views need besides their own values.
    ///
    /// # Errors
    /// When basket and notices cannot be counted.
    pub async fn context(&self) -> Result<Cx, Failure> {
        let key = self.basket_key();
        let counts = match self.maybe_actor() {
            Some(actor) => notice::counts(&self.app, actor, &key).await,
            // A browser that was never here has nothing in its basket.
            None if self.fresh || self.for_everybody => Ok((0, 0)),
            None => basket::count(&self.app, &key).await.map(|basket| (basket, 0)),
        };
        let (basket, notices) = counts.map_err(|e| self.fail(e))?;
        Ok(self.context_with(basket, notices))
    }

    /// The same without asking the database, for error pages.
    #[must_use]
    pub fn context_with(&self, basket: i64, notices: i64) -> Cx {
        let now = self.app.now();
        Cx {
            look: self.look,
            path: self.path.clone(),
            csrf: self.csrf(),
            key: self.app.new_id().to_string(),
            now,
            today: now.day(),
            me: self.signed_in.as_ref().map(|s| s.me.clone()),
            basket,
            notices,
            flash: self.flash,
            assets: assets(),
            public_url: self.app.config.public_url.clone(),
            about: self.about.clone(),
            read_only: self.app.read_only(),
            pays_online: crate::services::payment::offered(&self.app),
        }
    }

    /// A page in the full frame.
    ///
    /// # Errors
    /// When the basket cannot be counted.
    pub async fn page<V: IntoView>(
        &self,
        title: &str,
        view: impl FnOnce(&Cx) -> V,
    ) -> Result<super::Reply, Failure> {
        self.framed(Frame::Full, title, view).await
    }

    /// A page in another frame.
    ///
    /// # Errors
    /// When the basket cannot be counted.
    pub async fn framed<V: IntoView>(
        &self,
        frame: Frame,
        title: &str,
        view: impl FnOnce(&Cx) -> V,
    ) -> Result<super::Reply, Failure> {
        let cx = self.context().await?;
        Ok(super::Reply::page(
            self,
            frontend::shell::page(&cx, frame, title, view),
        ))
    }

    /// A form shown again after a refusal, with what was typed; other errors are shown as errors.
    ///
    /// # Errors
    /// When the error is not about the form.
    pub fn form_of(&self, posted: &super::Posted, error: Error) -> Result<frontend::Form, Failure> {
        match error {
            Error::Refused(refusal)
                if !matches!(
                    refusal.code,
                    Code::NotSignedIn | Code::NotFound | Code::StepUpNeeded | Code::SecondFactorNeeded
                ) =>
            {
                Ok(frontend::Form {
                    values: posted.values.clone(),
                    problems: crate::error::fields_in(&refusal.fields, self.look.lang),
                    code: Some(refusal.code),
                    short: refusal.short,
                })
            }
            error => Err(self.fail(error)),
        }
    }

    /// The message that is shown now and must not be shown again.
    #[must_use]
    pub const fn shows_flash(&self) -> bool {
        self.flash.is_some()
    }
}

fn assets() -> &'static Assets {
    crate::assets::manifest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_page_before_is_one_of_our_own() {
        let of = |referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("market.example"));
            headers.insert(header::REFERER, HeaderValue::from_static(referer));
            page_before(&headers, "https://market.example")
        };
        assert_eq!(
            of("https://market.example/orders?state=placed"),
            "/orders?state=placed"
        );
        assert_eq!(of("http://market.example/me"), "/me");
        for foreign in [
            "",
            "https://evil.example/x",
            "https://market.example.evil/x",
            "https://market.example",
        ] {
            assert_eq!(of(foreign), "/", "{foreign}");
        }
    }
}
