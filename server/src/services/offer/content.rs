//! What an offer says: checked field by field, and copied to where the shelf reads it.

use crate::services::{App, Error, catalogue, fault, lot};
use crate::store::catalogue::ProduceRow;
use crate::store::offer::{Shelved, VersionContent, VersionRow};
use crate::store::village::{SellerRow, VillageRecord};
use crate::store::{self, Tx};
use shared::api::offer::OfferIn;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::seller::SellerKind;
use shared::domain::calendar::Day;
use shared::domain::certificate::{CertificateKind, GREEN_FOOD_YEARS, certificate_number};
use shared::domain::fee::FeeRate;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::{Measure, Qty};
use shared::domain::share::{SharePolicy, split_line};

/// The dearest price of a price unit: 100,000 yuan.
const PRICE_MAX_FEN: i64 = 10_000_000;
/// A renewed certificate is issued at most so long before the old one ends.
const CERTIFICATE_EARLY_DAYS: i32 = 120;

/// An offer that was found right, with what it names.
pub(super) struct Checked {
    /// The offer as it is stored: trimmed, its seller named.
    pub(super) offer: OfferIn,
    /// Its village.
    pub(super) village: VillageRecord,
    produce: ProduceRow,
}

/// What is wrong with an offer, as far as it can be seen without asking the register.
pub(super) fn problems(offer: &OfferIn, today: Day) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    texts(offer, &mut problems);
    price(offer, &mut problems);
    quantities(offer, &mut problems);
    certificate(offer, today, &mut problems);
    problems
}

fn field(name: &str) -> String {
    format!("offer.{name}")
}

fn texts(offer: &OfferIn, problems: &mut Vec<FieldProblem>) {
    let name_chars = offer.name.trim().chars().count();
    if name_chars == 0 {
        problems.push(FieldProblem::new(field("name"), FieldCode::Required));
    } else if name_chars < 2 {
        problems.push(FieldProblem::bound(field("name"), FieldCode::TooShort, 2));
    }
    for (name, text, max) in [
        ("name", &offer.name, 40),
        ("grade", &offer.grade, 20),
        ("pack", &offer.pack, 40),
        ("story", &offer.story, 600),
    ] {
        if text.trim().chars().count() > max {
            problems.push(FieldProblem::bound(field(name), FieldCode::TooLong, max));
        }
        let line_breaks = name == "story";
        if text
            .trim()
            .chars()
            .any(|c| c.is_control() && !(line_breaks && matches!(c, '\r' | '\n')))
        {
            problems.push(FieldProblem::new(field(name), FieldCode::BadCharacters));
        }
    }
    let piece = offer.piece_name.as_deref().map(str::trim).unwrap_or_default();
    if offer.price_unit.measure() == Measure::Piece && piece.is_empty() {
        problems.push(FieldProblem::new(field("piece_name"), FieldCode::Required));
    } else if piece.chars().count() > 4 {
        problems.push(FieldProblem::bound(field("piece_name"), FieldCode::TooLong, 4));
    }
}

fn price(offer: &OfferIn, problems: &mut Vec<FieldProblem>) {
    if offer.price_fen.0 < 1 {
        problems.push(FieldProblem::bound(
            field("price_fen"),
            FieldCode::TooSmall,
            Fen(1),
        ));
    } else if offer.price_fen.0 > PRICE_MAX_FEN {
        problems.push(FieldProblem::bound(
            field("price_fen"),
            FieldCode::TooLarge,
            Fen(PRICE_MAX_FEN),
        ));
    }
    match offer.share {
        SharePolicy::BasisPoints(_) if !offer.share.is_valid() => {
            problems.push(FieldProblem::bound(field("share"), FieldCode::TooLarge, "100"));
        }
        SharePolicy::FenPerUnit(fen) if fen < 0 => {
            problems.push(FieldProblem::bound(field("share"), FieldCode::TooSmall, Fen(0)));
        }
        SharePolicy::FenPerUnit(fen) if fen > offer.price_fen.0 => {
            problems.push(FieldProblem::bound(
                field("share"),
                FieldCode::TooLarge,
                offer.price_fen,
            ));
        }
        _ => {}
    }
}

fn quantities(offer: &OfferIn, problems: &mut Vec<FieldProblem>) {
    let written = |qty| offer.price_unit.format_qty(qty, offer.piece_name.as_deref());
    let mut in_range = true;
    for (name, qty) in [("min_qty", offer.min_qty), ("step_qty", offer.step_qty)] {
        if qty.0 < 1 {
            problems.push(FieldProblem::bound(
                field(name),
                FieldCode::TooSmall,
                written(Qty(1)),
            ));
        } else if qty.0 > lot::QTY_MAX {
            problems.push(FieldProblem::bound(
                field(name),
                FieldCode::TooLarge,
                written(Qty(lot::QTY_MAX)),
            ));
        } else {
            continue;
        }
        in_range = false;
    }
    if in_range && offer.min_qty.0 % offer.step_qty.0 != 0 {
        problems.push(FieldProblem::bound(
            field("min_qty"),
            FieldCode::NotAStep,
            written(offer.step_qty),
        ));
    }
}

fn certificate(offer: &OfferIn, today: Day, problems: &mut Vec<FieldProblem>) {
    let number = offer
        .certificate_no
        .as_deref()
        .map(str::trim)
        .filter(|number| !number.is_empty());
    let known = number.and_then(|number| certificate_number(number).ok());
    if number.is_some() && known.is_none() {
        problems.push(FieldProblem::new(
            field("certificate_no"),
            FieldCode::NotACertificate,
        ));
    }
    let for_good = known.as_ref().is_some_and(|(kind, _)| kind.years().is_none());
    let years = known
        .and_then(|(kind, _)| kind.years())
        .unwrap_or(GREEN_FOOD_YEARS);
    let last = today.add_years(years).add_days(CERTIFICATE_EARLY_DAYS);
    match (number, offer.certificate_until) {
        (Some(_), None) if !for_good => {
            problems.push(FieldProblem::new(field("certificate_until"), FieldCode::Required));
        }
        (None, Some(_)) => problems.push(FieldProblem::new(field("certificate_no"), FieldCode::Required)),
        (Some(_), Some(until)) if until < today => {
            problems.push(FieldProblem::bound(
                field("certificate_until"),
                FieldCode::TooEarly,
                today,
            ));
        }
        (Some(_), Some(until)) if until > last && !for_good => {
            problems.push(FieldProblem::bound(
                field("certificate_until"),
                FieldCode::TooLate,
                last,
            ));
        }
        _ => {}
    }
}

/// What a stored number certifies.
fn kind_of(number: Option<&str>) -> Option<CertificateKind> {
    number
        .and_then(|number| certificate_number(number).ok())
        .map(|(kind, _)| kind)
}

/// Checks an offer against the register and gives it in the form that is stored; `problems` are those found before.
///
/// # Errors
/// `Invalid` with all problems together.
pub(super) async fn check(
    app: &App,
    offer: &OfferIn,
    mut problems: Vec<FieldProblem>,
) -> Result<Checked, Error> {
    let db = app.db.read();
    let village = store::village::by_code(db, &offer.village_code, app.today().year()).await?;
    let produce = store::catalogue::produce(db, &offer.produce).await?;
    for (name, missing) in [
        ("village_code", village.is_none()),
        ("produce", produce.is_none()),
    ] {
        if missing {
            problems.push(FieldProblem::new(field(name), FieldCode::Unknown));
        }
    }
    let sellers = store::village::sellers(db, std::slice::from_ref(&offer.village_code)).await?;
    let seller = chosen_seller(offer, &sellers, &mut problems);
    if let Some(id) = offer.household_id {
        let household = store::village::household(db, id).await?;
        if household.is_none_or(|household| household.village_code != offer.village_code) {
            problems.push(FieldProblem::new(field("household_id"), FieldCode::NotYours));
        }
    }
    let coop = seller.is_some_and(|seller| seller.kind == SellerKind::Coop.as_str());
    if offer.share.needs_supplier() && offer.household_id.is_none() && seller.is_some() && !coop {
        problems.push(FieldProblem::new(field("household_id"), FieldCode::Required));
    }
    match (village, produce, seller) {
        (Some(village), Some(produce), Some(seller)) if problems.is_empty() => Ok(Checked {
            offer: stored_form(offer, seller),
            village,
            produce,
        }),
        _ => Err(Error::invalid(problems)),
    }
}

/// The seller of record: the one named, of the village or the centre; else the village's collective.
fn chosen_seller<'s>(
    offer: &OfferIn,
    sellers: &'s [SellerRow],
    problems: &mut Vec<FieldProblem>,
) -> Option<&'s SellerRow> {
    let collective = SellerKind::VillageCollective.as_str();
    let (found, code) = match offer.seller_id {
        Some(id) => (sellers.iter().find(|seller| seller.id == id), FieldCode::NotYours),
        None => (
            sellers.iter().find(|seller| seller.kind == collective),
            FieldCode::Required,
        ),
    };
    if found.is_none() {
        problems.push(FieldProblem::new(field("seller_id"), code));
    }
    found
}

fn stored_form(offer: &OfferIn, seller: &SellerRow) -> OfferIn {
    let chosen = |text: &Option<String>| {
        text.as_deref()
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
    };
    OfferIn {
        name: offer.name.trim().to_owned(),
        grade: offer.grade.trim().to_owned(),
        pack: offer.pack.trim().to_owned(),
        piece_name: chosen(&offer.piece_name).filter(|_| offer.price_unit == PriceUnit::Piece),
        seller_id: Some(seller.id),
        certificate_no: chosen(&offer.certificate_no)
            .and_then(|typed| certificate_number(&typed).ok().map(|(_, number)| number)),
        story: offer.story.trim().replace("\r\n", "\n"),
        ..offer.clone()
    }
}

impl Checked {
    /// An offer that is stored, with what it names.
    ///
    /// # Errors
    /// A fault when what it names is gone.
    pub(super) async fn stored(tx: &Tx, offer: OfferIn, year: i32) -> Result<Self, Error> {
        let village = store::village::by_code(tx, &offer.village_code, year).await?;
        let produce = store::catalogue::produce(tx, &offer.produce).await?;
        Ok(Self {
            offer,
            village: village.ok_or_else(|| fault("an offer's village is gone"))?,
            produce: produce.ok_or_else(|| fault("an offer's produce is gone"))?,
        })
    }

    /// What a version stores.
    pub(super) fn version_content(&self) -> Result<VersionContent, Error> {
        let offer = &self.offer;
        let (share_kind, share_value) = offer.share.to_parts();
        Ok(VersionContent {
            name: offer.name.clone(),
            grade: offer.grade.clone(),
            pack: offer.pack.clone(),
            price_fen: offer.price_fen.0,
            price_unit: offer.price_unit.as_str(),
            piece_name: offer.piece_name.clone(),
            min_qty: offer.min_qty.0,
            step_qty: offer.step_qty.0,
            seller_id: offer
                .seller_id
                .ok_or_else(|| fault("a checked offer has a seller"))?,
            share_kind,
            share_value,
            household_id: offer.household_id,
            certificate_no: offer.certificate_no.clone(),
            certificate_until: offer.certificate_until.map(|day| day.0),
            story: offer.story.clone(),
        })
    }

    /// What the shelf shows.
    pub(super) fn shelved(&self, app: &App) -> Result<Shelved, Error> {
        let (offer, produce) = (&self.offer, &self.produce);
        let fee = fee_of(app)?;
        Ok(Shelved {
            produce: produce.slug.clone(),
            category: produce.category.clone(),
            name: offer.name.clone(),
            grade: offer.grade.clone(),
            price_fen: offer.price_fen.0,
            price_unit: offer.price_unit.as_str(),
            piece_name: offer.piece_name.clone(),
            rank_fen: rank_fen(offer.price_fen, offer.price_unit),
            village_fen: village_fen(offer, fee)?.0,
            season: produce.season,
            certificate_kind: kind_of(offer.certificate_no.as_deref()).map(CertificateKind::as_str),
            certificate_until: offer.certificate_until.map(|day| day.0),
            mark: produce.mark.clone(),
        })
    }

    /// The offer for the audit log.
    pub(super) fn in_words(&self) -> String {
        let offer = &self.offer;
        let unit = offer.price_unit.symbol(offer.piece_name.as_deref());
        format!("{} {}/{unit}", offer.name, offer.price_fen.format_cny())
    }
}

/// Fen for a kg or a piece, so that prices for 斤 and kg can be sorted together.
const fn rank_fen(price: Fen, unit: PriceUnit) -> i64 {
    match unit {
        // Prices are at most 10,000,000 fen.
        PriceUnit::Jin => price.0.saturating_mul(2),
        PriceUnit::Kg | PriceUnit::Piece => price.0,
    }
}

/// What one price unit adds to the village's income, by the same split that credits it later.
fn village_fen(offer: &OfferIn, fee: FeeRate) -> Result<Fen, Error> {
    of_one(offer.share, offer.price_fen, offer.price_unit, fee)
}

fn of_one(share: SharePolicy, price: Fen, unit: PriceUnit, fee: FeeRate) -> Result<Fen, Error> {
    let one = Qty(unit.base_units());
    Ok(split_line(share, price, one, unit, fee).map_err(fault)?.village)
}

/// What one price unit of a stored version adds to the village's income.
pub(in crate::services) fn brings(
    app: &App,
    share_kind: &str,
    share_value: i64,
    price_fen: i64,
    unit: PriceUnit,
) -> Result<Fen, Error> {
    let share = SharePolicy::from_parts(share_kind, share_value);
    of_one(
        share.ok_or_else(|| fault("a stored share policy is no policy"))?,
        Fen(price_fen),
        unit,
        fee_of(app)?,
    )
}

fn fee_of(app: &App) -> Result<FeeRate, Error> {
    FeeRate::from_bp(i64::from(app.config.fee_bp)).ok_or_else(|| fault("the fee is above the whole"))
}

/// A stored version as it was sent in.
pub(super) fn offer_of(row: &VersionRow, village_code: &str, produce: &str) -> Result<OfferIn, Error> {
    let share = SharePolicy::from_parts(&row.share_kind, row.share_value);
    Ok(OfferIn {
        village_code: village_code.to_owned(),
        produce: produce.to_owned(),
        name: row.name.clone(),
        grade: row.grade.clone(),
        pack: row.pack.clone(),
        price_fen: Fen(row.price_fen),
        price_unit: catalogue::unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        min_qty: Qty(row.min_qty),
        step_qty: Qty(row.step_qty),
        seller_id: Some(row.seller_id),
        share: share.ok_or_else(|| fault("a stored share policy is no policy"))?,
        household_id: row.household_id,
        certificate_no: row.certificate_no.clone(),
        certificate_until: row.certificate_until.map(Day),
        story: row.story.clone(),
    })
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
