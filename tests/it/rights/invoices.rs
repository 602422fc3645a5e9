//! The doors and pages of invoices.

use super::Touches;
use super::doors::{Request, Sent};
use super::pages::Needs::{self, One};
use super::things::Things;
use serde_json::json;
use server::services::invoice;
use shared::api::invoice::InvoiceAskIn;
use shared::domain::invoice::InvoiceKind;
use shared::domain::rights::Action as A;
use tests::{Market, TestApp};
use uuid::Uuid;

/// The pages and forms of invoices.
pub const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/bills/{id}/invoices", One(&[A::InvoiceRead])),
    ("POST", "/bills/{id}/invoices", One(&[A::InvoiceAsk])),
    ("GET", "/invoices", One(&[A::InvoiceRead])),
    ("GET", "/invoices/{id}", One(&[A::InvoiceRead])),
    ("POST", "/invoices/{id}/cancel", One(&[A::InvoiceAsk])),
    ("GET", "/invoices/{id}/file", One(&[A::InvoiceRead])),
    ("POST", "/invoices/{id}/file", One(&[A::InvoiceWrite])),
    ("POST", "/invoices/{id}/issue", One(&[A::InvoiceWrite])),
    ("POST", "/invoices/{id}/receive", One(&[A::InvoiceAsk])),
    ("POST", "/invoices/{id}/red-letter", One(&[A::InvoiceWrite])),
];

/// An invoice of a bill, issued and with its file.
pub async fn of(app: &TestApp, market: &Market, bill: Uuid) -> Uuid {
    let input = InvoiceAskIn {
        title: market.units[0].name.clone(),
        tax_no: market.units[0].code.clone(),
        kind: InvoiceKind::Ordinary,
    };
    let asked = invoice::ask(app, &market.finance, &app.key(), bill, input).await;
    let id = asked.expect("nothing was asked for yet").invoices[0].id;
    let number: String = app
        .new_id()
        .as_u128()
        .to_string()
        .chars()
        .rev()
        .take(20)
        .collect();
    let issued = shared::api::invoice::InvoiceIssueIn {
        invoice_no: number,
        issued_on: app.today(),
        rate_bp: 0,
    };
    invoice::issue(app, &market.finance, &app.key(), id, issued)
        .await
        .expect("it waits");
    let file = b"%PDF-1.7".to_vec();
    invoice::attach(app, &market.finance, &app.key(), id, file.into())
        .await
        .expect("a file of an invoice");
    id
}

/// The thing that a page is about; `None` for pages of other rooms.
pub fn page(things: &Things, template: &str) -> Option<(Uuid, Touches)> {
    let unit = Touches::Unit(things.unit_id);
    match template {
        "/invoices" => Some((things.invoice, Touches::District)),
        "/bills/{id}/invoices" => Some((things.bill, unit)),
        path if path.starts_with("/invoices/{id}") => Some((things.invoice, unit)),
        _ => None,
    }
}

/// A form that only rights can stand in the way of.
pub fn fields(template: &str) -> Option<Vec<(String, String)>> {
    let pairs: &[(&str, &str)] = match template {
        "/bills/{id}/invoices" => &[
            ("title", "示例单位"),
            ("tax_no", "91350100M000100Y43"),
            ("kind", "ordinary"),
        ],
        "/invoices/{id}/issue" => &[("invoice_no", "12345678"), ("issued_on", "2026-11-23")],
        "/invoices/{id}/red-letter" => &[
            ("invoice_no", "12345678"),
            ("issued_on", "2026-11-01"),
            ("reason", "开错"),
        ],
        "/invoices/{id}/cancel" => &[("reason", "不要了")],
        "/invoices/{id}/receive" | "/invoices/{id}/file" => &[],
        _ => return None,
    };
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Some(pairs.iter().map(own).collect())
}

/// A good request for a door; `None` for doors of other rooms.
pub fn request(things: &Things, method: &str, rest: &str) -> Option<Request> {
    use Sent::{Bytes, Json, Nothing};
    let unit = Touches::Unit(things.unit_id);
    let sent = match (method, rest) {
        ("GET", "invoices") => return Some(("/api/v1/invoices".to_owned(), Touches::District, Nothing)),
        ("GET", "bills/{id}/invoices" | "invoices/{id}" | "invoices/{id}/file")
        | ("POST", "invoices/{id}/receive") => Nothing,
        ("POST", "bills/{id}/invoices") => {
            Json(json!({"title": "示例单位", "tax_no": "91350100M000100Y43", "kind": "ordinary"}))
        }
        ("POST", "invoices/{id}/issue") => {
            Json(json!({"invoice_no": "12345678", "issued_on": "2026-11-23", "rate_bp": 0}))
        }
        ("POST", "invoices/{id}/cancel") => Json(json!({"reason": "不要了"})),
        ("POST", "invoices/{id}/red-letter") => {
            Json(json!({"invoice_no": "12345678", "issued_on": "2026-11-01", "reason": "开错"}))
        }
        ("POST", "invoices/{id}/file") => Bytes("application/pdf", b"%PDF-1.7".to_vec()),
        _ => return None,
    };
    let id = if rest.starts_with("bills") {
        things.bill
    } else {
        things.invoice
    };
    let path = format!("/api/v1/{}", rest.replace("{id}", &id.to_string()));
    Some((path, unit, sent))
}
