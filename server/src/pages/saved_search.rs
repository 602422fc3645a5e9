//! 收藏的搜索: one's own.

use super::address::Address;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, saved_search};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use shared::api::saved_search::SavedSearchIn;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/me/searches", get(list).post(save))
        .route("/me/searches/{id}/drop", post(remove))
}

async fn list(visitor: Visitor) -> Result<Reply, Failure> {
    page(&visitor, &Form::default()).await
}

async fn page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let found = saved_search::list(&visitor.app, visitor.actor()?).await;
    let searches = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("收藏的搜索", "Saved searches");
    visitor
        .page(title, |cx| {
            views::saved_search::saved_searches(cx, &searches, form)
        })
        .await
}

async fn save(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let input = SavedSearchIn {
        name: posted.text("name"),
        query: posted.text("query"),
    };
    let done: Result<_, Error> =
        async { saved_search::save(&visitor.app, actor, &posted.key()?, input).await }.await;
    match done {
        Ok(_) => Ok(visitor.go("/me/searches", Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(page(visitor, &form).await?.status(code).into_response())
        }
    }
}

async fn remove(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let done = saved_search::remove(&visitor.app, visitor.actor()?, id).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/me/searches", Some(Flash::Saved)))
}
