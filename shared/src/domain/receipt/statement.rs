//! 银行流水: what a bank statement says, read by a layout: which column of this bank's file is which.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::{Fen, parse_yuan};
use serde::{Deserialize, Serialize};

named! {
    /// What a column of a bank statement can be.
    pub enum StatementField {
        /// 交易流水号.
        Reference = "reference",
        /// 交易日期, with the time or without.
        Day = "day",
        /// 交易时间, where it stands apart.
        Time = "time",
        /// 收入金额, or the amount of every row.
        Income = "income",
        /// 支出金额.
        Outgoing = "outgoing",
        /// 借贷标志 or 收支.
        Direction = "direction",
        /// 对方户名.
        PayerName = "payer_name",
        /// 对方账号.
        PayerAccount = "payer_account",
        /// 附言.
        Remark = "remark",
        /// 摘要 or 用途.
        Purpose = "purpose",
    }
}

impl StatementField {
    /// Whether no statement can be read without it.
    #[must_use]
    pub const fn needed(self) -> bool {
        matches!(self, Self::Reference | Self::Day | Self::Income)
    }

    /// The longest text that is kept of it, in characters.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::Reference | Self::PayerAccount => 60,
            Self::PayerName => 100,
            Self::Remark | Self::Purpose => 200,
            _ => 40,
        }
    }

    /// How well a heading names it: banks call the same thing by many names, the more exact ones first.
    fn called(self) -> &'static [&'static str] {
        match self {
            Self::Reference => &[
                "交易流水号",
                "银行流水号",
                "核心流水号",
                "流水号",
                "交易序号",
                "凭证号",
                "reference",
                "serial",
            ],
            Self::Day => &["交易日期", "记账日期", "入账日期", "交易时间", "日期", "date"],
            Self::Time => &["交易时间", "记账时间", "时间", "time"],
            Self::Income => &[
                "贷方发生额",
                "收入金额",
                "贷方金额",
                "转入金额",
                "收入",
                "贷方",
                "交易金额",
                "发生额",
                "金额",
                "credit",
                "amount",
            ],
            Self::Outgoing => &[
                "借方发生额",
                "支出金额",
                "借方金额",
                "转出金额",
                "支出",
                "借方",
                "debit",
            ],
            Self::Direction => &[
                "借贷标志",
                "借贷方向",
                "收支方向",
                "收支",
                "借贷",
                "方向",
                "direction",
            ],
            Self::PayerName => &[
                "对方户名",
                "对方名称",
                "对方单位",
                "付款人名称",
                "付款人户名",
                "付款人",
                "户名",
                "payer",
            ],
            Self::PayerAccount => &[
                "对方账号",
                "对方账户",
                "对方帐号",
                "付款人账号",
                "付款账号",
                "账号",
                "account",
            ],
            Self::Remark => &["附言", "备注", "交易附言", "remark"],
            Self::Purpose => &["摘要", "用途", "purpose"],
        }
    }
}

/// Which column, counted from 0, is which; the same for every file whose heading has the same fingerprint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout(pub std::collections::BTreeMap<StatementField, u16>);

impl Layout {
    /// The column of a field.
    #[must_use]
    pub fn column(&self, field: StatementField) -> Option<usize> {
        self.0.get(&field).map(|column| usize::from(*column))
    }

    /// The fields without which no row could be read.
    pub fn missing(&self) -> impl Iterator<Item = StatementField> + '_ {
        StatementField::ALL
            .into_iter()
            .filter(|field| field.needed() && !self.0.contains_key(field))
    }

    /// What a heading seems to say, to be looked over by a person. No column is taken twice.
    #[must_use]
    pub fn guess(heading: &[String]) -> Self {
        let mut taken = vec![false; heading.len()];
        let mut layout = Self::default();
        // What has the most exact names chooses first: 借方发生额 is no 发生额.
        for field in [
            StatementField::Reference,
            StatementField::Direction,
            StatementField::Outgoing,
            StatementField::Income,
            StatementField::PayerAccount,
            StatementField::PayerName,
            StatementField::Day,
            StatementField::Time,
            StatementField::Remark,
            StatementField::Purpose,
        ] {
            let found = field.called().iter().find_map(|name| {
                let says = |cell: &String| bare(cell).contains(name);
                heading
                    .iter()
                    .enumerate()
                    .position(|(at, cell)| !taken[at] && says(cell))
            });
            if let Some(at) = found
                && let Ok(column) = u16::try_from(at)
            {
                taken[at] = true;
                layout.0.insert(field, column);
            }
        }
        layout
    }

    /// Columns that are known.
    #[must_use]
    pub fn known(&self) -> usize {
        self.0.len()
    }
}

fn bare(cell: &str) -> String {
    cell.chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_lowercase()
}

/// Money that came, as a row of a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The bank's own number of it.
    pub reference: String,
    /// When the bank booked it.
    pub booked_at: Micros,
    /// How much.
    pub amount_fen: Fen,
    /// From whom.
    pub payer_name: String,
    /// From which account, digits alone.
    pub payer_account: String,
    /// What was written with it.
    pub remark: String,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Nothing stands where something must.
    #[error("`{0}` is empty")]
    Missing(StatementField),
    /// A text is longer than any bank writes.
    #[error("`{0}` is too long")]
    TooLong(StatementField),
    /// No day, or no time of one.
    #[error("`{0}` is no day")]
    NotADay(StatementField),
    /// No sum.
    #[error("`{0}` is no sum")]
    NotASum(StatementField),
    /// The bank has booked it on a day that is still to come.
    #[error("the day is still to come")]
    TooLate,
    /// It lies further back than statements are taken in.
    #[error("the day lies too far back")]
    TooEarly,
}

/// How many days back a statement may reach.
pub const OLDEST_D: i32 = 400;

/// Reads a row; `None` for one that is no money coming in: outgoing, of nothing, or a line of sums below the table.
///
/// # Errors
/// What is wrong with it.
pub fn read_row(layout: &Layout, cells: &[String], today: Day) -> Result<Option<Incoming>, RowError> {
    use StatementField as F;
    let cell = |field| {
        let at = layout.column(field)?;
        cells
            .get(at)
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
    };
    let Some(amount_fen) = income(cell(F::Income), cell(F::Outgoing), cell(F::Direction))? else {
        return Ok(None);
    };
    let text = |field: F| -> Result<String, RowError> {
        let text = cell(field).unwrap_or_default();
        if text.chars().count() > field.longest() {
            return Err(RowError::TooLong(field));
        }
        Ok(text.chars().filter(|c| !c.is_control()).collect())
    };
    let reference = text(F::Reference)?;
    let day = cell(F::Day);
    // Below the table stand sums, with neither a number nor a day.
    if reference.is_empty() && day.is_none() {
        return Ok(None);
    }
    if reference.is_empty() {
        return Err(RowError::Missing(F::Reference));
    }
    let (day, time) = moment(day.ok_or(RowError::Missing(F::Day))?).ok_or(RowError::NotADay(F::Day))?;
    let apart = cell(F::Time)
        .filter(|_| time == 0)
        .map(|text| time_of(text).ok_or(RowError::NotADay(F::Time)));
    let seconds = apart.transpose()?.unwrap_or(time);
    if day > today {
        return Err(RowError::TooLate);
    }
    if day < today.add_days(-OLDEST_D) {
        return Err(RowError::TooEarly);
    }
    let (remark, purpose) = (text(F::Remark)?, text(F::Purpose)?);
    Ok(Some(Incoming {
        reference,
        booked_at: day.start().plus_us(seconds * 1_000_000),
        amount_fen,
        payer_name: text(F::PayerName)?,
        payer_account: account_digits(&text(F::PayerAccount)?),
        remark: [remark, purpose]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    }))
}

/// An account number without what stands between its digits.
#[must_use]
pub fn account_digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// What came in; `None` when nothing did.
fn income(
    income: Option<&str>,
    outgoing: Option<&str>,
    direction: Option<&str>,
) -> Result<Option<Fen>, RowError> {
    let sum = |text: Option<&str>, field| match text {
        // Banks write a dash for nothing.
        None | Some("-" | "--" | "—") => Ok(Fen::ZERO),
        Some(text) => {
            parse_yuan(text.strip_prefix('+').unwrap_or(text)).map_err(|_| RowError::NotASum(field))
        }
    };
    let amount = sum(income, StatementField::Income)?;
    let out = sum(outgoing, StatementField::Outgoing)?;
    let leaves = direction.is_some_and(|word| {
        let word = word.to_lowercase();
        ["借", "支", "付", "出", "往"]
            .iter()
            .any(|sign| word.contains(sign))
            || ["d", "dr", "debit"].contains(&word.as_str())
    });
    let comes = amount > Fen::ZERO && out.is_zero() && !leaves;
    Ok(comes.then_some(amount))
}

/// A day and the seconds since its beginning, as banks write them: `2026-11-21`, `2026/11/21 10:22:33`, `20261121`,
/// `20261121102233`, `2026年11月21日`.
fn moment(text: &str) -> Option<(Day, i64)> {
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let (first, rest) = numbers.split_first()?;
    let number = |text: &str| text.parse::<u32>().ok();
    if first.len() == 8 || first.len() == 14 {
        let (day, time) = first.split_at(8);
        let day = Day::from_ymd(
            day.get(..4)?.parse().ok()?,
            number(day.get(4..6)?)?,
            number(day.get(6..)?)?,
        )
        .ok()?;
        let time = if time.is_empty() {
            rest.concat()
        } else {
            time.to_owned()
        };
        return Some((day, time_of(&time)?));
    }
    let [month, date, time @ ..] = rest else {
        return None;
    };
    if first.len() != 4 {
        return None;
    }
    let day = Day::from_ymd(first.parse().ok()?, number(month)?, number(date)?).ok()?;
    Some((day, time_of(&time.join(":"))?))
}

/// Seconds since the beginning of the day: `10:22:33`, `10:22`, `102233`, or nothing.
fn time_of(text: &str) -> Option<i64> {
    let mut digits: Vec<i64> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    if let [whole] = digits[..]
        && text.len() == 6
    {
        digits = vec![whole / 10_000, whole / 100 % 100, whole % 100];
    }
    let part = |at: usize, most: i64| {
        let value = digits.get(at).copied().unwrap_or(0);
        (value <= most).then_some(value)
    };
    Some(part(0, 23)? * 3600 + part(1, 59)? * 60 + part(2, 59)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::heading;

    fn cells(row: &str) -> Vec<String> {
        row.split('|').map(str::to_owned).collect()
    }

    fn today() -> Day {
        Day::from_ymd(2026, 11, 23).expect("a day")
    }

    #[test]
    fn headings_of_banks_are_understood() {
        let rows = [
            "账号|0200123456789012345",
            "起止日期|20261101-20261123",
            "交易日期|交易时间|借方发生额|贷方发生额|余额|对方户名|对方账号|交易流水号|附言|摘要",
            "2026-11-21|10:22:33||12,000.00|1.00|示例医院|6222 0011|A1|7KHM-3PXA|货款",
        ]
        .map(cells);
        assert_eq!(heading::at(&rows, |row| Layout::guess(row).known()), 2);
        let layout = Layout::guess(&rows[2]);
        assert_eq!(layout.missing().count(), 0);
        let row = read_row(&layout, &rows[3], today())
            .expect("it is good")
            .expect("it came in");
        assert_eq!(row.reference, "A1");
        assert_eq!(row.amount_fen, Fen(1_200_000));
        assert_eq!(row.booked_at.format_full(), "2026-11-21 10:22:33");
        assert_eq!(
            (row.payer_account.as_str(), row.remark.as_str()),
            ("62220011", "7KHM-3PXA 货款")
        );
    }

    #[test]
    fn what_leaves_is_no_receipt() {
        let layout = Layout::guess(&cells("日期|流水号|收支|金额"));
        for (row, comes) in [
            ("2026-11-21|1|收入|5.00", true),
            ("2026-11-21|1|支出|5.00", false),
            ("2026-11-21|1|贷|5.00", true),
            ("2026-11-21|1|借|5.00", false),
            ("2026-11-21|1|D|5.00", false),
            ("2026-11-21|1|C|+5.00", true),
            ("2026-11-21|1||-5.00", false),
            ("2026-11-21|1||0.00", false),
            ("|||99.00", false),
        ] {
            let read = read_row(&layout, &cells(row), today()).expect("it is good");
            assert_eq!(read.is_some(), comes, "{row}");
        }
    }

    #[test]
    fn days_are_read_as_banks_write_them() {
        for text in [
            "2026-11-21 10:22:33",
            "2026/11/21 10:22:33",
            "20261121 10:22:33",
            "20261121102233",
            "2026年11月21日 10:22:33",
            "20261121 102233",
        ] {
            let (day, seconds) = moment(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (day.format_short().as_str(), seconds),
                ("11-21", 37_353),
                "{text}"
            );
        }
        for wrong in ["", "2026-13-01", "20261341", "yesterday", "2026-11-21 25:00"] {
            assert!(moment(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_bad_row_says_why() {
        use StatementField as F;
        let layout = Layout::guess(&cells("日期|流水号|收入金额|支出金额"));
        for (row, error) in [
            ("2026-11-21||5.00|", RowError::Missing(F::Reference)),
            ("|1|5.00|", RowError::Missing(F::Day)),
            ("11-21|1|5.00|", RowError::NotADay(F::Day)),
            ("2026-11-21|1|five|", RowError::NotASum(F::Income)),
            ("2026-11-24|1|5.00|", RowError::TooLate),
            ("2020-11-21|1|5.00|", RowError::TooEarly),
        ] {
            assert_eq!(read_row(&layout, &cells(row), today()), Err(error), "{row}");
        }
        let long = format!("2026-11-21|{}|5.00|", "1".repeat(61));
        assert_eq!(
            read_row(&layout, &cells(&long), today()),
            Err(RowError::TooLong(F::Reference))
        );
    }
}
