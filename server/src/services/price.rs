//! 价格: what was asked for goods over time. Prices were public when they were asked, so their history is too.

use super::{App, Error, catalogue, right};
use crate::store;
use crate::store::price::AskedRow;
use shared::api::price::{PriceMonth, PriceMonths, PricePoint};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::offer::OfferStatus;
use shared::domain::price::PriceUnit;
use shared::domain::price_month::{Asked, months};
use shared::domain::rights::Action;
use uuid::Uuid;

/// Months that are looked back on, this one among them.
const MONTHS_DAYS: i32 = 730;
/// Prices of one kind of produce that are read.
const PRICES_MAX: i64 = 20_000;

/// The prices that an offer was on sale for, oldest first; whoever asks has checked the right.
pub(super) async fn of_offer(app: &App, offer_id: Uuid) -> Result<Vec<PricePoint>, Error> {
    let rows = store::price::of_offer(app.db.read(), offer_id).await?;
    rows.iter()
        .map(|row| {
            Ok(PricePoint {
                number: row.number,
                at: Micros(row.at),
                price_fen: Fen(row.price_fen),
                price_unit: catalogue::unit_of(&row.price_unit)?,
            })
        })
        .collect()
}

/// The lowest, middle and highest price of a kind of produce over all villages, by month, for two years back.
///
/// # Errors
/// `NotFound` for no such produce; `Forbidden` for whoever does not work on offers.
pub async fn months_of(app: &App, actor: &Actor, produce: &str) -> Result<PriceMonths, Error> {
    // The same for all who work on offers: every one of these prices stood on the public shelf.
    right::reach(actor, Action::OfferRead)?;
    let db = app.db.read();
    let kind = store::catalogue::produce(db, produce)
        .await?
        .ok_or(Error::not_found())?;
    let rows = store::price::of_produce(db, produce, PRICES_MAX).await?;
    let today = app.today();
    let asked = asked_of(&rows)?;
    let per_piece = catalogue::unit_of(&kind.price_unit)? == PriceUnit::Piece;
    let found = months(&asked, today.add_days(-MONTHS_DAYS), today);
    Ok(PriceMonths {
        produce: kind.slug,
        name: kind.name,
        price_unit: if per_piece {
            PriceUnit::Piece
        } else {
            PriceUnit::Kg
        },
        piece_name: kind.piece_name,
        months: found
            .into_iter()
            .map(|month| PriceMonth {
                month: month.first,
                offers: i64::try_from(month.offers).unwrap_or(i64::MAX),
                villages: i64::try_from(month.villages).unwrap_or(i64::MAX),
                min_fen: month.min_fen,
                median_fen: month.median_fen,
                max_fen: month.max_fen,
            })
            .collect(),
    })
}

/// A price holds until the next version of its offer is published, or the offer ends.
fn asked_of(rows: &[AskedRow]) -> Result<Vec<Asked>, Error> {
    let mut asked = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let next = rows
            .get(at + 1)
            .filter(|next| next.offer_id == row.offer_id)
            .map(|next| Micros(next.at).day().add_days(-1));
        let ended =
            (catalogue::status_of(&row.status)? == OfferStatus::Ended).then(|| Micros(row.changed_at).day());
        let from: Day = Micros(row.at).day();
        asked.push(Asked {
            village_code: row.village_code.clone(),
            offer: row.offer_id.as_u128(),
            rank_fen: rank(row)?,
            from,
            until: next.or(ended).map(|until| until.max(from)),
        });
    }
    Ok(asked)
}

/// Fen for a kg or a piece, so that prices for 斤 and kg stand side by side.
fn rank(row: &AskedRow) -> Result<Fen, Error> {
    Ok(Fen(match catalogue::unit_of(&row.price_unit)? {
        // Prices are at most 10,000,000 fen.
        PriceUnit::Jin => row.price_fen.saturating_mul(2),
        PriceUnit::Kg | PriceUnit::Piece => row.price_fen,
    }))
}
