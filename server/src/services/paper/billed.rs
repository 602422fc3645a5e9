//! 账单 on paper.

use super::issue::{Draft, Numbered, PdfOut, issue};
use crate::documents::paper::{self, BillFacts, BillLine};
use crate::services::{App, Error, bill as bills, fault};
use crate::store;
use shared::domain::identity::Actor;
use shared::domain::paper::PaperKind;
use uuid::Uuid;

/// 账单 as PDF: what is to be paid, for which acceptances, and where to.
///
/// # Errors
/// As `bill::show`; `ReadOnly` for one that was not issued before.
pub async fn bill(app: &App, actor: &Actor, id: Uuid) -> Result<PdfOut, Error> {
    let out = bills::show(app, actor, id).await?;
    let row = out.row;
    let unit = store::unit::find(app.db.read(), row.unit_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let over = match (&row.order_number, row.month) {
        (Some(number), _) => format!("订单 {number}"),
        (None, Some(month)) => format!("{}年{}月", month.year(), month.month()),
        (None, None) => String::new(),
    };
    let lines = out.lines.into_iter().map(|line| BillLine {
        acceptance: line.acceptance_number,
        day: line.delivered_at.day(),
        village: line.village_name,
        goods: line.goods,
        amount_fen: line.amount_fen,
    });
    let sum_fen = row.total_fen.checked_sub(row.corrected_fen).map_err(fault)?;
    let bank = [
        &app.config.bank_holder,
        &app.config.bank_name,
        &app.config.bank_account,
    ];
    let facts = BillFacts {
        unit_name: row.unit_name,
        unit_code: unit.code,
        over,
        issued_on: row.issued_at.day(),
        due_on: row.due_on,
        lines: lines.collect(),
        total_fen: row.total_fen,
        corrected_fen: row.corrected_fen,
        transfer_code: row.transfer_code,
        bank: bank.map(String::clone),
    };
    let draft = Draft {
        kind: PaperKind::Bill,
        subject: format!("bill/{id}"),
        number: Numbered::Is(row.number),
        sum_fen,
        unit_id: Some(row.unit_id),
        village_code: None,
        paper: paper::bill(facts).map_err(fault)?,
    };
    issue(app, actor, draft).await
}
