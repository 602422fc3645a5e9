//! The real program killed (SIGKILL) at random moments under load and started again, fifty times on each engine, its
//! database cut off, its disk full: nothing that was acknowledged is lost, nothing is done twice, and the books are right every time.
//!
//! `FAULT_SEED=<number>` replays the choices and the moments of a run; `FAULT_KILLS` and `FAULT_CUTS` ask for more.

mod caller;
mod cut;
mod desk;
mod office;
mod server;
mod till;
mod wire;

use desk::Desk;
use futures::future::{join, join_all};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;
use tests::postgres;
use tests::running::{Running, setting};
use till::Till;

/// How often each engine's program is killed.
const KILLS: u32 = 50;
/// Clients at once.
const DESKS: usize = 8;
/// How long the load may run before the kill.
const MOMENT_MS: std::ops::Range<u64> = 100..900;

#[test]
fn killed_fifty_times_on_sqlite() {
    run(async {
        killed(None).await;
    });
}

#[test]
fn killed_fifty_times_on_postgres() {
    run(async {
        let database = Database::create().await;
        killed(Some(database.url.clone())).await;
    });
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the machine has threads");
    runtime.block_on(test);
}

/// A PostgreSQL database that is removed when it is dropped.
struct Database {
    name: String,
    url: String,
}

impl Database {
    async fn create() -> Self {
        let name = format!(
            "jizhou_fault_{}_{:08x}",
            std::process::id(),
            rand::random::<u32>()
        );
        let url = postgres::create(&name).await;
        // Other tests give up what a crash would cost them; here every commit is made as it is for real.
        let url = url.split('?').next().unwrap_or_default().to_owned();
        Self { name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        postgres::remove(std::mem::take(&mut self.name));
    }
}

fn seed() -> u64 {
    let given = setting("FAULT_SEED").map(|text| text.parse().expect("FAULT_SEED is a number"));
    given.unwrap_or_else(rand::random)
}

async fn killed(database_url: Option<String>) {
    let seed = seed();
    println!("FAULT_SEED={seed}");
    let mut chance = StdRng::seed_from_u64(seed);
    let mut market = Running::demo(database_url).await;
    let mut desks = office::open(&market, DESKS, &mut chance).await;
    let mut tills = office::tills(&market, &mut chance).await;
    let kills = setting("FAULT_KILLS").map_or(KILLS, |text| text.parse().expect("FAULT_KILLS is a number"));
    for kill in 1..=kills {
        under_load(
            &mut market,
            (&mut desks, &mut tills),
            Duration::from_millis(chance.random_range(MOMENT_MS)),
        )
        .await;
        // What lies there, before anything that starts could mend it.
        market.assert_clean().await;
        market.start().await;
        let retried = retry(&mut desks, &mut tills).await;
        join_all(desks.iter_mut().map(Desk::check_open)).await;
        let orders: usize = desks.iter().map(Desk::orders).sum();
        let credited: usize = desks.iter().map(Desk::credited).sum();
        println!("kill {kill}: {orders} orders, {credited} credited, {retried} requests tried again");
    }
    join_all(desks.iter_mut().map(Desk::check)).await;
    market.assert_clean().await;
    assert!(
        desks.iter().map(Desk::orders).sum::<usize>() > 0,
        "the load places orders"
    );
    assert!(
        desks.iter().map(Desk::credited).sum::<usize>() > 0,
        "the load reaches the ledger"
    );
    if kills >= KILLS {
        till::assert_busy(&tills);
    }
}

/// How many requests had no answer: each is sent again.
async fn retry(desks: &mut [Desk], tills: &mut [Till]) -> usize {
    let (orders, money) = join(
        join_all(desks.iter_mut().map(Desk::retry)),
        join_all(tills.iter_mut().map(Till::retry)),
    )
    .await;
    orders.into_iter().chain(money).sum()
}

/// Lets desks and tills work until the program is killed under them.
async fn under_load(market: &mut Running, (desks, tills): (&mut [Desk], &mut [Till]), moment: Duration) {
    let mut load = std::pin::pin!(join(
        join_all(desks.iter_mut().map(Desk::work)),
        join_all(tills.iter_mut().map(Till::work)),
    ));
    tokio::select! {
        _ = &mut load => panic!("requests failed before the program was killed:\n{}", market.said()),
        () = tokio::time::sleep(moment) => {}
    }
    market.kill();
    load.await;
}
