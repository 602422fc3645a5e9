//! Documents that leave the market as files: paper as PDF, spreadsheets to read and to write.

pub mod paper;
pub mod pdf;
pub mod qr;
pub mod sheet;
