//! 证书: those that run out soon; their village is told, once for each last day.

use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, catalogue, fault, paging, right};
use crate::store;
use crate::store::certificate::{CertificateRow as Stored, Filter};
use futures::FutureExt as _;
use shared::api::certificate::CertificateRow;
use shared::api::page::Page;
use shared::api::problem::Code;
use shared::domain::calendar::Day;
use shared::domain::certificate::CertificateKind;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Scope};
use uuid::Uuid;

/// Days before the last one from which on a certificate stands in the list.
pub const SOON_DAYS: i32 = 60;
/// Days after it for which it still does.
const PAST_DAYS: i32 = 30;

/// Certificates of what is on sale or paused that run out within 60 days, or ran out within the last 30, the nearest last
/// day first, as far as the actor's role reaches.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<CertificateRow>, Error> {
    let mut filter = Filter::default();
    match right::reach(actor, Action::OfferRead)? {
        Scope::District => {}
        Scope::OwnVillage => filter.village = Some(actor.grant.village_code.as_deref().unwrap_or_default()),
        Scope::OwnTown => filter.town = Some(actor.grant.town_code.as_deref().unwrap_or_default()),
        Scope::OwnUnit => return Err(Error::refused(Code::Forbidden)),
    }
    let (after, limit, today) = (paging::read(after)?, paging::limit(limit), app.today());
    let (first, last) = days(today);
    let days = (first.0, last.0);
    let rows = store::certificate::running_out(app.db.read(), filter, days, after, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (i64::from(row.certificate_until), row.id),
        |row| row_of(row, today),
    )
}

/// The first and the last day on which a certificate of the list runs out.
pub(super) fn days(today: Day) -> (Day, Day) {
    (today.add_days(-PAST_DAYS), today.add_days(SOON_DAYS))
}

fn row_of(row: &Stored, today: Day) -> Result<CertificateRow, Error> {
    let kind = CertificateKind::from_name(&row.certificate_kind)
        .ok_or_else(|| fault(format!("stored certificate kind '{}'", row.certificate_kind)))?;
    let until = Day(row.certificate_until);
    Ok(CertificateRow {
        offer_id: row.id,
        status: catalogue::status_of(&row.status)?,
        name: row.name.clone(),
        grade: row.grade.clone(),
        village_code: row.village_code.clone(),
        village_name: row.village_name.clone(),
        town_name: row.town_name.clone(),
        kind,
        number: row.certificate_no.clone(),
        until,
        days_left: until.days_since(today),
        told: row.certificate_told == Some(row.certificate_until),
    })
}

/// Tells villages of certificates that run out within 60 days, each once for each last day. Says of how many.
///
/// # Errors
/// Whatever the database answers.
pub async fn tell(app: &App) -> Result<usize, Error> {
    const AT_ONCE: i64 = 100;
    let today = app.today();
    let filter = Filter {
        untold: true,
        ..Filter::default()
    };
    let days = (today.0, today.add_days(SOON_DAYS).0);
    let due = store::certificate::running_out(app.db.read(), filter, days, None, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let (now, count) = (app.now(), due.len());
    app.db
        .write(move |tx| {
            let due = due.clone();
            async move {
                let ids: Vec<Uuid> = due.iter().map(|row| row.id).collect();
                if store::certificate::told(tx, &ids).await? != ids.len() as u64 {
                    return Err(Error::Again);
                }
                let entries = due
                    .iter()
                    .map(|row| store::audit::Entry {
                        action: "certificate.tell",
                        object_kind: "offer",
                        object_id: row.id.to_string(),
                        village_code: Some(row.village_code.clone()),
                        detail: format!("{} {}", row.certificate_no, Day(row.certificate_until)),
                        ..store::audit::Entry::default()
                    })
                    .collect();
                let notices = due
                    .iter()
                    .map(|row| Notice {
                        to: To::Village(row.village_code.clone()),
                        kind: NoticeKind::CertificateRunsOut,
                        subject: format!(
                            "{} {} {}",
                            row.name,
                            row.certificate_no,
                            Day(row.certificate_until)
                        ),
                        path: format!("/offers/{}", row.id),
                    })
                    .collect();
                notice::tell(tx, now, notices).await?;
                Ok(store::audit::insert(tx, now, None, entries).await?)
            }
            .boxed()
        })
        .await?;
    Ok(count)
}
