//! Claims: opening one over an acceptance, the list, one with its conversation and decision.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, acceptance, claim, file, right};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::acceptance::{AcceptanceLineOut, VarianceReason};
use shared::api::claim::{
    ClaimAgreedIn, ClaimAnswerIn, ClaimEntryIn, ClaimIn, ClaimLineIn, ClaimOut, ClaimQuery,
};
use shared::api::problem::{Code, FieldCode};
use shared::domain::claim::ClaimStatus;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Photos of what is disputed, a few at once.
const BODY_MAX_BYTES: usize = 40 * 1024 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    let photos = || DefaultBodyLimit::max(BODY_MAX_BYTES);
    Router::new()
        .route("/acceptances/{id}/claim", get(form).post(open).layer(photos()))
        .route("/claims", get(list))
        .route("/claims/{id}", get(show))
        .route("/claims/{id}/entries", post(say).layer(photos()))
        .route("/claims/{id}/answer", post(answer))
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    overdue: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let narrow = ClaimQuery {
        state: query.state.as_deref().and_then(ClaimStatus::from_name),
        overdue: query.overdue.as_deref() == Some("1"),
        acceptance_id: None,
    };
    let after = query.after.as_deref();
    let found = claim::list(&visitor.app, visitor.actor()?, narrow.clone(), after, ROWS).await;
    let rows = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("售后", "Claims");
    visitor
        .page(title, |cx| views::claim::claims(cx, &rows, &narrow))
        .await
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = claim::show(&visitor.app, visitor.actor()?, id).await;
    let claim = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("售后单", "Claim"), claim.row.number);
    visitor
        .page(&title, |cx| views::claim::claim(cx, &claim, form))
        .await
}

async fn form(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    form_page(&visitor, id, &Form::default()).await
}

async fn form_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    right::reach(actor, Action::ClaimOpen).map_err(|e| visitor.fail(e))?;
    let found = acceptance::show(&visitor.app, actor, id).await;
    let acceptance = found.map_err(|e| visitor.fail(e))?;
    right::require(actor, Action::ClaimOpen, Place::unit(acceptance.unit_id)).map_err(|e| visitor.fail(e))?;
    let until = claim::open_until(&visitor.app, acceptance.posted_at);
    let title = visitor.look.lang.t("提出售后", "Open a claim");
    visitor
        .page(title, |cx| views::claim::open(cx, &acceptance, until, form))
        .await
}

async fn open(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let opened = open_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match opened {
        Ok(made) => Ok(visitor.go(&format!("/claims/{}", made.row.id), Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(form_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn open_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<ClaimOut, Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    right::reach(actor, Action::ClaimOpen)?;
    let acceptance = acceptance::show(&app, actor, id).await?;
    right::require(actor, Action::ClaimOpen, Place::unit(acceptance.unit_id))?;
    let mut lines = Vec::new();
    for line in &acceptance.lines {
        if let Some(mut given) = typed_line(posted, line) {
            given.photo_id = photo(posted, &app, actor, &format!("line.{}.photo", line.line_id)).await?;
            lines.push(given);
        }
    }
    posted.check()?;
    let input = ClaimIn {
        acceptance_id: id,
        lines,
        words: posted.text("words"),
    };
    claim::open(&app, actor, &key, input).await
}

/// A line that was filled in: an amount to take back or a sum off.
fn typed_line(posted: &mut Posted, line: &AcceptanceLineOut) -> Option<ClaimLineIn> {
    let name = |part: &str| format!("line.{}.{part}", line.line_id);
    let qty = posted.maybe(&name("qty")).and_then(|typed| {
        let parsed = line.price_unit.parse_qty(&typed).ok();
        if parsed.is_none() {
            posted.wrong(name("qty"), FieldCode::NotANumber);
        }
        parsed
    });
    let asked_fen = match posted.maybe(&name("asked_fen")) {
        Some(_) => posted.yuan(&name("asked_fen")),
        None => None,
    };
    if qty.is_none() && asked_fen.is_none() {
        return None;
    }
    let reason = posted.maybe(&name("reason"));
    let reason = reason.and_then(|text| VarianceReason::from_name(&text));
    if reason.is_none() {
        posted.wrong(name("reason"), FieldCode::ReasonNeeded);
    }
    Some(ClaimLineIn {
        line_id: line.line_id,
        qty,
        asked_fen,
        reason: reason?,
        photo_id: None,
    })
}

async fn photo(posted: &mut Posted, app: &App, actor: &Actor, field: &str) -> Result<Option<Uuid>, Error> {
    match posted.file(field).cloned() {
        Some(bytes) => Ok(Some(file::store_photo(app, actor, bytes).await?.id)),
        None => Ok(None),
    }
}

async fn say(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = say_it(&mut posted, &actor, id).await;
    after_post(&posted, id, done).await
}

async fn say_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    right::reach(actor, Action::ClaimTalk)?;
    claim::show(&app, actor, id).await?;
    let photo_id = photo(posted, &app, actor, "photo").await?;
    let words = posted.text("words");
    claim::say(&app, actor, &key, id, ClaimEntryIn { words, photo_id }).await
}

async fn answer(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = answer_it(&mut posted, &actor, id).await;
    after_post(&posted, id, done).await
}

async fn answer_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    right::reach(actor, Action::ClaimAnswer)?;
    let agree = match posted.text("agree").as_str() {
        "1" => true,
        "0" => false,
        _ => return Err(Error::field("agree", FieldCode::NotAChoice)),
    };
    let mut lines = Vec::new();
    for row in posted.rows("line") {
        let Ok(line_id) = row.parse() else {
            return Err(Error::field("lines", FieldCode::Unknown));
        };
        if let Some(agreed_fen) = posted.yuan(&format!("line.{row}.agreed_fen")) {
            lines.push(ClaimAgreedIn { line_id, agreed_fen });
        }
    }
    if agree {
        posted.check()?;
    }
    let words = posted.text("answer");
    let input = ClaimAnswerIn { agree, lines, words };
    claim::answer(&posted.visitor.app, actor, &key, id, input)
        .await
        .map(|_| ())
}

async fn after_post(posted: &Posted, id: Uuid, done: Result<(), Error>) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/claims/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}
