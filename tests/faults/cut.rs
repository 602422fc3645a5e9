//! The database stopped, cut off and started again in the middle of transactions, and a disk that is full: the program
//! stays up, says that it cannot just now, and goes on when it can; nothing that was acknowledged is lost.

use crate::desk::Desk;
use crate::server::{Cut, Server};
use crate::till::{self, Till};
use crate::{office, retry, run, seed};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;
use tests::running::{Running, setting};

/// How often the server suffers in a usual run: thirty times each of what can happen to it.
const CUTS: usize = 30 * Cut::ALL.len();
/// How often the disk is full.
const FULL: u32 = 10;
/// Clients at once.
const DESKS: usize = 6;
/// How long the load runs before, while and after something happens.
const MOMENT_MS: std::ops::Range<u64> = 60..600;

#[test]
fn postgres_stopped_cut_and_restarted_thirty_times_each() {
    run(async {
        let cuts = setting("FAULT_CUTS").map_or(CUTS, |text| text.parse().expect("FAULT_CUTS is a number"));
        let mut chance = StdRng::seed_from_u64(seed());
        let mut server = Server::start().await;
        let mut market = Running::demo(Some(server.url())).await;
        let mut desks = office::open(&market, DESKS, &mut chance).await;
        let mut tills = office::tills(&market, &mut chance).await;
        for cut in 0..cuts {
            let kind = Cut::ALL[cut % Cut::ALL.len()];
            let [before, away, after] =
                [(); 3].map(|()| Duration::from_millis(chance.random_range(MOMENT_MS)));
            let happens = async {
                tokio::time::sleep(before).await;
                server.suffer(kind, away).await;
                tokio::time::sleep(after).await;
            };
            under_load(&mut desks, &mut tills, happens).await;
            afterwards(&mut market, (&mut desks, &mut tills), &format!("{kind:?} {cut}")).await;
        }
        all_is_well(&market, &mut desks).await;
        if cuts >= CUTS {
            till::assert_busy(&tills);
            assert!(
                server.replies_lost() > 0,
                "commits are cut off from their replies"
            );
        }
        println!("{} replies were lost", server.replies_lost());
        drop(market);
    });
}

#[test]
fn a_full_disk_ten_times() {
    run(async {
        let mut chance = StdRng::seed_from_u64(seed());
        let mut market = Running::demo(None).await;
        market.kill();
        // A file that may not grow is a disk that is full, without any right to make disks.
        market.start_bearing_limits().await;
        let mut desks = office::open(&market, DESKS, &mut chance).await;
        let mut tills = office::tills(&market, &mut chance).await;
        for full in 0..FULL {
            let [before, while_full] =
                [(); 2].map(|()| Duration::from_millis(chance.random_range(MOMENT_MS)));
            let limit = chance.random_range(1..60) * 4096;
            let happens = async {
                tokio::time::sleep(before).await;
                market.limit_files(Some(limit));
                tokio::time::sleep(while_full).await;
                market.limit_files(None);
                tokio::time::sleep(before).await;
            };
            under_load(&mut desks, &mut tills, happens).await;
            afterwards(
                &mut market,
                (&mut desks, &mut tills),
                &format!("full {full} from {limit} bytes on"),
            )
            .await;
        }
        all_is_well(&market, &mut desks).await;
    });
}

/// Lets desks and tills work while something happens; each stops where it gets no answer, or after its answer.
async fn under_load(desks: &mut [Desk], tills: &mut [Till], happens: impl Future<Output = ()>) {
    let closing: Vec<_> = desks
        .iter()
        .map(Desk::closing)
        .chain(tills.iter().map(Till::closing))
        .collect();
    let stop = async {
        happens.await;
        for closing in closing {
            closing.set(true);
        }
    };
    tokio::join!(
        join_all(desks.iter_mut().map(Desk::work)),
        join_all(tills.iter_mut().map(Till::work)),
        stop
    );
}

async fn afterwards(market: &mut Running, (desks, tills): (&mut [Desk], &mut [Till]), what: &str) {
    market.ready_again().await;
    let stopped = desks.iter().filter(|desk| desk.was_refused()).count();
    let retried = retry(desks, tills).await;
    join_all(desks.iter_mut().map(Desk::check_open)).await;
    let orders: usize = desks.iter().map(Desk::orders).sum();
    println!("{what}: {orders} orders, {stopped} desks stopped, {retried} requests tried again");
    market.assert_clean().await;
}

async fn all_is_well(market: &Running, desks: &mut [Desk]) {
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
    assert!(
        desks.iter().map(Desk::refusals).sum::<usize>() > 0,
        "somebody was in the middle of something"
    );
}
