//! A table as an office takes it away. No cell is ever a formula.

use crate::services::{Error, fault};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use shared::domain::calendar::{Day, Micros};
use shared::domain::money::Fen;
use shared::domain::work::FileFormat;
use std::io::Write as _;
use tempfile::NamedTempFile;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words, a code, a number of a document.
    Text(String),
    /// A count.
    Int(i64),
    /// A sum, shown in yuan.
    Fen(i64),
    /// An amount with its decimals.
    Decimal(String),
    /// A day.
    Day(Day),
    /// A moment, shown as in Shanghai.
    At(Micros),
}

/// Whether a spreadsheet would take a text for a formula.
pub(super) fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A text that no spreadsheet takes for a formula.
#[must_use]
pub fn guarded(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A file in the making. It grows on the disk, not in memory.
pub struct Writer(Kind);

enum Kind {
    Csv(Box<csv::Writer<NamedTempFile>>),
    Xlsx(Box<Book>),
}

/// The last row of a worksheet, counted from 0: a workbook holds no more on one (ECMA-376, part 1, 18.3.1.73).
const LAST_ROW: u32 = 1_048_575;

/// A workbook that goes on on another sheet when one is full.
struct Book {
    book: Workbook,
    title: String,
    heading: Vec<String>,
    sheet: usize,
    row: u32,
    last_row: u32,
    sum: Format,
}

impl Book {
    fn new(title: &str, heading: &[&str], last_row: u32) -> Result<Self, Error> {
        let mut book = Self {
            book: Workbook::new(),
            title: title.to_owned(),
            heading: heading.iter().map(|name| (*name).to_owned()).collect(),
            sheet: 0,
            row: 0,
            last_row,
            sum: Format::new().set_num_format("#,##0.00"),
        };
        book.begin(title).map_err(fault)?;
        Ok(book)
    }

    /// A new sheet with its heading.
    fn begin(&mut self, name: &str) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold().set_align(FormatAlign::VerticalCenter);
        let page = self.book.add_worksheet_with_constant_memory()?;
        page.set_name(name)?;
        page.set_freeze_panes(1, 0)?;
        for (column, name) in (0_u16..).zip(&self.heading) {
            page.set_column_width(column, 16)?;
            page.write_string_with_format(0, column, name, &bold)?;
        }
        self.row = 0;
        Ok(())
    }

    fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.row == self.last_row {
            self.sheet += 1;
            self.begin(&format!("{} {}", self.title, self.sheet + 1))?;
        }
        self.row += 1;
        let page = self.book.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0_u16..).zip(cells) {
            write(page, self.row, column, cell, &self.sum)?;
        }
        Ok(())
    }
}

impl Writer {
    /// A file with its heading. A workbook keeps one row in memory at a time.
    ///
    /// # Errors
    /// A fault when there is no room for it.
    pub fn new(format: FileFormat, sheet: &str, heading: &[&str]) -> Result<Self, Error> {
        match format {
            FileFormat::Csv => {
                let mut file = NamedTempFile::new().map_err(fault)?;
                file.write_all(b"\xEF\xBB\xBF").map_err(fault)?;
                let mut writer = csv::WriterBuilder::new()
                    .terminator(csv::Terminator::CRLF)
                    .buffer_capacity(64 * 1024)
                    .from_writer(file);
                writer
                    .write_record(heading.iter().map(|name| guarded(name)))
                    .map_err(fault)?;
                Ok(Self(Kind::Csv(Box::new(writer))))
            }
            FileFormat::Xlsx => Ok(Self(Kind::Xlsx(Box::new(Book::new(sheet, heading, LAST_ROW)?)))),
        }
    }

    /// One row more.
    ///
    /// # Errors
    /// A fault when there is no room for it.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Csv(writer) => writer.write_record(cells.iter().map(text_of)).map_err(fault),
            Kind::Xlsx(book) => book.row(cells).map_err(fault),
        }
    }

    /// The file, which is gone when it is dropped.
    ///
    /// # Errors
    /// A fault when there is no room for it.
    pub fn finish_file(self) -> Result<NamedTempFile, Error> {
        match self.0 {
            Kind::Csv(writer) => writer.into_inner().map_err(|error| fault(error.error())),
            Kind::Xlsx(mut book) => {
                let file = NamedTempFile::new().map_err(fault)?;
                book.book.save_to_writer(file.as_file()).map_err(fault)?;
                Ok(file)
            }
        }
    }

    /// The file's bytes: for small ones.
    ///
    /// # Errors
    /// A fault when there is no room for it.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        let file = self.finish_file()?;
        std::fs::read(file.path()).map_err(fault)
    }
}

fn write(page: &mut Worksheet, row: u32, column: u16, cell: &Cell, sum: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => Ok(()),
        Cell::Fen(fen) => page
            .write_number_with_format(row, column, yuan(*fen), sum)
            .map(drop),
        Cell::Int(number) => match i32::try_from(*number) {
            Ok(number) => page.write_number(row, column, number).map(drop),
            Err(_) => page.write_string(row, column, number.to_string()).map(drop),
        },
        Cell::Decimal(text) => page
            .write_number(row, column, text.parse::<f64>().unwrap_or_default())
            .map(drop),
        Cell::Text(text) => page.write_string(row, column, clipped(text)).map(drop),
        Cell::Day(_) | Cell::At(_) => page.write_string(row, column, text_of(cell)).map(drop),
    }
}

/// A workbook's cell holds 32,767 characters.
fn clipped(text: &str) -> String {
    text.chars().take(32_000).collect()
}

/// The number that a workbook keeps for a sum. A workbook knows no whole fen: it is only ever shown, never read back
/// into the books.
fn yuan(fen: i64) -> f64 {
    Fen(fen).format_plain().parse().unwrap_or_default()
}

/// What a cell shows on a page.
#[must_use]
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        cell => text_of(cell),
    }
}

fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Decimal(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Fen(fen) => Fen(*fen).format_plain(),
        Cell::Day(day) => day.to_string(),
        Cell::At(at) => at.format_full(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader as _, Xlsx, open_workbook};

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let mut book = Book::new("明细", &["数"], 2).expect("a new workbook");
        for number in 1..=5 {
            book.row(&[Cell::Int(number)]).expect("there is room");
        }
        let file = Writer(Kind::Xlsx(Box::new(book))).finish_file().expect("written");
        let mut read: Xlsx<_> = open_workbook(file.path()).expect("a workbook");
        assert_eq!(read.sheet_names(), ["明细", "明细 2", "明细 3"]);
        for (sheet, numbers) in [
            ("明细", &[1.0, 2.0][..]),
            ("明细 2", &[3.0, 4.0]),
            ("明细 3", &[5.0]),
        ] {
            let range = read.worksheet_range(sheet).expect("a sheet");
            let cells: Vec<Data> = range.rows().map(|row| row[0].clone()).collect();
            let expected = std::iter::once(Data::String("数".to_owned()))
                .chain(numbers.iter().map(|number| Data::Float(*number)));
            assert_eq!(cells, expected.collect::<Vec<_>>(), "{sheet}");
        }
    }
}
