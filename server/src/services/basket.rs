//! 篮子: what a buyer means to order.

use super::{App, Error, catalogue, fault, lot};
use crate::store;
use crate::store::basket::BasketRow;
use crate::store::catalogue::ShelfRow;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::basket::{BasketLine, BasketLineIn, BasketOut, BasketVillage};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::price::{Price, line_total};
use shared::domain::quantity::Qty;

/// Lines of a basket at the most: as many as an order may have.
const LINES_MAX: i64 = 200;

/// The key of a basket: the person's in their unit when they buy for one, else the browser's.
#[must_use]
pub fn key_of(actor: Option<&Actor>, visitor_secret: &[u8]) -> String {
    let buyer = actor.filter(|actor| actor.grant.role == Role::UnitRequester);
    match buyer.and_then(|actor| Some((actor.person_id, actor.grant.unit_id?))) {
        Some((person_id, unit_id)) => format!("p:{person_id}:{unit_id}"),
        None => {
            // Only a hash is stored: who reads the table cannot take over a browser's basket.
            let hash = Sha256::digest(visitor_secret);
            hash.iter()
                .fold("v:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
        }
    }
}

/// How many lines a basket has.
///
/// # Errors
/// Whatever the database answers.
pub async fn count(app: &App, key: &str) -> Result<i64, Error> {
    Ok(store::basket::count(app.db.read(), key).await?)
}

/// A basket by village, priced as of now. What is no longer on sale stays in it, marked, and adds nothing to the sum.
///
/// # Errors
/// Whatever the database answers.
pub async fn show(app: &App, key: &str, actor: Option<&Actor>) -> Result<BasketOut, Error> {
    let today = app.today();
    let rows = store::basket::lines(app.db.read(), catalogue::reader(today, actor), key).await?;
    let mut villages: Vec<BasketVillage> = Vec::new();
    for row in &rows {
        let line = line_of(row, today)?;
        match villages
            .last_mut()
            .filter(|v| v.village_code == line.offer.village_code)
        {
            Some(village) => village.lines.push(line),
            None => villages.push(BasketVillage {
                village_code: line.offer.village_code.clone(),
                village_name: line.offer.village_name.clone(),
                town_name: line.offer.town_name.clone(),
                lines: vec![line],
                total_fen: Fen::ZERO,
            }),
        }
    }
    for village in &mut villages {
        village.total_fen =
            Fen::checked_sum(village.lines.iter().map(|line| line.total_fen)).map_err(fault)?;
    }
    Ok(BasketOut {
        count: i64::try_from(rows.len()).map_err(fault)?,
        total_fen: Fen::checked_sum(villages.iter().map(|village| village.total_fen)).map_err(fault)?,
        villages,
    })
}

fn line_of(row: &BasketRow, today: Day) -> Result<BasketLine, Error> {
    let shelf = &row.shelf;
    let offer = catalogue::card_of(&shelf.card, today)?;
    let on_sale = catalogue::status_of(&shelf.status)?.on_sale();
    let price = Price {
        fen: offer.price_fen,
        unit: offer.price_unit,
    };
    let total_fen = if on_sale {
        line_total(price, Qty(row.qty)).map_err(fault)?
    } else {
        Fen::ZERO
    };
    Ok(BasketLine {
        version_id: shelf.version_id,
        offer,
        qty: Qty(row.qty),
        min_qty: Qty(shelf.min_qty),
        step_qty: Qty(shelf.step_qty),
        total_fen,
        on_sale,
    })
}

/// Puts so much of an offer into a basket; 0 takes it out. Doing it twice changes nothing.
///
/// # Errors
/// `Invalid` when the amount does not fit the offer's minimum and step, or the basket is full; `WrongState`
/// when the offer is not on sale just now; `NotFound` when it never was.
pub async fn set(app: &App, key: &str, line: BasketLineIn) -> Result<(), Error> {
    let (app2, key) = (app.clone(), key.to_owned());
    app.db
        .write_quietly(move |tx| {
            let (app, key) = (app2.clone(), key.clone());
            async move {
                if line.qty == Qty::ZERO {
                    return Ok(store::basket::remove(tx, &key, line.offer_id).await?);
                }
                let reader = catalogue::reader(app.today(), None);
                let shelf = store::catalogue::shelf(tx, reader, &[line.offer_id]).await?;
                let shelf = shelf.first().ok_or(Error::not_found())?;
                check(shelf, line.qty)?;
                if store::basket::count_others(tx, &key, line.offer_id).await? >= LINES_MAX {
                    let full = FieldProblem::bound("offer_id", FieldCode::TooLarge, LINES_MAX);
                    return Err(Error::invalid(vec![full]));
                }
                Ok(store::basket::put(tx, &key, line.offer_id, line.qty.0, app.now()).await?)
            }
            .boxed()
        })
        .await
}

/// Puts several offers into a basket at once, with one statement; what is in already gets the new amount.
///
/// # Errors
/// `Invalid` when the basket would be too full.
pub async fn fill(app: &App, key: &str, lines: Vec<BasketLineIn>) -> Result<(), Error> {
    let job = std::sync::Arc::new((app.now(), key.to_owned(), lines));
    app.db
        .write(move |tx| {
            let job = std::sync::Arc::clone(&job);
            async move {
                let (now, key, lines) = &*job;
                let pairs: Vec<_> = lines.iter().map(|line| (line.offer_id, line.qty.0)).collect();
                store::basket::put_all(tx, key, &pairs, *now).await?;
                if store::basket::count(tx, key).await? > LINES_MAX {
                    let full = FieldProblem::bound("offer_id", FieldCode::TooLarge, LINES_MAX);
                    return Err(Error::invalid(vec![full]));
                }
                Ok(())
            }
            .boxed()
        })
        .await
}

fn check(shelf: &ShelfRow, qty: Qty) -> Result<(), Error> {
    if !catalogue::status_of(&shelf.status)?.on_sale() {
        return Err(Error::wrong_state());
    }
    let unit = catalogue::unit_of(&shelf.card.price_unit)?;
    let written = |qty| unit.format_qty(Qty(qty), shelf.card.piece_name.as_deref());
    let problem = if qty.0 < shelf.min_qty {
        FieldProblem::bound("qty", FieldCode::TooSmall, written(shelf.min_qty))
    } else if qty.0 > lot::QTY_MAX {
        FieldProblem::bound("qty", FieldCode::TooLarge, written(lot::QTY_MAX))
    } else if qty.0 % shelf.step_qty != 0 {
        FieldProblem::bound("qty", FieldCode::NotAStep, written(shelf.step_qty))
    } else {
        return Ok(());
    };
    Err(Error::invalid(vec![problem]))
}

/// Moves what a browser's basket held before sign-in into the person's, when they buy for a unit.
///
/// # Errors
/// Whatever the database answers.
pub async fn adopt(app: &App, actor: &Actor, visitor_secret: &[u8]) -> Result<(), Error> {
    let (from, into) = (key_of(None, visitor_secret), key_of(Some(actor), visitor_secret));
    // Most people sign in with nothing in the basket: that costs them no write.
    if from == into || store::basket::count(app.db.read(), &from).await? == 0 {
        return Ok(());
    }
    app.db
        .write_quietly(move |tx| {
            let (from, into) = (from.clone(), into.clone());
            async move { Ok(store::basket::pour(tx, &from, &into).await?) }.boxed()
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::identity::Grant;
    use uuid::Uuid;

    fn actor(role: Role, unit_id: Option<Uuid>) -> Actor {
        let grant = Grant {
            id: Uuid::nil(),
            role,
            unit_id,
            village_code: None,
            town_code: None,
            place_name: String::new(),
        };
        Actor {
            proven_at: None,
            person_id: Uuid::nil(),
            person_name: "某人".into(),
            grant,
        }
    }

    #[test]
    fn buyers_keep_their_basket_across_browsers() {
        let unit = Some(Uuid::max());
        let buyer = actor(Role::UnitRequester, unit);
        assert_eq!(key_of(Some(&buyer), b"one"), key_of(Some(&buyer), b"two"));
        assert_ne!(
            key_of(Some(&actor(Role::Auditor, None)), b"one"),
            key_of(None, b"two")
        );
        assert_eq!(
            key_of(Some(&actor(Role::UnitFinance, unit)), b"one"),
            key_of(None, b"one")
        );
        assert_eq!(key_of(None, b"one").len(), 66);
    }
}
