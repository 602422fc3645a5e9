//! 村集体收入对账单: what a village was credited with in a year or month, by source and line by line; what of it the
//! units have paid and the village has received stands beside it.

use super::{Body, ISSUER, NONE, Paper, yuan, yuan_or_none};
use frontend::text::Lang;
use frontend::text::status::Status as _;
use shared::domain::calendar::Day;
use shared::domain::ledger::IncomeSource;
use shared::domain::money::{Fen, MoneyError};

/// What a statement says.
#[derive(Clone, Debug)]
pub struct IncomeFacts {
    /// The village with its town.
    pub village: String,
    /// Its code.
    pub village_code: String,
    /// The year.
    pub year: i32,
    /// The month, when it is over one.
    pub month: Option<u32>,
    /// The year's target.
    pub target_fen: Fen,
    /// Every line, oldest first.
    pub lines: Vec<IncomeLine>,
}

/// A credit, or a correction of one.
#[derive(Clone, Debug)]
pub struct IncomeLine {
    /// Its place in the village's chain.
    pub seq: i64,
    /// The day it took effect.
    pub day: Day,
    /// The document's number.
    pub document: String,
    /// The goods, and on a line below their amount and price; or what kind of event it was.
    pub what: String,
    /// The unit, where one bought.
    pub unit: String,
    /// The source.
    pub source: IncomeSource,
    /// Credited; a correction is negative.
    pub credited_fen: Fen,
    /// Of that, paid by the unit; `None` where no unit pays.
    pub paid_fen: Option<Fen>,
    /// Of that, settled to the village.
    pub settled_fen: Option<Fen>,
}

/// The sums of some lines.
#[derive(Clone, Copy, Default)]
struct Sums {
    lines: usize,
    credited: Fen,
    paid: Fen,
    settled: Fen,
}

impl Sums {
    fn of<'l>(lines: impl Iterator<Item = &'l IncomeLine>) -> Result<Self, MoneyError> {
        let mut sums = Self::default();
        for line in lines {
            sums.lines += 1;
            sums.credited = sums.credited.checked_add(line.credited_fen)?;
            sums.paid = sums.paid.checked_add(line.paid_fen.unwrap_or_default())?;
            sums.settled = sums.settled.checked_add(line.settled_fen.unwrap_or_default())?;
        }
        Ok(sums)
    }

    fn row(self, name: &str) -> [String; 5] {
        [
            name.to_owned(),
            self.lines.to_string(),
            yuan(self.credited),
            yuan(self.paid),
            yuan(self.settled),
        ]
    }
}

/// The statement.
///
/// # Errors
/// Its sums cannot be held.
pub fn income(facts: &IncomeFacts) -> Result<Paper, MoneyError> {
    let all = Sums::of(facts.lines.iter())?;
    let mut sources = Vec::new();
    for source in IncomeSource::ALL {
        let of_source = Sums::of(facts.lines.iter().filter(|line| line.source == source))?;
        if of_source.lines > 0 {
            sources.push(of_source.row(source.word(Lang::Zh)));
        }
    }
    let over = facts.month.map_or_else(
        || format!("{0}年1月1日至{0}年12月31日", facts.year),
        |month| format!("{}年{month}月", facts.year),
    );
    let chain = facts.lines.first().zip(facts.lines.last());
    // A month that is over shall say the same for ever: how far the year has come is not on it.
    let of_year = |words: String| {
        if facts.month.is_none() {
            words
        } else {
            String::new()
        }
    };
    Ok(Paper {
        kind: "村集体收入对账单".to_owned(),
        title: facts.village.clone(),
        issuer: ISSUER,
        dated: None,
        facts: vec![
            ("村编码", facts.village_code.clone()),
            ("账期", over),
            ("年度目标", of_year(facts.target_fen.format_cny())),
            ("目标完成", of_year(share(all.credited, facts.target_fen))),
            (
                "账链序号",
                chain.map_or_else(String::new, |(first, last)| {
                    format!("第 {} 至第 {} 节", first.seq, last.seq)
                }),
            ),
        ],
        sum_of: "已入账集体收入",
        sum: all.credited.format_cny(),
        upper: all.credited.to_chinese_upper(),
        more: vec![
            ("其中单位已付", all.paid.format_cny()),
            ("其中已拨付到村", all.settled.format_cny()),
        ],
        body: Body::Income {
            sources,
            sums: vec![all.row("合计")],
            lines: facts.lines.iter().map(line).collect(),
            places: ["区绿食中心（盖章）", "村集体（盖章）", "日期"],
        },
        notes: vec![
            "已入账：双方签字验收后计入村集体，一分不差；单位已付：采购单位的款已到账；已拨付：款已到村。"
                .to_owned(),
            "入账是集体收入，不是销售额；负数是对以前入账的更正。".to_owned(),
        ],
    })
}

/// How much of the target is reached, in tenths of a percent, rounded down.
fn share(credited: Fen, target: Fen) -> String {
    if target <= Fen::ZERO {
        return String::new();
    }
    let tenths = i128::from(credited.0.max(0)) * 1000 / i128::from(target.0);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn line(line: &IncomeLine) -> [String; 7] {
    let unit = if line.unit.is_empty() {
        NONE.to_owned()
    } else {
        line.unit.clone()
    };
    [
        line.day.format_short(),
        line.document.clone(),
        line.what.clone(),
        unit,
        yuan(line.credited_fen),
        yuan_or_none(line.paid_fen),
        yuan_or_none(line.settled_fen),
    ]
}
