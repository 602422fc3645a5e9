//! A desk: one unit's buyer and somebody of the centre, who place orders and bring them to their credit through the API,
//! and remember every answer. A request whose answer never came is kept, to be sent again with the same key.

mod next;

use crate::caller::{self, Body, Caller, Gone};
use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::StatusCode;
use serde_json::Value;
use shared::api::acceptance::{AcceptanceOut, AcceptanceStatus};
use shared::api::order::{OrderOut, OrderRow, PlacedOut};
use shared::api::page::Page;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as Status;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use uuid::Uuid;

/// An offer that is ordered, and how much of it.
#[derive(Clone, Copy)]
pub struct Good {
    /// The offer.
    pub offer_id: Uuid,
    /// The least amount of it.
    pub qty: Qty,
}

/// Who asks.
#[derive(Clone, Copy)]
enum Who {
    Buyer,
    Operator,
}

/// What an answer means.
#[derive(Clone)]
enum Means {
    /// There is a new order.
    Placed,
    /// Village orders of an order stand at least so far.
    Reached(Uuid, Vec<Uuid>, u8),
    /// One side has signed.
    Signed(Uuid),
}

/// What a desk writes: who asks, and what the answer means.
type Write = caller::Write<(Who, Means)>;

/// An acknowledged order.
struct Known {
    placed: PlacedOut,
    /// How far its village orders stand for certain.
    reached: BTreeMap<Uuid, u8>,
    /// Whether both sides have signed for certain.
    credited: bool,
    /// Whether that was seen since.
    seen_credited: bool,
}

/// A desk.
pub struct Desk {
    buyer: Caller,
    operator: Caller,
    goods: Vec<Good>,
    chance: StdRng,
    /// Orders of the unit from before.
    past: BTreeSet<Uuid>,
    known: BTreeMap<Uuid, Known>,
    /// The request whose answer never came.
    unanswered: Option<Write>,
    /// Whether it stops after the answer that it waits for.
    closing: Rc<Cell<bool>>,
    /// Whether the last load ended with such an answer, or with none.
    refused: bool,
}

impl Desk {
    /// A desk that has not worked yet.
    pub fn new(buyer: Caller, operator: Caller, goods: Vec<Good>, chance: StdRng) -> Self {
        let (past, known) = (BTreeSet::new(), BTreeMap::new());
        Self {
            buyer,
            operator,
            goods,
            chance,
            past,
            known,
            unanswered: None,
            closing: Rc::default(),
            refused: false,
        }
    }

    /// Notes the orders that its unit already has.
    pub async fn remember_past(&mut self) {
        self.past = self.listed().await;
    }

    /// Orders that were acknowledged.
    pub fn orders(&self) -> usize {
        self.known.len()
    }

    /// Orders of them whose credit was acknowledged.
    pub fn credited(&self) -> usize {
        self.known.values().filter(|known| known.credited).count()
    }

    /// How often it was told: not just now.
    pub fn refusals(&self) -> usize {
        self.buyer.refusals() + self.operator.refusals()
    }

    /// Whether its last load ended without an answer.
    pub const fn was_refused(&self) -> bool {
        self.refused
    }

    /// What ends its work after the answer that it waits for, when set.
    pub fn closing(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.closing)
    }

    /// Works until the program is gone, or until it is to close.
    pub async fn work(&mut self) {
        self.closing.set(false);
        self.refused = false;
        while !self.closing.get() {
            if self.step().await.is_err() {
                self.refused = true;
                return;
            }
        }
    }

    async fn step(&mut self) -> Result<(), Gone> {
        let open: Vec<Uuid> = self
            .known
            .iter()
            .filter(|(_, known)| !known.credited)
            .map(|(id, _)| *id)
            .collect();
        let write = if open.len() < 3 || self.chance.random_ratio(1, 5) {
            Some(self.order())
        } else {
            let id = open[self.chance.random_range(0..open.len())];
            self.onward(id).await?
        };
        match write {
            Some(write) => self.send(write).await,
            None => Ok(()),
        }
    }

    fn write(&mut self, who: Who, path: String, body: Value, means: Means) -> Write {
        Write {
            path,
            key: Uuid::from_u128(self.chance.random()).to_string(),
            body: Body::Json(body),
            means: (who, means),
        }
    }

    fn caller(&self, who: Who) -> &Caller {
        match who {
            Who::Buyer => &self.buyer,
            Who::Operator => &self.operator,
        }
    }

    /// Sends a write; without an answer it is kept.
    async fn send(&mut self, write: Write) -> Result<(), Gone> {
        match self.caller(write.means.0).answer_to(&write).await {
            Ok((status, body)) => {
                self.note(&write, status, &body);
                Ok(())
            }
            Err(Gone) => {
                self.unanswered = Some(write);
                Err(Gone)
            }
        }
    }

    /// Remembers what an answer says.
    fn note(&mut self, write: &Write, status: StatusCode, body: &Value) {
        if !status.is_success() {
            // Sold out is an answer; anything else would be a fault of this test.
            assert_eq!(body["code"], "out_of_stock", "{}: {status} {body}", write.path);
            return;
        }
        match &write.means.1 {
            Means::Placed => {
                let placed: PlacedOut = serde_json::from_value(body.clone()).expect("a placed order");
                let known = Known {
                    placed,
                    reached: BTreeMap::new(),
                    credited: false,
                    seen_credited: false,
                };
                let twice = self.known.insert(known.placed.id, known);
                assert!(twice.is_none(), "another key gave the same order: {body}");
            }
            Means::Reached(order, ids, reached) => {
                let known = self.known.get_mut(order).expect("the order is known");
                known.reached.extend(ids.iter().map(|id| (*id, *reached)));
            }
            Means::Signed(order) => {
                let posted = body["acceptance"]["status"] == "posted";
                let known = self.known.get_mut(order).expect("the order is known");
                known.credited |= posted;
            }
        }
    }

    /// Sends the request without an answer again, twice, with its own key: both answers must be the same.
    pub async fn retry(&mut self) -> usize {
        let Some(write) = self.unanswered.take() else {
            return 0;
        };
        let mut answers = Vec::new();
        for _ in 0..2 {
            answers.push(self.caller(write.means.0).answer_in_the_end(&write).await);
        }
        let [(first, body), (second, again)] = answers.as_slice() else {
            unreachable!("two were asked for")
        };
        assert_eq!(
            first, second,
            "{}: one key, two answers: {body} {again}",
            write.path
        );
        if first.is_success() {
            assert_eq!(body, again, "{}: one key, two answers", write.path);
        }
        self.note(&write, *first, body);
        1
    }

    /// Everything that was acknowledged is listed, and orders that are under way stand where they should.
    pub async fn check_open(&mut self) {
        self.check_some(false).await;
    }

    /// Everything that was acknowledged is there, and nothing else.
    pub async fn check(&mut self) {
        self.check_some(true).await;
    }

    async fn check_some(&mut self, all: bool) {
        let expected: BTreeSet<Uuid> = self.known.keys().chain(&self.past).copied().collect();
        let listed = self.listed().await;
        assert_eq!(
            listed, expected,
            "the unit's orders are those that were acknowledged"
        );
        let mut known = std::mem::take(&mut self.known);
        for (id, known) in known.iter_mut().filter(|(_, known)| all || !known.seen_credited) {
            let order: OrderOut = self.buyer.look(&format!("/orders/{id}")).await;
            let placed = &known.placed;
            assert_eq!(
                (&order.order.number, order.order.total_fen),
                (&placed.number, placed.total_fen)
            );
            for part in &order.village_orders {
                let row = &part.village_order;
                let least = known.reached.get(&row.id).copied().unwrap_or_default();
                assert!(
                    rank(row.status) >= least,
                    "{}: {:?} was acknowledged further on",
                    row.number,
                    row.status
                );
                assert!(
                    !known.credited || rank(row.status) == 5,
                    "{}: its credit is gone",
                    row.number
                );
            }
            if known.credited {
                let path = format!("/orders/{id}/acceptance");
                let posted: AcceptanceOut = self.buyer.look(&path).await;
                assert!(
                    posted.status == AcceptanceStatus::Posted && posted.transaction_id.is_some(),
                    "{path}"
                );
            }
            known.seen_credited = known.credited;
        }
        self.known = known;
    }

    /// The ids of all orders of the unit.
    async fn listed(&self) -> BTreeSet<Uuid> {
        let (mut ids, mut after) = (BTreeSet::new(), String::new());
        loop {
            let path = format!("/orders?limit=100{after}");
            let page: Page<OrderRow> = self.buyer.look(&path).await;
            let fresh = page.items.iter().filter(|row| ids.insert(row.id)).count();
            assert_eq!(fresh, page.items.len(), "no order is listed twice");
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => return ids,
            }
        }
    }
}

/// How far a village order stands.
const fn rank(status: Status) -> u8 {
    match status {
        Status::Confirmed | Status::Shorted => 1,
        Status::Packed => 2,
        Status::Collected => 3,
        Status::Delivered => 4,
        Status::Credited | Status::Settled => 5,
        _ => 0,
    }
}
