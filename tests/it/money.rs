//! Random operations against a small model that a child could check: stock, money and refusals must agree, always.
//!
//! `MONEY_SEQUENCES` and `MONEY_OPERATIONS` ask for more, `MONEY_SEED` replays: every failure prints its seed.

mod model;
mod world;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeMap;
use tests::{TestApp, both};
use world::World;

both![agrees_with_a_naive_model];

const SEQUENCES: u64 = 60;
const OPERATIONS: u64 = 30;

/// Sequences over one database: checks read the whole of it, so that an ever larger one would only be slower.
const AT_ONCE: u64 = 40;

async fn agrees_with_a_naive_model(app: &TestApp) {
    let sequences = setting("MONEY_SEQUENCES").unwrap_or(SEQUENCES);
    let operations = setting("MONEY_OPERATIONS").unwrap_or(OPERATIONS);
    let first = setting("MONEY_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let seeds: Vec<u64> = (first..first + sequences).collect();
    let mut done = BTreeMap::<&str, u32>::new();
    for seeds in seeds.chunks(usize::try_from(AT_ONCE).expect("a small number")) {
        let fresh = TestApp::start(app.engine).await;
        let fresh = fresh.configured(|config| config.fee_bp = 175);
        for (name, count) in run(&fresh, seeds, operations).await {
            *done.entry(name).or_default() += count;
        }
        fresh.finish().await;
    }
    println!("{done:?}");
    assert!(
        sequences < SEQUENCES || done["credit"] > 0,
        "money must have moved"
    );
}

async fn run(app: &TestApp, seeds: &[u64], operations: u64) -> BTreeMap<&'static str, u32> {
    let mut world = World::new(app).await;
    for seed in seeds {
        // Shown when the test fails.
        println!("replay by: MONEY_SEED={seed} MONEY_SEQUENCES=1 MONEY_OPERATIONS={operations}");
        let mut chance = StdRng::seed_from_u64(*seed);
        world.stock_up(&mut chance).await;
        for _ in 0..operations {
            let choice = chance.random_range(0..100_u32);
            world.operate(choice, &mut chance).await;
            world.check_stock().await;
        }
        world.check_money().await;
        app.assert_clean().await;
    }
    world.done()
}

fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a whole number, not '{text}'")),
    )
}
