//! 异常: what a town's officer, the centre and the auditor should look at, each village by its name.

use super::{App, Error, fault, income, right, village_order};
use crate::store;
use crate::store::exception::{CertificateRow, FallenRow, QuietRow, TroubleRow};
use shared::api::exception::{EndingCertificate, ExceptionsOut, FallenVillage, QuietVillage, TroubledOrder};
use shared::api::town::TownOut;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::Action;

/// Rows of a list at the most.
const ROWS: i64 = 100;
/// An answer that is due within this is named before it is late.
const NEAR_HOURS: i64 = 6;
/// Village orders that were lost are shown for so many days.
const LOST_DAYS: i64 = 30;
/// A certificate is named so many days before it runs out: renewing one takes about as long.
const CERTIFICATE_DAYS: i32 = 90;
/// A fall from less than this says little: 1,000 yuan.
const FALL_LEAST_FEN: i64 = 100_000;

/// Everything that stands out over the actor's town, one town, or the district.
///
/// # Errors
/// `Forbidden`; `NotFound` for another town than the actor's, or one that does not exist.
pub async fn exceptions(app: &App, actor: &Actor, town: Option<&str>) -> Result<ExceptionsOut, Error> {
    right::reach(actor, Action::IncomeOverview)?;
    let town = income::town_of(actor, town)?;
    let read = app.db.read();
    let named = match &town {
        None => None,
        Some(code) => {
            let towns = store::village::towns(read).await?;
            let found = towns.into_iter().find(|t| t.code == *code);
            let found = found.ok_or(Error::not_found())?;
            Some(TownOut {
                code: found.code,
                name: found.name,
                villages: found.villages,
            })
        }
    };
    let town = town.as_deref();
    let (now, today) = (app.now(), app.today());
    let month = (today.year(), i32::try_from(today.month()).map_err(fault)?);
    let near = now.plus_hours(NEAR_HOURS).0;
    let since = now.plus_days(-LOST_DAYS).0;
    let until = today.add_days(CERTIFICATE_DAYS).0;
    let quiet = store::exception::without_offers(read, town, ROWS).await?;
    let late = store::exception::late_answers(read, town, near, ROWS).await?;
    let lost = store::exception::lost_orders(read, town, since, ROWS).await?;
    let certificates = store::exception::certificates(read, town, until, ROWS).await?;
    let fallen = store::exception::far_below(read, town, month, FALL_LEAST_FEN, ROWS).await?;
    Ok(ExceptionsOut {
        town: named,
        without_offers: quiet.into_iter().map(quiet_of).collect(),
        late_answers: late.into_iter().map(trouble_of).collect::<Result<_, _>>()?,
        lost_orders: lost.into_iter().map(trouble_of).collect::<Result<_, _>>()?,
        certificates: certificates.into_iter().map(certificate_of).collect(),
        far_below: fallen.into_iter().map(fallen_of).collect(),
    })
}

fn quiet_of(row: QuietRow) -> QuietVillage {
    QuietVillage {
        code: row.code,
        name: row.name,
        town_name: row.town_name,
        last_offer_at: row.last_offer_at.map(Micros),
    }
}

fn trouble_of(row: TroubleRow) -> Result<TroubledOrder, Error> {
    Ok(TroubledOrder {
        status: village_order::status_of(&row.status)?,
        id: row.id,
        number: row.number,
        village_code: row.village_code,
        village_name: row.village_name,
        town_name: row.town_name,
        goods: row.goods,
        confirm_by: Micros(row.confirm_by),
        total_fen: Fen(row.total_fen),
    })
}

fn certificate_of(row: CertificateRow) -> EndingCertificate {
    EndingCertificate {
        offer_id: row.offer_id,
        name: row.name,
        village_code: row.village_code,
        village_name: row.village_name,
        town_name: row.town_name,
        until: Day(row.until),
    }
}

fn fallen_of(row: FallenRow) -> FallenVillage {
    FallenVillage {
        code: row.code,
        name: row.name,
        town_name: row.town_name,
        this_year_fen: Fen(row.this_year_fen),
        last_year_fen: Fen(row.last_year_fen),
    }
}
