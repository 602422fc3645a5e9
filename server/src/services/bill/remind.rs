//! Reminding units of bills: a week before the last day, on it, and every two weeks after it, each once.

use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::calendar::Day;
use shared::domain::identity::Role;

/// The mark under which reminders of bills are kept.
const MARK: &str = "bill.due";
/// Days before the last day to pay on which a unit is first reminded.
const AHEAD_D: i32 = 7;
/// Days between two reminders of an overdue bill.
const EVERY_D: i32 = 14;

/// Reminds whoever is to be reminded now. Says how many were told.
///
/// # Errors
/// Whatever the database answers.
pub async fn remind(app: &App) -> Result<usize, Error> {
    let today = app.today();
    if due(app.db.read(), today).await?.is_empty() {
        return Ok(0);
    }
    let app2 = app.clone();
    app.db
        .write(move |tx| {
            let app = app2.clone();
            async move { tell(tx, &app).await }.boxed()
        })
        .await
}

async fn due(
    connection: &impl sea_orm::ConnectionTrait,
    today: Day,
) -> Result<Vec<store::reminder::Due>, Error> {
    let rows = store::reminder::bills(connection, MARK, today.0, today.add_days(AHEAD_D).0, EVERY_D).await?;
    Ok(rows)
}

async fn tell(tx: &Tx, app: &App) -> Result<usize, Error> {
    let now = app.now();
    let due = due(tx, now.day()).await?;
    store::reminder::told(tx, MARK, now.0, &due).await?;
    let notices = due.iter().map(|bill| Notice {
        to: To::Unit(bill.unit_id, Role::UnitFinance),
        kind: if bill.round < 2 {
            NoticeKind::BillDue
        } else {
            NoticeKind::BillOverdue
        },
        subject: bill.number.clone(),
        path: format!("/bills/{}", bill.id),
    });
    notice::tell(tx, now, notices.collect()).await?;
    Ok(due.len())
}
