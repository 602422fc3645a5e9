//! 银行回盘: what the bank's result file says of a batch, row by row. Nothing is guessed: a row that does not name one payee, its
//! sum and a known outcome is refused with its reason, and never keeps the others from counting.

use super::SettlementStatus;
use crate::domain::money::{Fen, parse_yuan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Which column of a bank's file holds what, the first being 0, and which words the bank has for its outcomes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Layout {
    /// Our reference of the payee, as the batch file has it.
    #[serde(default)]
    pub reference: Option<u16>,
    /// The account; needed where there is no reference.
    #[serde(default)]
    pub account: Option<u16>,
    /// The sum in yuan.
    #[serde(default)]
    pub amount: Option<u16>,
    /// The outcome.
    #[serde(default)]
    pub outcome: Option<u16>,
    /// The bank's reason.
    #[serde(default)]
    pub reason: Option<u16>,
    /// Words of the outcome that mean: paid.
    #[serde(default)]
    pub paid_words: Vec<String>,
    /// Words of the outcome that mean: sent back.
    #[serde(default)]
    pub bounced_words: Vec<String>,
}

/// Headings by which a column is known without being told.
const KNOWN: [(&str, &[&str]); 5] = [
    (
        "reference",
        &["业务编号", "客户流水号", "商户流水号", "批次明细号", "reference"],
    ),
    (
        "account",
        &["收款账号", "收款人账号", "对方账号", "账号", "account"],
    ),
    (
        "amount",
        &["金额", "交易金额", "金额(元)", "金额（元）", "amount"],
    ),
    (
        "outcome",
        &[
            "处理结果",
            "交易状态",
            "交易结果",
            "处理状态",
            "结果",
            "状态",
            "result",
            "status",
        ],
    ),
    (
        "reason",
        &["失败原因", "退回原因", "退汇原因", "错误信息", "备注", "reason"],
    ),
];

/// What most banks call a transfer that arrived, and one that came back.
pub const PAID_WORDS: [&str; 6] = ["成功", "交易成功", "处理成功", "已入账", "已付款", "paid"];
/// See [`PAID_WORDS`].
pub const BOUNCED_WORDS: [&str; 7] = ["失败", "交易失败", "处理失败", "退回", "退汇", "已退汇", "failed"];

impl Layout {
    /// What can be told of a file by its headings alone.
    #[must_use]
    pub fn guessed(heading: &[String]) -> Self {
        let column = |what: &str| {
            let (_, names) = KNOWN.iter().find(|(known, _)| *known == what)?;
            let at = names.iter().find_map(|name| {
                heading
                    .iter()
                    .position(|cell| cell.trim().eq_ignore_ascii_case(name))
            })?;
            u16::try_from(at).ok()
        };
        Self {
            reference: column("reference"),
            account: column("account"),
            amount: column("amount"),
            outcome: column("outcome"),
            reason: column("reason"),
            paid_words: PAID_WORDS.map(str::to_owned).to_vec(),
            bounced_words: BOUNCED_WORDS.map(str::to_owned).to_vec(),
        }
    }

    /// Columns that are known.
    #[must_use]
    pub fn known(&self) -> usize {
        [
            self.reference,
            self.account,
            self.amount,
            self.outcome,
            self.reason,
        ]
        .iter()
        .flatten()
        .count()
    }

    /// Whether rows can be read by it at all.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.outcome.is_some()
            && self.amount.is_some()
            && (self.reference.is_some() || self.account.is_some())
    }
}

/// A payee of the batch as far as a file speaks of it.
#[derive(Clone, Debug)]
pub struct Known {
    /// The item.
    pub id: Uuid,
    /// Its reference in our file.
    pub reference: String,
    /// The account.
    pub account: String,
    /// The sum.
    pub amount: Fen,
    /// Where it stands.
    pub status: SettlementStatus,
}

named! {
    /// What a row comes to.
    pub enum RowVerdict {
        /// The payee has the money.
        Confirm = "confirm",
        /// The bank sent it back.
        Bounce = "bounce",
        /// It says what is known already.
        Same = "same",
        /// It names no payee of the batch.
        NoPayee = "no_payee",
        /// It could be several payees of the batch: the account alone does not tell which.
        Ambiguous = "ambiguous",
        /// The sum is not the payee's.
        WrongSum = "wrong_sum",
        /// The outcome is none of the words that were named.
        NoOutcome = "no_outcome",
        /// Another row of the file speaks of the same payee.
        Twice = "twice",
        /// It says the opposite of what is known.
        Contradicts = "contradicts",
    }
}

impl RowVerdict {
    /// Whether the row is refused.
    #[must_use]
    pub const fn is_refused(self) -> bool {
        !matches!(self, Self::Confirm | Self::Bounce | Self::Same)
    }
}

/// What a row comes to, and of which payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub verdict: RowVerdict,
    /// The payee, where there is one.
    pub item: Option<Uuid>,
    /// The bank's reason.
    pub reason: String,
}

/// Judges rows of a file over a batch that was sent.
#[must_use]
pub fn judge(layout: &Layout, known: &[Known], rows: &[Vec<String>]) -> Vec<Judged> {
    let mut seen = BTreeSet::new();
    rows.iter()
        .map(|row| judge_row(layout, known, row, &mut seen))
        .collect()
}

fn cell(row: &[String], column: Option<u16>) -> &str {
    column
        .and_then(|at| row.get(usize::from(at)))
        .map_or("", |text| text.trim())
}

fn judge_row(layout: &Layout, known: &[Known], row: &[String], seen: &mut BTreeSet<Uuid>) -> Judged {
    let refused = |verdict, item: Option<&Known>| Judged {
        verdict,
        item: item.map(|item| item.id),
        reason: String::new(),
    };
    // A bank that pads sums writes them with commas between thousands.
    let amount = parse_yuan(&cell(row, layout.amount).replace([',', '，', ' '], "")).ok();
    let item = match find(layout, known, row, amount) {
        Ok(item) => item,
        Err(verdict) => return refused(verdict, None),
    };
    if amount != Some(item.amount) {
        return refused(RowVerdict::WrongSum, Some(item));
    }
    let said = cell(row, layout.outcome);
    let is = |words: &[String]| words.iter().any(|word| said.eq_ignore_ascii_case(word.trim()));
    let paid = match (is(&layout.paid_words), is(&layout.bounced_words)) {
        (true, false) => true,
        (false, true) => false,
        _ => return refused(RowVerdict::NoOutcome, Some(item)),
    };
    if !seen.insert(item.id) {
        return refused(RowVerdict::Twice, Some(item));
    }
    let verdict = match (item.status, paid) {
        (SettlementStatus::Sent, true) => RowVerdict::Confirm,
        (SettlementStatus::Sent, false) => RowVerdict::Bounce,
        (SettlementStatus::Confirmed, true) | (SettlementStatus::Bounced, false) => RowVerdict::Same,
        _ => RowVerdict::Contradicts,
    };
    let reason = cell(row, layout.reason);
    Judged {
        verdict,
        item: Some(item.id),
        reason: if reason.is_empty() { said } else { reason }.to_owned(),
    }
}

/// The payee that a row speaks of: by our reference where the bank gives it back, else by account and sum.
fn find<'k>(
    layout: &Layout,
    known: &'k [Known],
    row: &[String],
    amount: Option<Fen>,
) -> Result<&'k Known, RowVerdict> {
    let reference = cell(row, layout.reference);
    if !reference.is_empty() {
        return known
            .iter()
            .find(|item| item.reference == reference)
            .ok_or(RowVerdict::NoPayee);
    }
    let digits: String = cell(row, layout.account)
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let of_account: Vec<&Known> = known
        .iter()
        .filter(|item| !digits.is_empty() && item.account == digits)
        .collect();
    match of_account.as_slice() {
        [] => Err(RowVerdict::NoPayee),
        [only] => Ok(only),
        several => {
            let mut same_sum = several.iter().filter(|item| Some(item.amount) == amount);
            match (same_sum.next(), same_sum.next()) {
                (Some(item), None) => Ok(item),
                _ => Err(RowVerdict::Ambiguous),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(at: u128, account: &str, amount: i64, status: SettlementStatus) -> Known {
        Known {
            id: Uuid::from_u128(at),
            reference: format!("J1-{at:03}"),
            account: account.to_owned(),
            amount: Fen(amount),
            status,
        }
    }

    fn texts(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn every_row_is_judged_by_itself() {
        use SettlementStatus::{Bounced, Confirmed, Sent};
        let items = [
            known(1, "11111111", 100_000, Sent),
            known(2, "22222222", 200, Sent),
            known(3, "33333333", 300, Confirmed),
            known(4, "44444444", 400, Bounced),
            known(5, "11111111", 500, Sent),
            known(6, "11111111", 500, Sent),
        ];
        let heading = texts(&["业务编号", "收款账号", "金额", "处理结果", "失败原因"]);
        let layout = Layout::guessed(&heading);
        assert!(layout.is_whole());
        use RowVerdict as V;
        for (row, verdict) in [
            (["J1-001", "", "1,000.00", "成功", ""], V::Confirm),
            (["", "2222 2222", "2.00", "退汇", "户名不符"], V::Bounce),
            (["", "11111111", "1000", "成功", ""], V::Confirm),
            (["", "11111111", "5.00", "成功", ""], V::Ambiguous),
            (["J1-003", "", "3.00", "成功", ""], V::Same),
            (["J1-003", "", "3.00", "失败", ""], V::Contradicts),
            (["J1-004", "", "4.00", "退回", ""], V::Same),
            (["J1-004", "", "4.00", "成功", ""], V::Contradicts),
            (["J1-009", "", "4.00", "成功", ""], V::NoPayee),
            (["", "", "4.00", "成功", ""], V::NoPayee),
            (["J1-001", "", "1000.01", "成功", ""], V::WrongSum),
            (["J1-001", "", "", "成功", ""], V::WrongSum),
            (["J1-001", "", "1000.00", "不成功", ""], V::NoOutcome),
            (["J1-001", "", "1000.00", "", ""], V::NoOutcome),
        ] {
            let judged = judge(&layout, &items, &[texts(&row)]);
            assert_eq!(judged[0].verdict, verdict, "{row:?}");
        }
    }

    #[test]
    fn a_second_row_about_a_payee_is_refused() {
        let items = [known(1, "11111111", 100, SettlementStatus::Sent)];
        let layout = Layout::guessed(&texts(&["账号", "金额", "结果"]));
        let rows = [
            texts(&["11111111", "1.00", "成功"]),
            texts(&["11111111", "1.00", "失败"]),
        ];
        let verdicts: Vec<RowVerdict> = judge(&layout, &items, &rows)
            .into_iter()
            .map(|judged| judged.verdict)
            .collect();
        assert_eq!(verdicts, [RowVerdict::Confirm, RowVerdict::Twice]);
    }

    #[test]
    fn the_bank_s_reason_is_kept() {
        let items = [known(1, "11111111", 100, SettlementStatus::Sent)];
        let layout = Layout::guessed(&texts(&["账号", "金额", "结果", "退回原因"]));
        let judged = judge(
            &layout,
            &items,
            &[texts(&["11111111", "1", "退回", "账户已销户"])],
        );
        assert_eq!(judged[0].reason, "账户已销户");
        let judged = judge(&layout, &items, &[texts(&["11111111", "1", "退回"])]);
        assert_eq!(judged[0].reason, "退回");
    }
}
