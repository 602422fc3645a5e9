//! 账.
use crate::context::Cx;
use leptos::prelude::*;
use shared::api::ledger::{TransactionOut, VerifyOut};

/// One ledger transaction.
pub fn transaction(_cx: &Cx, _transaction: &TransactionOut) -> impl IntoView + use<> {
    view! { <p></p> }
}

/// Checking the books.
pub fn verify(_cx: &Cx, _result: Option<&VerifyOut>) -> impl IntoView + use<> {
    view! { <p></p> }
}
