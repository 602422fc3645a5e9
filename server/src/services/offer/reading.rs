//! Offers as their village, its town, the centre and the auditor see them.

use super::content;
use crate::services::{App, Error, catalogue, fault, lot, paging, photo, price, right, search, village};
use crate::store;
use crate::store::narrow::Among;
use crate::store::offer::{Filter, OfferListRow, State, VersionRow};
use crate::store::search::Named;
use crate::store::village::SellerRow;
use shared::api::household::HouseholdOut;
use shared::api::offer::{OfferChoices, OfferOut, OfferRow, OfferVersionOut};
use shared::api::order::TimelineStep;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::seller::{SellerKind, SellerOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::offer::VersionStatus;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place, Scope};
use uuid::Uuid;

/// Offers as far as the actor's role reaches, what changed last first. `state` is `submitted` (waiting for the centre),
/// `draft` (waiting for the village, returned ones among them), `returned`, `published`, `paused` or `ended`. Words are
/// found in name, kind of produce, village and town.
///
/// # Errors
/// `Invalid` for another state, for words that are too many, or for a key that is not ours; `Forbidden`.
pub async fn list(
    app: &App,
    actor: &Actor,
    (state, q): (Option<&str>, Option<&str>),
    after: Option<&str>,
    limit: i64,
) -> Result<Page<OfferRow>, Error> {
    let q = q.unwrap_or_default();
    if q.chars().count() > search::CHARS_MAX {
        let long = FieldProblem::bound("q", FieldCode::TooLong, search::CHARS_MAX);
        return Err(Error::invalid(vec![long]));
    }
    let mut filter = Filter {
        state: state_of(state)?,
        words: search::each_word(app, q).await?,
        ..Filter::default()
    };
    match right::reach(actor, Action::OfferRead)? {
        Scope::District => {}
        Scope::OwnVillage => filter.village = Some(actor.grant.village_code.as_deref().unwrap_or_default()),
        Scope::OwnTown => filter.town = Some(actor.grant.town_code.as_deref().unwrap_or_default()),
        Scope::OwnUnit => return Err(Error::refused(Code::Forbidden)),
    }
    let before = paging::read(after)?;
    let limit = paging::limit(limit);
    let rows = store::offer::list(app.db.read(), &filter, app.today().0, before, limit + 1).await?;
    paging::page(rows, limit, |row| (row.changed_at, row.id), row_of)
}

fn state_of(state: Option<&str>) -> Result<Option<State<'_>>, Error> {
    match state.filter(|state| !state.is_empty()) {
        None => Ok(None),
        Some("draft") => Ok(Some(State::WithVillage)),
        Some(state @ ("submitted" | "returned")) => Ok(Some(State::Pending(state))),
        Some(state @ ("published" | "paused" | "ended")) => Ok(Some(State::Offer(state))),
        Some(_) => Err(Error::field("state", FieldCode::NotAChoice)),
    }
}

fn row_of(row: &OfferListRow) -> Result<OfferRow, Error> {
    Ok(OfferRow {
        id: row.id,
        status: catalogue::status_of(&row.status)?,
        pending: row.pending_status.as_deref().map(version_status_of).transpose()?,
        produce: row.produce.clone(),
        name: row.name.clone(),
        grade: row.grade.clone(),
        cover: photo::cover_of(row.cover_id, row.cover_width, row.cover_height),
        village_code: row.village_code.clone(),
        village_name: row.village_name.clone(),
        town_name: row.town_name.clone(),
        price_fen: Fen(row.price_fen),
        price_unit: catalogue::unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        free: Qty(row.free.max(0)),
        reserved: Qty(row.reserved),
        sold: Qty(row.sold),
        changed_at: Micros(row.changed_at),
    })
}

/// One offer with its versions and lots.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<OfferOut, Error> {
    let db = app.db.read();
    let record = store::offer::find(db, id).await?.ok_or(Error::not_found())?;
    right::require(actor, Action::OfferRead, Place::village(&record.village_code))?;
    let standing = &record.standing;
    let ids: Vec<Uuid> = standing
        .live_version
        .into_iter()
        .chain(standing.pending_version)
        .collect();
    let versions = store::offer::versions(db, &ids).await?;
    let version = |id: Option<Uuid>| versions.iter().find(|row| Some(row.id) == id);
    let (live, pending) = (version(standing.live_version), version(standing.pending_version));
    let shown = live.or(pending).ok_or_else(|| fault("an offer has no version"))?;
    let village = store::village::by_code(db, &record.village_code, app.today().year()).await?;
    let produce = store::catalogue::produce(db, &record.produce).await?;
    let sellers = store::village::sellers(db, std::slice::from_ref(&record.village_code)).await?;
    let seller = sellers.iter().find(|seller| seller.id == shown.seller_id);
    let out = |row: &VersionRow| version_of(row, &record.village_code, &record.produce);
    Ok(OfferOut {
        id,
        status: catalogue::status_of(&standing.status)?,
        village: village::row_of(village.ok_or_else(|| fault("an offer's village is gone"))?),
        produce: catalogue::produce_of(&produce.ok_or_else(|| fault("an offer's produce is gone"))?)?,
        seller: seller_of(seller.ok_or_else(|| fault("an offer's seller is gone"))?)?,
        live: live.map(out).transpose()?,
        pending: pending.map(out).transpose()?,
        lots: store::lot::of_offer(db, id)
            .await?
            .iter()
            .map(lot::out_of)
            .collect(),
        photos: photo::of_offer(app, id).await?,
        prices: price::of_offer(app, id).await?,
        history: history(app, id).await?,
    })
}

/// What happened to an offer, newest first.
async fn history(app: &App, id: Uuid) -> Result<Vec<TimelineStep>, Error> {
    const STEPS: i64 = 50;
    let of_offer = store::audit::Narrowed {
        objects: Some(store::audit::Objects {
            ids: vec![id.to_string()],
            orders: Vec::new(),
        }),
        ..Default::default()
    };
    let rows = store::audit::newest(app.db.read(), None, &of_offer, STEPS).await?;
    let step = |row: store::audit::AuditRow| TimelineStep {
        at: Micros(row.at),
        action: row.action,
        who: row.person_name.unwrap_or_default(),
        village_name: None,
        detail: row.detail,
    };
    Ok(rows.into_iter().map(step).collect())
}

fn version_of(row: &VersionRow, village_code: &str, produce: &str) -> Result<OfferVersionOut, Error> {
    Ok(OfferVersionOut {
        id: row.id,
        number: row.number,
        status: version_status_of(&row.status)?,
        content: content::offer_of(row, village_code, produce)?,
        reason: row.reason.clone(),
        submitted_by: row.submitted_by_name.clone(),
        created_at: Micros(row.created_at),
        reviewed_at: row.reviewed_at.map(Micros),
    })
}

fn version_status_of(stored: &str) -> Result<VersionStatus, Error> {
    VersionStatus::from_name(stored)
        .ok_or_else(|| fault(format!("stored version status '{stored}' is unknown")))
}

fn seller_of(row: &SellerRow) -> Result<SellerOut, Error> {
    let kind = SellerKind::from_name(&row.kind)
        .ok_or_else(|| fault(format!("stored seller kind '{}' is unknown", row.kind)))?;
    Ok(SellerOut {
        id: row.id,
        kind,
        name: row.name.clone(),
        village_code: row.village_code.clone(),
    })
}

/// What the listing form lets the actor choose from. The centre narrows by `village`, a code or a part of a name;
/// households, and sellers beside the centre, are given once one village is left.
///
/// # Errors
/// `Forbidden`.
pub async fn choices(app: &App, actor: &Actor, village: Option<&str>) -> Result<OfferChoices, Error> {
    const VILLAGES_MAX: i64 = 1000;
    let asked = village.map(str::trim).filter(|text| !text.is_empty());
    let narrowed = match right::reach(actor, Action::OfferWrite)? {
        Scope::OwnVillage => Some(actor.grant.village_code.as_deref().unwrap_or_default()),
        Scope::District => asked,
        Scope::OwnTown | Scope::OwnUnit => return Err(Error::refused(Code::Forbidden)),
    };
    // Nobody types a whole code by chance.
    let is_code = |text: &&str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    let among = match narrowed {
        Some(code) if is_code(&code) => Among::In(vec![code.into()]),
        text => search::among(app, Named::Villages, text.unwrap_or_default()).await?,
    };
    let db = app.db.read();
    let villages = store::village::list(db, app.today().year(), (&among, None), None, VILLAGES_MAX).await?;
    let codes = match villages.as_slice() {
        [one] => vec![one.code.clone()],
        _ => Vec::new(),
    };
    let households = store::village::households(db, &codes).await?;
    Ok(OfferChoices {
        villages: villages.into_iter().map(village::row_of).collect(),
        produce: store::catalogue::produce_all(db)
            .await?
            .iter()
            .map(catalogue::produce_of)
            .collect::<Result<_, _>>()?,
        sellers: store::village::sellers(db, &codes)
            .await?
            .iter()
            .map(seller_of)
            .collect::<Result<_, _>>()?,
        households: households
            .into_iter()
            .map(|row| HouseholdOut {
                id: row.id,
                village_code: row.village_code,
                name: row.name,
            })
            .collect(),
    })
}
