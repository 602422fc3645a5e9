//! Orders: placed, or asked for where somebody must agree; taken back before anything is on the way.

use super::model::{Ask, Good, Line, Model, Order, Part, Request, Stand, Taken};
use super::world::{World, code, now_and_then_twice};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::order;
use shared::api::order::{CancelIn, OrderIn, PlacedOut};
use shared::api::problem::Code;
use std::collections::BTreeMap;
use tests::trade;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "place",
    "ask for an order",
    "be refused an order",
    "order goods that still grow",
    "cancel",
    "cancel a request",
    "be refused a cancellation",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    if chance.random_range(0..6) == 0 {
        world.cancel(chance).await
    } else {
        world.place(chance).await
    }
}

/// Goods and how much of each.
pub type Wanted = Vec<(usize, i64)>;

impl Good {
    /// The numbers of lots that can be ordered, first to go first.
    fn orderable(&self, today: i32) -> Vec<usize> {
        let mut lots: Vec<usize> = (0..self.lots.len())
            .filter(|at| self.lots[*at].sells(today) && self.lots[*at].free() > 0)
            .collect();
        lots.sort_by_key(|at| {
            let lot = &self.lots[*at];
            // What is there goes before what grows.
            let grows = lot.expected_on.unwrap_or(0);
            (
                grows,
                lot.good_until.unwrap_or(i32::MAX),
                lot.harvested_on,
                lot.id,
            )
        });
        lots
    }
}

impl Model {
    /// What an order of these takes, village by village; or why there is none.
    pub fn plan(&self, wanted: &[(usize, i64)], wanted_on: i32, today: i32) -> Result<Vec<Taken>, Code> {
        let (mut wrong, mut short) = (false, false);
        for (good, qty) in wanted {
            let good = &self.goods[*good];
            let lots = good.orderable(today);
            let free: i64 = lots.iter().map(|lot| good.lots[*lot].free()).sum();
            let ripe = |lot: &&usize| good.lots[**lot].expected_on.is_none_or(|day| day <= wanted_on);
            let in_time: i64 = lots.iter().filter(ripe).map(|lot| good.lots[*lot].free()).sum();
            wrong |= !good.on_sale || *qty < good.step || qty % good.step != 0;
            wrong |= free >= *qty && in_time < *qty;
            short |= free < *qty;
        }
        if wrong {
            return Err(Code::Invalid);
        }
        if short {
            return Err(Code::OutOfStock);
        }
        let mut taken = Vec::new();
        for (good, mut left) in wanted.iter().copied() {
            let g = &self.goods[good];
            for lot in g.orderable(today) {
                let qty = g.lots[lot].free().min(left);
                if qty > 0 && g.lots[lot].expected_on.is_none_or(|day| day <= wanted_on) {
                    let price = g.price;
                    taken.push(Taken {
                        good,
                        lot,
                        qty,
                        price,
                    });
                    left -= qty;
                }
            }
        }
        taken.sort_by_key(|taken| self.goods[taken.good].village);
        Ok(taken)
    }

    /// Holds what was taken, or gives it back.
    pub fn hold(&mut self, taken: &[Taken], sign: i64) {
        for taken in taken {
            self.goods[taken.good].lots[taken.lot].reserved += sign * taken.qty;
        }
    }

    /// What it all costs.
    pub fn sum(&self, taken: &[Taken]) -> i64 {
        taken
            .iter()
            .map(|taken| self.goods[taken.good].cost(taken.price, taken.qty))
            .sum()
    }

    /// Whether somebody must agree to an order of this sum.
    pub fn needs_yes(&self, unit: usize, sum: i64) -> bool {
        self.needs_yes_above[unit].is_some_and(|above| sum > above)
    }

    /// Takes an order back: everything, as long as nothing is on the way.
    fn cancel(&mut self, at: usize) -> Result<(), Code> {
        let order = &mut self.orders[at];
        if let Some(request) = order
            .request
            .as_mut()
            .filter(|request| request.ask != Ask::Granted)
        {
            if request.ask != Ask::Waits {
                return Err(Code::WrongState);
            }
            request.ask = Ask::Over;
            let lines = request.lines.clone();
            self.hold(&lines, -1);
            return Ok(());
        }
        let on_the_way = |part: &Part| {
            matches!(
                part.stand,
                Stand::Collected | Stand::Delivered | Stand::Credited | Stand::Settled
            )
        };
        if order.is_over() || order.parts.iter().any(on_the_way) {
            return Err(Code::WrongState);
        }
        for part in 0..self.orders[at].parts.len() {
            if !self.orders[at].parts[part].stand.is_gone() {
                self.free_part(at, part, Stand::Cancelled);
            }
        }
        // Nothing of it is to be chosen any more.
        for short in self.shorts.iter_mut().filter(|short| short.order == at) {
            short.chosen = true;
        }
        Ok(())
    }
}

impl World<'_> {
    /// Some goods, mostly as much of each as there could be.
    pub fn wish(&self, chance: &mut StdRng) -> Wanted {
        let mut wanted = BTreeMap::new();
        for _ in 0..chance.random_range(1..5) {
            let good = self.pick_good(chance);
            // Now and then nothing, or more than there is.
            let steps = match chance.random_range(0..20) {
                0 => 0,
                1 => 80,
                _ => chance.random_range(1..12),
            };
            wanted.insert(good, steps * self.model.goods[good].step);
        }
        let mut wanted: Wanted = wanted.into_iter().collect();
        if chance.random_range(0..2) == 0 {
            wanted.reverse();
        }
        wanted
    }

    /// These goods as an order for some day of the next week.
    pub fn order_of(&self, wanted: &[(usize, i64)], wanted_on: i32) -> OrderIn {
        let lines: Vec<_> = wanted
            .iter()
            .map(|(good, qty)| (&self.offers[*good], *qty))
            .collect();
        let mut order = trade::order_of(self.app.today(), &lines);
        order.wanted_on.0 = wanted_on;
        order
    }

    async fn place(&mut self, chance: &mut StdRng) -> &'static str {
        let wanted = self.wish(chance);
        let unit = [0, 0, 1, 2][chance.random_range(0..4)];
        let wanted_on = self.today() + chance.random_range(0..8);
        let (order, key) = (self.order_of(&wanted, wanted_on), self.app.key());
        let ask = async || order::place(self.app, self.buyer(unit), &key, order.clone(), None).await;
        let placed = now_and_then_twice(chance, ask).await;
        let planned = self.model.plan(&wanted, wanted_on, self.today());
        assert_eq!(
            code(&placed),
            planned.as_ref().err().copied(),
            "{wanted:?} for day {wanted_on}"
        );
        match (planned, placed) {
            (Ok(taken), Ok(placed)) => self.note_order(&placed, unit, wanted_on, &taken).await,
            _ => "be refused an order",
        }
    }

    /// Notes a new order as the model took it, and compares it with the stored one.
    pub async fn note_order(
        &mut self,
        placed: &PlacedOut,
        unit: usize,
        wanted_on: i32,
        taken: &[Taken],
    ) -> &'static str {
        self.model.hold(taken, 1);
        let total = self.model.sum(taken);
        let asked = self.model.needs_yes(unit, total);
        assert_eq!((placed.total_fen.0, placed.requested), (total, asked));
        let until = self.app.now().plus_hours(self.app.config.approval_hold_hours).0;
        self.model.orders.push(Order {
            id: placed.id,
            unit,
            wanted_on,
            total,
            request: asked.then(|| Request {
                ask: Ask::Waits,
                revision: 1,
                until,
                lines: taken.to_vec(),
            }),
            parts: Vec::new(),
            signed: None,
        });
        let grows = |taken: &&Taken| self.model.goods[taken.good].lots[taken.lot].expected_on.is_some();
        let growing = taken.iter().filter(grows).count();
        self.count("order goods that still grow", growing);
        if asked {
            return "ask for an order";
        }
        self.note_parts(self.model.orders.len() - 1, taken).await;
        "place"
    }

    /// Compares the stored village orders with what was taken, and notes them.
    pub async fn note_parts(&mut self, at: usize, taken: &[Taken]) {
        let (id, now) = (self.model.orders[at].id, self.app.now());
        let stored = self.stored_lines(id).await;
        assert_eq!(stored.len(), taken.len(), "one line a lot");
        let mut parts: Vec<Part> = Vec::new();
        for (line, taken) in stored.iter().zip(taken) {
            let good = &self.model.goods[taken.good];
            let lot = &good.lots[taken.lot];
            let total = good.cost(taken.price, taken.qty);
            assert_eq!(
                (line.lot_id, &line.lot_code, line.qty, line.total_fen),
                (lot.id, &lot.code, taken.qty, total)
            );
            assert_eq!(self.market.village_at(&line.village_code), good.village);
            if parts.last().is_none_or(|part| part.id != line.part) {
                let confirm_by = now.plus_hours(self.app.config.confirm_hours).0;
                assert_eq!(line.confirm_by, confirm_by);
                parts.push(part_of(line.part, good.village, now.0, confirm_by));
            }
            let part = parts.last_mut().expect("just pushed");
            part.lines.push(Line {
                id: line.line,
                good: taken.good,
                lot: taken.lot,
                price: taken.price,
                qty: taken.qty,
                confirmed: taken.qty,
                total,
                accepted: None,
            });
        }
        let villages: Vec<usize> = parts.iter().map(|part| part.village).collect();
        assert!(villages.is_sorted_by(|a, b| a < b), "one village order a village");
        self.model.orders[at].parts = parts;
    }

    async fn cancel(&mut self, chance: &mut StdRng) -> &'static str {
        // Requests do not wait long: one that does is taken back while it can be.
        let waits = |at: &usize| {
            let request = self.model.orders[*at].request.as_ref();
            request.is_some_and(|request| request.ask == Ask::Waits)
        };
        let waiting = (self.first_order..self.model.orders.len()).find(waits);
        let Some(at) = waiting.or_else(|| self.pick_order(chance)) else {
            return "find nothing to cancel";
        };
        let (id, unit) = (self.model.orders[at].id, self.model.orders[at].unit);
        let key = self.app.key();
        let cancel = || CancelIn {
            reason: "改期".to_owned(),
        };
        let ask = async || order::cancel(self.app, self.buyer(unit), &key, id, cancel()).await;
        let cancelled = now_and_then_twice(chance, ask).await;
        let request = self.model.orders[at].parts.is_empty();
        assert_eq!(code(&cancelled), self.model.cancel(at).err());
        match (cancelled.is_ok(), request) {
            (true, true) => "cancel a request",
            (true, false) => "cancel",
            (false, _) => "be refused a cancellation",
        }
    }
}

const fn part_of(id: Uuid, village: usize, offered_at: i64, confirm_by: i64) -> Part {
    Part {
        id,
        village,
        stand: Stand::Offered,
        offered_at,
        confirm_by,
        rest_of: None,
        lines: Vec::new(),
    }
}
