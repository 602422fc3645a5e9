//! Reminders: each is told once. What was told is marked in the same transaction, so that rounds may be run by several
//! programs, and as often as they like.

use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error};
use crate::store::reminder::Due;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::calendar::Micros;
use shared::domain::identity::Role;

/// The last reminder to a village comes so many hours before its deadline.
const LAST_H: i64 = 4;
/// Approvers are reminded so many hours before a hold ends.
const HOLD_H: i64 = 8;

/// The reminders, in the order in which they are looked for.
#[derive(Clone, Copy)]
enum Reminder {
    /// To the village, hours before its deadline.
    Last,
    /// To the village, when half of its time is over.
    Half,
    /// To the approvers, before a hold ends.
    Hold,
    /// To the unit, on the day before delivery.
    Tomorrow,
}

impl Reminder {
    const ALL: [Self; 4] = [Self::Last, Self::Half, Self::Hold, Self::Tomorrow];

    /// The name under which it is marked.
    const fn mark(self) -> &'static str {
        match self {
            Self::Last => "village_order.last",
            Self::Half => "village_order.half",
            Self::Hold => "order.hold",
            Self::Tomorrow => "order.tomorrow",
        }
    }

    async fn due(self, connection: &impl sea_orm::ConnectionTrait, now: Micros) -> Result<Vec<Due>, Error> {
        let mark = self.mark();
        let last = now.plus_hours(LAST_H).0;
        let today = now.day();
        let found = match self {
            Self::Last => {
                store::reminder::unanswered(connection, mark, now.0, (now.0, last + 1), false).await
            }
            // Who is about to be told that it is pressing need not hear that half is over.
            Self::Half => {
                store::reminder::unanswered(connection, mark, now.0, (last + 1, i64::MAX), true).await
            }
            Self::Hold => store::reminder::holds(connection, mark, now.0, now.plus_hours(HOLD_H).0).await,
            Self::Tomorrow => {
                let tomorrow = today.add_days(1).0;
                store::reminder::wanted(connection, mark, tomorrow, today.start().0).await
            }
        };
        Ok(found?)
    }

    fn notice(self, due: &Due) -> Notice {
        let village = || To::Village(due.village_code.clone().unwrap_or_default());
        let (to, kind, room) = match self {
            Self::Last => (village(), NoticeKind::VillageOrderLast, "village-orders"),
            Self::Half => (village(), NoticeKind::VillageOrderHalf, "village-orders"),
            Self::Hold => (
                To::Unit(due.unit_id, Role::UnitApprover),
                NoticeKind::HoldEnding,
                "orders",
            ),
            Self::Tomorrow => (
                To::Unit(due.unit_id, Role::UnitRequester),
                NoticeKind::OrderTomorrow,
                "orders",
            ),
        };
        Notice {
            to,
            kind,
            subject: due.number.clone(),
            path: format!("/{room}/{}", due.id),
        }
    }
}

/// Reminds whoever is to be reminded now. Says how many reminders were told; the program runs it every minute.
///
/// # Errors
/// Whatever the database answers.
pub async fn remind(app: &App) -> Result<usize, Error> {
    let mut told = 0;
    for reminder in Reminder::ALL {
        // Most rounds find nothing: they cost a reader, and no turn of the writer.
        if reminder.due(app.db.read(), app.now()).await?.is_empty() {
            continue;
        }
        let app = app.clone();
        let db = app.db.clone();
        told += db
            .write(move |tx| {
                let app = app.clone();
                async move { tell(tx, &app, reminder).await }.boxed()
            })
            .await?;
    }
    Ok(told)
}

async fn tell(tx: &Tx, app: &App, reminder: Reminder) -> Result<usize, Error> {
    let now = app.now();
    let due = reminder.due(tx, now).await?;
    store::reminder::told(tx, reminder.mark(), now.0, &due).await?;
    notice::tell(tx, now, due.iter().map(|thing| reminder.notice(thing)).collect()).await?;
    Ok(due.len())
}
