//! The one place where an error becomes HTTP.

use crate::services::{Error, Refusal};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use frontend::text::{Lang, problem};
use shared::api::import::BadRow;
use shared::api::problem::{Code, FieldProblem, Problem};

/// A problem document (RFC 9457) in the reader's language.
#[must_use]
pub fn problem_of(error: &Error, lang: Lang) -> Problem {
    record(error);
    let code = error.code();
    let refusal = refusal_of(error);
    Problem {
        kind: format!("/problems/{}", code.as_str()),
        title: problem::title(lang, code).to_owned(),
        status: code.status(),
        code,
        detail: problem::detail(lang, code).to_owned(),
        fields: refusal.map(|r| fields_in(&r.fields, lang)).unwrap_or_default(),
        short: refusal.map(|r| r.short.clone()).unwrap_or_default(),
    }
}

/// Field problems with their sentences filled in.
#[must_use]
pub fn fields_in(fields: &[FieldProblem], lang: Lang) -> Vec<FieldProblem> {
    fields
        .iter()
        .map(|f| FieldProblem {
            detail: problem::field(lang, f.code, f.bound.as_deref()),
            ..f.clone()
        })
        .collect()
}

/// Why a row of a file was refused, in the reader's language.
#[must_use]
pub fn words_of(bad: &BadRow, lang: Lang) -> String {
    problem::field(lang, bad.code, bad.bound.as_deref())
}

/// The answer of the JSON API.
#[must_use]
pub fn api_response(error: &Error, lang: Lang) -> Response {
    let body = serde_json::to_vec(&problem_of(error, lang)).unwrap_or_default();
    let mut response = (status_of(error.code()), body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    if error.code() == Code::NotSignedIn {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = retry_after_s(error) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Seconds after which the same may be tried again, where that is known or can be guessed.
#[must_use]
pub fn retry_after_s(error: &Error) -> Option<i64> {
    let guessed = matches!(error.code(), Code::ReadOnly | Code::Unavailable).then_some(60);
    refusal_of(error).and_then(|r| r.retry_after_s).or(guessed)
}

/// The HTTP status of a code.
#[must_use]
pub fn status_of(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

const fn refusal_of(error: &Error) -> Option<&Refusal> {
    match error {
        Error::Refused(refusal) => Some(refusal),
        Error::Database(_) | Error::Again | Error::Fault(_) => None,
    }
}

/// Our own faults are recorded with their cause; the reader is told none of it.
pub fn record(error: &Error) {
    match error {
        Error::Refused(_) => {}
        Error::Again => tracing::warn!("two writers met too often"),
        Error::Database(error) => tracing::error!(%error, "the database refused"),
        Error::Fault(error) => tracing::error!(error = format!("{error:#}"), "a fault of ours"),
    }
}
