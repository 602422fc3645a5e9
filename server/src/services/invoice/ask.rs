//! A unit asks for the invoices of a bill.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, right};
use super::kind_of;
use crate::store;
use crate::store::audit::Entry;
use crate::store::invoice::NewInvoice;
use futures::FutureExt as _;
use shared::api::invoice::{BillInvoicesOut, InvoiceAskIn};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::identity::{Actor, Role};
use shared::domain::invoice::{InvoiceKind, InvoiceStatus, TaxNumberError, tax_number};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// The longest title.
const TITLE_MAX: usize = 100;

/// Asks for an invoice of every seller of record of a bill that has none standing, each over its part of the bill.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a title or number that is none; `WrongState` when nothing is left to be
/// invoiced; `KeyReused`.
pub async fn ask(
    app: &App,
    actor: &Actor,
    key: &Key,
    bill_id: Uuid,
    input: InvoiceAskIn,
) -> Result<BillInvoicesOut, Error> {
    right::reach(actor, Action::InvoiceAsk)?;
    let bill = store::bill::find(app.db.read(), bill_id)
        .await?
        .ok_or_else(Error::not_found)?;
    right::require(actor, Action::InvoiceAsk, Place::unit(bill.unit_id))?;
    let (title, tax_no) = checked(&input)?;
    let body = (bill_id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), bill, input.kind, title, tax_no));
    let () = once(app, actor.person_id, "invoice.ask", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, bill, kind, title, tax_no) = &*job;
            let now = app.now();
            let mut invoices = Vec::new();
            for seller in store::invoice::sellers(tx, bill.id).await? {
                if seller.standing > 0 || seller.billed_fen <= 0 {
                    continue;
                }
                let exempt = kind_of(&seller.seller_kind)?.is_exempt();
                invoices.push(NewInvoice {
                    id: app.new_id(),
                    bill_id: bill.id,
                    unit_id: bill.unit_id,
                    seller_id: seller.seller_id,
                    status: InvoiceStatus::Requested.as_str(),
                    // What is exempt has no tax to be deducted: no special invoice is issued for it.
                    kind: if exempt { InvoiceKind::Ordinary } else { *kind }
                        .as_str()
                        .to_owned(),
                    exempt,
                    title: title.clone(),
                    tax_no: tax_no.clone(),
                    amount_fen: seller.billed_fen,
                    tax_fen: 0,
                    rate_bp: 0,
                    issued: None,
                    at: now.0,
                    by: (actor.person_id, actor.person_name.clone()),
                    reason: None,
                    red_of: None,
                });
            }
            if invoices.is_empty() {
                return Err(Error::wrong_state());
            }
            let count = invoices.len();
            store::invoice::insert(tx, invoices).await?;
            let told = Notice {
                to: To::Role(Role::CentreFinance),
                kind: NoticeKind::InvoiceAsked,
                subject: bill.number.clone(),
                path: format!("/bills/{}/invoices", bill.id),
            };
            notice::tell(tx, now, vec![told]).await?;
            let own = actor.grant.unit_id.is_some();
            let entry = Entry {
                action: "invoice.ask",
                object_kind: "bill",
                object_id: bill.id.to_string(),
                unit_id: Some(bill.unit_id),
                detail: format!("{}{} ({count})", if own { "" } else { "代办 " }, bill.number),
                ..Entry::default()
            };
            Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    super::of_bill(app, actor, bill_id).await
}

fn checked(input: &InvoiceAskIn) -> Result<(String, String), Error> {
    let title = input.title.trim().to_owned();
    let mut problems = Vec::new();
    if title.chars().count() < 2 {
        problems.push(FieldProblem::bound("title", FieldCode::TooShort, 2));
    } else if title.chars().count() > TITLE_MAX {
        problems.push(FieldProblem::bound("title", FieldCode::TooLong, TITLE_MAX));
    } else if title.chars().any(char::is_control) {
        problems.push(FieldProblem::new("title", FieldCode::BadCharacters));
    }
    let tax_no = tax_number(&input.tax_no).map_err(|error| {
        let code = match error {
            TaxNumberError::Form => FieldCode::BadCharacters,
            TaxNumberError::Check => FieldCode::WrongCheck,
        };
        problems.push(FieldProblem::new("tax_no", code));
    });
    match tax_no {
        Ok(tax_no) if problems.is_empty() => Ok((title, tax_no)),
        _ => Err(Error::invalid(problems)),
    }
}

/// What a seller has to invoice, as people read it beside a refusal.
pub(super) fn sum_words(amount_fen: i64) -> String {
    Fen(amount_fen).format_cny()
}
