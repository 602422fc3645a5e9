//! What a payment is for: a bill, for its open sum, or an order, for what is not yet paid ahead of it.

use crate::services::{App, Error, right};
use crate::store;
use sea_orm::ConnectionTrait;
use shared::api::payment::PayIn;
use shared::api::problem::FieldCode;
use shared::domain::identity::Actor;
use shared::domain::order::OrderStatus;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Whether an order in this state is still to be accepted: what is paid for it now waits for its bill.
pub fn waits(status: &str) -> bool {
    matches!(
        OrderStatus::from_name(status),
        Some(
            OrderStatus::Placed
                | OrderStatus::Confirmed
                | OrderStatus::PartConfirmed
                | OrderStatus::Delivered
        )
    )
}

/// A bill or an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A bill, for what is open of it.
    Bill(Uuid),
    /// An order to pay ahead.
    Order(Uuid),
}

/// What it comes to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose it is.
    pub unit_id: Uuid,
    /// Its number.
    pub number: String,
    /// What is open of it; zero or less when there is nothing to pay.
    pub open_fen: i64,
    /// What was paid of it this way.
    pub paid_fen: i64,
}

impl About {
    /// What is to be paid.
    ///
    /// # Errors
    /// `Invalid` unless exactly one is named.
    pub fn of(input: &PayIn) -> Result<Self, Error> {
        match (input.bill_id, input.order_id) {
            (Some(id), None) => Ok(Self::Bill(id)),
            (None, Some(id)) => Ok(Self::Order(id)),
            _ => Err(Error::field("bill_id", FieldCode::Required)),
        }
    }

    /// Its id.
    pub const fn id(self) -> Uuid {
        match self {
            Self::Bill(id) | Self::Order(id) => id,
        }
    }

    /// The right that paying it takes.
    pub const fn action(self) -> Action {
        match self {
            Self::Bill(_) => Action::PaymentMake,
            Self::Order(_) => Action::PaymentPrepay,
        }
    }

    /// Its columns: bill and order.
    pub const fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Bill(id) => (Some(id), None),
            Self::Order(id) => (None, Some(id)),
        }
    }

    /// What it is called where it is paid.
    pub fn title(self, number: &str) -> String {
        match self {
            Self::Bill(_) => format!("蓟州帮扶集市 账单 {number}"),
            Self::Order(_) => format!("蓟州帮扶集市 订单 {number}"),
        }
    }

    /// What it comes to now.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn due(self, connection: &impl ConnectionTrait) -> Result<Due, Error> {
        match self {
            Self::Bill(id) => {
                let bill = store::bill::find(connection, id)
                    .await?
                    .ok_or(Error::not_found())?;
                Ok(Due {
                    unit_id: bill.unit_id,
                    number: bill.number,
                    open_fen: bill.total_fen - bill.corrected_fen - bill.paid_fen,
                    paid_fen: bill.paid_fen,
                })
            }
            Self::Order(id) => {
                let order = store::payment::order_to_pay(connection, id).await?;
                let order = order.ok_or(Error::not_found())?;
                Ok(Due {
                    unit_id: order.unit_id,
                    number: order.number,
                    paid_fen: order.paid_fen,
                    open_fen: if waits(&order.status) {
                        order.total_fen - order.paid_fen
                    } else {
                        0
                    },
                })
            }
        }
    }

    /// Refuses whoever may not pay it, and says what it comes to.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`.
    pub async fn allowed(self, app: &App, actor: &Actor) -> Result<Due, Error> {
        right::reach(actor, self.action())?;
        let due = self.due(app.db.read()).await?;
        right::require(actor, self.action(), Place::unit(due.unit_id))?;
        Ok(due)
    }
}
