//! Ordering again: what of a past order can be had now, and what cannot.

use super::super::{App, Error, basket, right, village_order};
use crate::store;
use shared::api::basket::BasketLineIn;
use shared::api::order::{AgainMissing, AgainOut, OrderLineIn};
use shared::domain::identity::Actor;
use shared::domain::offer::OfferStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What was ordered of one offer.
struct Ordered {
    name: String,
    price_unit: String,
    piece_name: Option<String>,
    qty: i64,
}

/// What of a past order can be ordered now, in today's steps and from what is free, and what is missing.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn again(app: &App, actor: &Actor, id: Uuid) -> Result<AgainOut, Error> {
    let read = app.db.read();
    let order = store::order::find(read, id).await?.ok_or(Error::not_found())?;
    right::require(actor, Action::OrderWrite, Place::unit(order.unit_id))?;
    let ordered = ordered(app, &order).await?;
    let offers: Vec<Uuid> = ordered.keys().copied().collect();
    let rows = store::order::orderable(read, order.unit_id, &offers, &[], app.today().0).await?;
    let mut out = AgainOut {
        lines: Vec::new(),
        missing: Vec::new(),
    };
    for (offer_id, was) in ordered {
        let lots: Vec<_> = rows.iter().filter(|row| row.offer_id == offer_id).collect();
        let live = lots
            .first()
            .filter(|row| OfferStatus::from_name(&row.status).is_some_and(|s| s.on_sale()));
        let qty = live.map_or(0, |row| {
            let free: i64 = lots.iter().filter_map(|lot| lot.free).sum();
            in_steps(was.qty.min(free), row.min_qty, row.step_qty)
        });
        if qty < was.qty {
            out.missing.push(AgainMissing {
                name: was.name,
                price_unit: village_order::price_unit_of(&was.price_unit)?,
                piece_name: was.piece_name,
                asked: Qty(was.qty),
                free: Qty(qty),
            });
        }
        if let Some(row) = live.filter(|_| qty > 0) {
            out.lines.push(OrderLineIn {
                offer_id,
                version_id: Some(row.version_id),
                qty: Qty(qty),
            });
        }
    }
    Ok(out)
}

/// The most of an amount that can be ordered in steps; nothing when that is below the least amount.
fn in_steps(qty: i64, min: i64, step: i64) -> i64 {
    let whole = qty / step.max(1) * step.max(1);
    if whole < min { 0 } else { whole }
}

/// What an order was of, by offer: of its village orders, or of the request that never became one.
async fn ordered(app: &App, order: &store::order::OrderRecord) -> Result<BTreeMap<Uuid, Ordered>, Error> {
    let read = app.db.read();
    let mut ordered = BTreeMap::<Uuid, Ordered>::new();
    let mut add = |offer_id, name: &str, price_unit: &str, piece_name: &Option<String>, qty| {
        let sum = ordered.entry(offer_id).or_insert_with(|| Ordered {
            name: name.to_owned(),
            price_unit: price_unit.to_owned(),
            piece_name: piece_name.clone(),
            qty: 0,
        });
        sum.qty += qty;
    };
    let parts = store::village_order::of_order(read, order.id).await?;
    if parts.is_empty() {
        for line in store::request_line::of_revision(read, order.id, order.revision).await? {
            add(
                line.offer_id,
                &line.name,
                &line.price_unit,
                &line.piece_name,
                line.qty,
            );
        }
    } else {
        let ids: Vec<Uuid> = parts.iter().map(|v| v.id).collect();
        for line in store::order_line::of_village_orders(read, &ids).await? {
            add(
                line.offer_id,
                &line.name,
                &line.price_unit,
                &line.piece_name,
                line.qty,
            );
        }
    }
    Ok(ordered)
}

/// Puts what can be had of a past order into a basket, over what is there of the same goods.
///
/// # Errors
/// `NotFound`, `Forbidden`; `WrongState` when nothing of it can be had.
pub async fn copy_to_basket(app: &App, actor: &Actor, id: Uuid, basket_key: &str) -> Result<AgainOut, Error> {
    let found = again(app, actor, id).await?;
    if found.lines.is_empty() {
        return Err(Error::wrong_state());
    }
    let lines = found.lines.iter().map(|line| BasketLineIn {
        offer_id: line.offer_id,
        qty: line.qty,
    });
    basket::fill(app, basket_key, lines.collect()).await?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_had_again_is_in_todays_steps() {
        assert_eq!(in_steps(5200, 1000, 500), 5000);
        assert_eq!(in_steps(900, 1000, 500), 0);
        assert_eq!(in_steps(7, 1, 0), 7);
    }
}
