//! 年度采购证明: what a unit bought of villages in a year.

use super::issue::{Draft, Numbered, PdfOut, issue};
use crate::documents::paper::{self, CertificateFacts, ProduceSum, VillageSum};
use crate::services::{App, Error, catalogue, fault, income, right};
use crate::store;
use crate::store::paper::{ProducePurchase, VillagePurchase};
use shared::api::problem::FieldCode;
use shared::domain::calendar::start_of_year;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::paper::PaperKind;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Kinds of produce, each by its unit of amount, at the most: the register has a few dozen.
const PRODUCE_MAX: i64 = 1000;

/// 年度采购证明 of a unit as PDF: what was accepted of it by village and produce, and of that what is paid.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a bad year; `ReadOnly` for one that was not issued before.
pub async fn certificate(
    app: &App,
    actor: &Actor,
    unit_id: Uuid,
    year: Option<i32>,
) -> Result<PdfOut, Error> {
    right::require(actor, Action::OrderRead, Place::unit(unit_id))?;
    let year = income::checked_year(app, year)?;
    let unit = store::unit::find(app.db.read(), unit_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let span = (start_of_year(year).0, start_of_year(year + 1).0);
    // Both sums from one state of the database.
    let seen = app.db.snapshot().await?;
    let villages = store::paper::purchases_by_village(&seen, unit_id, span).await?;
    let produce = store::paper::purchases_by_produce(&seen, unit_id, span, PRODUCE_MAX + 1).await?;
    drop(seen);
    if i64::try_from(produce.len()).map_err(fault)? > PRODUCE_MAX {
        return Err(Error::field("year", FieldCode::TooLarge));
    }
    let accepted = Fen::checked_sum(villages.iter().map(|row| Fen(row.accepted_fen))).map_err(fault)?;
    let by_produce = Fen::checked_sum(produce.iter().map(|row| Fen(row.accepted_fen))).map_err(fault)?;
    if accepted != by_produce {
        return Err(fault(format!(
            "purchases of {unit_id}: {accepted} by village, {by_produce} by produce"
        )));
    }
    let facts = CertificateFacts {
        unit_name: unit.name,
        unit_code: unit.code,
        year,
        villages: villages.into_iter().map(village).collect(),
        produce: produce.into_iter().map(kind).collect::<Result<_, _>>()?,
    };
    let draft = Draft {
        kind: PaperKind::Certificate,
        subject: format!("certificate/{unit_id}/{year}"),
        number: Numbered::New('M'),
        sum_fen: accepted,
        unit_id: Some(unit_id),
        village_code: None,
        paper: paper::certificate(facts).map_err(fault)?,
    };
    issue(app, actor, draft).await
}

fn village(row: VillagePurchase) -> VillageSum {
    VillageSum {
        town: row.town_name,
        village: row.village_name,
        accepted_fen: Fen(row.accepted_fen),
        paid_fen: Fen(row.paid_fen),
    }
}

fn kind(row: ProducePurchase) -> Result<ProduceSum, Error> {
    Ok(ProduceSum {
        unit: catalogue::unit_of(&row.price_unit)?,
        produce: row.produce_name,
        qty: Qty(row.qty),
        piece_name: row.piece_name,
        accepted_fen: Fen(row.accepted_fen),
        paid_fen: Fen(row.paid_fen),
    })
}
