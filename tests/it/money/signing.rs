//! Weighing and signing: by two people of two sides, over the same amounts, in as many deliveries as it takes.

use super::model::{Line, Model, Paper, PaperLine, Part, Signed, Stand, Weighed};
use super::world::{World, code, now_and_then_twice};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::acceptance;
use shared::api::acceptance::{AcceptLineIn, SignIn, VarianceReason};
use shared::api::problem::Code;
use shared::domain::identity::Role;
use shared::domain::quantity::Qty;
use tests::Person;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "sign",
    "credit",
    "credit a part",
    "wait for a later vehicle",
    "be refused a signature",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    match world.pick_part(chance, |stand| stand == Stand::Delivered) {
        Some((order, _)) => world.sign(chance, order).await,
        None => "find nothing to sign",
    }
}

/// What a signature did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Did {
    Sign,
    Credit,
    /// Some of it comes later.
    CreditPart,
}

impl Model {
    /// Signs for a side.
    fn sign(&mut self, at: usize, unit_side: bool, who: Uuid, weighed: &Weighed) -> Result<Did, Code> {
        let order = &mut self.orders[at];
        let door: Vec<&Line> = (order.parts.iter())
            .filter(|part| part.stand == Stand::Delivered)
            .flat_map(|part| &part.lines)
            .collect();
        if door.is_empty() {
            return Err(Code::WrongState);
        }
        let came = |line: &&Line| weighed[&line.id].0 > 0 || (line.confirmed > 0 && !weighed[&line.id].1);
        if !door.iter().any(came) {
            return Err(Code::Invalid);
        }
        let Some(signed) = order.signed.as_mut().filter(|signed| signed.weighed == *weighed) else {
            order.signed = Some(Signed {
                weighed: weighed.clone(),
                unit: unit_side.then_some(who),
                centre: (!unit_side).then_some(who),
            });
            return Ok(Did::Sign);
        };
        let (own, other) = if unit_side {
            (signed.unit, signed.centre)
        } else {
            (signed.centre, signed.unit)
        };
        if own.is_some() {
            return Ok(Did::Sign);
        }
        if other == Some(who) {
            return Err(Code::SamePerson);
        }
        order.signed = None;
        for part in 0..self.orders[at].parts.len() {
            if self.orders[at].parts[part].stand == Stand::Delivered {
                self.accept(at, part, weighed);
            }
        }
        let later = weighed.values().any(|(_, later)| *later);
        Ok(if later { Did::CreditPart } else { Did::Credit })
    }

    /// Accepts what came of a part; what comes later is a part of its own.
    fn accept(&mut self, order: usize, at: usize, weighed: &Weighed) {
        let part = &mut self.orders[order].parts[at];
        let all_later = |line: &Line| weighed[&line.id] == (0, true) || line.confirmed == 0;
        if part.lines.iter().any(|line| weighed[&line.id].1) && part.lines.iter().all(all_later) {
            // It was not on the vehicle at all.
            part.stand = Stand::Packed;
            return;
        }
        let mut rest = Part {
            id: Uuid::nil(),
            stand: Stand::Packed,
            rest_of: Some(part.id),
            lines: Vec::new(),
            ..part.clone()
        };
        for mut line in std::mem::take(&mut part.lines) {
            let (qty, later) = weighed[&line.id];
            if later && qty == 0 {
                rest.lines.push(line);
                continue;
            }
            if later {
                let missing = line.confirmed - qty;
                let cost = self.goods[line.good].cost(line.price, missing);
                rest.lines.push(Line {
                    id: Uuid::nil(),
                    qty: missing,
                    confirmed: missing,
                    total: cost,
                    ..line.clone()
                });
                line.qty -= missing;
                line.confirmed = qty;
                line.total -= cost;
            }
            part.lines.push(line);
        }
        if !rest.lines.is_empty() {
            self.orders[order].parts.push(rest);
        }
        self.credit(order, at, weighed);
    }

    /// Credits what was accepted of a part.
    fn credit(&mut self, order: usize, at: usize, weighed: &Weighed) {
        let unit = self.orders[order].unit;
        let mut part = self.orders[order].parts[at].clone();
        part.stand = Stand::Credited;
        let part_id = part.id;
        for line in part.lines.iter_mut().filter(|line| line.confirmed > 0) {
            let qty = weighed[&line.id].0;
            let good = &mut self.goods[line.good];
            let total = good.cost(line.price, qty);
            let shares = good.shares(total, qty, self.fee_bp);
            let lot = &mut good.lots[line.lot];
            lot.reserved -= line.confirmed;
            lot.sold += qty;
            lot.qty += qty - line.confirmed;
            line.accepted = Some((qty, total));
            self.owe(unit, part_id, line.good, shares, 1);
        }
        self.orders[order].parts[at] = part;
    }
}

impl World<'_> {
    pub async fn sign(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let lines = self.weigh(chance, at);
        let weighed: Weighed = lines
            .iter()
            .map(|line| (line.line_id, weighed_of(line)))
            .collect();
        let order = &self.model.orders[at];
        let signed = order.signed.as_ref().filter(|signed| signed.weighed == weighed);
        let mut unit_side = chance.random_range(0..2) == 0;
        if let Some(signed) = signed.filter(|_| chance.random_range(0..5) > 0) {
            unit_side = signed.centre.is_some();
        }
        let who = self.signer(chance, order.unit, unit_side);
        let (id, key, input) = (order.id, self.app.key(), SignIn { lines });
        let ask = async || acceptance::sign(self.app, &who, &key, id, input.clone()).await;
        let outcome = now_and_then_twice(chance, ask).await;
        let before = self.model.orders[at].parts.clone();
        let expected = self.model.sign(at, unit_side, who.person_id, &weighed);
        assert_eq!(code(&outcome), expected.err(), "{weighed:?} over {before:#?}");
        let (Ok(did), Ok(outcome)) = (expected, outcome) else {
            return "be refused a signature";
        };
        assert_eq!(outcome.acceptance.posted_at.is_some(), did != Did::Sign);
        if did == Did::Sign {
            return "sign";
        }
        self.note_paper(at, outcome.acceptance.id.expect("posted"), &before, &weighed);
        if did == Did::Credit {
            return "credit";
        }
        let waiting = |part: &&Part| {
            let now = self.model.orders[at].parts.iter().find(|now| now.id == part.id);
            part.stand == Stand::Delivered && now.is_some_and(|now| now.stand == Stand::Packed)
        };
        let waiting = before.iter().filter(waiting).count();
        self.count("wait for a later vehicle", waiting);
        self.name_rests(at).await;
        "credit a part"
    }

    /// What the scale says of everything at the door: what was signed already, or something new.
    fn weigh(&self, chance: &mut StdRng, at: usize) -> Vec<AcceptLineIn> {
        let order = &self.model.orders[at];
        let same = order.signed.as_ref().filter(|_| chance.random_range(0..4) > 0);
        // Now and then nothing at all comes, and nobody signs for nothing.
        let nothing = chance.random_range(0..12) == 0;
        let mut lines = Vec::new();
        let door = order.parts.iter().filter(|part| part.stand == Stand::Delivered);
        for line in door.flat_map(|part| &part.lines) {
            let signed = same.and_then(|signed| signed.weighed.get(&line.id).copied());
            let base = self.model.goods[line.good].base;
            let fresh = if nothing {
                (0, true)
            } else {
                on_the_scale(line.confirmed, base, chance)
            };
            let (qty, later) = signed.unwrap_or(fresh);
            let reason = match (qty == line.confirmed, later) {
                (true, _) => None,
                (false, true) => Some(VarianceReason::StillToCome),
                (false, false) => Some(VarianceReason::Quality),
            };
            lines.push(AcceptLineIn {
                line_id: line.id,
                qty: Qty(qty),
                reason,
                remark: String::new(),
                photo_id: None,
            });
        }
        lines
    }

    /// Somebody of a side; the first unit has somebody who could be of both.
    fn signer(&self, chance: &mut StdRng, unit: usize, unit_side: bool) -> Person {
        let hats = chance.random_range(0..6) == 0;
        match (unit_side, hats) {
            (true, true) if unit == 0 => self.market.both_hats.acting_as(Role::UnitRequester),
            (true, _) => self.buyer(unit).clone(),
            (false, true) => self.market.both_hats.acting_as(Role::CentreOperator),
            (false, false) => self.market.operator.clone(),
        }
    }

    /// Notes an acceptance, for what is claimed of it later.
    fn note_paper(&mut self, order: usize, id: Uuid, before: &[Part], weighed: &Weighed) {
        let mut lines = Vec::new();
        let door = before.iter().filter(|part| part.stand == Stand::Delivered);
        for line in door.flat_map(|part| &part.lines) {
            let (good, qty) = (&self.model.goods[line.good], weighed[&line.id].0);
            let total = good.cost(line.price, qty);
            lines.push(PaperLine {
                id: line.id,
                good: line.good,
                price: line.price,
                qty,
                total,
                kept: qty,
                held: good.shares(total, qty, self.model.fee_bp),
            });
        }
        self.model.papers.push(Paper {
            id,
            order,
            at: self.app.now().0,
            lines,
            claims: Vec::new(),
        });
    }

    /// Finds out what the program calls the parts, and the lines, that come later.
    async fn name_rests(&mut self, at: usize) {
        let stored = self.stored_lines(self.model.orders[at].id).await;
        let lots: Vec<Vec<Uuid>> = (self.model.goods.iter())
            .map(|good| good.lots.iter().map(|lot| lot.id).collect())
            .collect();
        for part in self.model.orders[at]
            .parts
            .iter_mut()
            .filter(|part| part.id.is_nil())
        {
            let own: Vec<_> = stored
                .iter()
                .filter(|line| line.rest_of == part.rest_of)
                .collect();
            assert_eq!(own.len(), part.lines.len(), "what comes later has its lines");
            part.id = own[0].part;
            for line in &mut part.lines {
                let lot = lots[line.good][line.lot];
                let found = own.iter().find(|own| own.lot_id == lot).expect("of the same lot");
                assert!(
                    line.id.is_nil() || line.id == found.line,
                    "a line of which nothing came is the same"
                );
                line.id = found.line;
            }
        }
    }
}

fn weighed_of(line: &AcceptLineIn) -> (i64, bool) {
    (line.qty.0, line.reason == Some(VarianceReason::StillToCome))
}

/// What the scale says of what was expected, and whether more comes later: mostly the same, at most a fifth more.
fn on_the_scale(expected: i64, base: i64, chance: &mut StdRng) -> (i64, bool) {
    let most = if base == 1 {
        expected
    } else {
        expected + expected / 5
    };
    match chance.random_range(0..9) {
        0 => (chance.random_range(0..=most), false),
        1 => (0, false),
        2 => (chance.random_range(0..=expected), true),
        3 => (0, true),
        _ => (expected, false),
    }
}
