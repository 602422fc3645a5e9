//! A table as an office takes it away. No cell is ever a formula.

use crate::services::{Error, fault};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet};
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

struct Book {
    book: Workbook,
    row: u32,
    sum: Format,
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
            FileFormat::Xlsx => {
                let mut book = Workbook::new();
                let page = book.add_worksheet_with_constant_memory().map_err(fault)?;
                page.set_name(sheet).map_err(fault)?;
                page.set_freeze_panes(1, 0).map_err(fault)?;
                let bold = Format::new().set_bold().set_align(FormatAlign::VerticalCenter);
                for (column, name) in (0_u16..).zip(heading) {
                    page.set_column_width(column, 16).map_err(fault)?;
                    page.write_string_with_format(0, column, *name, &bold)
                        .map_err(fault)?;
                }
                let sum = Format::new().set_num_format("#,##0.00");
                Ok(Self(Kind::Xlsx(Box::new(Book { book, row: 0, sum }))))
            }
        }
    }

    /// One row more.
    ///
    /// # Errors
    /// A fault when there is no room for it.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Error> {
        match &mut self.0 {
            Kind::Csv(writer) => writer.write_record(cells.iter().map(text_of)).map_err(fault),
            Kind::Xlsx(book) => {
                book.row += 1;
                let page = book.book.worksheet_from_index(0).map_err(fault)?;
                for (column, cell) in (0_u16..).zip(cells) {
                    write(page, book.row, column, cell, &book.sum).map_err(fault)?;
                }
                Ok(())
            }
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

fn write(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    sum: &Format,
) -> Result<(), rust_xlsxwriter::XlsxError> {
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
