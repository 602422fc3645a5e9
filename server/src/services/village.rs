//! 村: villages and what the public sees of them.

use super::{App, Error, catalogue, search};
use crate::store;
use crate::store::search::Named;
use crate::store::village::{CreditRow, VillageRecord};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::town::TownOut;
use shared::api::village::{PublicCredit, VillageOut, VillageRow};
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;

/// Offers on a village's page.
const OFFERS: i64 = 100;
/// Credits on a village's page.
const CREDITS: i64 = 10;
/// Characters of a search at the most.
const SEARCH_CHARS_MAX: usize = 40;

/// Villages, aided ones first, with their progress this year; of a town, or answering `q` by their name, their town's or
/// their code, in characters, sounds or initials.
///
/// # Errors
/// `Invalid` when `q` is too long or `after` is no key of ours.
pub async fn list(
    app: &App,
    town: Option<&str>,
    q: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<VillageRow>, Error> {
    let chosen = |text: Option<&'_ str>| text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
    let (town, name, after) = (chosen(town), chosen(q), chosen(after));
    if name
        .as_ref()
        .is_some_and(|name| name.chars().count() > SEARCH_CHARS_MAX)
    {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "q",
            FieldCode::TooLong,
            SEARCH_CHARS_MAX,
        )]));
    }
    let key = match after.as_deref() {
        None => None,
        Some(text) => Some(key_of(text).ok_or_else(|| Error::field("after", FieldCode::NotAChoice))?),
    };
    let limit = super::paging::limit(limit);
    let among = search::among(app, Named::Villages, name.as_deref().unwrap_or_default()).await?;
    let (read, year) = (app.db.read(), app.today().year());
    let mut rows = store::village::list(read, year, (&among, town.as_deref()), key, limit + 1).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| format!("{}_{}", i64::from(!row.aided), row.code));
    Ok(Page {
        items: rows.into_iter().map(row_of).collect(),
        next,
    })
}

/// The key of a list's last village, as `0_120119102201`: aided ones (0) come before the others (1).
fn key_of(text: &str) -> Option<(i64, &str)> {
    let (rank, code) = text.split_once('_')?;
    let good = matches!(rank, "0" | "1") && code.len() == 12 && code.bytes().all(|b| b.is_ascii_digit());
    if good {
        Some((rank.parse().ok()?, code))
    } else {
        None
    }
}

/// A village's public page.
///
/// # Errors
/// `NotFound` when there is no such village.
pub async fn show(app: &App, code: &str) -> Result<VillageOut, Error> {
    let year = app.today().year();
    let row = store::village::by_code(app.db.read(), code, year)
        .await?
        .ok_or(Error::not_found())?;
    let credits = store::village::latest_credits_of(app.db.read(), code, CREDITS).await?;
    Ok(VillageOut {
        village: row_of(row),
        year,
        offers: catalogue::of_village(app, code, OFFERS).await?,
        credits: credits.into_iter().map(credit_of).collect::<Result<_, _>>()?,
    })
}

/// Every town.
///
/// # Errors
/// Whatever the database answers.
pub async fn towns(app: &App) -> Result<Vec<TownOut>, Error> {
    let rows = store::village::towns(app.db.read()).await?;
    Ok(rows
        .into_iter()
        .map(|row| TownOut {
            code: row.code,
            name: row.name,
            villages: row.villages,
        })
        .collect())
}

/// A village of a stored row.
pub(super) fn row_of(row: VillageRecord) -> VillageRow {
    VillageRow {
        code: row.code,
        name: row.name,
        town_code: row.town_code,
        town_name: row.town_name,
        aided: row.aided,
        target_fen: Fen(row.target_fen),
        credited_fen: Fen(row.credited_fen),
        offers: row.offers,
    }
}

/// A credit of a stored row.
pub(super) fn credit_of(row: CreditRow) -> Result<PublicCredit, Error> {
    Ok(PublicCredit {
        price_unit: catalogue::unit_of(&row.price_unit)?,
        village_code: row.village_code,
        village_name: row.village_name,
        town_name: row.town_name,
        goods: row.goods,
        qty: Qty(row.qty),
        piece_name: row.piece_name,
        amount_fen: Fen(row.village_fen),
        day: Micros(row.posted_at).day(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_that_were_given_out_are_read() {
        assert_eq!(key_of("0_120119102201"), Some((0, "120119102201")));
        for bad in [
            "",
            "2_120119102201",
            "0_12011910220",
            "0_12011910220x",
            "0-120119102201",
        ] {
            assert_eq!(key_of(bad), None, "{bad}");
        }
    }
}
