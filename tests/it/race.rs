//! Many people at once on the same things: whoever comes second is refused or waits, and the books stay right.

use futures::future::join_all;
use server::services::idempotency::Key;
use server::services::{App, Error, acceptance, order, village_order};
use shared::api::order::CancelIn;
use shared::api::problem::Code;
use shared::api::village_order::{MoveIn, MoveStep};
use shared::domain::money::Fen;
use tests::market::VILLAGES;
use tests::{TestApp, both, trade};
use tokio::task::JoinHandle;

both![
    credits_many_orders_of_one_village_at_once,
    lets_one_win_between_two_answers_and_a_cancel,
    lets_one_win_between_cancel_and_collect,
];

fn key(app: &App) -> Key {
    Key::own(app.new_id())
}

/// What became of tasks, none of which may have failed for a cause of ours.
async fn settled<T>(tasks: Vec<JoinHandle<Result<T, Error>>>) -> usize {
    let mut done = 0;
    for outcome in join_all(tasks).await {
        match outcome.expect("a task ends") {
            Ok(_) => done += 1,
            Err(error) => assert!(
                matches!(error.code(), Code::WrongState | Code::Changed),
                "{error}"
            ),
        }
    }
    done
}

async fn credits_many_orders_of_one_village_at_once(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(900_000).publish(app).await;
    let mut signings = Vec::new();
    for at in 0..16 {
        let buyer = &market.buyers[at % 3];
        let order = trade::delivered(app, &market, buyer, &[(&offer, 1000)]).await;
        let lines = trade::as_expected(app, &market, order).await;
        trade::sign(app, buyer, order, &lines)
            .await
            .expect("the unit signs");
        signings.push((order, lines));
    }
    let tasks = signings.into_iter().map(|(order, lines)| {
        let (app, who) = (app.app.clone(), market.operator.clone());
        let key = key(&app);
        tokio::spawn(async move { acceptance::sign(&app, &who, &key, order, lines).await })
    });
    assert_eq!(
        settled(tasks.collect()).await,
        16,
        "each waits its turn at the village's chain"
    );
    let earned =
        server::services::income::income(app, &market.listers[0], VILLAGES[0].0, None, None, 50).await;
    let earned = earned.expect("its own income");
    assert_eq!((earned.credited_fen, earned.chain.length), (Fen(16 * 1800), 16));
}

async fn lets_one_win_between_two_answers_and_a_cancel(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    for round in 0..8 {
        let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
        let shown = trade::show(app, &market, placed.id).await;
        let id = shown.village_orders[0].village_order.id;
        let answer = trade::full_answer(&shown, id);
        let mut tasks = Vec::new();
        for turn in 0..3 {
            let (app, lister, buyer) = (
                app.app.clone(),
                market.listers[0].clone(),
                market.buyers[0].clone(),
            );
            let (answer, key, order) = (answer.clone(), key(&app), placed.id);
            tasks.push(tokio::spawn(async move {
                if (turn + round) % 3 == 0 {
                    let cancel = CancelIn {
                        reason: "改期".to_owned(),
                    };
                    order::cancel(&app, &buyer, &key, order, cancel).await
                } else {
                    village_order::answer(&app, &lister, &key, id, answer).await
                }
            }));
        }
        assert!(settled(tasks).await >= 1, "somebody comes first");
        app.assert_clean().await;
    }
}

async fn lets_one_win_between_cancel_and_collect(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    for _ in 0..8 {
        let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
        trade::confirm_all(app, &market, placed.id).await;
        let id = trade::show(app, &market, placed.id).await.village_orders[0]
            .village_order
            .id;
        trade::advance(app, &market.operator, MoveStep::Pack, vec![id])
            .await
            .expect("packed");
        let (program, buyer, key_of_cancel) = (app.app.clone(), market.buyers[0].clone(), key(app));
        let cancel = tokio::spawn(async move {
            let cancel = CancelIn {
                reason: "改期".to_owned(),
            };
            order::cancel(&program, &buyer, &key_of_cancel, placed.id, cancel).await
        });
        let (program, centre, key_of_move) = (app.app.clone(), market.operator.clone(), key(app));
        let collect = tokio::spawn(async move {
            let step = MoveIn {
                step: MoveStep::Collect,
                ids: vec![id],
                vehicle: None,
            };
            village_order::advance(&program, &centre, &key_of_move, step).await
        });
        let cancelled = cancel.await.expect("a task ends");
        let moved = collect
            .await
            .expect("a task ends")
            .expect("the centre may try")
            .moved
            .len();
        match cancelled {
            Ok(()) => assert_eq!(moved, 0, "what was cancelled is not collected"),
            Err(error) => assert_eq!((error.code(), moved), (Code::WrongState, 1)),
        }
        app.assert_clean().await;
    }
}
