//! People are told what they should know, and nobody else is.

use server::jobs::notice_mail;
use server::ports::mail::{Letter, Mail, MailError};
use server::services::notice;
use shared::api::notice::NoticeOut;
use shared::domain::notice::NoticeKind;
use tests::smtp::Smtp;
use tests::{Person, TestApp, both, trade};

both![
    a_village_learns_of_its_order_and_no_other_does,
    what_is_read_is_not_new_any_more,
    who_has_an_address_is_mailed_once,
    what_no_server_took_is_mailed_later
];

async fn of(app: &TestApp, person: &Person) -> Vec<NoticeOut> {
    let page = notice::list(app, person, None, 50).await;
    page.expect("everybody reads their own").items
}

async fn a_village_learns_of_its_order_and_no_other_does(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let told = of(app, &market.listers[0]).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].kind, told[0].new),
        (NoticeKind::VillageOrderOffered, true)
    );
    let api = app.api(&market.listers[0]).await;
    let path = told[0].path.clone();
    api.get(&format!("/api/v1{path}")).await.expect(200);
    assert!(of(app, &market.listers[1]).await.is_empty());
    assert!(of(app, &market.buyers[0]).await.is_empty());
}

async fn what_is_read_is_not_new_any_more(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let lister = &market.listers[0];
    trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let counted = notice::counts(app, lister, "nothing").await.expect("counts");
    assert_eq!(counted, (0, 1));
    app.pass_hours(1);
    notice::mark_seen(app, lister).await.expect("marks");
    assert_eq!(
        notice::counts(app, lister, "nothing").await.expect("counts"),
        (0, 0)
    );
    assert!(!of(app, lister).await[0].new);
    app.pass_hours(1);
    trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let news: Vec<bool> = of(app, lister).await.iter().map(|n| n.new).collect();
    assert_eq!(news, [true, false]);
}

#[tokio::test]
async fn a_letter_arrives_whole() {
    let server = Smtp::start().await;
    let url = server.url();
    let mail = Mail::new(Some((&url, "市场 <market@example.org>"))).expect("settings");
    mail.check().await.expect("it answers");
    let letter = Letter {
        to: "cun@example.org".to_owned(),
        subject: "邀请".to_owned(),
        text: "请打开 https://market.example/link/x".to_owned(),
    };
    mail.send(letter.clone()).await.expect("it is taken");
    assert_eq!(server.letters().len(), 1);
    assert!(server.letters()[0].contains("To: cun@example.org"));
    let bad = Letter {
        to: "nobody".to_owned(),
        ..letter.clone()
    };
    assert!(matches!(mail.send(bad).await, Err(MailError::Malformed(_))));
    let none = Mail::new(None).expect("no settings");
    assert!(matches!(none.send(letter).await, Err(MailError::NotConfigured)));
}

async fn who_has_an_address_is_mailed_once(app: &TestApp) {
    let server = Smtp::start().await;
    let url = server.url();
    let mailing = app.configured(|config| {
        config.mail = Some(server::config::MailSettings {
            url,
            from: "market@example.org".to_owned(),
        });
    });
    let market = mailing.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(&mailing).await;
    let lister = &market.listers[0];
    let email = "update persons set email = 'cun@example.org' where id = $1";
    mailing.sql(email, [lister.person_id.into()]).await;
    trade::place(&mailing, &market.buyers[0], &[(&offer, 1000)]).await;
    trade::place(&mailing, &market.buyers[0], &[(&offer, 1000)]).await;
    notice_mail::mail_due(&mailing).await.expect("the round ends");
    notice_mail::mail_due(&mailing).await.expect("the round ends");
    let letters = server.letters();
    assert_eq!(letters.len(), 1, "both notices in one letter, once: {letters:?}");
    assert!(letters[0].contains("cun@example.org"), "{}", letters[0]);
}

async fn what_no_server_took_is_mailed_later(app: &TestApp) {
    let nowhere = app.configured(|config| {
        config.mail = Some(server::config::MailSettings {
            url: "smtp://127.0.0.1:9".to_owned(),
            from: "market@example.org".to_owned(),
        });
    });
    let market = nowhere.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(&nowhere).await;
    let email = "update persons set email = 'cun@example.org' where id = $1";
    nowhere.sql(email, [market.listers[0].person_id.into()]).await;
    trade::place(&nowhere, &market.buyers[0], &[(&offer, 1000)]).await;
    notice_mail::mail_due(&nowhere).await.expect("the round ends");
    assert_eq!(
        nowhere
            .number("select count(*) from notices where mailed_at is null", [])
            .await,
        1
    );
}
