//! 审批: when a unit's order needs somebody else's yes before it is placed.

use super::money::Fen;
use uuid::Uuid;

named! {
    /// Which orders of a unit need an approval.
    pub enum ApprovalKind {
        /// 不审批: every order is placed at once.
        Off = "off",
        /// 每单审批.
        Always = "always",
        /// 超过一定金额才审批.
        Above = "above",
    }
}

/// A unit's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApprovalPolicy {
    /// Which orders.
    pub kind: ApprovalKind,
    /// For `Above`: orders of more than this need an approval.
    pub above_fen: Fen,
}

impl ApprovalPolicy {
    /// Whether an order of this sum needs an approval.
    #[must_use]
    pub fn needs(self, total: Fen) -> bool {
        match self.kind {
            ApprovalKind::Off => false,
            ApprovalKind::Always => true,
            ApprovalKind::Above => total > self.above_fen,
        }
    }
}

/// Whether this person may decide over a request: never over their own.
#[must_use]
pub fn may_decide(requested_by: Uuid, approver: Uuid) -> bool {
    requested_by != approver
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_above_the_sum_needs_a_yes() {
        let policy = |kind| ApprovalPolicy {
            kind,
            above_fen: Fen(50_000),
        };
        for (kind, total, needs) in [
            (ApprovalKind::Off, i64::MAX, false),
            (ApprovalKind::Always, 1, true),
            (ApprovalKind::Above, 50_000, false),
            (ApprovalKind::Above, 50_001, true),
        ] {
            assert_eq!(policy(kind).needs(Fen(total)), needs, "{kind} {total}");
        }
    }

    #[test]
    fn nobody_decides_over_their_own_request() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(may_decide(one, other) && !may_decide(one, one));
    }
}
