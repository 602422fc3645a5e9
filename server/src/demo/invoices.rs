//! Invoices: asked for, issued, received, and one taken back.

use super::cast::Cast;
use crate::services::idempotency::Key;
use crate::services::{App, Error, bill, invoice};
use shared::api::bill::BillQuery;
use shared::api::invoice::{InvoiceAskIn, InvoiceIssueIn, RedLetterIn};
use shared::domain::bill::BillStatus;
use shared::domain::invoice::InvoiceKind;

/// Bills for which invoices are asked.
const BILLS: i64 = 6;

/// Asks for the invoices of some paid bills; some are issued, the first one was made out wrongly.
pub async fn load(app: &App, cast: &Cast) -> Result<(), Error> {
    let paid = BillQuery {
        status: Some(BillStatus::Paid),
        ..BillQuery::default()
    };
    let bills = bill::list(app, &cast.finance, &paid, None, BILLS).await?;
    let key = || Key::own(app.new_id());
    let mut number = 0;
    let mut next = || {
        number += 1;
        format!("2612{:016}", 20_260_000 + number)
    };
    for (at, row) in bills.items.iter().enumerate() {
        let of_bill = invoice::of_bill(app, &cast.finance, row.id).await?;
        let input = InvoiceAskIn {
            title: of_bill.title,
            tax_no: of_bill.tax_no,
            kind: InvoiceKind::Ordinary,
        };
        let asked = invoice::ask(app, &cast.finance, &key(), row.id, input).await?;
        for own in asked.invoices.iter().filter(|_| at < 4) {
            let input = InvoiceIssueIn {
                invoice_no: next(),
                issued_on: app.today(),
                rate_bp: 0,
            };
            invoice::issue(app, &cast.finance, &key(), own.id, input).await?;
            if at > 1 {
                invoice::receive(app, &cast.finance, &key(), own.id).await?;
            }
        }
        if at == 0
            && let Some(own) = asked.invoices.first()
        {
            let input = RedLetterIn {
                invoice_no: next(),
                issued_on: app.today(),
                reason: "抬头写成了旧名称".to_owned(),
            };
            invoice::red_letter(app, &cast.finance, &key(), own.id, input).await?;
        }
    }
    Ok(())
}
