//! 登记册: towns, villages, units, pairings and produce.

pub(super) mod fill;
mod import;
mod offers;
mod plan;
mod rows;
pub(super) mod sheet;

mod row;

pub use import::{BATCH, import, require};
pub use row::{add_coop, put_row, table};

use super::{App, Error, paging, right, search};
use crate::store;
use crate::store::fill::KindRow;
use crate::store::narrow::Among;
use crate::store::register::UnitRow;
use crate::store::search::Named;
use futures::FutureExt as _;
use shared::api::import::RegisterCounts;
use shared::api::page::Page;
use shared::api::pairing::PairingOut;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::produce::ProduceOut;
use shared::api::unit::{UnitKind, UnitOut};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use shared::domain::unit_code;
use uuid::Uuid;

/// The longest word to search for, in characters.
const MAX_Q: usize = 60;

/// How full the registers are.
///
/// # Errors
/// `Forbidden`.
pub async fn counts(app: &App, actor: &Actor) -> Result<RegisterCounts, Error> {
    right::require(actor, Action::RegisterRead, Place::DISTRICT)?;
    let row = store::register::counts(app.db.read(), app.today()).await?;
    let row = row.ok_or_else(|| super::fault("counting answers one row"))?;
    Ok(RegisterCounts {
        towns: row.towns,
        villages: row.villages,
        aided: row.aided,
        units: row.units,
        pairings: row.pairings,
    })
}

/// Units by code, optionally those whose name or code answers `q`.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key or word that is none.
pub async fn units(
    app: &App,
    actor: &Actor,
    q: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<UnitOut>, Error> {
    right::require(actor, Action::RegisterRead, Place::DISTRICT)?;
    let q = q.map(str::trim).filter(|q| !q.is_empty());
    if q.is_some_and(|q| q.chars().count() > MAX_Q) {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "q",
            FieldCode::TooLong,
            MAX_Q,
        )]));
    }
    if q.is_some_and(|q| q.chars().any(char::is_control)) {
        return Err(Error::field("q", FieldCode::BadCharacters));
    }
    let after = after.unwrap_or_default();
    if after.len() > 40 || !after.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Error::field("after", FieldCode::NotAChoice));
    }
    let limit = paging::limit(limit);
    let among = search::among(app, Named::Units, q.unwrap_or_default()).await?;
    let mut rows = store::register::list_units(app.db.read(), &among, after, limit + 1).await?;
    let next = cut(&mut rows, limit)
        .then(|| rows.last().map(|row| row.code.clone()))
        .flatten();
    Ok(Page {
        items: rows.into_iter().map(unit_out).collect::<Result<_, _>>()?,
        next,
    })
}

/// The first thousand units, to choose from; beyond that one types the code.
///
/// # Errors
/// `Forbidden`.
pub async fn unit_choices(app: &App, actor: &Actor) -> Result<Vec<UnitOut>, Error> {
    right::require(actor, Action::RegisterRead, Place::DISTRICT)?;
    let rows = store::register::list_units(app.db.read(), &Among::All, "", 1000).await?;
    rows.into_iter().map(unit_out).collect()
}

/// A unit: for those who may read the register, and for its own people.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn unit(app: &App, actor: &Actor, id: Uuid) -> Result<UnitOut, Error> {
    match actor.grant.unit_id {
        Some(own) if own == id => {}
        // Whether there is another unit with this id is not told.
        Some(_) => return Err(Error::not_found()),
        None => right::require(actor, Action::RegisterRead, Place::DISTRICT)?,
    }
    let row = store::register::unit(app.db.read(), id).await?;
    unit_out(row.ok_or_else(Error::not_found)?)
}

/// The unit of a code.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn unit_by_code(app: &App, actor: &Actor, code: &str) -> Result<UnitOut, Error> {
    right::require(actor, Action::RegisterRead, Place::DISTRICT)?;
    let code = code.trim().to_uppercase();
    // What cannot be a code is no unit's.
    unit_code::check(&code).map_err(|_| Error::not_found())?;
    let row = store::register::unit_by_code(app.db.read(), &code).await?;
    unit_out(row.ok_or_else(Error::not_found)?)
}

/// Pairings by village, optionally of one village or one unit.
///
/// # Errors
/// `Forbidden`; `Invalid` for a key that is none.
pub async fn pairings(
    app: &App,
    actor: &Actor,
    village: Option<&str>,
    unit: Option<Uuid>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<PairingOut>, Error> {
    right::require(actor, Action::RegisterRead, Place::DISTRICT)?;
    if village.is_some_and(|code| !is_village_code(code)) {
        return Err(Error::field("village", FieldCode::NotAChoice));
    }
    let limit = paging::limit(limit);
    let behind = pairing_key(after)?;
    let behind = (behind.0.as_str(), behind.1, behind.2);
    let mut rows = store::register::list_pairings(app.db.read(), village, unit, behind, limit + 1).await?;
    let more = cut(&mut rows, limit);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|r| format!("{}_{}_{}", r.village_code, r.unit_id, r.from_day));
    let items = rows.into_iter().map(|row| PairingOut {
        unit_id: row.unit_id,
        unit_name: row.unit_name,
        village_code: row.village_code,
        village_name: row.village_name,
        from_day: Day(row.from_day),
        until_day: row.until_day.map(Day),
    });
    Ok(Page {
        items: items.collect(),
        next,
    })
}

fn pairing_key(after: Option<&str>) -> Result<(String, Uuid, i32), Error> {
    let Some(text) = after.filter(|text| !text.is_empty()) else {
        return Ok((String::new(), Uuid::nil(), i32::MIN));
    };
    let mut parts = text.splitn(3, '_');
    let mut read = || {
        let village = parts.next().filter(|code| is_village_code(code))?;
        Some((
            village.to_owned(),
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
        ))
    };
    read().ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
}

fn is_village_code(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Cuts rows that were read with one more than the limit; says whether there was one more.
fn cut<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

fn unit_out(row: UnitRow) -> Result<UnitOut, Error> {
    let kind = UnitKind::from_name(&row.kind);
    Ok(UnitOut {
        id: row.id,
        code: row.code,
        name: row.name,
        kind: kind.ok_or_else(|| super::fault(format!("stored unit kind '{}' is unknown", row.kind)))?,
        address: row.address,
        terms_days: row.terms_days,
        demo: row.demo,
    })
}

/// Writes the kinds of produce in this order. For the program itself, at first start: people choose among them.
///
/// # Errors
/// When the database cannot be written.
pub async fn load_produce(app: &App, produce: Vec<ProduceOut>) -> Result<(), Error> {
    let kinds: Vec<KindRow> = (0..)
        .zip(produce)
        .map(|(position, kind)| KindRow {
            slug: kind.slug,
            position,
            name: kind.name,
            aliases: kind.aliases.join(","),
            category: kind.category,
            price_unit: kind.price_unit.as_str().to_owned(),
            piece_name: kind.piece_name,
            typical_price_fen: kind.typical_price_fen.0,
            season: i32::from(kind.season.0),
            mark: kind.mark,
        })
        .collect();
    app.db
        .write(move |tx| {
            let kinds = kinds.clone();
            async move { Ok(store::fill::put_kinds(tx, &kinds).await?) }.boxed()
        })
        .await?;
    search::renamed(app);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_a_pairing_is_read_back() {
        let id = Uuid::from_u128(7);
        let text = format!("120119100201_{id}_20000");
        assert_eq!(
            pairing_key(Some(&text)).expect("our own form"),
            ("120119100201".to_owned(), id, 20000)
        );
        assert!(pairing_key(None).is_ok() && pairing_key(Some("")).is_ok());
        for bad in ["x", "120119100201", "120119100201_x_1", "120119100201__", "_1_2"] {
            assert!(pairing_key(Some(bad)).is_err(), "{bad}");
        }
    }
}
