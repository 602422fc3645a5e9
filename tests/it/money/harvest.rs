//! Lots sold ahead of their harvest, and what the harvest then brings: who came last gets less.

use super::model::{Model, Stand};
use super::world::{World, code, now_and_then_twice, pick};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::lot;
use shared::api::lot::{HarvestIn, LotIn};
use shared::api::problem::Code;
use shared::domain::quantity::Qty;

pub const MUST_HAPPEN: &[&str] = &[
    "sell ahead",
    "harvest",
    "harvest less than was sold",
    "be refused a harvest",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    if chance.random_range(0..2) == 0 {
        let at = world.pick_good(chance);
        return world.sell_ahead(at, chance).await;
    }
    let (mut growing, mut others) = (Vec::new(), Vec::new());
    for (good, g) in world.model.goods.iter().enumerate().skip(world.first_good) {
        for (number, lot) in g.lots.iter().enumerate() {
            let to = if lot.expected_on.is_some() {
                &mut growing
            } else {
                &mut others
            };
            to.push((good, number));
        }
    }
    // What was harvested already must be refused.
    let found = pick(chance, if growing.is_empty() { &others } else { &growing });
    let Some((good, lot)) = found.copied() else {
        return "find nothing to harvest";
    };
    world.harvest(chance, good, lot).await
}

impl Model {
    /// What the harvest of a lot brought. Says whether somebody gets less for it.
    fn harvest(
        &mut self,
        (good, lot): (usize, usize),
        brought: i64,
        (on, until): (i32, i32),
        decide_by: i64,
    ) -> Result<bool, Code> {
        let found = &self.goods[good].lots[lot];
        if found.expected_on.is_none() {
            return Err(Code::WrongState);
        }
        let missing = (found.reserved + found.sold - brought).max(0);
        let mut left = missing;
        let mut lost = Vec::new();
        for (order, part, line) in self.not_packed(good, lot) {
            let held = self.orders[order].parts[part].lines[line].confirmed;
            let gone = held.min(left);
            left -= gone;
            if gone > 0 {
                lost.push((order, part, line, gone));
            }
        }
        if left > 0 {
            return Err(Code::Invalid);
        }
        for (order, at, line, gone) in lost {
            let id = self.orders[order].parts[at].lines[line].id;
            self.lose(order, at, id, gone, decide_by);
            let part = &mut self.orders[order].parts[at];
            part.lines[line].confirmed -= gone;
            part.stand = if part.lines.iter().all(|line| line.confirmed == 0) {
                Stand::Declined
            } else {
                Stand::Shorted
            };
        }
        let lot = &mut self.goods[good].lots[lot];
        lot.reserved -= missing;
        lot.qty = brought;
        (lot.harvested_on, lot.good_until, lot.expected_on) = (on, Some(until), None);
        Ok(missing > 0)
    }

    /// Lines that hold something of a lot and are not packed: order, part, line; the last that came first.
    fn not_packed(&self, good: usize, lot: usize) -> Vec<(usize, usize, usize)> {
        let mut lines = Vec::new();
        for (order, o) in self.orders.iter().enumerate() {
            for (part, p) in o.parts.iter().enumerate() {
                if p.stand != Stand::Offered && !p.stand.is_answered() {
                    continue;
                }
                let of_lot = |line: &usize| p.lines[*line].good == good && p.lines[*line].lot == lot;
                lines.extend((0..p.lines.len()).filter(of_lot).map(|line| (order, part, line)));
            }
        }
        lines.sort_by_key(|(order, part, _)| std::cmp::Reverse(self.orders[*order].parts[*part].offered_at));
        lines
    }
}

impl World<'_> {
    pub async fn sell_ahead(&mut self, at: usize, chance: &mut StdRng) -> &'static str {
        let on = self.app.today().add_days(chance.random_range(1..6));
        let keeps = chance.random_range(0..12);
        let lot = LotIn {
            harvested_on: on,
            good_until: (keeps > 2).then(|| on.add_days(keeps)),
            qty: Qty(chance.random_range(10..80) * self.model.goods[at].step),
        };
        self.add(at, chance, lot).await;
        "sell ahead"
    }

    /// A lot that still grows, of which this village order holds something.
    pub fn growing_lot(&self, order: usize, part: usize) -> Option<(usize, usize)> {
        let lines = &self.model.orders[order].parts[part].lines;
        let growing = lines.iter().find(|line| {
            line.confirmed > 0 && self.model.goods[line.good].lots[line.lot].expected_on.is_some()
        });
        growing.map(|line| (line.good, line.lot))
    }

    pub async fn harvest(&mut self, chance: &mut StdRng, good: usize, number: usize) -> &'static str {
        let (offer, key) = (&self.offers[good], self.app.key());
        let lot = self.model.goods[good].lots[number].clone();
        let brought = match chance.random_range(0..4) {
            0 => chance.random_range(0..=lot.qty),
            1 => chance.random_range(0..=lot.reserved + lot.sold),
            2 => lot.qty + lot.qty / 3,
            _ => lot.qty,
        };
        let today = self.app.today();
        let until = today.add_days(chance.random_range(1..12));
        let said = HarvestIn {
            harvested_on: today,
            good_until: Some(until),
            qty: Qty(brought),
        };
        let lister = self.market.lister(offer.village);
        let ask = async || lot::harvest(self.app, lister, &key, offer.id, lot.id, said.clone()).await;
        let harvested = now_and_then_twice(chance, ask).await;
        let decide_by = self.app.now().plus_hours(self.app.config.choice_hours).0;
        let days = (today.0, until.0);
        let expected = self.model.harvest((good, number), brought, days, decide_by);
        assert_eq!(code(&harvested), expected.err(), "{brought} of {lot:?}");
        match expected {
            Ok(true) => "harvest less than was sold",
            Ok(false) => "harvest",
            Err(_) => "be refused a harvest",
        }
    }
}
