//! Paying bills and villages: what tests of settlements share.

use crate::market::{VILLAGES, grant};
use crate::{Market, Person, TestApp, trade};
use server::services::ledger::{self, Posting};
use server::services::settlement as settlements;
use server::services::{bill, payee_account};
use shared::api::bill::DepositPaymentIn;
use shared::api::settlement::{
    BatchOut, ItemAnswerIn, ItemOut, ItemRow, PayeeAccountIn, SendIn, SettlementIn,
};
use shared::domain::identity::Role;
use shared::domain::ledger::{Account, AccountKind, Entries, Entry, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::settlement::PayeeKind;
use uuid::Uuid;

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

/// A second person of the centre's finance.
pub async fn second(app: &TestApp, market: &Market) -> Person {
    let role = vec![grant(Role::CentreFinance, &market.units[0], 0)];
    market.enrol(app, "finance-two", role).await
}

/// Money of a unit that came for nothing that is owed.
///
/// # Panics
/// When it is refused.
pub async fn deposit(app: &TestApp, unit: Uuid, amount: Fen) {
    let inner = app.app.clone();
    app.db
        .write(move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                let now = app.now();
                let entry = |account, amount| Entry {
                    account,
                    amount_fen: Fen(amount),
                    village: None,
                    income_source: None,
                    line_ref: None,
                };
                let posting = Posting {
                    id: app.new_id(),
                    kind: TransactionKind::ReceiptMatched,
                    document_kind: "receipt",
                    document_id: unit,
                    document_number: "T".to_owned(),
                    effective_at: now,
                    actor: None,
                    reverses: None,
                    entries: Entries::balanced(vec![
                        entry(Account::centre(AccountKind::Bank), amount.0),
                        entry(Account::of(AccountKind::UnitDeposit, unit.to_string()), -amount.0),
                    ])
                    .expect("a sum"),
                };
                ledger::post(tx, now, &posting).await
            })
        })
        .await
        .expect("it is posted");
}

/// A unit pays its newest bill in full.
///
/// # Panics
/// When it is refused.
pub async fn pay(app: &TestApp, market: &Market, unit: usize) {
    // Bills of one moment have no newest.
    app.clock.advance_s(1);
    let open = trade::bill_of(app, market, unit).await.row;
    deposit(app, market.units[unit].id, open.open_fen).await;
    let input = DepositPaymentIn {
        amount_fen: open.open_fen,
    };
    bill::pay_from_deposit(app, &market.finance, &app.key(), open.id, input)
        .await
        .expect("there is as much on deposit");
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
pub async fn sent(app: &TestApp, market: &Market, second: &Person) -> BatchOut {
    let batch = prepared(app, market).await.row.id;
    settlements::release(app, second, &app.key(), batch)
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
