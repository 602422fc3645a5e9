//! What an agreed claim posts (domain.md, money rule 6): everybody gives back their share of it, what the unit still owes
//! falls, and what it has paid already goes to its deposit. Nothing that was written before changes.

use super::super::{Error, bill, fault, ledger, payable, village_order};
use crate::ports::ids;
use crate::store::acceptance::AcceptanceLineRecord;
use crate::store::claim::{ClaimLineRecord, ClaimRecord, Posted, PostedShares};
use crate::store::order_line::LineRecord;
use crate::store::totals::Sold;
use crate::store::village_order::VillageOrderRecord;
use crate::store::{self, Tx};
use shared::domain::calendar::Micros;
use shared::domain::fee::FeeRate;
use shared::domain::identity::Actor;
use shared::domain::ledger::{AcceptedLine, Supplier, TransactionKind, claim_entries};
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::refund::refund_of_shares;
use shared::domain::share::{SharePolicy, Shares};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A line's part of the correction.
struct Back<'l> {
    line: &'l LineRecord,
    supplier: Option<Supplier>,
    shares: Shares,
    sum: Fen,
}

/// Posts what was agreed, within the transaction that decides; nothing when nothing was.
///
/// # Errors
/// A fault when stored sums do not go together; whatever the database answers.
pub(super) async fn post(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    claim: &ClaimRecord,
    lines: &[ClaimLineRecord],
    agreed: &[(Uuid, i64)],
) -> Result<(), Error> {
    let accepted = store::acceptance::lines(tx, claim.acceptance_id).await?;
    let owners: BTreeSet<Uuid> = accepted.iter().map(|l| l.village_order_id).collect();
    let owners: Vec<Uuid> = owners.into_iter().collect();
    let villages = store::village_order::by_ids(tx, &owners).await?;
    let stored = store::order_line::of_village_orders(tx, &owners).await?;
    let before = store::claim::posted_shares(tx, claim.acceptance_id).await?;
    let mut back = Vec::new();
    for (line_id, sum) in agreed.iter().filter(|(_, sum)| *sum > 0) {
        let line = find(&stored, |l| l.id == *line_id, "a claim's line")?;
        let own = find(&accepted, |l| l.line_id == *line_id, "an accepted line")?;
        let village = find(
            &villages,
            |v| v.id == own.village_order_id,
            "a line's village order",
        )?;
        let asked = find(lines, |l| l.line_id == *line_id, "what was asked")?;
        let earlier = before.iter().find(|row| row.line_id == *line_id);
        back.push(of_line(line, own, village, asked, earlier, Fen(*sum))?);
    }
    if back.is_empty() {
        return Ok(());
    }
    let mut sums = BTreeMap::<Uuid, Fen>::new();
    for part in &back {
        let sum = sums.entry(part.line.village_order_id).or_default();
        *sum = sum.checked_add(part.sum).map_err(fault)?;
    }
    let correction = bill::correct(tx, now, &sums).await?;
    let transaction_id = ids::new_id(now);
    let posting = ledger::Posting {
        id: transaction_id,
        kind: TransactionKind::Claim,
        document_kind: "claim",
        document_id: claim.id,
        document_number: claim.number.clone(),
        effective_at: now,
        actor: Some((actor.person_id, actor.person_name.clone())),
        // The books list what corrected a transaction by this.
        reverses: store::acceptance::find(tx, claim.acceptance_id)
            .await?
            .and_then(|acceptance| acceptance.transaction_id),
        entries: claim_entries(
            &claim.unit_id.to_string(),
            correction.receivable_fen,
            correction.deposit_fen,
            &back.iter().map(accepted_line).collect::<Vec<_>>(),
        )
        .map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    owe_less(tx, now, claim, transaction_id, &back).await?;
    let day = now.day();
    let month = i32::try_from(day.month()).map_err(fault)?;
    store::totals::add(tx, day.year(), month, &by_produce(&back)?).await?;
    let posted = back
        .iter()
        .map(|part| Posted {
            line_id: part.line.id,
            village_fen: part.shares.village.0,
            supplier_fen: part.shares.supplier.0,
            fee_fen: part.shares.fee.0,
        })
        .collect::<Vec<_>>();
    Ok(store::claim::post(tx, claim.id, transaction_id, &posted).await?)
}

fn find<'r, T>(rows: &'r [T], is: impl Fn(&&'r T) -> bool, what: &str) -> Result<&'r T, Error> {
    rows.iter().find(is).ok_or_else(|| fault(what))
}

/// Who gives back what of one line. An amount that was agreed to in full leaves the line; a sum alone lowers its price.
fn of_line<'l>(
    line: &'l LineRecord,
    accepted: &AcceptanceLineRecord,
    village: &VillageOrderRecord,
    asked: &ClaimLineRecord,
    earlier: Option<&PostedShares>,
    sum: Fen,
) -> Result<Back<'l>, Error> {
    let whole = Shares {
        village: Fen(accepted.village_fen),
        supplier: Fen(accepted.supplier_fen),
        fee: Fen(accepted.fee_fen),
    };
    let gone = earlier.map_or_else(Shares::default, |row| Shares {
        village: Fen(row.village_fen),
        supplier: Fen(row.supplier_fen),
        fee: Fen(row.fee_fen),
    });
    let held = whole.checked_sub(gone).map_err(fault)?;
    let remaining = held
        .total()
        .and_then(|total| total.checked_sub(sum))
        .map_err(fault)?;
    let taken_back = if asked.asked_fen == sum.0 { asked.qty } else { 0 };
    let left = accepted.qty - earlier.map_or(0, |row| row.qty) - taken_back;
    let policy = SharePolicy::from_parts(&line.share_kind, line.share_value)
        .ok_or_else(|| fault("stored share policy"))?;
    let fee = FeeRate::from_bp(i64::from(village.fee_bp)).ok_or_else(|| fault("stored fee"))?;
    let unit = village_order::price_unit_of(&line.price_unit)?;
    let shares = refund_of_shares(held, policy, remaining, Qty(left.max(0)), unit, fee).map_err(fault)?;
    let supplier = match line.household_id {
        Some(id) => Some(Supplier::Household(id.to_string())),
        None if village.seller_kind == "coop" => Some(Supplier::Coop(village.seller_id.to_string())),
        None => None,
    };
    Ok(Back {
        line,
        supplier,
        shares,
        sum,
    })
}

fn accepted_line(part: &Back<'_>) -> AcceptedLine {
    AcceptedLine {
        line_ref: Some(part.line.id),
        village: part.line.village_code.clone(),
        supplier: part.supplier.clone(),
        shares: part.shares,
    }
}

async fn owe_less(
    tx: &Tx,
    now: Micros,
    claim: &ClaimRecord,
    transaction_id: Uuid,
    back: &[Back<'_>],
) -> Result<(), Error> {
    let source = payable::Source {
        id: claim.id,
        kind: "claim",
        number: claim.number.clone(),
        transaction_id,
        order_id: Some(claim.order_id),
        unit_id: Some(claim.unit_id),
    };
    let mut parts = Vec::with_capacity(back.len());
    for part in back {
        parts.push(payable::Part {
            subject_id: part.line.village_order_id,
            village_code: &part.line.village_code,
            supplier: part.supplier.as_ref(),
            shares: Shares::default().checked_sub(part.shares).map_err(fault)?,
        });
    }
    payable::credit(tx, now, &source, &parts).await
}

/// What is taken off the market's month, by produce.
fn by_produce<'l>(back: &[Back<'l>]) -> Result<BTreeMap<&'l str, Sold>, Error> {
    let mut sums = BTreeMap::<&str, Sold>::new();
    for part in back {
        let sum = sums.entry(part.line.produce.as_str()).or_default();
        let less = |sum: i64, off: Fen| Fen(sum).checked_sub(off).map(|sum| sum.0).map_err(fault);
        sum.turnover_fen = less(sum.turnover_fen, part.sum)?;
        sum.income_fen = less(sum.income_fen, part.shares.village)?;
    }
    Ok(sums)
}
