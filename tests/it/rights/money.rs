//! The doors and pages of money: bills, and what follows them; and of the documents that say it on paper.

use super::Touches;
use super::doors::{Request, Sent};
use super::pages::Needs::{self, One};
use super::things::Things;
use serde_json::json;
use shared::domain::rights::Action as A;
use uuid::Uuid;

/// The pages and forms of money.
pub const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/account", One(&[A::BillRead])),
    ("GET", "/bills", One(&[A::BillRead])),
    ("POST", "/bills/issue", One(&[A::BillWrite])),
    ("GET", "/bills/{id}", One(&[A::BillRead])),
    ("POST", "/bills/{id}/deposit-payments", One(&[A::BillWrite])),
    ("GET", "/bills/{id}/pdf", One(&[A::BillRead])),
    ("GET", "/d", Needs::Nothing),
    ("GET", "/d/{code}", Needs::Nothing),
    ("GET", "/income/{village}/pdf", One(&[A::IncomeRead])),
    ("GET", "/units/{id}/account", One(&[A::BillRead])),
    ("GET", "/units/{id}/billing", One(&[A::BillRead])),
    ("POST", "/units/{id}/billing", One(&[A::BillingWrite])),
    ("GET", "/units/{id}/certificate", One(&[A::OrderRead])),
];

/// The thing that a page of money is about, and what it touches; `None` for pages of other rooms.
pub fn page(things: &Things, template: &str) -> Option<(Uuid, Touches)> {
    use Touches::{District, Unit};
    let unit = Unit(things.unit_id);
    match template {
        // One's own account: only units have one.
        "/account" => Some((things.unit_id, Touches::OfAnyUnit)),
        "/bills" | "/bills/issue" => Some((things.bill, District)),
        path if path.starts_with("/bills/{id}") => Some((things.bill, unit)),
        "/income/{village}/pdf" => Some((things.bill, Touches::Village(things.village))),
        _ => None,
    }
}

/// A form of money that only rights can stand in the way of.
pub fn fields(template: &str) -> Option<Vec<(String, String)>> {
    let pairs: &[(&str, &str)] = match template {
        "/bills/issue" => &[],
        "/bills/{id}/deposit-payments" => &[("amount_fen", "0.01")],
        "/units/{id}/billing" => &[("billing", "month")],
        _ => return None,
    };
    Some(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

/// A good request for a door of money; `None` for doors of other rooms.
pub fn request(things: &Things, method: &str, rest: &str) -> Option<Request> {
    use Sent::{Json, Nothing};
    use Touches::{District, Unit};
    let unit = things.unit_id;
    let at = |path: String| format!("/api/v1/{path}");
    Some(match (method, rest) {
        ("GET", "bills") | ("POST", "bills/issue") => (at(rest.to_owned()), District, Nothing),
        ("GET", "bills/{id}" | "bills/{id}/pdf") => (
            at(rest.replace("{id}", &things.bill.to_string())),
            Unit(unit),
            Nothing,
        ),
        ("POST", "bills/{id}/deposit-payments") => (
            at(format!("bills/{}/deposit-payments", things.bill)),
            Unit(unit),
            Json(json!({"amount_fen": 1})),
        ),
        ("GET", "units/{id}/account" | "units/{id}/billing") => {
            (at(rest.replace("{id}", &unit.to_string())), Unit(unit), Nothing)
        }
        ("PUT", "units/{id}/billing") => (
            at(format!("units/{unit}/billing")),
            Unit(unit),
            Json(json!({"billing": "month"})),
        ),
        _ => return None,
    })
}
