//! 签章: signing what a closed month says, and the public keys by which anybody checks it.

use super::{App, Error, fault};
use crate::config::Config;
use crate::ports::signing::{self, Seed};
use crate::store;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::domain::calendar::Micros;
use shared::domain::hex::{hex, unhex};
use std::fmt::Write as _;

/// What stands before the 32 bytes of an Ed25519 public key in its standard form (SubjectPublicKeyInfo, RFC 8410).
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// A key that signs.
pub struct Key(SigningKey);

impl Key {
    /// The key of a seed.
    #[must_use]
    pub fn of(seed: &Seed) -> Self {
        Self(SigningKey::from_bytes(&seed.0))
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Its name: the beginning of its public half's hash.
    #[must_use]
    pub fn id(&self) -> String {
        id_of(&self.public())
    }

    /// Signs a text.
    #[must_use]
    pub fn sign(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }
}

/// A public key's name.
#[must_use]
pub fn id_of(public: &[u8; 32]) -> String {
    hex(&Sha256::digest(public)[..8])
}

/// Whether a key has signed a text.
#[must_use]
pub fn has_signed(public: &[u8; 32], text: &str, signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public).is_ok_and(|key| {
        key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature))
            .is_ok()
    })
}

/// A public key in its standard text form, which other programs read too.
#[must_use]
pub fn pem(public: &[u8; 32]) -> String {
    let body = STANDARD.encode([SPKI.as_slice(), public.as_slice()].concat());
    format!("{BEGIN}\n{body}\n{END}\n")
}

/// The public keys that a text holds: in their standard form, any number of them with anything between, or one as 64 hex
/// digits.
#[must_use]
pub fn public_keys(text: &str) -> Vec<[u8; 32]> {
    if let Some(key) = unhex(text.trim()) {
        return vec![key];
    }
    let key_of = |part: &str| -> Option<[u8; 32]> {
        let body: String = part.split(END).next()?.split_whitespace().collect();
        let bytes = STANDARD.decode(body).ok()?;
        bytes.strip_prefix(SPKI.as_slice())?.try_into().ok()
    };
    text.split(BEGIN).skip(1).filter_map(key_of).collect()
}

/// The key in use, from the setting or the data folder; made where there is none.
///
/// # Errors
/// A fault when it cannot be read or written.
pub async fn key(config: &Config) -> Result<Key, Error> {
    let config = config.clone();
    let seed = tokio::task::spawn_blocking(move || signing::seed_or_new(&config)).await;
    Ok(Key::of(&seed.map_err(fault)??))
}

/// Makes the key where there is none, and publishes it: when the market is set up, and whenever it starts.
///
/// # Errors
/// A fault when it cannot be read or written; whatever the database answers.
pub async fn set_up(app: &App) -> Result<(), Error> {
    publish(app, &key(&app.config).await?).await
}

/// Lets everybody know a key as the one in use; those before it stay known for what they signed.
///
/// # Errors
/// Whatever the database answers.
pub async fn publish(app: &App, key: &Key) -> Result<(), Error> {
    let (id, public, now) = (key.id(), key.public(), app.now());
    let known = store::period::keys(app.db.read()).await?;
    if known.iter().any(|row| row.id == id && row.retired_at.is_none()) {
        return Ok(());
    }
    app.db
        .write(move |tx| {
            let id = id.clone();
            async move { Ok(store::period::use_key(tx, &id, &public, now.0).await?) }.boxed()
        })
        .await
}

/// Every public key as one text: comments and keys in their standard form, the one in use first.
///
/// # Errors
/// Whatever the database answers.
pub async fn keys_text(app: &App) -> Result<String, Error> {
    let mut text = String::from("# Ed25519 keys that sign closed months of the books.\n");
    for row in store::period::keys(app.db.read()).await? {
        let public: [u8; 32] = (row.public_key.as_slice())
            .try_into()
            .map_err(|_| fault("a stored public key is not 32 bytes"))?;
        let since = Micros(row.made_at).format_full();
        let until = row.retired_at.map_or_else(
            || "in use".to_owned(),
            |at| format!("until {} +0800", Micros(at).format_full()),
        );
        writeln!(text, "\n# {} since {since} +0800, {until}", row.id).map_err(fault)?;
        text.push_str(&pem(&public));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_known_again_and_nothing_else() {
        let (key, other) = (Key::of(&Seed([1; 32])), Key::of(&Seed([2; 32])));
        let signature = key.sign("month 2026-11\n");
        assert!(has_signed(&key.public(), "month 2026-11\n", &signature));
        assert!(!has_signed(&key.public(), "month 2026-12\n", &signature));
        assert!(!has_signed(&other.public(), "month 2026-11\n", &signature));
        for at in 0..64 {
            let mut changed = signature;
            changed[at] ^= 1;
            assert!(
                !has_signed(&key.public(), "month 2026-11\n", &changed),
                "byte {at}"
            );
        }
        assert_ne!(key.id(), other.id());
    }

    #[test]
    fn signs_as_the_standard_says() {
        // RFC 8032, 7.1, test 1: the empty message.
        let seed = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").expect("hex");
        let key = Key::of(&Seed(seed));
        assert_eq!(
            hex(&key.public()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(
            hex(&key.sign("")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
    }

    #[test]
    fn keys_are_read_from_what_is_published() {
        let keys = [1, 2].map(|seed| Key::of(&Seed([seed; 32])).public());
        let text = format!("# words\n{}\n# more\n{}", pem(&keys[0]), pem(&keys[1]));
        assert_eq!(public_keys(&text), keys);
        assert_eq!(public_keys(&hex(&keys[0])), [keys[0]]);
        for nothing in [
            "",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "words",
        ] {
            assert!(public_keys(nothing).is_empty(), "{nothing}");
        }
    }
}
