//! A desk: one unit's buyer and somebody of the centre, who place orders and bring them to their credit through the API,
//! and remember every answer. A request whose answer never came is kept, to be sent again with the same key.

use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::{Client, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::api::acceptance::{AcceptanceOut, AcceptanceStatus};
use shared::api::order::{OrderOut, OrderRow, OrderVillage, PlacedOut};
use shared::api::page::Page;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as Status;
use std::collections::{BTreeMap, BTreeSet};
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

/// A write, with its idempotency key.
#[derive(Clone)]
struct Write {
    who: Who,
    path: String,
    key: String,
    body: Value,
    means: Means,
}

/// The program is gone.
struct Gone;

/// An acknowledged order.
struct Known {
    placed: PlacedOut,
    /// How far its village orders stand for certain.
    reached: BTreeMap<Uuid, u8>,
    /// Whether both sides have signed for certain.
    credited: bool,
}

/// A desk.
pub struct Desk {
    client: Client,
    site: String,
    tokens: [String; 2],
    goods: Vec<Good>,
    chance: StdRng,
    /// Orders of the unit from before.
    past: BTreeSet<Uuid>,
    known: BTreeMap<Uuid, Known>,
    /// The request whose answer never came.
    unanswered: Option<Write>,
}

impl Desk {
    /// A desk that has not worked yet.
    pub fn new(client: Client, site: String, tokens: [String; 2], goods: Vec<Good>, chance: StdRng) -> Self {
        let (past, known) = (BTreeSet::new(), BTreeMap::new());
        Self {
            client,
            site,
            tokens,
            goods,
            chance,
            past,
            known,
            unanswered: None,
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

    /// Works until the program is gone.
    pub async fn work(&mut self) {
        while self.step().await.is_ok() {}
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

    /// A new order of one to three goods.
    fn order(&mut self) -> Write {
        let mut chosen = BTreeMap::new();
        for _ in 0..self.chance.random_range(1..=3) {
            let good = self.goods[self.chance.random_range(0..self.goods.len())];
            chosen.insert(good.offer_id, good.qty);
        }
        let lines: Vec<Value> = chosen
            .iter()
            .map(|(id, qty)| json!({ "offer_id": id, "qty": qty }))
            .collect();
        let body = json!({
            "fund": "canteen",
            "address": "蓟州区示例路 1 号食堂后门",
            "contact": "李明 13800000000",
            "wanted_on": tests::running::today().add_days(2),
            "lines": lines,
        });
        self.write(Who::Buyer, "/orders".to_owned(), body, Means::Placed)
    }

    fn write(&mut self, who: Who, path: String, body: Value, means: Means) -> Write {
        let key = Uuid::from_u128(self.chance.random()).to_string();
        Write {
            who,
            path,
            key,
            body,
            means,
        }
    }

    /// The next step of an order, as it stands now.
    async fn onward(&mut self, id: Uuid) -> Result<Option<Write>, Gone> {
        let order: OrderOut = self.read(Who::Operator, &format!("/orders/{id}")).await?;
        if let Some(part) = order
            .village_orders
            .iter()
            .find(|part| part.village_order.status == Status::Offered)
        {
            return Ok(Some(self.answer(id, part)));
        }
        let standing = |status: &[Status]| -> Vec<Uuid> {
            let rows = order.village_orders.iter().map(|part| &part.village_order);
            rows.filter(|row| status.contains(&row.status))
                .map(|row| row.id)
                .collect()
        };
        let steps: [(&[Status], &str, u8); 3] = [
            (&[Status::Confirmed, Status::Shorted], "pack", 2),
            (&[Status::Packed], "collect", 3),
            (&[Status::Collected], "deliver", 4),
        ];
        for (from, step, reached) in steps {
            let ids = standing(from);
            if !ids.is_empty() {
                let body = json!({ "step": step, "ids": ids, "vehicle": (step == "collect").then_some("冷链 2 号车") });
                let path = "/village-orders/move".to_owned();
                return Ok(Some(self.write(
                    Who::Operator,
                    path,
                    body,
                    Means::Reached(id, ids, reached),
                )));
            }
        }
        if standing(&[Status::Delivered]).is_empty() {
            return Ok(None);
        }
        self.sign(id).await.map(Some)
    }

    /// The village's answer by the centre: all of it, or now and then half of a line.
    fn answer(&mut self, order: Uuid, part: &OrderVillage) -> Write {
        let less = self.chance.random_ratio(1, 6);
        let lines: Vec<Value> = part
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let short = less && at == 0 && line.qty.0 > 1;
                let qty = if short { Qty(line.qty.0 / 2) } else { line.qty };
                json!({ "line_id": line.id, "qty": qty, "reason": short.then_some("采收不足") })
            })
            .collect();
        let id = part.village_order.id;
        let path = format!("/village-orders/{id}/answer");
        self.write(
            Who::Operator,
            path,
            json!({ "lines": lines }),
            Means::Reached(order, vec![id], 1),
        )
    }

    /// The signature that is missing, over what was expected.
    async fn sign(&mut self, id: Uuid) -> Result<Write, Gone> {
        let open: AcceptanceOut = self
            .read(Who::Operator, &format!("/orders/{id}/acceptance"))
            .await?;
        let who = if open.unit_signature.is_none() {
            Who::Buyer
        } else {
            Who::Operator
        };
        let lines: Vec<Value> = open
            .lines
            .iter()
            .map(|line| json!({ "line_id": line.line_id, "qty": line.expected_qty }))
            .collect();
        let path = format!("/orders/{id}/acceptance/signatures");
        Ok(self.write(who, path, json!({ "lines": lines }), Means::Signed(id)))
    }

    /// Sends a write; without an answer it is kept.
    async fn send(&mut self, write: Write) -> Result<(), Gone> {
        match self.answer_to(&write).await {
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

    async fn answer_to(&self, write: &Write) -> Result<(StatusCode, Value), Gone> {
        let request = self
            .client
            .post(format!("{}/api/v1{}", self.site, write.path))
            .bearer_auth(self.token(write.who))
            .header("idempotency-key", &write.key)
            .json(&write.body);
        let answer = request.send().await.map_err(|_| Gone)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|_| Gone)?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or(Value::Null)
        };
        assert!(
            !status.is_server_error(),
            "{} {}: {status} {body}",
            write.path,
            write.body
        );
        Ok((status, body))
    }

    /// Remembers what an answer says.
    fn note(&mut self, write: &Write, status: StatusCode, body: &Value) {
        if !status.is_success() {
            // Sold out is an answer; anything else would be a fault of this test.
            assert_eq!(
                body["code"], "out_of_stock",
                "{} {}: {status} {body}",
                write.path, write.body
            );
            return;
        }
        match &write.means {
            Means::Placed => {
                let placed: PlacedOut = serde_json::from_value(body.clone()).expect("a placed order");
                let known = Known {
                    placed,
                    reached: BTreeMap::new(),
                    credited: false,
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
            let Ok(answer) = self.answer_to(&write).await else {
                panic!("{} has no answer", write.path)
            };
            answers.push(answer);
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

    /// Everything that was acknowledged is there, and nothing else.
    pub async fn check(&mut self) {
        let expected: BTreeSet<Uuid> = self.known.keys().chain(&self.past).copied().collect();
        let listed = self.listed().await;
        assert_eq!(
            listed, expected,
            "the unit's orders are those that were acknowledged"
        );
        for (id, known) in &self.known {
            let Ok(order) = self.read::<OrderOut>(Who::Buyer, &format!("/orders/{id}")).await else {
                panic!("order {id} has no answer")
            };
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
                let Ok(posted) = self.read::<AcceptanceOut>(Who::Buyer, &path).await else {
                    panic!("{path}")
                };
                assert!(
                    posted.status == AcceptanceStatus::Posted && posted.transaction_id.is_some(),
                    "{path}"
                );
            }
        }
    }

    /// The ids of all orders of the unit.
    async fn listed(&self) -> BTreeSet<Uuid> {
        let (mut ids, mut after) = (BTreeSet::new(), String::new());
        loop {
            let path = format!("/orders?limit=100{after}");
            let Ok(page) = self.read::<Page<OrderRow>>(Who::Buyer, &path).await else {
                panic!("{path}: no answer")
            };
            let fresh = page.items.iter().filter(|row| ids.insert(row.id)).count();
            assert_eq!(fresh, page.items.len(), "no order is listed twice");
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => return ids,
            }
        }
    }

    async fn read<T: DeserializeOwned>(&self, who: Who, path: &str) -> Result<T, Gone> {
        let request = self
            .client
            .get(format!("{}/api/v1{path}", self.site))
            .bearer_auth(self.token(who));
        let answer = request.send().await.map_err(|_| Gone)?;
        let status = answer.status();
        let bytes = answer.bytes().await.map_err(|_| Gone)?;
        assert!(
            status.is_success(),
            "{path}: {status} {}",
            String::from_utf8_lossy(&bytes)
        );
        Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    fn token(&self, who: Who) -> &str {
        match who {
            Who::Buyer => &self.tokens[0],
            Who::Operator => &self.tokens[1],
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
