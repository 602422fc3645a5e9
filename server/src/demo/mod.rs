//! The demonstration market.
