//! 结算单 on paper: what a payee is paid with one batch, line by line.

use super::issue::{Draft, Numbered, PdfOut, issue};
use crate::documents::paper::{self, SettlementFacts, SettlementLine};
use crate::services::{App, Error, fault, settlement as settlements};
use frontend::text::Lang;
use frontend::text::status::Status as _;
use shared::api::settlement::{ItemLine, ItemRow};
use shared::domain::bank_account::masked;
use shared::domain::identity::Actor;
use shared::domain::paper::PaperKind;
use shared::domain::settlement::{PayeeKind, SettlementStatus};
use uuid::Uuid;

/// 结算单 as PDF, once the bank has the order.
///
/// # Errors
/// As `settlement::show_item`; `NotFound` before it was sent; `ReadOnly` for one that was not issued before.
pub async fn settlement(app: &App, actor: &Actor, id: Uuid) -> Result<PdfOut, Error> {
    let out = settlements::show_item(app, actor, id).await?;
    let row = out.row;
    if matches!(row.status, SettlementStatus::Open | SettlementStatus::Locked) {
        return Err(Error::not_found());
    }
    let facts = SettlementFacts {
        village: whose(&row),
        village_code: row.payee.village_code.clone(),
        day: row.prepared_at.day(),
        // The same document for everybody: never all of an account.
        payee: [
            row.account_name.clone(),
            row.bank_name.clone(),
            masked(&row.account_no),
        ],
        bank_says: bank_says(&row),
        lines: out.lines.into_iter().map(line).collect(),
    };
    let draft = Draft {
        kind: PaperKind::Settlement,
        subject: format!("settlement/{id}"),
        number: Numbered::Is(row.reference),
        sum_fen: row.amount_fen,
        unit_id: None,
        village_code: Some(row.payee.village_code),
        paper: paper::settlement(facts).map_err(fault)?,
    };
    issue(app, actor, draft).await
}

fn whose(row: &ItemRow) -> String {
    let place = format!("{} {}", row.payee.town_name, row.payee.village_name);
    match row.payee.payee_kind {
        PayeeKind::Village => place,
        PayeeKind::Household | PayeeKind::Coop => format!("{place} {}", row.payee.name),
    }
}

fn bank_says(row: &ItemRow) -> String {
    let word = row.status.word(Lang::Zh);
    let day = row.decided_at.map(|at| at.day().format_long());
    match (day, row.status) {
        (Some(day), SettlementStatus::Bounced) => format!("{word}（{day}，{}）", row.reason),
        (Some(day), _) => format!("{word}（{day}）"),
        (None, _) => word.to_owned(),
    }
}

fn line(line: ItemLine) -> SettlementLine {
    let what = if line.why.is_empty() {
        line.goods
    } else {
        format!("售后冲减：{}", line.why)
    };
    SettlementLine {
        day: line.at.day(),
        document: line.source_number,
        what,
        unit: line.unit_name,
        amount_fen: line.amount_fen,
    }
}
