//! 操作记录: who did what.

use super::address::Asked;
use super::listing::ROWS;
use super::{Failure, Reply, Visitor};
use crate::services::{App, Error, audit};
use axum::Router;
use axum::routing::get;
use frontend::{Form, views};
use serde::Deserialize;
use shared::api::audit::AuditKind;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::calendar::Day;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/audit", get(list))
}

#[derive(Deserialize)]
struct ListQuery {
    person: Option<String>,
    object: Option<String>,
    kind: Option<String>,
    from: Option<String>,
    until: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    let typed = |text: &Option<String>| text.clone().unwrap_or_default().trim().to_owned();
    let mut form = Form::filled([
        ("person", typed(&query.person)),
        ("object", typed(&query.object)),
        ("kind", typed(&query.kind)),
        ("from", typed(&query.from)),
        ("until", typed(&query.until)),
    ]);
    let mut problems = Vec::new();
    let mut day = |name: &str| match form.value(name).as_str() {
        "" => None,
        text => Day::parse(text)
            .map_err(|_| problems.push(FieldProblem::new(name, FieldCode::NotADay)))
            .ok(),
    };
    let asked = audit::Asked {
        person: form.value("person"),
        object: form.value("object"),
        kind: AuditKind::from_name(&form.value("kind")),
        from: day("from"),
        until: day("until"),
    };
    let found = if problems.is_empty() {
        audit::list(&visitor.app, actor, &asked, query.after.as_deref(), ROWS).await
    } else {
        Err(Error::invalid(problems))
    };
    let rows = match found {
        Ok(rows) => Some(rows),
        Err(Error::Refused(refusal)) if refusal.code == Code::Invalid => {
            form.problems = crate::error::fields_in(&refusal.fields, visitor.look.lang);
            None
        }
        Err(error) => return Err(visitor.fail(error)),
    };
    let title = visitor.look.lang.t("操作记录", "Audit log");
    let refused = rows.is_none();
    let rows = rows.unwrap_or_else(Page::empty);
    let page = visitor
        .page(title, |cx| views::audit::audit(cx, &rows, &form))
        .await?;
    Ok(if refused { page.status(Code::Invalid) } else { page })
}
