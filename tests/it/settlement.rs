//! Settlements: what the units have paid reaches the villages, once, by two people; what the bank sends back is owed again;
//! what a claim takes back after a village was paid is taken off its next settlement, and the village sees why.

mod accounts;
mod carry;
mod results;

use server::services::settlement::{self as settlements, file};
use server::services::{income, period, step_up};
use shared::api::books::CloseIn;
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::{ItemAnswerIn, SendIn, SettlementIn};
use shared::domain::identity::Actor;
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::settlement::{BatchStatus, LeftOut, PayeeKind, SettlementStatus};
use shared::domain::work::FileFormat;
use tests::market::VILLAGES;
use tests::settling::{accounts, bounce, confirm, pay, prepared, sent};
use tests::{Market, TestApp, both, refused, trade, wrong_fields};

both![
    pays_what_units_have_paid_and_nothing_else,
    takes_two_people_and_a_fresh_proof,
    pays_nothing_twice,
    is_free_again_when_it_is_discarded,
    owes_again_what_the_bank_sends_back,
    advances_only_under_the_switch,
    is_narrowed_by_town_kind_day_and_sum,
    refuses_what_was_taken_back_before_its_release,
    keeps_out_of_closed_months,
    keeps_its_file_byte_by_byte,
];

/// Villages 0 and 2 are credited 27.00 and 10.00 yuan by the first unit.
pub async fn two_villages(app: &TestApp, market: &Market) {
    let one = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    let two = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&one, 4_500), (&two, 1_000)]).await;
}

/// What the ledger says is owed to a village.
async fn owed(app: &TestApp, village: usize) -> i64 {
    -balance(app, AccountKind::VillagePayable, VILLAGES[village].0).await
}

async fn balance(app: &TestApp, kind: AccountKind, owner: &str) -> i64 {
    server::store::ledger::balance(app.db.read(), kind.as_str(), owner)
        .await
        .expect("balances are read")
}

async fn pays_what_units_have_paid_and_nothing_else(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    let all = SettlementIn::default();
    let before = settlements::preview(app, &market.auditor, &all)
        .await
        .expect("may");
    assert_eq!((before.pays.len(), before.total_fen), (0, Fen::ZERO));
    assert_eq!((before.unpaid_fen, before.unpaid_lines), (Fen(3_700), 2));
    let nothing = settlements::prepare(app, &market.finance, &app.key(), all.clone()).await;
    assert_eq!(refused(nothing), Code::WrongState);
    pay(app, &market, 0).await;
    let preview = settlements::preview(app, &market.finance, &all)
        .await
        .expect("may");
    assert_eq!((preview.pays.len(), preview.total_fen), (2, Fen(3_700)));
    assert_eq!(preview.unpaid_lines, 0);
    let stale = SettlementIn {
        expect_fen: Some(Fen(3_699)),
        ..all
    };
    let stale = settlements::prepare(app, &market.finance, &app.key(), stale).await;
    assert_eq!(refused(stale), Code::Changed);
    let batch = sent(app, &market).await;
    assert_eq!((batch.row.status, batch.row.items), (BatchStatus::Sent, 2));
    assert_eq!([owed(app, 0).await, owed(app, 2).await], [0, 0]);
    assert_eq!(balance(app, AccountKind::InTransit, "").await, -3_700);
    app.assert_clean().await;
    let bank = balance(app, AccountKind::Bank, "").await;
    for item in &batch.items.items {
        confirm(app, &market, item).await;
    }
    let done = settlements::show(app, &market.auditor, batch.row.id, None, 10)
        .await
        .expect("there");
    assert_eq!(
        (done.row.status, done.row.confirmed_fen),
        (BatchStatus::Done, Fen(3_700))
    );
    assert_eq!(balance(app, AccountKind::InTransit, "").await, 0);
    assert_eq!(balance(app, AccountKind::Bank, "").await, bank - 3_700);
    let shown = income::income(app, &market.listers[0], VILLAGES[0].0, None, None, 10)
        .await
        .expect("own");
    assert_eq!((shown.paid_fen, shown.settled_fen), (Fen(2_700), Fen(2_700)));
    let orders = server::services::order::list(app, &market.buyers[0], &Default::default(), None, 10)
        .await
        .expect("own");
    assert_eq!(orders.items[0].status, OrderStatus::Closed);
    assert_eq!(app.count("notices where kind = 'settlement_paid'").await, 2);
    let own = settlements::items(app, &market.listers[0], None, None, 10)
        .await
        .expect("own");
    assert_eq!(own.items.len(), 1, "a village sees its own");
    let lines = settlements::show_item(app, &market.listers[0], own.items[0].id)
        .await
        .expect("own");
    assert_eq!(lines.lines[0].source_kind, "acceptance");
    assert_eq!(lines.lines[0].amount_fen, Fen(2_700));
    let other = settlements::show_item(app, &market.listers[2], own.items[0].id).await;
    assert_eq!(refused(other), Code::NotFound);
    let batch = settlements::show(app, &market.listers[0], batch.row.id, None, 10).await;
    assert_eq!(refused(batch), Code::Forbidden);
}

async fn takes_two_people_and_a_fresh_proof(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let second = &market.second_finance;
    let batch = prepared(app, &market).await.row.id;
    let early = settlements::send(app, &market.finance, &app.key(), batch, SendIn { on: None }).await;
    assert_eq!(refused(early), Code::WrongState);
    let own = settlements::release(app, &market.finance, &app.key(), batch).await;
    assert_eq!(refused(own), Code::SamePerson);
    let sleepy = Actor {
        proven_at: None,
        ..second.actor.clone()
    };
    let sleepy_too = Actor {
        proven_at: Some(app.now()),
        ..second.actor.clone()
    };
    let unproven = settlements::release(app, &sleepy, &app.key(), batch).await;
    assert_eq!(refused(unproven), Code::StepUpNeeded);
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let late = settlements::release(app, &sleepy_too, &app.key(), batch).await;
    assert_eq!(refused(late), Code::StepUpNeeded);
    let stranger = settlements::release(app, &market.operator, &app.key(), batch).await;
    assert_eq!(refused(stranger), Code::Forbidden);
    assert!(file(app, &market.finance, batch, FileFormat::Csv).await.is_err());
    let key = app.key();
    let released = settlements::release(app, second, &key, batch).await.expect("may");
    let again = settlements::release(app, second, &key, batch)
        .await
        .expect("the same");
    assert_eq!(released, again);
    assert_eq!(released.row.status, BatchStatus::Locked);
    assert_eq!(released.items.items[0].status, SettlementStatus::Locked);
    let twice = settlements::release(app, second, &app.key(), batch).await;
    assert_eq!(refused(twice), Code::WrongState);
    let discard = settlements::discard(app, &market.finance, &app.key(), batch).await;
    assert_eq!(refused(discard), Code::WrongState);
    let item = &released.items.items[0];
    let paid = ItemAnswerIn {
        paid: true,
        reason: String::new(),
        on: None,
    };
    let early = settlements::answer(app, &market.finance, &app.key(), item.id, paid).await;
    assert_eq!(refused(early), Code::WrongState);
    assert_eq!(
        app.count("ledger_transactions where kind = 'settlement_sent'")
            .await,
        0
    );
}

async fn pays_nothing_twice(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let second = &market.second_finance;
    let keys = [app.key(), app.key(), app.key()];
    let (a, b, c) = tokio::join!(
        settlements::prepare(app, &market.finance, &keys[0], SettlementIn::default()),
        settlements::prepare(app, second, &keys[1], SettlementIn::default()),
        settlements::prepare(app, &market.finance, &keys[2], SettlementIn::default()),
    );
    let outcomes = [a, b, c];
    let made: Vec<_> = outcomes.iter().filter_map(|done| done.as_ref().ok()).collect();
    assert_eq!(made.len(), 1, "one batch has it");
    for other in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(refused(other), Code::WrongState);
    }
    assert_eq!(app.count("settlement_lines").await, 2);
    app.assert_clean().await;
    let batch = server::store::settlement::batches(app.db.read(), None, None, 2)
        .await
        .expect("read")
        .remove(0);
    let other = if batch.prepared_by == second.person_id {
        &market.finance
    } else {
        second
    };
    settlements::release(app, other, &app.key(), batch.id)
        .await
        .expect("may");
    let keys = [app.key(), app.key()];
    let (a, b) = tokio::join!(
        settlements::send(app, &market.finance, &keys[0], batch.id, SendIn { on: None }),
        settlements::send(app, second, &keys[1], batch.id, SendIn { on: None }),
    );
    assert_eq!(
        [&a, &b].iter().filter(|done| done.is_ok()).count(),
        1,
        "sent once"
    );
    let item = settlements::show(app, &market.finance, batch.id, None, 1)
        .await
        .expect("there")
        .items
        .items
        .remove(0);
    let yes = |paid| ItemAnswerIn {
        paid,
        reason: "账号不存在".to_owned(),
        on: None,
    };
    let keys = [app.key(), app.key()];
    let (a, b) = tokio::join!(
        settlements::answer(app, &market.finance, &keys[0], item.id, yes(true)),
        settlements::answer(app, second, &keys[1], item.id, yes(false)),
    );
    assert_eq!(
        [&a, &b].iter().filter(|done| done.is_ok()).count(),
        1,
        "answered once"
    );
    app.assert_clean().await;
}

async fn is_free_again_when_it_is_discarded(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let batch = prepared(app, &market).await.row;
    let empty = settlements::prepare(app, &market.finance, &app.key(), SettlementIn::default()).await;
    assert_eq!(refused(empty), Code::WrongState);
    let discarded = settlements::discard(app, &market.finance, &app.key(), batch.id)
        .await
        .expect("it waits");
    assert_eq!(discarded.row.status, BatchStatus::Discarded);
    assert_eq!(prepared(app, &market).await.row.total_fen, batch.total_fen);
}

async fn owes_again_what_the_bank_sends_back(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let batch = sent(app, &market).await;
    let item = batch
        .items
        .items
        .iter()
        .find(|item| item.amount_fen == Fen(2_700));
    let item = item.expect("village 0's");
    let empty = ItemAnswerIn {
        paid: false,
        reason: " ".to_owned(),
        on: None,
    };
    let unsaid = settlements::answer(app, &market.finance, &app.key(), item.id, empty).await;
    assert_eq!(
        wrong_fields(unsaid),
        [("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    let back = bounce(app, &market, item).await;
    assert_eq!(back.row.status, SettlementStatus::Bounced);
    assert_eq!(back.row.reason, "账号与户名不符");
    assert_eq!(owed(app, 0).await, 2_700, "it is owed again");
    assert_eq!(back.lines.len(), 1, "what stood behind it is kept");
    assert_eq!(
        app.count(&format!(
            "notices where kind = 'settlement_bounced' and audience = 'village:{}'",
            VILLAGES[0].0
        ))
        .await,
        1
    );
    app.assert_clean().await;
    let again = sent(app, &market).await;
    assert_eq!((again.row.items, again.row.total_fen), (1, Fen(2_700)));
    confirm(app, &market, &again.items.items[0]).await;
    let first = settlements::show(app, &market.finance, batch.row.id, None, 10)
        .await
        .expect("there");
    assert_eq!(
        (first.row.status, first.row.bounced_items),
        (BatchStatus::Sent, 1)
    );
    let other = first.items.items.iter().find(|other| other.id != item.id);
    confirm(app, &market, other.expect("village 2's")).await;
    let shown = income::income(app, &market.listers[0], VILLAGES[0].0, None, None, 10)
        .await
        .expect("own");
    assert_eq!(shown.settled_fen, Fen(2_700), "settled once");
}

async fn advances_only_under_the_switch(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    let ahead = SettlementIn {
        advance: true,
        ..SettlementIn::default()
    };
    let closed = settlements::prepare(app, &market.finance, &app.key(), ahead.clone()).await;
    assert_eq!(
        wrong_fields(closed),
        [("advance".to_owned(), FieldCode::NotAChoice)]
    );
    let open = app.configured(|config| config.settle_advance = true);
    let plain = settlements::prepare(&open, &market.finance, &app.key(), SettlementIn::default()).await;
    assert_eq!(
        refused(plain),
        Code::WrongState,
        "the switch alone advances nothing"
    );
    let batch = settlements::prepare(&open, &market.finance, &app.key(), ahead)
        .await
        .expect("the centre advances");
    assert_eq!(batch.row.total_fen, Fen(3_700));
    let second = &market.second_finance;
    settlements::release(&open, second, &app.key(), batch.row.id)
        .await
        .expect("may");
    settlements::send(
        &open,
        &market.finance,
        &app.key(),
        batch.row.id,
        SendIn { on: None },
    )
    .await
    .expect("may");
    for item in &batch.items.items {
        confirm(app, &market, item).await;
    }
    app.assert_clean().await;
    // The unit pays later: nothing is owed to anybody a second time.
    pay(app, &market, 0).await;
    let later = settlements::prepare(app, &market.finance, &app.key(), SettlementIn::default()).await;
    assert_eq!(refused(later), Code::WrongState);
    let shown = income::income(app, &market.listers[0], VILLAGES[0].0, None, None, 10)
        .await
        .expect("own");
    assert_eq!((shown.paid_fen, shown.settled_fen), (Fen(2_700), Fen(2_700)));
}

async fn is_narrowed_by_town_kind_day_and_sum(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let sum = async |input: SettlementIn| {
        let seen = settlements::preview(app, &market.finance, &input)
            .await
            .expect("may");
        seen.total_fen
    };
    let all = SettlementIn::default;
    let town = |code: &str| SettlementIn {
        town_code: Some(code[..9].to_owned()),
        ..all()
    };
    assert_eq!(sum(town(VILLAGES[0].0)).await, Fen(2_700));
    assert_eq!(sum(town(VILLAGES[2].0)).await, Fen(1_000));
    assert_eq!(sum(town(VILLAGES[4].0)).await, Fen::ZERO);
    let households = SettlementIn {
        payee_kind: Some(PayeeKind::Household),
        ..all()
    };
    assert_eq!(sum(households).await, Fen::ZERO);
    let yesterday = SettlementIn {
        until: Some(app.today().add_days(-1)),
        ..all()
    };
    assert_eq!(sum(yesterday).await, Fen::ZERO);
    let least = SettlementIn {
        min_fen: Fen(1_001),
        ..all()
    };
    let seen = settlements::preview(app, &market.finance, &least)
        .await
        .expect("may");
    assert_eq!(seen.total_fen, Fen(2_700));
    assert_eq!(seen.left_out[0].left_out, Some(LeftOut::BelowMinimum));
    let tomorrow = SettlementIn {
        until: Some(app.today().add_days(1)),
        ..all()
    };
    let tomorrow = settlements::preview(app, &market.finance, &tomorrow).await;
    assert_eq!(wrong_fields(tomorrow)[0].1, FieldCode::TooLate);
    let batch = settlements::prepare(app, &market.finance, &app.key(), town(VILLAGES[2].0))
        .await
        .expect("village 2 can be paid");
    assert_eq!((batch.row.items, batch.row.total_fen), (1, Fen(1_000)));
    assert_eq!(batch.filter.town_code.as_deref(), Some(&VILLAGES[2].0[..9]));
    let rest = prepared(app, &market).await;
    assert_eq!((rest.row.items, rest.row.total_fen), (1, Fen(2_700)));
}

async fn refuses_what_was_taken_back_before_its_release(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let second = &market.second_finance;
    let batch = prepared(app, &market).await.row.id;
    // As the taking back of a matched payment does.
    let inner = app.app.clone();
    let paid = server::store::settlement_item::of_batch(
        app.db.read(),
        &server::store::settlement_item::Filter {
            batch: Some(batch),
            ..Default::default()
        },
        0,
        1,
    )
    .await
    .expect("read");
    let lines = server::store::settlement_item::lines(app.db.read(), &paid[0], 1)
        .await
        .expect("read");
    assert_eq!(lines.len(), 1);
    let subject = app
        .db
        .write(move |tx| {
            let _app = inner.clone();
            Box::pin(async move {
                #[derive(sea_orm::FromQueryResult)]
                struct Row {
                    subject_id: uuid::Uuid,
                }
                let row: Option<Row> = server::store::one(
                    tx,
                    "select subject_id from payables order by amount_fen limit 1",
                    [],
                )
                .await?;
                let id = row.expect("there is one").subject_id;
                server::services::payable::withhold(tx, &[id]).await?;
                Ok(id)
            })
        })
        .await
        .expect("it is held again");
    let released = settlements::release(app, second, &app.key(), batch).await;
    assert_eq!(refused(released), Code::Changed);
    let shown = settlements::show(app, second, batch, None, 10)
        .await
        .expect("there");
    assert_eq!(shown.row.status, BatchStatus::Open, "nothing is half released");
    assert!(shown.files.is_empty());
    settlements::discard(app, &market.finance, &app.key(), batch)
        .await
        .expect("it waits");
    assert_eq!(prepared(app, &market).await.row.total_fen, Fen(2_700));
    let now = app.now();
    app.db
        .write(move |tx| {
            Box::pin(async move { server::services::payable::release(tx, now, &[subject]).await })
        })
        .await
        .expect("it is paid again");
}

async fn keeps_out_of_closed_months(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let second = &market.second_finance;
    let batch = prepared(app, &market).await.row.id;
    settlements::release(app, second, &app.key(), batch)
        .await
        .expect("may");
    let released_on = app.today();
    let future = SendIn {
        on: Some(released_on.add_days(1)),
    };
    let future = settlements::send(app, &market.finance, &app.key(), batch, future).await;
    assert_eq!(wrong_fields(future), [("on".to_owned(), FieldCode::TooLate)]);
    let before = SendIn {
        on: Some(released_on.add_days(-1)),
    };
    let before = settlements::send(app, &market.finance, &app.key(), batch, before).await;
    assert_eq!(wrong_fields(before), [("on".to_owned(), FieldCode::TooEarly)]);
    // December: November is closed, and then somebody says that it was sent in November.
    app.pass_hours(24 * 20);
    let november = "2026-11".parse().expect("a month");
    period::close(app, &market.finance, &app.key(), &CloseIn { month: november })
        .await
        .expect("the month is over");
    let late = SendIn {
        on: Some(released_on.add_days(2)),
    };
    settlements::send(app, &market.finance, &app.key(), batch, late)
        .await
        .expect("it is posted to the open month");
    let effective = app
        .number(
            "select effective_at from ledger_transactions where kind = 'settlement_sent'",
            [],
        )
        .await;
    assert_eq!(effective, app.now().0, "today, for November is closed");
    let said = app
        .count("audit_rows where action = 'settlement.send' and detail like '%2026-11%'")
        .await;
    assert_eq!(said, 1, "and the record says so");
    let item = settlements::show(app, &market.finance, batch, None, 1)
        .await
        .expect("there")
        .items
        .items
        .remove(0);
    app.pass_hours(48);
    let on = app.today().add_days(-1);
    let paid = ItemAnswerIn {
        paid: true,
        reason: String::new(),
        on: Some(on),
    };
    settlements::answer(app, &market.finance, &app.key(), item.id, paid)
        .await
        .expect("yesterday is open");
    let effective = app
        .number(
            "select effective_at from ledger_transactions where kind = 'settlement_confirmed'",
            [],
        )
        .await;
    assert_eq!(shared::domain::calendar::Micros(effective).day(), on);
}

async fn keeps_its_file_byte_by_byte(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let second = &market.second_finance;
    let batch = prepared(app, &market).await.row.id;
    let released = settlements::release(app, second, &app.key(), batch)
        .await
        .expect("may");
    assert_eq!(released.files.len(), 2);
    for format in FileFormat::ALL {
        let first = file(app, &market.finance, batch, format).await.expect("released");
        app.pass_hours(1);
        let second = file(app, &market.finance, batch, format).await.expect("released");
        assert_eq!(first.bytes, second.bytes, "{format}");
    }
    let csv = file(app, &market.finance, batch, FileFormat::Csv)
        .await
        .expect("released");
    let text = String::from_utf8(csv.bytes).expect("text");
    assert!(text.contains("0302041209300000456"), "the whole account: {text}");
    assert!(
        text.contains("27.00") && text.contains("塔院村股份经济合作社"),
        "{text}"
    );
    let reader = file(app, &market.auditor, batch, FileFormat::Csv).await;
    assert_eq!(
        refused(reader),
        Code::Forbidden,
        "whole accounts are not for everybody"
    );
    let shown = settlements::show(app, &market.auditor, batch, None, 10)
        .await
        .expect("may");
    assert_eq!(shown.items.items[0].account_no, "**** 0456");
    let detail = app
        .count("audit_rows where action = 'settlement.release' and detail like '%SHA-256%'")
        .await;
    assert_eq!(detail, 1);
}
