//! 消息: what somebody should know without asking.

use super::identity::{Grant, Role};
use uuid::Uuid;

named! {
    /// What a notice is about.
    pub enum NoticeKind {
        /// A village has an order to answer.
        VillageOrderOffered = "village_order_offered",
        /// A harvest brought less than was sold ahead: an order gets less.
        HarvestShort = "harvest_short",
        /// The day promised for a harvest has passed without a word.
        HarvestOverdue = "harvest_overdue",
        /// A certificate runs out soon.
        CertificateRunsOut = "certificate_runs_out",
        /// Something waits for a second administrator.
        ProposalWaits = "proposal_waits",
        /// A role was given.
        RoleGranted = "role_granted",
        /// A role was withdrawn.
        RoleWithdrawn = "role_withdrawn",
        /// The second factor was taken away, to be set up anew.
        SecondFactorReset = "second_factor_reset",
        /// Address or telephone number were changed by an administrator.
        ContactChanged = "contact_changed",
        /// The centre has acted for the village.
        ActedFor = "acted_for",
        /// A village order was not answered in time.
        VillageOrderExpired = "village_order_expired",
        /// The buyer took a village order back.
        VillageOrderCancelled = "village_order_cancelled",
        /// Half the time to answer a village order is over.
        VillageOrderHalf = "village_order_half",
        /// A village order must be answered within hours.
        VillageOrderLast = "village_order_last",
        /// An order waits for an approval.
        OrderRequested = "order_requested",
        /// A request was approved and is at the villages.
        OrderApproved = "order_approved",
        /// A request was rejected.
        OrderRejected = "order_rejected",
        /// A request's hold ends within hours.
        HoldEnding = "hold_ending",
        /// A request's hold has ended.
        HoldEnded = "hold_ended",
        /// A village delivers less; the unit chooses what to do.
        OrderShort = "order_short",
        /// An order is to be delivered tomorrow.
        OrderTomorrow = "order_tomorrow",
        /// The unit's orders need another approval than before.
        ApprovalPolicyChanged = "approval_policy_changed",
        /// New goods answer a saved search.
        SearchFound = "search_found",
        /// The centre ended a village order short: what was still to come will not come.
        VillageOrderClosedShort = "village_order_closed_short",
        /// Somebody disputes an acceptance.
        ClaimOpened = "claim_opened",
        /// Something was said in a claim.
        ClaimSaid = "claim_said",
        /// The centre agreed to a claim.
        ClaimAgreed = "claim_agreed",
        /// The centre refused a claim.
        ClaimRefused = "claim_refused",
        /// A claim's last day to be answered comes near.
        ClaimDue = "claim_due",
        /// A claim was not answered in time.
        ClaimOverdue = "claim_overdue",
        /// A refund by bank waits for its release.
        RefundPrepared = "refund_prepared",
        /// A refund by bank was paid.
        RefundSent = "refund_sent",
        /// A payment has come.
        PaymentPaid = "payment_paid",
        /// A refund could not be made.
        RefundFailed = "refund_failed",
        /// Something about a payment needs a person's look.
        PaymentTrouble = "payment_trouble",
        /// Long work is done.
        WorkDone = "work_done",
        /// A checked import waits for a decision.
        WorkWaiting = "work_waiting",
        /// Long work could not be done.
        WorkFailed = "work_failed",
        /// A bill was sent to the unit.
        BillIssued = "bill_issued",
        /// A bill's last day to pay is near.
        BillDue = "bill_due",
        /// A bill's last day to pay has passed.
        BillOverdue = "bill_overdue",
        /// A batch of settlements waits for a second person of the centre's finance.
        SettlementWaits = "settlement_waits",
        /// A settlement has arrived.
        SettlementPaid = "settlement_paid",
        /// The bank sent a settlement back: the account is to be mended.
        SettlementBounced = "settlement_bounced",
        /// The books do not agree with what stands behind them.
        BooksOff = "books_off",
        /// An account was entered and is to be checked.
        AccountEntered = "account_entered",
        /// Money came that pays a bill of the unit, in full or in part.
        BillPaid = "bill_paid",
        /// A payment of the unit's bill was taken back.
        BillUnpaid = "bill_unpaid",
        /// What a receipt pays waits for a second person of the centre's finance.
        ReceiptWaits = "receipt_waits",
        /// A unit asks for the invoices of a bill.
        InvoiceAsked = "invoice_asked",
        /// An invoice was issued to the unit.
        InvoiceIssued = "invoice_issued",
        /// An invoice of the unit was taken back by a red-letter one.
        InvoiceTakenBack = "invoice_taken_back",
        /// The subject was read as a sentence of its own.
        General = "general",
    }
}

/// Whom a notice is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// One person, whatever role they act in.
    Person(Uuid),
    /// Everybody who has this role in this unit.
    Unit(Uuid, Role),
    /// Everybody who lists goods for this village, by its 12-digit code.
    Village(String),
    /// Everybody who has this role of the district.
    Role(Role),
}

impl To {
    /// The audience as stored: one text, so that one key finds it.
    #[must_use]
    pub fn audience(&self) -> String {
        match self {
            Self::Person(id) => format!("person:{id}"),
            Self::Unit(id, role) => format!("unit:{id}:{}", role.as_str()),
            Self::Village(code) => format!("village:{code}"),
            Self::Role(role) => format!("role:{}", role.as_str()),
        }
    }

    /// The audiences that a person in this role belongs to.
    #[must_use]
    pub fn of(person_id: Uuid, grant: &Grant) -> [String; 2] {
        let office = match (&grant.unit_id, &grant.village_code) {
            (Some(unit_id), _) => Self::Unit(*unit_id, grant.role),
            (None, Some(code)) => Self::Village(code.clone()),
            (None, None) => Self::Role(grant.role),
        };
        [Self::Person(person_id).audience(), office.audience()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role) -> Grant {
        Grant {
            id: Uuid::nil(),
            role,
            unit_id: None,
            village_code: None,
            town_code: None,
            place_name: String::new(),
        }
    }

    #[test]
    fn an_audience_is_found_by_those_it_names() {
        let person = Uuid::from_u128(7);
        let unit = Uuid::from_u128(9);
        let approver = Grant {
            unit_id: Some(unit),
            ..grant(Role::UnitApprover)
        };
        let lister = Grant {
            village_code: Some("120119102201".into()),
            ..grant(Role::VillageLister)
        };
        assert!(To::of(person, &approver).contains(&To::Unit(unit, Role::UnitApprover).audience()));
        assert!(!To::of(person, &approver).contains(&To::Unit(unit, Role::UnitRequester).audience()));
        assert!(To::of(person, &lister).contains(&To::Village("120119102201".into()).audience()));
        assert!(To::of(person, &grant(Role::Auditor)).contains(&To::Role(Role::Auditor).audience()));
        assert!(To::of(person, &lister).contains(&To::Person(person).audience()));
    }
}
