//! Two people: one says what a receipt pays, another confirms or refuses; taking back takes two as well.

use super::{billed, more, status, suspense};
use server::services::{bill, receipt};
use shared::api::bill::DepositPaymentIn;
use shared::api::problem::{Code, FieldCode};
use shared::api::receipt::{ConfirmIn, ReceiptOut, RefuseIn, TakeBackIn};
use shared::domain::bill::BillStatus;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::receipt::{MatchState, ReceiptStatus};
use tests::receipts::{Row, arrive, paid, pays, receipt as shown};
use tests::{Market, Person, TestApp, both, refused, wrong_fields};
use uuid::Uuid;

both![
    one_says_and_another_confirms,
    nobody_confirms_their_own_word,
    a_refusal_leads_back_to_suspense,
    sums_must_come_to_the_receipt,
    a_receipt_pays_several_bills_and_the_deposit,
    two_confirm_at_once_and_one_posts,
    one_bill_matched_by_two_receipts_is_paid_once,
    taking_back_opens_exactly_what_was_paid,
    a_deposit_that_was_used_is_not_taken_back,
];

async fn came(app: &TestApp, market: &Market, reference: &str, amount: i64) -> Uuid {
    arrive(app, market, &[Row::new(reference, Fen(amount), "货款")]).await;
    shown(app, market, reference).await.row.id
}

async fn say(app: &TestApp, market: &Market, id: Uuid, bills: &[(Uuid, Fen)], deposit: i64) -> ReceiptOut {
    // What is said later is newer.
    app.clock.advance_s(1);
    let said = pays(market.units[0].id, bills, Fen(deposit));
    receipt::propose(app, &market.finance, &app.key(), id, said)
        .await
        .expect("it lies in suspense")
}

async fn confirm(
    app: &TestApp,
    who: &Actor,
    said: &ReceiptOut,
) -> Result<ReceiptOut, server::services::Error> {
    let match_id = said.matches[0].id;
    receipt::confirm(app, who, &app.key(), said.row.id, ConfirmIn { match_id }).await
}

async fn one_says_and_another_confirms(app: &TestApp) {
    let (market, made) = billed(app).await;
    let id = came(app, &market, "A1", 4_000).await;
    let said = say(app, &market, id, &[(made.row.id, Fen(4_000))], 0).await;
    assert_eq!(said.row.status, ReceiptStatus::MatchedByHand);
    assert_eq!(suspense(app).await, 4_000, "nothing is posted yet");
    assert_eq!(app.count("notices where kind = 'receipt_waits'").await, 1);
    let second: &Person = &market.second_finance;
    let unproven = Actor {
        proven_at: None,
        ..second.actor.clone()
    };
    assert_eq!(refused(confirm(app, &unproven, &said).await), Code::StepUpNeeded);
    let done = confirm(app, second, &said).await.expect("another person");
    assert_eq!(done.row.status, ReceiptStatus::Posted);
    assert_eq!(done.matches[0].decided_by_name.as_deref(), Some("复核财务"));
    assert_eq!(suspense(app).await, 0);
    let paid = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!(paid.row.status, BillStatus::Paid);
    assert_eq!(
        refused(confirm(app, second, &said).await),
        Code::WrongState,
        "once"
    );
    app.assert_clean().await;
}

async fn nobody_confirms_their_own_word(app: &TestApp) {
    let (market, made) = billed(app).await;
    let id = came(app, &market, "A1", 4_000).await;
    let said = say(app, &market, id, &[(made.row.id, Fen(4_000))], 0).await;
    assert_eq!(
        refused(confirm(app, &market.finance, &said).await),
        Code::SamePerson
    );
    assert_eq!(
        refused(confirm(app, &market.operator, &said).await),
        Code::Forbidden
    );
    assert_eq!(
        refused(confirm(app, &market.auditor, &said).await),
        Code::Forbidden
    );
    let unseen = ConfirmIn {
        match_id: app.new_id(),
    };
    let unseen = receipt::confirm(app, &market.second_finance, &app.key(), id, unseen).await;
    assert_eq!(
        refused(unseen),
        Code::WrongState,
        "only what was seen is confirmed"
    );
    assert_eq!(suspense(app).await, 4_000);
}

async fn a_refusal_leads_back_to_suspense(app: &TestApp) {
    let (market, made) = billed(app).await;
    let id = came(app, &market, "A1", 4_000).await;
    let said = say(app, &market, id, &[(made.row.id, Fen(4_000))], 0).await;
    let no = |reason: &str| RefuseIn {
        match_id: said.matches[0].id,
        reason: reason.to_owned(),
    };
    let second = &market.second_finance;
    let silent = receipt::refuse(app, second, &app.key(), id, no(" ")).await;
    assert_eq!(
        wrong_fields(silent),
        [("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    let refused_ = receipt::refuse(app, second, &app.key(), id, no("不是这家")).await;
    let back = refused_.expect("with a reason");
    assert_eq!(
        (back.row.status, back.row.unit_id),
        (ReceiptStatus::Suspense, None)
    );
    assert_eq!(back.matches[0].state, MatchState::Refused);
    assert_eq!(refused(confirm(app, second, &said).await), Code::WrongState);
    // It can be said again, and whoever said it may take it back.
    let again = say(app, &market, id, &[], 4_000).await;
    let own = RefuseIn {
        match_id: again.matches[0].id,
        reason: "写错了".to_owned(),
    };
    let own = receipt::refuse(app, &market.finance, &app.key(), id, own).await;
    assert_eq!(own.expect("one's own word").row.status, ReceiptStatus::Suspense);
    assert_eq!(suspense(app).await, 4_000);
}

async fn sums_must_come_to_the_receipt(app: &TestApp) {
    let (market, made) = billed(app).await;
    let others = more(app, &market, 1).await;
    let id = came(app, &market, "A1", 4_100).await;
    let (own, other) = (made.row.id, others.row.id);
    for (bills, deposit, field, code) in [
        (vec![(own, 4_000)], 0, "deposit_fen", FieldCode::TooSmall),
        (vec![(own, 4_000)], 101, "deposit_fen", FieldCode::TooLarge),
        (vec![(own, 4_001)], 99, "bills.0.amount_fen", FieldCode::TooLarge),
        (
            vec![(own, 4_100), (other, 0)],
            0,
            "bills.0.amount_fen",
            FieldCode::TooLarge,
        ),
        (
            vec![(other, 4_000)],
            100,
            "bills.0.amount_fen",
            FieldCode::NotYours,
        ),
        (vec![(own, 100), (own, 4_000)], 0, "bills", FieldCode::Taken),
        (vec![(id, 4_000)], 100, "bills.0.amount_fen", FieldCode::Unknown),
    ] {
        let bills: Vec<(Uuid, Fen)> = bills.into_iter().map(|(bill, sum)| (bill, Fen(sum))).collect();
        let said = pays(market.units[0].id, &bills, Fen(deposit));
        let said = receipt::propose(app, &market.finance, &app.key(), id, said).await;
        assert_eq!(
            wrong_fields(said)[0],
            (field.to_owned(), code),
            "{bills:?} {deposit}"
        );
    }
    assert_eq!(status(app, &market, "A1").await, ReceiptStatus::Suspense);
}

async fn a_receipt_pays_several_bills_and_the_deposit(app: &TestApp) {
    let (market, first) = billed(app).await;
    let second = more(app, &market, 0).await;
    paid(app, &market, 0, &[(first.row.id, Fen(1_000))], Fen::ZERO).await;
    let id = came(app, &market, "A1", 7_500).await;
    let bills = [(first.row.id, Fen(3_000)), (second.row.id, Fen(4_000))];
    let said = say(app, &market, id, &bills, 500).await;
    confirm(app, &market.second_finance, &said)
        .await
        .expect("another person");
    for bill in [first.row.id, second.row.id] {
        let shown = bill::show(app, &market.finance, bill).await.expect("there");
        assert_eq!(
            (shown.row.status, shown.deposit_fen),
            (BillStatus::Paid, Fen(500))
        );
    }
    assert_eq!(suspense(app).await, 0);
    app.assert_clean().await;
}

async fn two_confirm_at_once_and_one_posts(app: &TestApp) {
    let (market, made) = billed(app).await;
    let role = tests::market::grant(shared::domain::identity::Role::CentreFinance, &market.units[0], 0);
    let third = market.enrol(app, "finance-three", vec![role]).await;
    let id = came(app, &market, "A1", 4_000).await;
    let said = say(app, &market, id, &[(made.row.id, Fen(4_000))], 0).await;
    let (one, two) = tokio::join!(
        confirm(app, &market.second_finance, &said),
        confirm(app, &third, &said)
    );
    let done = [&one, &two].into_iter().filter(|done| done.is_ok()).count();
    assert_eq!(done, 1, "{one:?} {two:?}");
    let other = if one.is_ok() { two } else { one };
    assert_eq!(refused(other), Code::WrongState);
    let paid = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!((paid.row.paid_fen, paid.payments.len()), (Fen(4_000), 1));
    assert_eq!(suspense(app).await, 0);
}

async fn one_bill_matched_by_two_receipts_is_paid_once(app: &TestApp) {
    let (market, made) = billed(app).await;
    let mut said = Vec::new();
    for reference in ["A1", "A2"] {
        let id = came(app, &market, reference, 4_000).await;
        said.push(say(app, &market, id, &[(made.row.id, Fen(4_000))], 0).await);
    }
    let second = &market.second_finance;
    let (one, two) = tokio::join!(confirm(app, second, &said[0]), confirm(app, second, &said[1]));
    assert_eq!([&one, &two].into_iter().filter(|done| done.is_ok()).count(), 1);
    let (lost, other) = if one.is_ok() {
        (&said[1], two)
    } else {
        (&said[0], one)
    };
    assert_eq!(refused(other), Code::MoreThanOpen);
    assert_eq!(suspense(app).await, 4_000);
    let no = RefuseIn {
        match_id: lost.matches[0].id,
        reason: "已由另一笔付清".to_owned(),
    };
    let back = receipt::refuse(app, second, &app.key(), lost.row.id, no).await;
    assert_eq!(back.expect("it still waits").row.status, ReceiptStatus::Suspense);
    app.assert_clean().await;
}

async fn taking_back_opens_exactly_what_was_paid(app: &TestApp) {
    let (market, made) = billed(app).await;
    let done = paid(app, &market, 0, &[(made.row.id, Fen(4_000))], Fen(300)).await;
    let (id, match_id) = (done.row.id, done.matches[0].id);
    let why = |reason: &str| TakeBackIn {
        match_id,
        reason: reason.to_owned(),
    };
    let silent = receipt::ask_back(app, &market.second_finance, &app.key(), id, why("")).await;
    assert_eq!(wrong_fields(silent)[0].1, FieldCode::ReasonNeeded);
    let asked = receipt::ask_back(app, &market.second_finance, &app.key(), id, why("付错单位")).await;
    let asked = asked.expect("it is posted");
    assert_eq!(asked.row.status, ReceiptStatus::TakingBack);
    assert_eq!(
        refused(confirm(app, &market.second_finance, &asked).await),
        Code::SamePerson
    );
    // The second person leaves it as it is; then it is asked for once more, and agreed.
    let keep = RefuseIn {
        match_id,
        reason: "没有付错".to_owned(),
    };
    let kept = receipt::refuse(app, &market.finance, &app.key(), id, keep).await;
    assert_eq!(kept.expect("it is kept").row.status, ReceiptStatus::Posted);
    let asked = receipt::ask_back(app, &market.second_finance, &app.key(), id, why("确实付错")).await;
    let back = confirm(app, &market.finance, &asked.expect("posted still")).await;
    let back = back.expect("another person");
    assert_eq!(
        (back.row.status, back.matches[0].state),
        (ReceiptStatus::Suspense, MatchState::TakenBack)
    );
    let open = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!((open.row.open_fen, open.deposit_fen), (Fen(4_000), Fen::ZERO));
    assert_eq!(suspense(app).await, 4_300);
    let sql = "select count(*) from ledger_transactions where kind = 'reversal' and reverses = $1";
    let reversal = app.number(sql, [done.matches[0].transaction_id.into()]).await;
    assert_eq!(reversal, 1, "it names what it reverses");
    assert_eq!(app.count("notices where kind = 'bill_unpaid'").await, 1);
    // The money can be matched anew.
    let again = say(app, &market, id, &[(made.row.id, Fen(4_000))], 300).await;
    confirm(app, &market.second_finance, &again).await.expect("anew");
    app.assert_clean().await;
}

async fn a_deposit_that_was_used_is_not_taken_back(app: &TestApp) {
    let (market, made) = billed(app).await;
    let done = paid(app, &market, 0, &[], Fen(3_000)).await;
    let uses = DepositPaymentIn { amount_fen: Fen(1) };
    bill::pay_from_deposit(app, &market.finance, &app.key(), made.row.id, uses)
        .await
        .expect("it is on deposit");
    let asked = TakeBackIn {
        match_id: done.matches[0].id,
        reason: "付错单位".to_owned(),
    };
    let asked = receipt::ask_back(app, &market.finance, &app.key(), done.row.id, asked).await;
    let back = confirm(app, &market.second_finance, &asked.expect("it is posted")).await;
    assert_eq!(refused(back), Code::DepositUsed);
    assert_eq!(
        status(app, &market, &done.row.bank_reference).await,
        ReceiptStatus::TakingBack
    );
    assert_eq!(suspense(app).await, 0);
}
