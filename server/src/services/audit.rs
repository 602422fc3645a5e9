//! 操作记录: who did what.

use super::{App, Error, paging, right};
use crate::store;
use shared::api::audit::AuditOut;
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};

/// The longest id or number of a thing.
const MAX_OBJECT: usize = 80;

/// What was done, newest first, optionally to one thing.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key that is none.
pub async fn list(
    app: &App,
    actor: &Actor,
    object: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<AuditOut>, Error> {
    right::require(actor, Action::AuditRead, Place::DISTRICT)?;
    let object = object.map(str::trim).filter(|object| !object.is_empty());
    if object.is_some_and(|object| object.chars().count() > MAX_OBJECT) {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "object",
            FieldCode::TooLong,
            MAX_OBJECT,
        )]));
    }
    if object.is_some_and(|object| object.chars().any(char::is_control)) {
        return Err(Error::field("object", FieldCode::BadCharacters));
    }
    let limit = paging::limit(limit);
    let rows = store::audit::newest(app.db.read(), paging::read(after)?, object, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (row.at, row.id),
        |row| {
            Ok(AuditOut {
                id: row.id,
                at: Micros(row.at),
                person_name: row.person_name.clone(),
                role: row.role.clone(),
                action: row.action.clone(),
                object_kind: row.object_kind.clone(),
                object_id: row.object_id.clone(),
                detail: row.detail.clone(),
            })
        },
    )
}
