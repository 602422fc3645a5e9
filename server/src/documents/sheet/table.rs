//! A bank's file as a whole: its heading, wherever it stands, and the rows below it.

use super::{Raw, Read, read};
use crate::services::Error;
use shared::api::problem::Code;
use shared::domain::heading;
use std::ops::ControlFlow;

/// A file with its heading found.
#[derive(Clone, Debug)]
pub struct Table {
    /// The heading.
    pub heading: Vec<String>,
    /// The line it stands on.
    pub heading_line: u64,
    /// The rows below it.
    pub rows: Vec<Raw>,
}

struct All {
    rows: Vec<Raw>,
    most: usize,
    many: bool,
}

impl Read for All {
    fn heading(&mut self, cells: Vec<String>) -> ControlFlow<()> {
        self.row(Raw { line: 1, cells })
    }

    fn row(&mut self, row: Raw) -> ControlFlow<()> {
        self.many = self.rows.len() >= self.most;
        if self.many {
            return ControlFlow::Break(());
        }
        self.rows.push(row);
        ControlFlow::Continue(())
    }
}

impl Table {
    /// Reads a file of at most so many rows; `known` counts the cells of a row that a heading would have.
    ///
    /// # Errors
    /// `TooLarge`, `UnsupportedFile`, `Malformed`.
    pub fn read(bytes: &[u8], most: usize, known: impl Fn(&[String]) -> usize) -> Result<Self, Error> {
        let mut all = All {
            rows: Vec::new(),
            most: most.saturating_add(heading::WITHIN),
            many: false,
        };
        read(bytes, &mut all)?;
        let first: Vec<Vec<String>> = all
            .rows
            .iter()
            .take(heading::WITHIN)
            .map(|row| row.cells.clone())
            .collect();
        let mut rows = all
            .rows
            .split_off(heading::at(&first, known).min(all.rows.len()))
            .into_iter();
        let heading = rows.next().ok_or_else(|| Error::refused(Code::Malformed))?;
        let rows: Vec<Raw> = rows.collect();
        if all.many || rows.len() > most {
            return Err(Error::refused(Code::TooLarge));
        }
        Ok(Self {
            heading: heading.cells,
            heading_line: heading.line,
            rows,
        })
    }
}
