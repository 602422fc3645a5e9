//! The doors and pages of settlements, of payees' accounts, and of the finance's home.

use super::Touches;
use super::doors::{Request, Sent};
use super::pages::Needs::{self, One};
use super::things::Things;
use serde_json::json;
use server::services::{payee_account, settlement};
use shared::api::settlement::{SendIn, SettlementIn};
use shared::domain::identity::Role;
use shared::domain::rights::Action as A;
use shared::domain::settlement::PayeeKind;
use tests::market::{VILLAGES, grant};
use tests::settling::{account, pay};
use tests::{Market, TestApp};
use uuid::Uuid;

/// The pages and forms.
pub const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/finance", One(&[A::BooksRead])),
    ("GET", "/finance/reconciliations", One(&[A::BooksRead])),
    ("POST", "/finance/reconciliations", One(&[A::Reconcile])),
    ("GET", "/payees", One(&[A::PayeeAccountRead])),
    ("GET", "/payees/{payee_kind}/{payee}", One(&[A::PayeeAccountRead])),
    (
        "POST",
        "/payees/{payee_kind}/{payee}",
        One(&[A::PayeeAccountWrite]),
    ),
    (
        "POST",
        "/payees/{payee_kind}/{payee}/check",
        One(&[A::PayeeAccountCheck]),
    ),
    ("GET", "/settlements", One(&[A::SettlementRead])),
    ("POST", "/settlements", One(&[A::SettlementWrite])),
    ("GET", "/settlements/new", One(&[A::SettlementBatch])),
    ("GET", "/settlements/{id}", One(&[A::SettlementBatch])),
    ("POST", "/settlements/{id}/discard", One(&[A::SettlementWrite])),
    ("POST", "/settlements/{id}/release", One(&[A::SettlementWrite])),
    ("POST", "/settlements/{id}/send", One(&[A::SettlementWrite])),
    (
        "GET",
        "/settlements/{id}/files/{format}",
        One(&[A::SettlementWrite]),
    ),
    ("POST", "/settlements/{id}/results", One(&[A::SettlementWrite])),
    (
        "GET",
        "/settlements/{id}/results/{file}",
        One(&[A::SettlementBatch]),
    ),
    (
        "POST",
        "/settlements/{id}/results/{file}",
        One(&[A::SettlementWrite]),
    ),
    (
        "POST",
        "/settlements/{id}/results/{file}/apply",
        One(&[A::SettlementWrite]),
    ),
    ("GET", "/settlements/items/{id}", One(&[A::SettlementRead])),
    ("GET", "/settlements/items/{id}/pdf", One(&[A::SettlementRead])),
    (
        "POST",
        "/settlements/items/{id}/answer",
        One(&[A::SettlementWrite]),
    ),
];

/// A batch that was sent, its one payee, and a result file for it.
pub struct Settled {
    pub batch: Uuid,
    pub item: Uuid,
    pub upload: Uuid,
}

/// The village is paid what a unit's newest bill brought it: prepared and released by others than the market's finance.
pub async fn settled(app: &TestApp, market: &Market, unit: usize, village: usize) -> Settled {
    let role = || vec![grant(Role::CentreFinance, &market.units[0], 0)];
    let one = market.enrol(app, &format!("settles-{village}"), role()).await;
    let two = market.enrol(app, &format!("releases-{village}"), role()).await;
    let whose = (PayeeKind::Village, VILLAGES[village].0);
    payee_account::put(app, &one, &app.key(), whose, account(village))
        .await
        .expect("a good account");
    pay(app, market, unit).await;
    let batch = settlement::prepare(app, &one, &app.key(), SettlementIn::default())
        .await
        .expect("there is something to pay");
    let id = batch.row.id;
    settlement::release(app, &two, &app.key(), id)
        .await
        .expect("another person");
    settlement::send(app, &one, &app.key(), id, SendIn { on: None })
        .await
        .expect("it is released");
    let item = &batch.items.items[0];
    let file = format!("业务编号,金额,结果\n{},0.01,成功\n", item.reference);
    let upload = settlement::upload(app, &one, &app.key(), id, "回盘.csv", file.into_bytes())
        .await
        .expect("a table");
    Settled {
        batch: id,
        item: item.id,
        upload: upload.row.id,
    }
}

/// The thing that a page is about, and what it touches; `None` for pages of other rooms.
pub fn page(things: &Things, template: &str) -> Option<(Uuid, Touches)> {
    use Touches::{District, Village};
    let settled = &things.settled;
    match template {
        path if path.starts_with("/settlements/items/") => Some((settled.item, Village(things.village))),
        path if path.starts_with("/settlements") => Some((settled.batch, District)),
        "/payees" | "/finance" | "/finance/reconciliations" => Some((settled.batch, District)),
        path if path.starts_with("/payees/") => Some((settled.batch, Village(things.village))),
        _ => None,
    }
}

/// A form that only rights can stand in the way of.
pub fn fields(template: &str) -> Option<Vec<(String, String)>> {
    let pairs: &[(&str, &str)] = match template {
        "/payees/{payee_kind}/{payee}" => &[
            ("account_name", "某某股份经济合作社"),
            ("account_no", "0302041209300777456"),
            ("bank_name", "天津农商银行蓟州支行"),
        ],
        "/payees/{payee_kind}/{payee}/check" => &[("changed_at", "1")],
        "/settlements/{id}/results/{file}" => &[
            ("reference", "0"),
            ("amount", "1"),
            ("outcome", "2"),
            ("paid_words", "成功"),
            ("bounced_words", "失败"),
        ],
        "/settlements/items/{id}/answer" => &[("paid", "0"), ("reason", "账号不存在")],
        path if path.starts_with("/settlements") || path.starts_with("/finance") => &[],
        _ => return None,
    };
    Some(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

/// A good request for a door; `None` for doors of other rooms.
pub fn request(things: &Things, method: &str, rest: &str) -> Option<Request> {
    use Sent::{Json, Nothing};
    use Touches::{District, Village};
    let settled = &things.settled;
    let of_items = rest.starts_with("settlement-items/");
    let id = if of_items { settled.item } else { settled.batch };
    let path = format!("/api/v1/{rest}")
        .replace("{id}", &id.to_string())
        .replace("{file}", &settled.upload.to_string())
        .replace("{format}", "csv")
        .replace("{kind}", "village")
        .replace("{payee}", VILLAGES[things.village].0);
    let own = Village(things.village);
    let layout =
        json!({"reference": 0, "amount": 1, "outcome": 2, "paid_words": ["成功"], "bounced_words": ["失败"]});
    let account = json!({
        "account_name": "某某股份经济合作社",
        "account_no": "0302041209300777456",
        "bank_name": "天津农商银行蓟州支行",
    });
    Some(match (method, rest) {
        (_, "finance" | "finance/reconciliations")
        | ("GET", "settlements" | "settlements/preview" | "settlement-items" | "payees") => {
            (path, District, Nothing)
        }
        ("POST", "settlements") => (path, District, Json(json!({}))),
        ("POST", "settlements/{id}/send") => (path, District, Json(json!({}))),
        ("POST", "settlements/{id}/results") => (
            path,
            District,
            Sent::Bytes("text/csv", "业务编号,金额,结果\nX,1,成功\n".as_bytes().to_vec()),
        ),
        ("PUT", "settlements/{id}/results/{file}/layout") => {
            (path, District, Json(json!({"layout": layout})))
        }
        ("GET", "settlement-items/{id}" | "settlement-items/{id}/pdf") => (path, own, Nothing),
        ("POST", "settlement-items/{id}/answer") => {
            (path, own, Json(json!({"paid": false, "reason": "账号不存在"})))
        }
        ("GET", "payees/{kind}/{payee}") => (path, own, Nothing),
        ("PUT", "payees/{kind}/{payee}/account") => (path, own, Json(account)),
        ("POST", "payees/{kind}/{payee}/account/check") => (path, own, Json(json!({"changed_at": 1}))),
        (_, known) if known.starts_with("settlements/") => (path, District, Nothing),
        _ => return None,
    })
}
