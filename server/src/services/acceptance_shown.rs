//! An acceptance as it is shown.

use super::village_order::price_unit_of;
use super::{Error, acceptance_lines, fault, village_order};
use crate::store::acceptance::{AcceptanceLineRecord, AcceptanceRecord};
use crate::store::order_line::LineRecord;
use crate::store::village_order::VillageOrderRecord;
use shared::api::acceptance::{
    AcceptanceLineOut, AcceptanceOut, AcceptanceStatus, Signature, VarianceReason,
};
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The order as its acceptance names it.
pub(super) struct Head {
    pub(super) id: Uuid,
    pub(super) number: String,
    pub(super) unit_id: Uuid,
    pub(super) unit_name: String,
}

/// An acceptance as it is shown: as stored, or what is to be weighed.
pub(super) fn out(
    record: Option<&AcceptanceRecord>,
    order: Head,
    villages: &[&VillageOrderRecord],
    lines: &[LineRecord],
    weighed: &[AcceptanceLineRecord],
) -> Result<AcceptanceOut, Error> {
    let posted = record.is_some_and(|r| r.status == "posted");
    let by_line: BTreeMap<Uuid, &AcceptanceLineRecord> = weighed.iter().map(|w| (w.line_id, w)).collect();
    let names: BTreeMap<Uuid, &VillageOrderRecord> = villages.iter().map(|v| (v.id, *v)).collect();
    let mut outs = Vec::new();
    for line in lines {
        let Some(village) = names.get(&line.village_order_id) else {
            continue;
        };
        let stored = by_line.get(&line.id).copied();
        if posted && stored.is_none() {
            continue;
        }
        outs.push(line_out(line, village, stored)?);
    }
    let signature = |id: Option<Uuid>, name: &Option<String>, at: Option<i64>| {
        Some(Signature {
            person_id: id?,
            name: name.clone()?,
            at: Micros(at?),
        })
    };
    Ok(AcceptanceOut {
        id: record.map(|r| r.id),
        number: record.map(|r| r.number.clone()),
        status: record.map_or(AcceptanceStatus::Open, |r| status_of(&r.status)),
        part: record.map_or(villages.iter().map(|v| v.part).max().unwrap_or(1), |r| r.part),
        order_id: order.id,
        order_number: order.number,
        unit_id: order.unit_id,
        unit_name: order.unit_name,
        vehicle: villages
            .iter()
            .map(|v| v.vehicle.clone())
            .find(|v| !v.is_empty())
            .unwrap_or_default(),
        expected_fen: Fen::checked_sum(outs.iter().map(|l| l.expected_fen)).map_err(fault)?,
        accepted_fen: Fen::checked_sum(outs.iter().map(|l| l.accepted_fen)).map_err(fault)?,
        lines: outs,
        unit_signature: record
            .and_then(|r| signature(r.unit_person_id, &r.unit_person_name, r.unit_signed_at)),
        centre_signature: record
            .and_then(|r| signature(r.centre_person_id, &r.centre_person_name, r.centre_signed_at)),
        transaction_id: record.and_then(|r| r.transaction_id),
        posted_at: record.and_then(|r| r.posted_at).map(Micros),
    })
}

fn line_out(
    line: &LineRecord,
    village: &VillageOrderRecord,
    stored: Option<&AcceptanceLineRecord>,
) -> Result<AcceptanceLineOut, Error> {
    let expected = acceptance_lines::expected_qty(line);
    let weighed = acceptance_lines::line(line, village, Qty(stored.map_or(expected, |s| s.qty)))?;
    Ok(AcceptanceLineOut {
        line_id: line.id,
        village_order_id: line.village_order_id,
        village_code: line.village_code.clone(),
        village_name: village.village_name.clone(),
        produce: line.produce.clone(),
        name: line.name.clone(),
        lot_code: line.lot_code.clone(),
        price_fen: Fen(line.price_fen),
        price_unit: price_unit_of(&line.price_unit)?,
        piece_name: line.piece_name.clone(),
        expected_qty: Qty(expected),
        accepted_qty: Qty(weighed.qty),
        accepted_fen: stored.map_or(weighed.total_fen, |s| Fen(s.total_fen)),
        expected_fen: village_order::total_of(line, Qty(expected))?,
        village_fen: stored.map_or(weighed.shares.village, |s| Fen(s.village_fen)),
        reason: stored
            .and_then(|s| s.reason.as_deref())
            .and_then(VarianceReason::from_name),
        remark: stored.map(|s| s.remark.clone()).unwrap_or_default(),
        photo_id: stored.and_then(|s| s.photo_id),
    })
}

/// A stored state.
pub(super) fn status_of(stored: &str) -> AcceptanceStatus {
    if stored == "posted" {
        AcceptanceStatus::Posted
    } else {
        AcceptanceStatus::Signed
    }
}
