//! The lines of a weighing: a decision over plain values.

use super::payable::Part;
use super::village_order::{price_unit_of, total_of};
use super::{Error, fault};
use crate::store::order_line::LineRecord;
use crate::store::village_order::VillageOrderRecord;
use sha2::{Digest as _, Sha256};
use shared::api::acceptance::{AcceptLineIn, SignIn, VarianceReason};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::fee::FeeRate;
use shared::domain::ledger::{AcceptedLine, Supplier};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::{Measure, Qty};
use shared::domain::share::{SharePolicy, Shares, split_line};
use uuid::Uuid;

/// More than this part of the expected amount is a typing mistake, not a weighing.
const OVER_PER_CENT: i64 = 20;

/// All lines of a weighing.
pub struct Weighing {
    /// The lines, in the order of the order.
    pub lines: Vec<Weighed>,
    /// The sum expected.
    pub expected_fen: Fen,
    /// The sum accepted.
    pub accepted_fen: Fen,
    /// What both sides sign: SHA-256 over every line's id, amount, reason, remark and photo.
    pub hash: Vec<u8>,
}

/// One weighed line.
pub struct Weighed {
    /// The order line.
    pub line_id: Uuid,
    /// The village order.
    pub village_order_id: Uuid,
    /// The village.
    pub village_code: String,
    /// What the village confirmed.
    pub expected_qty: i64,
    /// Accepted.
    pub qty: i64,
    /// Its sum.
    pub total_fen: Fen,
    /// Who gets what of it.
    pub shares: Shares,
    /// Who gets the supplier's part.
    pub supplier: Option<Supplier>,
    /// Why it differs.
    pub reason: Option<VarianceReason>,
    /// A remark.
    pub remark: String,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

impl Weighed {
    /// What is still to come of the line with a later delivery.
    #[must_use]
    pub fn rest(&self) -> i64 {
        match self.reason {
            Some(VarianceReason::StillToCome) => (self.expected_qty - self.qty).max(0),
            _ => 0,
        }
    }

    /// What of the expected amount is settled by this delivery.
    #[must_use]
    pub fn due(&self) -> i64 {
        self.expected_qty - self.rest()
    }
}

impl Weighing {
    /// Something was received otherwise than was due.
    #[must_use]
    pub fn varies(&self) -> bool {
        self.lines.iter().any(|line| line.qty != line.due())
    }

    /// The lines as the ledger posts them; a line of which nothing was accepted posts nothing.
    #[must_use]
    pub fn ledger_lines(&self) -> Vec<AcceptedLine> {
        self.lines
            .iter()
            .filter(|line| line.total_fen > Fen::ZERO)
            .map(|line| AcceptedLine {
                line_ref: Some(line.line_id),
                village: line.village_code.clone(),
                supplier: line.supplier.clone(),
                shares: line.shares,
            })
            .collect()
    }
}

impl Weighing {
    /// What every line adds to what is owed to whom.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.lines
            .iter()
            .map(|line| Part {
                subject_id: line.village_order_id,
                village_code: &line.village_code,
                supplier: line.supplier.as_ref(),
                shares: line.shares,
            })
            .collect()
    }
}

/// What is expected of a line: what the village confirmed.
#[must_use]
pub fn expected_qty(line: &LineRecord) -> i64 {
    line.confirmed_qty.unwrap_or(line.qty)
}

/// Computes one line at an amount: its sum once, then its shares (domain.md, money rules 1, 4, 7).
///
/// # Errors
/// `Invalid` when the sum cannot be held; a fault when what is stored has no meaning.
pub fn line(line: &LineRecord, village: &VillageOrderRecord, qty: Qty) -> Result<Weighed, Error> {
    let total_fen = total_of(line, qty)?;
    let policy = SharePolicy::from_parts(&line.share_kind, line.share_value)
        .ok_or_else(|| fault("stored share policy"))?;
    let fee = FeeRate::from_bp(i64::from(village.fee_bp)).ok_or_else(|| fault("stored fee"))?;
    let shares = split_line(policy, total_fen, qty, price_unit_of(&line.price_unit)?, fee).map_err(fault)?;
    let supplier = match line.household_id {
        Some(id) => Some(Supplier::Household(id.to_string())),
        None if village.seller_kind == "coop" => Some(Supplier::Coop(village.seller_id.to_string())),
        None => None,
    };
    Ok(Weighed {
        line_id: line.id,
        village_order_id: line.village_order_id,
        village_code: line.village_code.clone(),
        expected_qty: expected_qty(line),
        qty: qty.0,
        total_fen,
        shares,
        supplier,
        reason: None,
        remark: String::new(),
        photo_id: None,
    })
}

/// Checks what was weighed against what was delivered and computes every line.
///
/// # Errors
/// `Invalid` naming every line that is missing, unknown, below zero, far above what was expected, or without a reason.
pub fn weigh(
    lines: &[LineRecord],
    villages: &[&VillageOrderRecord],
    sign: &SignIn,
) -> Result<Weighing, Error> {
    let mut problems = Vec::new();
    if let Some(stranger) = sign
        .lines
        .iter()
        .find(|given| !lines.iter().any(|line| line.id == given.line_id))
    {
        problems.push(FieldProblem::new(
            format!("line.{}.qty", stranger.line_id),
            FieldCode::Unknown,
        ));
    }
    let mut weighed = Vec::with_capacity(lines.len());
    for record in lines {
        let village = villages
            .iter()
            .find(|v| v.id == record.village_order_id)
            .ok_or_else(|| fault("a line's village order"))?;
        let Some(given) = sign.lines.iter().find(|given| given.line_id == record.id) else {
            problems.push(FieldProblem::new(
                format!("line.{}.qty", record.id),
                FieldCode::Required,
            ));
            continue;
        };
        match check(record, given)? {
            Err(problem) => problems.push(problem),
            Ok(reason) => {
                let computed = line(record, village, given.qty)?;
                let remark = given.remark.trim().to_owned();
                weighed.push(Weighed {
                    reason,
                    remark,
                    photo_id: given.photo_id,
                    ..computed
                });
            }
        }
    }
    // Nothing at all came: there is nothing to sign. A line of which the village had nothing settles nothing either.
    if problems.is_empty() && weighed.iter().all(|w| w.due() == 0) {
        let late = weighed.iter().filter(|w| w.rest() > 0);
        problems.extend(
            late.map(|w| FieldProblem::new(format!("line.{}.reason", w.line_id), FieldCode::NotAChoice)),
        );
    }
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let expected = lines
        .iter()
        .zip(&weighed)
        .map(|(l, w)| total_of(l, Qty(w.due())))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Weighing {
        expected_fen: Fen::checked_sum(expected).map_err(fault)?,
        accepted_fen: Fen::checked_sum(weighed.iter().map(|w| w.total_fen)).map_err(fault)?,
        hash: hash(&weighed),
        lines: weighed,
    })
}

/// The reason to be stored with a line, or what is wrong with it. A small difference on the scale explains itself;
/// refused goods need a reason, and 'other' a remark.
fn check(
    line: &LineRecord,
    given: &AcceptLineIn,
) -> Result<Result<Option<VarianceReason>, FieldProblem>, Error> {
    let field = |name: &str| format!("line.{}.{name}", line.id);
    let unit = price_unit_of(&line.price_unit)?;
    let expected = expected_qty(line);
    let qty = given.qty.0;
    let most = most_of(unit, expected);
    if qty < 0 {
        return Ok(Err(FieldProblem::bound(field("qty"), FieldCode::TooSmall, 0)));
    }
    if qty > most {
        let bound = unit.format_qty(Qty(most), line.piece_name.as_deref());
        return Ok(Err(FieldProblem::bound(field("qty"), FieldCode::TooLarge, bound)));
    }
    if given.remark.trim().chars().count() > 200 {
        return Ok(Err(FieldProblem::bound(field("remark"), FieldCode::TooLong, 200)));
    }
    if qty == expected {
        return Ok(Ok(None));
    }
    // Within a twentieth the scale alone explains it.
    let small = unit.measure() == Measure::Weight && (qty - expected).abs().saturating_mul(20) <= expected;
    Ok(match given.reason {
        Some(VarianceReason::StillToCome) if qty > expected => {
            Err(FieldProblem::new(field("reason"), FieldCode::NotAChoice))
        }
        Some(VarianceReason::Other) if given.remark.trim().is_empty() => {
            Err(FieldProblem::new(field("remark"), FieldCode::ReasonNeeded))
        }
        Some(reason) => Ok(Some(reason)),
        None if small => Ok(Some(VarianceReason::Weighing)),
        None => Err(FieldProblem::new(field("reason"), FieldCode::ReasonNeeded)),
    })
}

/// The most that can be accepted: pieces are counted, weights may come out a little over.
fn most_of(unit: PriceUnit, expected: i64) -> i64 {
    match unit.measure() {
        Measure::Piece => expected,
        Measure::Weight => expected.saturating_add(expected.saturating_mul(OVER_PER_CENT) / 100),
    }
}

fn hash(lines: &[Weighed]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line.line_id.as_bytes());
        hasher.update(line.qty.to_be_bytes());
        hasher.update(line.reason.map_or("", VarianceReason::as_str).as_bytes());
        hasher.update([0]);
        hasher.update(line.remark.as_bytes());
        hasher.update([0]);
        hasher.update(line.photo_id.unwrap_or_default().as_bytes());
    }
    hasher.finalize().to_vec()
}
