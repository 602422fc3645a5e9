//! What came to the bank: every month's statement, whose rows find their bills by themselves, and today's, of which some lies
//! in suspense.

use super::cast::Cast;
use super::chance::Chance;
use crate::services::idempotency::Key;
use crate::services::{App, Error, bill, receipt};
use shared::api::bill::{BillQuery, BillRow};
use shared::api::receipt::{
    BankAccountIn, ConfirmIn, MatchBillIn, MatchIn, MatchSuggestionOut, ReceiptQuery, StatementLayoutIn,
};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use shared::domain::receipt::statement::StatementField;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Bills that may be paid.
const BILLS: i64 = 100;

/// A bill is paid on the statement that comes so many days before its last day, or later.
const AHEAD_DAYS: i32 = 20;

/// The centre's account.
pub async fn account(app: &App, cast: &Cast) -> Result<Uuid, Error> {
    let account = BankAccountIn {
        name: "货款专户".to_owned(),
        bank: "示例银行蓟州支行".to_owned(),
        account_no: "02001234567890123456".to_owned(),
    };
    let key = Key::own(app.new_id());
    Ok(receipt::add_account(app, &cast.finance, &key, &account).await?.id)
}

/// Takes in a statement by which nearly everything is paid that is due before long.
pub async fn monthly(app: &App, cast: &Cast, account: Uuid, chance: &mut Chance) -> Result<(), Error> {
    let bills = bill::list(app, &cast.finance, &BillQuery::default(), None, BILLS).await?;
    let soon = app.today().add_days(AHEAD_DAYS);
    let mut statement = Statement::new(app);
    for bill in &bills.items {
        if bill.open_fen > Fen::ZERO && bill.due_on <= soon && chance.percent(93) {
            statement.row(
                bill.open_fen,
                &bill.unit_name,
                &format!("货款 {}", bill.transfer_code),
            );
        }
    }
    receipt::take_in(app, &cast.finance, account, &layout(), statement.text.as_bytes()).await?;
    Ok(())
}

/// Takes a statement of today in; one receipt is matched by hand and confirmed, one waits for a second person.
pub async fn load(app: &App, cast: &Cast, account: Uuid, chance: &mut Chance) -> Result<(), Error> {
    let bills = bill::list(app, &cast.finance, &BillQuery::default(), None, BILLS).await?;
    let text = statement(app, &bills.items, cast, chance);
    receipt::take_in(app, &cast.finance, account, &layout(), text.as_bytes()).await?;
    let waiting = ReceiptQuery {
        status: Some(ReceiptStatus::Suspense),
        ..ReceiptQuery::default()
    };
    let waiting = receipt::list(app, &cast.finance, &waiting, None, 20).await?;
    let mut said = 0;
    for row in &waiting.items {
        let shown = receipt::show(app, &cast.finance, row.id).await?;
        let Some(first) = shown.suggestions.first().filter(|_| said < 2) else {
            continue;
        };
        said += 1;
        let key = Key::own(app.new_id());
        let shown = receipt::propose(app, &cast.finance, &key, row.id, pays(first)).await?;
        if said == 1
            && let Some(own) = shown.matches.first()
        {
            let input = ConfirmIn { match_id: own.id };
            let key = Key::own(app.new_id());
            receipt::confirm(app, &cast.second_finance, &key, row.id, input).await?;
        }
    }
    Ok(())
}

fn pays(suggestion: &MatchSuggestionOut) -> MatchIn {
    MatchIn {
        unit_id: suggestion.unit_id,
        bills: suggestion
            .bills
            .iter()
            .map(|bill| MatchBillIn {
                bill_id: bill.bill_id,
                amount_fen: bill.amount_fen,
            })
            .collect(),
        deposit_fen: suggestion.deposit_fen,
        note: "已电话核对".to_owned(),
    }
}

fn layout() -> StatementLayoutIn {
    use StatementField as F;
    StatementLayoutIn::in_order([
        F::Day,
        F::Reference,
        F::Outgoing,
        F::Income,
        F::PayerName,
        F::PayerAccount,
        F::Remark,
    ])
}

/// A statement, as the bank writes it.
struct Statement {
    today: Day,
    rows: u32,
    text: String,
}

impl Statement {
    fn new(app: &App) -> Self {
        Self {
            today: app.today(),
            rows: 0,
            text: "交易日期,交易流水号,借方发生额,贷方发生额,对方户名,对方账号,附言\n".to_owned(),
        }
    }

    fn row(&mut self, sum: Fen, payer: &str, remark: &str) {
        self.rows += 1;
        let (today, number) = (self.today, self.rows);
        let (year, month, day) = today.ymd();
        let account = payer
            .chars()
            .fold(7_u64, |sum, c| sum * 31 % 1_000_000_007 + u64::from(c));
        self.text.push_str(&format!(
            "{today},JZ{year}{month:02}{day:02}{number:05},,{},{payer},62{account:010},{remark}\n",
            sum.format_plain()
        ));
    }
}

/// Today's rows.
fn statement(app: &App, bills: &[BillRow], cast: &Cast, chance: &mut Chance) -> String {
    let own = cast.buyers.first().and_then(|buyer| buyer.grant.unit_id);
    let mut statement = Statement::new(app);
    let mut row = |sum: Fen, payer: &str, remark: &str| statement.row(sum, payer, remark);
    // Whoever tries it as the first unit still has bills to pay.
    let others = bills
        .iter()
        .filter(|bill| Some(bill.unit_id) != own && bill.open_fen > Fen::ZERO);
    let mut by_unit = BTreeMap::<_, Vec<&BillRow>>::new();
    for (at, bill) in others.enumerate() {
        match at {
            0 => row(bill.open_fen, &bill.unit_name, &mistyped(&bill.transfer_code)),
            1 => row(bill.open_fen, &bill.unit_name, "货款"),
            2 => row(Fen(bill.open_fen.0 + 5_000), &bill.unit_name, &bill.transfer_code),
            3 => row(Fen(bill.open_fen.0 / 2), &bill.unit_name, "首付款"),
            _ if chance.percent(60) => {
                row(
                    bill.open_fen,
                    &bill.unit_name,
                    &format!("货款 {}", bill.transfer_code),
                );
            }
            _ => by_unit.entry(bill.unit_id).or_default().push(bill),
        }
    }
    if let Some([one, two, ..]) = by_unit.values().find(|own| own.len() > 1).map(Vec::as_slice) {
        row(Fen(one.open_fen.0 + two.open_fen.0), &one.unit_name, "十一月货款");
    }
    row(Fen(123_456), "示例个体工商户", "往来款");
    let Statement { today, mut text, .. } = statement;
    text.push_str(&format!(
        "{today},JZ99999,860.00,,示例物流公司,6200000000001,运费\n"
    ));
    text
}

/// A code with two characters exchanged, as it is typed in a hurry.
fn mistyped(code: &str) -> String {
    let mut typed: Vec<char> = code.chars().collect();
    if let Some(at) = (0..3).find(|at| typed.get(*at) != typed.get(at + 1)) {
        typed.swap(at, at + 1);
    }
    typed.into_iter().collect()
}
