//! Reading PDF documents as their readers do, with Poppler: the words on each page.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// The words of each page, row by row, without the blanks between them: a table's cells and a line's breaks do not
/// matter.
///
/// # Panics
/// When the bytes are no PDF, or `pdftotext` is not installed (`cargo xtask test` does that).
#[must_use]
pub fn pages(bytes: &[u8]) -> Vec<String> {
    let mut file = tempfile::NamedTempFile::new().expect("a file for the document");
    file.write_all(bytes).expect("the document is written");
    let read = Command::new("pdftotext")
        .arg("-layout")
        .arg(file.path())
        .arg("-")
        .stdin(Stdio::null())
        .output()
        .expect("pdftotext is installed: Debian's poppler-utils has it");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).expect("pdftotext writes UTF-8");
    // Every page ends with a form feed.
    let pages = text.split_terminator('\u{c}');
    pages
        .map(|page| page.chars().filter(|c| !c.is_whitespace()).collect())
        .collect()
}

/// The words of the whole document.
///
/// # Panics
/// As `pages`.
#[must_use]
pub fn words(bytes: &[u8]) -> String {
    pages(bytes).concat()
}
