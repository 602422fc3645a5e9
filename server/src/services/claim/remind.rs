//! The centre's time to answer a claim: it is reminded before its last day and on it. After that nothing is decided by the program:
//! the centre's finance, who sees to it as a second, the auditor and the unit are told, and again every week.

use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error};
use crate::store::audit::Entry;
use crate::store::reminder::Due;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::calendar::Day;
use shared::domain::identity::Role;

/// The mark under which these reminders are kept.
const MARK: &str = "claim.answer";
/// Days before the last day on which the centre is first reminded.
const AHEAD_D: i32 = 2;
/// Days between two reminders of a claim that is late.
const EVERY_D: i32 = 7;

/// Reminds whoever is to be reminded now. Says how many claims were told of.
///
/// # Errors
/// Whatever the database answers.
pub async fn remind(app: &App) -> Result<usize, Error> {
    if due(app.db.read(), app.today()).await?.is_empty() {
        return Ok(0);
    }
    let job = app.clone();
    app.db
        .write(move |tx| {
            let app = job.clone();
            async move { tell(tx, &app).await }.boxed()
        })
        .await
}

async fn due(connection: &impl sea_orm::ConnectionTrait, today: Day) -> Result<Vec<Due>, Error> {
    let until = today.add_days(AHEAD_D).0;
    Ok(store::reminder::claims(connection, MARK, today.0, until, EVERY_D).await?)
}

async fn tell(tx: &Tx, app: &App) -> Result<usize, Error> {
    let now = app.now();
    let due = due(tx, now.day()).await?;
    store::reminder::told(tx, MARK, now.0, &due).await?;
    let (mut notices, mut escalated) = (Vec::new(), Vec::new());
    for claim in &due {
        let late = claim.round >= 2;
        let mut to = vec![To::Role(Role::CentreOperator)];
        if late {
            to.extend([
                To::Role(Role::CentreFinance),
                To::Role(Role::Auditor),
                To::Unit(claim.unit_id, Role::UnitRequester),
            ]);
        }
        if claim.round == 2 {
            escalated.push(Entry {
                action: "claim.overdue",
                object_kind: "claim",
                object_id: claim.id.to_string(),
                unit_id: Some(claim.unit_id),
                detail: claim.number.clone(),
                ..Entry::default()
            });
        }
        notices.extend(to.into_iter().map(|to| Notice {
            to,
            kind: if late {
                NoticeKind::ClaimOverdue
            } else {
                NoticeKind::ClaimDue
            },
            subject: claim.number.clone(),
            path: format!("/claims/{}", claim.id),
        }));
    }
    notice::tell(tx, now, notices).await?;
    if !escalated.is_empty() {
        store::audit::insert(tx, now, None, escalated).await?;
    }
    Ok(due.len())
}
