//! Anything in any order: units pay and do not, money is given back here and at the provider, payouts reach the bank and bounce, answers and
//! messages are lost, late and repeated. When it is quiet again, the books say what a child would: what came, less what went back, less
//! the fees, is what the provider holds and what the bank has; and after a payout of everything nothing is in clearing.
//!
//! `PAYMENT_SEQUENCES` asks for more, `PAYMENT_SEED` replays.

use super::{Till, begin};
use crate::money::setting;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use server::jobs;
use server::services::{payment, verify};
use shared::api::payment::RefundIn;
use shared::domain::money::Fen;
use std::collections::BTreeMap;
use tests::stripe_fake::{Courier, Method, Trip};
use tests::{TestApp, both};
use uuid::Uuid;

both![come_to_zero_whatever_happens];

/// Sequences of a usual run, and operations of each.
const SEQUENCES: u64 = 10;
const OPERATIONS: usize = 40;

async fn come_to_zero_whatever_happens(app: &TestApp) {
    let first = setting("PAYMENT_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let sequences = setting("PAYMENT_SEQUENCES").unwrap_or(SEQUENCES);
    let mut till = Till::open(app).await;
    let mut done = BTreeMap::<&'static str, u32>::new();
    for seed in first..first + sequences {
        println!("PAYMENT_SEED={seed} PAYMENT_SEQUENCES=1 replays this sequence over a new market");
        let mut chance = StdRng::seed_from_u64(seed);
        till.courier = Courier::new(seed);
        for _ in 0..OPERATIONS {
            let name = operate(&mut till, &mut chance).await;
            *done.entry(name).or_default() += 1;
        }
        if quiet(&mut till).await {
            *done.entry("pay out").or_default() += 1;
        }
    }
    println!("{done:?}");
    if sequences >= SEQUENCES {
        for name in [
            "pay",
            "give back",
            "give back there",
            "pay out",
            "bounce",
            "sweep",
        ] {
            assert!(done.contains_key(name), "{name} never happened");
        }
    }
}

async fn operate(till: &mut Till, chance: &mut StdRng) -> &'static str {
    till.app.clock.advance_s(chance.random_range(1..900));
    match chance.random_range(0..100) {
        0..24 => start(till, chance).await,
        24..44 => pay(till, chance),
        44..48 => match pick(chance, &till.fake.open_sessions()) {
            Some(session) => {
                till.fake.run_out(&session);
                "run out"
            }
            None => "find nothing",
        },
        48..60 => give_back(till, chance).await,
        60..64 => give_back_there(till, chance),
        64..80 => payout(till, chance),
        80..84 => {
            let trip = [Trip::LoseTheAnswer, Trip::TooMany, Trip::Broken][chance.random_range(0..3)];
            till.fake.trip([trip]);
            "trip"
        }
        84..96 => {
            till.courier.copies = chance.random_range(1..5);
            till.courier.lost = chance.random_range(0..40);
            till.courier.delayed = chance.random_range(0..40);
            till.courier.carry(&till.fake, &till.app.router).await;
            jobs::payment::round(&till.app).await;
            "hear"
        }
        _ => {
            sweep(till).await;
            "sweep"
        }
    }
}

fn pick<T: Clone>(chance: &mut StdRng, from: &[T]) -> Option<T> {
    (!from.is_empty()).then(|| from[chance.random_range(0..from.len())].clone())
}

async fn start(till: &Till, chance: &mut StdRng) -> &'static str {
    let order = till.order(500 * chance.random_range(1..40)).await;
    match begin(&till.app, till.buyer(), order).await {
        Ok(_) => "begin",
        Err(_) => "begin in vain",
    }
}

fn pay(till: &Till, chance: &mut StdRng) -> &'static str {
    let Some(session) = pick(chance, &till.fake.open_sessions()) else {
        return "find nothing";
    };
    let method = [Method::Card, Method::Alipay, Method::WechatPay][chance.random_range(0..3)];
    till.fake.pay(&session, method);
    "pay"
}

/// Finance gives back a part of something that came, or more than there is.
async fn give_back(till: &Till, chance: &mut StdRng) -> &'static str {
    let page = payment::list(&till.app, &till.market.finance, &Default::default(), None, 50).await;
    let came: Vec<(Uuid, i64)> = (page.expect("finance lists").items.iter())
        .filter(|row| row.status.has_come())
        .map(|row| (row.id, row.amount_fen.0))
        .collect();
    let Some((id, most)) = pick(chance, &came) else {
        return "find nothing";
    };
    let input = RefundIn {
        amount_fen: Fen(chance.random_range(1..most + most / 4 + 2)),
        reason: "少送了".to_owned(),
        claim_id: None,
    };
    let key = till.app.key();
    match payment::refund::ask(&till.app, &till.market.finance, &key, id, input).await {
        Ok(_) => "give back",
        Err(_) => "be refused a refund",
    }
}

fn give_back_there(till: &Till, chance: &mut StdRng) -> &'static str {
    let left = till.fake.left();
    match pick(chance, &left) {
        Some((session, left)) => {
            till.fake.refund_by_hand(&session, chance.random_range(1..=left));
            "give back there"
        }
        None => "find nothing",
    }
}

/// A payout under way ends well or not; else what the provider holds is sent.
fn payout(till: &Till, chance: &mut StdRng) -> &'static str {
    if let Some(payout) = till.fake.payout_under_way() {
        // More bounce than arrive: what is still under way when it becomes quiet arrives.
        let well = chance.random_range(0..3) == 0;
        till.fake.end_payout(&payout, well);
        return if well { "pay out" } else { "bounce" };
    }
    if till.fake.balance() > 0 {
        till.fake.pay_out();
        return "send out";
    }
    "find nothing"
}

async fn sweep(till: &Till) {
    let key = till.app.key();
    let asked = payment::sweep::ask_for_all(&till.app, &till.market.finance, &key).await;
    asked.expect("finance may ask");
    // It may meet with a trip of the provider, and is then tried again later.
    jobs::payment::round(&till.app).await;
}

/// Nothing goes wrong any more, and everybody has had their time. Says whether a payout arrived.
async fn quiet(till: &mut Till) -> bool {
    till.fake.heal();
    let payout = till.fake.payout_under_way();
    if let Some(payout) = &payout {
        till.fake.end_payout(payout, true);
    }
    for session in till.fake.open_sessions() {
        till.fake.run_out(&session);
    }
    for _ in 0..2 {
        // Longer than any pause between two tries, and than a payment waits for its page.
        till.app.pass_hours(7);
        till.sweep().await;
    }
    let (came, back) = till.fake.taken();
    till.agrees().await;
    assert_eq!(
        till.balance("unit_deposit", Some(0)).await,
        back - came,
        "what came and was not given back is the unit's"
    );
    assert_eq!(
        till.balance("bank", None).await + till.balance("stripe_clearing", None).await,
        came - back - till.fake.fees(),
        "no fen is lost between the provider and the bank"
    );
    if till.fake.balance() > 0 {
        let payout = till.fake.pay_out();
        till.fake.end_payout(&payout, true);
        till.sweep().await;
        assert_eq!(till.balance("stripe_clearing", None).await, 0);
    }
    let run = verify::run(&till.app).await.expect("readable");
    assert!(run.clean, "{run:?}");
    payout.is_some()
}
