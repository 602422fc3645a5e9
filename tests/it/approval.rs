//! Requests: the stock is held while approvers decide, nobody decides over their own, and what is approved is placed as
//! it was asked for.

use futures::future::join_all;
use server::services::{approval, offer, order, step_up};
use shared::api::approval::{DecisionIn, PolicyIn};
use shared::api::order::CancelIn;
use shared::api::problem::{Code, FieldCode};
use shared::domain::approval::ApprovalKind;
use shared::domain::identity::Role;
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus;
use tests::browser::form_on;
use tests::market::grant;
use tests::{Market, Person, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    asks_only_above_the_sum,
    holds_the_stock_and_places_what_was_asked_for,
    nobody_decides_over_their_own,
    a_rejection_frees_the_stock_and_is_changed,
    names_what_has_gone_meanwhile,
    decides_nothing_unseen,
    a_revision_counts_with_what_it_holds,
    a_hold_that_ends_frees_the_stock,
    a_request_is_taken_back,
    a_policy_needs_somebody_who_approves,
    one_of_many_decisions_counts,
    keeps_what_every_revision_said,
    money_and_policy_take_a_fresh_proof,
];

async fn set_policy(app: &TestApp, market: &Market, kind: ApprovalKind, above_fen: i64) {
    let policy = PolicyIn {
        kind,
        above_fen: Fen(above_fen),
    };
    approval::set_policy(app, &market.approver, &app.key(), market.units[0].id, policy)
        .await
        .expect("the unit has an approver");
}

async fn decide(
    app: &TestApp,
    who: &Person,
    id: Uuid,
    approve: bool,
    revision: i32,
) -> Result<(), server::services::Error> {
    let note = if approve { "" } else { "超预算" };
    let decision = DecisionIn {
        approve,
        revision,
        note: note.to_owned(),
    };
    order::decide(app, who, &app.key(), id, decision).await
}

async fn asks_only_above_the_sum(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(1000).lot(100_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Above, 5000).await;
    let small = trade::place(app, &market.buyers[0], &[(&offer, 2500)]).await;
    let large = trade::place(app, &market.buyers[0], &[(&offer, 3000)]).await;
    assert_eq!((small.requested, large.requested), (false, true));
    let status = async |id| trade::show(app, &market, id).await.order.status;
    assert_eq!(status(small.id).await, OrderStatus::Placed);
    assert_eq!(status(large.id).await, OrderStatus::Requested);
    // Another unit's orders are none of it.
    assert!(
        !trade::place(app, &market.buyers[1], &[(&offer, 5000)])
            .await
            .requested
    );
    set_policy(app, &market, ApprovalKind::Off, 0).await;
    assert!(
        !trade::place(app, &market.buyers[0], &[(&offer, 5000)])
            .await
            .requested
    );
}

async fn holds_the_stock_and_places_what_was_asked_for(app: &TestApp) {
    let market = app.market().await;
    let mut a = market
        .list(0)
        .per_jin(900)
        .lot(6000)
        .lot_until(2000, 9)
        .publish(app)
        .await;
    let b = market.list(2).per_bottle(4599).lot(10).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&a, 5000), (&b, 3)]).await;
    assert_eq!(
        (app.count("village_orders").await, app.count("order_lines").await),
        (0, 0),
        "no village hears of it"
    );
    let reserved = async |offer: &tests::Offer| -> i64 {
        offer.stock(app, &market).await.iter().map(|lot| lot[1]).sum()
    };
    assert_eq!((reserved(&a).await, reserved(&b).await), (5000, 3));
    app.assert_clean().await;
    a.republish(app, &market, |offer| offer.price_fen = Fen(1200))
        .await;
    decide(app, &market.approver, asked.id, true, 1)
        .await
        .expect("approved");
    let shown = trade::show(app, &market, asked.id).await;
    assert_eq!(
        (shown.order.status, shown.order.total_fen),
        (OrderStatus::Placed, Fen(9000 + 3 * 4599))
    );
    assert_eq!((reserved(&a).await, reserved(&b).await), (5000, 3), "held once");
    let parts: Vec<_> = shown
        .village_orders
        .iter()
        .map(|v| (v.village_order.status, v.village_order.total_fen.0, v.lines.len()))
        .collect();
    let offered = VillageOrderStatus::Offered;
    assert_eq!(parts, [(offered, 9000, 2), (offered, 3 * 4599, 1)]);
    assert_eq!(
        shown.decision.expect("it was decided").by,
        market.approver.person_name
    );
    trade::confirm_all(app, &market, asked.id).await;
    trade::deliver(app, &market, asked.id).await;
    let weighed = trade::as_expected(app, &market, asked.id).await;
    trade::accept(app, &market, &market.buyers[0], asked.id, &weighed).await;
}

async fn nobody_decides_over_their_own(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let roles = [Role::UnitRequester, Role::UnitApprover];
    let both = market
        .enrol(
            app,
            "both-roles",
            roles.map(|r| grant(r, &market.units[0], 0)).to_vec(),
        )
        .await;
    let asked = trade::place(app, &both, &[(&offer, 1000)]).await;
    let approver = both.acting_as(Role::UnitApprover);
    assert_eq!(
        refused(decide(app, &approver, asked.id, true, 1).await),
        Code::OwnRequest
    );
    let shown = order::show(app, &approver, asked.id).await.expect("their unit's");
    assert!(!shown.decidable);
    // The database holds it too, whatever a program does.
    let sql = "update orders set decided_by = requested_by where id = $1";
    let schema = app.app.db.schema();
    let tried = server::store::exec(schema, sql, [asked.id.into()]).await;
    assert!(
        tried.is_err(),
        "nobody is written down as deciding over their own"
    );
    for (who, code) in [
        (&market.buyers[0], Code::Forbidden),
        (&market.unit_finance, Code::Forbidden),
        (&market.operator, Code::Forbidden),
    ] {
        assert_eq!(refused(decide(app, who, asked.id, true, 1).await), code);
    }
    let stranger = market
        .enrol(
            app,
            "other-approver",
            vec![grant(Role::UnitApprover, &market.units[1], 0)],
        )
        .await;
    assert_eq!(
        refused(decide(app, &stranger, asked.id, true, 1).await),
        Code::NotFound
    );
    decide(app, &market.approver, asked.id, true, 1)
        .await
        .expect("somebody else decides");
}

async fn a_rejection_frees_the_stock_and_is_changed(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(10_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let buyer = &market.buyers[0];
    let asked = trade::place(app, buyer, &[(&offer, 8000)]).await;
    let silent = DecisionIn {
        approve: false,
        revision: 1,
        note: " ".to_owned(),
    };
    let wrong = wrong_fields(order::decide(app, &market.approver, &app.key(), asked.id, silent).await);
    assert_eq!(wrong, [("note".to_owned(), FieldCode::ReasonNeeded)]);
    decide(app, &market.approver, asked.id, false, 1)
        .await
        .expect("rejected");
    assert_eq!(offer.stock(app, &market).await, [[10_000, 0, 0, 10_000]]);
    let shown = order::show(app, buyer, asked.id).await.expect("their own");
    assert_eq!(shown.order.status, OrderStatus::Rejected);
    assert!(shown.editable && !shown.cancellable);
    assert_eq!(shown.decision.expect("it was decided").note, "超预算");
    let less = trade::order_of(app.today(), &[(&offer, 2000)]);
    let stranger = order::revise(app, &market.both_hats, &app.key(), asked.id, less.clone()).await;
    assert_eq!(refused(stranger), Code::Forbidden, "whoever asked changes it");
    let (key, again) = (app.key(), less.clone());
    for _ in 0..2 {
        let revised = order::revise(app, buyer, &key, asked.id, again.clone())
            .await
            .expect("the same answer again");
        assert_eq!(
            (revised.number.as_str(), revised.total_fen),
            (asked.number.as_str(), Fen(3600))
        );
    }
    assert_eq!(offer.stock(app, &market).await, [[10_000, 2000, 0, 8000]]);
    decide(app, &market.approver, asked.id, true, 2)
        .await
        .expect("the second revision");
    let shown = trade::show(app, &market, asked.id).await;
    assert_eq!(
        (shown.order.status, shown.order.total_fen),
        (OrderStatus::Placed, Fen(3600))
    );
    let revisions: Vec<_> = shown
        .requests
        .iter()
        .map(|r| (r.revision, r.total_fen.0))
        .collect();
    assert_eq!(revisions, [(2, 3600), (1, 14_400)], "history is kept");
    let late = order::revise(app, buyer, &app.key(), asked.id, less).await;
    assert_eq!(refused(late), Code::WrongState);
}

async fn names_what_has_gone_meanwhile(app: &TestApp) {
    let market = app.market().await;
    let stays = market.list(0).lot(10_000).publish(app).await;
    let ends = market.list(1).lot(10_000).publish(app).await;
    let spoils = market.list(2).lot_until(10_000, 0).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let lines = [(&stays, 1000), (&ends, 1000), (&spoils, 1000)];
    let asked = trade::place(app, &market.buyers[0], &lines).await;
    offer::end(app, &market.listers[1], &app.key(), ends.id)
        .await
        .expect("ended");
    app.pass_hours(24);
    let wrong = wrong_fields(decide(app, &market.approver, asked.id, true, 1).await);
    let codes: Vec<FieldCode> = wrong.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, [FieldCode::Gone, FieldCode::Gone]);
    let shown = trade::show(app, &market, asked.id).await;
    assert_eq!(
        shown.order.status,
        OrderStatus::Requested,
        "nothing was half placed"
    );
    let on_sale: Vec<bool> = shown.requests[0].lines.iter().map(|line| line.on_sale).collect();
    assert_eq!(on_sale.iter().filter(|there| **there).count(), 1);
    let rest = trade::order_of(app.today(), &[(&stays, 1000)]);
    order::revise(app, &market.buyers[0], &app.key(), asked.id, rest)
        .await
        .expect("what is still there");
    decide(app, &market.approver, asked.id, true, 2)
        .await
        .expect("approved");
}

async fn decides_nothing_unseen(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let more = trade::order_of(app.today(), &[(&offer, 9000)]);
    order::revise(app, &market.buyers[0], &app.key(), asked.id, more)
        .await
        .expect("still requested");
    assert_eq!(
        refused(decide(app, &market.approver, asked.id, true, 1).await),
        Code::Changed
    );
    decide(app, &market.approver, asked.id, true, 2)
        .await
        .expect("as it is now");
    assert_eq!(
        refused(decide(app, &market.approver, asked.id, false, 2).await),
        Code::WrongState
    );
}

async fn a_revision_counts_with_what_it_holds(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let other = market.list(1).lot(5000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let buyer = &market.buyers[0];
    let asked = trade::place(app, buyer, &[(&offer, 5000)]).await;
    let revise = async |lines: &[(&tests::Offer, i64)]| {
        let order = trade::order_of(app.today(), lines);
        order::revise(app, buyer, &app.key(), asked.id, order).await
    };
    revise(&[(&offer, 4500), (&other, 500)])
        .await
        .expect("its own stock is there");
    assert_eq!(offer.stock(app, &market).await, [[5000, 4500, 0, 500]]);
    assert_eq!(refused(revise(&[(&offer, 5500)]).await), Code::OutOfStock);
    assert_eq!(offer.stock(app, &market).await, [[5000, 4500, 0, 500]]);
    revise(&[(&offer, 5000)]).await.expect("all of it again");
    assert_eq!(
        other.stock(app, &market).await,
        [[5000, 0, 0, 5000]],
        "what is no longer asked for is free"
    );
}

async fn a_hold_that_ends_frees_the_stock(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 5000)]).await;
    app.pass_hours(48);
    assert_eq!(
        order::expire_holds(app).await.expect("runs"),
        0,
        "the last moment is in time"
    );
    app.clock.advance_s(1);
    assert_eq!(
        refused(decide(app, &market.approver, asked.id, true, 1).await),
        Code::WrongState
    );
    assert_eq!(order::expire_holds(app).await.expect("runs"), 1);
    assert_eq!(order::expire_holds(app).await.expect("runs"), 0);
    assert_eq!(offer.stock(app, &market).await, [[5000, 0, 0, 5000]]);
    let shown = trade::show(app, &market, asked.id).await;
    assert_eq!(shown.order.status, OrderStatus::Cancelled);
    assert!(
        shown
            .timeline
            .iter()
            .any(|step| step.action == "order.expire_hold")
    );
}

async fn a_request_is_taken_back(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 5000)]).await;
    let reason = CancelIn {
        reason: "不要了".to_owned(),
    };
    order::cancel(app, &market.buyers[0], &app.key(), asked.id, reason)
        .await
        .expect("nothing is on the way");
    assert_eq!(offer.stock(app, &market).await, [[5000, 0, 0, 5000]]);
    assert_eq!(
        refused(decide(app, &market.approver, asked.id, true, 1).await),
        Code::WrongState
    );
}

async fn a_policy_needs_somebody_who_approves(app: &TestApp) {
    let market = app.market().await;
    let set = async |who: &Person, unit: usize, kind, above| {
        let policy = PolicyIn {
            kind,
            above_fen: Fen(above),
        };
        approval::set_policy(app, who, &app.key(), market.units[unit].id, policy).await
    };
    let nobody = wrong_fields(set(&market.operator, 1, ApprovalKind::Always, 0).await);
    assert_eq!(nobody, [("kind".to_owned(), FieldCode::NobodyThere)]);
    for above in [0, -1] {
        let wrong = wrong_fields(set(&market.approver, 0, ApprovalKind::Above, above).await);
        assert_eq!(wrong, [("above_fen".to_owned(), FieldCode::NotANumber)]);
    }
    assert_eq!(
        refused(set(&market.approver, 1, ApprovalKind::Off, 0).await),
        Code::NotFound
    );
    assert_eq!(
        refused(set(&market.buyers[0], 0, ApprovalKind::Off, 0).await),
        Code::Forbidden
    );
    set(&market.operator, 0, ApprovalKind::Above, 200_000)
        .await
        .expect("the centre for the unit");
    let shown = approval::policy(app, &market.approver, market.units[0].id)
        .await
        .expect("their own");
    assert_eq!(
        (shown.kind, shown.above_fen, shown.approvers),
        (ApprovalKind::Above, Fen(200_000), 1)
    );
    let acted =
        "select count(*) from audit_rows where action = 'unit.approval_policy' and detail like '代办%'";
    assert_eq!(app.number(acted, []).await, 1);
}

async fn one_of_many_decisions_counts(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 4000)]).await;
    let tries = (0..12).map(|at| {
        let (app, market_approver, buyer) =
            (app.app.clone(), market.approver.clone(), market.buyers[0].clone());
        let key = server::services::idempotency::Key::own(app.new_id());
        let order = trade::order_of(app.today(), &[(&offer, 1000)]);
        tokio::spawn(async move {
            let decision = |approve: bool| DecisionIn {
                approve,
                revision: 1,
                note: "同时".to_owned(),
            };
            match at % 3 {
                0 => order::decide(&app, &market_approver, &key, asked.id, decision(true)).await,
                1 => order::decide(&app, &market_approver, &key, asked.id, decision(false)).await,
                _ => order::revise(&app, &buyer, &key, asked.id, order)
                    .await
                    .map(|_| ()),
            }
        })
    });
    for outcome in join_all(tries).await {
        if let Err(error) = outcome.expect("a task ends") {
            let code = error.code();
            assert!(matches!(code, Code::WrongState | Code::Changed), "{error}");
        }
    }
    let shown = trade::show(app, &market, asked.id).await;
    let held = match shown.order.status {
        OrderStatus::Placed => shown.village_orders[0].lines[0].qty,
        OrderStatus::Requested => shown.requests[0].lines[0].qty,
        _ => Qty::ZERO,
    };
    assert_eq!(offer.stock(app, &market).await[0][1], held.0);
}

async fn keeps_what_every_revision_said(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(10_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let buyer = &market.buyers[0];
    let begun = app.now();
    let asked = trade::place(app, buyer, &[(&offer, 8000)]).await;
    decide(app, &market.approver, asked.id, false, 1)
        .await
        .expect("sent back");
    app.pass_hours(2);
    let (second, mut changed) = (app.now(), trade::order_of(app.today(), &[(&offer, 4000)]));
    changed.wanted_on = app.today().add_days(5);
    changed.address = "蓟州区示例路 2 号北门".to_owned();
    order::revise(app, buyer, &app.key(), asked.id, changed.clone())
        .await
        .expect("it was sent back");
    app.pass_hours(1);
    let third = app.now();
    changed.note = "走北门".to_owned();
    order::revise(app, buyer, &app.key(), asked.id, changed.clone())
        .await
        .expect("still requested");
    let shown = order::show(app, &market.approver, asked.id)
        .await
        .expect("their unit's");
    let revisions: Vec<_> = shown
        .requests
        .iter()
        .map(|revision| {
            let head = revision.head.clone().expect("every revision is kept");
            let day = head.wanted_on.days_since(app.today());
            (revision.revision, day, head.note, revision.total_fen.0)
        })
        .collect();
    let note = "走北门".to_owned();
    assert_eq!(
        revisions,
        [
            (3, 5, note, 7200),
            (2, 5, String::new(), 7200),
            (1, 1, String::new(), 14_400)
        ]
    );
    let asked_at: Vec<_> = shown.requests.iter().map(|revision| revision.asked_at).collect();
    assert_eq!(asked_at, [Some(third), Some(second), Some(begun)]);
    let first = shown.requests.last().expect("the first one");
    let sent_back = first.decision.clone().expect("it was decided over");
    assert_eq!((sent_back.approved, sent_back.note.as_str()), (false, "超预算"));
    assert_eq!(sent_back.by, market.approver.person_name);
    assert!(
        shown.requests[1].decision.is_none(),
        "it was changed before anybody decided"
    );
    decide(app, &market.approver, asked.id, true, 3)
        .await
        .expect("approved");
    let placed = trade::show(app, &market, asked.id).await;
    assert_eq!(placed.requests.len(), 3, "it is still known once it is placed");
    assert_eq!(placed.address, changed.address);
    // And people see it in words.
    let page = app
        .signed_in(&market.auditor)
        .await
        .open(&format!("/orders/{}", asked.id))
        .await;
    let page = tests::html::words(&page.text());
    for words in [
        "16 斤 → 8 斤",
        "蓟州区示例路 2 号北门",
        "备注：空 → 走北门",
        "超预算",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
}

async fn money_and_policy_take_a_fresh_proof(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(10_000).publish(app).await;
    set_policy(app, &market, ApprovalKind::Always, 0).await;
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let other = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let mut stale = market.approver.clone();
    stale.actor.proven_at = Some(app.now());
    app.clock.advance_s(step_up::HOLDS_S + 1);
    assert_eq!(
        refused(decide(app, &stale, asked.id, true, 1).await),
        Code::StepUpNeeded
    );
    decide(app, &stale, other.id, false, 1)
        .await
        .expect("a rejection spends nothing");
    let policy = PolicyIn {
        kind: ApprovalKind::Off,
        above_fen: Fen::ZERO,
    };
    let mut centre = market.operator.clone();
    centre.actor.proven_at = stale.actor.proven_at;
    for who in [&stale, &centre] {
        let set = approval::set_policy(app, who, &app.key(), market.units[0].id, policy.clone()).await;
        assert_eq!(refused(set), Code::StepUpNeeded, "{}", who.sign_in_name);
    }
    // Through the API, with a token that was proven long ago.
    let api = app.api(&market.approver).await;
    app.sql("update api_tokens set proven_at = 0", []).await;
    let body = serde_json::json!({"approve": true, "revision": 1});
    api.post(&format!("/api/v1/orders/{}/decision", asked.id), &body)
        .await
        .expect(403)
        .refused(Code::StepUpNeeded);
    let path = format!("/api/v1/units/{}/approval-policy", market.units[0].id);
    api.put(&path, &serde_json::json!({"kind": "off"}))
        .await
        .expect(403)
        .refused(Code::StepUpNeeded);
    // On the page: the decision is kept, and goes on once one has proven oneself.
    let mut browser = app.signed_in(&market.approver).await;
    let (page, action) = (
        format!("/orders/{}", asked.id),
        format!("/orders/{}/decision", asked.id),
    );
    let form = browser.form(&page, &action).await.with("decision", "approve");
    let policy_page = format!("/units/{}/approval", market.units[0].id);
    let policy_form = browser.form(&policy_page, &policy_page).await.with("kind", "off");
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let again = browser.submit(&policy_form).await.expect(403);
    assert!(again.text().contains("请再证明一次是您本人"));
    let again = browser.submit(&form).await.expect(403);
    let code = browser.code().await;
    let mut proof = form_on(&again, "/step-up").with("step_up_code", &code);
    let on = browser.submit(&proof).await.expect(307);
    assert_eq!(on.header("location"), action);
    proof.action = action;
    browser.submit(&proof).await.expect(303);
    let shown = trade::show(app, &market, asked.id).await;
    assert_eq!(shown.order.status, OrderStatus::Placed);
    browser.submit(&policy_form).await.expect(303);
    assert!(
        !trade::place(app, &market.buyers[0], &[(&offer, 1000)])
            .await
            .requested
    );
}
