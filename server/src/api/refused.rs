//! Refusals as problem documents, written where the reader's language is known: on the way out.

use crate::error::api_response;
use crate::services::{App, Error};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use frontend::text::Lang;
use shared::api::problem::Code;
use std::sync::Arc;

/// What a door answers: a value, or a refusal that becomes a problem document.
pub type Answer<T> = Result<T, Refused>;

/// A refusal on its way out; `answers` gives it its words.
#[derive(Clone)]
pub struct Refused(Arc<Error>);

impl Refused {
    /// A refusal with a code alone.
    #[must_use]
    pub fn code(code: Code) -> Self {
        Error::refused(code).into()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(Arc::new(error))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = crate::error::status_of(self.0.code()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Words a refusal in the reader's language, and keeps every answer out of caches that nobody told otherwise.
pub async fn answers(request: Request, next: Next) -> Response {
    let lang = lang_of(request.headers());
    let mut response = next.run(request).await;
    if let Some(Refused(error)) = response.extensions_mut().remove::<Refused>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = api_response(&error, lang);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response
            .headers_mut()
            .insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    }
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// While the market is read-only, a request that could change something is refused; one may still end a session.
pub async fn writes_when_read_only(State(app): State<App>, request: Request, next: Next) -> Response {
    let ends_session = *request.method() == Method::DELETE && request.uri().path().starts_with("/sessions/");
    if request.method().is_safe() || ends_session || !app.read_only() {
        return next.run(request).await;
    }
    Refused::code(Code::ReadOnly).into_response()
}

/// Nothing is served at this path.
pub async fn nowhere() -> Refused {
    Refused::code(Code::NotFound)
}

/// The path is served, but not with this method.
pub async fn wrong_method() -> Refused {
    Refused::code(Code::MethodNotAllowed)
}

/// English when it is asked for before Chinese, else Chinese.
#[must_use]
pub fn lang_of(headers: &HeaderMap) -> Lang {
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (mut best, mut weight) = (Lang::Zh, 0);
    for range in asked.split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let lang = match tag.split('-').next().unwrap_or_default() {
            "en" => Lang::En,
            "zh" | "*" => Lang::Zh,
            _ => continue,
        };
        let thousandths = parts
            .find_map(|p| p.trim().strip_prefix("q=").map(thousandths))
            .unwrap_or(1000);
        if thousandths > weight {
            (best, weight) = (lang, thousandths);
        }
    }
    best
}

/// A quality value of a header, as `0.8`, in thousandths; one that cannot be read weighs nothing.
fn thousandths(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{part:0<3}");
    match (whole, digits.get(..3).map(str::parse::<u32>)) {
        ("1", _) => 1000,
        ("0", Some(Ok(part))) => part,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &'static str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        lang_of(&headers)
    }

    #[test]
    fn english_is_spoken_to_those_who_ask_for_it_first() {
        assert_eq!(lang_of(&HeaderMap::new()), Lang::Zh);
        assert_eq!(asked("en-GB,en;q=0.9"), Lang::En);
        assert_eq!(asked("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(asked("zh;q=0.5, en;q=0.75"), Lang::En);
        assert_eq!(asked("fr, en;q=0.2"), Lang::En);
        assert_eq!(asked("*"), Lang::Zh);
        assert_eq!(asked("en;q=x"), Lang::Zh);
    }
}
