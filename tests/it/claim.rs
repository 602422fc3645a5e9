//! Claims: opened in time, never for more than there is, decided by somebody else, and nothing is edited by them.

use server::services::{Error, claim, income, verify};
use shared::api::acceptance::{AcceptanceOut, VarianceReason};
use shared::api::claim::{
    ClaimAgreedIn, ClaimAnswerIn, ClaimEntryIn, ClaimIn, ClaimLineIn, ClaimOut, ClaimQuery,
};
use shared::api::problem::{Code, FieldCode};
use shared::domain::claim::ClaimStatus;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use tests::{Market, Person, TestApp, both, refused, trade, wrong_fields};

both![
    is_opened_told_answered_and_kept,
    asks_for_no_more_than_there_is,
    is_only_opened_in_time,
    is_not_decided_by_who_opened_it,
    slices_give_back_the_whole_line,
];

async fn accepted(app: &TestApp, market: &Market) -> AcceptanceOut {
    let offer = market.list(0).per_jin(333).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&offer, 10_500)])
        .await
        .acceptance
}

fn of(acceptance: &AcceptanceOut, qty: Option<i64>, asked_fen: Option<i64>) -> ClaimIn {
    ClaimIn {
        acceptance_id: acceptance.id.expect("posted"),
        lines: vec![ClaimLineIn {
            line_id: acceptance.lines[0].line_id,
            qty: qty.map(Qty),
            asked_fen: asked_fen.map(Fen),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "箱底有烂的".to_owned(),
    }
}

async fn open(app: &TestApp, who: &Person, input: ClaimIn) -> Result<ClaimOut, Error> {
    claim::open(app, who, &app.key(), input).await
}

fn answer(agree: bool, lines: Vec<ClaimAgreedIn>) -> ClaimAnswerIn {
    ClaimAnswerIn {
        agree,
        lines,
        words: "看过照片".to_owned(),
    }
}

async fn is_opened_told_answered_and_kept(app: &TestApp) {
    let market = app.market().await;
    let acceptance = accepted(app, &market).await;
    let buyer = &market.buyers[0];
    let made = open(app, buyer, of(&acceptance, Some(3_250), None))
        .await
        .expect("in time");
    // The whole line cost 69.93; 7250 g of it cost 48.285.
    assert_eq!(
        (made.row.status, made.row.asked_fen),
        (ClaimStatus::Opened, Fen(6993 - 4829))
    );
    assert_eq!(
        app.count("notices where kind = 'claim_opened'").await,
        2,
        "the village and the centre"
    );
    let id = made.row.id;
    let entry = ClaimEntryIn {
        words: "可以退".to_owned(),
        photo_id: None,
    };
    claim::say(app, &market.listers[0], &app.key(), id, entry.clone())
        .await
        .expect("the village speaks");
    let stranger = claim::say(app, &market.listers[1], &app.key(), id, entry).await;
    assert_eq!(refused(stranger), Code::NotFound);
    let lines = vec![ClaimAgreedIn {
        line_id: acceptance.lines[0].line_id,
        agreed_fen: Fen(1000),
    }];
    let done = claim::answer(app, &market.operator, &app.key(), id, answer(true, lines)).await;
    let done = done.expect("the centre decides");
    assert_eq!(
        (done.row.status, done.row.agreed_fen),
        (ClaimStatus::Posted, Some(Fen(1000)))
    );
    assert_eq!(done.entries.len(), 2);
    let again = claim::answer(app, &market.operator, &app.key(), id, answer(false, Vec::new())).await;
    assert_eq!(refused(again), Code::WrongState);
    assert_eq!(app.count("ledger_transactions").await, 2, "it is posted once");
    for (who, sees) in [
        (&market.listers[0], 1),
        (&market.listers[1], 0),
        (&market.officers[0], 1),
        (&market.officers[1], 0),
        (&market.auditor, 1),
        (&market.buyers[1], 0),
    ] {
        let page = claim::list(app, who, ClaimQuery::default(), None, 50)
            .await
            .expect("may list");
        assert_eq!(page.items.len(), sees, "{}", who.sign_in_name);
    }
    assert!(verify::run(app).await.expect("readable").clean);
}

async fn asks_for_no_more_than_there_is(app: &TestApp) {
    let market = app.market().await;
    let acceptance = accepted(app, &market).await;
    let buyer = &market.buyers[0];
    let first = open(app, buyer, of(&acceptance, Some(5_000), None))
        .await
        .expect("a part");
    let rest = open(app, buyer, of(&acceptance, Some(5_600), None)).await;
    assert_eq!(wrong_fields(rest)[0].1, FieldCode::TooLarge);
    let second = open(app, buyer, of(&acceptance, Some(5_500), None))
        .await
        .expect("the rest");
    let both = first.row.asked_fen.0 + second.row.asked_fen.0;
    assert_eq!(
        Fen(both),
        acceptance.accepted_fen,
        "sliced or not, it is what was paid"
    );
    let sum = open(app, buyer, of(&acceptance, None, Some(1))).await;
    assert_eq!(wrong_fields(sum)[0].1, FieldCode::TooLarge);
    claim::answer(
        app,
        &market.operator,
        &app.key(),
        first.row.id,
        answer(false, Vec::new()),
    )
    .await
    .expect("refused");
    open(app, buyer, of(&acceptance, None, Some(1)))
        .await
        .expect("what was refused is free again");
    for nothing in [
        of(&acceptance, None, None),
        of(&acceptance, None, Some(0)),
        of(&acceptance, Some(-1), None),
    ] {
        assert_eq!(wrong_fields(open(app, buyer, nothing).await).len(), 1);
    }
}

async fn is_only_opened_in_time(app: &TestApp) {
    let market = app.market().await;
    let acceptance = accepted(app, &market).await;
    let buyer = &market.buyers[0];
    let other = open(app, &market.buyers[1], of(&acceptance, Some(500), None)).await;
    assert_eq!(refused(other), Code::NotFound);
    let village = open(app, &market.listers[0], of(&acceptance, Some(500), None)).await;
    assert_eq!(refused(village), Code::Forbidden);
    app.clock.advance_s(48 * 3600);
    open(app, buyer, of(&acceptance, Some(500), None))
        .await
        .expect("the last moment");
    app.clock.advance_s(1);
    assert_eq!(
        refused(open(app, buyer, of(&acceptance, Some(500), None)).await),
        Code::WrongState
    );
}

async fn is_not_decided_by_who_opened_it(app: &TestApp) {
    let market = app.market().await;
    let acceptance = accepted(app, &market).await;
    let made = open(app, &market.operator, of(&acceptance, Some(500), None))
        .await
        .expect("the centre may");
    let id = made.row.id;
    let own = claim::answer(app, &market.operator, &app.key(), id, answer(true, Vec::new())).await;
    assert_eq!(refused(own), Code::SamePerson);
    let buyer = claim::answer(app, &market.buyers[0], &app.key(), id, answer(true, Vec::new())).await;
    assert_eq!(refused(buyer), Code::Forbidden);
    let done = claim::answer(app, &market.driver, &app.key(), id, answer(true, Vec::new())).await;
    assert_eq!(
        done.expect("another of the centre").row.agreed_fen,
        Some(made.row.asked_fen)
    );
}

/// Agrees to everything that was asked.
async fn agree(app: &TestApp, market: &Market, id: uuid::Uuid) {
    let done = claim::answer(app, &market.operator, &app.key(), id, answer(true, Vec::new())).await;
    assert_eq!(done.expect("the centre agrees").row.status, ClaimStatus::Posted);
}

/// However it is sliced, and whether it is billed or not, all slices give back exactly what the line cost.
async fn slices_give_back_the_whole_line(app: &TestApp) {
    let market = app.market().await;
    let acceptance = accepted(app, &market).await;
    let buyer = &market.buyers[0];
    let first = open(app, buyer, of(&acceptance, Some(3_250), None))
        .await
        .expect("a part");
    agree(app, &market, first.row.id).await;
    let bill = trade::bill_of(app, &market, 0).await;
    assert_eq!(
        bill.row.corrected_fen, first.row.asked_fen,
        "billed with what was taken off"
    );
    let second = open(app, buyer, of(&acceptance, Some(3_750), None))
        .await
        .expect("a part");
    agree(app, &market, second.row.id).await;
    assert!(verify::run(app).await.expect("readable").clean);
    let third = open(app, buyer, of(&acceptance, Some(3_500), None))
        .await
        .expect("the rest");
    agree(app, &market, third.row.id).await;
    let bill = trade::bill_of(app, &market, 0).await;
    assert_eq!(
        (bill.row.open_fen, bill.row.corrected_fen),
        (Fen::ZERO, bill.row.total_fen)
    );
    let village = &acceptance.lines[0].village_code;
    let earned = income::income(app, &market.auditor, village, None, None, 10)
        .await
        .expect("there");
    assert_eq!((earned.credited_fen, earned.paid_fen), (Fen::ZERO, Fen::ZERO));
    assert_eq!(app.count("account_balances where balance_fen <> 0").await, 0);
    assert!(verify::run(app).await.expect("readable").clean);
}
