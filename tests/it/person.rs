//! 人员: invitations, links, suspension, and what takes two administrators.

use server::config::MailSettings;
use server::services::{person, proposal};
use shared::api::person::{ContactIn, GrantIn, PersonIn};
use shared::api::problem::{Code, FieldCode};
use shared::api::proposal::ProposalKind;
use shared::domain::identity::{Actor, Role};
use tests::market::grant;
use tests::smtp::Smtp;
use tests::{Market, Person, TestApp, both, refused, wrong_fields};

both![
    an_auditor_is_made_by_two,
    the_only_administrator_makes_the_second_alone,
    suspending_the_others_makes_nobody_alone,
    an_administrator_is_withdrawn_by_two_and_the_last_one_stays,
    a_lost_second_factor_is_reset_by_two,
    a_proposal_lapses,
    two_confirming_at_once_give_one_role,
    a_link_is_ended_and_mailed,
    a_bad_address_is_refused,
    suspension_ends_tokens_for_good,
    every_change_of_rights_asks_for_proof_and_is_on_record,
    people_are_found_by_name_and_role,
];

async fn second_admin(app: &TestApp, market: &Market) -> Person {
    let admin = grant(Role::Admin, &market.units[0], 0);
    market.enrol(app, "second-admin", vec![admin]).await
}

fn role(market: &Market, role: Role) -> GrantIn {
    grant(role, &market.units[0], 0)
}

async fn holds(app: &TestApp, market: &Market, who: &Person, role: Role) -> bool {
    let shown = person::show(app, &market.admin, who.person_id)
        .await
        .expect("a person");
    shown.grants.iter().any(|grant| grant.role == role)
}

async fn an_auditor_is_made_by_two(app: &TestApp) {
    let market = app.market().await;
    let (second, buyer) = (second_admin(app, &market).await, &market.buyers[0]);
    let wanted = role(&market, Role::Auditor);
    let made = person::grant(app, &market.admin, buyer.person_id, &wanted, &app.key())
        .await
        .expect("proposed");
    assert!(made.grant.is_none() && !holds(app, &market, buyer, Role::Auditor).await);
    let id = made.proposal.expect("it waits");
    let again = person::grant(app, &second, buyer.person_id, &wanted, &app.key()).await;
    assert_eq!(refused(again), Code::Duplicate);
    assert_eq!(
        refused(proposal::confirm(app, &market.admin, id).await),
        Code::SamePerson
    );
    assert_eq!(
        refused(proposal::confirm(app, &market.auditor, id).await),
        Code::Forbidden
    );
    let waiting = proposal::list(app, &market.auditor)
        .await
        .expect("the auditor sees it");
    assert_eq!((waiting.len(), waiting[0].kind), (1, ProposalKind::Grant));
    proposal::confirm(app, &second, id).await.expect("confirmed");
    assert!(holds(app, &market, buyer, Role::Auditor).await);
    assert_eq!(refused(proposal::confirm(app, &second, id).await), Code::NotFound);
    // Nobody confirms what they gain themselves.
    let own = person::grant(
        app,
        &market.admin,
        second.person_id,
        &role(&market, Role::CentreFinance),
        &app.key(),
    )
    .await
    .expect("proposed");
    let own = own.proposal.expect("it waits");
    assert_eq!(
        refused(proposal::confirm(app, &second, own).await),
        Code::SamePerson
    );
    proposal::decline(app, &second, own).await.expect("declined");
    assert!(!holds(app, &market, &second, Role::CentreFinance).await);
    // Roles of a unit or village need one administrator.
    let plain = role(&market, Role::UnitApprover);
    let plain = person::grant(app, &market.admin, buyer.person_id, &plain, &app.key()).await;
    assert!(plain.expect("given").grant.is_some());
}

async fn the_only_administrator_makes_the_second_alone(app: &TestApp) {
    let market = app.market().await;
    let admin = role(&market, Role::Admin);
    let made = person::grant(app, &market.admin, market.operator.person_id, &admin, &app.key()).await;
    assert!(made.expect("given").grant.is_some());
    let recorded =
        "select count(*) from audit_rows where action = 'person.grant' and detail like '%sole_administrator'";
    assert_eq!(app.number(recorded, []).await, 1);
    let third = person::grant(app, &market.admin, market.driver.person_id, &admin, &app.key()).await;
    assert!(third.expect("proposed").proposal.is_some());
}

async fn suspending_the_others_makes_nobody_alone(app: &TestApp) {
    let market = app.market().await;
    let second = second_admin(app, &market).await;
    person::suspend(app, &market.admin, second.person_id, true)
        .await
        .expect("suspended");
    let admin = role(&market, Role::Admin);
    let made = person::grant(app, &market.admin, market.operator.person_id, &admin, &app.key()).await;
    assert!(made.expect("proposed").grant.is_none());
}

async fn an_administrator_is_withdrawn_by_two_and_the_last_one_stays(app: &TestApp) {
    let market = app.market().await;
    let last = person::withdraw(app, &market.admin, market.admin.person_id, market.admin.grant.id).await;
    assert_eq!(refused(last), Code::WrongState);
    let second = second_admin(app, &market).await;
    let waits = person::withdraw(app, &market.admin, second.person_id, second.grant.id)
        .await
        .expect("proposed");
    assert!(!waits.withdrawn && holds(app, &market, &second, Role::Admin).await);
    let id = waits.proposal.expect("it waits");
    assert_eq!(
        refused(proposal::confirm(app, &market.admin, id).await),
        Code::SamePerson
    );
    proposal::confirm(app, &second, id).await.expect("they agree");
    assert!(!holds(app, &market, &second, Role::Admin).await);
}

async fn a_lost_second_factor_is_reset_by_two(app: &TestApp) {
    let market = app.market().await;
    let (second, auditor) = (second_admin(app, &market).await, &market.auditor);
    let mut browser = app.signed_in(auditor).await;
    let api = app.api(auditor).await;
    let nameless = proposal::reset_second_factor(app, &market.admin, auditor.person_id, " ").await;
    assert_eq!(
        wrong_fields(nameless),
        vec![("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    let own = proposal::reset_second_factor(app, &market.admin, market.admin.person_id, "丢了").await;
    assert_eq!(refused(own), Code::WrongState);
    let id = proposal::reset_second_factor(app, &market.admin, auditor.person_id, "手机丢了")
        .await
        .expect("proposed");
    browser.open("/audit").await;
    assert_eq!(
        refused(proposal::confirm(app, &market.admin, id).await),
        Code::SamePerson
    );
    proposal::confirm(app, &second, id).await.expect("confirmed");
    browser.get("/audit").await.expect(303);
    api.get("/api/v1/orders")
        .await
        .expect(401)
        .refused(Code::NotSignedIn);
    let mut anew = app.browser();
    anew.give_password(&auditor.sign_in_name, tests::market::PASSWORD)
        .await
        .expect(303);
    anew.enrol().await;
    anew.open("/audit").await;
}

async fn a_proposal_lapses(app: &TestApp) {
    let market = app.market().await;
    let second = second_admin(app, &market).await;
    let wanted = role(&market, Role::Auditor);
    let made = person::grant(
        app,
        &market.admin,
        market.buyers[0].person_id,
        &wanted,
        &app.key(),
    )
    .await;
    let id = made.expect("proposed").proposal.expect("it waits");
    app.pass_hours(24 * proposal::LAPSES_DAYS + 1);
    assert_eq!(refused(proposal::confirm(app, &second, id).await), Code::NotFound);
    assert!(proposal::list(app, &second).await.expect("a list").is_empty());
    let anew = person::grant(app, &second, market.buyers[0].person_id, &wanted, &app.key()).await;
    assert!(anew.expect("proposed anew").proposal.is_some());
}

async fn two_confirming_at_once_give_one_role(app: &TestApp) {
    let market = app.market().await;
    let second = second_admin(app, &market).await;
    let third = market
        .enrol(app, "third-admin", vec![role(&market, Role::Admin)])
        .await;
    let buyer = market.buyers[1].person_id;
    let made = person::grant(
        app,
        &market.admin,
        buyer,
        &role(&market, Role::Auditor),
        &app.key(),
    )
    .await;
    let id = made.expect("proposed").proposal.expect("it waits");
    let (one, two) = tokio::join!(
        proposal::confirm(app, &second, id),
        proposal::confirm(app, &third, id)
    );
    assert_eq!(
        u8::from(one.is_ok()) + u8::from(two.is_ok()),
        1,
        "{one:?} {two:?}"
    );
    let given =
        "select count(*) from grants where person_id = $1 and role = 'auditor' and withdrawn_at is null";
    assert_eq!(app.number(given, [buyer.into()]).await, 1);
}

async fn a_link_is_ended_and_mailed(app: &TestApp) {
    let market = app.market().await;
    let smtp = Smtp::start().await;
    let mailing = app.configured(|config| {
        config.mail = Some(MailSettings {
            url: smtp.url(),
            from: "market@example.org".to_owned(),
        });
    });
    let input = PersonIn {
        sign_in_name: "by-mail".to_owned(),
        name: "收信人".to_owned(),
        grant: role(&market, Role::UnitRequester),
        email: Some(" person@example.org ".to_owned()),
        phone: Some("022-2914 0000".to_owned()),
    };
    let made = person::create(&mailing, &market.admin, &input, &app.key())
        .await
        .expect("added");
    assert_eq!(made.link.mailed_to.as_deref(), Some("person@example.org"));
    let letters = smtp.letters();
    assert!(
        letters.len() == 1 && letters[0].contains("To: person@example.org"),
        "{letters:?}"
    );
    assert!(!made.person.has_password && made.person.link_until.is_some());
    person::revoke_links(app, &market.admin, made.person.id)
        .await
        .expect("ended");
    app.browser().get(&made.link.path).await.expect(410);
    assert_eq!(
        refused(person::revoke_links(app, &market.admin, made.person.id).await),
        Code::NotFound
    );
    // Without a server the link is on the screen alone; nothing of it is stored but its hash.
    let again = person::new_link(app, &market.admin, made.person.id)
        .await
        .expect("a link");
    assert_eq!(again.mailed_to, None);
    let secret = again.path.trim_start_matches("/link/").to_owned();
    let told = "select count(*) from notices where path like $1";
    assert_eq!(app.number(told, [format!("%{secret}%").into()]).await, 0);
}

async fn a_bad_address_is_refused(app: &TestApp) {
    let market = app.market().await;
    let contact = |email: &str, phone: &str| ContactIn {
        email: Some(email.to_owned()),
        phone: Some(phone.to_owned()),
    };
    let id = market.buyers[0].person_id;
    for (email, phone, field) in [
        ("nobody", "", "email"),
        ("a@b", "", "email"),
        ("a@b.c\r\nBcc: x@y.z", "", "email"),
        ("a@@b.c", "", "email"),
        ("", "call me", "phone"),
    ] {
        let done = person::set_contact(app, &market.admin, id, &contact(email, phone)).await;
        assert_eq!(
            wrong_fields(done),
            vec![(field.to_owned(), FieldCode::BadCharacters)],
            "{email}"
        );
    }
    person::set_contact(app, &market.admin, id, &contact("a@b.cn", "+86 (22) 1234"))
        .await
        .expect("saved");
    let shown = person::show(app, &market.admin, id).await.expect("a person");
    assert_eq!(shown.email.as_deref(), Some("a@b.cn"));
}

async fn suspension_ends_tokens_for_good(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.buyers[0]).await;
    for suspended in [true, false] {
        person::suspend(app, &market.admin, market.buyers[0].person_id, suspended)
            .await
            .expect("done");
        api.get("/api/v1/orders")
            .await
            .expect(401)
            .refused(Code::NotSignedIn);
    }
}

async fn every_change_of_rights_asks_for_proof_and_is_on_record(app: &TestApp) {
    let market = app.market().await;
    let second = second_admin(app, &market).await;
    let unproven = Actor {
        proven_at: None,
        ..market.admin.actor.clone()
    };
    let buyer = &market.buyers[0];
    let finance = role(&market, Role::UnitFinance);
    let recorded = app.count("audit_rows").await;
    assert_eq!(
        refused(person::grant(app, &unproven, buyer.person_id, &finance, &app.key()).await),
        Code::StepUpNeeded
    );
    assert_eq!(
        refused(person::withdraw(app, &unproven, buyer.person_id, buyer.grant.id).await),
        Code::StepUpNeeded
    );
    assert_eq!(
        refused(person::suspend(app, &unproven, buyer.person_id, true).await),
        Code::StepUpNeeded
    );
    assert_eq!(
        refused(person::new_link(app, &unproven, buyer.person_id).await),
        Code::StepUpNeeded
    );
    assert_eq!(
        refused(proposal::reset_second_factor(app, &unproven, second.person_id, "x").await),
        Code::StepUpNeeded
    );
    assert_eq!(
        refused(proposal::confirm(app, &unproven, second.person_id).await),
        Code::StepUpNeeded
    );
    assert_eq!(app.count("audit_rows").await, recorded);
    person::grant(app, &market.admin, buyer.person_id, &finance, &app.key())
        .await
        .expect("given");
    person::suspend(app, &market.admin, buyer.person_id, true)
        .await
        .expect("suspended");
    person::suspend(app, &market.admin, buyer.person_id, false)
        .await
        .expect("let in");
    let gone = person::withdraw(app, &market.admin, buyer.person_id, buyer.grant.id).await;
    assert!(gone.expect("withdrawn").withdrawn);
    for action in [
        "person.grant",
        "person.suspend",
        "person.unsuspend",
        "person.withdraw",
    ] {
        let sql = "select count(*) from audit_rows where action = $1 and object_id = $2 and person_id = $3";
        let values = [
            action.into(),
            buyer.person_id.to_string().into(),
            market.admin.person_id.into(),
        ];
        assert_eq!(app.number(sql, values).await, 1, "{action}");
    }
}

async fn people_are_found_by_name_and_role(app: &TestApp) {
    let market = app.market().await;
    let found = async |q: &str, role: Option<Role>| {
        let asked = person::Asked {
            q: q.to_owned(),
            role,
        };
        let page = person::list(app, &market.admin, &asked, None, 50)
            .await
            .expect("a list");
        page.items
            .into_iter()
            .map(|person| person.sign_in_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("BUYER1", None).await, ["buyer1"]);
    assert_eq!(found("采购", None).await.len(), 3);
    assert_eq!(found("采购", Some(Role::Auditor)).await.len(), 0);
    assert_eq!(found("", Some(Role::Auditor)).await, ["auditor"]);
    assert_eq!(found("%", None).await.len(), 0, "a sign is no wildcard");
    assert_eq!(found("r_0", None).await.len(), 0, "nor is this");
}
