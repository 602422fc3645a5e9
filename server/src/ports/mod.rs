//! The outside, as traits with their real implementation: what a test replaces, and nothing else.

pub mod clock;
pub mod files;
pub mod ids;
pub mod mail;
pub mod payment;
pub mod signing;
pub mod stripe;
