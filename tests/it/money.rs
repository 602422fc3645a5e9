//! Random operations against a small model that a child could check: stock, money and refusals must agree, always.
//!
//! Every room of operations is a file of its own under `money/`: what the program is asked, what the model does to its
//! lists of numbers, and what must have happened in a run (`MUST_HAPPEN`). `world.rs` has the list of rooms.
//!
//! `MONEY_SEQUENCES` and `MONEY_OPERATIONS` ask for more, `MONEY_SEED` replays: every failure prints its seed.

mod approval;
mod books;
mod claim;
mod deadlines;
mod goods;
mod harvest;
mod invoice;
mod model;
mod ordering;
mod receipt;
mod settlement;
mod shortfall;
mod signing;
mod village;
mod world;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::collections::BTreeMap;
use tests::{TestApp, both};
use world::World;

both![
    agrees_with_a_naive_model_1,
    agrees_with_a_naive_model_2,
    agrees_with_a_naive_model_3,
    agrees_with_a_naive_model_4,
    agrees_with_a_naive_model_5,
    a_seed_replays,
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

/// Operations between two looks at everything; a run of few sequences, such as a replay, looks after every one.
const LOOK_EVERY: u64 = 10;

/// What was done, and how often.
type Done = BTreeMap<&'static str, u32>;

async fn agrees(app: &TestApp, shard: u64) {
    let sequences = setting("MONEY_SEQUENCES").unwrap_or(SEQUENCES);
    let operations = setting("MONEY_OPERATIONS").unwrap_or(OPERATIONS);
    let chosen = || u64::from(rand::random::<u32>()) + shard;
    let first = setting("MONEY_SEED").unwrap_or_else(chosen);
    let seeds: Vec<u64> = (first..first + sequences).collect();
    let mut done = Done::new();
    for seeds in seeds.chunks(usize::try_from(AT_ONCE).expect("a small number")) {
        for (name, count) in over_a_new_market(app, seeds, operations).await.0 {
            *done.entry(name).or_default() += count;
        }
    }
    println!("{sequences} sequences of {operations} operations: {done:#?}");
    if sequences >= AT_ONCE && operations >= OPERATIONS {
        let never: Vec<&str> = (world::must_happen())
            .filter(|name| !done.contains_key(name))
            .collect();
        assert!(never.is_empty(), "never happened: {never:?}");
    }
}

/// One seed does the same things, with the same outcomes, whatever was done before it in the same database.
async fn a_seed_replays(app: &TestApp) {
    let seed = u64::from(rand::random::<u32>());
    println!("MONEY_SEED={seed}");
    let (_, first) = over_a_new_market(app, &[seed], OPERATIONS).await;
    let (_, behind_others) = over_a_new_market(app, &[seed + 1, seed + 2, seed], OPERATIONS).await;
    let last = behind_others.len() - first.len();
    assert_eq!(behind_others[last..], first);
}

/// Runs sequences over one new market. Answers what was done how often, and everything in its order.
async fn over_a_new_market(app: &TestApp, seeds: &[u64], operations: u64) -> (Done, Vec<&'static str>) {
    let fresh = TestApp::start(app.engine).await;
    let fresh = fresh.configured(|config| {
        config.fee_bp = 175;
        config.settle_advance = true;
    });
    let mut world = World::new(&fresh).await;
    let few = seeds.len() < 5;
    for seed in seeds {
        // Shown when the test fails.
        println!("replay by: MONEY_SEED={seed} MONEY_SEQUENCES=1 MONEY_OPERATIONS={operations}");
        let mut chance = StdRng::seed_from_u64(*seed);
        world.begin(&mut chance).await;
        for at in 1..=operations {
            world.operate(&mut chance).await;
            if at % LOOK_EVERY == 0 || at == operations || few {
                world.check_goods().await;
            }
        }
        world.check_money().await;
        world.check_bills().await;
        world.end().await;
        world.check_goods().await;
        if few {
            fresh.assert_clean().await;
        }
    }
    let done = world.done();
    fresh.finish().await;
    done
}

/// What a run is asked for by the environment.
pub fn setting(name: &str) -> Option<u64> {
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
