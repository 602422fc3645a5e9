//! 村集体收入对账单: a village's income of a year or month, every line of it.

use super::issue::{Draft, Numbered, PdfOut, issue};
use crate::documents::paper::{self, IncomeFacts, IncomeLine};
use crate::services::{App, Error, catalogue, fault, income, right};
use crate::store;
use crate::store::paper::IncomeEntry;
use frontend::text::Lang;
use frontend::text::status::Status as _;
use shared::api::problem::FieldCode;
use shared::domain::calendar::{Micros, start_of_year};
use shared::domain::identity::Actor;
use shared::domain::ledger::{IncomeSource, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::paper::PaperKind;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};

/// Lines of a statement at the most: a year with more is printed month by month.
const LINES_MAX: i64 = 3000;

/// 村集体收入对账单 as PDF, of a year or one month of it.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a bad year or month, or when the year has so many lines that a month must be
/// named; `ReadOnly` for one that was not issued before.
pub async fn income(
    app: &App,
    actor: &Actor,
    village_code: &str,
    (year, month): (Option<i32>, Option<u32>),
) -> Result<PdfOut, Error> {
    right::require(actor, Action::IncomeRead, Place::village(village_code))?;
    let read = app.db.read();
    let year = income::checked_year(app, year)?;
    let village = store::village::by_code(read, village_code, year)
        .await?
        .ok_or_else(Error::not_found)?;
    let span = match month {
        None => (start_of_year(year).0, start_of_year(year + 1).0),
        Some(month) => income::month_span(year, month)?,
    };
    let entries = store::paper::incomes(read, village_code, span, LINES_MAX + 1).await?;
    if i64::try_from(entries.len()).map_err(fault)? > LINES_MAX {
        return Err(Error::field("month", FieldCode::Required));
    }
    let facts = IncomeFacts {
        village: format!("{} {}", village.town_name, village.name),
        village_code: village.code,
        year,
        month,
        target_fen: Fen(village.target_fen),
        lines: entries.iter().map(line).collect::<Result<_, _>>()?,
    };
    let sum_fen = Fen::checked_sum(facts.lines.iter().map(|line| line.credited_fen)).map_err(fault)?;
    let over = month.map_or_else(|| year.to_string(), |month| format!("{year}-{month:02}"));
    let draft = Draft {
        kind: PaperKind::Income,
        subject: format!("income/{village_code}/{over}"),
        number: Numbered::New('R'),
        sum_fen,
        unit_id: None,
        village_code: Some(village_code.to_owned()),
        paper: paper::income(&facts).map_err(fault)?,
    };
    issue(app, actor, draft).await
}

fn line(entry: &IncomeEntry) -> Result<IncomeLine, Error> {
    let stored = |what: &str, name: &str| fault(format!("stored {what} '{name}'"));
    let kind = TransactionKind::from_name(&entry.kind).ok_or_else(|| stored("kind", &entry.kind))?;
    let source = IncomeSource::from_name(&entry.income_source)
        .ok_or_else(|| stored("income source", &entry.income_source))?;
    let credited_fen = Fen(entry.amount_fen).checked_neg().map_err(fault)?;
    let bought = entry.unit_name.is_some();
    let so_far = |at: Option<i64>| at.map_or(Fen::ZERO, |_| credited_fen);
    Ok(IncomeLine {
        seq: entry.chain_seq,
        day: Micros(entry.effective_at).day(),
        document: entry.document_number.clone(),
        what: what(entry, kind)?,
        unit: entry.unit_name.clone().unwrap_or_default(),
        source,
        credited_fen,
        paid_fen: bought.then(|| so_far(entry.paid_at)),
        settled_fen: bought.then(|| so_far(entry.settled_at)),
    })
}

/// The goods, and on a line below their amount and price; for what is no sale, or takes one back, the kind of event.
fn what(entry: &IncomeEntry, kind: TransactionKind) -> Result<String, Error> {
    let Some(name) = &entry.name else {
        return Ok(kind.word(Lang::Zh).to_owned());
    };
    let (Some(qty), Some(price), Some(unit)) = (entry.qty, entry.price_fen, &entry.price_unit) else {
        return Ok(format!("{} {name}", kind.word(Lang::Zh)));
    };
    let (unit, piece) = (catalogue::unit_of(unit)?, entry.piece_name.as_deref());
    Ok(format!(
        "{name}\n{} × {}/{}",
        unit.format_qty(Qty(qty), piece),
        Fen(price).format_cny(),
        unit.symbol(piece)
    ))
}
