//! 操作记录: who did what to which thing, found by person, object, kind and day, together.

use server::services::audit::{self, Asked};
use server::services::work::{self, run_next};
use server::services::{person, village_order};
use shared::api::audit::{AuditKind, AuditOut};
use shared::api::problem::{Code, FieldCode};
use shared::api::work::{ExportIn, ExportList, FileFormat};
use tests::html::words;
use tests::{Market, TestApp, both, refused, trade, wrong_fields};

both![
    is_found_by_person_object_kind_and_day,
    pages_through_what_was_asked_for,
    speaks_the_readers_language,
    tells_a_village_what_was_done_for_it,
    is_found_by_number_and_written_to_a_file_as_it_is_seen,
];

async fn rows(app: &TestApp, market: &Market, asked: Asked) -> Vec<AuditOut> {
    let found = audit::list(app, &market.auditor, &asked, None, 100).await;
    found.expect("the log is read").items
}

async fn is_found_by_person_object_kind_and_day(app: &TestApp) {
    let market = app.market().await;
    let (admin, buyer) = (&market.admin, &market.buyers[0]);
    person::suspend(app, admin, buyer.person_id, true)
        .await
        .expect("suspended");
    app.pass_hours(48);
    person::suspend(app, admin, buyer.person_id, false)
        .await
        .expect("let in");
    person::suspend(app, admin, market.buyers[1].person_id, true)
        .await
        .expect("suspended");
    let actions = |rows: Vec<AuditOut>| rows.into_iter().map(|row| row.action).collect::<Vec<_>>();
    for by in ["admin", " ADMIN ", "管理", &admin.person_id.to_string()] {
        let by = Asked {
            person: by.to_owned(),
            ..Asked::default()
        };
        assert_eq!(rows(app, &market, by).await.len(), 3);
    }
    let nobody = Asked {
        person: "nobody".to_owned(),
        ..Asked::default()
    };
    assert!(rows(app, &market, nobody).await.is_empty());
    let both = Asked {
        person: "admin".to_owned(),
        object: "buyer0".to_owned(),
        ..Asked::default()
    };
    let found = rows(app, &market, both.clone()).await;
    assert_eq!(found[0].object_name.as_deref(), Some("采购0"));
    assert_eq!(actions(found), ["person.unsuspend", "person.suspend"]);
    let today = Asked {
        from: Some(app.today()),
        ..both.clone()
    };
    assert_eq!(actions(rows(app, &market, today).await), ["person.unsuspend"]);
    let before = Asked {
        until: Some(app.today().add_days(-1)),
        ..both.clone()
    };
    assert_eq!(actions(rows(app, &market, before).await), ["person.suspend"]);
    let orders = Asked {
        kind: Some(AuditKind::Order),
        ..both.clone()
    };
    assert!(rows(app, &market, orders).await.is_empty());
    let rights = Asked {
        kind: Some(AuditKind::Rights),
        ..both
    };
    assert_eq!(rows(app, &market, rights).await.len(), 2);
    let turned = Asked {
        from: Some(app.today()),
        until: Some(app.today().add_days(-1)),
        ..Asked::default()
    };
    let refused_days = audit::list(app, &market.auditor, &turned, None, 10).await;
    assert_eq!(
        wrong_fields(refused_days),
        vec![("until".to_owned(), FieldCode::TooEarly)]
    );
    let stranger = audit::list(app, buyer, &Asked::default(), None, 10).await;
    assert_eq!(refused(stranger), Code::Forbidden);
    // The API asks the same.
    let api = app.api(&market.auditor).await;
    let answer = api
        .get("/api/v1/audit?person=admin&object=buyer0&kind=rights&from=2026-11-01")
        .await
        .expect(200);
    assert_eq!(answer.text().matches("\"action\"").count(), 2);
    api.get("/api/v1/audit?kind=nonsense").await.expect(422);
}

async fn pages_through_what_was_asked_for(app: &TestApp) {
    let market = app.market().await;
    for at in 0..3 {
        for suspended in [true, false] {
            person::suspend(app, &market.admin, market.buyers[at].person_id, suspended)
                .await
                .expect("done");
        }
    }
    let asked = Asked {
        person: "admin".to_owned(),
        ..Asked::default()
    };
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = audit::list(app, &market.auditor, &asked, after.as_deref(), 2)
            .await
            .expect("a page");
        seen.extend(page.items.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((all, seen.len()), (6, 6));
}

async fn speaks_the_readers_language(app: &TestApp) {
    let market = app.market().await;
    let unit = tests::market::grant(shared::domain::identity::Role::UnitApprover, &market.units[0], 0);
    person::grant(app, &market.admin, market.buyers[0].person_id, &unit, &app.key())
        .await
        .expect("given");
    let mut browser = app.signed_in(&market.auditor).await;
    let page = words(&browser.open("/audit?kind=rights&object=buyer0").await.text());
    for word in ["授予身份", "审批人", "示例单位0", "采购0", "系统管理员"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("unit_approver"), "{page}");
    let bad = browser.get("/audit?from=yesterday").await.expect(422);
    assert!(words(&bad.text()).contains("请写日期"));
    let empty = words(&browser.open("/audit?person=nobody").await.text());
    assert!(empty.contains("没有找到记录"));
}

async fn tells_a_village_what_was_done_for_it(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let order = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await.id;
    let shown = trade::show(app, &market, order).await;
    let id = shown.village_orders[0].village_order.id;
    let told = "select count(*) from notices where kind = 'acted_for'";
    let before = app.number(told, []).await;
    let answer = trade::full_answer(&shown, id);
    village_order::answer(app, &market.operator, &app.key(), id, answer)
        .await
        .expect("answered");
    assert!(app.number(told, []).await > before, "the village is told");
    let mut lister = app.signed_in(&market.listers[0]).await;
    assert!(words(&lister.open("/notices").await.text()).contains("绿食中心代本村办理"));
    // The village's own answers are no news to it.
    let order = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await.id;
    let before = app.number(told, []).await;
    trade::confirm_all(app, &market, order).await;
    assert_eq!(app.number(told, []).await, before);
    // Who acts for a village sees that they do.
    let order = trade::place(app, &market.buyers[0], &[(&offer, 500)]).await.id;
    let shown = trade::show(app, &market, order).await;
    let path = format!("/village-orders/{}", shown.village_orders[0].village_order.id);
    let mut operator = app.signed_in(&market.operator).await;
    assert!(operator.open(&path).await.text().contains("data-acting"));
    assert!(!lister.open(&path).await.text().contains("data-acting"));
}

async fn is_found_by_number_and_written_to_a_file_as_it_is_seen(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let id = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await.id;
    trade::place(app, &market.buyers[0], &[(&offer, 500)]).await;
    trade::confirm_all(app, &market, id).await;
    let shown = trade::show(app, &market, id).await;
    let object = |object: &str| Asked {
        object: object.to_owned(),
        ..Asked::default()
    };
    // An order by its number, with all that was done to its parts; a part by its own.
    let number = shown.order.number.clone();
    let found = rows(app, &market, object(&number.to_lowercase())).await;
    let actions: Vec<&str> = found.iter().map(|row| row.action.as_str()).collect();
    assert!(actions.contains(&"order.place"), "{actions:?}");
    assert!(actions.contains(&"village_order.confirm"), "{actions:?}");
    assert_eq!(
        rows(app, &market, object(&id.to_string())).await.len(),
        found.len()
    );
    let part = rows(
        app,
        &market,
        object(&shown.village_orders[0].village_order.number),
    )
    .await;
    assert!(!part.is_empty() && part.len() < found.len());
    let lot = rows(app, &market, object(&offer.lots[0].code)).await;
    assert!(
        lot.iter().any(|row| row.action == "offer.publish"),
        "the lot's offer"
    );
    assert!(rows(app, &market, object("D000000-NONE0")).await.is_empty());
    // The file has the rows that are on screen, whatever they were found by.
    for query in [
        format!("object={number}"),
        "object=buyer0".to_owned(),
        "person=caigou".to_owned(),
        "person=采购0&kind=order".to_owned(),
        "person=nobody-of-this-name".to_owned(),
    ] {
        let value = |name: &str| {
            let pair = query
                .split('&')
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            pair.unwrap_or_default().to_owned()
        };
        let asked = Asked {
            person: value("person"),
            object: value("object"),
            kind: AuditKind::from_name(&value("kind")),
            ..Asked::default()
        };
        let on_screen = rows(app, &market, asked).await.len();
        let input = ExportIn {
            list: ExportList::Audit,
            format: FileFormat::Csv,
            query: query.clone(),
        };
        let queued = work::export(app, &market.auditor, &input, &app.key()).await;
        let queued = queued.expect("the auditor may read it");
        run_next(app, app.holders[0]).await.expect("done");
        let file = work::result(app, &market.auditor, queued.id)
            .await
            .expect("a file");
        let bytes = file.read().await.expect("it is kept");
        let lines = String::from_utf8_lossy(&bytes).lines().count();
        assert_eq!(lines - 1, on_screen, "{query}");
    }
}
