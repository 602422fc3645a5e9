//! The rules: values in, a decision out. No clock, no chance, no input or output.

#[macro_use]
pub mod machine;

pub mod approval;
pub mod bank_account;
pub mod bill;
pub mod books;
pub mod calendar;
pub mod certificate;
pub mod claim;
pub mod fee;
pub mod heading;
pub mod hex;
pub mod identity;
pub mod invoice;
pub mod ledger;
pub mod lot;
pub mod money;
pub mod month;
pub mod notice;
pub mod offer;
pub mod order;
pub mod paper;
pub mod payment;
pub mod price;
pub mod price_month;
pub mod quantity;
pub mod receipt;
pub mod refund;
pub mod refund_order;
pub mod rights;
pub mod settlement;
pub mod share;
pub mod shortfall;
pub mod split;
pub mod transfer_code;
pub mod unit_code;
pub mod village_order;
pub mod work;
