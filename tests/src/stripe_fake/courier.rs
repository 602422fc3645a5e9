//! Who carries the fake's messages: late, twice, in any order, or not at all, as a seed has it.

use super::{StripeFake, WEBHOOK_SECRET};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use sha2::Sha256;
use tower::ServiceExt as _;

/// A signed message.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The header.
    pub signature: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Signs a message with each of these secrets, as Stripe does while one is being changed.
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn sign(body: &[u8], time: i64, secrets: &[&str]) -> String {
    let mut header = format!("t={time}");
    for secret in secrets {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        let hex: String = mac
            .finalize()
            .into_bytes()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        header.push_str(&format!(",v1={hex}"));
    }
    header.push_str(",v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39");
    header
}

impl Letter {
    /// Delivers it; what the market answered.
    ///
    /// # Panics
    /// When the request cannot be made.
    pub async fn deliver(&self, to: &Router) -> StatusCode {
        let request = Request::post("/api/v1/webhooks/stripe")
            .header("content-type", "application/json; charset=utf-8")
            .header("stripe-signature", &self.signature)
            .body(Body::from(self.body.clone()))
            .expect("a request");
        let answer = to.clone().oneshot(request).await.expect("a router answers");
        answer.status()
    }
}

/// A courier.
pub struct Courier {
    chance: StdRng,
    seen: usize,
    late: Vec<Vec<u8>>,
    /// The most copies of one message.
    pub copies: usize,
    /// Of a hundred messages so many are lost.
    pub lost: u32,
    /// Of a hundred messages so many come with the next round.
    pub delayed: u32,
}

impl Courier {
    /// One who loses nothing and delivers once, in any order.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            chance: StdRng::seed_from_u64(seed),
            seen: 0,
            late: Vec::new(),
            copies: 1,
            lost: 0,
            delayed: 0,
        }
    }

    /// What is carried in this round: messages that are new, and those that were late in the last one.
    pub fn round(&mut self, fake: &StripeFake) -> Vec<Letter> {
        let new: Vec<Vec<u8>> = fake.events().drain(self.seen..).collect();
        self.seen += new.len();
        let mut bodies = std::mem::take(&mut self.late);
        for body in new {
            if self.chance.random_range(0..100) < self.lost {
                continue;
            }
            for _ in 0..self.chance.random_range(1..=self.copies) {
                if self.chance.random_range(0..100) < self.delayed {
                    self.late.push(body.clone());
                } else {
                    bodies.push(body.clone());
                }
            }
        }
        bodies.shuffle(&mut self.chance);
        let now = fake.now();
        let letter = |body: Vec<u8>| Letter {
            signature: sign(&body, now, &["whsec_of_another_endpoint", WEBHOOK_SECRET]),
            body,
        };
        bodies.into_iter().map(letter).collect()
    }

    /// Carries everything that is new; how much it was.
    ///
    /// # Panics
    /// When the market does not take one.
    pub async fn carry(&mut self, fake: &StripeFake, to: &Router) -> usize {
        let letters = self.round(fake);
        for letter in &letters {
            assert_eq!(
                letter.deliver(to).await,
                StatusCode::OK,
                "a signed message is taken"
            );
        }
        letters.len()
    }
}
