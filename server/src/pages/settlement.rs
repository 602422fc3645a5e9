//! Settlements: the batches of the centre, what a village was paid, the bank's files.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor, see_other};
use crate::download;
use crate::services::{App, Error, paper, right, settlement as settlements, village};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::{ItemAnswerIn, ResultLayoutIn, SendIn, SettlementIn, UploadOut};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::money::{Fen, parse_yuan};
use shared::domain::rights::Action;
use shared::domain::settlement::result::Layout;
use shared::domain::settlement::{BatchStatus, PayeeKind, SettlementStatus};
use uuid::Uuid;

/// The largest form with a file.
const BODY_MAX_BYTES: usize = 11 * 1024 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/settlements", get(list).post(prepare))
        .route("/settlements/new", get(preview))
        .route("/settlements/{id}", get(show))
        .route("/settlements/{id}/discard", post(discard))
        .route("/settlements/{id}/release", post(release))
        .route("/settlements/{id}/send", post(send))
        .route("/settlements/{id}/files/{format}", get(file))
        .route(
            "/settlements/{id}/results",
            post(bring).layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .route("/settlements/{id}/results/{file}", get(results).post(read_as))
        .route("/settlements/{id}/results/{file}/apply", post(apply))
        .route("/settlements/items/{id}", get(item))
        .route("/settlements/items/{id}/pdf", get(print))
        .route("/settlements/items/{id}/answer", post(answer))
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    after: Option<String>,
}

/// Who sees whole batches gets those; a village and a town what was paid there.
async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let (state, after) = (query.state.as_deref(), query.after.as_deref());
    let title = visitor.look.lang.t("结算", "Settlements");
    if right::reach(actor, Action::SettlementBatch).is_ok() {
        let state = state.and_then(BatchStatus::from_name);
        let found = settlements::list(app, actor, state, after, ROWS).await;
        let batches = found.map_err(|e| visitor.fail(e))?;
        return visitor
            .page(title, |cx| views::settlement::batches(cx, &batches, state))
            .await;
    }
    let state = state.and_then(SettlementStatus::from_name);
    let found = settlements::items(app, actor, state, after, ROWS).await;
    let items = found.map_err(|e| visitor.fail(e))?;
    visitor
        .page(title, |cx| views::settlement::items(cx, &items, state))
        .await
}

#[derive(Deserialize)]
struct PreviewQuery {
    town_code: Option<String>,
    payee_kind: Option<String>,
    until: Option<String>,
    min_fen: Option<String>,
    advance: Option<String>,
}

async fn preview(visitor: Visitor, Asked(query): Asked<PreviewQuery>) -> Result<Response, Failure> {
    visitor.actor()?;
    let mut values: Vec<(String, String)> = Vec::new();
    let mut note = |name: &str, value: Option<String>| {
        let text = value.unwrap_or_default().trim().to_owned();
        if !text.is_empty() {
            values.push((name.to_owned(), text));
        }
    };
    note("town_code", query.town_code);
    note("payee_kind", query.payee_kind);
    note("until", query.until);
    note("min_fen", query.min_fen);
    note("advance", query.advance);
    let read = read_input(&|name| {
        values
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    });
    let reply = match read {
        Ok(input) => preview_page(&visitor, &input, &Form::default()).await,
        Err(error) => Err(error),
    };
    match reply {
        Ok(reply) => Ok(reply.into_response()),
        Err(error) if error.code() == Code::Invalid => {
            let form = refused_form(&visitor, values, error);
            let page = preview_page(&visitor, &SettlementIn::default(), &form).await;
            let page = page.map_err(|e| visitor.fail(e))?;
            Ok(page.status(Code::Invalid).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

/// A form with what was typed and what was wrong with it.
fn refused_form(visitor: &Visitor, values: Vec<(String, String)>, error: Error) -> Form {
    let problems = match error {
        Error::Refused(refusal) => crate::error::fields_in(&refusal.fields, visitor.look.lang),
        _ => Vec::new(),
    };
    Form {
        values,
        problems,
        code: Some(Code::Invalid),
        short: Vec::new(),
    }
}

async fn preview_page(visitor: &Visitor, input: &SettlementIn, form: &Form) -> Result<Reply, Error> {
    let (app, lang) = (&visitor.app, visitor.look.lang);
    let actor = visitor.maybe_actor().ok_or(Error::refused(Code::NotSignedIn))?;
    let out = settlements::preview(app, actor, input).await?;
    let towns = village::towns(app).await?;
    let title = lang.t("新建结算批次", "New batch");
    visitor
        .page(title, |cx| {
            views::settlement::preview(cx, &out, input, &towns, form)
        })
        .await
        .map_err(|_| Error::refused(Code::Internal))
}

/// What a batch shall pay, from the fields of an address or a form.
fn read_input(text: &dyn Fn(&str) -> Option<String>) -> Result<SettlementIn, Error> {
    let wrong = |name: &str, code| Error::field(name, code);
    let until = text("until")
        .map(|typed| Day::parse(&typed).map_err(|_| wrong("until", FieldCode::NotADay)))
        .transpose()?;
    let min_fen = text("min_fen")
        .map(|typed| parse_yuan(&typed).map_err(|_| wrong("min_fen", FieldCode::NotANumber)))
        .transpose()?;
    let payee_kind = text("payee_kind")
        .map(|typed| PayeeKind::from_name(&typed).ok_or_else(|| wrong("payee_kind", FieldCode::NotAChoice)))
        .transpose()?;
    let expect_fen = text("expect_fen")
        .map(|typed| {
            typed
                .parse()
                .map_err(|_| wrong("expect_fen", FieldCode::NotANumber))
        })
        .transpose()?;
    Ok(SettlementIn {
        town_code: text("town_code"),
        payee_kind,
        until,
        min_fen: min_fen.unwrap_or_default(),
        advance: text("advance").is_some(),
        expect_fen: expect_fen.map(Fen),
    })
}

async fn prepare(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?.clone();
    let done = prepare_it(&posted, &actor).await;
    match done {
        Ok(id) => Ok(visitor.go(&format!("/settlements/{id}"), Some(Flash::Saved))),
        Err(error) if matches!(error.code(), Code::Invalid | Code::Changed | Code::WrongState) => {
            let code = error.code();
            let input = read_input(&|name| posted.maybe(name)).unwrap_or_default();
            let form = visitor.form_of(&posted, error)?;
            let page = preview_page(visitor, &input, &form).await;
            let page = page.map_err(|e| visitor.fail(e))?;
            Ok(page.status(code).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn prepare_it(posted: &Posted, actor: &Actor) -> Result<Uuid, Error> {
    let key = posted.key()?;
    let input = read_input(&|name| posted.maybe(name))?;
    let made = settlements::prepare(&posted.visitor.app, actor, &key, input).await?;
    Ok(made.row.id)
}

#[derive(Deserialize)]
struct AfterQuery {
    after: Option<String>,
}

async fn show(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(query): Asked<AfterQuery>,
) -> Result<Reply, Failure> {
    batch_page(&visitor, id, query.after.as_deref(), &Form::default()).await
}

async fn batch_page(visitor: &Visitor, id: Uuid, after: Option<&str>, form: &Form) -> Result<Reply, Failure> {
    let found = settlements::show(&visitor.app, visitor.actor()?, id, after, ROWS).await;
    let batch = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("结算批次", "Batch"),
        batch.row.number
    );
    visitor
        .page(&title, |cx| views::settlement::batch(cx, &batch, form))
        .await
}

async fn discard(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let done = settlements::discard(&visitor.app, actor, &key, id).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/settlements/{id}"), Some(Flash::Cancelled)))
}

async fn release(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let done = settlements::release(&visitor.app, actor, &key, id).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/settlements/{id}"), Some(Flash::Approved)))
}

async fn send(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = send_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/settlements/{id}"), Some(Flash::Moved))),
        Err(error) if error.code() == Code::Invalid => {
            let form = visitor.form_of(&posted, error)?;
            let page = batch_page(visitor, id, None, &form).await?;
            Ok(page.status(Code::Invalid).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn send_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let on = posted.day("on");
    posted.check()?;
    settlements::send(&posted.visitor.app, actor, &key, id, SendIn { on })
        .await
        .map(|_| ())
}

async fn file(visitor: Visitor, Address((id, format)): Address<(Uuid, String)>) -> Result<Response, Failure> {
    let actor = visitor.actor()?;
    let format = settlements::format_of(&format).map_err(|_| visitor.fail(Error::not_found()))?;
    let found = settlements::file(&visitor.app, actor, id, format).await;
    let file = found.map_err(|e| visitor.fail(e))?;
    Ok(download::attachment(
        download::of_format(format),
        &file.name,
        file.bytes,
    ))
}

async fn bring(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?.clone();
    match bring_it(&posted, &actor, id).await {
        Ok(out) => Ok(see_other(&format!("/settlements/{id}/results/{}", out.row.id))),
        Err(error)
            if matches!(
                error.code(),
                Code::Invalid | Code::TooLarge | Code::UnsupportedFile | Code::Malformed
            ) =>
        {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(batch_page(visitor, id, None, &form)
                .await?
                .status(code)
                .into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn bring_it(posted: &Posted, actor: &Actor, id: Uuid) -> Result<UploadOut, Error> {
    right::reach(actor, Action::SettlementWrite)?;
    let key = posted.key()?;
    let bytes = posted
        .file("file")
        .ok_or_else(|| Error::field("file", FieldCode::Required))?;
    let name = posted.file_name("file").unwrap_or_default();
    settlements::upload(&posted.visitor.app, actor, &key, id, name, bytes.to_vec()).await
}

async fn results(visitor: Visitor, Address((id, file)): Address<(Uuid, Uuid)>) -> Result<Reply, Failure> {
    result_page(&visitor, id, file, &Form::default()).await
}

async fn result_page(visitor: &Visitor, id: Uuid, file: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = settlements::show_upload(&visitor.app, visitor.actor()?, id, file).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("核对回盘文件", "Check the result file");
    visitor
        .page(title, |cx| views::settlement::result(cx, &out, form))
        .await
}

async fn read_as(
    Address((id, file)): Address<(Uuid, Uuid)>,
    mut posted: Posted,
) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = read_it(&mut posted, &actor, (id, file)).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/settlements/{id}/results/{file}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Invalid => {
            let form = visitor.form_of(&posted, error)?;
            let page = result_page(visitor, id, file, &form).await?;
            Ok(page.status(Code::Invalid).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn read_it(posted: &mut Posted, actor: &Actor, ids: (Uuid, Uuid)) -> Result<(), Error> {
    let key = posted.key()?;
    let mut column = |name: &str| posted.parsed::<u16>(name, FieldCode::NotAChoice);
    let (reference, account, amount, outcome, reason) = (
        column("reference"),
        column("account"),
        column("amount"),
        column("outcome"),
        column("reason"),
    );
    posted.check()?;
    let words = |name: &str| -> Vec<String> {
        let typed = posted.text(name);
        typed
            .split(['、', ',', '，', ';', '；'])
            .map(|word| word.trim().to_owned())
            .collect()
    };
    let layout = Layout {
        reference,
        account,
        amount,
        outcome,
        reason,
        paid_words: words("paid_words"),
        bounced_words: words("bounced_words"),
    };
    settlements::read_as(&posted.visitor.app, actor, &key, ids, ResultLayoutIn { layout })
        .await
        .map(|_| ())
}

async fn apply(Address((id, file)): Address<(Uuid, Uuid)>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let done = settlements::apply(&visitor.app, actor, &key, id, file).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/settlements/{id}"), Some(Flash::Imported)))
}

async fn item(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    item_page(&visitor, id, &Form::default()).await
}

async fn item_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = settlements::show_item(&visitor.app, visitor.actor()?, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("结算单", "Settlement"),
        out.row.reference
    );
    visitor
        .page(&title, |cx| views::settlement::item(cx, &out, form))
        .await
}

async fn print(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let made = paper::settlement(&visitor.app, visitor.actor()?, id).await;
    let pdf = made.map_err(|e| visitor.fail(e))?;
    Ok(download::attachment(download::PDF, &pdf.name, pdf.bytes))
}

async fn answer(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = answer_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/settlements/items/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Invalid => {
            let form = visitor.form_of(&posted, error)?;
            let page = item_page(visitor, id, &form).await?;
            Ok(page.status(Code::Invalid).into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn answer_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let on = posted.day("on");
    let paid = match posted.text("paid").as_str() {
        "1" => true,
        "0" => false,
        _ => {
            posted.wrong("paid", FieldCode::NotAChoice);
            false
        }
    };
    posted.check()?;
    let input = ItemAnswerIn {
        paid,
        reason: posted.text("reason"),
        on,
    };
    settlements::answer(&posted.visitor.app, actor, &key, id, input)
        .await
        .map(|_| ())
}
