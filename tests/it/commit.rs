//! Orders that are placed at the same time share the price of a durable commit on SQLite, and stay apart in all else.

use futures::FutureExt as _;
use futures::future::join_all;
use server::services::idempotency::Key;
use server::services::{Error, order};
use shared::api::problem::Code;
use std::sync::Arc;
use tests::{Engine, TestApp, trade};
use tokio::sync::Notify;

/// Fewer than may share a commit.
const ORDERS: usize = 32;

mod sqlite {
    use super::*;

    #[test]
    fn orders_that_wait_share_one_commit() {
        tests::run_alone(Engine::Sqlite, super::orders_that_wait_share_one_commit);
    }
}

async fn orders_that_wait_share_one_commit(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(1_000_000).publish(app).await;
    let scarce = market.list(1).per_jin(900).lot(1000).publish(app).await;
    // The writer is busy while they come.
    let (begun, answers) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (waiting, db) = ((Arc::clone(&begun), Arc::clone(&answers)), app.db.clone());
    let busy = tokio::spawn(async move {
        db.write(move |_| {
            let (begun, answers) = waiting.clone();
            async move {
                begun.notify_one();
                answers.notified().await;
                Ok::<(), Error>(())
            }
            .boxed()
        })
        .await
    });
    begun.notified().await;
    let before = app.db.generation();
    let orders: Vec<_> = (0..ORDERS)
        .map(|at| {
            // Two of them want all that there is of something: the second is refused, and takes nobody along.
            let wanted = match at {
                7 | 21 => (&scarce, 1000),
                _ => (&offer, 500),
            };
            let order = trade::order_of(app.today(), &[wanted]);
            let (app, buyer) = (app.app.clone(), market.buyers[at % 3].clone());
            tokio::spawn(async move {
                let key = Key::own(app.new_id());
                order::place(&app, &buyer, &key, order, None).await
            })
        })
        .collect();
    while app.db.load().queue < ORDERS {
        tokio::task::yield_now().await;
    }
    answers.notify_one();
    busy.await.expect("a task ends").expect("it was only slow");
    let mut refused = Vec::new();
    for outcome in join_all(orders).await {
        if let Err(error) = outcome.expect("a task ends") {
            refused.push(error.code());
        }
    }
    assert_eq!(refused, [Code::OutOfStock]);
    assert_eq!(app.count("orders").await, i64::try_from(ORDERS - 1).expect("few"));
    assert_eq!(app.db.generation() - before, 1, "all of them were one commit");
}
