//! 依据: from a sum of a page to the accepted lines that make it, each with its document and its two signatures.

use super::{App, Error, fault, income, paging, right, village_order};
use crate::store;
use crate::store::evidence::{EvidenceRecord, Filter};
use shared::api::evidence::{EvidenceOut, EvidenceQuery, EvidenceRow};
use shared::api::problem::FieldCode;
use shared::domain::calendar::{Micros, start_of_year};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};

/// Characters of a code or a category at the most.
const WORD_MAX: usize = 40;

/// The accepted lines of a year, or of a part of it, with what all of them come to.
///
/// # Errors
/// `Forbidden`; `Invalid` naming what cannot be read.
pub async fn lines(
    app: &App,
    actor: &Actor,
    query: &EvidenceQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<EvidenceOut, Error> {
    right::require(actor, Action::LedgerVerify, Place::DISTRICT)?;
    let year = income::checked_year(app, query.year)?;
    let (from, until) = match query.month {
        None => (start_of_year(year).0, start_of_year(year + 1).0),
        Some(month) => income::month_span(year, month)?,
    };
    let filter = Filter {
        from,
        until,
        category: word("category", query.category.as_deref())?,
        town: word("town", query.town.as_deref())?,
        village: word("village", query.village.as_deref())?,
        unit: query.unit,
        before: paging::read(after)?,
    };
    let read = app.db.read();
    let limit = paging::limit(limit);
    let rows = store::evidence::lines(read, &filter, limit + 1).await?;
    let of_all = filter.town.is_none() && filter.village.is_none() && filter.unit.is_none();
    let sums = if of_all {
        let month = query.month.map(i32::try_from).transpose().map_err(fault)?;
        store::evidence::kept_sums(read, year, month, filter.category.as_deref()).await?
    } else {
        store::evidence::sums(read, &filter).await?
    };
    Ok(EvidenceOut {
        year,
        lines: sums.lines,
        total_fen: Fen(sums.total_fen),
        village_fen: Fen(sums.village_fen),
        page: paging::page(rows, limit, |row| (row.posted_at, row.line_id), row_of)?,
    })
}

fn word(field: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.chars().count() > WORD_MAX {
        return Err(Error::field(field, FieldCode::TooLong));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field(field, FieldCode::BadCharacters));
    }
    Ok(Some(text.to_owned()))
}

fn row_of(row: &EvidenceRecord) -> Result<EvidenceRow, Error> {
    Ok(EvidenceRow {
        line_id: row.line_id,
        posted_at: Micros(row.posted_at),
        village_code: row.village_code.clone(),
        village_name: row.village_name.clone(),
        town_name: row.town_name.clone(),
        unit_name: row.unit_name.clone(),
        name: row.name.clone(),
        qty: Qty(row.qty),
        price_fen: Fen(row.price_fen),
        price_unit: village_order::price_unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        total_fen: Fen(row.total_fen),
        village_fen: Fen(row.village_fen),
        acceptance_id: row.acceptance_id,
        acceptance_number: row.acceptance_number.clone(),
        unit_person_name: row.unit_person_name.clone(),
        centre_person_name: row.centre_person_name.clone(),
        transaction_id: row.transaction_id,
    })
}
