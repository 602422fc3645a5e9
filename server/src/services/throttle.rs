//! Slowing down guessing: by the name that is tried and by the address that tries.

use super::{App, Error, Refusal};
use crate::store::{Tx, sign_in_try};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
use std::net::IpAddr;

/// Tries of one name that cost no waiting.
const FREE_BY_NAME: i32 = 5;
/// Failed tries of one address that cost no waiting: an office shares an address, and must not be shut out by one colleague.
const FREE_BY_ADDRESS: i32 = 20;
/// A name or address that was quiet for so long begins anew.
const FORGET_S: i64 = 24 * 3600;

/// One try to come in, counted as failed until it is known to be good.
#[derive(Clone, Debug)]
pub struct Try {
    name_key: String,
    address_key: Option<String>,
}

/// Counts a try before its password is looked at, so that many at once cannot slip through together.
///
/// # Errors
/// `TooManyTries` with the seconds to wait.
pub async fn begin(app: &App, sign_in_name: &str, address: Option<IpAddr>) -> Result<Try, Error> {
    let attempt = Try {
        name_key: name_key(sign_in_name),
        address_key: address.map(address_key),
    };
    let (now, counted) = (app.now(), attempt.clone());
    let forget_before = Micros(now.0 - FORGET_S * 1_000_000);
    app.db
        .write_quietly(move |tx| {
            let attempt = counted.clone();
            async move {
                count(tx, &attempt.name_key, FREE_BY_NAME, now, forget_before).await?;
                if let Some(key) = &attempt.address_key {
                    count(tx, key, FREE_BY_ADDRESS, now, forget_before).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await?;
    Ok(attempt)
}

async fn count(tx: &Tx, key: &str, free: i32, now: Micros, forget_before: Micros) -> Result<(), Error> {
    match sign_in_try::begin(tx, key, free, now, forget_before).await? {
        None => Ok(()),
        Some(wait_until) => Err(Error::Refused(Refusal {
            code: Code::TooManyTries,
            fields: Vec::new(),
            short: Vec::new(),
            retry_after_s: Some(((wait_until.0 - now.0 + 999_999) / 1_000_000).max(1)),
        })),
    }
}

/// The try was good: the name begins anew, and the address is not held responsible for it.
///
/// # Errors
/// Whatever the database answers.
pub async fn succeeded(tx: &Tx, attempt: &Try, now: Micros) -> Result<(), Error> {
    sign_in_try::forget(tx, &attempt.name_key).await?;
    if let Some(key) = &attempt.address_key {
        sign_in_try::take_back(tx, key, now).await?;
    }
    Ok(())
}

/// The owner of a name has come in by another way: it begins anew.
///
/// # Errors
/// Whatever the database answers.
pub async fn forget(tx: &Tx, sign_in_name: &str) -> Result<(), Error> {
    Ok(sign_in_try::forget(tx, &name_key(sign_in_name)).await?)
}

/// Only a hash is kept: people type passwords where the name goes.
fn name_key(sign_in_name: &str) -> String {
    let hash = Sha256::digest(sign_in_name.as_bytes());
    hash.iter()
        .take(16)
        .fold("name:".to_owned(), |key, byte| format!("{key}{byte:02x}"))
}

/// One IPv6 customer has a whole /64.
fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("address:{v4}"),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_kept_as_typed() {
        let key = name_key("my-secret-password");
        assert!(key.starts_with("name:") && key.len() == 37 && !key.contains("secret"));
        assert_ne!(key, name_key("my-secret-passwore"));
    }

    #[test]
    fn one_network_is_one_address() {
        let of = |text: &str| address_key(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
