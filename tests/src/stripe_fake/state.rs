//! What the fake keeps, and what happens to it.

use super::shown;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// By what somebody pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A card.
    Card,
    /// Alipay.
    Alipay,
    /// WeChat Pay.
    WechatPay,
}

impl Method {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Alipay => "alipay",
            Self::WechatPay => "wechat_pay",
        }
    }

    /// What is taken of a sum: a share, rounded up, and 2.35 yuan.
    const fn fee(self, amount: i64) -> i64 {
        let per_mille = match self {
            Self::Card => 34,
            Self::Alipay | Self::WechatPay => 22,
        };
        (amount * per_mille + 999) / 1000 + 235
    }
}

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// It is done, and its answer is lost.
    LoseTheAnswer,
    /// It is not done: too many requests.
    TooMany,
    /// It is not done: their fault.
    Broken,
}

/// A checkout session.
#[derive(Clone, Debug, Default)]
pub struct Session {
    pub id: String,
    pub status: &'static str,
    pub payment_status: &'static str,
    pub created: i64,
    pub expires_at: i64,
    pub amount: i64,
    pub reference: String,
    pub metadata: BTreeMap<String, String>,
    pub success_url: String,
    pub cancel_url: String,
    pub ways: Vec<String>,
    pub intent: Option<String>,
}

/// A payment intent with its charge.
#[derive(Clone, Debug)]
pub struct Intent {
    pub id: String,
    pub charge: String,
    pub status: &'static str,
    pub method: Method,
    pub amount: i64,
    pub refunded: i64,
    pub created: i64,
    pub metadata: BTreeMap<String, String>,
}

/// A refund.
#[derive(Clone, Debug)]
pub struct Refund {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub status: &'static str,
    pub created: i64,
    pub metadata: BTreeMap<String, String>,
}

/// A payout.
#[derive(Clone, Debug)]
pub struct Payout {
    pub id: String,
    pub amount: i64,
    pub status: &'static str,
    pub created: i64,
}

/// A balance transaction.
#[derive(Clone, Debug)]
pub struct Movement {
    pub id: String,
    pub kind: &'static str,
    pub amount: i64,
    pub fee: i64,
    pub source: Option<String>,
    pub created: i64,
}

impl Movement {
    /// What of it is a fee.
    pub fn cost(&self) -> i64 {
        self.fee
            + if self.kind == "stripe_fee" {
                -self.amount
            } else {
                0
            }
    }
}

/// An answer that was given under an idempotency key.
#[derive(Clone, Debug)]
pub struct Given {
    pub path: String,
    pub body: Vec<u8>,
    pub status: u16,
    pub answer: Value,
}

/// Everything.
#[derive(Default)]
pub struct State {
    pub base: String,
    pub now: i64,
    pub sessions: BTreeMap<String, Session>,
    pub intents: BTreeMap<String, Intent>,
    pub refunds: BTreeMap<String, Refund>,
    pub payouts: BTreeMap<String, Payout>,
    pub movements: Vec<Movement>,
    pub events: Vec<Vec<u8>>,
    pub given: HashMap<String, Given>,
    pub requests: Vec<String>,
    pub trips: VecDeque<Trip>,
    pub slow_refunds: bool,
    pub version: String,
    made: u64,
}

impl State {
    /// A new name; later ones sort behind earlier ones.
    pub fn name(&mut self, start: &str) -> String {
        self.made += 1;
        format!("{start}_fake{:06}", self.made)
    }

    pub fn balance(&self) -> i64 {
        self.movements.iter().map(|m| m.amount - m.fee).sum()
    }

    fn moved(&mut self, kind: &'static str, amount: i64, fee: i64, source: Option<&str>) {
        let id = self.name("txn");
        self.movements.push(Movement {
            id,
            kind,
            amount,
            fee,
            source: source.map(str::to_owned),
            created: self.now,
        });
    }

    /// Tells of something, in the form of the version that is spoken.
    pub fn say(&mut self, kind: &str, object: Value) {
        let version = match self.version.as_str() {
            "" => "2026-09-30.endive",
            version => version,
        };
        let event = json!({
            "id": format!("evt_fake{:06}", self.events.len() + 1),
            "object": "event",
            "api_version": version,
            "created": self.now,
            "livemode": false,
            "pending_webhooks": 1,
            "request": {"id": null, "idempotency_key": null},
            "type": kind,
            "data": {"object": object},
        });
        self.events.push(event.to_string().into_bytes());
    }

    fn say_session(&mut self, kind: &str, session: &str) {
        let object = shown::session(self, &self.sessions[session], false);
        self.say(kind, object);
    }

    fn session(&mut self, session: &str) -> &mut Session {
        let found = self.sessions.get_mut(session);
        found.unwrap_or_else(|| panic!("there is no checkout {session}"))
    }

    fn intend(&mut self, session: &str, method: Method, status: &'static str) -> String {
        let (id, charge) = (self.name("pi"), self.name("ch"));
        let created = self.now;
        let session = self.session(session);
        assert_eq!(session.status, "open", "nobody can pay on a page that is closed");
        assert!(
            session.ways.iter().any(|way| way == method.name()),
            "the page offers {:?}, not {method:?}",
            session.ways
        );
        session.intent = Some(id.clone());
        session.status = "complete";
        let intent = Intent {
            id: id.clone(),
            charge,
            status,
            method,
            amount: session.amount,
            refunded: 0,
            created,
            metadata: session.metadata.clone(),
        };
        self.intents.insert(id.clone(), intent);
        id
    }

    pub fn pay(&mut self, session: &str, method: Method) {
        let intent = self.intend(session, method, "succeeded");
        self.session(session).payment_status = "paid";
        self.has_come(&intent);
        self.say_session("checkout.session.completed", session);
    }

    fn has_come(&mut self, intent: &str) {
        let paid = self.intents[intent].clone();
        let fee = paid.method.fee(paid.amount);
        self.moved("charge", paid.amount, fee, Some(&paid.charge));
        self.say("payment_intent.succeeded", shown::intent(&paid, false));
        self.say("charge.succeeded", shown::charge(&paid));
    }

    pub fn pay_slowly(&mut self, session: &str) {
        let intent = self.intend(session, Method::Alipay, "processing");
        let shown = shown::intent(&self.intents[&intent], false);
        self.say("payment_intent.processing", shown);
        self.say_session("checkout.session.completed", session);
    }

    pub fn arrive(&mut self, session: &str, comes: bool) {
        let id = self.session(session).intent.clone();
        let id = id.expect("somebody has paid slowly");
        let intent = self.intents.get_mut(&id).expect("every intent is kept");
        assert_eq!(intent.status, "processing", "it is on its way");
        intent.status = if comes {
            "succeeded"
        } else {
            "requires_payment_method"
        };
        if comes {
            self.session(session).payment_status = "paid";
            self.has_come(&id);
            self.say_session("checkout.session.async_payment_succeeded", session);
        } else {
            self.say_session("checkout.session.async_payment_failed", session);
        }
    }

    pub fn expire(&mut self, session: &str) {
        let one = self.session(session);
        assert_eq!(one.status, "open", "only what is open runs out");
        one.status = "expired";
        self.say_session("checkout.session.expired", session);
    }

    pub fn pay_elsewhere(&mut self, amount: i64) {
        let id = self.name("cs_test");
        let session = Session {
            id: id.clone(),
            status: "open",
            payment_status: "unpaid",
            created: self.now,
            expires_at: self.now + 3600,
            amount,
            reference: "another-shop-17".to_owned(),
            ways: vec!["card".to_owned()],
            ..Session::default()
        };
        self.sessions.insert(id.clone(), session);
        self.pay(&id, Method::Card);
    }

    /// Makes a refund; `Err` says why not.
    pub fn refund(
        &mut self,
        intent: &str,
        amount: i64,
        metadata: BTreeMap<String, String>,
    ) -> Result<Refund, String> {
        let (id, slow, now) = (self.name("re"), self.slow_refunds, self.now);
        let paid = self
            .intents
            .get_mut(intent)
            .ok_or_else(|| format!("No such payment_intent: '{intent}'"))?;
        if paid.status != "succeeded" {
            return Err("This PaymentIntent does not have a successful charge to refund.".to_owned());
        }
        if amount <= 0 || paid.refunded + amount > paid.amount {
            let left = paid.amount - paid.refunded;
            return Err(format!(
                "Refund amount ({amount}) is greater than unrefunded amount ({left})"
            ));
        }
        paid.refunded += amount;
        let refund = Refund {
            id: id.clone(),
            intent: intent.to_owned(),
            amount,
            status: if slow { "pending" } else { "succeeded" },
            created: now,
            metadata,
        };
        let charge = shown::charge(paid);
        self.refunds.insert(id.clone(), refund.clone());
        self.moved("refund", -amount, 0, Some(&id));
        let shown = shown::refund(self, &refund);
        self.say("refund.created", shown);
        self.say("charge.refunded", charge);
        Ok(refund)
    }

    pub fn refund_by_hand(&mut self, session: &str, amount: i64) -> String {
        let intent = self.session(session).intent.clone().expect("it was paid");
        let made = self.refund(&intent, amount, BTreeMap::new());
        made.expect("so much is left").id
    }

    pub fn end_refund(&mut self, refund: &str, well: bool) {
        let one = self.refunds.get_mut(refund);
        let one = one.unwrap_or_else(|| panic!("there is no refund {refund}"));
        one.status = if well { "succeeded" } else { "failed" };
        let one = one.clone();
        if !well {
            let paid = self.intents.get_mut(&one.intent).expect("every intent is kept");
            paid.refunded -= one.amount;
            self.moved("refund_failure", one.amount, 0, Some(refund));
        }
        let shown = shown::refund(self, &one);
        self.say(if well { "refund.updated" } else { "refund.failed" }, shown);
    }

    pub fn take_fee(&mut self, amount: i64) {
        self.moved("stripe_fee", -amount, 0, None);
    }

    pub fn dispute(&mut self, amount: i64) {
        self.moved("adjustment", -amount, 0, Some("dp_fake"));
    }

    pub fn pay_out(&mut self) -> String {
        let (id, amount) = (self.name("po"), self.balance());
        let payout = Payout {
            id: id.clone(),
            amount,
            status: "in_transit",
            created: self.now,
        };
        self.moved("payout", -amount, 0, Some(&id));
        self.say("payout.created", shown::payout(&payout));
        self.payouts.insert(id.clone(), payout);
        id
    }

    pub fn end_payout(&mut self, payout: &str, well: bool) {
        let one = self.payouts.get_mut(payout);
        let one = one.unwrap_or_else(|| panic!("there is no payout {payout}"));
        one.status = if well { "paid" } else { "failed" };
        let one = one.clone();
        if !well {
            self.moved("payout_failure", one.amount, 0, Some(payout));
        }
        self.say(
            if well { "payout.paid" } else { "payout.failed" },
            shown::payout(&one),
        );
    }
}
