//! The plain values that cross the wire: `XxxIn` comes in, `XxxOut` goes out. Pages and the JSON API use the same ones.
//!
//! Sums are whole fen, weights whole grams, instants UTC microseconds, days Asia/Shanghai civil days.

/// Gives a wire type its derives: one place says what every value that crosses the wire can do.
macro_rules! wire {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident $body:tt)+) => {
        $(
            #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
            $(#[$meta])*
            pub $kind $name $body
        )+
    };
}

pub mod acceptance;
pub mod approval;
pub mod audit;
pub mod basket;
pub mod bill;
pub mod books;
pub mod catalogue;
pub mod certificate;
pub mod claim;
pub mod evidence;
pub mod exception;
pub mod file;
pub mod finance;
pub mod household;
pub mod import;
pub mod income;
pub mod invoice;
pub mod ledger;
pub mod lot;
pub mod notice;
pub mod offer;
pub mod order;
pub mod page;
pub mod pairing;
pub mod paper;
pub mod payment;
pub mod person;
pub mod photo;
pub mod price;
pub mod problem;
pub mod produce;
pub mod proposal;
pub mod receipt;
pub mod refund_order;
pub mod saved_search;
pub mod second_factor;
pub mod seller;
pub mod session;
pub mod settlement;
pub mod shortfall;
pub mod token;
pub mod totals;
pub mod town;
pub mod trace;
pub mod trail;
pub mod unit;
pub mod village;
pub mod village_order;
pub mod work;
