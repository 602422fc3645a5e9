//! A client of the JSON API.

use crate::Answer;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde::Serialize;
use tower::ServiceExt as _;
use uuid::Uuid;

/// A client, with a token or without.
#[derive(Clone)]
pub struct Api {
    router: Router,
    token: Option<String>,
    language: Option<&'static str>,
}

impl Api {
    pub(crate) const fn new(router: Router, token: Option<String>) -> Self {
        Self {
            router,
            token,
            language: None,
        }
    }

    /// The same client with another token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same client, asking for another language.
    #[must_use]
    pub fn in_language(&self, language: &'static str) -> Self {
        Self {
            language: Some(language),
            ..self.clone()
        }
    }

    /// Its token.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Creates or moves something, under a new idempotency key.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.post_keyed(path, &new_key(), body).await
    }

    /// Creates or moves something, under this idempotency key.
    pub async fn post_keyed(&self, path: &str, key: &str, body: &impl Serialize) -> Answer {
        self.write(Method::POST, path, key, body).await
    }

    /// Replaces something, under a new idempotency key.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.write(Method::PUT, path, &new_key(), body).await
    }

    /// Ends something.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    /// Sends bytes of a kind.
    pub async fn upload(&self, path: &str, kind: &str, bytes: Vec<u8>) -> Answer {
        let key = new_key();
        let headers = [("content-type", kind), ("idempotency-key", key.as_str())];
        self.send(Method::POST, path, &headers, Body::from(bytes)).await
    }

    async fn write(&self, method: Method, path: &str, key: &str, body: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(body).expect("a wire value is JSON");
        let headers = [("content-type", "application/json"), ("idempotency-key", key)];
        self.send(method, path, &headers, Body::from(body)).await
    }

    /// Sends anything at all.
    ///
    /// # Panics
    /// When the request itself cannot be made.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(language) = self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body)
            .unwrap_or_else(|error| panic!("{asked}: {error}"));
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers");
        Answer::read(asked, response).await
    }
}

/// An idempotency key that was not used before.
#[must_use]
pub fn new_key() -> String {
    Uuid::from_u128(rand::random()).to_string()
}
