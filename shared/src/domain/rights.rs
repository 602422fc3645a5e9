//! Who may do what: the one table that every use case asks (domain.md, 'People').

use crate::domain::identity::{Actor, Grant, Role};
use uuid::Uuid;

/// A use case that needs a right. Reading what is public needs none and has no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Import or change towns, villages, units, pairings and produce.
    RegisterWrite,
    /// Read units and pairings.
    RegisterRead,
    /// Read registered low-income households by name.
    HouseholdRead,
    /// List people and their roles.
    PeopleRead,
    /// Add people, grant and withdraw roles, suspend.
    PeopleWrite,
    /// Read one's own sessions, tokens and profile.
    SelfRead,
    /// Change one's own password, sessions, tokens.
    SelfWrite,
    /// See a village's offers in every state.
    OfferRead,
    /// Draft, change, submit, pause, end an offer; add lots.
    OfferWrite,
    /// Publish or return a submitted offer.
    OfferReview,
    /// Keep a basket, place and cancel an order for a unit.
    OrderWrite,
    /// Approve or reject a unit's requests; never one's own.
    OrderApprove,
    /// Say from which sum on a unit's orders need an approval.
    ApprovalPolicyWrite,
    /// Read orders of a unit.
    OrderRead,
    /// Read village orders of a village.
    VillageOrderRead,
    /// Confirm, short, decline, pack a village order.
    VillageOrderAnswer,
    /// Collect and deliver village orders.
    VillageOrderMove,
    /// Read the centre's day board.
    BoardRead,
    /// Read an acceptance.
    AcceptanceRead,
    /// Weigh and sign for the unit.
    AcceptanceSignUnit,
    /// Weigh and sign for the centre.
    AcceptanceSignCentre,
    /// Read claims over acceptances.
    ClaimRead,
    /// Open a claim over an acceptance.
    ClaimOpen,
    /// Say something in a claim.
    ClaimTalk,
    /// Decide a claim.
    ClaimAnswer,
    /// Read payments through a provider.
    PaymentRead,
    /// Pay a unit's bill or order through a provider.
    PaymentMake,
    /// Pay a unit's order ahead through a provider.
    PaymentPrepay,
    /// Read how the books stand with the provider.
    PaymentBooks,
    /// Ask the provider for what it did not tell.
    PaymentSweep,
    /// Give money back: the way it came, or prepared for the bank.
    RefundWrite,
    /// Release a refund that another person prepared for the bank.
    RefundRelease,
    /// Read refunds by bank.
    RefundRead,
    /// Read a village's income and statement.
    IncomeRead,
    /// Read income over many villages.
    IncomeOverview,
    /// Read ledger transactions and entries.
    LedgerRead,
    /// Run the checks over the books.
    LedgerVerify,
    /// Read the trial balance, its accounts, and the months.
    BooksRead,
    /// Close a month.
    BooksClose,
    /// Read the audit log.
    AuditRead,
    /// Read bills, their payments and a unit's statement of account.
    BillRead,
    /// Send bills, pay them from a unit's deposit.
    BillWrite,
    /// Say whether a unit is billed by order or by month.
    BillingWrite,
    /// Read settlements: what was paid to whom, and for what.
    SettlementRead,
    /// Read whole batches of settlements, their files and what the bank answered.
    SettlementBatch,
    /// Prepare, release, send and answer batches of settlements.
    SettlementWrite,
    /// See where payees' money goes.
    PayeeAccountRead,
    /// Say where a payee's money goes.
    PayeeAccountWrite,
    /// Check what was said, and see all of an account.
    PayeeAccountCheck,
    /// Read bank receipts and what they pay.
    ReceiptRead,
    /// Take bank statements in, say what receipts pay, decide over what another said.
    ReceiptWrite,
    /// Hold the books against what stands behind them.
    Reconcile,
    /// Read invoices of bills.
    InvoiceRead,
    /// Ask for invoices, cancel what was asked for, note that they were received.
    InvoiceAsk,
    /// Note what was issued and what was taken back, keep the files.
    InvoiceWrite,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 55] = [
        Self::RegisterWrite,
        Self::RegisterRead,
        Self::HouseholdRead,
        Self::PeopleRead,
        Self::PeopleWrite,
        Self::SelfRead,
        Self::SelfWrite,
        Self::OfferRead,
        Self::OfferWrite,
        Self::OfferReview,
        Self::OrderWrite,
        Self::OrderApprove,
        Self::ApprovalPolicyWrite,
        Self::OrderRead,
        Self::VillageOrderRead,
        Self::VillageOrderAnswer,
        Self::VillageOrderMove,
        Self::BoardRead,
        Self::AcceptanceRead,
        Self::AcceptanceSignUnit,
        Self::AcceptanceSignCentre,
        Self::ClaimRead,
        Self::ClaimOpen,
        Self::ClaimTalk,
        Self::ClaimAnswer,
        Self::PaymentRead,
        Self::PaymentMake,
        Self::PaymentPrepay,
        Self::PaymentBooks,
        Self::PaymentSweep,
        Self::RefundWrite,
        Self::RefundRelease,
        Self::RefundRead,
        Self::IncomeRead,
        Self::IncomeOverview,
        Self::LedgerRead,
        Self::LedgerVerify,
        Self::BooksRead,
        Self::BooksClose,
        Self::AuditRead,
        Self::BillRead,
        Self::BillWrite,
        Self::BillingWrite,
        Self::SettlementRead,
        Self::SettlementBatch,
        Self::SettlementWrite,
        Self::PayeeAccountRead,
        Self::PayeeAccountWrite,
        Self::PayeeAccountCheck,
        Self::ReceiptRead,
        Self::ReceiptWrite,
        Self::Reconcile,
        Self::InvoiceRead,
        Self::InvoiceAsk,
        Self::InvoiceWrite,
    ];
}

/// How far a right reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere in the district.
    District,
    /// Only the unit of the grant.
    OwnUnit,
    /// Only the village of the grant.
    OwnVillage,
    /// Only villages of the town of the grant.
    OwnTown,
}

/// What an action touches. A thing that belongs to both a unit and a village (a village order) names both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// The unit it belongs to.
    pub unit_id: Option<Uuid>,
    /// The village it belongs to.
    pub village_code: Option<&'a str>,
    /// The town of that village.
    pub town_code: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// A thing of the district as a whole.
    pub const DISTRICT: Self = Self {
        unit_id: None,
        village_code: None,
        town_code: None,
    };

    /// A thing of a unit.
    #[must_use]
    pub const fn unit(unit_id: Uuid) -> Self {
        Self {
            unit_id: Some(unit_id),
            village_code: None,
            town_code: None,
        }
    }

    /// A thing of a village; a village's town is the first nine digits of its code.
    #[must_use]
    pub fn village(code: &'a str) -> Self {
        Self {
            unit_id: None,
            village_code: Some(code),
            town_code: code.get(..9),
        }
    }

    /// A thing of a whole town.
    #[must_use]
    pub const fn town(code: &'a str) -> Self {
        Self {
            unit_id: None,
            village_code: None,
            town_code: Some(code),
        }
    }

    /// The same thing, belonging to a unit too.
    #[must_use]
    pub const fn and_unit(mut self, unit_id: Uuid) -> Self {
        self.unit_id = Some(unit_id);
        self
    }
}

/// How far `role` may do `action`; `None` when not at all. This is the whole table.
#[must_use]
pub const fn scope(role: Role, action: Action) -> Option<Scope> {
    use Action as A;
    use Role as R;
    use Scope::{District, OwnTown, OwnUnit, OwnVillage};
    let units = matches!(role, R::UnitRequester | R::UnitApprover | R::UnitFinance);
    let readers = matches!(role, R::CentreOperator | R::CentreFinance | R::Auditor);
    match (action, role) {
        (A::SelfRead | A::SelfWrite, _) => Some(District),

        (A::RegisterWrite, R::Admin | R::CentreOperator) => Some(District),
        (A::RegisterRead, R::Admin) => Some(District),
        (A::RegisterRead, _) if readers => Some(District),
        (A::HouseholdRead, R::VillageLister) => Some(OwnVillage),
        (A::HouseholdRead, _) if readers => Some(District),
        (A::PeopleRead, R::Admin | R::Auditor) => Some(District),
        (A::PeopleWrite, R::Admin) => Some(District),
        (A::AuditRead, R::Admin | R::Auditor) => Some(District),

        (A::OfferRead | A::OfferWrite, R::VillageLister) => Some(OwnVillage),
        (A::OfferRead, R::TownOfficer) => Some(OwnTown),
        (A::OfferRead, _) if readers => Some(District),
        // The centre acts for a village that has no account; the audit row says so.
        (A::OfferWrite | A::OfferReview, R::CentreOperator) => Some(District),

        (A::OrderWrite, R::UnitRequester) => Some(OwnUnit),
        (A::OrderApprove | A::ApprovalPolicyWrite, R::UnitApprover) => Some(OwnUnit),
        (A::ApprovalPolicyWrite, R::CentreOperator) => Some(District),
        (A::OrderRead | A::VillageOrderRead | A::AcceptanceRead, _) if units => Some(OwnUnit),
        (A::OrderRead | A::VillageOrderRead | A::AcceptanceRead | A::BoardRead, _) if readers => {
            Some(District)
        }
        (A::VillageOrderRead | A::AcceptanceRead, R::VillageLister) => Some(OwnVillage),
        (A::VillageOrderRead | A::AcceptanceRead, R::TownOfficer) => Some(OwnTown),
        (A::VillageOrderAnswer, R::VillageLister) => Some(OwnVillage),
        (A::VillageOrderAnswer | A::VillageOrderMove, R::CentreOperator) => Some(District),
        (A::AcceptanceSignUnit, R::UnitRequester) => Some(OwnUnit),
        (A::AcceptanceSignCentre, R::CentreOperator) => Some(District),

        (A::ClaimRead, _) if units => Some(OwnUnit),
        (A::ClaimRead, _) if readers => Some(District),
        (A::ClaimRead | A::ClaimTalk, R::VillageLister) => Some(OwnVillage),
        (A::ClaimRead, R::TownOfficer) => Some(OwnTown),
        (A::ClaimOpen | A::ClaimTalk, R::UnitRequester) => Some(OwnUnit),
        (A::ClaimOpen | A::ClaimTalk | A::ClaimAnswer, R::CentreOperator) => Some(District),

        (A::PaymentRead, R::UnitRequester | R::UnitFinance) => Some(OwnUnit),
        (A::PaymentRead | A::PaymentBooks, R::CentreFinance | R::Auditor) => Some(District),
        (A::PaymentMake, R::UnitFinance) => Some(OwnUnit),
        (A::PaymentPrepay, R::UnitRequester | R::UnitFinance) => Some(OwnUnit),
        (A::PaymentSweep | A::RefundWrite | A::RefundRelease, R::CentreFinance) => Some(District),
        (A::RefundRead, R::UnitRequester | R::UnitFinance) => Some(OwnUnit),
        (A::RefundRead, R::CentreFinance | R::Auditor) => Some(District),

        (A::IncomeRead | A::LedgerRead, R::VillageLister) => Some(OwnVillage),
        (A::IncomeRead | A::LedgerRead | A::IncomeOverview, R::TownOfficer) => Some(OwnTown),
        (A::IncomeRead | A::LedgerRead | A::IncomeOverview, _) if readers => Some(District),
        (A::LedgerVerify | A::BooksRead, R::CentreFinance | R::Auditor) => Some(District),
        (A::BooksClose | A::Reconcile, R::CentreFinance) => Some(District),

        (A::BillRead, _) if units => Some(OwnUnit),
        (A::BillRead, R::CentreFinance | R::Auditor) => Some(District),
        (A::BillWrite | A::BillingWrite, R::CentreFinance) => Some(District),
        (A::BillingWrite, R::UnitFinance) => Some(OwnUnit),

        (A::SettlementRead | A::PayeeAccountRead | A::PayeeAccountWrite, R::VillageLister) => {
            Some(OwnVillage)
        }
        (A::SettlementRead, R::TownOfficer) => Some(OwnTown),
        (A::SettlementRead | A::SettlementBatch | A::PayeeAccountRead, R::CentreFinance | R::Auditor) => {
            Some(District)
        }
        (A::SettlementWrite | A::PayeeAccountWrite | A::PayeeAccountCheck, R::CentreFinance) => {
            Some(District)
        }
        (A::ReceiptRead, R::CentreFinance | R::Auditor) => Some(District),
        (A::ReceiptWrite, R::CentreFinance) => Some(District),

        (A::InvoiceRead, _) if units => Some(OwnUnit),
        (A::InvoiceRead, R::CentreFinance | R::Auditor) => Some(District),
        (A::InvoiceAsk, R::UnitFinance) => Some(OwnUnit),
        (A::InvoiceAsk | A::InvoiceWrite, R::CentreFinance) => Some(District),
        _ => None,
    }
}

/// Whether a grant lets its holder do `action` at `place`.
#[must_use]
pub fn allows(grant: &Grant, action: Action, place: Place<'_>) -> bool {
    match scope(grant.role, action) {
        None => false,
        Some(Scope::District) => true,
        Some(Scope::OwnUnit) => grant.unit_id.is_some() && grant.unit_id == place.unit_id,
        Some(Scope::OwnVillage) => {
            grant.village_code.is_some() && grant.village_code.as_deref() == place.village_code
        }
        Some(Scope::OwnTown) => grant.town_code.is_some() && grant.town_code.as_deref() == place.town_code,
    }
}

impl Actor {
    /// Whether the actor, in the active role, may do `action` at `place`.
    #[must_use]
    pub fn may(&self, action: Action, place: Place<'_>) -> bool {
        allows(&self.grant, action, place)
    }

    /// How far the active role reaches for `action`; lists narrow themselves by it.
    #[must_use]
    pub const fn reach(&self, action: Action) -> Option<Scope> {
        scope(self.grant.role, action)
    }
}
