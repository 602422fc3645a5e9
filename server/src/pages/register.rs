//! 登记册: how full the registers are, and filling them from files.

use super::address::{Address, Asked};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, paging, register};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Form, views};
use serde::Deserialize;
use shared::api::import::{ImportOut, Register};
use shared::api::problem::FieldCode;
use shared::domain::identity::Actor;

/// A file of 10 MiB and the form around it.
const BODY_MAX_BYTES: usize = 10 * 1024 * 1024 + 64 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/register", get(show)).route(
        "/register/{register}",
        post(import).layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
    )
}

#[derive(Deserialize, Default)]
struct UnitsQuery {
    q: Option<String>,
    after: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<UnitsQuery>) -> Result<Reply, Failure> {
    let form = Form::filled([("q", query.q.clone().unwrap_or_default())]);
    page(&visitor, &query, &form, None).await
}

async fn page(
    visitor: &Visitor,
    query: &UnitsQuery,
    form: &Form,
    import: Option<&ImportOut>,
) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let counts = register::counts(app, actor).await.map_err(|e| visitor.fail(e))?;
    let found = register::units(
        app,
        actor,
        query.q.as_deref(),
        query.after.as_deref(),
        paging::ROWS,
    )
    .await;
    let units = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("登记册", "Registers");
    visitor
        .page(title, |cx| {
            views::register::register(cx, &counts, &units, form, import)
        })
        .await
}

async fn import(Address(name): Address<String>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let register = Register::from_name(&name).ok_or_else(|| visitor.fail(Error::not_found()))?;
    let query = UnitsQuery::default();
    match import_it(&posted, actor, register).await {
        // What came of each row is long: it is shown in this answer. Loading it again changes nothing.
        Ok(mut done) => {
            crate::error::bad_rows_in(&mut done, visitor.look.lang);
            Ok(page(visitor, &query, &Form::default(), Some(&done))
                .await?
                .into_response())
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(page(visitor, &query, &form, None)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn import_it(posted: &Posted, actor: &Actor, register: Register) -> Result<ImportOut, Error> {
    let key = posted.key()?;
    let file = posted
        .file("file")
        .cloned()
        .ok_or_else(|| Error::field("file", FieldCode::Required))?;
    register::import(&posted.visitor.app, actor, register, file, &key).await
}
