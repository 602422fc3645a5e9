//! Offers from a file: each is drafted and handed in for review through the one use case that lists goods.

use super::fill::{Good, Seen};
use super::plan::{Plan, Refusal, known_by, plan};
use super::rows;
use super::sheet::{Cells, bad_row};
use crate::services::idempotency::Key;
use crate::services::{App, Error, fault, offer};
use crate::store;
use crate::store::fill::OfferKey;
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared::api::import::BadRow;
use shared::api::offer::ListingIn;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::{parse_pieces, parse_weight_g};
use shared::domain::share::SharePolicy;
use std::collections::HashMap;
use uuid::Uuid;

/// A row of the offers.
#[derive(Clone, Debug)]
pub struct Offer {
    village_code: String,
    produce: String,
    name: String,
    grade: String,
    pack: String,
    price_fen: i64,
    price_unit: PriceUnit,
    piece_name: Option<String>,
    min: i64,
    step: i64,
    seller_code: Option<String>,
    village_bp: Option<u16>,
    story: String,
    lot: Option<(Day, i64)>,
}

/// An offer to list, with the line it stands on.
#[derive(Clone, Debug)]
pub struct Listed {
    line: u64,
    listing: ListingIn,
}

pub fn row(cells: &mut Cells<'_>) -> Option<Offer> {
    let village_code = cells.digits("village_code", 12);
    let produce = cells.text("produce", 40);
    let name = cells.text("name", 40);
    let (grade, pack) = (cells.maybe_text("grade", 20), cells.maybe_text("pack", 40));
    let story = cells.maybe_text("story", 600);
    let price_fen = cells.yuan("price_yuan");
    if cells.cell("price_yuan").is_empty() {
        cells.refuse("price_yuan", FieldCode::Required, None);
    }
    let (price_unit, piece_name) = rows::price_unit(cells)?;
    let seller_code = Some(cells.narrow("seller_code").to_uppercase()).filter(|code| !code.is_empty());
    let village_bp = percent(cells, seller_code.is_some());
    let min = quantity(cells, "min", price_unit).unwrap_or(price_unit.base_units());
    let step = quantity(cells, "step", price_unit).unwrap_or(price_unit.base_units());
    let (harvested_on, qty) = (
        cells.maybe_day("harvested_on"),
        quantity(cells, "lot", price_unit),
    );
    match (harvested_on, qty) {
        (None, Some(_)) => cells.refuse("harvested_on", FieldCode::Required, None),
        (Some(_), None) => cells.refuse("lot", FieldCode::Required, None),
        _ => {}
    }
    Some(Offer {
        village_code: village_code?,
        produce: produce?,
        name: name?,
        grade: grade.unwrap_or_default(),
        pack: pack.unwrap_or_default(),
        price_fen: price_fen?,
        price_unit,
        piece_name,
        min,
        step,
        seller_code,
        village_bp,
        story: story.unwrap_or_default(),
        lot: harvested_on.zip(qty),
    })
}

/// The village's part of what a co-op sells, in basis points; without a co-op there is nobody to share with.
fn percent(cells: &mut Cells<'_>, coop: bool) -> Option<u16> {
    let text = cells.narrow("village_percent");
    let text = text.trim_end_matches('%');
    if text.is_empty() {
        return None;
    }
    // Two decimals of a percentage are whole basis points, as those of yuan are whole fen.
    let read = shared::domain::money::parse_yuan(text).map(|hundredths| hundredths.0);
    match read {
        Ok(bp @ 0..=10_000) if coop => u16::try_from(bp).ok(),
        Ok(0..=10_000) => {
            cells.refuse("seller_code", FieldCode::Required, None);
            None
        }
        Ok(bp) => {
            let (code, bound) = if bp < 0 {
                (FieldCode::TooSmall, "0")
            } else {
                (FieldCode::TooLarge, "100")
            };
            cells.refuse("village_percent", code, Some(bound.to_owned()));
            None
        }
        Err(_) => {
            cells.refuse("village_percent", FieldCode::NotANumber, None);
            None
        }
    }
}

/// An amount in price units, in base units; `None` when empty.
fn quantity(cells: &mut Cells<'_>, column: &str, unit: PriceUnit) -> Option<i64> {
    let text = cells.narrow(column);
    if text.is_empty() {
        return None;
    }
    let read = match unit.weight_unit() {
        Some(weight) => parse_weight_g(&text, weight).map(|grams| grams.0),
        None => parse_pieces(&text).map(|pieces| pieces.0),
    };
    match read {
        Ok(amount) if amount > 0 => Some(amount),
        Ok(_) => {
            cells.refuse(column, FieldCode::TooSmall, Some("1".to_owned()));
            None
        }
        Err(_) => {
            cells.refuse(column, FieldCode::NotANumber, None);
            None
        }
    }
}

/// Which offers are new. One that is on the shelf or on its way there is left alone; with another price it is refused,
/// since a change to it is reviewed by itself.
pub async fn decide(
    connection: &impl ConnectionTrait,
    good: Good<Offer>,
    seen: &Seen,
    today: Day,
) -> Result<(Plan<OfferKey>, Vec<Listed>), Error> {
    let codes: Vec<&str> = good.iter().map(|(_, row)| row.village_code.as_str()).collect();
    let names: Vec<&str> = good.iter().map(|(_, row)| row.name.as_str()).collect();
    let villages = known_by(store::fill::villages(connection, &codes).await?, |row| {
        row.code.clone()
    });
    let key_of = |village: &str, name: &str, grade: &str| format!("{village} {name} {grade}");
    let known = known_by(store::fill::offers(connection, &codes, &names).await?, |row| {
        key_of(&row.village_code, &row.name, &row.grade)
    });
    let slugs: HashMap<String, String> = store::catalogue::produce_all(connection)
        .await?
        .into_iter()
        .flat_map(|kind| [(kind.name, kind.slug.clone()), (kind.slug.clone(), kind.slug)])
        .collect();
    let codes: Vec<&str> = good
        .iter()
        .filter_map(|(_, row)| row.seller_code.as_deref())
        .collect();
    let sellers = known_by(store::fill::coops(connection, &codes).await?, |row| {
        row.code.clone()
    });
    let seller_of = |row: &Offer| {
        let seller = sellers.get(row.seller_code.as_ref()?)?;
        (seller.village_code == row.village_code).then_some(seller.id)
    };
    let mut listings = HashMap::new();
    for (line, row) in &good {
        if let Some(slug) = slugs.get(&row.produce) {
            listings.insert(*line, listing_of(row, slug, seller_of(row))?);
        }
    }
    let lines: HashMap<String, u64> = good
        .iter()
        .rev()
        .map(|(line, row)| (key_of(&row.village_code, &row.name, &row.grade), *line))
        .collect();
    let complete = |row: &Offer, before: Option<&OfferKey>| {
        if !villages.contains_key(&row.village_code) {
            return Err(("village_code", row.village_code.clone(), FieldCode::Unknown, None));
        }
        if !slugs.contains_key(&row.produce) {
            return Err(("produce", row.produce.clone(), FieldCode::Unknown, None));
        }
        // A co-op sells what grows in its own village.
        if let Some(code) = row.seller_code.as_ref().filter(|_| seller_of(row).is_none()) {
            return Err(("seller_code", code.clone(), FieldCode::Unknown, None));
        }
        if before.is_some_and(|before| before.price_fen != row.price_fen) {
            return Err(("name", row.name.clone(), FieldCode::Taken, None));
        }
        let line = lines.get(&key_of(&row.village_code, &row.name, &row.grade));
        let listing = line.and_then(|line| listings.get(line));
        let problem = listing.and_then(|listing| offer::problems(listing, today).into_iter().next());
        if let Some(problem) = problem {
            return Err(refusal_of(&problem, row));
        }
        Ok(OfferKey {
            village_code: row.village_code.clone(),
            name: row.name.clone(),
            grade: row.grade.clone(),
            price_fen: row.price_fen,
        })
    };
    let key = |row: &Offer| Ok(key_of(&row.village_code, &row.name, &row.grade));
    let plan = plan(&good, "name", &known, seen, key, complete);
    let listed = plan
        .new
        .iter()
        .filter_map(|row| {
            let line = *lines.get(&key_of(&row.village_code, &row.name, &row.grade))?;
            listings.remove(&line).map(|listing| Listed { line, listing })
        })
        .collect();
    Ok((plan, listed))
}

fn listing_of(row: &Offer, produce: &str, seller_id: Option<Uuid>) -> Result<ListingIn, Error> {
    let lot = row
        .lot
        .map(|(day, qty)| json!({"harvested_on": day.to_string(), "qty": qty}));
    let offer = json!({
        "village_code": row.village_code,
        "produce": produce,
        "name": row.name,
        "grade": row.grade,
        "pack": row.pack,
        "price_fen": row.price_fen,
        "price_unit": row.price_unit.as_str(),
        "piece_name": row.piece_name,
        "min_qty": row.min,
        "step_qty": row.step,
        "seller_id": seller_id,
        "share": row.village_bp.map_or(SharePolicy::Whole, SharePolicy::BasisPoints),
        "story": row.story,
    });
    // What a file does not say is said as by a client of the API that leaves it out.
    serde_json::from_value(json!({"offer": offer, "lot": lot})).map_err(fault)
}

fn refusal_of(problem: &FieldProblem, row: &Offer) -> Refusal {
    let (column, value) = match problem.field.rsplit('.').next().unwrap_or_default() {
        "name" => ("name", row.name.clone()),
        "grade" => ("grade", row.grade.clone()),
        "pack" => ("pack", row.pack.clone()),
        "price_fen" => ("price_yuan", row.price_fen.to_string()),
        "price_unit" | "piece_name" => ("price_unit", row.piece_name.clone().unwrap_or_default()),
        "min_qty" => ("min", String::new()),
        "step_qty" => ("step", String::new()),
        "harvested_on" | "good_until" => ("harvested_on", String::new()),
        "qty" => ("lot", String::new()),
        "produce" => ("produce", row.produce.clone()),
        "village_code" => ("village_code", row.village_code.clone()),
        "seller_id" => ("seller_code", row.seller_code.clone().unwrap_or_default()),
        "share" => ("village_percent", String::new()),
        _ => ("story", String::new()),
    };
    (column, value, problem.code, problem.bound.clone())
}

/// Lists offers, each once: its key is of this work and this line. Answers those that were refused after all.
pub async fn list(app: &App, by: &Actor, work_id: Uuid, listed: &[Listed]) -> Result<Vec<BadRow>, Error> {
    let mut bad = Vec::new();
    for one in listed {
        let key = Key::parse(&format!("{work_id}-{}", one.line))?;
        match offer::create(app, by, &key, one.listing.clone(), true).await {
            Ok(_) => {}
            Err(Error::Refused(refusal)) => {
                let problem = refusal.fields.first();
                let code = problem.map_or(FieldCode::NotAChoice, |problem| problem.code);
                let bound = problem.and_then(|problem| problem.bound.clone());
                bad.push(bad_row(one.line, "name", &one.listing.offer.name, code, bound));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(bad)
}
