//! Goods in full: photos, stock that changes, lots sold ahead of their harvest, traces, listing again, certificates, prices.

mod again;
mod harvest;
mod photo;
mod stock;
mod trace;
