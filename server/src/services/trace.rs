//! 溯源: a lot's public story, from the code on its box. It stays when the lot is sold out or its offer has ended.

use super::offer::brings;
use super::{App, Error, catalogue, photo};
use crate::store;
use crate::store::trace::{SaidRow, SpanRow, TraceRow};
use shared::api::trace::{TraceKind, TraceOut, TraceStep};
use shared::domain::calendar::{Day, Micros};

/// Characters of a trace code at the most.
const CODE_CHARS_MAX: usize = 40;

/// The lot of a trace code.
///
/// # Errors
/// `NotFound` when there is none, or its offer was never on sale.
pub async fn show(app: &App, code: &str) -> Result<TraceOut, Error> {
    let code = code.trim().to_ascii_uppercase();
    if code.is_empty() || code.len() > CODE_CHARS_MAX {
        return Err(Error::not_found());
    }
    let db = app.db.read();
    let lot = store::trace::by_code(db, &code)
        .await?
        .filter(|lot| lot.published_at > 0)
        .ok_or(Error::not_found())?;
    let harvested = Day(lot.harvested_on);
    // What stood on the shelf when it was harvested, or, for what was listed later, when it was listed.
    let end_of_harvest = harvested.add_days(1).start().0;
    let said = store::trace::said_at(db, lot.offer_id, end_of_harvest.max(lot.created_at))
        .await?
        .ok_or(Error::not_found())?;
    let spans = store::trace::spans(db, lot.id, &lot.village_code).await?;
    story(app, lot, said, &spans)
}

fn story(app: &App, lot: TraceRow, said: SaidRow, spans: &[SpanRow]) -> Result<TraceOut, Error> {
    let presale = lot.expected_on.is_some() && lot.firmed_at.is_none();
    let harvested = Day(lot.harvested_on);
    let until = said.certificate_until.map(Day);
    let held = until.is_none_or(|until| until >= harvested);
    let unit = catalogue::unit_of(&said.price_unit)?;
    Ok(TraceOut {
        journey: journey(&said, harvested, presale, spans),
        village_fen: brings(app, &said.share_kind, said.share_value, said.price_fen, unit)?,
        code: lot.code,
        name: said.name,
        grade: said.grade,
        cover: photo::cover_of(lot.cover_id, lot.cover_width, lot.cover_height),
        produce: lot.produce,
        produce_name: lot.produce_name,
        village_code: lot.village_code,
        village_name: lot.village_name,
        town_name: lot.town_name,
        harvested_on: harvested,
        good_until: lot.good_until.map(Day),
        presale,
        certificate_no: said.certificate_no.filter(|_| held),
        certificate_until: until.filter(|_| held),
        price_unit: unit,
        piece_name: said.piece_name,
        on_sale: catalogue::status_of(&lot.status)?.on_sale(),
        offer_id: lot.offer_id,
    })
}

fn journey(said: &SaidRow, harvested: Day, presale: bool, spans: &[SpanRow]) -> Vec<TraceStep> {
    let on = |kind, day: Day| TraceStep {
        kind,
        from: day,
        until: day,
    };
    let mut steps: Vec<TraceStep> = said
        .reviewed_at
        .map(|at| on(TraceKind::Reviewed, Micros(at).day()))
        .into_iter()
        .collect();
    let grown = if presale {
        TraceKind::Expected
    } else {
        TraceKind::Harvested
    };
    steps.push(on(grown, harvested));
    for span in spans {
        let kind = match span.action.as_str() {
            "village_order.pack" => TraceKind::Packed,
            "village_order.collect" => TraceKind::Collected,
            _ => TraceKind::Delivered,
        };
        steps.push(TraceStep {
            kind,
            from: Micros(span.first).day(),
            until: Micros(span.last).day(),
        });
    }
    steps.sort_by_key(|step| (step.from, step.kind));
    steps
}
