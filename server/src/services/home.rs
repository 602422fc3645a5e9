//! 首页: what the market has done this year, and what is in season.

use super::{App, Error, catalogue, fault, village};
use crate::store;
use shared::api::catalogue::HomeOut;
use shared::domain::calendar::start_of_year;
use shared::domain::money::Fen;

/// Cards of what is in season.
const IN_SEASON: usize = 8;
/// Latest credits.
const CREDITS: i64 = 5;
/// Villages near their target.
const NEAR_TARGET: i64 = 5;

/// The home page: a handful of statements, each of a cost that does not grow with orders.
///
/// # Errors
/// Whatever the database answers.
pub async fn home(app: &App) -> Result<HomeOut, Error> {
    let db = app.db.read();
    let year = app.today().year();
    let figures = store::village::year(db, year, start_of_year(year).0).await?;
    let figures = figures.ok_or_else(|| fault("the year's figures are one row"))?;
    let credits = store::village::latest_credits(db, CREDITS).await?;
    let near_target = store::village::near_target(db, year, NEAR_TARGET).await?;
    let (categories, _) = catalogue::choices(app).await?;
    Ok(HomeOut {
        year,
        credited_fen: Fen(figures.credited_fen),
        units: figures.units,
        villages: figures.villages,
        categories,
        in_season: catalogue::in_season(app, IN_SEASON).await?,
        credits: credits
            .into_iter()
            .map(village::credit_of)
            .collect::<Result<_, _>>()?,
        near_target: near_target.into_iter().map(village::row_of).collect(),
    })
}
