//! 货架: what the public finds.

mod list;

pub use list::{list, query_of};
pub(in crate::services) use list::{read, read_as};

use super::{App, Error, fault, lot, photo, price, village};
use crate::store;
use crate::store::catalogue::{CardRow, Filter, ProduceRow, Reader};
use shared::api::catalogue::{Badge, CatalogueSort, OfferCard, OfferPage};
use shared::api::produce::ProduceOut;
use shared::api::town::TownOut;
use shared::domain::calendar::{Day, SeasonMonths};
use shared::domain::certificate::CertificateKind;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::offer::OfferStatus;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use uuid::Uuid;

/// Cards of the same village beside an offer.
const OTHERS: i64 = 6;
/// A lot is urgent when its last day is this near.
const URGENT_DAYS: i64 = 3;

/// Categories and towns that have offers on sale.
pub(super) async fn choices(app: &App) -> Result<(Vec<String>, Vec<TownOut>), Error> {
    let (mut categories, mut towns) = (Vec::new(), Vec::new());
    for row in store::catalogue::choices(app.db.read()).await? {
        match row.code {
            Some(code) => towns.push(TownOut {
                code,
                name: row.name,
                villages: row.villages,
            }),
            None => categories.push(row.name),
        }
    }
    Ok((categories, towns))
}

/// An offer's public page; only what is on sale has one.
///
/// # Errors
/// `NotFound` when it is not on sale.
pub async fn page(app: &App, actor: Option<&Actor>, id: Uuid) -> Result<OfferPage, Error> {
    let today = app.today();
    let (db, reader) = (app.db.read(), reader(today, actor));
    let row = store::catalogue::shelf(db, reader, &[id])
        .await?
        .into_iter()
        .next()
        .ok_or(Error::not_found())?;
    if !status_of(&row.status)?.on_sale() {
        return Err(Error::not_found());
    }
    let produce = store::catalogue::produce(db, &row.card.produce).await?;
    let village = store::village::by_code(db, &row.card.village_code, today.year()).await?;
    let lots = store::lot::orderable(db, id, today.0).await?;
    let filter = Filter {
        village: Some(row.card.village_code.clone()),
        ..Filter::default()
    };
    let others =
        store::catalogue::cards(db, reader, &filter, CatalogueSort::Newest, None, OTHERS + 1).await?;
    let others = others
        .iter()
        .filter(|other| other.id != id)
        .take(usize::try_from(OTHERS).map_err(fault)?);
    // The badge disappears the day the certificate does, and the number with it.
    let certificate_kind = certified(&row.card, today);
    Ok(OfferPage {
        card: card_of(&row.card, today)?,
        version_id: row.version_id,
        produce: produce_of(&produce.ok_or_else(|| fault("an offer's produce is gone"))?)?,
        village: village::row_of(village.ok_or_else(|| fault("an offer's village is gone"))?),
        seller_name: row.seller_name,
        pack: row.pack,
        story: row.story,
        min_qty: Qty(row.min_qty),
        step_qty: Qty(row.step_qty),
        certificate_kind,
        certificate_no: certificate_kind.and(row.certificate_no),
        certificate_until: certificate_kind.and(row.card.certificate_until).map(Day),
        lots: lots.iter().map(lot::out_of).collect(),
        photos: photo::of_offer(app, id).await?,
        prices: price::of_offer(app, id).await?,
        others: others
            .map(|other| card_of(other, today))
            .collect::<Result<_, _>>()?,
    })
}

/// What an offer is priced and counted in, on sale or not.
///
/// # Errors
/// `NotFound` when there is no such offer.
pub async fn price_unit(app: &App, id: Uuid) -> Result<PriceUnit, Error> {
    let record = store::offer::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    unit_of(&record.price_unit)
}

/// What is in season this month, newest first, one card a kind of produce as long as there are kinds.
///
/// # Errors
/// Whatever the database answers.
pub async fn in_season(app: &App, count: usize) -> Result<Vec<OfferCard>, Error> {
    // So many are looked at to find different kinds.
    const LOOKED_AT: i64 = 60;
    let today = app.today();
    let filter = Filter {
        season_bit: Some(season_bit(today)),
        ..Filter::default()
    };
    let newest = CatalogueSort::Newest;
    let rows = store::catalogue::cards(
        app.db.read(),
        reader(today, None),
        &filter,
        newest,
        None,
        LOOKED_AT,
    )
    .await?;
    let free: Vec<&CardRow> = rows.iter().filter(|row| row.free > 0).collect();
    various(&free, count)
        .into_iter()
        .map(|row| card_of(row, today))
        .collect()
}

/// The first of every kind, then the rest, so many in all.
fn various<'r>(rows: &[&'r CardRow], count: usize) -> Vec<&'r CardRow> {
    let mut kinds = std::collections::BTreeSet::new();
    let (mut first, rest): (Vec<&CardRow>, Vec<&CardRow>) =
        rows.iter().partition(|row| kinds.insert(&row.produce));
    first.extend(rest);
    first.truncate(count);
    first
}

/// The offers of a village that are on sale.
pub(super) async fn of_village(app: &App, code: &str, limit: i64) -> Result<Vec<OfferCard>, Error> {
    let today = app.today();
    let filter = Filter {
        village: Some(code.to_owned()),
        ..Filter::default()
    };
    let newest = CatalogueSort::Newest;
    let rows =
        store::catalogue::cards(app.db.read(), reader(today, None), &filter, newest, None, limit).await?;
    rows.iter().map(|row| card_of(row, today)).collect()
}

pub(super) fn reader(today: Day, actor: Option<&Actor>) -> Reader {
    Reader {
        today: today.0,
        unit_id: actor.and_then(|a| a.grant.unit_id),
    }
}

fn season_bit(day: Day) -> i32 {
    1 << (day.month() - 1)
}

/// A card of a stored row.
pub(super) fn card_of(row: &CardRow, today: Day) -> Result<OfferCard, Error> {
    Ok(OfferCard {
        id: row.id,
        produce: row.produce.clone(),
        name: row.name.clone(),
        grade: row.grade.clone(),
        village_code: row.village_code.clone(),
        village_name: row.village_name.clone(),
        town_name: row.town_name.clone(),
        price_fen: Fen(row.price_fen),
        price_unit: unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        village_fen: Fen(row.village_fen),
        season: season_of(row.season)?,
        badge: badge_of(row, today),
        free: Qty(row.free.max(0)),
        expected_on: row.expected_on.map(Day),
        cover: photo::cover_of(row.cover_id, row.cover_width, row.cover_height),
    })
}

/// The one badge that matters most to the reader.
fn badge_of(row: &CardRow, today: Day) -> Option<Badge> {
    if row.paired {
        Some(Badge::Paired)
    } else if row
        .best_until
        .is_some_and(|until| Day(until).days_since(today) <= URGENT_DAYS)
    {
        Some(Badge::Urgent)
    } else if row.mark.contains("地理标志") {
        Some(Badge::Geographical)
    } else {
        match certified(row, today) {
            Some(CertificateKind::Organic) => Some(Badge::Organic),
            Some(CertificateKind::GeographicalIndication) => Some(Badge::Geographical),
            Some(CertificateKind::GreenFood) => Some(Badge::GreenFood),
            None => row.mark.contains("绿色食品").then_some(Badge::GreenFood),
        }
    }
}

/// What is certified today: a badge disappears the day its certificate does; a geographical indication needs no last day.
fn certified(row: &CardRow, today: Day) -> Option<CertificateKind> {
    let kind = row
        .certificate_kind
        .as_deref()
        .and_then(CertificateKind::from_name)?;
    let holds = match row.certificate_until {
        Some(until) => until >= today.0,
        None => kind.years().is_none(),
    };
    holds.then_some(kind)
}

pub(super) fn produce_of(row: &ProduceRow) -> Result<ProduceOut, Error> {
    Ok(ProduceOut {
        slug: row.slug.clone(),
        name: row.name.clone(),
        category: row.category.clone(),
        price_unit: unit_of(&row.price_unit)?,
        piece_name: row.piece_name.clone(),
        typical_price_fen: Fen(row.typical_price_fen),
        season: season_of(row.season)?,
        mark: row.mark.clone(),
        aliases: row
            .aliases
            .split(',')
            .map(str::trim)
            .filter(|alias| !alias.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

pub(super) fn unit_of(stored: &str) -> Result<PriceUnit, Error> {
    PriceUnit::from_name(stored).ok_or_else(|| fault(format!("stored price unit '{stored}' is unknown")))
}

pub(super) fn status_of(stored: &str) -> Result<OfferStatus, Error> {
    OfferStatus::from_name(stored).ok_or_else(|| fault(format!("stored offer status '{stored}' is unknown")))
}

fn season_of(stored: i32) -> Result<SeasonMonths, Error> {
    u16::try_from(stored).map(SeasonMonths).map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(produce: &str) -> CardRow {
        CardRow {
            id: Uuid::nil(),
            produce: produce.into(),
            name: "磨盘柿".into(),
            grade: String::new(),
            village_code: "120119102201".into(),
            village_name: "某村".into(),
            town_name: "官庄镇".into(),
            price_fen: 160,
            price_unit: "kg".into(),
            piece_name: None,
            village_fen: 160,
            season: 512,
            certificate_kind: None,
            certificate_until: None,
            mark: String::new(),
            rank_fen: 160,
            published_at: 1,
            free: 1000,
            best_until: None,
            expected_on: None,
            cover_id: None,
            cover_width: None,
            cover_height: None,
            paired: false,
        }
    }

    #[test]
    fn one_badge_stands_on_a_card() {
        let today = Day(20_000);
        let mut card = row("persimmon");
        assert_eq!(badge_of(&card, today), None);
        card.certificate_kind = Some("organic".into());
        card.certificate_until = Some(today.0);
        assert_eq!(badge_of(&card, today), Some(Badge::Organic));
        card.certificate_kind = Some("geographical_indication".into());
        card.certificate_until = None;
        assert_eq!(badge_of(&card, today), Some(Badge::Geographical));
        card.certificate_kind = Some("green_food".into());
        assert_eq!(badge_of(&card, today), None);
        card.certificate_until = Some(today.0);
        assert_eq!(badge_of(&card, today), Some(Badge::GreenFood));
        card.certificate_until = Some(today.0 - 1);
        assert_eq!(badge_of(&card, today), None);
        card.mark = "地理标志 2008".into();
        assert_eq!(badge_of(&card, today), Some(Badge::Geographical));
        card.best_until = Some(today.0 + 4);
        assert_eq!(badge_of(&card, today), Some(Badge::Geographical));
        card.best_until = Some(today.0 + 3);
        assert_eq!(badge_of(&card, today), Some(Badge::Urgent));
        card.paired = true;
        assert_eq!(badge_of(&card, today), Some(Badge::Paired));
    }

    #[test]
    fn the_home_page_shows_different_kinds_first() {
        let (a, b, c) = (row("pear"), row("pear"), row("apple"));
        let kinds: Vec<&str> = various(&[&a, &b, &c], 3)
            .iter()
            .map(|r| r.produce.as_str())
            .collect();
        assert_eq!(kinds, ["pear", "apple", "pear"]);
    }
}
