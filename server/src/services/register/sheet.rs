//! The cells of a register's row: every refusal names its cell.

use crate::documents::sheet::Raw;
use shared::api::import::{BadRow, Column};
use shared::api::problem::FieldCode;
use shared::domain::calendar::Day;

/// How much of a wrong value is shown back, in characters.
const SHOWN: usize = 60;

/// A refused row.
pub fn bad_row(line: u64, column: &str, value: &str, code: FieldCode, bound: Option<String>) -> BadRow {
    let value = value.chars().take(SHOWN).collect();
    BadRow {
        line,
        column: column.to_owned(),
        value,
        code,
        bound,
        detail: String::new(),
    }
}

/// Where the columns of a register stand in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    places: Vec<(&'static str, usize)>,
    /// The columns that the file must have and has not.
    pub missing: Vec<BadRow>,
}

impl Heading {
    /// Finds the columns by their keys or their words, in whatever order they stand.
    pub fn of(columns: &'static [Column], cells: &[String]) -> Self {
        let bare = |cell: &String| {
            let cell = cell.split(['(', '(', '*', '＊']).next().unwrap_or_default();
            cell.trim().to_lowercase()
        };
        let names: Vec<(String, String)> = cells
            .iter()
            .map(|cell| (cell.trim().to_lowercase(), bare(cell)))
            .collect();
        let mut heading = Self {
            places: Vec::new(),
            missing: Vec::new(),
        };
        for column in columns {
            let zh = bare(&column.zh.to_owned());
            let en = column.en.to_lowercase();
            let found = names.iter().position(|(whole, short)| {
                whole == column.key || *whole == en || *short == zh || short == column.key
            });
            match found {
                Some(place) => heading.places.push((column.key, place)),
                None if column.needed => {
                    heading
                        .missing
                        .push(bad_row(1, column.key, "", FieldCode::Required, None));
                }
                None => {}
            }
        }
        heading
    }
}

/// The cells of one row. The first refusal is kept.
pub struct Cells<'r> {
    heading: &'r Heading,
    raw: &'r Raw,
    /// Why the row is refused.
    pub problem: Option<BadRow>,
}

impl<'r> Cells<'r> {
    /// The cells of a row under a heading.
    pub const fn new(heading: &'r Heading, raw: &'r Raw) -> Self {
        Self {
            heading,
            raw,
            problem: None,
        }
    }

    /// What stands in a column.
    pub fn cell(&self, column: &str) -> &'r str {
        let place = self.heading.places.iter().find(|(key, _)| *key == column);
        place
            .and_then(|(_, place)| self.raw.cells.get(*place))
            .map_or("", |cell| cell.trim())
    }

    /// What stands in a column, with full-width digits, letters and signs made narrow.
    pub fn narrow(&self, column: &str) -> String {
        let narrow = |c: char| match c {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            c => c,
        };
        self.cell(column)
            .chars()
            .map(narrow)
            .collect::<String>()
            .trim()
            .to_owned()
    }

    /// Refuses the row because of a cell.
    pub fn refuse(&mut self, column: &str, code: FieldCode, bound: Option<String>) {
        if self.problem.is_none() {
            self.problem = Some(bad_row(self.raw.line, column, self.cell(column), code, bound));
        }
    }

    /// A text of at most so many characters; an empty one is refused.
    pub fn text(&mut self, column: &str, max: usize) -> Option<String> {
        match self.maybe_text(column, max) {
            None if self.cell(column).is_empty() => {
                self.refuse(column, FieldCode::Required, None);
                None
            }
            text => text,
        }
    }

    /// A text of at most so many characters; `None` when empty.
    pub fn maybe_text(&mut self, column: &str, max: usize) -> Option<String> {
        let text = self.cell(column);
        if text.chars().count() > max {
            self.refuse(column, FieldCode::TooLong, Some(max.to_string()));
        } else if text.chars().any(char::is_control) {
            self.refuse(column, FieldCode::BadCharacters, None);
        } else if !text.is_empty() {
            return Some(text.to_owned());
        }
        None
    }

    /// A code of exactly so many digits.
    pub fn digits(&mut self, column: &str, length: usize) -> Option<String> {
        if self.cell(column).is_empty() {
            self.refuse(column, FieldCode::Required, None);
            return None;
        }
        self.maybe_digits(column, length)
    }

    /// A code of exactly so many digits; `None` when empty.
    pub fn maybe_digits(&mut self, column: &str, length: usize) -> Option<String> {
        let text = self.narrow(column);
        let count = text.chars().count();
        if text.is_empty() {
            return None;
        } else if !text.bytes().all(|b| b.is_ascii_digit()) {
            self.refuse(column, FieldCode::BadCharacters, None);
        } else if count < length {
            self.refuse(column, FieldCode::TooShort, Some(length.to_string()));
        } else if count > length {
            self.refuse(column, FieldCode::TooLong, Some(length.to_string()));
        } else {
            return Some(text);
        }
        None
    }

    /// Yes or no; `None` when empty.
    pub fn yes_or_no(&mut self, column: &str) -> Option<bool> {
        match self.narrow(column).to_lowercase().as_str() {
            "" => None,
            "1" | "true" | "yes" | "y" | "是" | "√" => Some(true),
            "0" | "false" | "no" | "n" | "否" => Some(false),
            _ => {
                self.refuse(column, FieldCode::NotAChoice, None);
                None
            }
        }
    }

    /// A whole number within bounds; `None` when empty.
    pub fn whole(&mut self, column: &str, min: i32, max: i32) -> Option<i32> {
        let text = self.narrow(column);
        if text.is_empty() {
            return None;
        }
        match text.parse::<i32>() {
            Err(_) => self.refuse(column, FieldCode::NotANumber, None),
            Ok(number) if number < min => self.refuse(column, FieldCode::TooSmall, Some(min.to_string())),
            Ok(number) if number > max => self.refuse(column, FieldCode::TooLarge, Some(max.to_string())),
            Ok(number) => return Some(number),
        }
        None
    }

    /// A sum in yuan, in fen; `None` when empty.
    pub fn yuan(&mut self, column: &str) -> Option<i64> {
        let text = self.narrow(column);
        if text.is_empty() {
            return None;
        }
        match shared::domain::money::parse_yuan(&text) {
            Ok(sum) if sum.0 > 0 => Some(sum.0),
            Ok(_) => {
                self.refuse(column, FieldCode::TooSmall, Some("0.01".to_owned()));
                None
            }
            Err(_) => {
                self.refuse(column, FieldCode::NotANumber, None);
                None
            }
        }
    }

    /// A day as `2026-11-21`, `2026/11/21`, `2026年11月21日` or `20261121`; `None` when empty.
    pub fn maybe_day(&mut self, column: &str) -> Option<Day> {
        let text = self.narrow(column);
        if text.is_empty() {
            return None;
        }
        let day = day_of(&text);
        if day.is_none() {
            self.refuse(column, FieldCode::NotADay, None);
        }
        day
    }
}

fn day_of(text: &str) -> Option<Day> {
    let text = text.split(' ').next().unwrap_or_default();
    if let Ok(day) = Day::parse(text) {
        return Some(day);
    }
    let whole = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = if whole {
        vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?]
    } else {
        text.split(['/', '.', '-', '年', '月', '日'])
            .filter(|part| !part.is_empty())
            .collect()
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    Day::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        .ok()
        .filter(|day| (1900..=2200).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_offices_write_them() {
        let expected = Day::from_ymd(2026, 3, 5).ok();
        for text in [
            "2026-03-05",
            "2026/3/5",
            "2026.3.5",
            "2026年3月5日",
            "20260305",
            "2026-03-05 00:00:00",
        ] {
            assert_eq!(day_of(text), expected, "{text}");
        }
        for text in ["昨天", "2026", "2026-13-01", "20261301", "3-5", "45000"] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }

    #[test]
    fn headings_are_found_by_key_or_word_in_any_order() {
        let columns = shared::api::import::Register::Villages.columns();
        let cells = ["村名称 *", "年度目标(元)", "village_code", "乡镇代码", "别的"].map(str::to_owned);
        let heading = Heading::of(columns, &cells);
        assert_eq!(heading.missing, vec![]);
        let raw = Raw {
            line: 2,
            cells: ["甲", "１２", "１２０１１９１２０２１４", "120119120"]
                .map(str::to_owned)
                .to_vec(),
        };
        let mut cells = Cells::new(&heading, &raw);
        assert_eq!(cells.digits("village_code", 12).as_deref(), Some("120119120214"));
        assert_eq!(cells.yuan("target_yuan"), Some(1200));
        assert_eq!(cells.cell("village"), "甲");
    }
}
