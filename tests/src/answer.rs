//! An answer of the program, read to its end.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use shared::api::problem::{Code, Problem};

/// An answer.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
    /// What was asked, for messages.
    pub asked: String,
}

impl Answer {
    pub(crate) async fn read(asked: String, response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .expect("the body is read to its end")
            .to_bytes()
            .to_vec();
        Self {
            status: parts.status,
            headers: parts.headers,
            body,
            asked,
        }
    }

    /// Its body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, empty when it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Itself, when it has this status.
    ///
    /// # Panics
    /// When it has another one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}\n{}", self.asked, self.text());
        self
    }

    /// Its body as a value.
    ///
    /// # Panics
    /// When it is none.
    #[track_caller]
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => panic!("{}: {error}\n{}", self.asked, self.text()),
        }
    }

    /// The problem document of a refusal.
    ///
    /// # Panics
    /// When it is none, or does not agree with the status.
    #[track_caller]
    #[must_use]
    pub fn problem(&self) -> Problem {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}\n{}",
            self.asked,
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16(), "{}", self.asked);
        assert_eq!(problem.code.status(), problem.status, "{}", self.asked);
        assert!(
            !problem.title.is_empty() && !problem.detail.is_empty(),
            "{}: {problem:?}",
            self.asked
        );
        problem
    }

    /// Checks that it is a refusal with this code.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn refused(&self, code: Code) {
        assert_eq!(self.problem().code, code, "{}", self.asked);
    }
}
