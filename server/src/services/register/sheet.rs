//! A CSV file as it comes from an office: UTF-8 with or without a mark, or GBK; every refusal names its cell.

use crate::services::Error;
use shared::api::import::BadRow;
use shared::api::problem::{Code, FieldCode};
use shared::domain::calendar::Day;

/// The largest file.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most rows.
pub const MAX_ROWS: usize = 50_000;
/// How much of a wrong value is shown back, in characters.
const SHOWN: usize = 60;

/// The text of a file.
///
/// # Errors
/// `TooLarge`; `UnsupportedFile` when it is no text.
pub fn text_of(bytes: &[u8]) -> Result<String, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::refused(Code::TooLarge));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // A spreadsheet saved as .xlsx is a zip; UTF-16 has zeroes too.
    if bytes.contains(&0) || bytes.starts_with(b"PK\x03\x04") {
        return Err(Error::refused(Code::UnsupportedFile));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if wrong {
        Err(Error::refused(Code::UnsupportedFile))
    } else {
        Ok(text.into_owned())
    }
}

/// A file read: its good rows, and what was wrong with the others.
pub struct Sheet<T> {
    /// Rows read, without the heading.
    pub rows: u32,
    /// Good rows with the line they stand on.
    pub good: Vec<(u64, T)>,
    /// Refused rows.
    pub bad: Vec<BadRow>,
}

/// Reads every row of a text whose heading has the columns `needed`.
///
/// # Errors
/// `TooLarge` for too many rows.
pub fn read<T>(
    text: &str,
    needed: &[&'static str],
    mut row_of: impl FnMut(&mut Cells<'_>) -> Option<T>,
) -> Result<Sheet<T>, Error> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let heading = reader
        .headers()
        .map_err(|_| Error::refused(Code::Malformed))?
        .clone();
    let mut sheet = Sheet {
        rows: 0,
        good: Vec::new(),
        bad: Vec::new(),
    };
    let missing = needed
        .iter()
        .filter(|column| !heading.iter().any(|name| name == **column));
    sheet
        .bad
        .extend(missing.map(|column| bad_row(1, column, "", FieldCode::Required, None)));
    if !sheet.bad.is_empty() {
        return Ok(sheet);
    }
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|_| Error::refused(Code::Malformed))?
    {
        if record.iter().all(str::is_empty) {
            continue;
        }
        sheet.rows += 1;
        if usize::try_from(sheet.rows).unwrap_or(usize::MAX) > MAX_ROWS {
            return Err(Error::refused(Code::TooLarge));
        }
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells = Cells {
            line,
            heading: &heading,
            record: &record,
            problem: None,
        };
        let row = row_of(&mut cells);
        match (cells.problem, row) {
            (Some(problem), _) => sheet.bad.push(problem),
            (None, Some(row)) => sheet.good.push((line, row)),
            (None, None) => sheet.bad.push(bad_row(line, "", "", FieldCode::Required, None)),
        }
    }
    Ok(sheet)
}

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

/// The cells of one row. The first refusal is kept.
pub struct Cells<'r> {
    line: u64,
    heading: &'r csv::StringRecord,
    record: &'r csv::StringRecord,
    problem: Option<BadRow>,
}

impl<'r> Cells<'r> {
    fn cell(&self, column: &str) -> &'r str {
        let place = self.heading.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or_default()
    }

    /// Refuses the row because of a cell.
    pub fn refuse(&mut self, column: &str, code: FieldCode, bound: Option<String>) {
        if self.problem.is_none() {
            self.problem = Some(bad_row(self.line, column, self.cell(column), code, bound));
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
        let text = self.text(column, 40)?;
        let count = text.chars().count();
        if !text.bytes().all(|b| b.is_ascii_digit()) {
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
        match self.cell(column).to_lowercase().as_str() {
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
        let text = self.cell(column);
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
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        match shared::domain::money::parse_yuan(text) {
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

    /// A day as `2026-11-21`; `None` when empty.
    pub fn maybe_day(&mut self, column: &str) -> Option<Day> {
        let text = self.cell(column);
        if text.is_empty() {
            return None;
        }
        let day = Day::parse(text).ok();
        if day.is_none() {
            self.refuse(column, FieldCode::NotADay, None);
        }
        day
    }
}
