//! More of a lot, and less of it: never below what is held and sold.

use server::services::lot;
use shared::api::lot::{LotChangeIn, LotOut};
use shared::api::problem::{Code, FieldCode};
use shared::domain::quantity::Qty;
use tests::{Market, Offer, TestApp, both, refusal, refused, trade, wrong_fields};

both![
    grows_and_shrinks_within_what_is_free,
    changes_once_for_a_key,
    is_withdrawn_and_ordered_at_once_without_going_below_zero,
];

async fn change(
    app: &TestApp,
    market: &Market,
    offer: &Offer,
    by: i64,
    reason: &str,
) -> Result<LotOut, server::services::Error> {
    let change = LotChangeIn {
        by: Qty(by),
        reason: reason.to_owned(),
    };
    lot::change(
        app,
        &market.listers[0],
        &app.key(),
        offer.id,
        offer.lots[0].id,
        change,
    )
    .await
}

async fn grows_and_shrinks_within_what_is_free(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 2_000)]).await;
    trade::place(app, &market.buyers[0], &[(&offer, 3_000)]).await;
    assert_eq!(offer.stock(app, &market).await, [[10_000, 3_000, 2_000, 5_000]]);
    change(app, &market, &offer, 500, "").await.expect("more of it");
    change(app, &market, &offer, -5_500, "雨后开裂")
        .await
        .expect("all that is free");
    assert_eq!(offer.stock(app, &market).await, [[5_000, 3_000, 2_000, 0]]);
    let below = refusal(change(app, &market, &offer, -1, "雨后开裂").await);
    assert_eq!(below.fields[0].code, FieldCode::TooLarge);
    assert_eq!(
        below.fields[0].bound.as_deref(),
        Some("0 斤"),
        "it says how much can be withdrawn"
    );
    let silent = change(app, &market, &offer, -1, " ").await;
    assert_eq!(
        wrong_fields(silent),
        [("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    let change_of = LotChangeIn {
        by: Qty(500),
        reason: String::new(),
    };
    let stranger = lot::change(
        app,
        &market.listers[1],
        &app.key(),
        offer.id,
        offer.lots[0].id,
        change_of,
    )
    .await;
    assert_eq!(refused(stranger), Code::NotFound);
    app.assert_clean().await;
}

async fn changes_once_for_a_key(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(1_000).publish(app).await;
    let (key, by) = (
        app.key(),
        LotChangeIn {
            by: Qty(500),
            reason: String::new(),
        },
    );
    for _ in 0..2 {
        let done = lot::change(
            app,
            &market.listers[0],
            &key,
            offer.id,
            offer.lots[0].id,
            by.clone(),
        )
        .await
        .expect("the first, and its stored answer");
        assert_eq!(done.qty, Qty(1_500));
    }
    assert_eq!(offer.stock(app, &market).await, [[1_500, 0, 0, 1_500]]);
}

async fn is_withdrawn_and_ordered_at_once_without_going_below_zero(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5_000).publish(app).await;
    let withdrawn = async {
        let mut count = 0;
        for _ in 0..5 {
            if change(app, &market, &offer, -1_000, "自留").await.is_ok() {
                count += 1;
            }
        }
        count
    };
    let ordered = async {
        let mut count = 0;
        for _ in 0..5 {
            if trade::try_place(app, &market.buyers[1], &[(&offer, 1_000)])
                .await
                .is_ok()
            {
                count += 1;
            }
        }
        count
    };
    let (withdrawn, ordered): (i64, i64) = futures::join!(withdrawn, ordered);
    assert_eq!(withdrawn + ordered, 5, "every kilogram once");
    assert_eq!(
        offer.stock(app, &market).await,
        [[5_000 - withdrawn * 1_000, ordered * 1_000, 0, 0]]
    );
    app.assert_clean().await;
}
