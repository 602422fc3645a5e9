//! Village orders: answered, packed, collected, delivered, or ended short by the centre.

use super::model::{Model, Stand};
use super::world::{World, code, now_and_then_twice};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::{village_order, village_order_close};
use shared::api::problem::Code;
use shared::api::village_order::{AnswerIn, AnswerLineIn, CloseShortIn, MoveIn, MoveStep};
use shared::domain::quantity::Qty;
use std::collections::BTreeSet;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "confirm",
    "deliver less",
    "decline",
    "be refused an answer",
    "move",
    "be refused a move",
    "end short",
    "be refused to end short",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    match chance.random_range(0..9) {
        0..3 => world.answer_any(chance).await,
        3..7 => world.move_any(chance).await,
        _ => world.end_short(chance).await,
    }
}

impl Model {
    /// A village's answer, line by line: what it does not have leaves the lot.
    fn answer(
        &mut self,
        order: usize,
        at: usize,
        amounts: &[i64],
        now: i64,
        decide_by: i64,
    ) -> Result<Stand, Code> {
        let part = &mut self.orders[order].parts[at];
        if part.stand != Stand::Offered || now > part.confirm_by {
            return Err(Code::WrongState);
        }
        for (line, qty) in part.lines.iter_mut().zip(amounts) {
            let lot = &mut self.goods[line.good].lots[line.lot];
            lot.qty -= line.qty - qty;
            lot.reserved -= line.qty - qty;
            line.confirmed = *qty;
        }
        part.stand = if part.lines.iter().all(|line| line.confirmed == 0) {
            Stand::Declined
        } else if part.lines.iter().all(|line| line.confirmed == line.qty) {
            Stand::Confirmed
        } else {
            Stand::Shorted
        };
        let stand = part.stand;
        self.open_shorts(order, at, decide_by, false);
        Ok(stand)
    }

    /// Moves a village order on, if it can.
    fn advance(&mut self, order: usize, at: usize, step: MoveStep) -> bool {
        let part = &mut self.orders[order].parts[at];
        let grows = |line: &super::model::Line| {
            line.confirmed > 0 && self.goods[line.good].lots[line.lot].expected_on.is_some()
        };
        let (can, to) = match step {
            MoveStep::Pack => (
                part.stand.is_answered() && !part.lines.iter().any(grows),
                Stand::Packed,
            ),
            MoveStep::Collect => (part.stand == Stand::Packed, Stand::Collected),
            MoveStep::Deliver => (part.stand == Stand::Collected, Stand::Delivered),
        };
        if can {
            part.stand = to;
        }
        can
    }

    /// What was promised will not come: it is held no longer, and it is not there.
    fn end_short(&mut self, order: usize, at: usize, decide_by: i64) -> Result<(), Code> {
        let part = &self.orders[order].parts[at];
        if !part.stand.is_answered() && part.stand != Stand::Packed {
            return Err(Code::WrongState);
        }
        for line in &part.lines {
            self.goods[line.good].lots[line.lot].qty -= line.confirmed;
        }
        let lost: Vec<_> = part.lines.iter().map(|line| (line.id, line.confirmed)).collect();
        for (line, qty) in lost {
            self.lose(order, at, line, qty, decide_by);
        }
        self.free_part(order, at, Stand::Cancelled);
        Ok(())
    }
}

/// The step that a village order can take from where it stands.
const fn step_from(stand: Stand) -> MoveStep {
    match stand {
        Stand::Packed => MoveStep::Collect,
        Stand::Collected => MoveStep::Deliver,
        _ => MoveStep::Pack,
    }
}

impl World<'_> {
    async fn answer_any(&mut self, chance: &mut StdRng) -> &'static str {
        match self.pick_part(chance, |stand| stand == Stand::Offered) {
            Some((order, part)) => self.answer(chance, order, part).await,
            None => "find nothing to answer",
        }
    }

    pub async fn answer(&mut self, chance: &mut StdRng, order: usize, part: usize) -> &'static str {
        let chosen = self.model.orders[order].parts[part].clone();
        let mood = chance.random_range(0..10);
        let mut lines = Vec::new();
        for line in &chosen.lines {
            let qty = match (mood, chance.random_range(0..3)) {
                (0, _) | (1..4, 0) => 0,
                (1..4, 1) => chance.random_range(0..=line.qty),
                _ => line.qty,
            };
            lines.push(AnswerLineIn {
                line_id: line.id,
                qty: Qty(qty),
                reason: (qty < line.qty).then(|| "雨".to_owned()),
            });
        }
        let amounts: Vec<i64> = lines.iter().map(|line| line.qty.0).collect();
        let (answer, key) = (AnswerIn { lines }, self.app.key());
        let lister = self.market.lister(chosen.village);
        let ask = async || village_order::answer(self.app, lister, &key, chosen.id, answer.clone()).await;
        let answered = now_and_then_twice(chance, ask).await;
        let now = self.app.now();
        let decide_by = now.plus_hours(self.app.config.choice_hours).0;
        let expected = self.model.answer(order, part, &amounts, now.0, decide_by);
        assert_eq!(code(&answered), expected.err());
        match expected {
            Ok(Stand::Confirmed) => "confirm",
            Ok(Stand::Shorted) => "deliver less",
            Ok(_) => "decline",
            Err(_) => "be refused an answer",
        }
    }

    async fn move_any(&mut self, chance: &mut StdRng) -> &'static str {
        let from = [Stand::Confirmed, Stand::Packed, Stand::Collected][chance.random_range(0..3)];
        let wished = |stand: Stand| stand == from || (from == Stand::Confirmed && stand == Stand::Shorted);
        let mut chosen = BTreeSet::new();
        for _ in 0..chance.random_range(1..5) {
            chosen.extend(self.pick_part(chance, wished));
        }
        self.advance(step_from(from), chosen).await
    }

    /// Brings this village order a step on, and all of its order that stand where it does.
    pub async fn advance_all(&mut self, order: usize, part: usize) -> &'static str {
        let step = step_from(self.model.orders[order].parts[part].stand);
        let alike: BTreeSet<_> = (self.parts().into_iter())
            .filter(|(o, _, stand)| *o == order && !stand.is_gone() && step_from(*stand) == step)
            .filter(|(_, _, stand)| {
                !matches!(
                    stand,
                    Stand::Offered | Stand::Delivered | Stand::Credited | Stand::Settled
                )
            })
            .map(|(order, part, _)| (order, part))
            .collect();
        self.advance(step, alike).await
    }

    async fn advance(&mut self, step: MoveStep, chosen: BTreeSet<(usize, usize)>) -> &'static str {
        if chosen.is_empty() {
            return "find nothing to move";
        }
        let id_of = |(order, part): &(usize, usize)| self.model.orders[*order].parts[*part].id;
        let input = MoveIn {
            step,
            ids: chosen.iter().map(id_of).collect(),
            vehicle: (step == MoveStep::Collect).then(|| "冷链 2 号车".to_owned()),
        };
        let moved = village_order::advance(self.app, &self.market.operator, &self.app.key(), input)
            .await
            .expect("the centre may try");
        let moved: BTreeSet<Uuid> = moved.moved.into_iter().collect();
        for (order, part) in &chosen {
            let id = self.model.orders[*order].parts[*part].id;
            let expected = self.model.advance(*order, *part, step);
            assert_eq!(moved.contains(&id), expected, "{step:?} of {id}");
        }
        self.count("be refused a move", chosen.len() - moved.len());
        "move"
    }

    async fn end_short(&mut self, chance: &mut StdRng) -> &'static str {
        let wished = |stand: Stand| stand.is_answered() || stand == Stand::Packed;
        let Some((order, part)) = self.pick_part(chance, wished) else {
            return "find nothing to end";
        };
        let (id, key) = (self.model.orders[order].parts[part].id, self.app.key());
        let input = CloseShortIn {
            reason: "霜冻".to_owned(),
        };
        let operator = &self.market.operator;
        let ask =
            async || village_order_close::close_short(self.app, operator, &key, id, input.clone()).await;
        let ended = now_and_then_twice(chance, ask).await;
        let decide_by = self.app.now().plus_hours(self.app.config.choice_hours).0;
        assert_eq!(code(&ended), self.model.end_short(order, part, decide_by).err());
        if ended.is_ok() {
            "end short"
        } else {
            "be refused to end short"
        }
    }
}
