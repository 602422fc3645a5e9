//! Chance: ids, secrets, numbers on documents.

use rand::Rng;
use sha2::{Digest as _, Sha256};
use shared::domain::calendar::{Day, Micros};
use shared::domain::transfer_code::{LENGTH, TransferCode};
use uuid::Uuid;

/// Letters and digits that nobody takes for one another when read aloud or typed by hand.
const CLEAR: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";

/// A new id: UUIDv7 of `now`, so that rows made one after the other lie side by side.
#[must_use]
pub fn new_id(now: Micros) -> Uuid {
    let millis = u64::try_from(now.0 / 1000).unwrap_or_default();
    let mut random = [0_u8; 10];
    rand::rng().fill_bytes(&mut random);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A secret of 256 random bits, for cookies, tokens and one-time links.
#[must_use]
pub fn new_secret() -> [u8; 32] {
    let mut secret = [0_u8; 32];
    rand::rng().fill_bytes(&mut secret);
    secret
}

/// A number for a document: a letter for its kind, the day, and five clear characters, as `D261121-7K3MP`.
/// A unique key guards against the rare double; the use case is then run again.
#[must_use]
pub fn document_number(kind: char, day: Day) -> String {
    let (year, month, date) = day.ymd();
    format!("{kind}{:02}{month:02}{date:02}-{}", year % 100, clear_text(5))
}

/// A transfer code for a bill; a unique key guards against the rare double.
#[must_use]
pub fn transfer_code() -> TransferCode {
    let mut random = [0_u8; LENGTH - 1];
    rand::rng().fill_bytes(&mut random);
    TransferCode::of_values(random)
}

/// So many clear characters.
#[must_use]
pub fn clear_text(length: usize) -> String {
    let mut random = vec![0_u8; length];
    rand::rng().fill_bytes(&mut random);
    random
        .iter()
        .map(|byte| char::from(CLEAR[usize::from(*byte) % CLEAR.len()]))
        .collect()
}

/// An id that follows from another and a word: whoever makes it again gets the same.
#[must_use]
pub fn derived(from: Uuid, word: &str) -> Uuid {
    let hash = Sha256::new()
        .chain_update(from.as_bytes())
        .chain_update(word.as_bytes())
        .finalize();
    let bytes: [u8; 16] = std::array::from_fn(|at| hash[at]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
