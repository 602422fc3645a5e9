//! The fake's page to pay on, for people and browsers: three buttons, and back to the market.

use super::state::Method;
use super::{Letter, StripeFake, WEBHOOK_SECRET, sign};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use std::collections::BTreeMap;

/// The page.
pub fn router(fake: StripeFake) -> Router {
    Router::new()
        .route("/c/pay/{session}", get(show).post(pay))
        .with_state(fake)
}

async fn show(State(fake): State<StripeFake>, Path(session): Path<String>) -> Response {
    let state = fake.state();
    let Some(session) = state
        .sessions
        .get(&session)
        .filter(|session| session.status == "open")
    else {
        return (StatusCode::GONE, Html("<p>这一页已经关闭。</p>")).into_response();
    };
    let buttons: String = [Method::Card, Method::Alipay, Method::WechatPay]
        .map(|method| method.name())
        .iter()
        .map(|by| format!("<form method=post action='?by={by}'><button id={by}>{by}</button></form>"))
        .collect();
    let (yuan, fen, back) = (session.amount / 100, session.amount % 100, &session.cancel_url);
    Html(format!(
        "<!DOCTYPE html><meta charset=utf-8><title>试付款</title><h1>¥{yuan}.{fen:02}</h1>{buttons}<a href='{back}'>返回</a>"
    ))
    .into_response()
}

async fn pay(
    State(fake): State<StripeFake>,
    Path(session): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let by = asked.get("by").map_or("card", String::as_str);
    let method = [Method::Card, Method::Alipay, Method::WechatPay]
        .into_iter()
        .find(|method| method.name() == by);
    let (new, back) = {
        let mut state = fake.state();
        let known = state.events.len();
        let back = state
            .sessions
            .get(&session)
            .map(|session| session.success_url.clone());
        let (Some(method), Some(back)) = (method, back) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        state.pay(&session, method);
        (state.events.split_off(known), back)
    };
    fake.state().events.extend(new.iter().cloned());
    if let Some(market) = &fake.market {
        tell(market, &fake, new).await;
    }
    Redirect::to(&back).into_response()
}

/// Sends messages to a market that runs elsewhere. One that does not take them hears of it by its sweep.
async fn tell(market: &str, fake: &StripeFake, bodies: Vec<Vec<u8>>) {
    let client = reqwest::Client::new();
    for body in bodies {
        let letter = Letter {
            signature: sign(&body, fake.now(), &[WEBHOOK_SECRET]),
            body,
        };
        let sent = client
            .post(format!("{market}/api/v1/webhooks/stripe"))
            .header("content-type", "application/json")
            .header("stripe-signature", letter.signature)
            .body(letter.body)
            .send()
            .await;
        if let Err(error) = sent {
            println!("a message was not delivered: {error}");
        }
    }
}
