//! A table as it comes from an office: a workbook, or text in UTF-8 with or without a mark, or GB18030.

use crate::services::Error;
use calamine::{DataRef, Reader as _, Xlsx};
use shared::api::problem::Code;
use std::borrow::Cow;
use std::io::{Cursor, Read as _};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The largest file.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The most rows.
pub const MAX_ROWS: usize = 50_000;
/// The most columns that are looked at.
const MAX_COLUMNS: usize = 100;
/// The longest cell, in bytes.
const MAX_CELL: usize = 20_000;
/// What a workbook may come to once it is unpacked.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;
/// What all cells that are read may come to: a workbook can name one long text a million times.
const MAX_TEXT: usize = 64 * 1024 * 1024;
/// The most files in a workbook.
const MAX_MEMBERS: usize = 1000;

/// A row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// The line, counting the heading as line 1.
    pub line: u64,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// What a file is read into.
pub trait Read {
    /// The heading comes first.
    fn heading(&mut self, cells: Vec<String>) -> ControlFlow<()>;
    /// Then each row that is not empty.
    fn row(&mut self, row: Raw) -> ControlFlow<()>;
}

/// Reads a file to its end, or until the reader has enough.
///
/// # Errors
/// `TooLarge`; `UnsupportedFile` when it is neither a workbook nor text; `Malformed`.
pub fn read(bytes: &[u8], to: &mut impl Read) -> Result<(), Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::refused(Code::TooLarge));
    }
    let mut counted = Counted {
        rows: 0,
        left: MAX_TEXT,
        to,
    };
    if bytes.starts_with(b"PK\x03\x04") {
        read_workbook(bytes, &mut counted)
    } else {
        read_text(&text_of(bytes)?, &mut counted)
    }
}

/// Refuses a file that could not be read to its end.
///
/// # Errors
/// As [`read`].
pub fn check(bytes: &[u8]) -> Result<(), Error> {
    struct Nobody;
    impl Read for Nobody {
        fn heading(&mut self, _: Vec<String>) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }

        fn row(&mut self, _: Raw) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
    }
    read(bytes, &mut Nobody)
}

struct Counted<'r, R> {
    rows: usize,
    left: usize,
    to: &'r mut R,
}

impl<R: Read> Counted<'_, R> {
    /// A cell's text, as long as it and all before it are not too much.
    fn cell(&mut self, text: &str) -> Result<String, Error> {
        let left = self.left.checked_sub(text.len());
        match left.filter(|_| text.len() <= MAX_CELL) {
            Some(left) => self.left = left,
            None => return Err(Error::refused(Code::TooLarge)),
        }
        Ok(text.to_owned())
    }

    fn row(&mut self, line: u64, mut cells: Vec<String>) -> Result<ControlFlow<()>, Error> {
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(ControlFlow::Continue(()));
        }
        self.rows += 1;
        if self.rows > MAX_ROWS {
            return Err(Error::refused(Code::TooLarge));
        }
        Ok(self.to.row(Raw { line, cells }))
    }
}

/// The text of a file.
fn text_of(bytes: &[u8]) -> Result<String, Error> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // UTF-16 and old workbooks have zeroes.
    if bytes.contains(&0) {
        return Err(Error::refused(Code::UnsupportedFile));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(lines_of(text));
    }
    let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if wrong {
        Err(Error::refused(Code::UnsupportedFile))
    } else {
        Ok(lines_of(&text))
    }
}

/// One kind of line end: a reader of CSV counts lines by it, and names the wrong line otherwise.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn read_text(text: &str, to: &mut Counted<'_, impl Read>) -> Result<(), Error> {
    let malformed = |_| Error::refused(Code::Malformed);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut headed = false;
    while reader.read_record(&mut record).map_err(malformed)? {
        let cells = record
            .iter()
            .take(MAX_COLUMNS)
            .map(|cell| to.cell(unguarded(cell)));
        let cells: Vec<String> = cells.collect::<Result<_, _>>()?;
        let line = record.position().map_or(0, csv::Position::line);
        let flow = if headed {
            to.row(line, cells)?
        } else {
            headed = true;
            to.to.heading(cells)
        };
        if flow.is_break() {
            return Ok(());
        }
    }
    if !headed {
        let _ = to.to.heading(Vec::new());
    }
    Ok(())
}

/// A cell without the mark that keeps a spreadsheet from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if super::write::is_formula(rest) => rest,
        _ => cell,
    }
}

/// Refuses what unpacks to more than anybody's register: every member is unpacked into nothing first, since the sizes
/// that a file claims for itself may lie.
fn check_unpacked(bytes: &[u8]) -> Result<(), Error> {
    let unsupported = |_| Error::refused(Code::UnsupportedFile);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unsupported)?;
    if archive.len() > MAX_MEMBERS {
        return Err(Error::refused(Code::TooLarge));
    }
    let mut left = MAX_UNPACKED;
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(unsupported)?;
        let unpacked = std::io::copy(&mut member.take(left + 1), &mut std::io::sink())
            .map_err(|_| Error::refused(Code::Malformed))?;
        left = left.checked_sub(unpacked).ok_or(Error::refused(Code::TooLarge))?;
    }
    Ok(())
}

/// What the workbook's reader finds. Where it panics (a row's number beyond 32 bits), it has met a file that is no
/// workbook, and nothing it was reading is looked at again.
fn tried<T, E>(otherwise: Code, read: impl FnOnce() -> Result<T, E>) -> Result<T, Error> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(_)) | Err(_) => Err(Error::refused(otherwise)),
    }
}

fn read_workbook(bytes: &[u8], to: &mut Counted<'_, impl Read>) -> Result<(), Error> {
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> = tried(Code::UnsupportedFile, || Xlsx::new(Cursor::new(bytes)))?;
    let name = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or(Error::refused(Code::Malformed))?;
    // Cell by cell: a sheet may claim a million columns and have three.
    let mut cells = tried(Code::Malformed, || book.worksheet_cells_reader(&name))?;
    let (mut at, mut row, mut headed) = (0_u32, Vec::<String>::new(), false);
    loop {
        let next = tried(Code::Malformed, || cells.next_cell())?;
        let place = next.as_ref().map(calamine::Cell::get_position);
        if place.is_none_or(|(line, _)| line != at) && !row.is_empty() {
            let cells = std::mem::take(&mut row);
            let flow = if headed {
                to.row(u64::from(at) + 1, cells)?
            } else {
                headed = true;
                to.to.heading(cells)
            };
            if flow.is_break() {
                return Ok(());
            }
        }
        let (Some(cell), Some((line, column))) = (next, place) else {
            break;
        };
        if line < at {
            return Err(Error::refused(Code::Malformed));
        }
        at = line;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        if let Some(slot) = row.get_mut(column) {
            *slot = to.cell(&words_of(cell.get_value()))?;
        }
    }
    if !headed {
        let _ = to.to.heading(Vec::new());
    }
    Ok(())
}

/// What a cell shows, as text: codes that a spreadsheet took for numbers stay whole, days are written as days.
fn words_of<'c>(cell: &'c DataRef<'_>) -> Cow<'c, str> {
    match cell {
        DataRef::Int(number) => number.to_string().into(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}").into()
        }
        DataRef::Float(number) => number.to_string().into(),
        DataRef::String(text) => text.trim().into(),
        DataRef::SharedString(text) => text.trim().into(),
        DataRef::Bool(yes) => if *yes { "1" } else { "0" }.into(),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            if (hour, minute, second) == (0, 0, 0) {
                day.into()
            } else {
                format!("{day} {hour:02}:{minute:02}:{second:02}").into()
            }
        }
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().into(),
        DataRef::DurationIso(text) => text.into(),
        DataRef::Error(_) | DataRef::Empty => "".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::sheet::{Cell, Writer};
    use shared::domain::work::FileFormat;

    #[derive(Default)]
    struct All {
        heading: Vec<String>,
        rows: Vec<Raw>,
    }

    impl Read for All {
        fn heading(&mut self, cells: Vec<String>) -> ControlFlow<()> {
            self.heading = cells;
            ControlFlow::Continue(())
        }

        fn row(&mut self, row: Raw) -> ControlFlow<()> {
            self.rows.push(row);
            ControlFlow::Continue(())
        }
    }

    fn all(bytes: &[u8]) -> Result<All, Code> {
        let mut all = All::default();
        read(bytes, &mut all).map_err(|error| error.code())?;
        Ok(all)
    }

    #[test]
    fn text_of_either_encoding_is_read() {
        let text = "town_code,town\r\n120119001,文昌街道\r\n,\r\n120119002,'=甲\r\n";
        let (gb, ..) = encoding_rs::GB18030.encode(text);
        for bytes in [text.as_bytes(), &gb, &[b"\xEF\xBB\xBF", text.as_bytes()].concat()] {
            let found = all(bytes).expect("a table");
            assert_eq!(found.heading, ["town_code", "town"]);
            assert_eq!(found.rows.len(), 2, "an empty line is no row");
            assert_eq!(found.rows[0].cells, ["120119001", "文昌街道"]);
            assert_eq!((found.rows[1].line, found.rows[1].cells[1].as_str()), (4, "=甲"));
        }
    }

    #[test]
    fn both_forms_of_a_file_say_the_same() {
        let rows = [
            vec![
                Cell::Text("=1+1".into()),
                Cell::Fen(-800),
                Cell::Empty,
                Cell::Text("甲,\"乙\"\n丙".into()),
            ],
            vec![
                Cell::Text("120119001".into()),
                Cell::Fen(129_205),
                Cell::Int(7),
                Cell::Text("-1".into()),
            ],
        ];
        let mut found = Vec::new();
        for format in [FileFormat::Csv, FileFormat::Xlsx] {
            let mut writer = Writer::new(format, "表", &["甲", "乙", "丙", "丁"]).expect("a file");
            for row in &rows {
                writer.row(row).expect("a row");
            }
            let read = all(&writer.finish().expect("a file")).expect("our own file");
            found.push((
                read.heading,
                read.rows.into_iter().map(|row| row.cells).collect::<Vec<_>>(),
            ));
        }
        assert_eq!(found[0].1[0][..2], ["=1+1", "-8.00"]);
        // A workbook keeps no noughts behind the point.
        let bare = |cell: &String| cell.trim_end_matches(".00").to_owned();
        let bare = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.iter().map(bare).collect()).collect()
        };
        assert_eq!(found[0].0, found[1].0);
        assert_eq!(bare(&found[0].1), bare(&found[1].1));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(all(b"PK\x03\x04rest").err(), Some(Code::UnsupportedFile));
        assert_eq!(all(b"t\0o\0").err(), Some(Code::UnsupportedFile));
        assert_eq!(all(&vec![b'a'; MAX_BYTES + 1]).err(), Some(Code::TooLarge));
        let many = "a\n".to_owned() + &"1\n".repeat(MAX_ROWS + 1);
        assert_eq!(all(many.as_bytes()).err(), Some(Code::TooLarge));
    }

    /// Found by the damaged workbooks of the tests from outside: the reader multiplies beyond 32 bits.
    #[test]
    fn a_row_of_an_impossible_number_is_refused() {
        use std::io::Write as _;
        let mut writer = Writer::new(FileFormat::Xlsx, "表", &["甲"]).expect("a file");
        writer.row(&[Cell::Int(7)]).expect("a row");
        let whole = writer.finish().expect("a file");
        let mut book = zip::ZipArchive::new(Cursor::new(&whole)).expect("a zip");
        let mut wrong = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..book.len() {
            let mut member = book.by_index(at).expect("a member");
            let mut text = String::new();
            member.read_to_string(&mut text).expect("a text");
            let name = member.name().expect("a name").into_owned();
            let file = wrong.start_file(name, zip::write::SimpleFileOptions::default());
            file.expect("a member");
            let text = text.replace("r=\"A2\"", "r=\"A99999999999\"");
            wrong.write_all(text.as_bytes()).expect("written");
        }
        let bytes = wrong.finish().expect("a zip").into_inner();
        assert!(all(&whole).is_ok());
        assert_eq!(all(&bytes).err(), Some(Code::Malformed));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        use std::io::Write as _;
        let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
        bomb.start_file(
            "xl/worksheets/sheet1.xml",
            zip::write::SimpleFileOptions::default(),
        )
        .expect("a member");
        for _ in 0..80 {
            bomb.write_all(&vec![b' '; 1024 * 1024]).expect("written");
        }
        let bytes = bomb.finish().expect("a zip").into_inner();
        assert!(bytes.len() < 1024 * 1024);
        assert_eq!(all(&bytes).err(), Some(Code::TooLarge));
    }
}
