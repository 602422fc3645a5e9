//! 操作记录: who did what.

use super::{App, Error, paging, person, right};
use crate::store;
use crate::store::audit::{AuditRow, Narrowed};
use shared::api::audit::{AuditKind, AuditOut};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The longest id, number or name that is searched for.
const MAX_TEXT: usize = 80;

/// What is searched for; all of it together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who did it: their id, the name they sign in with, or their name.
    pub person: String,
    /// To what: its id or number, or the name that a person signs in with.
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
    let people = match asked.person.trim() {
        "" => None,
        named => Some(people_named(app, named).await?),
    };
    // Nobody has that name: nothing was done by them.
    if people.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Page::empty());
    }
    let objects = match asked.object.trim() {
        "" => Vec::new(),
        object => objects_named(app, object).await?,
    };
    let narrowed = Narrowed {
        people: people.unwrap_or_default(),
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

/// The people of an id, a sign-in name or a name.
pub(super) async fn people_named(app: &App, named: &str) -> Result<Vec<Uuid>, Error> {
    if let Ok(id) = Uuid::parse_str(named) {
        return Ok(vec![id]);
    }
    Ok(store::person::ids_named(app.db.read(), &named.to_lowercase(), named).await?)
}

/// A thing is named by its id or number; a person by the name they sign in with too.
pub(super) async fn objects_named(app: &App, object: &str) -> Result<Vec<String>, Error> {
    let mut objects = vec![object.to_owned()];
    let name = object.to_lowercase();
    if person::sign_in_name_problem(&name).is_none()
        && let Some(person) = store::person::by_name(app.db.read(), &name).await?
    {
        objects.push(person.id.to_string());
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
