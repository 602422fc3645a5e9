//! Doing a thing once: the effect and the record of its answer commit together.

use super::{App, Error};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{Code, FieldCode};
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
        if good { Ok(Self(text.to_owned())) } else { Err(Error::field("idempotency_key", FieldCode::BadCharacters)) }
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
    T: Serialize + DeserializeOwned + Send + 'static,
    F: for<'c> Fn(&'c Tx) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
{
    let body_hash = hash_of(operation, body)?;
    let key = key.0.clone();
    let now = app.now();
    let work = std::sync::Arc::new(work);
    app.db
        .write(move |tx| {
            let (key, work) = (key.clone(), std::sync::Arc::clone(&work));
            async move {
                if let Some(earlier) = store::idempotency::find(tx, person_id, &key).await? {
                    if earlier.body_hash != body_hash {
                        return Err(Error::refused(Code::KeyReused));
                    }
                    return serde_json::from_str(&earlier.response).map_err(|e| super::fault(e));
                }
                let done = work(tx).await?;
                let response = serde_json::to_string(&done).map_err(|e| super::fault(e))?;
                store::idempotency::insert(tx, person_id, &key, operation, body_hash, response, now).await?;
                Ok(done)
            }
            .boxed()
        })
        .await
}

fn hash_of(operation: &str, body: &impl Serialize) -> Result<Vec<u8>, Error> {
    let mut hasher = Sha256::new();
    hasher.update(operation.as_bytes());
    hasher.update([0]);
    hasher.update(serde_json::to_vec(body).map_err(|e| super::fault(e))?);
    Ok(hasher.finalize().to_vec())
}
