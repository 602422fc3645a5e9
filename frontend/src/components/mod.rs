//! Parts that several views use.

pub mod acting;
pub mod address;
pub mod ageing;
pub mod bar_chart;
pub mod breadcrumb;
pub mod chip;
pub mod deadline;
pub mod empty;
pub mod export;
pub mod field;
pub mod form_problems;
pub mod form_tokens;
pub mod list_filter;
pub mod lots_table;
pub mod money_three;
pub mod offer_card;
pub mod pager;
pub mod paper;
pub mod photo;
pub mod produce_picture;
pub mod progress;
pub mod season_bar;
pub mod stat;
pub mod step_chart;
pub mod sum_words;
pub mod timeline;
