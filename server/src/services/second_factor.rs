//! 两步验证: an app on the phone shows a code, which is asked for besides the password.

use super::session::{self, Client, SignedIn, Standing};
use super::{App, Error, fault, right, step_up, throttle};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{Code, FieldCode};
use shared::api::second_factor::SecondFactorOut;
use shared::domain::calendar::Micros;
use shared::domain::rights::{Action, Place};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

/// What an app calls us.
const ISSUER: &str = "Jizhou Market";
/// Recovery codes of a person.
pub const CODES: usize = 10;
/// Clear characters of a recovery code, in groups of four: 59 bits.
const CODE_LENGTH: usize = 12;
/// Bytes of a secret (RFC 4226, section 4: 160 bits).
const SECRET_BYTES: usize = 20;

/// A secret that an app may take over.
pub(super) fn new_secret() -> Vec<u8> {
    let mut secret = crate::ports::ids::new_secret().to_vec();
    secret.truncate(SECRET_BYTES);
    secret
}

/// What an app needs to show codes: the same secret twice, to scan and to type.
pub struct Offered {
    /// The secret in base 32, in groups of four.
    pub typed: String,
    /// The address that the QR code holds.
    pub url: String,
}

/// Codes of six digits, a new one every half minute; the one before and the one after count too (RFC 6238).
fn app_of(secret: &[u8], account: &str) -> Result<Totp, Error> {
    Builder::new()
        .with_secret(secret)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .map_err(fault)
}

/// The code that an app with this secret shows at this moment.
///
/// # Errors
/// A fault when the secret is none.
pub fn code_at(secret: &[u8], now: Micros) -> Result<String, Error> {
    Ok(app_of(secret, "")?.generate(seconds(now)).to_string())
}

fn seconds(now: Micros) -> u64 {
    u64::try_from(now.0 / 1_000_000).unwrap_or_default()
}

/// Looking at the secret that one's session offers as a second factor.
///
/// # Errors
/// `Forbidden` for a token; `WrongState` when the session offers none.
pub async fn offered(app: &App, who: &SignedIn) -> Result<Offered, Error> {
    right::require(&who.actor, Action::SelfRead, Place::DISTRICT)?;
    let secret = offered_secret(app, who).await?;
    let base32 = Secret::from(secret.as_slice()).to_base32();
    let groups: Vec<&str> = base32
        .as_bytes()
        .chunks(4)
        .filter_map(|group| std::str::from_utf8(group).ok())
        .collect();
    Ok(Offered {
        typed: groups.join(" "),
        url: app_of(&secret, &who.me.sign_in_name)?.to_url().map_err(fault)?,
    })
}

async fn offered_secret(app: &App, who: &SignedIn) -> Result<Vec<u8>, Error> {
    if who.token {
        return Err(Error::refused(Code::Forbidden));
    }
    let offered = store::session::offered_secret(app.db.read(), who.session_id).await?;
    offered.ok_or_else(Error::wrong_state)
}

/// One's own second factor.
///
/// # Errors
/// When the database cannot be read.
pub async fn show(app: &App, who: &SignedIn) -> Result<SecondFactorOut, Error> {
    right::require(&who.actor, Action::SelfRead, Place::DISTRICT)?;
    let person_id = who.actor.person_id;
    let row = store::second_factor::of_person(app.db.read(), person_id).await?;
    Ok(SecondFactorOut {
        required: who.me.grants.iter().any(|grant| grant.role.needs_second_factor()),
        enrolled_at: row.map(|row| Micros(row.enrolled_at)),
        codes_left: store::second_factor::codes_left(app.db.read(), person_id).await?,
    })
}

/// Takes the offered secret as the second factor once a code of it is right; an earlier one ends, and so does every
/// other session. Answers the recovery codes, which are shown this once.
///
/// # Errors
/// `Invalid` for a wrong code; `TooManyTries`; `StepUpNeeded` when an earlier second factor is to be replaced;
/// `SecondFactorNeeded` for one who has it and did not give a code of it yet.
pub async fn enrol(app: &App, who: &SignedIn, code: &str, client: &Client) -> Result<Vec<String>, Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    if who.standing == Standing::NeedsCode {
        return Err(Error::refused(Code::SecondFactorNeeded));
    }
    if who.me.second_factor {
        step_up::require_recent(app, &who.actor)?;
    }
    let secret = offered_secret(app, who).await?;
    let attempt = throttle::begin(app, &tries_of(who.actor.person_id), client.address).await?;
    let now = app.now();
    let step = app_of(&secret, "")?
        .check(&plain(code), seconds(now))
        .ok_or_else(wrong_code)?;
    let step = i64::try_from(step).map_err(fault)?;
    let (codes, hashes) = new_codes_of(who.actor.person_id);
    let who = who.clone();
    app.db
        .write(move |tx| {
            let (who, secret, hashes, attempt) =
                (who.clone(), secret.clone(), hashes.clone(), attempt.clone());
            async move {
                let person_id = who.actor.person_id;
                store::second_factor::set(tx, vec![person_id], &secret, step, now).await?;
                store::second_factor::set_codes(tx, person_id, hashes, now).await?;
                store::session::end_others(tx, person_id, Some(who.session_id)).await?;
                store::session::prove(tx, who.session_id, now, true).await?;
                store::session::offer_secret(tx, who.session_id, &new_secret()).await?;
                throttle::succeeded(tx, &attempt, now).await?;
                let entry = session::entry("second_factor.enrol", "person", person_id);
                Ok(store::audit::insert(tx, now, Some(&who.actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(codes)
}

/// Makes new recovery codes; the earlier ones end.
///
/// # Errors
/// `StepUpNeeded`; `WrongState` without a second factor.
pub async fn new_codes(app: &App, who: &SignedIn) -> Result<Vec<String>, Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    if who.token {
        return Err(Error::refused(Code::Forbidden));
    }
    step_up::require_recent(app, &who.actor)?;
    if !who.me.second_factor {
        return Err(Error::wrong_state());
    }
    let (codes, hashes) = new_codes_of(who.actor.person_id);
    let (now, actor) = (app.now(), who.actor.clone());
    app.db
        .write(move |tx| {
            let (actor, hashes) = (actor.clone(), hashes.clone());
            async move {
                store::second_factor::set_codes(tx, actor.person_id, hashes, now).await?;
                let entry = session::entry("second_factor.codes", "person", actor.person_id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(codes)
}

/// Uses up a code of the app or a recovery code; says which it was, for the record.
pub(super) async fn spend(tx: &Tx, person_id: Uuid, typed: &str, now: Micros) -> Result<&'static str, Error> {
    let factor = store::second_factor::of_person(tx, person_id)
        .await?
        .ok_or_else(wrong_code)?;
    let typed = plain(typed);
    if let Some(step) = app_of(&factor.secret, "")?.check(&typed, seconds(now)) {
        let step = i64::try_from(step).map_err(fault)?;
        if store::second_factor::spend_step(tx, person_id, step).await? {
            return Ok("");
        }
        return Err(wrong_code());
    }
    if store::second_factor::spend_code(tx, person_id, &hash_of(person_id, &typed), now).await? {
        return Ok("recovery_code");
    }
    Err(wrong_code())
}

/// The name under which wrong codes of a person are counted.
pub(super) fn tries_of(person_id: Uuid) -> String {
    format!("second factor of {person_id}")
}

pub(super) fn wrong_code() -> Error {
    Error::field("code", FieldCode::WrongCode)
}

/// A code without the spaces and hyphens that people type between its groups.
fn plain(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase()
}

/// Recovery codes to show, and what is stored of them.
fn new_codes_of(person_id: Uuid) -> (Vec<String>, Vec<Vec<u8>>) {
    let codes: Vec<String> = (0..CODES)
        .map(|_| {
            let code = crate::ports::ids::clear_text(CODE_LENGTH);
            format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..])
        })
        .collect();
    let hashes = codes
        .iter()
        .map(|code| hash_of(person_id, &plain(code)))
        .collect();
    (codes, hashes)
}

fn hash_of(person_id: Uuid, plain: &str) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(b"recovery code\0");
    hasher.update(person_id.as_bytes());
    hasher.update(plain.as_bytes());
    hasher.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(
                code_at(secret, Micros(seconds * 1_000_000)).expect("a secret"),
                code
            );
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_one_late() {
        let secret = new_secret();
        let app = app_of(&secret, "").expect("a secret");
        let code = code_at(&secret, Micros(90_000_000)).expect("a secret");
        for (seconds, good) in [(59, false), (60, true), (119, true), (149, true), (150, false)] {
            assert_eq!(app.check(&code, seconds) == Some(3), good, "{seconds}");
        }
    }

    #[test]
    fn recovery_codes_are_many_and_typed_as_one_likes() {
        let person = Uuid::from_u128(7);
        let (codes, hashes) = new_codes_of(person);
        assert_eq!((codes.len(), hashes.len()), (CODES, CODES));
        let sloppy = codes[3].to_lowercase().replace('-', " ");
        assert_eq!(hash_of(person, &plain(&sloppy)), hashes[3]);
        assert_ne!(hash_of(Uuid::from_u128(8), &plain(&sloppy)), hashes[3]);
    }

    #[test]
    fn the_address_names_us_and_the_account() {
        let url = app_of(&new_secret(), "zhang.wei")
            .expect("a secret")
            .to_url()
            .expect("short");
        assert!(
            url.starts_with("otpauth://totp/Jizhou%20Market:zhang.wei?secret="),
            "{url}"
        );
    }
}
