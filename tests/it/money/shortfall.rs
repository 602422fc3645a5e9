//! What came short: taken as it is, replaced from elsewhere, or the whole part taken back.

use super::model::{Model, Short, Stand, Taken};
use super::world::{World, code, now_and_then_twice, pick};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::shortfall;
use shared::api::problem::Code;
use shared::api::shortfall::ChoiceIn;
use shared::domain::quantity::Qty;
use shared::domain::shortfall::ShortfallChoice as Choice;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "take what came",
    "replace what is missing",
    "take a part back",
    "be refused a choice",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    let shorts: Vec<usize> = (world.first_short..world.model.shorts.len()).collect();
    match pick(chance, &shorts) {
        Some(short) => world.choose(chance, *short).await,
        None => "find nothing to choose",
    }
}

impl Model {
    /// Notes every line of a part of which less comes than was ordered; of what expired nothing comes.
    pub fn open_shorts(&mut self, order: usize, part: usize, decide_by: i64, nothing: bool) {
        let lines = self.orders[order].parts[part].lines.clone();
        for line in lines {
            let lost = if nothing {
                line.qty
            } else {
                line.qty - line.confirmed
            };
            self.lose(order, part, line.id, lost, decide_by);
        }
    }

    /// Something more is lost of a line: it is to be chosen over anew, and what was ordered elsewhere is not missing.
    pub fn lose(&mut self, order: usize, part: usize, line: Uuid, lost: i64, decide_by: i64) {
        if lost < 1 {
            return;
        }
        let part = self.orders[order].parts[part].id;
        let Some(short) = self.shorts.iter_mut().find(|short| short.line == line) else {
            self.shorts.push(Short {
                order,
                part,
                line,
                missing: lost,
                decide_by,
                chosen: false,
                replaced: false,
            });
            return;
        };
        let before = if short.replaced { 0 } else { short.missing };
        (short.part, short.missing, short.decide_by) = (part, before + lost, decide_by);
        (short.chosen, short.replaced) = (false, false);
    }

    /// A choice over a line. A replacement gives what it takes.
    fn choose(
        &mut self,
        at: usize,
        choice: Choice,
        instead: &[(usize, i64)],
        now: i64,
        today: i32,
    ) -> Result<Vec<Taken>, Code> {
        let short = self.shorts[at].clone();
        let parts = &self.orders[short.order].parts;
        let part = parts.iter().position(|part| part.id == short.part);
        let part = part.expect("what came short has its part");
        let shorted = parts[part].stand == Stand::Shorted;
        let instead_of_nothing = choice == Choice::Replace && instead.iter().any(|(_, qty)| *qty < 1);
        if instead_of_nothing {
            return Err(Code::Invalid);
        }
        if short.chosen || now > short.decide_by || (choice == Choice::Cancel && !shorted) {
            return Err(Code::WrongState);
        }
        let mut taken = Vec::new();
        if choice == Choice::Replace {
            let wanted_on = self.orders[short.order].wanted_on.max(today);
            taken = self.plan(instead, wanted_on, today)?;
        }
        self.shorts[at].chosen = true;
        self.shorts[at].replaced = choice == Choice::Replace;
        if choice == Choice::Cancel {
            let open = |other: &&mut Short| other.part == short.part && !other.chosen;
            for other in self.shorts.iter_mut().filter(open) {
                other.chosen = true;
            }
            self.free_part(short.order, part, Stand::Cancelled);
        }
        Ok(taken)
    }
}

impl World<'_> {
    pub async fn choose(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let short = self.model.shorts[at].clone();
        let parts = &self.model.orders[short.order].parts;
        let shorted = parts
            .iter()
            .any(|part| part.id == short.part && part.stand == Stand::Shorted);
        let choice = match chance.random_range(0..8) {
            0..3 if shorted => Choice::Cancel,
            0 => Choice::Cancel,
            1..5 => Choice::Take,
            _ => Choice::Replace,
        };
        let good = self.pick_good(chance);
        let step = self.model.goods[good].step;
        // Mostly about as much as is missing.
        let qty = match chance.random_range(0..6) {
            0 => chance.random_range(0..80) * step,
            _ => (short.missing / step + chance.random_range(0..2)) * step,
        };
        let replaces = choice == Choice::Replace;
        let input = ChoiceIn {
            line_id: short.line,
            choice,
            offer_id: replaces.then(|| self.offers[good].id),
            version_id: None,
            qty: replaces.then_some(Qty(qty)),
        };
        let (id, unit) = (
            self.model.orders[short.order].id,
            self.model.orders[short.order].unit,
        );
        let key = self.app.key();
        let ask = async || shortfall::choose(self.app, self.buyer(unit), &key, id, input.clone()).await;
        let chosen = now_and_then_twice(chance, ask).await;
        let (now, today) = (self.app.now().0, self.today());
        let expected = self.model.choose(at, choice, &[(good, qty)], now, today);
        assert_eq!(
            code(&chosen),
            expected.as_ref().err().copied(),
            "{choice:?} of {qty} over {short:?}"
        );
        let (Ok(taken), Ok(chosen)) = (expected, chosen) else {
            return "be refused a choice";
        };
        if let Some(placed) = &chosen.supplement {
            let wanted_on = self.model.orders[short.order].wanted_on.max(today);
            self.note_order(placed, unit, wanted_on, &taken).await;
        }
        match choice {
            Choice::Take => "take what came",
            Choice::Replace => "replace what is missing",
            Choice::Cancel => "take a part back",
        }
    }
}
