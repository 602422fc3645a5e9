//! Splitting an order by village: a decision over plain values, so that a conflict can decide again.

use super::{Error, fault};
use crate::ports::ids;
use crate::store::order::OrderableRow;
use crate::store::order_line::LineRecord;
use crate::store::request_line::RequestLine;
use crate::store::stock::Change;
use crate::store::village_order::{Common, NewVillageOrder};
use shared::api::order::OrderLineIn;
use shared::api::problem::{Code, FieldCode, FieldProblem, ShortLine};
use shared::domain::calendar::{Day, Micros};
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the order itself is.
pub struct Head {
    /// Its id.
    pub order_id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// When it is placed.
    pub now: Micros,
    /// Until when villages must answer.
    pub confirm_by: Micros,
    /// Wanted on.
    pub wanted_on: Day,
    /// The centre's fee in basis points.
    pub fee_bp: i32,
}

impl Head {
    /// What all its village orders share.
    #[must_use]
    pub fn common(&self) -> Common {
        Common {
            order_id: self.order_id,
            order_number: self.number.clone(),
            unit_id: self.unit_id,
            offered_at: self.now.0,
            confirm_by: self.confirm_by.0,
            wanted_on: self.wanted_on.0,
            fee_bp: self.fee_bp,
        }
    }
}

/// An order split by village and lot.
pub struct Split {
    /// One a seller of a village, in village order.
    pub village_orders: Vec<NewVillageOrder>,
    /// One a lot.
    pub lines: Vec<LineRecord>,
    /// What is taken from each lot.
    pub stock: Vec<Change>,
    /// The sum of all lines.
    pub total_fen: Fen,
}

/// Splits the lines over lots and villages. A village order is one seller's: the seller decides invoice and ledger.
///
/// # Errors
/// `Invalid` for amounts off the minimum or step; `NotFound` as a field problem for an offer that is not on sale;
/// `Changed` for a version that is no longer on sale; `OutOfStock` with every line that ran short.
pub fn split(head: &Head, lines: &[OrderLineIn], rows: &[OrderableRow]) -> Result<Split, Error> {
    let mut by_offer = BTreeMap::<Uuid, Vec<&OrderableRow>>::new();
    for row in rows {
        by_offer.entry(row.offer_id).or_default().push(row);
    }
    check(head, lines, &by_offer)?;
    let mut villages = BTreeMap::<(String, Uuid), Village>::new();
    let mut stock = Vec::new();
    for line in lines {
        let lots = by_offer
            .get(&line.offer_id)
            .ok_or_else(|| fault("an offer was checked and is gone"))?;
        let first = lots.first().ok_or_else(|| fault("an offer has no row"))?;
        let village = villages
            .entry((first.village_code.clone(), first.seller_id))
            .or_insert_with(|| Village {
                id: ids::new_id(head.now),
                lines: Vec::new(),
            });
        let ripe: Vec<&OrderableRow> = lots.iter().copied().filter(|row| is_ripe(head, row)).collect();
        for (row, qty) in allocate(&ripe, line.qty.0) {
            village.lines.push(new_line(head, village.id, row, qty)?);
            if let Some(lot_id) = row.lot_id {
                stock.push(Change {
                    lot_id,
                    reserved: qty,
                    sold: 0,
                    qty: 0,
                });
            }
        }
    }
    finish(head, villages, stock)
}

/// Splits a request that was approved: its lines, as they were frozen, by village and seller.
///
/// # Errors
/// A fault when what is stored does not add up.
pub fn regroup(head: &Head, lines: &[RequestLine]) -> Result<Split, Error> {
    let mut villages = BTreeMap::<(String, Uuid), Village>::new();
    for line in lines {
        let village = villages
            .entry((line.village_code.clone(), line.seller_id))
            .or_insert_with(|| Village {
                id: ids::new_id(head.now),
                lines: Vec::new(),
            });
        let id = village.id;
        village.lines.push(frozen_line(head, id, line));
    }
    finish(head, villages, Vec::new())
}

/// The lines of a split, each with its seller.
///
/// # Errors
/// A fault when a line belongs to no village order.
pub fn with_sellers(split: &Split) -> Result<Vec<(Uuid, &LineRecord)>, Error> {
    let sellers: BTreeMap<Uuid, Uuid> = split.village_orders.iter().map(|v| (v.id, v.seller_id)).collect();
    split
        .lines
        .iter()
        .map(|line| {
            let seller = sellers.get(&line.village_order_id).copied();
            Ok((seller.ok_or_else(|| fault("a line of no village order"))?, line))
        })
        .collect()
}

struct Village {
    id: Uuid,
    lines: Vec<LineRecord>,
}

fn finish(
    head: &Head,
    villages: BTreeMap<(String, Uuid), Village>,
    stock: Vec<Change>,
) -> Result<Split, Error> {
    let (mut village_orders, mut lines, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    for ((village_code, seller_id), mut village) in villages {
        let total = Fen::checked_sum(village.lines.iter().map(|l| Fen(l.total_fen))).map_err(fault)?;
        totals.push(total);
        for (position, line) in village.lines.iter_mut().enumerate() {
            line.position = i32::try_from(position).map_err(fault)?;
        }
        village_orders.push(NewVillageOrder {
            id: village.id,
            number: ids::document_number('C', head.now.day()),
            village_code,
            seller_id,
            goods: goods(&village.lines)?,
            weight_g: village
                .lines
                .iter()
                .filter(|l| l.price_unit != "piece")
                .map(|l| l.qty)
                .sum(),
            total_fen: total.0,
        });
        lines.append(&mut village.lines);
    }
    Ok(Split {
        village_orders,
        lines,
        stock,
        total_fen: Fen::checked_sum(totals).map_err(fault)?,
    })
}

/// Harvested, or expected by the day the goods are wanted on.
fn is_ripe(head: &Head, row: &OrderableRow) -> bool {
    row.expected_on.is_none_or(|day| day <= head.wanted_on.0)
}

/// The day from which on there is enough, when goods that are still growing are waited for.
fn enough_from(rows: &[&OrderableRow], qty: i64) -> Option<Day> {
    let mut growing: Vec<(i32, i64)> = rows
        .iter()
        .map(|row| (row.expected_on.unwrap_or(i32::MIN), row.free.unwrap_or(0)))
        .collect();
    growing.sort_unstable();
    let mut sum = 0_i64;
    growing.into_iter().find_map(|(day, free)| {
        sum = sum.saturating_add(free);
        (sum >= qty).then_some(Day(day))
    })
}

fn check(
    head: &Head,
    lines: &[OrderLineIn],
    by_offer: &BTreeMap<Uuid, Vec<&OrderableRow>>,
) -> Result<(), Error> {
    let (mut problems, mut short, mut changed) = (Vec::new(), Vec::new(), false);
    for (at, line) in lines.iter().enumerate() {
        let Some(first) = by_offer
            .get(&line.offer_id)
            .and_then(|lots| lots.first())
            .filter(|r| r.status == "published")
        else {
            problems.push(FieldProblem::new(
                format!("lines.{at}.offer_id"),
                FieldCode::Unknown,
            ));
            continue;
        };
        changed |= line.version_id.is_some_and(|seen| seen != first.version_id);
        let unit = unit_of(first)?;
        let in_words = |qty: i64| unit.format_qty(Qty(qty), first.piece_name.as_deref());
        let field = format!("lines.{at}.qty");
        if line.qty.0 < first.min_qty {
            problems.push(FieldProblem::bound(
                field,
                FieldCode::TooSmall,
                in_words(first.min_qty),
            ));
        } else if line.qty.0 % first.step_qty != 0 {
            problems.push(FieldProblem::bound(
                field,
                FieldCode::NotAStep,
                in_words(first.step_qty),
            ));
        }
        let free: i64 = by_offer[&line.offer_id].iter().filter_map(|row| row.free).sum();
        let ripe: i64 = by_offer[&line.offer_id]
            .iter()
            .filter(|row| is_ripe(head, row))
            .filter_map(|row| row.free)
            .sum();
        if free >= line.qty.0 && ripe < line.qty.0 {
            let day = enough_from(&by_offer[&line.offer_id], line.qty.0);
            problems.push(FieldProblem::bound(
                "wanted_on",
                FieldCode::TooEarly,
                format!("{} ({})", day.unwrap_or(head.wanted_on), title(first)),
            ));
        }
        if free < line.qty.0 {
            let name = title(first);
            short.push(ShortLine {
                offer_id: line.offer_id,
                name,
                asked: line.qty,
                free: Qty(free),
            });
        }
    }
    if !problems.is_empty() {
        Err(Error::invalid(problems))
    } else if changed {
        Err(Error::refused(Code::Changed))
    } else if !short.is_empty() {
        Err(Error::short(short))
    } else {
        Ok(())
    }
}

/// Takes an amount from lots, first to go first. The caller has checked that there is enough.
fn allocate<'r>(lots: &[&'r OrderableRow], mut qty: i64) -> Vec<(&'r OrderableRow, i64)> {
    let mut taken = Vec::new();
    for row in lots {
        let part = row.free.unwrap_or(0).min(qty);
        if part > 0 {
            taken.push((*row, part));
            qty -= part;
        }
    }
    taken
}

fn new_line(head: &Head, village_order_id: Uuid, row: &OrderableRow, qty: i64) -> Result<LineRecord, Error> {
    let price = Price {
        fen: Fen(row.price_fen),
        unit: unit_of(row)?,
    };
    Ok(LineRecord {
        id: ids::new_id(head.now),
        order_id: head.order_id,
        village_order_id,
        unit_id: head.unit_id,
        village_code: row.village_code.clone(),
        position: 0,
        offer_id: row.offer_id,
        version_id: row.version_id,
        lot_id: row.lot_id.ok_or_else(|| fault("a line without a lot"))?,
        lot_code: row.lot_code.clone().unwrap_or_default(),
        produce: row.produce.clone(),
        name: title(row),
        price_fen: row.price_fen,
        price_unit: row.price_unit.clone(),
        piece_name: row.piece_name.clone(),
        qty,
        confirmed_qty: None,
        accepted_qty: None,
        total_fen: line_total(price, Qty(qty))
            .map_err(|_| Error::field("lines", FieldCode::TooLarge))?
            .0,
        confirmed_fen: None,
        accepted_fen: None,
        share_kind: row.share_kind.clone(),
        share_value: row.share_value,
        household_id: row.household_id,
        reason: None,
        expected_on: row.expected_on,
    })
}

fn frozen_line(head: &Head, village_order_id: Uuid, line: &RequestLine) -> LineRecord {
    LineRecord {
        id: ids::new_id(head.now),
        order_id: head.order_id,
        village_order_id,
        unit_id: head.unit_id,
        village_code: line.village_code.clone(),
        position: 0,
        offer_id: line.offer_id,
        version_id: line.version_id,
        lot_id: line.lot_id,
        lot_code: line.lot_code.clone(),
        produce: line.produce.clone(),
        name: line.name.clone(),
        price_fen: line.price_fen,
        price_unit: line.price_unit.clone(),
        piece_name: line.piece_name.clone(),
        qty: line.qty,
        confirmed_qty: None,
        accepted_qty: None,
        total_fen: line.total_fen,
        confirmed_fen: None,
        accepted_fen: None,
        share_kind: line.share_kind.clone(),
        share_value: line.share_value,
        household_id: line.household_id,
        reason: None,
        expected_on: line.expected_on,
    }
}

fn title(row: &OrderableRow) -> String {
    if row.grade.is_empty() {
        row.name.clone()
    } else {
        format!("{} {}", row.name, row.grade)
    }
}

fn unit_of(row: &OrderableRow) -> Result<PriceUnit, Error> {
    PriceUnit::from_name(&row.price_unit)
        .ok_or_else(|| fault(format!("stored price unit '{}'", row.price_unit)))
}

/// The goods in a few words, as '香菇 260 斤 · 白灵菇 40 斤'; more than three kinds are counted.
pub(super) fn goods(lines: &[LineRecord]) -> Result<String, Error> {
    let mut words = Vec::new();
    for line in lines.iter().take(3) {
        let unit = PriceUnit::from_name(&line.price_unit).ok_or_else(|| fault("stored price unit"))?;
        words.push(format!(
            "{} {}",
            line.name,
            unit.format_qty(Qty(line.qty), line.piece_name.as_deref())
        ));
    }
    let more = if lines.len() > 3 {
        format!(" 等 {} 样", lines.len())
    } else {
        String::new()
    };
    Ok(words.join(" · ") + &more)
}
