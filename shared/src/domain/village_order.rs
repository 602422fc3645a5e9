//! 村单: a village's part of an order, from the offer of the business to the money in the village.

named! {
    /// Where a village order stands.
    pub enum VillageOrderStatus {
        /// 待确认: the village has not answered.
        Offered = "offered",
        /// 已确认 in full.
        Confirmed = "confirmed",
        /// 部分确认: less than was ordered.
        Shorted = "shorted",
        /// 已谢绝.
        Declined = "declined",
        /// 已过期: no answer by the deadline; the stock is free again.
        Expired = "expired",
        /// 已取消 by the buyer, before the goods left.
        Cancelled = "cancelled",
        /// 已备货.
        Packed = "packed",
        /// 配送中: on the centre's vehicle.
        Collected = "collected",
        /// 已送达: at the unit's door.
        Delivered = "delivered",
        /// 已验收 in full.
        Accepted = "accepted",
        /// 部分拒收: accepted with another amount than was confirmed.
        PartRejected = "part_rejected",
        /// 已入账.
        Credited = "credited",
        /// 已结算: the village has its money.
        Settled = "settled",
    }
}

named! {
    /// Who must act next on a village order.
    pub enum Turn {
        /// The village: answer, or pack.
        Village = "village",
        /// The centre: collect, or deliver.
        Centre = "centre",
        /// The unit and the centre together: weigh and sign.
        Both = "both",
        /// Nobody of these: it is over, or only the money is still on its way.
        Nobody = "nobody",
    }
}

named! {
    /// What happens to a village order.
    pub enum VillageOrderEvent {
        /// The village delivers all of it.
        Confirm = "confirm",
        /// The village delivers less.
        Short = "short",
        /// The village delivers nothing.
        Decline = "decline",
        /// 采收不足: the harvest brought less than was sold ahead.
        Reduce = "reduce",
        /// 绝收: nothing is left of what was sold ahead.
        Fail = "fail",
        /// The deadline passed without an answer.
        Expire = "expire",
        /// The buyer took the order back.
        Cancel = "cancel",
        /// The village has packed.
        Pack = "pack",
        /// The centre has it on the vehicle.
        Collect = "collect",
        /// It stands at the unit's door.
        Deliver = "deliver",
        /// It was not on the vehicle after all: it waits for a later one.
        TakeBack = "take_back",
        /// Received as confirmed.
        Accept = "accept",
        /// Received with a variance.
        RejectPart = "reject_part",
        /// The ledger transaction is posted.
        Credit = "credit",
        /// The settlement is confirmed.
        Settle = "settle",
    }
}

steps! { "village_order": VillageOrderStatus, VillageOrderEvent {
    Offered => Confirm => Confirmed,
    Offered => Short => Shorted,
    Offered => Decline => Declined,
    Offered | Confirmed | Shorted => Reduce => Shorted,
    Offered | Confirmed | Shorted => Fail => Declined,
    Offered => Expire => Expired,
    Offered | Confirmed | Shorted | Packed => Cancel => Cancelled,
    Confirmed | Shorted => Pack => Packed,
    Packed => Collect => Collected,
    Collected => Deliver => Delivered,
    Delivered => TakeBack => Packed,
    Delivered => Accept => Accepted,
    Delivered => RejectPart => PartRejected,
    Accepted | PartRejected => Credit => Credited,
    Credited => Settle => Settled,
} }

impl VillageOrderStatus {
    /// It ended without goods; its stock is free.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Declined | Self::Expired | Self::Cancelled)
    }

    /// The goods stand at the unit's door, or are beyond it.
    #[must_use]
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Delivered) || self.is_accepted()
    }

    /// Signed for, whatever came after.
    #[must_use]
    pub const fn is_accepted(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::PartRejected | Self::Credited | Self::Settled
        )
    }

    /// The goods have left the village, so the buyer can't take the order back.
    #[must_use]
    pub const fn is_dispatched(self) -> bool {
        matches!(self, Self::Collected) || self.is_delivered()
    }

    /// Who must act next.
    #[must_use]
    pub const fn turn(self) -> Turn {
        match self {
            Self::Offered | Self::Confirmed | Self::Shorted => Turn::Village,
            Self::Packed | Self::Collected => Turn::Centre,
            Self::Delivered => Turn::Both,
            _ => Turn::Nobody,
        }
    }

    /// The village's answer to what was ordered against what it can deliver: all, less, or nothing.
    #[must_use]
    pub fn answer(lines: &[(super::quantity::Qty, super::quantity::Qty)]) -> VillageOrderEvent {
        if lines.iter().all(|(_, confirmed)| confirmed.0 <= 0) {
            VillageOrderEvent::Decline
        } else if lines.iter().all(|(ordered, confirmed)| confirmed >= ordered) {
            VillageOrderEvent::Confirm
        } else {
            VillageOrderEvent::Short
        }
    }
}
