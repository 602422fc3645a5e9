//! Paying bills and villages: what tests of settlements share.

use crate::market::VILLAGES;
use crate::{Market, TestApp, receipts, trade};
use server::services::{payee_account, settlement as settlements};
use shared::api::settlement::{
    BatchOut, ItemAnswerIn, ItemOut, ItemRow, PayeeAccountIn, SendIn, SettlementIn,
};
use shared::domain::money::Fen;
use shared::domain::settlement::PayeeKind;

/// A good account of a village, another one for each.
#[must_use]
pub fn account(village: usize) -> PayeeAccountIn {
    PayeeAccountIn {
        account_name: format!("{}股份经济合作社", VILLAGES[village].1),
        account_no: format!("0302 0412 0930 0{village:03} 456"),
        bank_name: "天津农商银行蓟州支行".to_owned(),
        cnaps: "314110000011".to_owned(),
    }
}

/// Every village has an account that the centre knows.
///
/// # Panics
/// When one is refused.
pub async fn accounts(app: &TestApp, market: &Market) {
    for (at, (code, _)) in VILLAGES.iter().enumerate() {
        let whose = (PayeeKind::Village, *code);
        payee_account::put(app, &market.finance, &app.key(), whose, account(at))
            .await
            .expect("a good account");
    }
}

/// A unit pays its newest bill in full.
///
/// # Panics
/// When it is refused.
pub async fn pay(app: &TestApp, market: &Market, unit: usize) {
    // Bills of one moment have no newest.
    app.clock.advance_s(1);
    let open = trade::bill_of(app, market, unit).await.row;
    receipts::paid(app, market, unit, &[(open.id, open.open_fen)], Fen::ZERO).await;
}

/// A batch of whatever can be paid.
///
/// # Panics
/// When there is nothing.
pub async fn prepared(app: &TestApp, market: &Market) -> BatchOut {
    settlements::prepare(app, &market.finance, &app.key(), SettlementIn::default())
        .await
        .expect("there is something to pay")
}

/// The same, released by another and sent.
///
/// # Panics
/// When a step is refused.
pub async fn sent(app: &TestApp, market: &Market) -> BatchOut {
    let batch = prepared(app, market).await.row.id;
    settlements::release(app, &market.second_finance, &app.key(), batch)
        .await
        .expect("another person releases");
    settlements::send(app, &market.finance, &app.key(), batch, SendIn { on: None })
        .await
        .expect("it is released")
}

/// The bank paid one payee of a batch.
///
/// # Panics
/// When it is refused.
pub async fn confirm(app: &TestApp, market: &Market, item: &ItemRow) -> ItemOut {
    let paid = ItemAnswerIn {
        paid: true,
        reason: String::new(),
        on: None,
    };
    settlements::answer(app, &market.finance, &app.key(), item.id, paid)
        .await
        .expect("it was sent")
}

/// The bank could not pay one payee of a batch.
///
/// # Panics
/// When it is refused.
pub async fn bounce(app: &TestApp, market: &Market, item: &ItemRow) -> ItemOut {
    let back = ItemAnswerIn {
        paid: false,
        reason: "账号与户名不符".to_owned(),
        on: None,
    };
    settlements::answer(app, &market.finance, &app.key(), item.id, back)
        .await
        .expect("it was sent")
}
