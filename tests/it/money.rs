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

both![
    agrees_with_a_naive_model_1,
    agrees_with_a_naive_model_2,
    agrees_with_a_naive_model_3,
    agrees_with_a_naive_model_4,
    agrees_with_a_naive_model_5,
];

async fn agrees_with_a_naive_model_1(app: &TestApp) {
    agrees(app, 1).await;
}

async fn agrees_with_a_naive_model_2(app: &TestApp) {
    agrees(app, 2).await;
}

async fn agrees_with_a_naive_model_3(app: &TestApp) {
    agrees(app, 3).await;
}

async fn agrees_with_a_naive_model_4(app: &TestApp) {
    agrees(app, 4).await;
}

async fn agrees_with_a_naive_model_5(app: &TestApp) {
    agrees(app, 5).await;
}

/// Sequences of each test: ten tests make the 2,000 of a usual run.
const SEQUENCES: u64 = 200;
const OPERATIONS: u64 = 50;

/// Sequences over one database: checks read the whole of it, so that an ever larger one would only be slower.
const AT_ONCE: u64 = 50;

/// Operations between two looks at the stock; a run of few sequences, such as a replay, looks after every one.
const LOOK_EVERY: u64 = 10;

async fn agrees(app: &TestApp, shard: u64) {
    let sequences = setting("MONEY_SEQUENCES").unwrap_or(SEQUENCES);
    let operations = setting("MONEY_OPERATIONS").unwrap_or(OPERATIONS);
    let chosen = || u64::from(rand::random::<u32>()) + shard;
    let first = setting("MONEY_SEED").unwrap_or_else(chosen);
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
    assert!(sequences < AT_ONCE || done["credit"] > 0, "money must have moved");
}

async fn run(app: &TestApp, seeds: &[u64], operations: u64) -> BTreeMap<&'static str, u32> {
    let mut world = World::new(app).await;
    let few = seeds.len() < 5;
    for seed in seeds {
        // Shown when the test fails.
        println!("replay by: MONEY_SEED={seed} MONEY_SEQUENCES=1 MONEY_OPERATIONS={operations}");
        let mut chance = StdRng::seed_from_u64(*seed);
        world.stock_up(&mut chance).await;
        for at in 1..=operations {
            let choice = chance.random_range(0..100_u32);
            world.operate(choice, &mut chance).await;
            if at % LOOK_EVERY == 0 || at == operations || few {
                world.check_stock().await;
            }
        }
        world.check_money().await;
        if few {
            app.assert_clean().await;
        }
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
