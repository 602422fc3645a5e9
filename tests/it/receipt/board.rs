//! The board: what waits stands there, the oldest first; whoever has done one is led to the next, and what is refused is
//! worked on where it was.

use super::{billed, more, status};
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use tests::browser::form_on;
use tests::receipts::{Row, arrive, receipt as shown};
use tests::{Answer, TestApp, both};

both![
    leads_from_one_to_the_next,
    comes_back_with_what_was_wrong,
    lists_the_oldest_first,
];

/// The places at which texts begin, in the order of the page.
fn order(page: &Answer, texts: &[&str]) -> Vec<usize> {
    let page = page.text();
    let at = |text: &&str| {
        page.find(*text)
            .unwrap_or_else(|| panic!("{text} is on the page"))
    };
    texts.iter().map(at).collect()
}

async fn leads_from_one_to_the_next(app: &TestApp) {
    let (market, made) = billed(app).await;
    let other = more(app, &market, 1).await;
    let payer = &other.row.unit_name;
    let first = Row::new("A1", made.row.open_fen, "货款").from(&made.row.unit_name, "6201");
    arrive(app, &market, &[first]).await;
    app.pass_hours(24);
    let second = Row::new("A2", other.row.open_fen, "货款").from(payer, "6202");
    arrive(app, &market, &[second]).await;

    let mut one = app.signed_in(&market.finance).await;
    let page = one.open("/receipts/board").await;
    let ids = [
        shown(app, &market, "A1").await.row.id,
        shown(app, &market, "A2").await.row.id,
    ];
    let cards = ids.map(|id| format!("/receipts/board?receipt={id}"));
    let found = order(&page, &[&cards[0], &cards[1]]);
    assert!(found[0] < found[1], "what waits longest stands first");
    let proposal = form_on(&page, &format!("/receipts/{}/matches", ids[0]));
    let answer = one.submit(&proposal).await;
    assert_eq!(answer.header("location"), "/receipts/board");
    assert_eq!(status(app, &market, "A1").await, ReceiptStatus::MatchedByHand);
    let next = one.open("/receipts/board").await;
    let _next = form_on(&next, &format!("/receipts/{}/matches", ids[1]));

    let mut two = app.signed_in(&market.second_finance).await;
    let waits = two.open("/receipts/board?waits=1").await;
    let yes = form_on(&waits, &format!("/receipts/{}/confirm", ids[0]));
    let answer = two.submit(&yes).await;
    assert_eq!(answer.header("location"), "/receipts/board?waits=1");
    assert_eq!(status(app, &market, "A1").await, ReceiptStatus::Posted);
    let empty = two.open("/receipts/board?waits=1").await;
    assert!(empty.text().contains("都对上了"));
}

async fn comes_back_with_what_was_wrong(app: &TestApp) {
    let (market, made) = billed(app).await;
    arrive(app, &market, &[Row::new("A1", Fen(9_000), "")]).await;
    let id = shown(app, &market, "A1").await.row.id;
    let mut one = app.signed_in(&market.finance).await;
    let found = one
        .open(&format!("/receipts/board?receipt={id}&q={}", made.row.unit_name))
        .await;
    let chosen = format!("/receipts/board?receipt={id}&amp;unit={}", made.row.unit_id);
    order(&found, &[&chosen]);
    let path = format!("/receipts/board?receipt={id}&unit={}", made.row.unit_id);
    let form = one.form(&path, &format!("/receipts/{id}/matches")).await;
    // 40 yuan of the bill and 49 to the deposit are not 90.
    let answer = one.submit(&form.with("deposit_fen", "49.00")).await;
    assert_eq!(answer.status.as_u16(), 422);
    let again = form_on(&answer, &format!("/receipts/{id}/matches"));
    assert_eq!(again.value("deposit_fen"), Some("49.00"), "what was typed stays");
    assert_eq!(again.value("room"), Some("suspense"), "and it is still the board");
    let answer = one.submit(&again.with("deposit_fen", "50.00")).await;
    assert_eq!(answer.header("location"), "/receipts/board");
}

async fn lists_the_oldest_first(app: &TestApp) {
    let (market, _) = billed(app).await;
    for reference in ["A1", "A2", "A3"] {
        arrive(app, &market, &[Row::new(reference, Fen(100), "")]).await;
        app.pass_hours(24);
    }
    let api = app.api(&market.finance).await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/receipts?oldest_first=true&limit=2".to_owned();
    loop {
        let page: serde_json::Value = api.get(&path).await.json();
        let items = page["items"].as_array().expect("a page").clone();
        seen.extend(items.iter().map(|row| row["bank_reference"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/receipts?oldest_first=true&limit=2&after={next}");
    }
    assert_eq!(seen, ["\"A1\"", "\"A2\"", "\"A3\""]);
}
