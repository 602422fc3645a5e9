//! 操作记录: who did what.

use super::{App, Error, paging, right, search};
use crate::store;
use crate::store::audit::{AuditRow, Narrowed, Objects};
use crate::store::narrow::Among;
use crate::store::search::Named;
use sea_orm::Value;
use shared::api::audit::{AuditKind, AuditOut};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The longest id, number or name that is searched for.
const MAX_TEXT: usize = 80;
/// People of one name at the most.
const PEOPLE_MAX: usize = 200;

/// What is searched for; all of it together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who did it: their id, their name or the name they sign in with, or a part of it.
    pub person: String,
    /// To what: its id, number or code, or a person's name.
    pub object: String,
    /// Which kind of thing was done.
    pub kind: Option<AuditKind>,
    /// On this day or later.
    pub from: Option<Day>,
    /// On this day or earlier.
    pub until: Option<Day>,
}

/// What was done, newest first, narrowed as asked.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key that is none, a text that is too long, or days the wrong way round.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<AuditOut>, Error> {
    right::require(actor, Action::AuditRead, Place::DISTRICT)?;
    check(asked)?;
    let read = app.db.read();
    let limit = paging::limit(limit);
    let before = paging::read(after)?;
    let objects = match asked.object.trim() {
        "" => None,
        object => Some(objects_named(app, object).await?),
    };
    let narrowed = Narrowed {
        people: people_named(app, asked.person.trim()).await?,
        objects,
        actions: asked.kind.map_or(&[], AuditKind::actions),
        from: asked.from.map(Day::start),
        until: asked.until.map(|day| day.add_days(1).start()),
    };
    let rows = store::audit::newest(read, before, &narrowed, limit + 1).await?;
    let names = names_of(app, &rows).await?;
    paging::page(rows, limit, |row| (row.at, row.id), |row| Ok(out(row, &names)))
}

fn check(asked: &Asked) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (field, text) in [("person", &asked.person), ("object", &asked.object)] {
        if text.chars().count() > MAX_TEXT {
            problems.push(FieldProblem::bound(field, FieldCode::TooLong, MAX_TEXT));
        } else if text.chars().any(char::is_control) {
            problems.push(FieldProblem::new(field, FieldCode::BadCharacters));
        }
    }
    if let (Some(from), Some(until)) = (asked.from, asked.until)
        && until < from
    {
        problems.push(FieldProblem::bound("until", FieldCode::TooEarly, from));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(problems))
    }
}

/// The people whom a text names: by id, or found by their name as everywhere.
pub(super) async fn people_named(app: &App, named: &str) -> Result<Among, Error> {
    match Uuid::parse_str(named) {
        Ok(id) => Ok(Among::In(vec![id.into()])),
        Err(_) => search::among(app, Named::People, named).await,
    }
}

/// The things that a text names: by their id, number or code; people by their name too.
pub(super) async fn objects_named(app: &App, object: &str) -> Result<Objects, Error> {
    let mut objects = Objects {
        ids: vec![object.to_owned()],
        orders: Vec::new(),
    };
    if let Ok(id) = Uuid::parse_str(object) {
        objects.orders.push(id);
        return Ok(objects);
    }
    for row in store::audit::numbered(app.db.read(), &object.to_uppercase()).await? {
        objects.ids.push(row.id.to_string());
        if row.is_order == 1 {
            objects.orders.push(row.id);
        }
    }
    if let Among::In(people) = search::among(app, Named::People, object).await? {
        let ids = people.into_iter().take(PEOPLE_MAX).filter_map(|id| match id {
            Value::Uuid(Some(id)) => Some(id.to_string()),
            _ => None,
        });
        objects.ids.extend(ids);
    }
    Ok(objects)
}

/// The names of those to whom something was done.
async fn names_of(app: &App, rows: &[AuditRow]) -> Result<Vec<(String, String)>, Error> {
    let mut ids: Vec<Uuid> = rows
        .iter()
        .filter(|row| row.object_kind == "person")
        .filter_map(|row| row.object_id.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let named = store::person::names_of(app.db.read(), &ids).await?;
    Ok(named
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect())
}

fn out(row: &AuditRow, names: &[(String, String)]) -> AuditOut {
    let name = names.iter().find(|(id, _)| *id == row.object_id);
    AuditOut {
        id: row.id,
        at: Micros(row.at),
        person_name: row.person_name.clone(),
        person_id: row.person_id,
        role: row.role.clone(),
        action: row.action.clone(),
        object_kind: row.object_kind.clone(),
        object_id: row.object_id.clone(),
        object_name: name.map(|(_, name)| name.clone()),
        village_code: row.village_code.clone(),
        detail: row.detail.clone(),
    }
}
