//! Documents that leave the market as files: spreadsheets to read and to write.

pub mod sheet;
