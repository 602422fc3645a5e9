//! The doors through which money's papers come: a bank's statements and result files, invoices.

use super::{bombs, chance, damaged, files, send};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::{Error, invoice, receipt, settlement as settlements};
use shared::api::invoice::{InvoiceAskIn, InvoiceIssueIn};
use shared::api::settlement::UploadOut;
use shared::domain::invoice::InvoiceKind;
use shared::domain::money::Fen;
use tests::receipts::{self, Row};
use tests::{Market, TestApp, both, settling, trade};
use uuid::Uuid;

both![
    bears_damaged_statements,
    bears_damaged_results,
    bears_damaged_invoices,
];

const CSV: &str = "text/csv";

/// A table damaged as text, or as a workbook; what it says it is, and its bytes.
fn damaged_table(table: &str, chance: &mut StdRng) -> (&'static str, Vec<u8>) {
    match chance.random_range(0..4) {
        0 => (bombs::XLSX, damaged(&bombs::workbook_of(table), chance)),
        1 => {
            let whole = bombs::workbook_of(table);
            let member = chance.random_range(0..20);
            let bytes = bombs::with_a_member_changed(&whole, member, |bytes| damaged(bytes, chance));
            (bombs::XLSX, bytes)
        }
        _ => (CSV, damaged(table.as_bytes(), chance)),
    }
}

/// Every statement is taken in whole or by its good rows; the ledger never comes out of balance.
async fn bears_damaged_statements(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.finance).await;
    let account = receipts::account(app, &market).await;
    let rows: Vec<Row> = (1..6)
        .map(|at| Row::new(&format!("F{at:04}"), Fen(1_000 * at), "货款").from("示例医院", "0302 9001"))
        .collect();
    let whole = receipts::statement(app, &rows);
    let door = format!("/api/v1/bank-accounts/{account}/statements");
    let mut chance = chance();
    let mut read = 0;
    for at in 0..files() {
        let (kind, bytes) = damaged_table(&whole, &mut chance);
        let what = format!("statement {at} of kind {kind}");
        let answer = send(&api, &door, kind, bytes.clone(), &what).await;
        if !answer.status.is_success() {
            continue;
        }
        let taken = receipt::take_in(app, &market.finance, account, &receipts::layout(), &bytes).await;
        match taken {
            Ok(_) => read += 1,
            Err(error) => assert!(matches!(error, Error::Refused(_)), "{what}: {error:?}"),
        }
    }
    assert!(read > 0, "some damage leaves good rows");
    app.assert_clean().await;
}

/// Looking at a result file applies nothing, whatever stands in it; applying it answers no payee twice.
async fn bears_damaged_results(app: &TestApp) {
    let market = app.market().await;
    let batch = sent(app, &market).await;
    let items: Vec<String> = {
        let shown = settlements::show(app, &market.finance, batch, None, 10).await;
        let items = shown.expect("there").items.items;
        items
            .iter()
            .map(|item| format!("{},,{},成功,", item.reference, item.amount_fen.format_plain()))
            .collect()
    };
    let whole = format!("业务编号,收款账号,金额,处理结果,失败原因\n{}\n", items.join("\n"));
    let api = app.api(&market.finance).await;
    let door = format!("/api/v1/settlements/{batch}/results?name=a.csv");
    let booked = app.count("ledger_transactions").await;
    let mut chance = chance();
    let mut ids = Vec::<Uuid>::new();
    for at in 0..files() {
        let (kind, bytes) = damaged_table(&whole, &mut chance);
        let answer = send(
            &api,
            &door,
            kind,
            bytes,
            &format!("result file {at} of kind {kind}"),
        )
        .await;
        if answer.status.is_success() {
            let out: UploadOut = answer.json();
            ids.push(out.row.id);
        }
    }
    assert_eq!(
        app.count("ledger_transactions").await,
        booked,
        "looking applies nothing"
    );
    for id in ids {
        let applied = settlements::apply(app, &market.finance, &app.key(), batch, id).await;
        if let Err(error) = applied {
            assert!(matches!(error, Error::Refused(_)), "{id}: {error:?}");
        }
    }
    let most = i64::try_from(items.len()).expect("a few");
    assert!(
        app.count("ledger_transactions").await <= booked + most,
        "one answer a payee"
    );
    app.assert_clean().await;
}

async fn sent(app: &TestApp, market: &Market) -> Uuid {
    let offers = [
        market.list(0).per_jin(300).lot(50_000).publish(app).await,
        market.list(2).per_jin(500).lot(50_000).publish(app).await,
    ];
    let goods = [(&offers[0], 5_000), (&offers[1], 1_000)];
    trade::credited(app, market, &market.buyers[0], &goods).await;
    settling::accounts(app, market).await;
    settling::pay(app, market, 0).await;
    settling::sent(app, market).await.row.id
}

/// What is kept as an invoice's file is what was sent, or it is refused and what was kept before stays.
async fn bears_damaged_invoices(app: &TestApp) {
    let market = app.market().await;
    let id = issued(app, &market).await;
    let api = app.api(&market.finance).await;
    let door = format!("/api/v1/invoices/{id}/file");
    let papers: [(&str, &[u8]); 2] = [
        ("application/pdf", b"%PDF-1.7 invoice"),
        ("application/xml", b"<?xml version=\"1.0\"?><EInvoice/>"),
    ];
    let mut chance = chance();
    let mut last = Vec::new();
    for at in 0..files() {
        let (kind, whole) = papers[chance.random_range(0..papers.len())];
        let bytes = damaged(whole, &mut chance);
        let answer = send(
            &api,
            &door,
            kind,
            bytes.clone(),
            &format!("invoice {at} of kind {kind}"),
        )
        .await;
        if answer.status.is_success() {
            last = bytes;
        }
        if !last.is_empty() {
            let (_, file) = invoice::download(app, &market.finance, id).await.expect("kept");
            assert_eq!(file.read().await.expect("stored"), last, "invoice {at}");
        }
    }
    assert!(!last.is_empty(), "some damage leaves a paper");
}

async fn issued(app: &TestApp, market: &Market) -> Uuid {
    let offer = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&offer, 5_000)]).await;
    let bill = trade::bill_of(app, market, 0).await.row.id;
    let wanted = InvoiceAskIn {
        title: market.units[0].name.clone(),
        tax_no: market.units[0].code.clone(),
        kind: InvoiceKind::Ordinary,
    };
    let asked = invoice::ask(app, &market.unit_finance, &app.key(), bill, wanted).await;
    let id = asked.expect("the unit's finance asks").invoices[0].id;
    let paper = InvoiceIssueIn {
        invoice_no: "12345678".to_owned(),
        issued_on: app.today(),
        rate_bp: 0,
    };
    invoice::issue(app, &market.finance, &app.key(), id, paper)
        .await
        .expect("it waits");
    id
}
