//! Time passes: what nobody answered, agreed to or chose is decided by its deadline.

use super::model::{Ask, Model, Stand};
use super::world::World;
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::{order, shortfall, village_order};

pub const MUST_HAPPEN: &[&str] = &[
    "let time pass",
    "a village order expires",
    "a hold ends",
    "a choice is made by its deadline",
];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    world.let_pass(chance.random_range(1..30)).await;
    "let time pass"
}

impl Model {
    /// Village orders that nobody answered in time: free again, and short as a whole. Says how many.
    fn expire(&mut self, now: i64, decide_by: i64) -> usize {
        let mut due = Vec::new();
        for (order, o) in self.orders.iter().enumerate() {
            let late = |p: &&usize| o.parts[**p].stand == Stand::Offered && o.parts[**p].confirm_by < now;
            let parts: Vec<usize> = (0..o.parts.len()).collect();
            due.extend(parts.iter().filter(late).map(|part| (order, *part)));
        }
        for (order, part) in &due {
            self.free_part(*order, *part, Stand::Expired);
            self.open_shorts(*order, *part, decide_by, true);
        }
        due.len()
    }

    /// Requests over which nobody decided. Says how many.
    fn end_holds(&mut self, now: i64) -> usize {
        let mut freed = Vec::new();
        let mut ended = 0;
        for request in self.orders.iter_mut().filter_map(|order| order.request.as_mut()) {
            if request.ask == Ask::Waits && request.until < now {
                request.ask = Ask::Over;
                freed.extend(request.lines.iter().copied());
                ended += 1;
            }
        }
        self.hold(&freed, -1);
        ended
    }

    /// Choices that nobody made. Says how many.
    fn choose_late(&mut self, now: i64) -> usize {
        let late = |short: &&mut super::model::Short| !short.chosen && short.decide_by < now;
        self.shorts
            .iter_mut()
            .filter(late)
            .map(|short| short.chosen = true)
            .count()
    }
}

impl World<'_> {
    /// Lets hours pass, and what is due then happen, as the program's round does it.
    pub async fn let_pass(&mut self, hours: i64) {
        self.app.pass_hours(hours);
        let now = self.app.now();
        let decide_by = now.plus_hours(self.app.config.choice_hours).0;
        let expired = until_none(async || village_order::expire_due(self.app).await).await;
        assert_eq!(
            expired,
            self.model.expire(now.0, decide_by),
            "village orders expire"
        );
        let ended = until_none(async || order::expire_holds(self.app).await).await;
        assert_eq!(ended, self.model.end_holds(now.0), "holds end");
        let chosen = until_none(async || shortfall::default_due(self.app).await).await;
        assert_eq!(chosen, self.model.choose_late(now.0), "choices are made");
        self.count("a village order expires", expired);
        self.count("a hold ends", ended);
        self.count("a choice is made by its deadline", chosen);
    }
}

/// Runs a job that does so much at once, until there is nothing left to do.
async fn until_none<E: std::fmt::Debug>(job: impl AsyncFn() -> Result<usize, E>) -> usize {
    let mut sum = 0;
    loop {
        let found = job().await.expect("the job runs");
        if found == 0 {
            return sum;
        }
        sum += found;
    }
}
