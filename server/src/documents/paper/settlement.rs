//! 结算单: what a village is paid with one batch, and for what.

use super::{Body, ISSUER, Paper, yuan};
use shared::domain::calendar::Day;
use shared::domain::money::{Fen, MoneyError};

/// What a settlement statement says.
#[derive(Clone, Debug)]
pub struct SettlementFacts {
    /// The village with its town.
    pub village: String,
    /// The village's code.
    pub village_code: String,
    /// The day of the batch.
    pub day: Day,
    /// Who is paid, at which bank, on which account (shown in part).
    pub payee: [String; 3],
    /// What the bank said, in words.
    pub bank_says: String,
    /// What is paid, line by line.
    pub lines: Vec<SettlementLine>,
}

/// A line of a settlement.
#[derive(Clone, Debug)]
pub struct SettlementLine {
    /// The day it was credited.
    pub day: Day,
    /// The document's number.
    pub document: String,
    /// The goods, or why it is taken back.
    pub what: String,
    /// The unit.
    pub unit: String,
    /// What is paid for it; what is taken back is negative.
    pub amount_fen: Fen,
}

/// The statement.
///
/// # Errors
/// Its sums cannot be held.
pub fn settlement(facts: SettlementFacts) -> Result<Paper, MoneyError> {
    let sum_where = |keep: fn(&Fen) -> bool| {
        let sums = facts.lines.iter().map(|line| line.amount_fen);
        Fen::checked_sum(sums.filter(keep))
    };
    let back = sum_where(|sum| *sum < Fen::ZERO)?;
    let total = sum_where(|_| true)?;
    let more = if back.is_zero() {
        Vec::new()
    } else {
        let credited = sum_where(|sum| *sum >= Fen::ZERO)?;
        vec![("入账合计", credited.format_cny()), ("冲减", back.format_cny())]
    };
    let [holder, bank, account] = facts.payee;
    Ok(Paper {
        kind: "结算单".to_owned(),
        title: facts.village,
        issuer: ISSUER,
        dated: Some(format!("结算日期　{}", facts.day.format_long())),
        facts: vec![
            ("村编码", facts.village_code),
            ("收款人", holder),
            ("开户行", bank),
            ("账号", account),
            ("银行结果", facts.bank_says),
        ],
        sum_of: "本次拨付",
        sum: total.format_cny(),
        upper: total.to_chinese_upper(),
        more,
        body: Body::Settlement {
            lines: facts
                .lines
                .into_iter()
                .map(|line| {
                    [
                        line.day.format_short(),
                        line.document,
                        line.what,
                        line.unit,
                        yuan(line.amount_fen),
                    ]
                })
                .collect(),
            places: ["村集体经办人", "村负责人", "日期"],
        },
        notes: vec!["冲减的行是对以前入账的更正，原因见所列单据。".to_owned()],
    })
}
