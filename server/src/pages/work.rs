//! 后台任务: long work, its progress, its files; and asking for a list as a file.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor, see_other};
use crate::services::{App, Error, work};
use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::views;
use serde::Deserialize;
use shared::api::problem::FieldCode;
use shared::api::work::{ExportIn, ExportList, FileFormat, WorkOut};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/works", get(list))
        .route("/works/{id}", get(show))
        .route("/works/{id}/go", post(go))
        .route("/works/{id}/stop", post(stop))
        .route("/works/{id}/result", get(result))
        .route("/works/{id}/refused", get(refused))
        .route("/exports", post(export))
}

#[derive(Deserialize)]
struct ListQuery {
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let found = work::list(&visitor.app, visitor.actor()?, query.after.as_deref(), ROWS).await;
    let works = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("后台任务", "Long work");
    visitor.page(title, |cx| views::work::works(cx, &works)).await
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let found = work::show(&visitor.app, visitor.actor()?, id).await;
    let found = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("后台任务", "Long work");
    let page = visitor.page(title, |cx| views::work::work(cx, &found)).await?;
    let mut response = page.into_response();
    if found.moves() {
        // The page asks for itself again while the work goes on, with scripts or without.
        let seconds = HeaderValue::from_static("2");
        response
            .headers_mut()
            .insert(HeaderName::from_static("refresh"), seconds);
    }
    Ok(response)
}

async fn go(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let whole = posted.text("whole") == "1";
    work::go(&visitor.app, visitor.actor()?, id, whole, &key)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(see_other(&format!("/works/{id}")))
}

async fn stop(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    work::stop(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(see_other(&format!("/works/{id}")))
}

async fn result(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let file = work::result(&visitor.app, visitor.actor()?, id).await;
    Ok(crate::download::table(file.map_err(|e| visitor.fail(e))?))
}

async fn refused(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let lang = visitor.look.lang;
    let file = work::refused(&visitor.app, visitor.actor()?, id, |bad| {
        crate::error::words_of(bad, lang)
    })
    .await;
    Ok(crate::download::table(file.map_err(|e| visitor.fail(e))?))
}

async fn export(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    visitor.actor()?;
    let work = export_it(&posted).await.map_err(|e| visitor.fail(e))?;
    Ok(see_other(&format!("/works/{}", work.id)))
}

async fn export_it(posted: &Posted) -> Result<WorkOut, Error> {
    let key = posted.key()?;
    // The button names the file, as `orders.xlsx`.
    let file = posted.text("file");
    let (list, format) = file.rsplit_once('.').unwrap_or_default();
    let (list, format) = (ExportList::from_name(list), FileFormat::from_name(format));
    let (Some(list), Some(format)) = (list, format) else {
        return Err(Error::field("file", FieldCode::NotAChoice));
    };
    let query = posted.text("query");
    let input = ExportIn { list, format, query };
    let visitor = &posted.visitor;
    let actor = visitor.maybe_actor().ok_or_else(Error::not_found)?;
    work::export(&visitor.app, actor, &input, &key).await
}
