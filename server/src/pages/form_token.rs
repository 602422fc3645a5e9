//! The token that a posted form carries.

use super::cookies;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Bytes of a token.
const BYTES: usize = 32;

fn of(secret: &[u8]) -> [u8; BYTES] {
    let mut hasher = Sha256::new();
    hasher.update(b"form token\0");
    hasher.update(secret);
    hasher.finalize().into()
}

/// The token of a browser's secret under a mask of chance: the mask, then the token changed by it. It looks different in
/// every answer, so that compressing it beside what a stranger made us repeat tells nothing (BREACH).
#[must_use]
pub fn masked(secret: &[u8]) -> String {
    let mask = crate::ports::ids::new_secret();
    let mut text = mask.to_vec();
    text.extend(of(secret).iter().zip(mask).map(|(byte, mask)| byte ^ mask));
    cookies::encode_bytes(&text)
}

/// Whether a token is the one of this secret, under whatever mask.
#[must_use]
pub fn opens(token: &str, secret: &[u8]) -> bool {
    let Some(bytes) = cookies::decode_bytes(token).filter(|bytes| bytes.len() == 2 * BYTES) else {
        return false;
    };
    let (mask, hidden) = bytes.split_at(BYTES);
    let token: Vec<u8> = hidden.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    token.ct_eq(&of(secret)).into()
}

/// The token of pages that are drawn for everybody. It is no secret: what it opens is guarded by what the browser says of
/// where the form came from.
#[must_use]
pub fn of_everybody(public_url: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"everybody's form token\0");
    hasher.update(public_url);
    cookies::encode_bytes(&hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_for_its_own_secret_only_and_never_looks_alike() {
        let (one, two) = (masked(b"one"), masked(b"one"));
        assert_ne!(one, two);
        assert!(opens(&one, b"one") && opens(&two, b"one"));
        assert!(!opens(&one, b"two") && !opens("", b"one") && !opens(&one[..40], b"one"));
        assert!(!opens(&of_everybody("http://x"), b""));
    }
}
