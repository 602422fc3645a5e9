//! HTML doors, thin: GET asks a use case and renders a view; POST reads a form, calls a use case, redirects.

mod acceptance;
mod address;
mod approval;
mod audit;
mod basket;
mod bill;
mod board;
mod books;
mod catalogue;
mod certificate;
mod claim;
mod cookies;
mod file;
mod finance;
mod form_token;
mod guard;
mod home;
mod income;
mod invoice;
mod kept;
mod ledger;
mod listing;
mod look;
mod lot;
mod missing;
mod notice;
mod offer;
mod order;
mod paper;
mod payee;
mod payment;
mod person;
mod photo;
mod posted;
mod price;
mod receipt;
mod refund_order;
mod register;
mod reply;
mod saved_search;
mod second_factor;
mod session;
mod settlement;
mod sheet;
mod site;
mod totals;
mod trace;
mod village;
mod village_order;
mod visitor;
mod work;

pub use address::Address;
pub use guard::{guard, headers};
pub use kept::{Keeper, keep};
pub use posted::Posted;
pub use reply::{Failure, Reply, see_other};
pub use visitor::Visitor;

use crate::services::App;
use axum::Router;

/// Every page.
pub fn router() -> Router<App> {
    Router::new()
        .merge(home::router())
        .merge(totals::router())
        .merge(catalogue::router())
        .merge(village::router())
        .merge(basket::router())
        .merge(order::router())
        .merge(approval::router())
        .merge(sheet::router())
        .merge(acceptance::router())
        .merge(claim::router())
        .merge(bill::router())
        .merge(receipt::router())
        .merge(payment::router())
        .merge(refund_order::router())
        .merge(finance::router())
        .merge(settlement::router())
        .merge(payee::router())
        .merge(invoice::router())
        .merge(village_order::router())
        .merge(board::router())
        .merge(offer::router())
        .merge(lot::router())
        .merge(photo::router())
        .merge(trace::router())
        .merge(price::router())
        .merge(certificate::router())
        .merge(income::router())
        .merge(ledger::router())
        .merge(books::router())
        .merge(paper::router())
        .merge(saved_search::router())
        .merge(session::router())
        .merge(second_factor::router())
        .merge(person::router())
        .merge(register::router())
        .merge(audit::router())
        .merge(notice::router())
        .merge(file::router())
        .merge(work::router())
        .merge(look::router())
        .merge(site::router())
        .fallback(missing::show)
        .method_not_allowed_fallback(missing::only_posted)
}
