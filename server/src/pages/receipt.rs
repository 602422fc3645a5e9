//! Bank receipts: the list, the board on which they are matched, one with what it pays, taking statements in.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor, see_other};
use crate::services::{App, Error, receipt, register};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::views::receipt::{Board, Chosen, Room, Seen};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::{Code, FieldCode};
use shared::api::receipt::{
    BankAccountIn, ColumnOf, ConfirmIn, MatchBillIn, MatchIn, ReceiptQuery, RefuseIn, StatementLayoutIn,
    TakeBackIn,
};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::money::{Fen, parse_yuan};
use shared::domain::receipt::ReceiptStatus;
use shared::domain::receipt::statement::StatementField;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// A file of 10 MiB and the form around it.
const BODY_MAX_BYTES: usize = 10 * 1024 * 1024 + 64 * 1024;
/// Units that answer a search.
const UNITS: i64 = 10;
/// Receipts that stand on the board at once.
const ON_BOARD: i64 = 30;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/receipts", get(list))
        .route(
            "/receipts/import",
            get(import_page)
                .post(upload)
                .layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
        .route("/receipts/board", get(board))
        .route("/receipts/accounts", post(add_account))
        .route("/receipts/statements/{id}", get(statement).post(check))
        .route("/receipts/{id}", get(show))
        .route("/receipts/{id}/matches", post(propose))
        .route("/receipts/{id}/confirm", post(confirm))
        .route("/receipts/{id}/refuse", post(refuse))
        .route("/receipts/{id}/take-back", post(take_back))
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    waits: Option<String>,
    account: Option<String>,
    unit: Option<String>,
    from: Option<String>,
    until: Option<String>,
    q: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let day = |text: Option<String>| text.and_then(|text| Day::parse(text.trim()).ok());
    let asked = ReceiptQuery {
        status: query.state.as_deref().and_then(ReceiptStatus::from_name),
        waits: query.waits.is_some_and(|text| text == "1"),
        account_id: query.account.and_then(|id| id.parse().ok()),
        unit_id: query.unit.and_then(|id| id.parse().ok()),
        from: day(query.from),
        until: day(query.until),
        text: query.q.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
        oldest_first: false,
    };
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let found = receipt::list(app, actor, &asked, query.after.as_deref(), ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let sums = receipt::sums(app, actor).await.map_err(|e| visitor.fail(e))?;
    let accounts = receipt::accounts(app, actor).await.map_err(|e| visitor.fail(e))?;
    let seen = Seen {
        page: &page,
        sums: &sums,
        accounts: &accounts,
        query: &asked,
    };
    let title = visitor.look.lang.t("银行到账", "Bank receipts");
    visitor
        .page(title, |cx| views::receipt::receipts(cx, &seen))
        .await
}

#[derive(Deserialize, Default)]
struct BoardQuery {
    waits: Option<String>,
    receipt: Option<String>,
    q: Option<String>,
    unit: Option<String>,
}

async fn board(visitor: Visitor, Asked(query): Asked<BoardQuery>) -> Result<Reply, Failure> {
    let room = match query.waits.as_deref() {
        Some("1") => Room::Waits,
        _ => Room::Suspense,
    };
    let at = query.receipt.and_then(|id| id.parse().ok());
    let choose = ChooseQuery {
        q: query.q,
        unit: query.unit,
    };
    board_page(&visitor, room, at, choose, &Form::default()).await
}

/// What waits, the oldest first, and one of it to work on: the first, where none is chosen.
async fn board_page(
    visitor: &Visitor,
    room: Room,
    at: Option<Uuid>,
    query: ChooseQuery,
    form: &Form,
) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let asked = ReceiptQuery {
        status: (room == Room::Suspense).then_some(ReceiptStatus::Suspense),
        waits: room == Room::Waits,
        oldest_first: true,
        ..ReceiptQuery::default()
    };
    let found = receipt::list(app, actor, &asked, None, ON_BOARD).await;
    let waiting = found.map_err(|e| visitor.fail(e))?;
    let sums = receipt::sums(app, actor).await.map_err(|e| visitor.fail(e))?;
    let shown = match at.or_else(|| waiting.items.first().map(|row| row.id)) {
        Some(id) => Some(receipt::show(app, actor, id).await.map_err(|e| visitor.fail(e))?),
        None => None,
    };
    let chosen = match &shown {
        Some(shown) => chosen(app, actor, shown.row.amount_fen, query).await,
        None => Ok(Chosen::default()),
    };
    let chosen = chosen.map_err(|e| visitor.fail(e))?;
    let seen = Board {
        room,
        waiting: &waiting.items,
        sums: &sums,
        shown: shown.as_ref(),
        opened: at.is_some(),
        chosen: &chosen,
    };
    let title = visitor.look.lang.t("到账匹配", "Match receipts");
    visitor
        .page(title, |cx| views::receipt::board(cx, &seen, form))
        .await
}

async fn import_page(visitor: Visitor) -> Result<Reply, Failure> {
    import_form(&visitor, &Form::default()).await
}

async fn import_form(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    crate::services::right::require(actor, Action::ReceiptWrite, Place::DISTRICT)
        .map_err(|e| visitor.fail(e))?;
    let accounts = receipt::accounts(app, actor).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("导入银行流水", "Take a statement in");
    visitor
        .page(title, |cx| views::receipt::import(cx, &accounts, form))
        .await
}

async fn upload(posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = upload_it(&posted, &actor).await;
    let visitor = &posted.visitor;
    match done {
        Ok(id) => Ok(see_other(&format!("/receipts/statements/{id}"))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(import_form(visitor, &form).await?.status(code).into_response())
        }
    }
}

async fn upload_it(posted: &Posted, actor: &Actor) -> Result<Uuid, Error> {
    let key = posted.key()?;
    let account: Option<Uuid> = posted.text("account").parse().ok();
    let account = account.ok_or(Error::field("account", FieldCode::Required))?;
    let file = posted
        .file("file")
        .ok_or(Error::field("file", FieldCode::Required))?;
    let taken = receipt::upload(&posted.visitor.app, actor, &key, account, file.to_vec()).await?;
    Ok(taken.id)
}

async fn add_account(posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = add_it(&posted, &actor).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go("/receipts/import", Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(import_form(visitor, &form).await?.status(code).into_response())
        }
    }
}

async fn add_it(posted: &Posted, actor: &Actor) -> Result<(), Error> {
    let key = posted.key()?;
    let input = BankAccountIn {
        name: posted.text("name"),
        bank: posted.text("bank"),
        account_no: posted.text("account_no"),
    };
    receipt::add_account(&posted.visitor.app, actor, &key, &input)
        .await
        .map(drop)
}

async fn statement(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    statement_page(&visitor, id, &Form::default()).await
}

async fn statement_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = receipt::statement(&visitor.app, visitor.actor()?, id).await;
    let statement = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("每一列是什么", "Which column is which");
    visitor
        .page(title, |cx| views::receipt::statement(cx, &statement, form))
        .await
}

async fn check(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = check_it(&posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(Some(work)) => Ok(see_other(&format!("/works/{work}"))),
        Ok(None) => Ok(see_other(&format!("/receipts/statements/{id}"))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(statement_page(visitor, id, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn check_it(posted: &Posted, actor: &Actor, id: Uuid) -> Result<Option<Uuid>, Error> {
    let key = posted.key()?;
    let mut columns = Vec::new();
    for field in StatementField::ALL {
        if let Some(text) = posted.maybe(field.as_str()) {
            let column = text
                .parse()
                .map_err(|_| Error::field(field.as_str(), FieldCode::NotAChoice))?;
            columns.push(ColumnOf { field, column });
        }
    }
    let layout = StatementLayoutIn { columns };
    let checked = receipt::check(&posted.visitor.app, actor, &key, id, &layout).await?;
    Ok(checked.work_id)
}

#[derive(Deserialize, Default)]
struct ChooseQuery {
    q: Option<String>,
    unit: Option<String>,
}

async fn show(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(query): Asked<ChooseQuery>,
) -> Result<Reply, Failure> {
    show_page(&visitor, id, query, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, query: ChooseQuery, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let found = receipt::show(app, actor, id).await;
    let receipt = found.map_err(|e| visitor.fail(e))?;
    let chosen = chosen(app, actor, receipt.row.amount_fen, query).await;
    let chosen = chosen.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("银行到账", "Bank receipt");
    let title = format!("{title} {}", receipt.row.bank_reference);
    visitor
        .page(&title, |cx| views::receipt::receipt(cx, &receipt, &chosen, form))
        .await
}

/// What was chosen by hand so far: units that answer a search, or one of them with its open bills.
async fn chosen(app: &App, actor: &Actor, amount_fen: Fen, query: ChooseQuery) -> Result<Chosen, Error> {
    let mut chosen = Chosen {
        q: query.q.map(|q| q.trim().to_owned()).unwrap_or_default(),
        ..Chosen::default()
    };
    if let Some(id) = query.unit.and_then(|id| id.parse().ok()) {
        let unit = register::unit(app, actor, id).await?;
        let bills = receipt::open_bills(app, actor, id, amount_fen).await?;
        chosen.unit = Some((unit, bills));
    } else if !chosen.q.is_empty() {
        chosen.units = register::units(app, actor, Some(&chosen.q), None, UNITS)
            .await?
            .items;
    }
    Ok(chosen)
}

/// Answers a posted form over a receipt: back to it or to the next on the board, or the page again with what was wrong.
async fn answer(posted: &Posted, id: Uuid, done: Result<(), Error>) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let room = Room::named(&posted.text("room"));
    match done {
        Ok(()) => Ok(visitor.go(&room.back(id), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, error)?;
            let query = ChooseQuery {
                q: None,
                unit: posted.maybe("unit_id"),
            };
            let page = match room {
                Room::Own => show_page(visitor, id, query, &form).await,
                room => board_page(visitor, room, Some(id), query, &form).await,
            };
            Ok(page?.status(code).into_response())
        }
    }
}

async fn propose(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = propose_it(&posted, &actor, id).await;
    answer(&posted, id, done).await
}

async fn propose_it(posted: &Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let unit: Option<Uuid> = posted.text("unit_id").parse().ok();
    let sum = |name: &str| -> Result<Fen, Error> {
        posted.maybe(name).map_or(Ok(Fen::ZERO), |text| {
            parse_yuan(&text).map_err(|_| Error::field(name, FieldCode::NotANumber))
        })
    };
    let (mut bills, mut rows) = (Vec::new(), Vec::new());
    for row in posted.rows("bills") {
        let amount_fen = sum(&format!("bills.{row}.amount_fen"))?;
        let bill: Option<Uuid> = posted.text(&format!("bills.{row}.bill_id")).parse().ok();
        if let Some(bill_id) = bill.filter(|_| !amount_fen.is_zero()) {
            bills.push(MatchBillIn { bill_id, amount_fen });
            rows.push(row);
        }
    }
    let input = MatchIn {
        unit_id: unit.ok_or(Error::field("unit_id", FieldCode::Required))?,
        bills,
        deposit_fen: sum("deposit_fen")?,
        note: posted.text("note"),
    };
    let done = receipt::propose(&posted.visitor.app, actor, &key, id, input).await;
    done.map(drop).map_err(|error| on_form(error, &rows))
}

/// The rows of a form keep their numbers; those that pay nothing were left out of what was asked.
fn on_form(mut error: Error, rows: &[String]) -> Error {
    if let Error::Refused(refusal) = &mut error {
        for problem in &mut refusal.fields {
            let at = problem
                .field
                .strip_prefix("bills.")
                .and_then(|rest| rest.split_once('.'))
                .and_then(|(at, part)| Some((rows.get(at.parse::<usize>().ok()?)?, part.to_owned())));
            if let Some((row, part)) = at {
                problem.field = format!("bills.{row}.{part}");
            }
        }
    }
    error
}

fn match_of(posted: &Posted) -> Result<Uuid, Error> {
    let id: Option<Uuid> = posted.text("match_id").parse().ok();
    id.ok_or(Error::field("match_id", FieldCode::Required))
}

async fn confirm(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let (key, match_id) = (posted.key()?, match_of(&posted)?);
        let input = ConfirmIn { match_id };
        receipt::confirm(&posted.visitor.app, &actor, &key, id, input)
            .await
            .map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn refuse(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let (key, match_id) = (posted.key()?, match_of(&posted)?);
        let reason = posted.text("reason");
        let input = RefuseIn { match_id, reason };
        receipt::refuse(&posted.visitor.app, &actor, &key, id, input)
            .await
            .map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn take_back(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let (key, match_id) = (posted.key()?, match_of(&posted)?);
        let reason = posted.text("reason");
        let input = TakeBackIn { match_id, reason };
        receipt::ask_back(&posted.visitor.app, &actor, &key, id, input)
            .await
            .map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}
