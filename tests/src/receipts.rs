//! Money that comes to the bank: statements taken in, matched by one person of the centre's finance, confirmed by another.

use crate::{Market, TestApp};
use server::services::receipt;
use server::store::work::Counts;
use shared::api::receipt::{
    BankAccountIn, ConfirmIn, MatchBillIn, MatchIn, ReceiptOut, ReceiptQuery, StatementLayoutIn,
};
use shared::domain::money::Fen;
use shared::domain::receipt::statement::StatementField;
use uuid::Uuid;

/// The heading of the statements that are written here.
pub const HEADING: &str = "交易日期,流水号,贷方发生额,借方发生额,对方户名,对方账号,附言";

/// A row of a statement.
#[derive(Clone, Debug)]
pub struct Row {
    /// The bank's number.
    pub reference: String,
    /// What came in.
    pub amount_fen: Fen,
    /// From whom.
    pub payer: String,
    /// From which account.
    pub account: String,
    /// What was written with it.
    pub remark: String,
}

impl Row {
    /// Money of which nothing is known but the remark.
    #[must_use]
    pub fn new(reference: &str, amount_fen: Fen, remark: &str) -> Self {
        Self {
            reference: reference.to_owned(),
            amount_fen,
            payer: String::new(),
            account: String::new(),
            remark: remark.to_owned(),
        }
    }

    /// The same from somebody.
    #[must_use]
    pub fn from(mut self, payer: &str, account: &str) -> Self {
        payer.clone_into(&mut self.payer);
        account.clone_into(&mut self.account);
        self
    }
}

/// A statement of these rows, all of today.
#[must_use]
pub fn statement(app: &TestApp, rows: &[Row]) -> String {
    let mut text = format!("{HEADING}\n");
    for row in rows {
        text.push_str(&format!(
            "{},{},{},,{},{},{}\n",
            app.today(),
            row.reference,
            row.amount_fen.format_plain(),
            row.payer,
            row.account,
            row.remark
        ));
    }
    text
}

/// Which of its columns is which.
#[must_use]
pub fn layout() -> StatementLayoutIn {
    use StatementField as F;
    StatementLayoutIn::in_order([
        F::Day,
        F::Reference,
        F::Income,
        F::Outgoing,
        F::PayerName,
        F::PayerAccount,
        F::Remark,
    ])
}

/// The centre's account, added if there is none yet.
///
/// # Panics
/// When the centre's finance may not.
pub async fn account(app: &TestApp, market: &Market) -> Uuid {
    let known = receipt::accounts(app, &market.finance)
        .await
        .expect("may be read");
    if let Some(account) = known.first() {
        return account.id;
    }
    let input = BankAccountIn {
        name: "货款专户".to_owned(),
        bank: "示例银行".to_owned(),
        account_no: "0200 1234 5678".to_owned(),
    };
    let added = receipt::add_account(app, &market.finance, &app.key(), &input).await;
    added.expect("the first account").id
}

/// Takes rows in, as the centre's finance.
///
/// # Panics
/// When the statement is refused as a whole.
pub async fn arrive(app: &TestApp, market: &Market, rows: &[Row]) -> Counts {
    let account = account(app, market).await;
    let text = statement(app, rows);
    receipt::take_in(app, &market.finance, account, &layout(), text.as_bytes())
        .await
        .expect("a table of text is read")
}

/// The receipt of a bank's number.
///
/// # Panics
/// When there is none.
pub async fn receipt(app: &TestApp, market: &Market, reference: &str) -> ReceiptOut {
    let query = ReceiptQuery {
        text: Some(reference.to_owned()),
        ..ReceiptQuery::default()
    };
    let found = receipt::list(app, &market.finance, &query, None, 1)
        .await
        .expect("may be read");
    let id = found.items.first().expect("it was taken in").id;
    receipt::show(app, &market.finance, id)
        .await
        .expect("it is there")
}

/// What says that a receipt pays these bills and, with the rest, the deposit.
#[must_use]
pub fn pays(unit_id: Uuid, bills: &[(Uuid, Fen)], deposit_fen: Fen) -> MatchIn {
    MatchIn {
        unit_id,
        bills: bills
            .iter()
            .map(|(bill_id, amount_fen)| MatchBillIn {
                bill_id: *bill_id,
                amount_fen: *amount_fen,
            })
            .collect(),
        deposit_fen,
        note: String::new(),
    }
}

/// A unit pays by bank transfer: the money comes, one person says what it pays, another confirms. Answers the receipt.
///
/// # Panics
/// When a step is refused.
pub async fn paid(
    app: &TestApp,
    market: &Market,
    unit: usize,
    bills: &[(Uuid, Fen)],
    deposit_fen: Fen,
) -> ReceiptOut {
    let paid = bills.iter().map(|(_, sum)| *sum).chain([deposit_fen]);
    let amount = Fen::checked_sum(paid).expect("the test's sums are small");
    let reference = app.new_id().simple().to_string();
    arrive(app, market, &[Row::new(&reference, amount, "")]).await;
    let came = receipt(app, market, &reference).await;
    let said = pays(market.units[unit].id, bills, deposit_fen);
    let said = receipt::propose(app, &market.finance, &app.key(), came.row.id, said)
        .await
        .expect("it lies in suspense");
    let match_id = said.matches[0].id;
    receipt::confirm(
        app,
        &market.second_finance,
        &app.key(),
        came.row.id,
        ConfirmIn { match_id },
    )
    .await
    .expect("another person confirms")
}
