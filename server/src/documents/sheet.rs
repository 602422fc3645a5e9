//! 表格: files of rows as offices send them and take them away: XLSX and CSV.

mod read;
mod table;
mod write;

pub use read::{MAX_BYTES, MAX_ROWS, Raw, Read, check, read};
pub use table::Table;
pub use write::{Cell, Writer, guarded, shown};
