//! Where payees' money goes: the list, one payee's account.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, payee_account};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::PayeeAccountIn;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::settlement::PayeeKind;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/payees", get(list))
        .route("/payees/{payee_kind}/{payee}", get(show).post(put))
        .route("/payees/{payee_kind}/{payee}/check", post(check))
}

#[derive(Deserialize)]
struct ListQuery {
    kind: Option<String>,
    missing: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let kind = query.kind.as_deref().and_then(PayeeKind::from_name);
    let asked = payee_account::Asked {
        kind,
        town: None,
        missing: query.missing.is_some_and(|text| text == "1"),
    };
    let after = query.after.as_deref();
    let found = payee_account::list(&visitor.app, visitor.actor()?, &asked, after, ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("收款账户", "Accounts");
    let kind = kind.unwrap_or(PayeeKind::Village);
    visitor
        .page(title, |cx| views::payee::payees(cx, &page, kind, asked.missing))
        .await
}

/// A payee as an address names it.
fn named(visitor: &Visitor, (kind, payee): (String, String)) -> Result<(PayeeKind, String), Failure> {
    let kind = PayeeKind::from_name(&kind).ok_or_else(|| visitor.fail(Error::not_found()))?;
    Ok((kind, payee))
}

async fn show(visitor: Visitor, Address(whose): Address<(String, String)>) -> Result<Reply, Failure> {
    visitor.actor()?;
    let (kind, payee) = named(&visitor, whose)?;
    payee_page(&visitor, kind, &payee, &Form::default()).await
}

async fn payee_page(visitor: &Visitor, kind: PayeeKind, payee: &str, form: &Form) -> Result<Reply, Failure> {
    let found = payee_account::show(&visitor.app, visitor.actor()?, kind, payee).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("收款账户", "Account");
    visitor
        .page(title, |cx| views::payee::payee(cx, &out, form))
        .await
}

async fn put(Address(whose): Address<(String, String)>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?.clone();
    let (kind, payee) = named(visitor, whose)?;
    match put_it(&posted, &actor, kind, &payee).await {
        Ok(()) => Ok(visitor.go(&format!("/payees/{kind}/{payee}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Invalid => {
            let form = visitor.form_of(&posted, error)?;
            let page = payee_page(visitor, kind, &payee, &form).await?;
            Ok(page.status(Code::Invalid).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn put_it(posted: &Posted, actor: &Actor, kind: PayeeKind, payee: &str) -> Result<(), Error> {
    let key = posted.key()?;
    let input = PayeeAccountIn {
        account_name: posted.text("account_name"),
        account_no: posted.text("account_no"),
        bank_name: posted.text("bank_name"),
        cnaps: posted.text("cnaps"),
    };
    payee_account::put(&posted.visitor.app, actor, &key, (kind, payee), input)
        .await
        .map(|_| ())
}

async fn check(Address(whose): Address<(String, String)>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?.clone();
    let (kind, payee) = named(visitor, whose)?;
    let done = check_it(&posted, &actor, kind, &payee).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/payees/{kind}/{payee}"), Some(Flash::Saved)))
}

async fn check_it(posted: &Posted, actor: &Actor, kind: PayeeKind, payee: &str) -> Result<(), Error> {
    let key = posted.key()?;
    let changed_at = posted
        .text("changed_at")
        .parse()
        .map_err(|_| Error::field("changed_at", FieldCode::NotANumber))?;
    payee_account::check(
        &posted.visitor.app,
        actor,
        &key,
        (kind, payee),
        Micros(changed_at),
    )
    .await
    .map(|_| ())
}
