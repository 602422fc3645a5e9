//! What a page handler answers: a page, a way on, or a refusal in the reader's language.

use super::cookies::{self, Name};
use super::visitor::Visitor;
use crate::error::{record, status_of};
use crate::services::Error;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use frontend::shell::Frame;
use frontend::{Flash, Look};
use shared::api::problem::Code;

/// A rendered page with the cookies that go with it.
pub struct Reply {
    status: StatusCode,
    html: String,
    cookies: Vec<HeaderValue>,
    refresh: Option<HeaderValue>,
}

impl Reply {
    /// A page for this visitor.
    #[must_use]
    pub fn page(visitor: &Visitor, html: String) -> Self {
        let secure = visitor.app.config.secure_cookies();
        let mut set = Vec::new();
        if visitor.fresh {
            set.push(cookies::set(
                Name::Visitor,
                &cookies::encode_secret(&visitor.secret),
                30 * 86_400,
                secure,
            ));
        }
        if visitor.shows_flash() {
            set.push(cookies::set(Name::Flash, "", 0, secure));
        }
        Self {
            status: StatusCode::OK,
            html,
            cookies: set,
            refresh: None,
        }
    }

    /// The same page, which goes on to an address by itself after so many seconds. No script is needed, and other than a redirect behind a
    /// posted form it may lead to somebody else's site.
    #[must_use]
    pub fn then(mut self, seconds: u32, address: &str) -> Self {
        self.refresh = HeaderValue::from_str(&format!("{seconds}; url={address}")).ok();
        self
    }

    /// The same page with another status: 422 for a form that is shown again.
    #[must_use]
    pub fn status(mut self, code: Code) -> Self {
        self.status = status_of(code);
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, Html(self.html)).into_response();
        let headers = response.headers_mut();
        for cookie in self.cookies {
            headers.append(header::SET_COOKIE, cookie);
        }
        if let Some(refresh) = self.refresh {
            headers.insert(header::REFRESH, refresh);
        }
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        );
        response
    }
}

/// A refusal or fault, shown as a page; one who is not signed in is led to sign-in and back.
pub struct Failure(Inner);

enum Inner {
    Plain(Look, Error),
    Of(Box<Visitor>, Error),
}

impl Failure {
    /// An error before the visitor is known.
    #[must_use]
    pub fn plain(look: Look, error: Error) -> Self {
        Self(Inner::Plain(look, error))
    }

    /// An error of a visitor's request.
    #[must_use]
    pub fn of(visitor: Visitor, error: Error) -> Self {
        Self(Inner::Of(Box::new(visitor), error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self.0 {
            Inner::Plain(look, error) => {
                record(&error);
                let title = frontend::text::problem::title(look.lang, error.code());
                let detail = frontend::text::problem::detail(look.lang, error.code());
                (status_of(error.code()), format!("{title}\n{detail}")).into_response()
            }
            Inner::Of(visitor, error) => of_visitor(&visitor, &error),
        }
    }
}

fn of_visitor(visitor: &Visitor, error: &Error) -> Response {
    record(error);
    let code = error.code();
    if code == Code::NotSignedIn {
        let back = super::posted::encode(&visitor.page);
        return see_other(&format!("/sign-in?back={back}"));
    }
    if code == Code::SecondFactorNeeded {
        let back = super::posted::encode(&visitor.page);
        return see_other(&format!("/second-factor?back={back}"));
    }
    if code == Code::StepUpNeeded {
        return super::second_factor::ask_again(visitor, &frontend::Form::default()).into_response();
    }
    let cx = visitor.context_with(0, 0);
    let title = frontend::text::problem::title(cx.lang(), code);
    let html = frontend::shell::page(&cx, Frame::Full, title, |cx| {
        frontend::views::problem::problem(cx, code)
    });
    let mut response = Reply::page(visitor, html).status(code).into_response();
    if let Some(seconds) = crate::error::retry_after_s(error) {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// On to another page after a post.
#[must_use]
pub fn see_other(path: &str) -> Response {
    // Only paths of our own: a redirect never leaves the market.
    let own = if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') {
        path
    } else {
        "/"
    };
    let location = HeaderValue::from_str(own).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

impl Visitor {
    /// On to another page, with a message there.
    #[must_use]
    pub fn go(&self, path: &str, flash: Option<Flash>) -> Response {
        let mut response = see_other(path);
        let secure = self.app.config.secure_cookies();
        if let Some(flash) = flash {
            response.headers_mut().append(
                header::SET_COOKIE,
                cookies::set(Name::Flash, flash.as_str(), 60, secure),
            );
        }
        if self.fresh {
            let visitor = cookies::set(
                Name::Visitor,
                &cookies::encode_secret(&self.secret),
                30 * 86_400,
                secure,
            );
            response.headers_mut().append(header::SET_COOKIE, visitor);
        }
        response
    }

    /// On to another page with the session's cookie set (or, with `None`, taken away).
    #[must_use]
    pub fn go_as(&self, path: &str, session: Option<(&[u8], i64)>, flash: Option<Flash>) -> Response {
        let mut response = self.go(path, flash);
        let secure = self.app.config.secure_cookies();
        let cookie = match session {
            Some((secret, max_age_s)) => {
                cookies::set(Name::Session, &cookies::encode_secret(secret), max_age_s, secure)
            }
            None => cookies::set(Name::Session, "", 0, secure),
        };
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }

    /// Back to the same page with another look.
    #[must_use]
    pub fn go_with_look(&self, path: &str, look: Look) -> Response {
        let mut response = self.go(path, None);
        let secure = self.app.config.secure_cookies();
        let cookie = cookies::set(Name::Look, &cookies::look_text(look), 365 * 86_400, secure);
        response.headers_mut().append(header::SET_COOKIE, cookie);
        response
    }
}
