//! 账单: what a unit is to pay, for which acceptances, how, and until when.

use super::{Body, Fact, ISSUER, Paper, yuan};
use shared::domain::calendar::Day;
use shared::domain::money::{Fen, MoneyError};

/// What a bill says.
#[derive(Clone, Debug)]
pub struct BillFacts {
    /// Who pays.
    pub unit_name: String,
    /// The unit's code in the register.
    pub unit_code: String,
    /// The time it is over, in words: `2026年11月`, or an order's number.
    pub over: String,
    /// The day of the bill.
    pub issued_on: Day,
    /// The last day to pay.
    pub due_on: Day,
    /// What was accepted, by acceptance and village.
    pub lines: Vec<BillLine>,
    /// Its sum.
    pub total_fen: Fen,
    /// What claims took off; never negative.
    pub corrected_fen: Fen,
    /// What a transfer names.
    pub transfer_code: String,
    /// The centre's bank: holder, bank, account.
    pub bank: [String; 3],
}

/// A line of a bill.
#[derive(Clone, Debug)]
pub struct BillLine {
    /// The acceptance's number.
    pub acceptance: String,
    /// The day of the acceptance.
    pub day: Day,
    /// The village.
    pub village: String,
    /// The goods in a few words.
    pub goods: String,
    /// Its sum.
    pub amount_fen: Fen,
}

/// The bill. What is paid of it is not on it: the bill stays the same until it is paid.
///
/// # Errors
/// Its sum cannot be held.
pub fn bill(facts: BillFacts) -> Result<Paper, MoneyError> {
    let sum = facts.total_fen.checked_sub(facts.corrected_fen)?;
    let taken_off = facts.corrected_fen.checked_neg()?;
    let [holder, bank, account] = facts.bank;
    let due = facts.due_on.format_long();
    let more: Vec<Fact> = if taken_off.is_zero() {
        Vec::new()
    } else {
        vec![
            ("实收合计", facts.total_fen.format_cny()),
            ("售后减免", taken_off.format_cny()),
        ]
    };
    let bank: Vec<Fact> = vec![("收款人", holder), ("开户行", bank), ("账号", account)];
    Ok(Paper {
        kind: "账单".to_owned(),
        title: facts.unit_name,
        issuer: ISSUER,
        dated: Some(format!("开账日期　{}", facts.issued_on.format_long())),
        facts: vec![
            ("统一社会信用代码", facts.unit_code),
            ("账期", facts.over),
            ("付款期限", due),
        ],
        sum_of: "应付金额",
        sum: sum.format_cny(),
        upper: sum.to_chinese_upper(),
        more,
        body: Body::Bill {
            lines: facts
                .lines
                .into_iter()
                .map(|line| {
                    [
                        line.acceptance,
                        line.day.format_short(),
                        line.village,
                        line.goods,
                        yuan(line.amount_fen),
                    ]
                })
                .collect(),
            bank: bank.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            transfer_code: facts.transfer_code,
        },
        notes: vec![
            "转账附言只写上面的附言码，到账后自动对上这张账单。".to_owned(),
            "金额以双方签字的验收单为准；验收单可按编号逐张核对。".to_owned(),
        ],
    })
}
