//! Parts that several views use.

pub mod address;
pub mod breadcrumb;
pub mod chip;
pub mod empty;
pub mod field;
pub mod form_guard;
pub mod form_problems;
pub mod form_tokens;
pub mod offer_card;
pub mod pager;
pub mod produce_picture;
pub mod progress;
pub mod season_bar;
pub mod timeline;
