//! Documents on paper: what they say is what is stored, the same content is the same document, and their codes tell.

mod layout;

use server::services::{bill, income, paper, village};
use shared::api::acceptance::VarianceReason;
use shared::api::bill::BillQuery;
use shared::api::paper::IssuedOut;
use shared::api::problem::Code;
use shared::domain::money::Fen;
use shared::domain::paper::{PaperKind, show_code};
use shared::domain::quantity::Qty;
use tests::market::VILLAGES;
use tests::{Market, TestApp, both, pdf, refused, trade};
use uuid::Uuid;

both![
    an_acceptance_says_what_was_signed,
    a_village_gets_its_own_part,
    what_is_not_signed_by_both_is_no_document,
    a_code_confirms_number_and_sum_and_names_nobody,
    other_content_takes_the_place_of_what_was_issued,
    a_statement_of_income_has_every_line,
    a_certificate_sums_up_a_year,
    a_bill_says_what_to_pay_and_where,
    nothing_new_is_issued_while_the_market_is_read_only
];

/// An acceptance over two villages, one line short.
async fn posted(app: &TestApp, market: &Market) -> Uuid {
    let mushrooms = market.list(0).per_jin(917).lot(100_000).publish(app).await;
    let apples = market.list(2).per_jin(333).lot(100_000).publish(app).await;
    let lines = [(&mushrooms, 12_500), (&apples, 7_500)];
    let order = trade::delivered(app, market, &market.buyers[0], &lines).await;
    let mut weighed = trade::as_expected(app, market, order).await;
    weighed.lines[0].qty = Qty(12_000);
    weighed.lines[0].reason = Some(VarianceReason::Weighing);
    weighed.lines[0].remark = "去掉了泥土".to_owned();
    let signed = trade::accept(app, market, &market.buyers[0], order, &weighed).await;
    signed.acceptance.id.expect("posted")
}

async fn issued(app: &TestApp, code: &str) -> IssuedOut {
    paper::show(app, code).await.expect("it was issued")
}

async fn an_acceptance_says_what_was_signed(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    let api = app.api(&market.buyers[0]).await;
    let answer = api
        .get(&format!("/api/v1/acceptances/{id}/pdf"))
        .await
        .expect(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    let out = server::services::acceptance::show(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let number = out.number.clone().expect("it has one");
    let name = format!("filename*=UTF-8''%E9%AA%8C%E6%94%B6%E5%8D%95-{number}.pdf");
    assert!(answer.header("content-disposition").ends_with(&name));
    let words = pdf::words(&answer.body);
    for said in [
        number,
        out.order_number.clone(),
        out.unit_name.clone(),
        out.accepted_fen.format_cny(),
        out.expected_fen.format_cny(),
        out.accepted_fen.to_chinese_upper(),
        out.transaction_id.expect("credited").to_string(),
        VILLAGES[0].1.to_owned(),
        VILLAGES[2].1.to_owned(),
        out.lines[0].lot_code.clone(),
        "24斤".to_owned(),
        "−1斤".to_owned(),
        "称重差，去掉了泥土".to_owned(),
        out.unit_signature.clone().expect("signed").name,
        out.centre_signature.clone().expect("signed").name,
        "2026年11月23日".to_owned(),
        "第1页/共1页".to_owned(),
    ] {
        let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(words.contains(&said), "{said} is missing in {words}");
    }
    // Printed again, by another who may see all of it: byte for byte the same.
    app.pass_hours(30);
    let again = paper::acceptance(app, &market.auditor, id)
        .await
        .expect("all of it");
    assert_eq!(again.bytes, answer.body);
    assert_eq!(app.count("issued_documents").await, 1);
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let page = browser.open(&format!("/acceptances/{id}")).await.text();
    assert!(
        page.contains(&format!("/acceptances/{id}/pdf")),
        "the page offers it"
    );
    assert_eq!(
        browser.get(&format!("/acceptances/{id}/pdf")).await.body,
        answer.body
    );
}

async fn a_village_gets_its_own_part(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    let whole = paper::acceptance(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let part = paper::acceptance(app, market.lister(0), id)
        .await
        .expect("its part");
    assert_ne!(whole.code, part.code);
    let words = pdf::words(&part.bytes);
    assert!(words.contains("验收单（本村部分）") && words.contains(VILLAGES[0].1));
    assert!(
        !words.contains(VILLAGES[2].1),
        "another village's lines are not on it"
    );
    assert_eq!(issued(app, &part.code).await.sum_fen, Fen(24 * 917));
    assert_eq!(issued(app, &whole.code).await.superseded_by, None);
    let stranger = paper::acceptance(app, market.lister(1), id).await;
    assert_eq!(refused(stranger), Code::NotFound);
}

async fn what_is_not_signed_by_both_is_no_document(app: &TestApp) {
    let market = app.market().await;
    let goods = market.list(0).per_jin(917).lot(100_000).publish(app).await;
    let order = trade::delivered(app, &market, &market.buyers[0], &[(&goods, 5000)]).await;
    let weighed = trade::as_expected(app, &market, order).await;
    let once = trade::sign(app, &market.buyers[0], order, &weighed).await;
    let id = once.expect("the unit signs").acceptance.id.expect("begun");
    let early = paper::acceptance(app, &market.buyers[0], id).await;
    assert_eq!(refused(early), Code::NotFound);
    assert_eq!(app.count("issued_documents").await, 0);
}

async fn a_code_confirms_number_and_sum_and_names_nobody(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    let made = paper::acceptance(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let out = server::services::acceptance::show(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let mut browser = app.browser();
    let page = browser
        .open(&format!("/d/{}", made.code))
        .await
        .expect(200)
        .text();
    let words = tests::html::words(&page);
    let number = out.number.clone().expect("it has one");
    for said in [
        number.as_str(),
        &out.accepted_fen.format_cny(),
        &out.accepted_fen.to_chinese_upper(),
        &show_code(&made.code),
        "有效",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    for hidden in [
        &out.unit_name,
        &out.unit_signature.as_ref().expect("signed").name,
        &out.centre_signature.as_ref().expect("signed").name,
    ] {
        assert!(!page.contains(hidden.as_str()), "{hidden} is nobody's business");
    }
    // Typed by hand, with strokes and small letters.
    let typed = format!("/d?code={}", show_code(&made.code).to_lowercase());
    let on = browser.get(&typed).await;
    assert_eq!(on.header("location"), format!("/d/{}", made.code));
    let forged = browser.get("/d/7K3MPQ4RXW2H9TBC").await.expect(404);
    assert!(forged.text().contains("没有这个核验码的单据"));
    let known: IssuedOut = app
        .anonymous()
        .get(&format!("/api/v1/documents/{}", made.code))
        .await
        .expect(200)
        .json();
    assert_eq!((known.kind, known.number), (PaperKind::Acceptance, number));
    assert_eq!(known.sum_fen, out.accepted_fen);
}

async fn other_content_takes_the_place_of_what_was_issued(app: &TestApp) {
    let market = app.market().await;
    let goods = market.list(0).per_jin(900).lot(100_000).publish(app).await;
    let (code, reader) = (VILLAGES[0].0, &market.auditor);
    let print = async || {
        paper::income(app, reader, code, (None, None))
            .await
            .expect("the auditor reads incomes")
    };
    trade::credited(app, &market, &market.buyers[0], &[(&goods, 1000)]).await;
    let first = print().await;
    trade::credited(app, &market, &market.buyers[0], &[(&goods, 500)]).await;
    let second = print().await;
    assert_ne!(first.code, second.code);
    let number = issued(app, &second.code).await.number;
    let old = issued(app, &first.code).await;
    assert_eq!(old.superseded_by.as_ref(), Some(&number));
    assert_eq!(old.sum_fen, Fen(1800));
    assert_eq!(issued(app, &second.code).await.superseded_by, None);
    let page = app.browser().open(&format!("/d/{}", first.code)).await.text();
    assert!(page.contains("已被替代") && page.contains(&number));

    // What says again what the first said is the first again.
    let rename = |name: &'static str| {
        let values = [name.into(), code.into()];
        app.sql("update villages set name = $1 where code = $2", values)
    };
    rename("塔院新村").await;
    let third = print().await;
    assert_eq!(
        issued(app, &second.code).await.superseded_by.as_deref(),
        Some(&*issued(app, &third.code).await.number)
    );
    rename(VILLAGES[0].1).await;
    let back = print().await;
    assert_eq!(
        (back.code.as_str(), back.bytes),
        (second.code.as_str(), second.bytes)
    );
    assert_eq!(issued(app, &second.code).await.superseded_by, None);
    assert_eq!(
        issued(app, &third.code).await.superseded_by.as_ref(),
        Some(&number)
    );
    assert_eq!(app.count("issued_documents").await, 3);
    assert_eq!(
        app.number("select count(*) from audit_rows where action = 'paper.issue'", [])
            .await,
        4,
        "three issued, one put back in its place"
    );
}

async fn a_statement_of_income_has_every_line(app: &TestApp) {
    let market = app.market().await;
    let goods = market.list(0).per_jin(917).lot(900_000).publish(app).await;
    for at in 0..7 {
        let lines = [(&goods, 1000 + 500 * at)];
        trade::credited(app, &market, &market.buyers[0], &lines).await;
    }
    let code = VILLAGES[0].0;
    let lister = market.lister(0);
    let shown = income::income(app, lister, code, None, None, 50)
        .await
        .expect("its own");
    let made = paper::income(app, lister, code, (None, None))
        .await
        .expect("its own");
    let words = pdf::words(&made.bytes);
    for line in &shown.statement.items {
        assert!(words.contains(&line.document_number), "{}", line.document_number);
        assert!(words.contains(&line.amount_fen.format_yuan()));
    }
    assert!(words.contains(&shown.total_fen.format_cny()));
    assert!(words.contains(&shown.total_fen.to_chinese_upper()));
    assert_eq!(issued(app, &made.code).await.sum_fen, shown.total_fen);
    let named = village::show(app, code).await.expect("public").village;
    assert!(words.contains(&format!("{}{}", named.town_name, named.name)));
    let month = paper::income(app, lister, code, (Some(2026), Some(11)))
        .await
        .expect("its own");
    assert_eq!(issued(app, &month.code).await.sum_fen, shown.total_fen);
    let before = paper::income(app, lister, code, (Some(2026), Some(10)))
        .await
        .expect("its own");
    assert_eq!(issued(app, &before.code).await.sum_fen, Fen::ZERO);
    assert!(pdf::words(&before.bytes).contains("零元整"));
    let wrong = paper::income(app, lister, code, (Some(2026), Some(13))).await;
    assert_eq!(refused(wrong), Code::Invalid);
}

async fn a_certificate_sums_up_a_year(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    let accepted = server::services::acceptance::show(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let another = market.list(0).per_jin(100).lot(90_000).publish(app).await;
    trade::credited(app, &market, &market.buyers[1], &[(&another, 500)]).await;
    let unit = market.units[0].id;
    // As if the money of one village's part had come.
    let paid = &accepted.lines[0];
    let values = [app.now().0.into(), paid.village_order_id.into()];
    app.sql("update village_orders set paid_at = $1 where id = $2", values)
        .await;
    let made = paper::certificate(app, &market.unit_finance, unit, None)
        .await
        .expect("its own");
    let words = pdf::words(&made.bytes);
    for said in [
        market.units[0].name.as_str(),
        &market.units[0].code,
        &accepted.accepted_fen.format_cny(),
        &accepted.accepted_fen.to_chinese_upper(),
        &paid.accepted_fen.format_cny(),
        VILLAGES[0].1,
        VILLAGES[2].1,
        "已由采购单位评价",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    assert_eq!(issued(app, &made.code).await.sum_fen, accepted.accepted_fen);
    let before = paper::certificate(app, &market.auditor, unit, Some(2025))
        .await
        .expect("an empty year");
    assert_eq!(issued(app, &before.code).await.sum_fen, Fen::ZERO);
    let values = [paid.village_order_id.into()];
    app.sql("update village_orders set paid_at = null where id = $1", values)
        .await;
    let other = paper::certificate(app, &market.buyers[1], unit, None).await;
    assert_eq!(refused(other), Code::NotFound);
    let year = paper::certificate(app, &market.auditor, unit, Some(1)).await;
    assert_eq!(refused(year), Code::Invalid);
}

async fn a_bill_says_what_to_pay_and_where(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    bill::issue(app, &market.finance, &app.key())
        .await
        .expect("the centre bills");
    let query = BillQuery::default();
    let bills = bill::list(app, &market.unit_finance, &query, None, 10)
        .await
        .expect("its own");
    let row = bills.items.first().expect("one was sent");
    let paid_to = app.configured(|config| {
        config.bank_holder = "示例中心".to_owned();
        config.bank_account = "0200 1234".to_owned();
    });
    let made = paper::bill(&paid_to, &market.unit_finance, row.id)
        .await
        .expect("its own");
    let accepted = server::services::acceptance::show(app, &market.auditor, id)
        .await
        .expect("all");
    let words = pdf::words(&made.bytes);
    for said in [
        row.number.as_str(),
        &row.transfer_code,
        &row.unit_name,
        &row.total_fen.format_cny(),
        &row.total_fen.to_chinese_upper(),
        &row.due_on.format_long(),
        &accepted.number.clone().expect("it has one"),
        VILLAGES[0].1,
        VILLAGES[2].1,
        "示例中心",
        "02001234",
    ] {
        assert!(words.contains(said), "{said} is missing in {words}");
    }
    assert!(!words.contains("开户行"), "what is not set is left out");
    assert_eq!(row.total_fen, accepted.accepted_fen);
    assert_eq!(issued(app, &made.code).await.sum_fen, row.total_fen);
    let stranger = paper::bill(app, &market.buyers[1], row.id).await;
    assert_eq!(refused(stranger), Code::NotFound);
}

async fn nothing_new_is_issued_while_the_market_is_read_only(app: &TestApp) {
    let market = app.market().await;
    let id = posted(app, &market).await;
    let made = paper::acceptance(app, &market.buyers[0], id)
        .await
        .expect("its own");
    let frozen = app.configured(|config| config.read_only = true);
    let again = paper::acceptance(&frozen, &market.buyers[0], id)
        .await
        .expect("it was issued");
    assert_eq!(again.bytes, made.bytes);
    let new = paper::certificate(&frozen, &market.buyers[0], market.units[0].id, None).await;
    assert_eq!(refused(new), Code::ReadOnly);
    assert_eq!(app.count("issued_documents").await, 1);
}
