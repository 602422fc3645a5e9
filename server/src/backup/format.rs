//! What a backup's members say.

use crate::store::dump::Cell;
use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 1;
/// The member that a backup begins with.
pub const HEAD: &str = "head.json";
/// The member that a backup ends with.
pub const MANIFEST: &str = "manifest.json";
/// About so many bytes of rows stand in one member.
pub const ROWS_BYTES: usize = 2 * 1024 * 1024;
/// No member of rows that we write is longer: one row more than `ROWS_BYTES`.
pub const ROWS_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a backup is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The format's number.
    pub format: u32,
    /// The program's version.
    pub program: String,
    /// Which engine it was taken of; it restores into either.
    pub engine: String,
    /// When it was taken, in UTC microseconds.
    pub taken_at: i64,
    /// The steps that the schema had taken.
    pub steps: Vec<String>,
    /// The tables in the order in which they are restored.
    pub tables: Vec<TableHead>,
}

/// A table of a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TableHead {
    /// Its name.
    pub name: String,
    /// Its columns in the order of each row's values.
    pub columns: Vec<String>,
}

/// What a backup has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Every member before this one.
    pub members: Vec<Member>,
}

/// A member of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The table that a member holds rows of.
pub fn table_of(member: &str) -> Option<&str> {
    member
        .strip_prefix("tables/")?
        .split_once('/')
        .map(|(table, _)| table)
}

/// A row as one line.
pub fn line(cells: Vec<Cell>) -> String {
    let values = cells.into_iter().map(|cell| match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Text(text) => text.into(),
        Cell::Bytes(bytes) => serde_json::json!({ "b": STANDARD_NO_PAD.encode(bytes) }),
    });
    let mut line = Value::Array(values.collect()).to_string();
    line.push('\n');
    line
}

/// The rows of a member.
///
/// # Errors
/// When a line is no row.
pub fn rows(bytes: &[u8]) -> anyhow::Result<Vec<Vec<Cell>>> {
    let text = std::str::from_utf8(bytes).context("its rows are no text")?;
    text.lines()
        .map(|line| {
            let values: Vec<Value> = serde_json::from_str(line).context("one of its rows is no row")?;
            values.into_iter().map(cell).collect()
        })
        .collect()
}

fn cell(value: Value) -> anyhow::Result<Cell> {
    Ok(match value {
        Value::Null => Cell::Null,
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => {
            Cell::Integer(number.as_i64().context("one of its numbers is none of ours")?)
        }
        Value::Object(object) => match object.get("b").and_then(Value::as_str) {
            Some(text) => Cell::Bytes(
                STANDARD_NO_PAD
                    .decode(text)
                    .context("some of its bytes are none")?,
            ),
            None => bail!("one of its values is none of ours"),
        },
        Value::Bool(_) | Value::Array(_) => bail!("one of its values is none of ours"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_went() {
        let row = vec![
            Cell::Null,
            Cell::Integer(i64::MIN),
            Cell::Integer(i64::MAX),
            Cell::Text("磨盘柿 \"一级\"\n\u{2028}".to_owned()),
            Cell::Bytes(vec![0, 255, 1]),
            Cell::Bytes(Vec::new()),
        ];
        let text = line(row.clone()) + &line(row.clone());
        assert_eq!(rows(text.as_bytes()).expect("our own rows"), [row.clone(), row]);
        assert!(rows(b"[1.5]\n").is_err() && rows(b"[true]\n").is_err() && rows(b"[1\n").is_err());
    }
}
