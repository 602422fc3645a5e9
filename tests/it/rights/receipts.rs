//! The doors and pages of bank receipts.

use super::Touches;
use super::doors::{Request, Sent};
use super::pages::Needs::{self, One};
use super::things::Things;
use serde_json::json;
use server::services::receipt;
use shared::domain::money::Fen;
use shared::domain::rights::Action as A;
use tests::receipts::{HEADING, Row, account, arrive, receipt as shown};
use tests::{Market, TestApp};
use uuid::Uuid;

/// An account, a statement of it, and a receipt in suspense.
pub struct Money {
    account: Uuid,
    statement: Uuid,
    receipt: Uuid,
}

impl Money {
    pub async fn of(app: &TestApp, market: &Market) -> Self {
        let account = account(app, market).await;
        let reference = app.new_id().simple().to_string();
        arrive(app, market, &[Row::new(&reference, Fen(700), "")]).await;
        let receipt = shown(app, market, &reference).await.row.id;
        let statement = receipt::upload(app, &market.finance, &app.key(), account, table()).await;
        Self {
            account,
            statement: statement.expect("a table").id,
            receipt,
        }
    }
}

fn table() -> Vec<u8> {
    format!("{HEADING}\n2026-11-23,B1,5.00,,,,\n").into_bytes()
}

/// The pages and forms of receipts.
pub const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/receipts", One(&[A::ReceiptRead])),
    ("POST", "/receipts/accounts", One(&[A::ReceiptWrite])),
    ("GET", "/receipts/board", One(&[A::ReceiptRead])),
    ("GET", "/receipts/import", One(&[A::ReceiptWrite])),
    ("POST", "/receipts/import", One(&[A::ReceiptWrite])),
    ("GET", "/receipts/statements/{id}", One(&[A::ReceiptWrite])),
    ("POST", "/receipts/statements/{id}", One(&[A::ReceiptWrite])),
    ("GET", "/receipts/{id}", One(&[A::ReceiptRead])),
    ("POST", "/receipts/{id}/confirm", One(&[A::ReceiptWrite])),
    ("POST", "/receipts/{id}/matches", One(&[A::ReceiptWrite])),
    ("POST", "/receipts/{id}/refuse", One(&[A::ReceiptWrite])),
    ("POST", "/receipts/{id}/take-back", One(&[A::ReceiptWrite])),
];

/// The thing that a page is about; `None` for pages of other rooms.
pub fn page(things: &Things, template: &str) -> Option<(Uuid, Touches)> {
    let id = match template {
        path if path.starts_with("/receipts/statements/") => things.money.statement,
        path if path.starts_with("/receipts") => things.money.receipt,
        _ => return None,
    };
    Some((id, Touches::District))
}

/// A form that only rights can stand in the way of.
pub fn fields(things: &Things, template: &str) -> Option<Vec<(String, String)>> {
    let text = |pairs: &[(&str, &str)]| {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let unseen = things.offer.id.to_string();
    Some(match template {
        "/receipts/accounts" => text(&[("name", "专户"), ("bank", "示例银行"), ("account_no", "88887777")]),
        "/receipts/import" => text(&[("account", &things.money.account.to_string())]),
        "/receipts/statements/{id}" => text(&[("day", "0"), ("reference", "1"), ("income", "2")]),
        "/receipts/{id}/matches" => {
            text(&[("unit_id", &things.unit_id.to_string()), ("deposit_fen", "7.00")])
        }
        "/receipts/{id}/confirm" => text(&[("match_id", &unseen)]),
        "/receipts/{id}/refuse" | "/receipts/{id}/take-back" => {
            text(&[("match_id", &unseen), ("reason", "付错单位")])
        }
        _ => return None,
    })
}

/// A good request for a door; `None` for doors of other rooms.
pub fn request(things: &Things, method: &str, rest: &str) -> Option<Request> {
    use Sent::{Bytes, Json, Nothing};
    let money = &things.money;
    let unseen = things.offer.id;
    let (path, sent) = match (method, rest) {
        ("GET", "bank-accounts" | "receipts" | "receipts/sums") => (rest.to_owned(), Nothing),
        ("POST", "bank-accounts") => (
            rest.to_owned(),
            Json(json!({"name": "专户", "bank": "示例银行", "account_no": "99997777"})),
        ),
        ("POST", "bank-accounts/{id}/statements") => (
            format!("bank-accounts/{}/statements", money.account),
            Bytes("text/csv", table()),
        ),
        ("GET", "bank-statements/{id}") => (format!("bank-statements/{}", money.statement), Nothing),
        ("POST", "bank-statements/{id}/check") => (
            format!("bank-statements/{}/check", money.statement),
            Json(json!({"columns": [
                {"field": "day", "column": 0}, {"field": "reference", "column": 1}, {"field": "income", "column": 2},
            ]})),
        ),
        ("GET", "receipts/{id}") => (format!("receipts/{}", money.receipt), Nothing),
        ("POST", "receipts/{id}/matches") => (
            format!("receipts/{}/matches", money.receipt),
            Json(json!({"unit_id": things.unit_id, "bills": [], "deposit_fen": 700})),
        ),
        ("POST", "receipts/{id}/confirm") => (
            format!("receipts/{}/confirm", money.receipt),
            Json(json!({"match_id": unseen})),
        ),
        ("POST", "receipts/{id}/refuse" | "receipts/{id}/take-back") => (
            rest.replace("{id}", &money.receipt.to_string()),
            Json(json!({"match_id": unseen, "reason": "付错单位"})),
        ),
        _ => return None,
    };
    Some((format!("/api/v1/{path}"), Touches::District, sent))
}
