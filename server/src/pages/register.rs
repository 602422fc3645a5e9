//! 登记册: each register as a table, filled from files or row by row.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor, see_other};
use crate::services::{App, Error, register, village, work};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::views::register::Seen;
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::import::{Column, Register};
use shared::api::problem::FieldCode;
use shared::api::work::{ExportList, RowIn, WorkOut};
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;

/// A file of 10 MiB and the form around it.
const BODY_MAX_BYTES: usize = 10 * 1024 * 1024 + 64 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/register", get(show))
        .route(
            "/register/{register}",
            get(list)
                .post(import)
                .layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .route("/register/{register}/template", get(template))
        .route("/register/{register}/row", get(row).post(put_row))
        .route("/households", get(households))
}

#[derive(Deserialize, Default)]
struct RegisterQuery {
    town: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<RegisterQuery>) -> Result<Response, Failure> {
    if let Some(town) = query.town.filter(|town| !town.is_empty()) {
        visitor.actor()?;
        let town = super::posted::encode(&town);
        return Ok(see_other(&format!("/register/villages?town={town}")));
    }
    Ok(page(&visitor, &Form::default()).await?.into_response())
}

async fn page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let counts = register::counts(app, actor).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("登记册", "Registers");
    visitor
        .page(title, |cx| views::register::register(cx, &counts, form))
        .await
}

/// The lists that have a page here.
fn list_of(name: &str) -> Option<ExportList> {
    ExportList::from_name(name).filter(|list| {
        matches!(
            list,
            ExportList::Towns
                | ExportList::Villages
                | ExportList::Units
                | ExportList::Pairings
                | ExportList::Sellers
                | ExportList::Produce
        )
    })
}

async fn list(visitor: Visitor, Address(name): Address<String>) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    crate::services::right::require(actor, Action::RegisterRead, Place::DISTRICT)
        .map_err(|e| visitor.fail(e))?;
    let list = list_of(&name).ok_or_else(|| visitor.fail(Error::not_found()))?;
    table(&visitor, list).await
}

async fn households(visitor: Visitor) -> Result<Reply, Failure> {
    table(&visitor, ExportList::Households).await
}

async fn table(visitor: &Visitor, list: ExportList) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let query = visitor.path.split_once('?').map_or("", |(_, query)| query);
    let values = super::posted::url_pairs(query);
    if values
        .iter()
        .any(|(_, value)| value.contains('\0') || value.chars().count() > 80)
    {
        return Err(visitor.fail(Error::field("q", FieldCode::TooLong)));
    }
    let after = values
        .iter()
        .find(|(name, _)| name == "after")
        .map(|(_, value)| value.clone());
    let found = register::table(app, actor, list, query, after.as_deref(), ROWS).await;
    let table = found.map_err(|e| visitor.fail(e))?;
    let towns = village::towns(app).await.map_err(|e| visitor.fail(e))?;
    let form = Form {
        values,
        ..Form::default()
    };
    let title = frontend::text::work::list(visitor.look.lang, list);
    let approvals = approvals(visitor, list, &form, after.as_deref()).await?;
    let seen = Seen {
        list,
        table: &table,
        towns: &towns,
        approvals: &approvals,
    };
    visitor
        .page(title, |cx| views::register::table(cx, &seen, &form))
        .await
}

/// The shown units whose policy of approval the reader may change.
async fn approvals(
    visitor: &Visitor,
    list: ExportList,
    form: &Form,
    after: Option<&str>,
) -> Result<Vec<(String, String)>, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    if list != ExportList::Units {
        return Ok(Vec::new());
    }
    let found = register::units(app, actor, Some(&form.value("q")), after, ROWS).await;
    let units = found.map_err(|e| visitor.fail(e))?;
    let may = |id| actor.may(Action::ApprovalPolicyWrite, Place::unit(id));
    Ok(units
        .items
        .into_iter()
        .filter(|unit| may(unit.id))
        .map(|unit| (unit.code, unit.id.to_string()))
        .collect())
}

fn register_of(visitor: &Visitor, name: &str) -> Result<Register, Failure> {
    Register::from_name(name).ok_or_else(|| visitor.fail(Error::not_found()))
}

async fn import(Address(name): Address<String>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let register = register_of(visitor, &name)?;
    register::require(actor, register).map_err(|e| visitor.fail(e))?;
    match import_it(&posted, register).await {
        Ok(work) => Ok(see_other(&format!("/works/{}", work.id))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(page(visitor, &form).await?.status(code).into_response())
        }
    }
}

async fn import_it(posted: &Posted, register: Register) -> Result<WorkOut, Error> {
    let key = posted.key()?;
    let visitor = &posted.visitor;
    let file = posted
        .file("file")
        .ok_or_else(|| Error::field("file", FieldCode::Required))?;
    let actor = visitor.maybe_actor().ok_or_else(Error::not_found)?;
    let name = frontend::text::work::register(visitor.look.lang, register);
    work::import(&visitor.app, actor, register, name, file.to_vec(), &key).await
}

async fn template(visitor: Visitor, Address(name): Address<String>) -> Result<Response, Failure> {
    let register = register_of(&visitor, &name)?;
    let file = work::template(visitor.actor()?, register).map_err(|e| visitor.fail(e))?;
    Ok(crate::download::table(file))
}

/// The registers whose rows can be added and changed one by one.
fn row_register(visitor: &Visitor, name: &str) -> Result<Register, Failure> {
    let register = register_of(visitor, name)?;
    if matches!(register, Register::People | Register::Offers) {
        return Err(visitor.fail(Error::not_found()));
    }
    Ok(register)
}

async fn row(visitor: Visitor, Address(name): Address<String>) -> Result<Reply, Failure> {
    let register = row_register(&visitor, &name)?;
    let query = visitor.path.split_once('?').map_or("", |(_, query)| query);
    let form = Form {
        values: super::posted::url_pairs(query),
        ..Form::default()
    };
    let first = register.columns().first().map_or("", |column| column.key);
    let known = !form.value(first).is_empty();
    row_page(&visitor, register, known, &form).await
}

async fn row_page(visitor: &Visitor, register: Register, known: bool, form: &Form) -> Result<Reply, Failure> {
    register::require(visitor.actor()?, register).map_err(|e| visitor.fail(e))?;
    let title = frontend::text::work::register(visitor.look.lang, register);
    visitor
        .page(title, |cx| views::register::row_form(cx, register, known, form))
        .await
}

async fn put_row(Address(name): Address<String>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    visitor.actor()?;
    let register = row_register(visitor, &name)?;
    match put_it(&posted, register).await {
        Ok(()) => {
            let path = if register == Register::Households {
                "/households".to_owned()
            } else {
                format!("/register/{}", register.as_str())
            };
            Ok(visitor.go(&path, Some(Flash::Saved)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            let known = posted.maybe("known").is_some();
            Ok(row_page(visitor, register, known, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn put_it(posted: &Posted, register: Register) -> Result<(), Error> {
    let key = posted.key()?;
    let visitor = &posted.visitor;
    let actor = visitor.maybe_actor().ok_or_else(Error::not_found)?;
    let typed = |column: &Column| {
        let typed = posted.text(column.key);
        // A form shows what stands there: whoever empties a field means it.
        let emptied = typed.is_empty() && register == Register::Produce && !column.needed;
        if emptied { "-".to_owned() } else { typed }
    };
    let values: BTreeMap<String, String> = register
        .columns()
        .iter()
        .map(|column| (column.key.to_owned(), typed(column)))
        .collect();
    register::put_row(&visitor.app, actor, register, &RowIn { values }, &key)
        .await
        .map(drop)
}
