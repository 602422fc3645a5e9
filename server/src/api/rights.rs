//! Which right each route needs: the door asks this table, the use case decides, and the tests walk every route by it.

use shared::domain::rights::Action;

/// A route and the actions of which a caller needs one; none at all for what is public.
pub type Right = (&'static str, &'static str, &'static [Action]);

/// Every route of the API. A route that is not here is refused, and fails the tests.
pub const RIGHTS: &[Right] = &[
    // The list is of whole orders' acceptances; villages and towns come to theirs through a statement line.
    ("GET", "/api/v1/acceptances", &[Action::OrderRead]),
    ("GET", "/api/v1/acceptances/{id}", &[Action::AcceptanceRead]),
    ("GET", "/api/v1/audit", &[Action::AuditRead]),
    ("GET", "/api/v1/board", &[Action::BoardRead]),
    ("GET", "/api/v1/claims", &[Action::ClaimRead]),
    ("POST", "/api/v1/claims", &[Action::ClaimOpen]),
    ("GET", "/api/v1/claims/{id}", &[Action::ClaimRead]),
    ("POST", "/api/v1/claims/{id}/answer", &[Action::ClaimAnswer]),
    ("POST", "/api/v1/claims/{id}/entries", &[Action::ClaimTalk]),
    ("GET", "/api/v1/catalogue", &[]),
    ("GET", "/api/v1/catalogue/suggestions", &[]),
    ("GET", "/api/v1/catalogue/{id}", &[]),
    ("GET", "/api/v1/exceptions", &[Action::IncomeOverview]),
    (
        "POST",
        "/api/v1/files",
        &[
            Action::AcceptanceSignUnit,
            Action::AcceptanceSignCentre,
            Action::OfferWrite,
            Action::VillageOrderAnswer,
        ],
    ),
    ("GET", "/api/v1/files/{id}", &[Action::SelfRead]),
    ("GET", "/api/v1/certificates", &[Action::OfferRead]),
    ("GET", "/api/v1/home", &[]),
    ("GET", "/api/v1/income", &[Action::IncomeOverview]),
    ("GET", "/api/v1/ledger/transactions/{id}", &[Action::LedgerRead]),
    ("GET", "/api/v1/ledger/verification", &[Action::LedgerVerify]),
    ("GET", "/api/v1/me", &[Action::SelfRead]),
    ("GET", "/api/v1/me/second-factor", &[Action::SelfRead]),
    ("POST", "/api/v1/me/step-up", &[Action::SelfWrite]),
    ("GET", "/api/v1/notices", &[Action::SelfRead]),
    ("PUT", "/api/v1/notices/seen", &[Action::SelfWrite]),
    ("GET", "/api/v1/offer-choices", &[Action::OfferWrite]),
    ("GET", "/api/v1/offers", &[Action::OfferRead]),
    ("POST", "/api/v1/offers", &[Action::OfferWrite]),
    ("GET", "/api/v1/offers/{id}", &[Action::OfferRead]),
    ("PUT", "/api/v1/offers/{id}", &[Action::OfferWrite]),
    ("POST", "/api/v1/offers/{id}/again", &[Action::OfferWrite]),
    ("POST", "/api/v1/offers/{id}/end", &[Action::OfferWrite]),
    ("GET", "/api/v1/offers/{id}/lots", &[Action::OfferRead]),
    ("POST", "/api/v1/offers/{id}/lots", &[Action::OfferWrite]),
    (
        "POST",
        "/api/v1/offers/{id}/lots/{lot}/changes",
        &[Action::OfferWrite],
    ),
    (
        "POST",
        "/api/v1/offers/{id}/lots/{lot}/harvest",
        &[Action::OfferWrite],
    ),
    ("POST", "/api/v1/offers/{id}/pause", &[Action::OfferWrite]),
    ("POST", "/api/v1/offers/{id}/photos", &[Action::OfferWrite]),
    ("PUT", "/api/v1/offers/{id}/photos", &[Action::OfferWrite]),
    (
        "DELETE",
        "/api/v1/offers/{id}/photos/{photo}",
        &[Action::OfferWrite],
    ),
    ("POST", "/api/v1/offers/{id}/resume", &[Action::OfferWrite]),
    ("POST", "/api/v1/offers/{id}/review", &[Action::OfferReview]),
    ("POST", "/api/v1/offers/{id}/submit", &[Action::OfferWrite]),
    ("GET", "/api/v1/orders", &[Action::OrderRead]),
    ("POST", "/api/v1/orders", &[Action::OrderWrite]),
    ("GET", "/api/v1/orders/{id}", &[Action::OrderRead]),
    ("PUT", "/api/v1/orders/{id}", &[Action::OrderWrite]),
    ("GET", "/api/v1/orders/{id}/again", &[Action::OrderWrite]),
    ("POST", "/api/v1/orders/{id}/choices", &[Action::OrderWrite]),
    ("POST", "/api/v1/orders/{id}/decision", &[Action::OrderApprove]),
    ("GET", "/api/v1/orders/{id}/acceptance", &[Action::AcceptanceRead]),
    (
        "POST",
        "/api/v1/orders/{id}/acceptance/signatures",
        &[Action::AcceptanceSignUnit, Action::AcceptanceSignCentre],
    ),
    ("POST", "/api/v1/orders/{id}/cancel", &[Action::OrderWrite]),
    ("GET", "/api/v1/pairings", &[Action::RegisterRead]),
    ("GET", "/api/v1/people", &[Action::PeopleRead]),
    ("POST", "/api/v1/people", &[Action::PeopleWrite]),
    ("GET", "/api/v1/people/{id}", &[Action::PeopleRead]),
    ("POST", "/api/v1/people/{id}/grants", &[Action::PeopleWrite]),
    (
        "DELETE",
        "/api/v1/people/{id}/grants/{grant}",
        &[Action::PeopleWrite],
    ),
    ("PUT", "/api/v1/people/{id}/contact", &[Action::PeopleWrite]),
    ("POST", "/api/v1/people/{id}/links", &[Action::PeopleWrite]),
    ("DELETE", "/api/v1/people/{id}/links", &[Action::PeopleWrite]),
    (
        "POST",
        "/api/v1/people/{id}/second-factor/reset",
        &[Action::PeopleWrite],
    ),
    ("GET", "/api/v1/people/proposals", &[Action::PeopleRead]),
    (
        "POST",
        "/api/v1/people/proposals/{id}/confirm",
        &[Action::PeopleWrite],
    ),
    (
        "POST",
        "/api/v1/people/proposals/{id}/decline",
        &[Action::PeopleWrite],
    ),
    ("PUT", "/api/v1/people/{id}/suspension", &[Action::PeopleWrite]),
    ("DELETE", "/api/v1/people/{id}/suspension", &[Action::PeopleWrite]),
    ("GET", "/api/v1/photos/{id}", &[]),
    ("GET", "/api/v1/produce", &[]),
    ("GET", "/api/v1/produce/{slug}/prices", &[Action::OfferRead]),
    ("GET", "/api/v1/registers", &[Action::RegisterRead]),
    ("GET", "/api/v1/registers/{register}", &[Action::RegisterRead]),
    (
        "GET",
        "/api/v1/registers/{register}/template",
        &[Action::RegisterWrite],
    ),
    (
        "PUT",
        "/api/v1/registers/{register}/rows",
        &[Action::RegisterWrite],
    ),
    (
        "POST",
        "/api/v1/registers/{register}/works",
        &[Action::RegisterWrite],
    ),
    ("GET", "/api/v1/households", &[Action::HouseholdRead]),
    ("POST", "/api/v1/sellers", &[Action::RegisterWrite]),
    // Every role may write a list to a file: the use case asks for the right over that list.
    ("POST", "/api/v1/exports", &[Action::SelfRead]),
    ("GET", "/api/v1/works", &[Action::SelfRead]),
    ("GET", "/api/v1/works/{id}", &[Action::SelfRead]),
    ("POST", "/api/v1/works/{id}/go", &[Action::SelfWrite]),
    ("POST", "/api/v1/works/{id}/stop", &[Action::SelfWrite]),
    ("GET", "/api/v1/works/{id}/result", &[Action::SelfRead]),
    ("GET", "/api/v1/works/{id}/refused", &[Action::SelfRead]),
    (
        "POST",
        "/api/v1/registers/{register}/imports",
        &[Action::RegisterWrite],
    ),
    ("GET", "/api/v1/saved-searches", &[Action::SelfRead]),
    ("POST", "/api/v1/saved-searches", &[Action::SelfWrite]),
    ("DELETE", "/api/v1/saved-searches/{id}", &[Action::SelfWrite]),
    ("GET", "/api/v1/sessions", &[Action::SelfRead]),
    ("DELETE", "/api/v1/sessions/{id}", &[Action::SelfWrite]),
    ("GET", "/api/v1/tokens", &[Action::SelfRead]),
    ("DELETE", "/api/v1/tokens/{id}", &[Action::SelfWrite]),
    ("GET", "/api/v1/totals", &[]),
    ("GET", "/api/v1/towns", &[]),
    ("GET", "/api/v1/trace/{code}", &[]),
    ("GET", "/api/v1/trail", &[Action::LedgerVerify]),
    ("GET", "/api/v1/units", &[Action::RegisterRead]),
    // A unit's people read their own unit; who reads the register reads all.
    (
        "GET",
        "/api/v1/units/{id}",
        &[Action::RegisterRead, Action::OrderRead],
    ),
    ("GET", "/api/v1/units/{id}/approval-policy", &[Action::OrderRead]),
    (
        "PUT",
        "/api/v1/units/{id}/approval-policy",
        &[Action::ApprovalPolicyWrite],
    ),
    ("GET", "/api/v1/village-orders", &[Action::VillageOrderRead]),
    (
        "POST",
        "/api/v1/village-orders/move",
        &[Action::VillageOrderMove, Action::VillageOrderAnswer],
    ),
    ("GET", "/api/v1/village-orders/{id}", &[Action::VillageOrderRead]),
    (
        "POST",
        "/api/v1/village-orders/{id}/answer",
        &[Action::VillageOrderAnswer],
    ),
    (
        "POST",
        "/api/v1/village-orders/{id}/close-short",
        &[Action::VillageOrderMove],
    ),
    ("GET", "/api/v1/villages", &[]),
    ("GET", "/api/v1/villages/{code}", &[]),
    (
        "POST",
        "/api/v1/villages/{code}/households",
        &[Action::OfferWrite],
    ),
    ("GET", "/api/v1/villages/{code}/income", &[Action::IncomeRead]),
];

/// The actions of which a route needs one; `None` for a route that nobody declared. A HEAD asks what its GET asks.
#[must_use]
pub fn needed(method: &str, path: &str) -> Option<&'static [Action]> {
    let method = if method == "HEAD" { "GET" } else { method };
    RIGHTS
        .iter()
        .find(|(m, p, _)| *m == method && *p == path)
        .map(|(_, _, actions)| *actions)
}
