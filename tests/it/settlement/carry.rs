//! What a claim takes back after a village was paid is taken off its next settlement, line by line.

use server::services::{claim, settlement as settlements};
use shared::api::acceptance::VarianceReason;
use shared::api::claim::{ClaimAnswerIn, ClaimIn, ClaimLineIn};
use shared::api::problem::Code;
use shared::api::settlement::SettlementIn;
use shared::domain::money::Fen;
use shared::domain::settlement::LeftOut;
use tests::settling::{accounts, confirm, pay, prepared, sent};
use tests::{Market, Offer, TestApp, both, refused, trade};

both![
    a_claim_after_payment_is_carried,
    a_claim_waits_with_what_it_is_over
];

/// The first unit takes goods of village 0 and disputes so much of them, which is agreed.
async fn disputed(app: &TestApp, market: &Market, offer: &Offer, asked: i64, pays: bool) {
    let buyer = &market.buyers[0];
    let slip = trade::credited(app, market, buyer, &[(offer, 1_000)])
        .await
        .acceptance;
    if pays {
        pay(app, market, 0).await;
        let batch = sent(app, market).await;
        confirm(app, market, &batch.items.items[0]).await;
    }
    let input = ClaimIn {
        acceptance_id: slip.id.expect("posted"),
        lines: vec![ClaimLineIn {
            line_id: slip.lines[0].line_id,
            qty: None,
            asked_fen: Some(Fen(asked)),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "底层压伤".to_owned(),
    };
    let opened = claim::open(app, buyer, &app.key(), input).await.expect("in time");
    let agreed = ClaimAnswerIn {
        agree: true,
        lines: Vec::new(),
        words: "看过照片，压伤属实".to_owned(),
    };
    claim::answer(app, &market.operator, &app.key(), opened.row.id, agreed)
        .await
        .expect("the centre agrees");
}

async fn a_claim_after_payment_is_carried(app: &TestApp) {
    let market = app.market().await;
    accounts(app, &market).await;
    let offer = market.list(0).per_jin(300).lot(90_000).publish(app).await;
    disputed(app, &market, &offer, 150, true).await;
    let alone = settlements::preview(app, &market.finance, &SettlementIn::default())
        .await
        .expect("may");
    assert!(alone.pays.is_empty(), "a village that owes is not paid");
    assert_eq!(alone.left_out[0].left_out, Some(LeftOut::Negative));
    assert_eq!(alone.left_out[0].amount_fen, Fen(-150));
    let nothing = settlements::prepare(app, &market.finance, &app.key(), SettlementIn::default()).await;
    assert_eq!(refused(nothing), Code::WrongState);
    app.assert_clean().await;
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 2_000)]).await;
    pay(app, &market, 0).await;
    let batch = prepared(app, &market).await;
    assert_eq!(batch.row.total_fen, Fen(1_050), "12.00 less 1.50");
    assert_eq!(batch.items.items[0].back_fen, Fen(-150));
    let finance = settlements::show_item(app, &market.finance, batch.items.items[0].id)
        .await
        .expect("may");
    assert_eq!(finance.lines.len(), 2);
    let unreleased = settlements::show_item(app, &market.listers[0], batch.items.items[0].id).await;
    assert_eq!(
        refused(unreleased),
        Code::NotFound,
        "nothing a village could count on yet"
    );
    settlements::release(app, &market.second_finance, &app.key(), batch.row.id)
        .await
        .expect("may");
    let seen = settlements::show_item(app, &market.listers[0], batch.items.items[0].id)
        .await
        .expect("its own");
    let back = seen.lines.iter().find(|line| line.amount_fen < Fen::ZERO);
    let back = back.expect("the village sees what was taken back");
    assert_eq!(back.amount_fen, Fen(-150));
    assert_eq!(back.source_kind, "claim");
    assert_eq!(back.why, "看过照片，压伤属实");
    assert!(
        back.paid_before.ends_with("-0001"),
        "paid with {}",
        back.paid_before
    );
    let sum = Fen::checked_sum(seen.lines.iter().map(|line| line.amount_fen));
    assert_eq!(sum, Ok(Fen(1_050)));
}

async fn a_claim_waits_with_what_it_is_over(app: &TestApp) {
    let market = app.market().await;
    accounts(app, &market).await;
    let offer = market.list(0).per_jin(300).lot(90_000).publish(app).await;
    // Nobody has paid: neither what was gained nor what was taken back can be settled.
    disputed(app, &market, &offer, 150, false).await;
    let seen = settlements::preview(app, &market.finance, &SettlementIn::default())
        .await
        .expect("may");
    assert!(seen.pays.is_empty() && seen.left_out.is_empty(), "{seen:?}");
    assert_eq!((seen.unpaid_fen, seen.unpaid_lines), (Fen(450), 2));
    pay(app, &market, 0).await;
    let batch = prepared(app, &market).await;
    assert_eq!(batch.row.total_fen, Fen(450));
    assert_eq!(batch.items.items[0].lines, 2);
}
