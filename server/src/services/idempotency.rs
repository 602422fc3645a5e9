//! Doing a thing once: the effect and the record of its answer commit together.

use super::{App, Error};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{Code, FieldCode};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// The caller's name for one operation: 1 to 80 visible ASCII characters. Forms carry one, API clients choose one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key as it came.
    ///
    /// # Errors
    /// `Invalid` when it is empty, longer than 80 or has other characters.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let good = !text.is_empty() && text.len() <= 80 && text.bytes().all(|b| b.is_ascii_graphic());
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::field("idempotency_key", FieldCode::BadCharacters))
        }
    }

    /// A key for the program's own operations, which name themselves.
    #[must_use]
    pub fn own(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

/// Runs `work` once for this person, key and body: a second time gets the first answer. `work` may be run again after
/// a conflict and must change nothing but the database.
///
/// # Errors
/// `KeyReused` when the key came before with another body or for another operation; else what `work` answers.
pub async fn once<B, T, F>(
    app: &App,
    person_id: Uuid,
    operation: &'static str,
    key: &Key,
    body: &B,
    work: F,
) -> Result<T, Error>
where
    B: Serialize,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
{
    let claim = Claim::new(person_id, operation, key, body)?;
    let now = app.now();
    let work = std::sync::Arc::new(work);
    app.db
        .write(move |tx| {
            let (claim, work) = (claim.clone(), std::sync::Arc::clone(&work));
            async move {
                if let Some(earlier) = claim.earlier(tx).await? {
                    return Ok(earlier);
                }
                let done = work(tx).await?;
                claim.record(tx, &done, now).await?;
                Ok(done)
            }
            .boxed()
        })
        .await
}

/// One person's claim to do one operation with one body: for use cases that record their answer before their last
/// statement, so that a hot row is held as briefly as possible.
#[derive(Clone, Debug)]
pub struct Claim {
    person_id: Uuid,
    operation: &'static str,
    key: String,
    body_hash: Vec<u8>,
}

impl Claim {
    /// The claim.
    ///
    /// # Errors
    /// A fault when the body cannot be written as JSON.
    pub fn new(
        person_id: Uuid,
        operation: &'static str,
        key: &Key,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Ok(Self {
            person_id,
            operation,
            key: key.0.clone(),
            body_hash: hash_of(operation, body)?,
        })
    }

    /// What was answered the first time, if there was one.
    ///
    /// # Errors
    /// `KeyReused` when the key came before with another body or for another operation.
    pub async fn earlier<T: DeserializeOwned>(&self, tx: &Tx) -> Result<Option<T>, Error> {
        let Some(earlier) = store::idempotency::find(tx, self.person_id, &self.key).await? else {
            return Ok(None);
        };
        if earlier.body_hash != self.body_hash {
            return Err(Error::refused(Code::KeyReused));
        }
        serde_json::from_str(&earlier.response)
            .map(Some)
            .map_err(super::fault)
    }

    /// Records the answer.
    ///
    /// # Errors
    /// Whatever the database answers; a key taken meanwhile makes the use case run again.
    pub async fn record(&self, tx: &Tx, done: &impl Serialize, now: Micros) -> Result<(), Error> {
        let response = serde_json::to_string(done).map_err(super::fault)?;
        let hash = self.body_hash.clone();
        store::idempotency::insert(tx, self.person_id, &self.key, self.operation, hash, response, now)
            .await?;
        Ok(())
    }
}

fn hash_of(operation: &str, body: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut hasher = Sha256::new();
    hasher.update(operation.as_bytes());
    hasher.update([0]);
    hasher.update(serde_json::to_vec(body).map_err(super::fault)?);
    Ok(hasher.finalize().to_vec())
}
