//! Backups: one file with every row and every stored photo, the same for both engines, read in one state of the database
//! while the market goes on. A backup of one engine restores into the other.
//!
//! The file is a compressed tar: `head.json` says what it is, `tables/<name>/<n>.jsonl` hold rows as arrays,
//! `files/<name>` are stored photos, and `manifest.json` at the end names every member with its size and SHA-256. A file
//! without a manifest was cut off.

mod check;
mod format;
mod restore;
mod take;

pub use check::{Checked, check};
pub use restore::{Restored, restore};
pub use take::{Taken, take};

/// Where stored photos are, in the data folder.
pub const FILES: &str = "files";
