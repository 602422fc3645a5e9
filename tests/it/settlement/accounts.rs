//! Where payees' money goes: said by the village or the centre, checked by the centre, whole for few.

use server::services::{payee_account, settlement as settlements};
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::{PayeeAccountIn, SettlementIn};
use shared::domain::identity::Actor;
use shared::domain::settlement::{LeftOut, PayeeKind};
use tests::market::VILLAGES;
use tests::settling::{account, pay};
use tests::{TestApp, both, refused, wrong_fields};

both![
    a_village_s_account_is_checked_before_it_is_used,
    what_is_mistyped_is_refused,
];

async fn a_village_s_account_is_checked_before_it_is_used(app: &TestApp) {
    let market = app.market().await;
    super::two_villages(app, &market).await;
    pay(app, &market, 0).await;
    let whose = (PayeeKind::Village, VILLAGES[0].0);
    let reason = async || {
        let seen = settlements::preview(app, &market.finance, &SettlementIn::default())
            .await
            .expect("may");
        let row = seen
            .left_out
            .iter()
            .find(|row| row.payee.payee == VILLAGES[0].0)
            .cloned();
        row.and_then(|row| row.left_out)
    };
    assert_eq!(reason().await, Some(LeftOut::NoAccount));
    let lister = &market.listers[0];
    let unproven = Actor {
        proven_at: None,
        ..lister.actor.clone()
    };
    let put = payee_account::put(app, &unproven, &app.key(), whose, account(0)).await;
    assert_eq!(refused(put), Code::StepUpNeeded);
    let other = payee_account::put(app, &market.listers[2], &app.key(), whose, account(0)).await;
    assert_eq!(refused(other), Code::NotFound);
    let reader = payee_account::put(app, &market.auditor, &app.key(), whose, account(0)).await;
    assert_eq!(refused(reader), Code::Forbidden);
    let put = payee_account::put(app, lister, &app.key(), whose, account(0))
        .await
        .expect("its own");
    let shown = put.account.expect("it is there");
    assert_eq!(
        (shown.account_no.as_str(), shown.checked_by_name),
        ("**** 0456", None)
    );
    assert_eq!(reason().await, Some(LeftOut::AccountUnchecked));
    assert_eq!(app.count("notices where kind = 'account_entered'").await, 1);
    let check = payee_account::check(app, lister, &app.key(), whose, shown.changed_at).await;
    assert_eq!(refused(check), Code::Forbidden, "nobody checks what they said");
    let finance = &market.finance;
    let checked = payee_account::check(app, finance, &app.key(), whose, shown.changed_at)
        .await
        .expect("may");
    assert_eq!(
        checked.account.expect("there").account_no,
        "0302041209300000456",
        "whoever pays sees all of it"
    );
    assert_eq!(reason().await, None);
    // A change takes the check away; what was looked at before does not count for it.
    app.clock.advance_s(60);
    let changed = PayeeAccountIn {
        account_no: "03020412093000001999".to_owned(),
        ..account(0)
    };
    payee_account::put(app, lister, &app.key(), whose, changed)
        .await
        .expect("its own");
    assert_eq!(reason().await, Some(LeftOut::AccountUnchecked));
    let old = payee_account::check(app, finance, &app.key(), whose, shown.changed_at).await;
    assert_eq!(refused(old), Code::WrongState);
    let recorded = app
        .count("audit_rows where action = 'settlement.account' and detail like '**** 1999%'")
        .await;
    assert_eq!(recorded, 1, "on record, and never all of it");
    let listed = payee_account::list(app, lister, &payee_account::Asked::default(), None, 10)
        .await
        .expect("own");
    assert_eq!(listed.items.len(), 1, "a village sees its own");
    let all = payee_account::list(app, &market.auditor, &payee_account::Asked::default(), None, 2)
        .await
        .expect("may");
    let next = payee_account::list(
        app,
        &market.auditor,
        &payee_account::Asked::default(),
        all.next.as_deref(),
        10,
    )
    .await
    .expect("may");
    assert_eq!((all.items.len(), next.items.len()), (2, 4));
    assert!(
        all.items[0]
            .account
            .as_ref()
            .expect("there")
            .account_no
            .starts_with("****")
    );
}

async fn what_is_mistyped_is_refused(app: &TestApp) {
    let market = app.market().await;
    let whose = (PayeeKind::Village, VILLAGES[0].0);
    let put = async |input: PayeeAccountIn| {
        payee_account::put(app, &market.finance, &app.key(), whose, input).await
    };
    let card = |number: &str| PayeeAccountIn {
        account_no: number.to_owned(),
        ..account(0)
    };
    let of = |code| vec![("account_no".to_owned(), code)];
    assert_eq!(
        wrong_fields(put(card("6222021234567890123")).await),
        of(FieldCode::WrongCheck)
    );
    assert_eq!(wrong_fields(put(card("123")).await), of(FieldCode::TooShort));
    assert_eq!(wrong_fields(put(card("")).await), of(FieldCode::Required));
    assert_eq!(
        wrong_fields(put(card("12345678x")).await),
        of(FieldCode::NotANumber)
    );
    let bad = PayeeAccountIn {
        account_name: "我".to_owned(),
        bank_name: "银行".to_owned(),
        cnaps: "123".to_owned(),
        ..account(0)
    };
    let fields: Vec<String> = wrong_fields(put(bad).await)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(fields, ["account_name", "bank_name", "cnaps"]);
    put(card("6222 0212 3456 7890 128")).await.expect("a good card");
    let unknown = (PayeeKind::Village, "999999999999");
    let unknown = payee_account::put(app, &market.finance, &app.key(), unknown, account(0)).await;
    assert_eq!(refused(unknown), Code::NotFound);
}
