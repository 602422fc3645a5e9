//! The doors and pages of paying through a provider, and of refunds by bank.

use super::Touches;
use super::doors::{Request, Sent};
use super::pages::Needs::{self, One};
use super::things::Things;
use serde_json::json;
use shared::domain::rights::Action as A;
use uuid::Uuid;

/// The pages and forms of payments.
pub const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/payments", One(&[A::PaymentRead])),
    ("POST", "/payments", One(&[A::PaymentMake, A::PaymentPrepay])),
    ("POST", "/payments/sweep", One(&[A::PaymentSweep])),
    ("GET", "/payments/{id}", One(&[A::PaymentRead])),
    ("POST", "/payments/{id}/check", One(&[A::PaymentRead])),
    ("POST", "/payments/{id}/refunds", One(&[A::RefundWrite])),
    ("GET", "/refunds", One(&[A::RefundRead])),
    ("POST", "/refunds", One(&[A::RefundWrite])),
    ("GET", "/refunds/new", One(&[A::RefundWrite])),
    ("GET", "/refunds/{id}", One(&[A::RefundRead])),
    ("POST", "/refunds/{id}/release", One(&[A::RefundRelease])),
    ("POST", "/refunds/{id}/send", One(&[A::RefundWrite])),
    ("POST", "/refunds/{id}/cancel", One(&[A::RefundWrite])),
];

/// The thing that a page of payments is about, and what it touches; `None` for pages of other rooms.
pub fn page(things: &Things, method: &str, template: &str) -> Option<(Uuid, Touches)> {
    use Touches::{District, Unit};
    let unit = Unit(things.unit_id);
    match (method, template) {
        ("POST", "/payments") => Some((things.to_pay, unit)),
        (_, "/payments" | "/payments/sweep") => Some((things.payment, District)),
        (_, "/refunds" | "/refunds/new") => Some((things.refund, District)),
        (_, path) if path.starts_with("/refunds/{id}") => Some((things.refund, unit)),
        (_, path) if path.starts_with("/payments/{id}") => Some((things.payment, unit)),
        _ => None,
    }
}

/// A form of payments that only rights can stand in the way of.
pub fn fields(things: &Things, template: &str) -> Option<Vec<(String, String)>> {
    let pairs = match template {
        "/payments" => vec![("order_id", things.to_pay.to_string())],
        "/payments/{id}/refunds" => vec![("amount_fen", "0.10".to_owned()), ("reason", "少送了".to_owned())],
        "/refunds" => vec![
            ("unit_id", things.unit_id.to_string()),
            ("amount_fen", "0.10".to_owned()),
            ("payee_name", "某单位".to_owned()),
            ("payee_account", "6222020012345678".to_owned()),
            ("payee_bank", "某银行".to_owned()),
            ("reason", "订单取消".to_owned()),
        ],
        "/refunds/{id}/send" => vec![("bank_reference", "SN-1".to_owned())],
        "/refunds/{id}/cancel" => vec![("reason", "不退了".to_owned())],
        _ => return None,
    };
    Some(
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

/// A good request for a door of payments; `None` for doors of other rooms.
pub fn request(things: &Things, method: &str, rest: &str) -> Option<Request> {
    use Sent::{Bytes, Json, Nothing};
    use Touches::{District, Unit};
    let unit = Unit(things.unit_id);
    let at = |path: String| format!("/api/v1/{path}");
    Some(match (method, rest) {
        ("GET", "payments" | "payments/standing") | ("POST", "payments/sweep") => {
            (at(rest.to_owned()), District, Nothing)
        }
        ("POST", "payments") => (
            at(rest.to_owned()),
            unit,
            Json(json!({"order_id": things.to_pay})),
        ),
        ("GET" | "POST", "payments/{id}" | "payments/{id}/check" | "payments/{id}/refunds") => {
            let sent = match rest.ends_with("/refunds") {
                true => Json(json!({"amount_fen": 10, "reason": "少送了"})),
                false => Nothing,
            };
            (at(rest.replace("{id}", &things.payment.to_string())), unit, sent)
        }
        ("GET", "refunds") => (at(rest.to_owned()), District, Nothing),
        ("POST", "refunds") => (at(rest.to_owned()), District, Json(refund(things))),
        (_, path) if path.starts_with("refunds/{id}") => {
            let sent = match path.rsplit('/').next() {
                Some("send") => Json(json!({"bank_reference": "SN-1"})),
                Some("cancel") => Json(json!({"reason": "不退了"})),
                _ => Nothing,
            };
            (at(rest.replace("{id}", &things.refund.to_string())), unit, sent)
        }
        // Nobody has signed it: it is refused for that, and for nothing else.
        ("POST", "webhooks/{provider}") => (
            at("webhooks/stripe".to_owned()),
            District,
            Bytes("application/json", b"{}".to_vec()),
        ),
        _ => return None,
    })
}

fn refund(things: &Things) -> serde_json::Value {
    json!({
        "unit_id": things.unit_id,
        "amount_fen": 10,
        "payee_name": "某单位",
        "payee_account": "6222020012345678",
        "payee_bank": "某银行",
        "reason": "订单取消",
    })
}
