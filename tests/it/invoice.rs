//! Invoices: one of every seller of record over its part of the bill, exempt or not by who sells, taken back by red-letter
//! ones, with their files.

use server::services::{claim, invoice};
use shared::api::acceptance::VarianceReason;
use shared::api::claim::{ClaimAnswerIn, ClaimIn, ClaimLineIn};
use shared::api::invoice::{
    BillInvoicesOut, InvoiceAskIn, InvoiceCancelIn, InvoiceIssueIn, InvoiceOut, InvoiceQuery, RedLetterIn,
};
use shared::api::problem::{Code, FieldCode};
use shared::domain::invoice::{InvoiceKind, InvoiceStatus};
use shared::domain::money::Fen;
use tests::{Market, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    every_seller_has_one_over_its_part,
    is_issued_received_and_taken_back,
    exempt_by_who_sells,
    a_claim_unties_what_was_asked_for,
    two_ask_at_once_and_one_is_asked,
    keeps_files_as_they_are_and_no_others,
    a_unit_sees_its_own_alone,
];

/// A bill over goods of two villages, 30 and 10 yuan, of the first unit.
async fn billed(app: &TestApp) -> (Market, Uuid, Uuid) {
    let market = app.market().await;
    let one = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    let two = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    let goods = [(&one, 5_000), (&two, 1_000)];
    let signed = trade::credited(app, &market, &market.buyers[0], &goods).await;
    let bill = trade::bill_of(app, &market, 0).await;
    (market, bill.row.id, signed.acceptance.id.expect("posted"))
}

fn wanted(market: &Market, kind: InvoiceKind) -> InvoiceAskIn {
    InvoiceAskIn {
        title: market.units[0].name.clone(),
        tax_no: market.units[0].code.clone(),
        kind,
    }
}

async fn ask(app: &TestApp, market: &Market, bill: Uuid) -> BillInvoicesOut {
    let input = wanted(market, InvoiceKind::Ordinary);
    invoice::ask(app, &market.unit_finance, &app.key(), bill, input)
        .await
        .expect("the unit's finance asks")
}

fn issued(app: &TestApp, number: &str, rate_bp: i32) -> InvoiceIssueIn {
    InvoiceIssueIn {
        invoice_no: number.to_owned(),
        issued_on: app.today(),
        rate_bp,
    }
}

async fn issue(app: &TestApp, market: &Market, id: Uuid, number: &str) -> InvoiceOut {
    let input = issued(app, number, 0);
    invoice::issue(app, &market.finance, &app.key(), id, input)
        .await
        .expect("it waits")
}

async fn every_seller_has_one_over_its_part(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    let asked = ask(app, &market, bill).await;
    assert_eq!(asked.invoices.len(), 2);
    for seller in &asked.sellers {
        assert_eq!(seller.invoiced_fen, seller.billed_fen, "{seller:?}");
    }
    let sum = Fen::checked_sum(asked.invoices.iter().map(|row| row.amount_fen));
    assert_eq!(sum, Ok(Fen(4_000)), "together the bill");
    let again = wanted(&market, InvoiceKind::Ordinary);
    let again = invoice::ask(app, &market.unit_finance, &app.key(), bill, again).await;
    assert_eq!(refused(again), Code::WrongState, "nothing is left");
    for (title, tax_no, field, code) in [
        ("x", market.units[0].code.as_str(), "title", FieldCode::TooShort),
        ("示例医院", "123", "tax_no", FieldCode::BadCharacters),
        ("示例医院", "91350100M000100Y44", "tax_no", FieldCode::WrongCheck),
    ] {
        let input = InvoiceAskIn {
            title: title.to_owned(),
            tax_no: tax_no.to_owned(),
            kind: InvoiceKind::Ordinary,
        };
        let asked = invoice::ask(app, &market.unit_finance, &app.key(), bill, input).await;
        assert_eq!(wrong_fields(asked), [(field.to_owned(), code)]);
    }
    assert_eq!(app.count("notices where kind = 'invoice_asked'").await, 1);
}

async fn is_issued_received_and_taken_back(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    let asked = ask(app, &market, bill).await;
    let (one, two) = (asked.invoices[0].id, asked.invoices[1].id);
    let early = invoice::receive(app, &market.unit_finance, &app.key(), one).await;
    assert_eq!(refused(early), Code::WrongState);
    let own = invoice::issue(
        app,
        &market.unit_finance,
        &app.key(),
        one,
        issued(app, "12345678", 0),
    )
    .await;
    assert_eq!(refused(own), Code::Forbidden);
    let done = issue(app, &market, one, "2612 0000 0000 0000 0001").await;
    assert_eq!(done.row.invoice_no.as_deref(), Some("26120000000000000001"));
    let twice = issued(app, "26120000000000000001", 0);
    let twice = invoice::issue(app, &market.finance, &app.key(), two, twice).await;
    assert_eq!(wrong_fields(twice), [("invoice_no".to_owned(), FieldCode::Taken)]);
    let got = invoice::receive(app, &market.unit_finance, &app.key(), one).await;
    assert_eq!(got.expect("it is issued").row.status, InvoiceStatus::Received);
    let back = RedLetterIn {
        invoice_no: "26120000000000000002".to_owned(),
        issued_on: app.today(),
        reason: "开错抬头".to_owned(),
    };
    let gone = invoice::red_letter(app, &market.finance, &app.key(), one, back).await;
    let gone = gone.expect("it was issued");
    assert_eq!(gone.row.status, InvoiceStatus::RedLettered);
    let red = invoice::show(app, &market.finance, gone.red_id.expect("it has one")).await;
    let red = red.expect("there");
    assert_eq!(red.row.red_of, Some(one));
    assert_eq!(
        red.row.amount_fen,
        done.row.amount_fen.checked_neg().expect("small")
    );
    assert_eq!(red.other_no, done.row.invoice_no);
    // Its seller has to invoice anew, the other one stands.
    let anew = ask(app, &market, bill).await;
    assert_eq!(anew.invoices.len(), 4);
    let no = InvoiceCancelIn {
        reason: "不要了".to_owned(),
    };
    let gone = invoice::cancel(app, &market.unit_finance, &app.key(), two, no).await;
    assert_eq!(gone.expect("not issued yet").row.status, InvoiceStatus::Cancelled);
    app.assert_clean().await;
}

async fn exempt_by_who_sells(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    app.sql(
        "update sellers set kind = 'centre' where id = (select seller_id from village_orders where village_code = $1)",
        [tests::market::VILLAGES[2].0.into()],
    )
    .await;
    let input = wanted(&market, InvoiceKind::Special);
    let asked = invoice::ask(app, &market.unit_finance, &app.key(), bill, input)
        .await
        .expect("the unit's finance asks");
    let of = |exempt| {
        asked
            .invoices
            .iter()
            .find(|row| row.exempt == exempt)
            .expect("one of each")
    };
    let (village, centre) = (of(true), of(false));
    assert_eq!(
        (village.kind, centre.kind),
        (InvoiceKind::Ordinary, InvoiceKind::Special)
    );
    let taxed = invoice::issue(
        app,
        &market.finance,
        &app.key(),
        village.id,
        issued(app, "12345678", 900),
    )
    .await;
    assert_eq!(
        wrong_fields(taxed),
        [("rate_bp".to_owned(), FieldCode::NotAChoice)]
    );
    let odd = invoice::issue(
        app,
        &market.finance,
        &app.key(),
        centre.id,
        issued(app, "12345678", 500),
    )
    .await;
    assert_eq!(wrong_fields(odd), [("rate_bp".to_owned(), FieldCode::NotAChoice)]);
    let done = invoice::issue(
        app,
        &market.finance,
        &app.key(),
        centre.id,
        issued(app, "12345678", 900),
    )
    .await;
    assert_eq!(done.expect("it waits").row.tax_fen, Fen(83), "9 % within 10 yuan");
}

async fn a_claim_unties_what_was_asked_for(app: &TestApp) {
    let (market, bill, acceptance) = billed(app).await;
    let asked = ask(app, &market, bill).await;
    let shown = server::services::acceptance::show(app, &market.auditor, acceptance).await;
    let line = shown.expect("posted").lines.remove(0);
    let input = ClaimIn {
        acceptance_id: acceptance,
        lines: vec![ClaimLineIn {
            line_id: line.line_id,
            qty: None,
            asked_fen: Some(Fen(100)),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "箱底有烂的".to_owned(),
    };
    let opened = claim::open(app, &market.buyers[0], &app.key(), input)
        .await
        .expect("in time");
    let answer = ClaimAnswerIn {
        agree: true,
        lines: Vec::new(),
        words: "属实".to_owned(),
    };
    claim::answer(app, &market.driver, &app.key(), opened.row.id, answer)
        .await
        .expect("another person");
    let untied = InvoiceQuery {
        untied: true,
        ..InvoiceQuery::default()
    };
    let found = invoice::list(app, &market.finance, &untied, None, 10)
        .await
        .expect("may read");
    assert_eq!(found.items.len(), 1);
    let id = found.items[0].id;
    let late = invoice::issue(app, &market.finance, &app.key(), id, issued(app, "12345678", 0)).await;
    assert_eq!(
        wrong_fields(late),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    let no = InvoiceCancelIn {
        reason: "售后减价".to_owned(),
    };
    invoice::cancel(app, &market.finance, &app.key(), id, no)
        .await
        .expect("not issued yet");
    let anew = ask(app, &market, bill).await;
    let sum = anew.sellers.iter().map(|seller| seller.invoiced_fen);
    assert_eq!(Fen::checked_sum(sum), Ok(Fen(3_900)));
    assert_eq!(asked.invoices.len() + 1, anew.invoices.len());
}

async fn two_ask_at_once_and_one_is_asked(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    let input = wanted(&market, InvoiceKind::Ordinary);
    let keys = [app.key(), app.key()];
    let (one, two) = tokio::join!(
        invoice::ask(app, &market.unit_finance, &keys[0], bill, input.clone()),
        invoice::ask(app, &market.finance, &keys[1], bill, input.clone()),
    );
    assert_eq!([&one, &two].into_iter().filter(|done| done.is_ok()).count(), 1);
    assert_eq!(refused(if one.is_ok() { two } else { one }), Code::WrongState);
    assert_eq!(app.count("invoices").await, 2);
}

async fn keeps_files_as_they_are_and_no_others(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    let id = ask(app, &market, bill).await.invoices[0].id;
    let pdf = b"%PDF-1.7 invoice".to_vec();
    let early = invoice::attach(app, &market.finance, &app.key(), id, pdf.clone().into()).await;
    assert_eq!(refused(early), Code::WrongState);
    issue(app, &market, id, "12345678").await;
    for wrong in [
        &b"MZ\x90\0"[..],
        b"<html>",
        b"<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a/>",
        b"PK\x03\x04rest",
    ] {
        let kept = invoice::attach(app, &market.finance, &app.key(), id, wrong.to_vec().into()).await;
        assert_eq!(refused(kept), Code::UnsupportedFile);
    }
    let large = invoice::attach(app, &market.finance, &app.key(), id, vec![b'%'; 9 << 20].into()).await;
    assert_eq!(refused(large), Code::TooLarge);
    let xml = b"<?xml version=\"1.0\"?><EInvoice/>".to_vec();
    for (bytes, mime) in [(pdf, "application/pdf"), (xml, "application/xml")] {
        let kept = invoice::attach(app, &market.finance, &app.key(), id, bytes.clone().into()).await;
        assert_eq!(kept.expect("an invoice's file").file_mime.as_deref(), Some(mime));
        let (found, file) = invoice::download(app, &market.unit_finance, id)
            .await
            .expect("its own");
        assert_eq!(
            (found.as_str(), file.read().await.expect("stored")),
            (mime, bytes)
        );
    }
    let stranger = invoice::download(app, &market.buyers[1], id).await.map(drop);
    assert_eq!(refused(stranger), Code::NotFound);
}

async fn a_unit_sees_its_own_alone(app: &TestApp) {
    let (market, bill, _) = billed(app).await;
    let id = ask(app, &market, bill).await.invoices[0].id;
    let all = InvoiceQuery::default();
    for (who, count) in [
        (&market.unit_finance, 2),
        (&market.buyers[1], 0),
        (&market.auditor, 2),
    ] {
        let found = invoice::list(app, who, &all, None, 10).await.expect("may read");
        assert_eq!(found.items.len(), count, "{}", who.sign_in_name);
    }
    assert_eq!(
        refused(invoice::show(app, &market.buyers[1], id).await),
        Code::NotFound
    );
    assert_eq!(
        refused(invoice::show(app, &market.operator, id).await),
        Code::Forbidden
    );
    assert_eq!(
        refused(invoice::of_bill(app, &market.buyers[1], bill).await),
        Code::NotFound
    );
}
