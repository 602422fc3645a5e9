//! Acceptance: weighed, signed by two different people, credited once, never edited.

use server::services::{acceptance, income, ledger, village_order};
use shared::api::acceptance::{AcceptanceStatus, SignIn, VarianceReason};
use shared::api::problem::{Code, FieldCode};
use shared::api::seller::SellerKind;
use shared::api::village_order::VillageOrderQuery;
use shared::domain::identity::Role;
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use shared::domain::village_order::VillageOrderStatus;
use std::collections::BTreeMap;
use tests::market::VILLAGES;
use tests::{Market, Offer, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    needs_two_signatures,
    refuses_the_same_person_on_both_sides,
    voids_a_signature_when_lines_change,
    asks_why_something_is_missing,
    bounds_what_the_scale_may_say,
    credits_shares_fee_and_household_to_the_fen,
    pays_a_coop_its_part,
    posts_nothing_when_all_was_refused,
    is_not_edited_after_the_credit,
    leads_from_the_statement_to_the_document_and_back,
    is_not_possible_before_delivery,
    is_signed_once_under_many_at_once,
    takes_a_late_delivery_in_a_second_part,
    shows_a_village_its_own_lines_only,
];

async fn at_the_door(app: &TestApp, market: &Market) -> (Offer, Uuid) {
    let offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let order_id = trade::delivered(app, market, &market.buyers[0], &[(&offer, 10_000)]).await;
    (offer, order_id)
}

async fn needs_two_signatures(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let open = acceptance::of_order(app, &market.buyers[0], order_id)
        .await
        .expect("something to weigh");
    assert_eq!(
        (open.status, open.id, open.expected_fen),
        (AcceptanceStatus::Open, None, Fen(18_000))
    );
    let first = trade::sign(app, &market.operator, order_id, &lines)
        .await
        .expect("the centre first");
    assert_eq!(first.acceptance.status, AcceptanceStatus::Signed);
    assert!(first.acceptance.centre_signature.is_some() && first.acceptance.unit_signature.is_none());
    let colleague = trade::sign(app, &market.driver, order_id, &lines)
        .await
        .expect("changes nothing");
    assert_eq!(
        colleague.acceptance.status,
        AcceptanceStatus::Signed,
        "two of one side are one side"
    );
    assert_eq!(app.count("ledger_transactions").await, 0);
    let done = trade::sign(app, &market.buyers[0], order_id, &lines)
        .await
        .expect("the unit second")
        .acceptance;
    assert_eq!(done.status, AcceptanceStatus::Posted);
    let names = [done.unit_signature, done.centre_signature].map(|s| s.expect("both signed").name);
    assert_eq!(names, ["采购0", "业务"]);
    assert_eq!(app.count("ledger_transactions").await, 1);
    for who in [
        &market.listers[0],
        &market.finance,
        &market.auditor,
        &market.approver,
    ] {
        assert_eq!(
            refused(trade::sign(app, who, order_id, &lines).await),
            Code::Forbidden
        );
    }
    assert_eq!(
        refused(trade::sign(app, &market.buyers[1], order_id, &lines).await),
        Code::NotFound
    );
}

async fn refuses_the_same_person_on_both_sides(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let for_unit = market.both_hats.acting_as(Role::UnitRequester);
    let for_centre = market.both_hats.acting_as(Role::CentreOperator);
    trade::sign(app, &for_unit, order_id, &lines)
        .await
        .expect("signs for the unit");
    assert_eq!(
        refused(trade::sign(app, &for_centre, order_id, &lines).await),
        Code::SamePerson
    );
    assert_eq!(app.count("ledger_transactions").await, 0);
    trade::sign(app, &market.operator, order_id, &lines)
        .await
        .expect("another person may");
    assert_eq!(app.count("ledger_transactions").await, 1);
}

async fn voids_a_signature_when_lines_change(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    trade::sign(app, &market.buyers[0], order_id, &lines)
        .await
        .expect("the unit signs");
    let mut weighed = lines.clone();
    weighed.lines[0].qty = Qty(9800);
    let changed = trade::sign(app, &market.operator, order_id, &weighed)
        .await
        .expect("other lines");
    assert!(changed.voided_other);
    assert_eq!(changed.acceptance.status, AcceptanceStatus::Signed);
    assert!(
        changed.acceptance.unit_signature.is_none(),
        "the unit signed something else"
    );
    assert_eq!(changed.acceptance.accepted_fen, Fen(17_640));
    let old = trade::sign(app, &market.buyers[0], order_id, &lines)
        .await
        .expect("the first lines again");
    assert!(old.voided_other && old.acceptance.posted_at.is_none());
    let done = trade::sign(app, &market.operator, order_id, &lines)
        .await
        .expect("agreed");
    assert_eq!(done.acceptance.accepted_fen, Fen(18_000));
    assert!(done.acceptance.posted_at.is_some());
}

async fn asks_why_something_is_missing(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let b = market.list(0).per_bottle(4500).lot(9).publish(app).await;
    let order_id = trade::delivered(app, &market, &market.buyers[0], &[(&a, 10_000), (&b, 5)]).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let unit = &market.buyers[0];
    let changed = |at: usize, qty: i64, reason: Option<VarianceReason>, remark: &str| {
        let mut lines = lines.clone();
        (lines.lines[at].qty, lines.lines[at].reason) = (Qty(qty), reason);
        lines.lines[at].remark = remark.to_owned();
        lines
    };
    let field = |at: usize, name: &str| format!("line.{}.{name}", lines.lines[at].line_id);
    let (weight, piece) = (
        lines.lines.iter().position(|l| l.qty.0 > 100),
        lines.lines.iter().position(|l| l.qty.0 == 5),
    );
    let (weight, piece) = (weight.expect("mushrooms"), piece.expect("honey"));
    for (wrong, expected) in [
        (
            changed(weight, 9499, None, ""),
            (field(weight, "reason"), FieldCode::ReasonNeeded),
        ),
        (
            changed(weight, 0, None, ""),
            (field(weight, "reason"), FieldCode::ReasonNeeded),
        ),
        (
            changed(piece, 4, None, ""),
            (field(piece, "reason"), FieldCode::ReasonNeeded),
        ),
        (
            changed(piece, 4, Some(VarianceReason::Other), " "),
            (field(piece, "remark"), FieldCode::ReasonNeeded),
        ),
        (
            changed(piece, 4, Some(VarianceReason::Damaged), &"长".repeat(201)),
            (field(piece, "remark"), FieldCode::TooLong),
        ),
        (
            SignIn {
                lines: lines.lines[1..].to_vec(),
            },
            (field(0, "qty"), FieldCode::Required),
        ),
    ] {
        assert_eq!(
            wrong_fields(trade::sign(app, unit, order_id, &wrong).await),
            [expected]
        );
    }
    assert_eq!(app.count("acceptances").await, 0, "nothing was half signed");
    // Within a twentieth the scale explains itself.
    let small = trade::sign(app, unit, order_id, &changed(weight, 9500, None, ""))
        .await
        .expect("a small difference");
    let line = |out: &shared::api::acceptance::AcceptanceOut| {
        out.lines
            .iter()
            .find(|l| l.line_id == lines.lines[weight].line_id)
            .cloned()
            .expect("the line")
    };
    assert_eq!(line(&small.acceptance).reason, Some(VarianceReason::Weighing));
    let refused_part = changed(weight, 4000, Some(VarianceReason::Quality), "有烂的");
    let done = trade::accept(app, &market, unit, order_id, &refused_part)
        .await
        .acceptance;
    assert_eq!(line(&done).reason, Some(VarianceReason::Quality));
    assert_eq!(
        (done.expected_fen, done.accepted_fen),
        (Fen(18_000 + 22_500), Fen(7200 + 22_500))
    );
    let shown = trade::show(app, &market, order_id).await;
    assert_eq!(shown.order.status, OrderStatus::AcceptedWithVariance);
    assert_eq!(a.stock(app, &market).await, [[44_000, 0, 4000, 40_000]]);
}

async fn bounds_what_the_scale_may_say(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let b = market.list(0).per_bottle(4500).lot(9).publish(app).await;
    let order_id = trade::delivered(app, &market, &market.buyers[0], &[(&a, 10_000), (&b, 5)]).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    for (expected, too_much) in [(10_000, 12_001), (5, 6), (5, -1), (10_000, i64::MAX)] {
        let mut wrong = lines.clone();
        let line = wrong
            .lines
            .iter_mut()
            .find(|l| l.qty.0 == expected)
            .expect("the line");
        (line.qty, line.reason) = (Qty(too_much), Some(VarianceReason::Weighing));
        let code = if too_much < 0 {
            FieldCode::TooSmall
        } else {
            FieldCode::TooLarge
        };
        let field = format!("line.{}.qty", line.line_id);
        assert_eq!(
            wrong_fields(trade::sign(app, &market.operator, order_id, &wrong).await),
            [(field, code)]
        );
    }
    let mut over = lines;
    let line = over
        .lines
        .iter_mut()
        .find(|l| l.qty.0 == 10_000)
        .expect("the line");
    (line.qty, line.reason) = (Qty(12_000), Some(VarianceReason::Weighing));
    let done = trade::accept(app, &market, &market.buyers[0], order_id, &over)
        .await
        .acceptance;
    assert_eq!(done.accepted_fen, Fen(24 * 900 + 22_500));
    assert_eq!(
        a.stock(app, &market).await,
        [[52_000, 0, 12_000, 40_000]],
        "what is free stays what it was"
    );
}

async fn credits_shares_fee_and_household_to_the_fen(app: &TestApp) {
    let app = &app.configured(|config| config.fee_bp = 150);
    let market = app.market().await;
    let whole = market.list(0).per_jin(333).lot(50_000).publish(app).await;
    let household = market
        .list(0)
        .per_jin(777)
        .shared_with("王家", SharePolicy::BasisPoints(9000));
    let household = household.lot(50_000).publish(app).await;
    let fixed = market
        .list(2)
        .per_jin(1001)
        .shared_with("李家", SharePolicy::FenPerUnit(100));
    let fixed = fixed.lot(50_000).publish(app).await;
    let order = [(&whole, 1500), (&household, 2500), (&fixed, 3500)];
    let done = trade::credited(app, &market, &market.buyers[0], &order)
        .await
        .acceptance;
    // Each line alone: total, fee of it rounded half up, the village's share of the net, the rest.
    let expected = [(999, 15, 984, 0), (3885, 58, 3444, 383), (7007, 105, 700, 6202)];
    let total: i64 = expected.iter().map(|line| line.0).sum();
    assert_eq!(done.accepted_fen, Fen(total));
    let transaction = done.transaction_id.expect("credited");
    let posted = ledger::transaction(app, &market.auditor, transaction)
        .await
        .expect("the auditor reads it");
    let mut sums = BTreeMap::<AccountKind, i64>::new();
    for entry in &posted.entries {
        *sums.entry(entry.account).or_default() += entry.amount_fen.0;
    }
    let sum = |kind: AccountKind| sums.get(&kind).copied().unwrap_or_default();
    assert_eq!(sum(AccountKind::UnitReceivable), total);
    assert_eq!(
        sum(AccountKind::CentreFee),
        -expected.iter().map(|line| line.1).sum::<i64>()
    );
    assert_eq!(
        sum(AccountKind::VillagePayable),
        -expected.iter().map(|line| line.2).sum::<i64>()
    );
    assert_eq!(
        sum(AccountKind::HouseholdPayable),
        -expected.iter().map(|line| line.3).sum::<i64>()
    );
    assert_eq!(sums.values().sum::<i64>(), 0);
    for (village, fen) in [(0, 984 + 3444), (2, 700)] {
        let earned = income::income(app, &market.listers[village], VILLAGES[village].0, None, None, 50).await;
        assert_eq!(earned.expect("its own income").credited_fen, Fen(fen));
    }
}

async fn pays_a_coop_its_part(app: &TestApp) {
    let market = app.market().await;
    let coop = app.new_id();
    let sql = "insert into sellers (id, kind, name, village_code) values ($1, $2, $3, $4)";
    let kind = SellerKind::Coop.as_str();
    app.sql(
        sql,
        [
            coop.into(),
            kind.into(),
            "香菇专业合作社".into(),
            VILLAGES[0].0.into(),
        ],
    )
    .await;
    let own = market.list(0).per_jin(500).lot(9000).publish(app).await;
    let listing = market.list(0).per_jin(900).change(|offer| {
        (offer.seller_id, offer.share) = (Some(coop), SharePolicy::BasisPoints(3000));
    });
    let offer = listing.lot(9000).publish(app).await;
    let done = trade::credited(app, &market, &market.buyers[0], &[(&offer, 5000), (&own, 1000)])
        .await
        .acceptance;
    let shown = trade::show(app, &market, done.order_id).await;
    assert_eq!(
        shown.village_orders.len(),
        2,
        "a village order has one seller of record"
    );
    let transaction = done.transaction_id.expect("credited");
    let posted = ledger::transaction(app, &market.auditor, transaction)
        .await
        .expect("the auditor reads it");
    let coop_part = posted
        .entries
        .iter()
        .find(|entry| entry.account == AccountKind::CoopPayable);
    let coop_part = coop_part.expect("the co-op is owed its part");
    assert_eq!(
        (coop_part.amount_fen, coop_part.owner.clone()),
        (Fen(-6300), coop.to_string())
    );
}

async fn posts_nothing_when_all_was_refused(app: &TestApp) {
    let market = app.market().await;
    let (offer, order_id) = at_the_door(app, &market).await;
    let mut lines = trade::as_expected(app, &market, order_id).await;
    (lines.lines[0].qty, lines.lines[0].reason) = (Qty(0), Some(VarianceReason::Quality));
    let done = trade::accept(app, &market, &market.buyers[0], order_id, &lines)
        .await
        .acceptance;
    assert_eq!((done.transaction_id, done.accepted_fen), (None, Fen(0)));
    assert_eq!(
        (
            app.count("ledger_transactions").await,
            app.count("village_incomes").await
        ),
        (0, 0)
    );
    assert_eq!(
        offer.stock(app, &market).await,
        [[40_000, 0, 0, 40_000]],
        "refused goods are on no shelf"
    );
    let shown = trade::show(app, &market, order_id).await;
    assert_eq!(shown.order.status, OrderStatus::AcceptedWithVariance);
    assert!(!shown.acceptable && !shown.cancellable);
}

async fn is_not_edited_after_the_credit(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let (unit, key) = (&market.buyers[0], app.key());
    trade::sign(app, &market.operator, order_id, &lines)
        .await
        .expect("the centre signs");
    let posted = acceptance::sign(app, unit, &key, order_id, lines.clone())
        .await
        .expect("the unit signs");
    let again = acceptance::sign(app, unit, &key, order_id, lines.clone())
        .await
        .expect("the stored answer");
    assert_eq!(again, posted);
    let mut other = lines.clone();
    (other.lines[0].qty, other.lines[0].reason) = (Qty(1), Some(VarianceReason::Quality));
    for who in [unit, &market.operator] {
        assert_eq!(
            refused(trade::sign(app, who, order_id, &other).await),
            Code::WrongState
        );
        assert_eq!(
            refused(trade::sign(app, who, order_id, &lines).await),
            Code::WrongState
        );
    }
    assert_eq!(app.count("ledger_transactions").await, 1);
    let shown = acceptance::of_order(app, unit, order_id)
        .await
        .expect("the posted document");
    assert_eq!(
        (shown.status, shown.accepted_fen),
        (AcceptanceStatus::Posted, Fen(18_000))
    );
}

async fn leads_from_the_statement_to_the_document_and_back(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let done = trade::accept(app, &market, &market.buyers[0], order_id, &lines)
        .await
        .acceptance;
    let lister = &market.listers[0];
    let earned = income::income(app, lister, VILLAGES[0].0, None, None, 50)
        .await
        .expect("its own income");
    let line = &earned.statement.items[0];
    assert_eq!(
        (line.document_kind.as_str(), Some(&line.document_number)),
        ("acceptance", done.number.as_ref())
    );
    let document = acceptance::show(app, lister, line.document_id)
        .await
        .expect("the village reads its document");
    assert_eq!(document.transaction_id, Some(line.transaction_id));
    let posted = ledger::transaction(app, lister, line.transaction_id)
        .await
        .expect("and the transaction");
    assert_eq!((posted.document_id, posted.entries.len()), (line.document_id, 1));
    assert_eq!(
        posted.entries[0].hash.as_deref(),
        Some(earned.chain.hash.as_str())
    );
    let row = trade::show(app, &market, order_id)
        .await
        .village_orders
        .remove(0)
        .village_order;
    assert_eq!(row.status, VillageOrderStatus::Credited);
    assert_eq!(line.unit_name.as_deref(), Some("示例单位0"));
}

async fn is_not_possible_before_delivery(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(50_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let nothing = acceptance::of_order(app, &market.buyers[0], placed.id).await;
    assert_eq!(refused(nothing), Code::NotFound);
    let sign = SignIn { lines: vec![] };
    assert_eq!(
        refused(trade::sign(app, &market.buyers[0], placed.id, &sign).await),
        Code::WrongState
    );
    let unknown = app.new_id();
    assert_eq!(
        refused(trade::sign(app, &market.buyers[0], unknown, &sign).await),
        Code::NotFound
    );
}

async fn is_signed_once_under_many_at_once(app: &TestApp) {
    let market = app.market().await;
    let (_, order_id) = at_the_door(app, &market).await;
    let lines = trade::as_expected(app, &market, order_id).await;
    let people = [
        &market.buyers[0],
        &market.operator,
        &market.driver,
        &market.buyers[0],
        &market.operator,
    ];
    let all = people.into_iter().cycle().take(20).map(|who| {
        let (app, who, lines) = (app.app.clone(), who.clone(), lines.clone());
        let key = server::services::idempotency::Key::own(app.new_id());
        tokio::spawn(async move { acceptance::sign(&app, &who, &key, order_id, lines).await })
    });
    for outcome in futures::future::join_all(all).await {
        if let Err(error) = outcome.expect("a signer's task ends") {
            assert_eq!(error.code(), Code::WrongState, "{error}");
        }
    }
    assert_eq!(
        (
            app.count("acceptances").await,
            app.count("ledger_transactions").await
        ),
        (1, 1)
    );
}

async fn takes_a_late_delivery_in_a_second_part(app: &TestApp) {
    use shared::api::village_order::MoveStep;
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let b = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&a, 10_000), (&b, 10_000)]).await;
    trade::confirm_all(app, &market, placed.id).await;
    let shown = trade::show(app, &market, placed.id).await;
    for (part, village) in shown.village_orders.iter().enumerate() {
        for step in [MoveStep::Pack, MoveStep::Collect, MoveStep::Deliver] {
            trade::advance(app, &market.operator, step, vec![village.village_order.id])
                .await
                .expect("moved");
        }
        let lines = trade::as_expected(app, &market, placed.id).await;
        assert_eq!(lines.lines.len(), 1, "only what stands at the door");
        trade::accept(app, &market, &market.buyers[0], placed.id, &lines).await;
        let status = trade::show(app, &market, placed.id).await.order.status;
        let expected = if part == 0 {
            OrderStatus::Confirmed
        } else {
            OrderStatus::Accepted
        };
        assert_eq!(status, expected);
    }
    assert_eq!(
        (
            app.count("acceptances").await,
            app.count("ledger_transactions").await
        ),
        (2, 2)
    );
    let done = trade::show(app, &market, placed.id).await.order;
    assert_eq!(done.accepted_fen, Some(done.total_fen));
}

async fn shows_a_village_its_own_lines_only(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let b = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    let done = trade::credited(app, &market, &market.buyers[0], &[(&a, 1000), (&b, 1000)])
        .await
        .acceptance;
    let (id, transaction) = (done.id.expect("posted"), done.transaction_id.expect("credited"));
    for (village, officer) in [(0, 0), (2, 1)] {
        for who in [&market.listers[village], &market.officers[officer]] {
            let shown = acceptance::show(app, who, id).await.expect("its own document");
            assert!(
                shown
                    .lines
                    .iter()
                    .all(|line| line.village_code == VILLAGES[village].0)
            );
            assert_eq!(shown.lines.len(), 1);
            let posted = ledger::transaction(app, who, transaction)
                .await
                .expect("its own entries");
            assert!(
                posted
                    .entries
                    .iter()
                    .all(|e| e.village_code.as_deref() == Some(VILLAGES[village].0))
            );
        }
    }
    assert_eq!(
        refused(acceptance::show(app, &market.listers[1], id).await),
        Code::NotFound
    );
    assert_eq!(
        refused(ledger::transaction(app, &market.listers[1], transaction).await),
        Code::NotFound
    );
    assert_eq!(
        refused(acceptance::show(app, &market.buyers[1], id).await),
        Code::NotFound
    );
    let rows = village_order::list(app, &market.officers[1], &VillageOrderQuery::default(), None, 50)
        .await
        .expect("its villages");
    assert_eq!(rows.items.len(), 1);
}
