//! 追溯: the auditor's path from any number to the fen, the entry, the weighing, the signatures and the request.

use super::{App, Error, fault, ledger, order, right, village_order};
use crate::store;
use crate::store::trail::{Sought, TrailRecord};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::trail::{TrailAcceptance, TrailEntry, TrailOrder, TrailOut, TrailRow, TrailVillageOrder};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};

/// Lines that are followed at the most.
const ROWS: i64 = 100;
/// Characters of a number at the most.
const NUMBER_MAX: usize = 60;

/// Everything behind the number of an order, village order, acceptance or claim, a transaction's id, or a lot's code;
/// nothing when there is no such number.
///
/// # Errors
/// `Forbidden`; `Invalid` for what cannot be a number.
pub async fn follow(app: &App, actor: &Actor, number: &str) -> Result<TrailOut, Error> {
    right::require(actor, Action::LedgerVerify, Place::DISTRICT)?;
    let asked = number.trim();
    if asked.chars().count() > NUMBER_MAX {
        let problem = FieldProblem::bound("number", FieldCode::TooLong, NUMBER_MAX);
        return Err(Error::invalid(vec![problem]));
    }
    if asked.chars().any(char::is_control) {
        return Err(Error::field("number", FieldCode::BadCharacters));
    }
    let rows = if asked.is_empty() {
        Vec::new()
    } else {
        store::trail::follow(app.db.read(), &sought(asked), ROWS).await?
    };
    Ok(TrailOut {
        asked: asked.to_owned(),
        rows: rows.iter().map(row_of).collect::<Result<_, _>>()?,
    })
}

/// What a number names, by its form.
fn sought(asked: &str) -> Sought {
    if let Ok(id) = asked.parse() {
        return Sought::Transaction(id);
    }
    let number = asked.to_uppercase();
    let dated = number
        .get(1..7)
        .is_some_and(|day| day.bytes().all(|b| b.is_ascii_digit()));
    match number.chars().next() {
        Some('D') if dated => Sought::Order(number),
        Some('C') if dated => Sought::VillageOrder(number),
        Some('Y') if dated => Sought::Acceptance(number),
        Some('S') if dated => Sought::Claim(number),
        _ => Sought::Lot(number),
    }
}

fn row_of(row: &TrailRecord) -> Result<TrailRow, Error> {
    let entry = match (row.transaction_id, row.amount_fen, row.chain_seq) {
        (Some(transaction_id), Some(amount), Some(chain_seq)) => Some(TrailEntry {
            transaction_id,
            amount_fen: Fen(amount).checked_neg().map_err(fault)?,
            chain_seq,
            hash: row.hash.as_deref().map(ledger::hex).unwrap_or_default(),
        }),
        _ => None,
    };
    let acceptance = row.acceptance_id.map(|id| TrailAcceptance {
        id,
        number: row.acceptance_number.clone().unwrap_or_default(),
        qty: Qty(row.accepted_qty.unwrap_or_default()),
        total_fen: Fen(row.total_fen.unwrap_or_default()),
        village_fen: Fen(row.village_fen.unwrap_or_default()),
        unit_person_name: row.unit_person_name.clone(),
        unit_signed_at: row.unit_signed_at.map(Micros),
        centre_person_name: row.centre_person_name.clone(),
        centre_signed_at: row.centre_signed_at.map(Micros),
    });
    Ok(TrailRow {
        village_code: row.village_code.clone(),
        village_name: format!("{} {}", row.town_name, row.village_name),
        name: row.name.clone(),
        lot_code: row.lot_code.clone(),
        price_fen: Fen(row.price_fen),
        price_unit: village_order::price_unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        entry,
        acceptance,
        village_order: TrailVillageOrder {
            id: row.village_order_id,
            number: row.village_order_number.clone(),
            status: village_order::status_of(&row.village_order_status)?,
            confirmed_qty: Qty(row.confirmed_qty),
        },
        order: TrailOrder {
            id: row.order_id,
            number: row.order_number.clone(),
            status: order::status_of(&row.order_status)?,
            unit_name: row.unit_name.clone(),
            qty: Qty(row.qty),
            requested_by_name: row.requested_by_name.clone(),
            placed_at: Micros(row.placed_at),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_says_by_its_form_what_it_names() {
        assert!(matches!(sought("d261121-7k3mp"), Sought::Order(number) if number == "D261121-7K3MP"));
        assert!(matches!(sought("C261121-7K3MP-2"), Sought::VillageOrder(_)));
        assert!(matches!(sought("Y261121-7K3MP-1"), Sought::Acceptance(_)));
        assert!(matches!(sought("S261121-7K3MP"), Sought::Claim(_)));
        assert!(matches!(
            sought(&uuid::Uuid::nil().to_string()),
            Sought::Transaction(_)
        ));
        assert!(matches!(sought("SHIITAKE"), Sought::Lot(_)));
        assert!(matches!(sought("柿"), Sought::Lot(_)));
    }
}
