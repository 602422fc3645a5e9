//! Where the money of a posted claim is, and how it can go back: by how it was paid. What was paid online goes back online first, the
//! rest by bank; what nobody gives back stays on the unit's deposit and pays its next bill.

use super::{free_deposit, row_of};
use crate::services::payment::refund::refundable;
use crate::services::payment::refund_of;
use crate::services::{App, Error, right};
use crate::store;
use sea_orm::ConnectionTrait;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::refund_order::{ClaimMoneyOut, ClaimOnlineOut};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::payment::PayMethod;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Online payments behind one claim at the most: its orders and bills have a few.
const PAYMENTS_MAX: i64 = 20;

/// What is still to be given back of a claim, and by which way.
pub struct Open {
    /// What can be given back at all.
    pub left_fen: Fen,
    /// To which online payments how much.
    pub online: Vec<ClaimOnlineOut>,
    /// What by bank.
    pub bank_fen: Fen,
}

/// What became of a posted claim's money; `None` before it is posted, and for who may not see refunds.
///
/// # Errors
/// `NotFound`; whatever the database answers.
pub async fn of_claim(app: &App, actor: &Actor, claim_id: Uuid) -> Result<Option<ClaimMoneyOut>, Error> {
    let read = app.db.read();
    let claim = store::claim::find(read, claim_id)
        .await?
        .ok_or(Error::not_found())?;
    if right::require(actor, Action::RefundRead, Place::unit(claim.unit_id)).is_err() {
        return Ok(None);
    }
    let Some(sums) = store::refund_order::claim_sums(read, claim_id).await? else {
        return Ok(None);
    };
    let open = open(read, claim_id, claim.unit_id).await?;
    let orders = store::refund_order::of_claim(read, claim_id).await?;
    let refunds = store::refund::of_claim(read, claim_id).await?;
    Ok(Some(ClaimMoneyOut {
        off_fen: Fen(sums.off_fen),
        deposit_fen: Fen(sums.deposit_fen),
        returned_fen: Fen(sums.returned_fen),
        left_fen: open.left_fen,
        online: open.online,
        bank_fen: open.bank_fen,
        orders: orders.iter().map(row_of).collect::<Result<_, _>>()?,
        refunds: refunds.iter().map(refund_of).collect::<Result<_, _>>()?,
    }))
}

/// What is still to be given back of a unit's claim.
///
/// # Errors
/// `NotFound` for a claim of another unit; whatever the database answers.
pub async fn open(connection: &impl ConnectionTrait, claim_id: Uuid, unit_id: Uuid) -> Result<Open, Error> {
    let claim = store::claim::find(connection, claim_id).await?;
    let claim = claim
        .filter(|claim| claim.unit_id == unit_id)
        .ok_or(Error::not_found())?;
    let mut left = left_of_claim(connection, claim_id, unit_id).await?;
    let whole = left;
    let mut online = Vec::new();
    for payment in store::payment::behind_claim(connection, claim.id, claim.order_id, PAYMENTS_MAX).await? {
        let part = refundable(connection, &payment).await?.min(left);
        if part > 0 {
            left -= part;
            online.push(ClaimOnlineOut {
                payment_id: payment.id,
                number: payment.number,
                method: payment.method.as_deref().and_then(PayMethod::from_name),
                amount_fen: Fen(part),
            });
        }
    }
    Ok(Open {
        left_fen: Fen(whole),
        online,
        bank_fen: Fen(left),
    })
}

/// What of a claim went to the unit's deposit, was not given back yet, and is free there; nothing before it is posted.
///
/// # Errors
/// Whatever the database answers.
async fn left_of_claim(
    connection: &impl ConnectionTrait,
    claim_id: Uuid,
    unit_id: Uuid,
) -> Result<i64, Error> {
    let Some(sums) = store::refund_order::claim_sums(connection, claim_id).await? else {
        return Ok(0);
    };
    let free = free_deposit(connection, unit_id).await?;
    Ok((sums.deposit_fen - sums.returned_fen).min(free).max(0))
}

/// Refuses more than is left of a claim that money is given back for.
///
/// # Errors
/// `Invalid` with the most; `NotFound` for a claim of another unit.
pub async fn checked(
    connection: &impl ConnectionTrait,
    claim_id: Uuid,
    unit_id: Uuid,
    amount: Fen,
) -> Result<(), Error> {
    let claim = store::claim::find(connection, claim_id).await?;
    if claim.is_none_or(|claim| claim.unit_id != unit_id) {
        return Err(Error::not_found());
    }
    let left = left_of_claim(connection, claim_id, unit_id).await?;
    if amount.0 > left {
        let bound = Fen(left).format_yuan();
        let problem = FieldProblem::bound("amount_fen", FieldCode::TooLarge, bound);
        return Err(Error::invalid(vec![problem]));
    }
    Ok(())
}
