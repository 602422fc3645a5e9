//! The rules against everything that chance can think of, one file a topic.

mod books;
mod calendar;
mod chain;
mod ledger;
mod machines;
mod money;
mod quantity;
mod refund;
mod share;
mod split;
mod upper;
