//! 批次: dated quantities of an offer.

mod change;
mod harvest;

pub use change::change;
pub use harvest::{harvest, tell_overdue};

use super::idempotency::{Key, once};
use super::{App, Error, catalogue, offer, right};
use crate::ports::ids;
use crate::store::lot::{LotRow, NewLot};
use crate::store::offer::OfferRecord;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::lot::{LotIn, LotOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::offer::OfferStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// A harvest lies at most so many days away.
const HARVEST_DAYS_MAX: i32 = 400;
/// The most of anything, in base units: 10,000 tonnes, or as many million pieces.
pub const QTY_MAX: i64 = 10_000_000_000;

/// Adds a lot to an offer that has not ended.
///
/// # Errors
/// `Invalid` naming fields; `WrongState` when the offer has ended; `NotFound`, `Forbidden`.
pub async fn add(app: &App, actor: &Actor, key: &Key, offer_id: Uuid, lot: LotIn) -> Result<LotOut, Error> {
    let record = store::offer::find(app.db.read(), offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    let problems = check(&lot, app.today(), "");
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let (body, app2, actor) = ((offer_id, lot.clone()), app.clone(), actor.clone());
    once(app, actor.person_id, "lot.add", key, &body, move |tx| {
        let (app, actor, lot) = (app2.clone(), actor.clone(), lot.clone());
        async move {
            let record = store::offer::find(tx, offer_id)
                .await?
                .ok_or(Error::not_found())?;
            if catalogue::status_of(&record.standing.status)? == OfferStatus::Ended {
                return Err(Error::wrong_state());
            }
            store::offer::touch(tx, offer_id, app.now().0).await?;
            insert(&app, tx, &actor, &record, &lot).await
        }
        .boxed()
    })
    .await
}

/// The lots of an offer, earliest harvest first.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn list(app: &App, actor: &Actor, offer_id: Uuid) -> Result<Vec<LotOut>, Error> {
    let record = store::offer::find(app.db.read(), offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferRead, Place::village(&record.village_code))?;
    Ok(store::lot::of_offer(app.db.read(), offer_id)
        .await?
        .iter()
        .map(out_of)
        .collect())
}

/// One lot of an offer.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(app: &App, actor: &Actor, offer_id: Uuid, id: Uuid) -> Result<LotOut, Error> {
    let db = app.db.read();
    let record = store::offer::find(db, offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferRead, Place::village(&record.village_code))?;
    let row = store::lot::find(db, offer_id, id).await?;
    row.as_ref().map(out_of).ok_or(Error::not_found())
}

/// What is wrong with a lot; `prefix` goes before the fields' names.
pub(super) fn check(lot: &LotIn, today: Day, prefix: &str) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let field = |name: &str| format!("{prefix}{name}");
    let (first, last) = (
        today.add_days(-HARVEST_DAYS_MAX),
        today.add_days(HARVEST_DAYS_MAX),
    );
    if lot.qty.0 < 1 {
        problems.push(FieldProblem::bound(field("qty"), FieldCode::TooSmall, 1));
    } else if lot.qty.0 > QTY_MAX {
        problems.push(FieldProblem::bound(field("qty"), FieldCode::TooLarge, QTY_MAX));
    }
    if lot.harvested_on < first {
        problems.push(FieldProblem::bound(
            field("harvested_on"),
            FieldCode::TooEarly,
            first,
        ));
    } else if lot.harvested_on > last {
        problems.push(FieldProblem::bound(
            field("harvested_on"),
            FieldCode::TooLate,
            last,
        ));
    }
    if lot.good_until.is_some_and(|until| until < lot.harvested_on) {
        problems.push(FieldProblem::bound(
            field("good_until"),
            FieldCode::TooEarly,
            lot.harvested_on,
        ));
    }
    problems
}

/// Stores a checked lot of an offer, with its audit row.
pub(super) async fn insert(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    record: &OfferRecord,
    lot: &LotIn,
) -> Result<LotOut, Error> {
    let now = app.now();
    // Listed ahead of its harvest: sold as such until the village says what the harvest brought.
    let ahead = lot.harvested_on > now.day();
    let new = NewLot {
        id: app.new_id(),
        offer_id: record.id,
        village_code: record.village_code.clone(),
        code: ids::document_number('P', now.day()),
        harvested_on: lot.harvested_on.0,
        good_until: lot.good_until.map(|day| day.0),
        qty: lot.qty.0,
        expected_on: ahead.then_some(lot.harvested_on.0),
        created_at: now.0,
    };
    let unit = catalogue::unit_of(&record.price_unit)?;
    let detail = format!("{} {} {}", new.code, record.name, unit.format_qty(lot.qty, None));
    let entry = offer::entry("lot.add", actor, record.id, &record.village_code, &detail);
    let out = LotOut {
        id: new.id,
        code: new.code.clone(),
        harvested_on: lot.harvested_on,
        good_until: lot.good_until,
        qty: lot.qty,
        reserved: Qty::ZERO,
        sold: Qty::ZERO,
        free: lot.qty,
        presale: ahead,
        expected_on: ahead.then_some(lot.harvested_on),
    };
    store::lot::insert(tx, new).await?;
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    Ok(out)
}

/// A lot of a stored row.
pub(super) fn out_of(row: &LotRow) -> LotOut {
    LotOut {
        id: row.id,
        code: row.code.clone(),
        harvested_on: Day(row.harvested_on),
        good_until: row.good_until.map(Day),
        qty: Qty(row.qty),
        reserved: Qty(row.reserved),
        sold: Qty(row.sold),
        // The schema keeps `reserved + sold <= qty`.
        free: Qty(row.qty.saturating_sub(row.reserved).saturating_sub(row.sold)),
        presale: row.presale(),
        expected_on: row.expected_on.map(Day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_has_goods_and_days_that_can_be() {
        let today = Day(20_000);
        let lot = |qty, harvested: i32, until: Option<i32>| LotIn {
            harvested_on: today.add_days(harvested),
            good_until: until.map(|days| today.add_days(days)),
            qty: Qty(qty),
        };
        assert!(check(&lot(1, 400, None), today, "").is_empty());
        assert!(check(&lot(QTY_MAX, -400, Some(-400)), today, "").is_empty());
        for (lot, field) in [
            (lot(0, 0, None), "lot.qty"),
            (lot(QTY_MAX + 1, 0, None), "lot.qty"),
            (lot(1, 401, None), "lot.harvested_on"),
            (lot(1, -401, None), "lot.harvested_on"),
            (lot(1, 0, Some(-1)), "lot.good_until"),
        ] {
            let problems = check(&lot, today, "lot.");
            assert_eq!(
                problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(),
                [field]
            );
        }
    }
}
