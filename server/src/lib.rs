//! The Jizhou market: pages and a JSON API over one set of use cases.

pub mod assets;
pub mod config;
pub mod error;
pub mod pages;
pub mod ports;
pub mod services;
pub mod store;
