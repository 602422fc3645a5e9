//! The fake's HTTP side.

use super::asked::{Asked, Refused, bad, missing};
use super::shown::{self, refusal};
use super::state::{Given, Session, State, Trip};
use super::{SECRET_KEY, StripeFake};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State as From};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

type Done = Result<Value, Refused>;

/// The most of one payment: eight digits.
const MOST: i64 = 99_999_999;
/// The parameters of lists.
const LIST: [&str; 5] = [
    "created[gte]",
    "expand[]",
    "limit",
    "payment_intent",
    "starting_after",
];

/// Everything it serves.
pub fn router(fake: StripeFake) -> Router {
    Router::new().fallback(serve).with_state(fake)
}

async fn serve(From(fake): From<StripeFake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let path = parts.uri.path().to_owned();
    let (status, answer, trip) = answer(&fake, &parts.method, &path, &query, &parts.headers, &body);
    if trip == Some(Trip::LoseTheAnswer) {
        // The connection is cut where the answer should come.
        let cut = futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("cut"))]);
        return axum::body::Body::from_stream(cut).into_response();
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(answer)).into_response()
}

fn answer(
    fake: &StripeFake,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> (u16, Value, Option<Trip>) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::AUTHORIZATION.as_str()) != Some(format!("Bearer {SECRET_KEY}").as_str()) {
        let said = refusal("invalid_request_error", None, "Invalid API Key provided", None);
        return (401, said, None);
    }
    if text("stripe-version").is_none() {
        let said = refusal("invalid_request_error", None, "No Stripe-Version was sent", None);
        return (400, said, None);
    }
    let mut state = fake.state();
    state.requests.push(format!("{method} {path}"));
    let trip = state.trips.pop_front();
    match trip {
        Some(Trip::TooMany) => {
            let said = refusal(
                "invalid_request_error",
                Some("rate_limit"),
                "Too many requests",
                None,
            );
            return (429, said, None);
        }
        Some(Trip::Broken) => return (500, refusal("api_error", None, "Something broke", None), None),
        Some(Trip::LoseTheAnswer) | None => {}
    }
    let key = text("idempotency-key").filter(|_| *method == Method::POST);
    if let Some(given) = key.and_then(|key| state.given.get(key)) {
        return match given.path == path && given.body == *body {
            true => (given.status, given.answer.clone(), trip),
            false => {
                let said = "Keys for idempotent requests can only be used with the same parameters they were first used with.";
                (400, refusal("idempotency_error", None, said, None), trip)
            }
        };
    }
    let done = if *method == Method::POST {
        post(&mut state, path, body)
    } else {
        get(&state, path, query.as_bytes())
    };
    let (status, answer) = match done {
        Ok(answer) => (200, answer),
        Err(refused) => refused,
    };
    if let Some(key) = key {
        let given = Given {
            path: path.to_owned(),
            body: body.to_vec(),
            status,
            answer: answer.clone(),
        };
        state.given.insert(key.to_owned(), given);
    }
    (status, answer, trip)
}

fn post(state: &mut State, path: &str, body: &[u8]) -> Done {
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    match parts.as_slice() {
        ["checkout", "sessions"] => open_session(state, body),
        ["checkout", "sessions", id, "expire"] => {
            Asked::read(body, &["expand[]"])?;
            match state.sessions.get(*id).map(|session| session.status) {
                None => return Err(missing("checkout.session", id)),
                Some("open") => state.expire(id),
                Some(_) => {
                    let said = "Only Checkout Sessions with a status in [\"open\"] can be expired.";
                    return Err(bad(None, said, None));
                }
            }
            Ok(shown::session(state, &state.sessions[*id], false))
        }
        ["refunds"] => {
            let asked = Asked::read(body, &["payment_intent", "amount", "metadata[*]"])?;
            let intent = asked.needed("payment_intent")?.to_owned();
            asked.needed("amount")?;
            let amount = asked.number("amount")?.unwrap_or_default();
            let made = state
                .refund(&intent, amount, asked.map("metadata"))
                .map_err(|said| bad(None, &said, None))?;
            Ok(shown::refund(state, &made))
        }
        _ => Err(nowhere(path)),
    }
}

fn open_session(state: &mut State, body: &[u8]) -> Done {
    let asked = Asked::read(
        body,
        &[
            "mode",
            "client_reference_id",
            "line_items[][quantity]",
            "line_items[][price_data][currency]",
            "line_items[][price_data][unit_amount]",
            "line_items[][price_data][product_data][name]",
            "allowed_payment_method_types[]",
            "payment_method_options[wechat_pay][client]",
            "payment_intent_data[metadata][*]",
            "metadata[*]",
            "expires_at",
            "locale",
            "success_url",
            "cancel_url",
        ],
    )?;
    if asked.needed("mode")? != "payment" {
        return Err(bad(None, "Only mode=payment is spoken here", Some("mode")));
    }
    if asked.needed("line_items[0][price_data][currency]")? != "cny" {
        return Err(bad(None, "Only cny is spoken here", Some("currency")));
    }
    asked.needed("line_items[0][price_data][product_data][name]")?;
    let one = asked
        .number("line_items[0][price_data][unit_amount]")?
        .unwrap_or_default();
    let amount = one * asked.number("line_items[0][quantity]")?.unwrap_or_default();
    if !(1..=MOST).contains(&amount) {
        let said = "The Checkout Session's total amount due must be no more than ¥999,999.99";
        return Err(bad(Some("amount_too_large"), said, None));
    }
    let expires_at = asked.number("expires_at")?.unwrap_or(state.now + 86_400);
    if !(state.now + 1800..=state.now + 86_400).contains(&expires_at) {
        let said = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now";
        return Err(bad(None, said, Some("expires_at")));
    }
    let ways = asked.list("allowed_payment_method_types");
    let wechat = ways.iter().any(|way| way == "wechat_pay");
    if wechat && asked.text("payment_method_options[wechat_pay][client]") != Some("web") {
        let said = "Missing required param: payment_method_options[wechat_pay][client].";
        return Err(bad(Some("parameter_missing"), said, None));
    }
    let id = state.name("cs_test");
    let session = Session {
        id: id.clone(),
        status: "open",
        payment_status: "unpaid",
        created: state.now,
        expires_at,
        amount,
        reference: asked.needed("client_reference_id")?.to_owned(),
        metadata: asked.map("metadata"),
        success_url: asked.needed("success_url")?.to_owned(),
        cancel_url: asked.text("cancel_url").unwrap_or_default().to_owned(),
        ways,
        intent: None,
    };
    state.sessions.insert(id.clone(), session);
    Ok(shown::session(state, &state.sessions[&id], false))
}

fn get(state: &State, path: &str, query: &[u8]) -> Done {
    let parts: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    let one = || Asked::read(query, &["expand[]"]);
    let list = || Asked::read(query, &LIST);
    match parts.as_slice() {
        ["balance"] => {
            one()?;
            let sum = json!([{"amount": state.balance(), "currency": "cny", "source_types": {"card": state.balance()}}]);
            Ok(json!({"object": "balance", "available": sum, "pending": [], "livemode": false}))
        }
        ["checkout", "sessions"] => {
            let asked = list()?;
            let whole = asked.list("expand") == ["data.payment_intent.latest_charge"];
            let of = asked.text("payment_intent");
            let all = state
                .sessions
                .values()
                .filter(|s| of.is_none() || s.intent.as_deref() == of);
            let all = all.map(|s| (s.id.clone(), s.created, shown::session(state, s, whole)));
            page(&asked, path, all.collect())
        }
        ["checkout", "sessions", id] => {
            let whole = one()?.list("expand") == ["payment_intent.latest_charge"];
            let found = state.sessions.get(*id);
            let found = found.ok_or_else(|| missing("checkout.session", id))?;
            Ok(shown::session(state, found, whole))
        }
        ["refunds"] => {
            let asked = list()?;
            let of = asked.text("payment_intent");
            let all = state
                .refunds
                .values()
                .filter(|r| of.is_none_or(|of| r.intent == of));
            let all = all.map(|r| (r.id.clone(), r.created, shown::refund(state, r)));
            page(&asked, path, all.collect())
        }
        ["refunds", id] => {
            one()?;
            let found = state.refunds.get(*id).ok_or_else(|| missing("refund", id))?;
            Ok(shown::refund(state, found))
        }
        ["payouts"] => {
            let all = state.payouts.values();
            let all = all.map(|p| (p.id.clone(), p.created, shown::payout(p)));
            page(&list()?, path, all.collect())
        }
        ["payouts", id] => {
            one()?;
            let found = state.payouts.get(*id).ok_or_else(|| missing("payout", id))?;
            Ok(shown::payout(found))
        }
        ["balance_transactions"] => {
            let all = state.movements.iter();
            let all = all.map(|m| (m.id.clone(), m.created, shown::movement(m)));
            page(&list()?, path, all.collect())
        }
        _ => Err(nowhere(path)),
    }
}

/// A part of a list, newest first.
fn page(asked: &Asked, path: &str, mut all: Vec<(String, i64, Value)>) -> Done {
    all.reverse();
    let from = asked.number("created[gte]")?.unwrap_or_default();
    all.retain(|(_, created, _)| *created >= from);
    if let Some(after) = asked.text("starting_after") {
        let at = all.iter().position(|(id, _, _)| id == after);
        let at = at.ok_or_else(|| missing("object", after))?;
        all.drain(..=at);
    }
    let limit = usize::try_from(asked.number("limit")?.unwrap_or(10)).unwrap_or_default();
    if !(1..=100).contains(&limit) {
        return Err(bad(None, "limit is from 1 to 100", Some("limit")));
    }
    let has_more = all.len() > limit;
    all.truncate(limit);
    let data: Vec<Value> = all.into_iter().map(|(_, _, shown)| shown).collect();
    Ok(json!({"object": "list", "url": path, "has_more": has_more, "data": data}))
}

fn nowhere(path: &str) -> Refused {
    let said = format!("Unrecognized request URL ({path}).");
    (404, refusal("invalid_request_error", None, &said, None))
}
