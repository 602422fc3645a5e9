//! 补货, 撤货: more of a lot, or unsold stock withdrawn; never below what is held and sold.

use super::{QTY_MAX, out_of};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, catalogue, offer, right};
use crate::store::offer::OfferRecord;
use crate::store::stock::Change;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::lot::{LotChangeIn, LotOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::identity::Actor;
use shared::domain::offer::OfferStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Characters of a reason at the most.
const REASON_CHARS_MAX: usize = 100;

/// Adds to a lot, or withdraws unsold stock from it with a reason.
///
/// # Errors
/// `Invalid` naming fields: nothing at all, no reason to withdraw, more than is free; `WrongState` when the offer has ended;
/// `NotFound`, `Forbidden`.
pub async fn change(
    app: &App,
    actor: &Actor,
    key: &Key,
    offer_id: Uuid,
    lot_id: Uuid,
    change: LotChangeIn,
) -> Result<LotOut, Error> {
    let record = store::offer::find(app.db.read(), offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    let change = LotChangeIn {
        by: change.by,
        reason: change.reason.trim().to_owned(),
    };
    check(&change)?;
    let (app2, actor2) = (app.clone(), actor.clone());
    let body = (offer_id, lot_id, change.clone());
    once(app, actor.person_id, "lot.change", key, &body, move |tx| {
        let (app, actor, change) = (app2.clone(), actor2.clone(), change.clone());
        async move { change_in(tx, &app, &actor, offer_id, lot_id, &change).await }.boxed()
    })
    .await
}

fn check(change: &LotChangeIn) -> Result<(), Error> {
    let mut problems = Vec::new();
    if change.by.0 == 0 {
        problems.push(FieldProblem::new("by", FieldCode::Required));
    } else if change.by.0 > QTY_MAX {
        problems.push(FieldProblem::bound("by", FieldCode::TooLarge, QTY_MAX));
    } else if change.by.0 < -QTY_MAX {
        problems.push(FieldProblem::bound("by", FieldCode::TooSmall, -QTY_MAX));
    }
    if change.by.0 < 0 && change.reason.is_empty() {
        problems.push(FieldProblem::new("reason", FieldCode::ReasonNeeded));
    } else if change.reason.chars().count() > REASON_CHARS_MAX {
        problems.push(FieldProblem::bound(
            "reason",
            FieldCode::TooLong,
            REASON_CHARS_MAX,
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(problems))
    }
}

async fn change_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    offer_id: Uuid,
    lot_id: Uuid,
    change: &LotChangeIn,
) -> Result<LotOut, Error> {
    let record = store::offer::find(tx, offer_id)
        .await?
        .ok_or(Error::not_found())?;
    if catalogue::status_of(&record.standing.status)? == OfferStatus::Ended && change.by.0 > 0 {
        return Err(Error::wrong_state());
    }
    let before = store::lot::find(tx, offer_id, lot_id)
        .await?
        .ok_or(Error::not_found())?;
    let unit = catalogue::unit_of(&record.price_unit)?;
    if before.qty.saturating_add(change.by.0) > QTY_MAX {
        let room = Qty((QTY_MAX - before.qty).max(0));
        return Err(Error::invalid(vec![FieldProblem::bound(
            "by",
            FieldCode::TooLarge,
            unit.format_qty(room, None),
        )]));
    }
    store::offer::touch(tx, offer_id, app.now().0).await?;
    record_it(tx, app, actor, &record, &before.code, change).await?;
    let by = Change {
        lot_id,
        reserved: 0,
        sold: 0,
        qty: change.by.0,
    };
    let done = store::stock::change(tx, &[by]).await?;
    let now = store::lot::find(tx, offer_id, lot_id)
        .await?
        .ok_or(Error::not_found())?;
    if done {
        return Ok(out_of(&now));
    }
    Err(Error::invalid(vec![FieldProblem::bound(
        "by",
        FieldCode::TooLarge,
        unit.format_qty(out_of(&now).free, None),
    )]))
}

async fn record_it(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    record: &OfferRecord,
    code: &str,
    change: &LotChangeIn,
) -> Result<(), Error> {
    let unit = catalogue::unit_of(&record.price_unit)?;
    let (action, sign) = if change.by.0 < 0 {
        ("lot.withdraw", "\u{2212}")
    } else {
        ("lot.restock", "+")
    };
    let qty = unit.format_qty(Qty(change.by.0.abs()), None);
    let detail = format!("{code} {} {sign}{qty} {}", record.name, change.reason);
    let entry = offer::entry(action, actor, record.id, &record.village_code, detail.trim());
    Ok(store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::problem::Code;

    #[test]
    fn a_change_says_how_much_and_a_withdrawal_why() {
        let of = |by, reason: &str| {
            check(&LotChangeIn {
                by: Qty(by),
                reason: reason.to_owned(),
            })
        };
        assert!(of(1, "").is_ok() && of(-1, "烂果").is_ok());
        for (by, reason) in [
            (0, "x"),
            (-1, ""),
            (QTY_MAX + 1, ""),
            (-QTY_MAX - 1, "x"),
            (i64::MIN, "x"),
            (1, "长".repeat(101).as_str()),
        ] {
            assert_eq!(
                of(by, reason).err().map(|e| e.code()),
                Some(Code::Invalid),
                "{by}"
            );
        }
    }
}
