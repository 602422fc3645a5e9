//! Pages as functions of plain values; they run on the server only.

pub mod basket;
pub mod catalogue;
pub mod home;
pub mod offer_page;
pub mod order;
pub mod problem;
pub mod session;
pub mod village;
