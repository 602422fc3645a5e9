//! Money of a claim: it lowers the bill first, the rest is the unit's on deposit, and goes back by how it was paid: online, or by bank
//! with two people of finance. Nothing is given back twice.

use super::payment::{Till, cost};
use server::services::{Error, bill, claim, notice, paper, payment, refund_order, verify};
use shared::api::acceptance::{AcceptanceOut, VarianceReason};
use shared::api::bill::DepositPaymentIn;
use shared::api::claim::{ClaimAnswerIn, ClaimIn, ClaimLineIn, ClaimOut, ClaimQuery};
use shared::api::payment::{PayIn, RefundIn};
use shared::api::problem::{Code, FieldCode};
use shared::api::refund_order::{
    ClaimMoneyOut, RefundCancelIn, RefundOrderIn, RefundOrderOut, RefundOrderStatus, RefundSentIn,
};
use shared::domain::bill::BillStatus;
use shared::domain::money::Fen;
use shared::domain::notice::NoticeKind;
use tests::stripe_fake::Method;
use tests::{Market, Person, TestApp, both, html, receipts, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    by_bank_takes_two_people,
    is_held_while_it_waits,
    of_a_claim_goes_back_the_way_it_came,
    is_prepared_and_released_in_the_browser,
    claims_are_answered_in_time_or_people_are_told,
    a_certificate_counts_what_claims_left,
];

/// A claim over the first line of an acceptance, agreed to in full.
async fn agreed(app: &TestApp, market: &Market, acceptance: &AcceptanceOut, fen: i64) -> ClaimOut {
    let opened = opened(app, market, acceptance, fen).await;
    let yes = ClaimAnswerIn {
        agree: true,
        lines: Vec::new(),
        words: "看过照片".to_owned(),
    };
    let done = claim::answer(app, &market.operator, &app.key(), opened.row.id, yes).await;
    done.expect("the centre agrees")
}

async fn opened(app: &TestApp, market: &Market, acceptance: &AcceptanceOut, fen: i64) -> ClaimOut {
    let input = ClaimIn {
        acceptance_id: acceptance.id.expect("posted"),
        lines: vec![ClaimLineIn {
            line_id: acceptance.lines[0].line_id,
            qty: None,
            asked_fen: Some(Fen(fen)),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "箱底有烂的".to_owned(),
    };
    let opened = claim::open(app, &market.buyers[0], &app.key(), input).await;
    opened.expect("in time")
}

/// Goods of the first unit that are accepted, billed, paid by bank as far as the books know, and claimed for: the claim's sum is on
/// deposit.
async fn paid_and_claimed(app: &TestApp, market: &Market, fen: i64) -> ClaimOut {
    let offer = market.list(0).per_jin(333).lot(500_000).publish(app).await;
    let signed = trade::credited(app, market, &market.buyers[0], &[(&offer, 10_000)]).await;
    let bill = trade::bill_of(app, market, 0).await;
    receipts::paid(app, market, 0, &[(bill.row.id, bill.row.open_fen)], Fen::ZERO).await;
    agreed(app, market, &signed.acceptance, fen).await
}

async fn money(app: &TestApp, who: &Person, claim: &ClaimOut) -> ClaimMoneyOut {
    let money = refund_order::of_claim(app, who, claim.row.id).await;
    money.expect("there").expect("posted, and theirs to see")
}

fn input(claim: &ClaimOut, fen: i64) -> RefundOrderIn {
    RefundOrderIn {
        unit_id: claim.row.unit_id,
        claim_id: Some(claim.row.id),
        amount_fen: Fen(fen),
        payee_name: "天津市某单位".to_owned(),
        payee_account: "6222 0200 1234 5678".to_owned(),
        payee_bank: "某银行蓟州支行".to_owned(),
        reason: "售后退款".to_owned(),
    }
}

async fn prepare(app: &TestApp, who: &Person, input: RefundOrderIn) -> Result<RefundOrderOut, Error> {
    refund_order::prepare(app, who, &app.key(), input).await
}

async fn send(app: &TestApp, who: &Person, id: Uuid, reference: &str) -> Result<RefundOrderOut, Error> {
    let sent = RefundSentIn {
        bank_reference: reference.to_owned(),
    };
    refund_order::send(app, who, &app.key(), id, sent).await
}

async fn balance(app: &TestApp, kind: &str, owner: &str) -> i64 {
    let sql = "select balance_fen from account_balances where account_kind = $1 and owner = $2";
    app.number(sql, [kind.into(), owner.into()]).await
}

async fn is_clean(app: &TestApp) {
    let run = verify::run(app).await.expect("readable");
    assert!(run.clean, "{run:?}");
}

async fn by_bank_takes_two_people(app: &TestApp) {
    let market = app.market().await;
    let second = market.second_finance.clone();
    let claim = paid_and_claimed(app, &market, 1_000).await;
    let unit = claim.row.unit_id.to_string();
    let bank = balance(app, "bank", "").await;
    assert_eq!(balance(app, "unit_deposit", &unit).await, -1_000);
    for (who, code) in [
        (&market.operator, Code::Forbidden),
        (&market.unit_finance, Code::Forbidden),
        (&market.auditor, Code::Forbidden),
        (&market.admin, Code::Forbidden),
    ] {
        assert_eq!(refused(prepare(app, who, input(&claim, 1_000)).await), code);
    }
    let key = app.key();
    let made = refund_order::prepare(app, &market.finance, &key, input(&claim, 1_000)).await;
    let made = made.expect("there is so much");
    let again = refund_order::prepare(app, &market.finance, &key, input(&claim, 1_000)).await;
    assert_eq!(again.expect("the same again").row.id, made.row.id);
    assert_eq!(app.count("refund_orders").await, 1);
    let id = made.row.id;
    assert_eq!(made.payee_account, "6222020012345678");
    assert_eq!(
        refused(send(app, &market.finance, id, "2026112700001").await),
        Code::WrongState,
        "nobody has released it"
    );
    let own = refund_order::release(app, &market.finance, &app.key(), id).await;
    assert_eq!(refused(own), Code::SamePerson);
    let mut unproven = second.clone();
    unproven.actor.proven_at = None;
    let unproven = refund_order::release(app, &unproven, &app.key(), id).await;
    assert_eq!(refused(unproven), Code::StepUpNeeded);
    let released = refund_order::release(app, &second, &app.key(), id).await;
    assert_eq!(released.expect("another").row.status, RefundOrderStatus::Released);
    assert_eq!(
        balance(app, "unit_deposit", &unit).await,
        -1_000,
        "nothing is booked before the bank has it"
    );
    let sent = send(app, &market.finance, id, " 2026112700001 ")
        .await
        .expect("paid");
    assert_eq!(
        (sent.row.status, sent.bank_reference.as_deref()),
        (RefundOrderStatus::Sent, Some("2026112700001"))
    );
    assert_eq!(
        refused(send(app, &second, id, "2026112700001").await),
        Code::WrongState
    );
    assert_eq!(balance(app, "unit_deposit", &unit).await, 0);
    assert_eq!(balance(app, "bank", "").await, bank - 1_000);
    assert_eq!(app.count("ledger_transactions where kind = 'refund'").await, 1);
    let shown = refund_order::show(app, &market.unit_finance, id)
        .await
        .expect("its own");
    assert_eq!(shown.payee_account, "**** 5678");
    let other = refund_order::show(app, &market.buyers[1], id).await;
    assert_eq!(refused(other), Code::NotFound);
    let no = RefundCancelIn {
        reason: "不退了".to_owned(),
    };
    let gone = refund_order::cancel(app, &market.finance, &app.key(), id, no).await;
    assert_eq!(refused(gone), Code::WrongState);
    for kind in [
        "refund_order.prepare",
        "refund_order.release",
        "refund_order.send",
    ] {
        assert_eq!(
            app.count(&format!("audit_rows where action = '{kind}'")).await,
            1,
            "{kind}"
        );
    }
    assert_eq!(app.count("notices where kind = 'refund_sent'").await, 2);
    is_clean(app).await;
}

async fn is_held_while_it_waits(app: &TestApp) {
    let market = app.market().await;
    let second = market.second_finance.clone();
    let claim = paid_and_claimed(app, &market, 1_000).await;
    let wrong = |input: RefundOrderIn| prepare(app, &market.finance, input);
    assert_eq!(
        wrong_fields(wrong(input(&claim, 1_001)).await),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    let mut bad = input(&claim, 0);
    (bad.payee_account, bad.payee_bank) = ("12a4".to_owned(), String::new());
    assert_eq!(
        wrong_fields(wrong(bad).await),
        [
            ("payee_bank".to_owned(), FieldCode::Required),
            ("amount_fen".to_owned(), FieldCode::TooSmall),
            ("payee_account".to_owned(), FieldCode::NotANumber),
        ]
    );
    // Ten at once, each of a fifth: five have it.
    let many = (0..10).map(|_| prepare(app, &market.finance, input(&claim, 200)));
    let made: Vec<Uuid> = futures::future::join_all(many)
        .await
        .into_iter()
        .filter_map(|made| made.ok().map(|made| made.row.id))
        .collect();
    assert_eq!(made.len(), 5);
    // What is held pays no bill.
    let offer = market.list(2).per_jin(500).lot(500_000).publish(app).await;
    // Behind the first bill: the newest is looked for.
    app.clock.advance_s(1);
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 1_000)]).await;
    let next = trade::bill_of(app, &market, 0).await;
    let pay = |fen| DepositPaymentIn { amount_fen: Fen(fen) };
    let held = bill::pay_from_deposit(app, &market.finance, &app.key(), next.row.id, pay(1)).await;
    assert_eq!(
        wrong_fields(held),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    let cancel = RefundCancelIn {
        reason: "账号有误".to_owned(),
    };
    refund_order::cancel(app, &market.finance, &app.key(), made[0], cancel)
        .await
        .expect("not sent yet");
    bill::pay_from_deposit(app, &market.finance, &app.key(), next.row.id, pay(200))
        .await
        .expect("what was given up is free");
    // One number of the bank is one transfer.
    for id in &made[1..3] {
        refund_order::release(app, &second, &app.key(), *id)
            .await
            .expect("another person");
    }
    send(app, &market.finance, made[1], "SN-0001")
        .await
        .expect("paid");
    let taken = send(app, &market.finance, made[2], "SN-0001").await;
    assert_eq!(
        wrong_fields(taken),
        [("bank_reference".to_owned(), FieldCode::Taken)]
    );
    is_clean(app).await;
}

async fn of_a_claim_goes_back_the_way_it_came(app: &TestApp) {
    let mut till = Till::open(app).await;
    let signed = trade::credited(&till.app, &till.market, till.buyer(), &[(&till.offer, 10_000)]).await;
    let bill = trade::bill_of(&till.app, &till.market, 0).await;
    // A claim over what is not paid yet lowers the bill, and nothing is to be given back.
    let early = agreed(&till.app, &till.market, &signed.acceptance, 600).await;
    let money_early = money(&till.app, &till.market.finance, &early).await;
    assert_eq!(
        (money_early.off_fen, money_early.deposit_fen, money_early.left_fen),
        (Fen(600), Fen(0), Fen(0))
    );
    let pay = PayIn {
        bill_id: Some(bill.row.id),
        order_id: None,
    };
    let key = till.app.key();
    let begun = payment::begin(&till.app, &till.market.unit_finance, &key, pay).await;
    let begun = begun.expect("it can be paid").row;
    assert_eq!(begun.amount_fen, Fen(cost(10_000).0 - 600));
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Alipay);
    till.hear().await;
    let claim = agreed(&till.app, &till.market, &signed.acceptance, 1_500).await;
    let reverses = "select count(*) from claims c join acceptances a on a.id = c.acceptance_id
        join ledger_transactions t on t.id = c.transaction_id where t.reverses = a.transaction_id";
    assert_eq!(
        till.app.number(reverses, []).await,
        2,
        "the books list what corrected the credit"
    );
    let found = money(&till.app, &till.market.finance, &claim).await;
    assert_eq!((found.deposit_fen, found.left_fen), (Fen(1_500), Fen(1_500)));
    assert_eq!(found.bank_fen, Fen(0), "what came online goes back online");
    assert_eq!(
        (found.online[0].payment_id, found.online[0].amount_fen),
        (begun.id, Fen(1_500))
    );
    let by_bank = prepare(&till.app, &till.market.finance, input(&claim, 1)).await;
    assert_eq!(
        wrong_fields(by_bank),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    let back = |fen: i64| RefundIn {
        amount_fen: Fen(fen),
        reason: "售后退款".to_owned(),
        claim_id: Some(claim.row.id),
    };
    let key = till.app.key();
    let more = payment::refund::ask(&till.app, &till.market.finance, &key, begun.id, back(1_501)).await;
    assert_eq!(
        wrong_fields(more),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    let key = till.app.key();
    payment::refund::ask(&till.app, &till.market.finance, &key, begun.id, back(1_500))
        .await
        .expect("as much as the claim");
    till.hear().await;
    let found = money(&till.app, &till.market.unit_finance, &claim).await;
    assert_eq!((found.returned_fen, found.left_fen), (Fen(1_500), Fen(0)));
    assert_eq!(found.refunds.len(), 1);
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
    let paid = bill::show(&till.app, &till.market.finance, bill.row.id).await;
    assert_eq!(paid.expect("there").row.status, BillStatus::Paid);
    till.sweep().await;
    till.agrees().await;
    is_clean(&till.app).await;
}

async fn is_prepared_and_released_in_the_browser(app: &TestApp) {
    let market = app.market().await;
    let second = market.second_finance.clone();
    let claim = paid_and_claimed(app, &market, 1_000).await;
    let own = format!("/claims/{}", claim.row.id);
    let mut browser = app.signed_in(&market.finance).await;
    let page = browser.get(&own).await.text();
    let new = format!("/refunds/new?claim={}", claim.row.id);
    assert!(page.contains(&new), "the way to give it back");
    let form = browser
        .form(&new, "/refunds")
        .await
        .with("payee_bank", "某银行蓟州支行")
        .with("reason", "售后退款");
    let refusal = browser.submit(&form.clone().with("payee_account", "1234")).await;
    assert_eq!(refusal.status.as_u16(), 422);
    let made = browser
        .submit(&form.with("payee_account", "6222020012345678"))
        .await;
    let there = made.header("location").to_owned();
    assert!(there.starts_with("/refunds/"), "{there}");
    let page = browser.get(&there).await.text();
    assert!(
        html::words(&page).contains("等另一位财务复核") && !page.contains("/release"),
        "not by who prepared it"
    );
    let mut other = app.signed_in(&second).await;
    let form = other.form(&there, &format!("{there}/release")).await;
    assert_eq!(other.submit(&form).await.header("location"), there);
    let form = browser
        .form(&there, &format!("{there}/send"))
        .await
        .with("bank_reference", "2026112700009");
    assert_eq!(browser.submit(&form).await.header("location"), there);
    let words = html::words(&browser.get(&there).await.text());
    assert!(
        words.contains("已入账") && words.contains("2026112700009"),
        "{words}"
    );
    let list = html::words(&browser.get("/refunds?state=sent").await.text());
    assert!(list.contains(&claim.row.number), "{list}");
    let mut unit = app.signed_in(&market.unit_finance).await;
    let words = html::words(&unit.get(&own).await.text());
    assert!(
        words.contains("转入预存款") && words.contains("已退或退款中"),
        "{words}"
    );
}

async fn claims_are_answered_in_time_or_people_are_told(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(333).lot(500_000).publish(app).await;
    let signed = trade::credited(app, &market, &market.buyers[0], &[(&offer, 10_000)]).await;
    let claim = opened(app, &market, &signed.acceptance, 500).await;
    assert_eq!(claim.row.answer_by, app.today().add_days(7));
    let told = async |kind: NoticeKind, who: &Person| {
        let page = notice::list(app, who, None, 100).await.expect("their own");
        page.items.iter().filter(|n| n.kind == kind).count()
    };
    let remind = async || {
        for _ in 0..2 {
            claim::remind(app).await.expect("the job runs");
        }
    };
    app.pass_hours(4 * 24);
    remind().await;
    assert_eq!(told(NoticeKind::ClaimDue, &market.operator).await, 0);
    app.pass_hours(24);
    remind().await;
    assert_eq!(
        told(NoticeKind::ClaimDue, &market.operator).await,
        1,
        "two days before"
    );
    app.pass_hours(2 * 24);
    remind().await;
    assert_eq!(
        told(NoticeKind::ClaimDue, &market.operator).await,
        2,
        "on the last day"
    );
    let late = ClaimQuery {
        overdue: true,
        ..ClaimQuery::default()
    };
    let overdue = async || {
        let page = claim::list(app, &market.auditor, late.clone(), None, 50).await;
        page.expect("the auditor lists").items.len()
    };
    assert_eq!(overdue().await, 0);
    app.pass_hours(24);
    remind().await;
    assert_eq!(overdue().await, 1);
    for who in [
        &market.operator,
        &market.finance,
        &market.auditor,
        &market.buyers[0],
    ] {
        assert_eq!(
            told(NoticeKind::ClaimOverdue, who).await,
            1,
            "{}",
            who.sign_in_name
        );
    }
    let mut browser = app.signed_in(&market.operator).await;
    let board = html::words(&browser.get("/board").await.text());
    assert!(board.contains("有 1 张售后单超过期限"), "{board}");
    let list = html::words(&browser.get("/claims?overdue=1").await.text());
    assert!(
        list.contains(&claim.row.number) && list.contains("超期未答复"),
        "{list}"
    );
    app.pass_hours(7 * 24);
    remind().await;
    assert_eq!(
        told(NoticeKind::ClaimOverdue, &market.auditor).await,
        2,
        "every week"
    );
    assert_eq!(app.count("audit_rows where action = 'claim.overdue'").await, 1);
    let shown = claim::show(app, &market.operator, claim.row.id)
        .await
        .expect("there");
    assert!(
        shown.row.overdue && shown.row.answered_at.is_none(),
        "nothing is decided by itself"
    );
    let no = ClaimAnswerIn {
        agree: false,
        lines: Vec::new(),
        words: "照片看不清".to_owned(),
    };
    claim::answer(app, &market.operator, &app.key(), claim.row.id, no)
        .await
        .expect("late is better than never");
    assert_eq!(overdue().await, 0);
}

async fn a_certificate_counts_what_claims_left(app: &TestApp) {
    let market = app.market().await;
    let claim = paid_and_claimed(app, &market, 1_000).await;
    let made = paper::certificate(app, &market.unit_finance, claim.row.unit_id, None).await;
    let words = tests::pdf::words(&made.expect("its own").bytes);
    let left = Fen(cost(10_000).0 - 1_000);
    assert!(
        words.contains(&left.format_cny()),
        "{left:?} is missing in {words}"
    );
    let sum = "select sum_fen from issued_documents where kind = 'certificate'";
    assert_eq!(app.number(sum, []).await, left.0);
}
