//! The bank's result file: looked at first, applied row by row, and the same file twice changes nothing.

use super::two_villages;
use server::services::settlement as settlements;
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::{BatchOut, ResultLayoutIn};
use shared::domain::settlement::BatchStatus;
use shared::domain::settlement::result::{Layout, RowVerdict};
use tests::settling::{accounts, pay, prepared, sent};
use tests::{Market, TestApp, both, refused, wrong_fields};

both![
    a_result_file_counts_once,
    a_bank_s_own_layout_is_remembered,
    only_what_was_sent_is_answered,
];

async fn on_its_way(app: &TestApp) -> (Market, BatchOut) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let batch = sent(app, &market).await;
    (market, batch)
}

async fn a_result_file_counts_once(app: &TestApp) {
    let (market, batch) = on_its_way(app).await;
    let items = &batch.items.items;
    let text = format!(
        "业务编号,收款账号,金额,处理结果,失败原因\n{},,27.00,成功,\n{},,10.00,失败,账户已销户\n{},,10.00,成功,\nX-1,,1.00,成功,\n{},,9.00,成功,\n",
        items[0].reference, items[1].reference, items[1].reference, items[0].reference
    );
    let finance = &market.finance;
    let id = batch.row.id;
    let up = async |text: &str| {
        settlements::upload(
            app,
            finance,
            &app.key(),
            id,
            "C:\\回盘.csv",
            text.to_owned().into_bytes(),
        )
        .await
    };
    let shown = up(&text).await.expect("a table");
    assert_eq!(shown.row.name, "回盘.csv");
    assert_eq!(
        (shown.confirms, shown.bounces, shown.same, shown.refused),
        (1, 1, 0, 3)
    );
    let why: Vec<(u64, RowVerdict)> = shown
        .rows
        .iter()
        .take(3)
        .map(|row| (row.line, row.verdict))
        .collect();
    assert_eq!(
        why,
        [
            (4, RowVerdict::Twice),
            (5, RowVerdict::NoPayee),
            (6, RowVerdict::WrongSum)
        ]
    );
    let transactions = app.count("ledger_transactions").await;
    assert_eq!(
        app.count("settlement_items where status = 'sent'").await,
        2,
        "looking applies nothing"
    );
    let reader = settlements::apply(app, &market.auditor, &app.key(), id, shown.row.id).await;
    assert_eq!(refused(reader), Code::Forbidden);
    let done = settlements::apply(app, finance, &app.key(), id, shown.row.id)
        .await
        .expect("good rows count");
    assert_eq!((done.confirms, done.bounces, done.same), (0, 0, 2));
    assert_eq!(app.count("ledger_transactions").await, transactions + 2);
    let batch = settlements::show(app, finance, id, None, 10)
        .await
        .expect("there");
    assert_eq!(
        (batch.row.status, batch.row.bounced_items),
        (BatchStatus::Done, 1)
    );
    assert_eq!(batch.items.items[1].reason, "账户已销户");
    app.assert_clean().await;
    let again = up(&text).await.expect("the same file");
    assert_eq!(again.row.id, shown.row.id, "the same file is one");
    settlements::apply(app, finance, &app.key(), id, again.row.id)
        .await
        .expect("nothing is left to do");
    let other = up(&format!("{text}\n")).await.expect("the same rows");
    settlements::apply(app, finance, &app.key(), id, other.row.id)
        .await
        .expect("nothing is left to do");
    assert_eq!(app.count("ledger_transactions").await, transactions + 2);
    let opposite = format!(
        "代发结果\n付款账户,0200123456789012345\n业务编号,金额,处理结果\n{},27.00,失败\n",
        batch.items.items[0].reference
    );
    let opposite = up(&opposite).await.expect("a table");
    assert_eq!(opposite.rows.len(), 1, "what stands above the headings is no row");
    assert_eq!(opposite.rows[0].verdict, RowVerdict::Contradicts);
}

async fn a_bank_s_own_layout_is_remembered(app: &TestApp) {
    let (market, batch) = on_its_way(app).await;
    let finance = &market.finance;
    let id = batch.row.id;
    let accounts: Vec<String> = batch
        .items
        .items
        .iter()
        .map(|item| item.account_no.clone())
        .collect();
    let text = format!(
        "序号,卡号,发生额,记账标志\n1,{},27.00,Y\n2,{},10.00,N\n",
        accounts[0], accounts[1]
    );
    let up = async |text: String| {
        settlements::upload(app, finance, &app.key(), id, "bank.csv", text.into_bytes())
            .await
            .expect("a table")
    };
    let shown = up(text.clone()).await;
    assert!(!shown.layout.is_whole(), "these headings tell nothing");
    let blind = settlements::apply(app, finance, &app.key(), id, shown.row.id).await;
    assert_eq!(refused(blind), Code::WrongState);
    let layout = Layout {
        account: Some(1),
        amount: Some(2),
        outcome: Some(3),
        paid_words: vec!["Y".to_owned()],
        bounced_words: vec!["N".to_owned()],
        ..Layout::default()
    };
    let read_as = async |layout: Layout| {
        settlements::read_as(
            app,
            finance,
            &app.key(),
            (id, shown.row.id),
            ResultLayoutIn { layout },
        )
        .await
    };
    let bad = read_as(Layout {
        outcome: Some(9),
        paid_words: Vec::new(),
        ..layout.clone()
    })
    .await;
    let fields: Vec<(String, FieldCode)> = wrong_fields(bad);
    assert_eq!(
        fields,
        [
            ("outcome".to_owned(), FieldCode::NotAChoice),
            ("paid_words".to_owned(), FieldCode::Required)
        ]
    );
    let read = read_as(layout.clone()).await.expect("good columns");
    assert_eq!((read.confirms, read.bounces, read.refused), (1, 1, 0));
    let next = up(format!("{text}3,1,1.00,Y\n")).await;
    assert_eq!(
        next.layout, layout,
        "the next file with these headings is read the same way"
    );
    settlements::apply(app, finance, &app.key(), id, shown.row.id)
        .await
        .expect("it can be read");
    let done = settlements::show(app, finance, id, None, 10)
        .await
        .expect("there");
    assert_eq!(done.row.status, BatchStatus::Done);
}

async fn only_what_was_sent_is_answered(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let batch = prepared(app, &market).await.row.id;
    let text = b"\xE9\x87\x91\xE9\xA2\x9D\n1\n".to_vec();
    let early = settlements::upload(app, &market.finance, &app.key(), batch, "x.csv", text).await;
    assert_eq!(refused(early), Code::WrongState);
}
