//! Somebody who asks the program through its API while things happen to it: every answer counts, and that there is none.

use reqwest::{Client, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::cell::Cell;
use tests::running::LOOK_EVERY;

/// How often something is asked again before it counts as never answered.
const TRIES: usize = 400;

/// What a write carries.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// A body of JSON.
    Json(Value),
    /// A table of text.
    Table(String),
}

/// A write, with its idempotency key and what its answer means to whoever asks.
#[derive(Clone)]
pub struct Write<M> {
    /// Where to, below `/api/v1`.
    pub path: String,
    /// Its idempotency key.
    pub key: String,
    /// What it carries.
    pub body: Body,
    /// What its answer means.
    pub means: M,
}

/// The program is gone, or its database is.
pub struct Gone;

/// One person's token at the program.
pub struct Caller {
    client: Client,
    site: String,
    token: String,
    refusals: Cell<usize>,
}

impl Caller {
    /// Somebody who has not asked yet.
    pub const fn new(client: Client, site: String, token: String) -> Self {
        Self {
            client,
            site,
            token,
            refusals: Cell::new(0),
        }
    }

    /// How often they were told: not just now.
    pub fn refusals(&self) -> usize {
        self.refusals.get()
    }

    /// What the program answers to a write: anything but an error of its own.
    pub async fn answer_to<M>(&self, write: &Write<M>) -> Result<(StatusCode, Value), Gone> {
        let request = self
            .client
            .post(format!("{}/api/v1{}", self.site, write.path))
            .bearer_auth(&self.token)
            .header("idempotency-key", &write.key);
        let request = match &write.body {
            Body::Nothing => request,
            Body::Json(body) => request.json(body),
            Body::Table(text) => request.header("content-type", "text/csv").body(text.clone()),
        };
        let answer = request.send().await.map_err(|_| Gone)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|_| Gone)?;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // The program is there and its database is not: as good as no answer, and never a promise.
            self.refusals.set(self.refusals.get() + 1);
            return Err(Gone);
        }
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        assert!(
            !status.is_server_error(),
            "{} {:?}: {status} {body}",
            write.path,
            write.body
        );
        Ok((status, body))
    }

    /// The answer to a write that goes on being asked for: connections that were cut take a moment to be noticed.
    pub async fn answer_in_the_end<M>(&self, write: &Write<M>) -> (StatusCode, Value) {
        for _ in 0..TRIES {
            if let Ok(answer) = self.answer_to(write).await {
                return answer;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{} has no answer", write.path)
    }

    /// What stands at a path below `/api/v1`.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T, Gone> {
        let request = self
            .client
            .get(format!("{}/api/v1{path}", self.site))
            .bearer_auth(&self.token);
        let answer = request.send().await.map_err(|_| Gone)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|_| Gone)?;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return Err(Gone);
        }
        assert!(
            status.is_success(),
            "{path}: {status} {}",
            String::from_utf8_lossy(&bytes)
        );
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    /// The same, asked until it is answered.
    pub async fn look<T: DeserializeOwned>(&self, path: &str) -> T {
        for _ in 0..TRIES {
            if let Ok(answer) = self.read(path).await {
                return answer;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{path} has no answer")
    }
}
