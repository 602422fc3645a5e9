//! The registers one row at a time: read as a table, changed by the rules that a file is read by.

use super::fill::{Filling, Seen};
use super::import::require;
use super::sheet::Heading;
use crate::documents::sheet::Raw;
use crate::services::export::{Reader, asked};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, paging, right, search};
use crate::store;
use crate::store::fill::CoopRow;
use futures::FutureExt as _;
use shared::api::import::Register;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::seller::{SellerKind, SellerOut};
use shared::api::work::{CoopIn, ExportIn, ExportList, FileFormat, RowIn, RowOut, TableOut};
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use shared::domain::unit_code::{self, UnitCodeError};
use std::sync::Arc;

/// A register as a table, as far as the actor may read it, narrowed by the filters of its address.
///
/// # Errors
/// `Forbidden`; `Invalid` for a filter or key that is none.
pub async fn table(
    app: &App,
    actor: &Actor,
    list: ExportList,
    query: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<TableOut, Error> {
    let input = ExportIn {
        list,
        format: FileFormat::Csv,
        query: query.to_owned(),
    };
    let asked = asked(app, &Reader::of(actor), &input).await?;
    let after = after.filter(|text| !text.is_empty());
    let after = after.map(|text| asked.key_of(text)).transpose()?;
    let page = asked.page(app, after.as_ref(), paging::limit(limit)).await?;
    Ok(TableOut {
        heading: asked.heading().into_iter().map(str::to_owned).collect(),
        rows: page
            .rows
            .iter()
            .map(|row| row.iter().map(crate::documents::sheet::shown).collect())
            .collect(),
        next: page.next.as_deref().map(store::export::key_text),
    })
}

/// Adds or changes one row of a register, by the same rules as a file of one row.
///
/// # Errors
/// `Forbidden`; `Invalid` naming the column; `WrongState` for people and goods, which have pages of their own;
/// `KeyReused`.
pub async fn put_row(
    app: &App,
    actor: &Actor,
    register: Register,
    input: &RowIn,
    key: &Key,
) -> Result<RowOut, Error> {
    require(actor, register)?;
    if matches!(register, Register::People | Register::Offers) {
        return Err(Error::refused(Code::WrongState));
    }
    let (names, cells): (Vec<String>, Vec<String>) = input
        .values
        .iter()
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .unzip();
    let heading = Heading::of(register.columns(), &names);
    let problem = |bad: &shared::api::import::BadRow| FieldProblem {
        field: bad.column.clone(),
        code: bad.code,
        bound: bad.bound.clone(),
        detail: String::new(),
    };
    if !heading.missing.is_empty() {
        return Err(Error::invalid(heading.missing.iter().map(problem).collect()));
    }
    let filling = Filling {
        register,
        heading: Arc::new(heading),
        now: app.now(),
        today: app.today(),
    };
    let by = actor.clone();
    let (object, said) = on_record(register, input);
    let job = Arc::new((filling, vec![Raw { line: 1, cells }], by, object, said));
    let done = once(
        app,
        actor.person_id,
        "register.row",
        key,
        &(register.as_str(), input),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (filling, rows, by, object, said) = &*job;
                filling.hold(tx, rows).await?;
                let batch = filling.decide(tx, rows, &Seen::default()).await?;
                if let Some(bad) = batch.bad.first() {
                    return Err(Error::invalid(vec![problem(bad)]));
                }
                let done = RowOut {
                    created: batch.counts.created > 0,
                    changed: batch.counts.changed > 0,
                };
                batch.write(tx, filling.now, by).await?;
                let entry = store::audit::Entry {
                    action: "register.row",
                    object_kind: filling.register.as_str(),
                    object_id: object.clone(),
                    detail: said.clone(),
                    ..Default::default()
                };
                store::audit::insert(tx, filling.now, Some(by), vec![entry]).await?;
                Ok(done)
            }
            .boxed()
        },
    )
    .await?;
    search::renamed(app);
    Ok(done)
}

/// What a row is looked up by on record, the value of its first column, and what it says now. A household's name never
/// stands there.
fn on_record(register: Register, input: &RowIn) -> (String, String) {
    let value = |key: &str| {
        input
            .values
            .get(key)
            .map(|value| value.trim())
            .unwrap_or_default()
    };
    let (first, rest) = register
        .columns()
        .split_first()
        .map_or(("", [].as_slice()), |(first, rest)| (first.key, rest));
    let said: Vec<String> = rest
        .iter()
        .filter(|column| register != Register::Households && !value(column.key).is_empty())
        .map(|column| format!("{}:{}", column.zh, value(column.key)))
        .collect();
    (value(first).to_owned(), said.join(";"))
}

/// Adds a co-op of a village as a seller of record.
///
/// # Errors
/// `Forbidden`; `Invalid` for fields; `KeyReused`.
pub async fn add_coop(app: &App, actor: &Actor, input: &CoopIn, key: &Key) -> Result<SellerOut, Error> {
    right::require(actor, Action::RegisterWrite, Place::DISTRICT)?;
    let input = CoopIn {
        name: input.name.trim().to_owned(),
        village_code: input.village_code.trim().to_owned(),
        code: input.code.trim().to_uppercase(),
    };
    let mut problems = Vec::new();
    if input.name.is_empty() {
        problems.push(FieldProblem::new("name", FieldCode::Required));
    } else if input.name.chars().count() > 80 {
        problems.push(FieldProblem::bound("name", FieldCode::TooLong, 80));
    } else if input.name.chars().any(char::is_control) {
        problems.push(FieldProblem::new("name", FieldCode::BadCharacters));
    }
    match unit_code::check(&input.code) {
        Ok(()) => {}
        Err(_) if input.code.is_empty() => problems.push(FieldProblem::new("code", FieldCode::Required)),
        Err(UnitCodeError::Length) => {
            let side = if input.code.chars().count() < unit_code::LENGTH {
                FieldCode::TooShort
            } else {
                FieldCode::TooLong
            };
            problems.push(FieldProblem::bound("code", side, unit_code::LENGTH));
        }
        Err(UnitCodeError::Character) => problems.push(FieldProblem::new("code", FieldCode::BadCharacters)),
        Err(UnitCodeError::Check) => problems.push(FieldProblem::new("code", FieldCode::WrongCheck)),
    }
    if input.village_code.is_empty() {
        problems.push(FieldProblem::new("village_code", FieldCode::Required));
    } else if !super::is_village_code(&input.village_code) {
        problems.push(FieldProblem::new("village_code", FieldCode::Unknown));
    }
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let job = Arc::new((actor.clone(), input.clone(), app.new_id(), app.now()));
    let added = once(app, actor.person_id, "seller.add", key, &input, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (by, input, id, now) = &*job;
            if store::fill::villages(tx, &[&input.village_code])
                .await?
                .is_empty()
            {
                return Err(Error::field("village_code", FieldCode::Unknown));
            }
            let coop = CoopRow {
                code: input.code.clone(),
                name: input.name.clone(),
                village_code: input.village_code.clone(),
            };
            if !store::fill::put_coop(tx, *id, &coop).await? {
                return Err(Error::field("code", FieldCode::Taken));
            }
            let entry = store::audit::Entry {
                action: "seller.add",
                object_kind: "sellers",
                object_id: input.code.clone(),
                village_code: Some(input.village_code.clone()),
                detail: input.name.clone(),
                ..Default::default()
            };
            store::audit::insert(tx, *now, Some(by), vec![entry]).await?;
            Ok(SellerOut {
                id: *id,
                kind: SellerKind::Coop,
                name: input.name.clone(),
                village_code: Some(input.village_code.clone()),
            })
        }
        .boxed()
    })
    .await?;
    search::renamed(app);
    Ok(added)
}
