//! Approvals: what waits for the approver, and a unit's policy.

use super::address::{Address, Asked};
use super::listing::{Listing, ROWS};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, approval, order};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::{Flash, Form, views};
use shared::api::approval::PolicyIn;
use shared::api::order::OrderQuery;
use shared::api::problem::{Code, FieldCode};
use shared::domain::approval::ApprovalKind;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/approvals", get(list))
        .route("/units/{id}/approval", get(policy).post(set_policy))
}

async fn list(visitor: Visitor, Asked(listing): Asked<Listing>) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let forbidden = || visitor.fail(Error::refused(Code::Forbidden));
    let unit_id = actor.grant.unit_id.ok_or_else(forbidden)?;
    if !actor.may(Action::OrderApprove, Place::unit(unit_id)) {
        return Err(forbidden());
    }
    let query = OrderQuery {
        state: Some(OrderStatus::Requested),
        ..OrderQuery::default()
    };
    let found = order::list(&visitor.app, actor, &query, listing.after(), ROWS).await;
    let requests = found.map_err(|e| visitor.fail(e))?;
    let policy = approval::policy(&visitor.app, actor, unit_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("待我审批", "To approve");
    visitor
        .page(title, |cx| views::approval::approvals(cx, &requests, &policy))
        .await
}

async fn policy(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    policy_page(&visitor, id, &Form::default()).await
}

async fn policy_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = approval::policy(&visitor.app, visitor.actor()?, id).await;
    let policy = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("审批规定", "Approval policy");
    visitor
        .page(title, |cx| views::approval::policy(cx, &policy, form))
        .await
}

async fn set_policy(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = set_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/units/{id}/approval"), Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(policy_page(visitor, id, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn set_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let kind = ApprovalKind::from_name(&posted.text("kind"));
    if kind.is_none() {
        posted.wrong("kind", FieldCode::NotAChoice);
    }
    let above_fen = match kind {
        Some(ApprovalKind::Above) => posted.yuan("above_fen"),
        _ => Some(Fen::ZERO),
    };
    posted.check()?;
    let (Some(kind), Some(above_fen)) = (kind, above_fen) else {
        return Err(Error::refused(Code::Invalid));
    };
    approval::set_policy(&posted.visitor.app, actor, &key, id, PolicyIn { kind, above_fen }).await
}
