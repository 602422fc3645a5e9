//! Passwords: hashing them, and which ones are too easy.

use super::session::{self, Client, SignedIn};
use super::{App, Error, common_password, fault, right, throttle};
use crate::store;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use futures::FutureExt as _;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::session::PasswordIn;
use shared::domain::rights::{Action, Place};

/// The shortest password, in characters.
pub const MIN_CHARACTERS: usize = 12;
/// The longest password, in characters.
pub const MAX_CHARACTERS: usize = 128;
/// Stands for the salt of one who does not exist: their try takes as long as any other.
const NOBODYS_SALT: &[u8; 16] = b"nobody signs in.";

/// argon2id with 19 MiB, two passes, one lane (OWASP password storage).
fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// Runs heavy work away from the requests, so many at once and no more. The permit lives in the work itself: a client
/// that hangs up does not make room for another one while its hash is still being reckoned.
async fn bounded<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let permit = std::sync::Arc::clone(&app.hashing)
        .acquire_owned()
        .await
        .map_err(fault)?;
    tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    })
    .await
    .map_err(fault)
}

/// What is stored of a password.
///
/// # Errors
/// A fault when the machine has no chance to give.
pub async fn hash(app: &App, password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    bounded(app, move || {
        argon2id()
            .hash_password(password.as_bytes())
            .map(|hash: PasswordHash| hash.to_string())
    })
    .await?
    .map_err(fault)
}

/// Whether a password is the one of this hash; without a hash never, after the same time.
///
/// # Errors
/// A fault when the stored hash cannot be read.
pub async fn verify(app: &App, password: &str, stored: Option<String>) -> Result<bool, Error> {
    if password.len() > 4 * MAX_CHARACTERS {
        return Ok(false);
    }
    let password = password.to_owned();
    bounded(app, move || match stored {
        Some(stored) => {
            let parsed = PasswordHash::new(&stored).map_err(fault)?;
            Ok(argon2id().verify_password(password.as_bytes(), &parsed).is_ok())
        }
        None => {
            let reckoned: Result<PasswordHash, _> =
                argon2id().hash_password_with_salt(password.as_bytes(), NOBODYS_SALT);
            drop(std::hint::black_box(reckoned));
            Ok(false)
        }
    })
    .await?
}

/// What is wrong with a new password; `names` are the person's own, which it must not consist of.
#[must_use]
pub fn problems(new: &str, again: &str, names: &[&str]) -> Vec<FieldProblem> {
    let characters = new.chars().count();
    if characters == 0 {
        vec![FieldProblem::new("new", FieldCode::Required)]
    } else if characters < MIN_CHARACTERS {
        vec![FieldProblem::bound("new", FieldCode::TooShort, MIN_CHARACTERS)]
    } else if characters > MAX_CHARACTERS {
        vec![FieldProblem::bound("new", FieldCode::TooLong, MAX_CHARACTERS)]
    } else if common_password::is_common(new, names) {
        vec![FieldProblem::new("new", FieldCode::CommonPassword)]
    } else if new != again {
        vec![FieldProblem::new("again", FieldCode::NotTheSame)]
    } else {
        Vec::new()
    }
}

/// Changes one's own password; every other session of the person ends.
///
/// # Errors
/// `Invalid` for a weak one, `WrongCredentials` when the present one is not right, `TooManyTries` after several of those.
pub async fn change(app: &App, who: &SignedIn, input: &PasswordIn, client: &Client) -> Result<(), Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    let problems = problems(&input.new, &input.again, &[&who.me.sign_in_name, &who.me.name]);
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let attempt = throttle::begin(app, &who.me.sign_in_name, client.address).await?;
    let person = store::person::by_id(app.db.read(), who.actor.person_id).await?;
    if !verify(app, &input.current, person.and_then(|p| p.password_hash)).await? {
        return Err(Error::refused(Code::WrongCredentials));
    }
    let new_hash = hash(app, &input.new).await?;
    let (now, who) = (app.now(), who.clone());
    app.db
        .write(move |tx| {
            let (attempt, new_hash, who) = (attempt.clone(), new_hash.clone(), who.clone());
            async move {
                let person_id = who.actor.person_id;
                store::person::set_password(tx, person_id, &new_hash).await?;
                store::session::end_others(tx, person_id, Some(who.session_id)).await?;
                throttle::succeeded(tx, &attempt, now).await?;
                let entry = session::entry("password.change", "person", person_id);
                Ok(store::audit::insert(tx, now, Some(&who.actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(new: &str, again: &str) -> Option<FieldCode> {
        problems(new, again, &["zhang.wei", "张伟"])
            .first()
            .map(|problem| problem.code)
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(code_of("", ""), Some(FieldCode::Required));
        assert_eq!(code_of("短密码", "短密码"), Some(FieldCode::TooShort));
        assert_eq!(code_of("elf zeichen", "elf zeichen"), Some(FieldCode::TooShort));
        let good = "山高水长柿子红了满坡都是";
        assert_eq!(code_of(good, good), None);
        let long: String = (0..129)
            .map(|n| char::from(b'a' + u8::try_from(n * 7 % 26).expect("below 26")))
            .collect();
        assert_eq!(code_of(&long, &long), Some(FieldCode::TooLong));
    }

    #[test]
    fn both_must_be_the_same() {
        assert_eq!(
            code_of("copper lantern 71", "copper lantern 17"),
            Some(FieldCode::NotTheSame)
        );
        assert_eq!(code_of("copper lantern 71", "copper lantern 71"), None);
        assert_eq!(
            code_of("password1234", "password1234"),
            Some(FieldCode::CommonPassword)
        );
    }

    #[test]
    fn a_hash_is_argon2id_with_a_salt_of_its_own() {
        let hash_of = || -> String {
            let hash: PasswordHash = argon2id().hash_password(b"copper lantern 71").expect("chance");
            hash.to_string()
        };
        let (one, two) = (hash_of(), hash_of());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        let parsed = PasswordHash::new(&one).expect("our own form");
        assert!(argon2id().verify_password(b"copper lantern 71", &parsed).is_ok());
        assert!(argon2id().verify_password(b"copper lantern 72", &parsed).is_err());
        let nobody: Result<PasswordHash, _> = argon2id().hash_password_with_salt(b"x", NOBODYS_SALT);
        assert!(nobody.is_ok());
    }
}
