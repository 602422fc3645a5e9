//! 订单: one purchase by one unit. Its state follows from its village orders, except for what only the unit decides.

use super::village_order::VillageOrderStatus;

/// How long a request holds its stock while approvers decide, unless set otherwise.
pub const DEFAULT_APPROVAL_HOLD_H: i64 = 48;

/// How long a village has to answer, unless set otherwise: fresh goods are confirmed within 24 to 48 hours.
pub const DEFAULT_CONFIRM_DEADLINE_H: i64 = 36;

named! {
    /// Where an order stands.
    pub enum OrderStatus {
        /// 待审批: the stock is held while approvers decide.
        Requested = "requested",
        /// 已批准.
        Approved = "approved",
        /// 未批准.
        Rejected = "rejected",
        /// 已下单: at the villages. An order that needs no approval begins here.
        Placed = "placed",
        /// 已确认 by every village in full.
        Confirmed = "confirmed",
        /// 部分确认: some villages deliver less, or nothing.
        PartConfirmed = "part_confirmed",
        /// 已送达.
        Delivered = "delivered",
        /// 已验收 as confirmed.
        Accepted = "accepted",
        /// 验收有差异.
        AcceptedWithVariance = "accepted_with_variance",
        /// 已完成: the villages have their money.
        Closed = "closed",
        /// 已取消 before dispatch, by the unit, by an expired hold, or because no village delivers.
        Cancelled = "cancelled",
    }
}

named! {
    /// What happens to an order.
    pub enum OrderEvent {
        /// An approver says yes.
        Approve = "approve",
        /// An approver says no.
        Reject = "reject",
        /// Nobody decided while the stock was held.
        ExpireHold = "expire_hold",
        /// Whoever asked changed it and asks again: a new revision under the same number.
        Resubmit = "resubmit",
        /// Split by village and sent to them.
        Place = "place",
        /// Every village delivers in full.
        Confirm = "confirm",
        /// Every village answered, not all in full.
        PartConfirm = "part_confirm",
        /// Everything that comes stands at the door.
        Deliver = "deliver",
        /// Received as confirmed.
        Accept = "accept",
        /// Received with a variance.
        AcceptWithVariance = "accept_with_variance",
        /// Every village has its money.
        Close = "close",
        /// Taken back before dispatch, or no village delivers.
        Cancel = "cancel",
    }
}

steps! { "order": OrderStatus, OrderEvent {
    Requested => Approve => Approved,
    Requested => Reject => Rejected,
    Requested => ExpireHold => Cancelled,
    Requested | Rejected => Resubmit => Requested,
    Approved => Place => Placed,
    Placed => Confirm => Confirmed,
    Placed => PartConfirm => PartConfirmed,
    Confirmed | PartConfirmed => Deliver => Delivered,
    Delivered => Accept => Accepted,
    Delivered => AcceptWithVariance => AcceptedWithVariance,
    Accepted | AcceptedWithVariance => Close => Closed,
    Requested | Approved | Placed | Confirmed | PartConfirmed => Cancel => Cancelled,
} }

impl OrderStatus {
    /// The state in which a new order begins.
    #[must_use]
    pub const fn first(needs_approval: bool) -> Self {
        if needs_approval {
            Self::Requested
        } else {
            Self::Placed
        }
    }

    /// Nothing follows any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// The order's state now that its village orders stand like this. It keeps what the village orders no longer
    /// tell once they move on: that the order was shorted, or was accepted with a variance.
    #[must_use]
    pub fn derived(self, villages: &[VillageOrderStatus]) -> Self {
        if matches!(self, Self::Requested | Self::Approved | Self::Rejected) || self.is_final() {
            return self;
        }
        match (self, order_status_from_villages(villages)) {
            (Self::PartConfirmed, Self::Confirmed) => Self::PartConfirmed,
            (Self::AcceptedWithVariance, Self::Accepted) => Self::AcceptedWithVariance,
            (_, derived) => derived,
        }
    }
}

/// The state of an order whose village orders stand like this. Village orders that came to nothing (declined,
/// expired, cancelled) count as a shortage, unless nothing else is left: then the order is cancelled.
#[must_use]
pub fn order_status_from_villages(villages: &[VillageOrderStatus]) -> OrderStatus {
    let all_live = |test: fn(VillageOrderStatus) -> bool| villages.iter().all(|v| v.is_gone() || test(*v));
    let any = |status: VillageOrderStatus| villages.contains(&status);
    if villages.is_empty() || any(VillageOrderStatus::Offered) {
        OrderStatus::Placed
    } else if villages.iter().all(|v| v.is_gone()) {
        OrderStatus::Cancelled
    } else if all_live(|v| v == VillageOrderStatus::Settled) {
        OrderStatus::Closed
    } else if all_live(VillageOrderStatus::is_accepted) {
        if any(VillageOrderStatus::PartRejected) {
            OrderStatus::AcceptedWithVariance
        } else {
            OrderStatus::Accepted
        }
    } else if all_live(VillageOrderStatus::is_delivered) {
        OrderStatus::Delivered
    } else if any(VillageOrderStatus::Shorted) || villages.iter().any(|v| v.is_gone()) {
        OrderStatus::PartConfirmed
    } else {
        OrderStatus::Confirmed
    }
}

/// Whether the buyer may still take the order back: nothing of it has left a village.
#[must_use]
pub fn order_cancellable(status: OrderStatus, villages: &[VillageOrderStatus]) -> bool {
    status.can(OrderEvent::Cancel) && !villages.iter().any(|v| v.is_dispatched())
}
