//! The books: the trial balance down to the entry, the months, what a closed month says; and villages' public journals.

use super::address::{Address, Asked};
use super::{Failure, Posted, Reply, Visitor};
use crate::download;
use crate::services::books::{self, AsOf};
use crate::services::{App, Error, journal, paging, period, seal};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::text::status::Status as _;
use frontend::views::books::Shown;
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::books::{CloseIn, TrialBy};
use shared::api::problem::{Code, FieldCode};
use shared::domain::ledger::AccountKind;
use shared::domain::month::Month;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/books", get(trial))
        .route("/books/accounts/{kind}", get(accounts))
        .route("/books/accounts/{kind}/entries", get(account))
        .route("/books/months", get(months).post(close))
        .route("/books/months/{month}", get(month))
        .route("/books/heads/{month}", get(head))
        .route("/books/keys", get(keys))
        .route("/villages/{code}/journal", get(show_journal))
        .route("/villages/{code}/journal/file", get(file))
        .route("/villages/{code}/journal/full-file", get(full_file))
}

/// What an address of the books says.
#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    at: String,
    by: Option<TrialBy>,
    #[serde(default)]
    owner: String,
    after: Option<String>,
}

impl Query {
    fn shown(&self) -> Shown {
        Shown {
            at: self.at.trim().to_owned(),
            by: self.by.unwrap_or(TrialBy::Recorded),
        }
    }

    fn as_of(&self) -> Result<AsOf, Error> {
        Ok(AsOf {
            at: books::instant(&self.at)?,
            by: self.by.unwrap_or(TrialBy::Recorded),
        })
    }
}

async fn trial(visitor: Visitor, Asked(query): Asked<Query>) -> Result<Response, Failure> {
    let actor = visitor.actor()?;
    let (as_of, form) = match query.as_of() {
        Ok(as_of) => (as_of, Form::default()),
        Err(error) => (AsOf::NOW, refused(&visitor, error)?),
    };
    let found = books::trial(&visitor.app, actor, as_of).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let shown = match as_of.at {
        Some(_) => query.shown(),
        None => Shown {
            at: String::new(),
            by: query.shown().by,
        },
    };
    let title = visitor.look.lang.t("试算平衡", "Trial balance");
    let page = visitor
        .page(title, |cx| views::books::trial(cx, &out, &shown, &form))
        .await?;
    Ok(match form.code {
        Some(code) => page.status(code).into_response(),
        None => page.into_response(),
    })
}

/// A field of an address that cannot be read, beside the form that it stands in.
fn refused(visitor: &Visitor, error: Error) -> Result<Form, Failure> {
    match error {
        Error::Refused(refusal) if refusal.code == Code::Invalid => Ok(Form {
            problems: crate::error::fields_in(&refusal.fields, visitor.look.lang),
            code: Some(Code::Invalid),
            ..Form::default()
        }),
        error => Err(visitor.fail(error)),
    }
}

async fn accounts(
    visitor: Visitor,
    Address(kind): Address<AccountKind>,
    Asked(query): Asked<Query>,
) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let as_of = query.as_of().map_err(|e| visitor.fail(e))?;
    let after = query.after.as_deref();
    let found = books::accounts(&visitor.app, actor, kind, as_of, after, paging::ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let shown = query.shown();
    visitor
        .page(kind.word(visitor.look.lang), |cx| {
            views::books::accounts(cx, kind, &page, &shown)
        })
        .await
}

async fn account(
    visitor: Visitor,
    Address(kind): Address<AccountKind>,
    Asked(query): Asked<Query>,
) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let as_of = query.as_of().map_err(|e| visitor.fail(e))?;
    let account = (kind, query.owner.as_str());
    let after = query.after.as_deref();
    let found = books::account(&visitor.app, actor, account, as_of, after, paging::ROWS).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let shown = query.shown();
    visitor
        .page(kind.word(visitor.look.lang), |cx| {
            views::books::account(cx, &out, &shown)
        })
        .await
}

async fn months(visitor: Visitor) -> Result<Reply, Failure> {
    months_page(&visitor, &Form::default()).await
}

async fn months_page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let found = period::months(&visitor.app, visitor.actor()?).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("月结", "Months");
    visitor
        .page(title, |cx| views::books::months(cx, &out, form))
        .await
}

async fn close(mut posted: Posted) -> Result<Response, Failure> {
    let closed = close_it(&mut posted).await;
    let visitor = &posted.visitor;
    match closed {
        Ok(month) => Ok(visitor.go(&format!("/books/months/{month}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(months_page(visitor, &form).await?.status(code).into_response())
        }
    }
}

async fn close_it(posted: &mut Posted) -> Result<Month, Error> {
    let key = posted.key()?;
    let month = posted.needed("month", FieldCode::NotAChoice);
    posted.check()?;
    let month = month.ok_or_else(|| Error::field("month", FieldCode::Required))?;
    let visitor = &posted.visitor;
    let actor = visitor.maybe_actor().ok_or(Error::refused(Code::NotSignedIn))?;
    let done = period::close(&visitor.app, actor, &key, &CloseIn { month }).await?;
    Ok(done.month)
}

async fn month(visitor: Visitor, Address(month): Address<Month>) -> Result<Reply, Failure> {
    let found = period::month(&visitor.app, visitor.actor()?, month).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {month}", visitor.look.lang.t("月结", "Month"));
    visitor.page(&title, |cx| views::books::month(cx, &out)).await
}

async fn head(visitor: Visitor, Address(month): Address<Month>) -> Result<Response, Failure> {
    let text = period::head_file(&visitor.app, month).await;
    let text = text.map_err(|e| visitor.fail(e))?;
    Ok(download::text(&format!("jizhou-books-{month}.txt"), text))
}

async fn keys(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let text = seal::keys_text(&app).await.map_err(|e| visitor.fail(e))?;
    Ok(download::text("jizhou-books-keys.txt", text))
}

/// Which page of a journal.
#[derive(Deserialize)]
struct JournalQuery {
    after: Option<String>,
}

async fn show_journal(
    visitor: Visitor,
    Address(code): Address<String>,
    Asked(query): Asked<JournalQuery>,
) -> Result<Reply, Failure> {
    let found = journal::show(&visitor.app, &code, query.after.as_deref(), paging::ROWS).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", out.village_name, visitor.look.lang.t("账链", "journal"));
    visitor.page(&title, |cx| views::journal::journal(cx, &out)).await
}

async fn file(visitor: Visitor, Address(code): Address<String>) -> Result<Response, Failure> {
    let file = journal::statement(&visitor.app, &code).await;
    Ok(download::statement(file.map_err(|e| visitor.fail(e))?))
}

async fn full_file(visitor: Visitor, Address(code): Address<String>) -> Result<Response, Failure> {
    let file = journal::full_statement(&visitor.app, visitor.actor()?, &code).await;
    Ok(download::statement(file.map_err(|e| visitor.fail(e))?))
}
