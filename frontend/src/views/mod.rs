//! Pages as functions of plain values; they run on the server only.

pub mod acceptance;
pub mod approval;
pub mod audit;
pub mod basket;
pub mod board;
pub mod catalogue;
pub mod certificate;
pub mod home;
pub mod income;
pub mod ledger;
pub mod lot;
pub mod notice;
pub mod offer;
pub mod offer_page;
pub mod order;
pub mod person;
pub mod price;
pub mod problem;
pub mod proposal;
pub mod register;
pub mod second_factor;
pub mod session;
pub mod sheet;
pub mod trace;
pub mod village;
pub mod village_order;
