//! What Stripe sends by itself. Signatures are checked here and not by the library, whose verifier keeps only the last `v1` of a header
//! (while a secret is being changed there are two) and turns events that it does not know into errors.

use crate::ports::payment::{ProviderEvent, Subject};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::domain::calendar::Micros;
use subtle::{Choice, ConstantTimeEq as _};

/// How old, or how far ahead of our clock, a signature may be.
const TOLERANCE_S: i64 = 300;
/// The longest header that is read.
const HEADER_MAX: usize = 4096;
/// The longest name of a thing of theirs.
const NAME_MAX: usize = 255;

/// Whether one of the header's `v1` signatures was made over these very bytes with one of our secrets, within the tolerance. Each is
/// tried with each, in constant time and to the end: how long it takes tells nothing.
pub fn signed(secrets: &[String], header: &str, body: &[u8], now: Micros) -> bool {
    if header.len() > HEADER_MAX {
        return false;
    }
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let mut times = parts().filter(|(name, _)| *name == "t").map(|(_, value)| value);
    let (Some(written), None) = (times.next(), times.next()) else {
        return false;
    };
    let Ok(time) = written.parse::<i64>() else {
        return false;
    };
    let apart = now.0.div_euclid(1_000_000).saturating_sub(time);
    if !(-TOLERANCE_S..=TOLERANCE_S).contains(&apart) {
        return false;
    }
    let given: Vec<Vec<u8>> = parts()
        .filter(|(name, _)| *name == "v1")
        .filter_map(|(_, hex)| from_hex(hex))
        .collect();
    let mut right = Choice::from(0);
    for secret in secrets {
        let expected = expected(secret, written, body);
        for signature in &given {
            right |= signature.as_slice().ct_eq(&expected);
        }
    }
    right.into()
}

fn expected(secret: &str, time: &str, body: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().into()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    digits
        .chunks_exact(2)
        .map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?))
        .collect()
}

/// What an event is about. Only names are taken from it, and its kind of thing: how the thing stands is asked, so that neither the
/// version of the form nor the order of arrival matters.
pub fn event(body: &[u8]) -> ProviderEvent {
    let event: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = match text("id") {
        id if is_name(id) => id.to_owned(),
        _ => crate::services::ledger::hex(&Sha256::digest(body)),
    };
    let object = event.get("data").and_then(|data| data.get("object"));
    ProviderEvent {
        id,
        kind: short(text("type")),
        api_version: short(text("api_version")),
        subject: object.and_then(subject).unwrap_or(Subject::Nothing),
    }
}

fn subject(object: &Value) -> Option<Subject> {
    let name = |key: &str| match object.get(key)? {
        Value::String(name) => Some(name.clone()),
        // Expanded, as some accounts have it sent.
        Value::Object(whole) => whole.get("id").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let name = |key: &str| name(key).filter(|name| is_name(name));
    match object.get("object").and_then(Value::as_str)? {
        "checkout.session" => Some(Subject::Checkout(name("id")?)),
        "payment_intent" => Some(Subject::Charge(name("id")?)),
        "charge" | "dispute" => Some(Subject::Charge(name("payment_intent")?)),
        "refund" => Some(Subject::Refund(name("id")?)),
        "payout" => Some(Subject::Payout(name("id")?)),
        _ => None,
    }
}

/// Names go into addresses: nothing else than this may stand in them.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= NAME_MAX
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const NOW: Micros = Micros(1_800_000_000_000_000);

    fn header(secrets: &[&str], time: i64) -> String {
        let mut header = format!("t={time}");
        for secret in secrets {
            let signature = expected(secret, &time.to_string(), BODY);
            header.push_str(&format!(",v1={}", crate::services::ledger::hex(&signature)));
        }
        header
    }

    fn good(ours: &[&str], header: &str) -> bool {
        let ours: Vec<String> = ours.iter().map(|s| (*s).to_owned()).collect();
        signed(&ours, header, BODY, NOW)
    }

    #[test]
    fn every_signature_is_tried_with_every_secret() {
        let time = 1_800_000_000;
        assert!(good(&["a"], &header(&["a"], time)));
        assert!(good(&["a"], &header(&["a", "b"], time)), "the first of two");
        assert!(good(&["b"], &header(&["a", "b"], time)), "the last of two");
        assert!(good(&["old", "new"], &header(&["new"], time)));
        assert!(!good(&["c"], &header(&["a", "b"], time)));
        assert!(
            !good(&[], &header(&["a"], time)),
            "without a secret nothing is signed"
        );
        let noise = format!("{},v0=00,x=y,v1=zz,v1=", header(&["a"], time));
        assert!(good(&["a"], &noise), "what is no signature does not spoil one");
    }

    #[test]
    fn a_signature_holds_for_five_minutes_and_its_own_bytes() {
        for (off, holds) in [(0, true), (-300, true), (300, true), (-301, false), (301, false)] {
            assert_eq!(good(&["a"], &header(&["a"], 1_800_000_000 + off)), holds, "{off}");
        }
        let secrets = ["a".to_owned()];
        let right = header(&["a"], 1_800_000_000);
        assert!(!signed(&secrets, &right, br#"{"id":"evt_2"}"#, NOW));
        let twice = format!("t=1800000000,{right}");
        assert!(!signed(&secrets, &twice, BODY, NOW), "two times are none");
        let moved = right.replace("t=1800000000", "t=1800000001");
        assert!(!signed(&secrets, &moved, BODY, NOW));
        for broken in ["", "t=", "v1=00", "t=x,v1=00", &"t=1,".repeat(2000)] {
            assert!(!signed(&secrets, broken, BODY, NOW), "{broken}");
        }
    }

    #[test]
    fn what_an_event_is_about_is_read_from_any_version() {
        let of = |object: &str| {
            let body = format!(
                r#"{{"id":"evt_1","type":"x.y","api_version":"2015-01-01","data":{{"object":{object}}}}}"#
            );
            event(body.as_bytes()).subject
        };
        assert_eq!(
            of(r#"{"object":"checkout.session","id":"cs_1"}"#),
            Subject::Checkout("cs_1".into())
        );
        assert_eq!(
            of(r#"{"object":"charge","id":"ch_1","payment_intent":"pi_1","refunds":{"data":[]}}"#),
            Subject::Charge("pi_1".into())
        );
        assert_eq!(
            of(r#"{"object":"charge","id":"ch_1","payment_intent":{"id":"pi_2"}}"#),
            Subject::Charge("pi_2".into())
        );
        assert_eq!(
            of(r#"{"object":"payout","id":"po_1"}"#),
            Subject::Payout("po_1".into())
        );
        assert_eq!(of(r#"{"object":"charge","id":"ch_1"}"#), Subject::Nothing);
        assert_eq!(of(r#"{"object":"payout","id":"../../v1/x"}"#), Subject::Nothing);
        assert_eq!(of(r#"{"object":"invoice","id":"in_1"}"#), Subject::Nothing);
        assert_eq!(of("3"), Subject::Nothing);
        let unreadable = event(b"not json");
        assert_eq!((unreadable.subject, unreadable.id.len()), (Subject::Nothing, 64));
    }
}
