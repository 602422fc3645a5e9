//! Requests: somebody agrees or not, they are changed and asked again.

use super::model::{Ask, Model, Taken};
use super::ordering::Wanted;
use super::world::{World, code, now_and_then_twice};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::{approval, order};
use shared::api::approval::{DecisionIn, PolicyIn};
use shared::api::problem::Code;
use shared::domain::approval::ApprovalKind;
use shared::domain::money::Fen;

pub const MUST_HAPPEN: &[&str] = &[
    "approve",
    "reject",
    "be refused a decision",
    "ask again",
    "be refused to ask again",
    "change a policy",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    match chance.random_range(0..10) {
        0 => world.change_policy(chance).await,
        1..5 => world.decide_any(chance).await,
        _ => world.ask_again(chance).await,
    }
}

impl Model {
    /// An approver's word over a request, as they saw it. An approval gives the lines that go to the villages.
    fn decide(
        &mut self,
        at: usize,
        yes: bool,
        revision: i32,
        now: i64,
        today: i32,
    ) -> Result<Vec<Taken>, Code> {
        let request = self.orders[at].request.as_ref().ok_or(Code::WrongState)?;
        if request.ask != Ask::Waits {
            return Err(Code::WrongState);
        }
        if request.revision != revision {
            return Err(Code::Changed);
        }
        if now > request.until {
            return Err(Code::WrongState);
        }
        let lines = request.lines.clone();
        let still_there = |taken: &Taken| {
            let good = &self.goods[taken.good];
            good.on_sale && good.lots[taken.lot].sells(today)
        };
        if yes && !lines.iter().all(still_there) {
            return Err(Code::Invalid);
        }
        let request = self.orders[at].request.as_mut().expect("just seen");
        request.ask = if yes { Ask::Granted } else { Ask::Rejected };
        if !yes {
            self.hold(&lines, -1);
        }
        Ok(lines)
    }

    /// Another wish under the same number: what it held is there for it too.
    fn ask_again(
        &mut self,
        at: usize,
        wanted: &[(usize, i64)],
        wanted_on: i32,
        until: i64,
        today: i32,
    ) -> Result<(), Code> {
        if wanted.iter().any(|(_, qty)| *qty < 1) {
            return Err(Code::Invalid);
        }
        let request = self.orders[at].request.clone().ok_or(Code::WrongState)?;
        let held = match request.ask {
            Ask::Waits => request.lines,
            Ask::Rejected => Vec::new(),
            Ask::Granted | Ask::Over => return Err(Code::WrongState),
        };
        self.hold(&held, -1);
        let taken = match self.plan(wanted, wanted_on, today) {
            Ok(taken) => taken,
            Err(refused) => {
                self.hold(&held, 1);
                return Err(refused);
            }
        };
        self.hold(&taken, 1);
        let total = self.sum(&taken);
        let order = &mut self.orders[at];
        (order.total, order.wanted_on) = (total, wanted_on);
        let request = order.request.as_mut().expect("just seen");
        request.ask = Ask::Waits;
        request.revision += 1;
        request.until = until;
        request.lines = taken;
        Ok(())
    }
}

impl World<'_> {
    /// The first unit's approver says which orders need their yes.
    pub async fn change_policy(&mut self, chance: &mut StdRng) -> &'static str {
        let above = chance.random_range(1..60_000);
        let (kind, above_fen, needs) = match chance.random_range(0..4) {
            0 => (ApprovalKind::Off, 0, None),
            1 => (ApprovalKind::Always, 0, Some(-1)),
            _ => (ApprovalKind::Above, above, Some(above)),
        };
        let policy = PolicyIn {
            kind,
            above_fen: Fen(above_fen),
        };
        let unit = self.market.units[0].id;
        approval::set_policy(self.app, &self.market.approver, &self.app.key(), unit, policy)
            .await
            .expect("the unit has an approver");
        self.model.needs_yes_above[0] = needs;
        "change a policy"
    }

    async fn decide_any(&mut self, chance: &mut StdRng) -> &'static str {
        let asked: Vec<usize> = (self.first_order..self.model.orders.len())
            .filter(|at| self.model.orders[*at].unit == 0)
            .collect();
        match super::world::pick(chance, &asked) {
            Some(at) => self.decide(chance, *at).await,
            None => "find nothing to decide",
        }
    }

    pub async fn decide(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let order = &self.model.orders[at];
        let seen = order.request.as_ref().map_or(1, |request| request.revision);
        let approve = chance.random_range(0..4) > 0;
        let decision = DecisionIn {
            approve,
            // Now and then what was seen is old.
            revision: seen - i32::from(chance.random_range(0..12) == 0),
            note: "预算".to_owned(),
        };
        let (id, key) = (order.id, self.app.key());
        let approver = &self.market.approver;
        let ask = async || order::decide(self.app, approver, &key, id, decision.clone()).await;
        let decided = now_and_then_twice(chance, ask).await;
        let (now, today) = (self.app.now().0, self.today());
        let expected = self.model.decide(at, approve, decision.revision, now, today);
        assert_eq!(code(&decided), expected.as_ref().err().copied());
        match (expected, approve) {
            (Ok(lines), true) => {
                self.note_parts(at, &lines).await;
                "approve"
            }
            (Ok(_), false) => "reject",
            (Err(_), _) => "be refused a decision",
        }
    }

    pub async fn ask_again(&mut self, chance: &mut StdRng) -> &'static str {
        let open = |at: &usize| {
            let request = self.model.orders[*at].request.as_ref();
            request.is_some_and(|request| matches!(request.ask, Ask::Waits | Ask::Rejected))
        };
        let all: Vec<usize> = (self.first_order..self.model.orders.len()).collect();
        let fitting: Vec<usize> = all.iter().copied().filter(open).collect();
        let from = if fitting.is_empty() || chance.random_range(0..6) == 0 {
            all
        } else {
            fitting
        };
        let Some(at) = super::world::pick(chance, &from).copied() else {
            return "find nothing to ask again";
        };
        let wanted: Wanted = self.wish(chance);
        let wanted_on = self.today() + chance.random_range(0..8);
        let asked = self.order_of(&wanted, wanted_on);
        let (id, unit, key) = (
            self.model.orders[at].id,
            self.model.orders[at].unit,
            self.app.key(),
        );
        let ask = async || order::revise(self.app, self.buyer(unit), &key, id, asked.clone()).await;
        let revised = now_and_then_twice(chance, ask).await;
        let until = self.app.now().plus_hours(self.app.config.approval_hold_hours).0;
        let expected = self.model.ask_again(at, &wanted, wanted_on, until, self.today());
        assert_eq!(code(&revised), expected.err(), "{wanted:?} for day {wanted_on}");
        match revised {
            Ok(revised) => {
                assert_eq!(revised.total_fen.0, self.model.orders[at].total);
                "ask again"
            }
            Err(_) => "be refused to ask again",
        }
    }
}
