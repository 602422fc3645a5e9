//! 消息: telling people what they should know, in the same transaction as its cause.

use super::{App, Error, fault, paging};
use crate::store::notice::{NewNotice, NoticeRow};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::notice::NoticeOut;
use shared::api::page::Page;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
pub use shared::domain::notice::{NoticeKind, To};

/// Something to tell.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Whom.
    pub to: To,
    /// What about; its sentence is in the reader's language.
    pub kind: NoticeKind,
    /// The thing's number or name; never a secret and never a household's name.
    pub subject: String,
    /// Where to go, as `/orders/…`.
    pub path: String,
}

/// Tells all of it with one statement; nothing is told when the transaction is given up.
///
/// # Errors
/// Whatever the database answers.
pub async fn tell(tx: &Tx, now: Micros, notices: Vec<Notice>) -> Result<(), Error> {
    if notices.is_empty() {
        return Ok(());
    }
    let rows = notices
        .into_iter()
        .map(|notice| NewNotice {
            audience: notice.to.audience(),
            kind: notice.kind.as_str(),
            subject: notice.subject,
            path: notice.path,
        })
        .collect();
    Ok(store::notice::insert(tx, now, rows).await?)
}

/// The actor's notices, newest first: those of the person and those of the role they act in.
///
/// # Errors
/// `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<NoticeOut>, Error> {
    let read = app.db.read();
    let limit = paging::limit(limit);
    let before = paging::read(after)?;
    let seen_at = store::notice::seen_at(read, actor.grant.id).await?;
    let rows = store::notice::newest(read, audiences(actor), before, limit + 1).await?;
    paging::page(rows, limit, |row| (row.at, row.id), |row| out_of(row, seen_at))
}

/// The actor has read everything until now.
///
/// # Errors
/// Whatever the database answers.
pub async fn mark_seen(app: &App, actor: &Actor) -> Result<(), Error> {
    let (grant_id, now) = (actor.grant.id, app.now());
    app.db
        .write_quietly(move |tx| async move { Ok(store::notice::seen(tx, grant_id, now.0).await?) }.boxed())
        .await
}

/// Lines in the basket and unread notices, for the frame of every page.
///
/// # Errors
/// Whatever the database answers.
pub async fn counts(app: &App, actor: &Actor, basket_key: &str) -> Result<(i64, i64), Error> {
    let counted = store::notice::counts(app.db.read(), basket_key, audiences(actor), actor.grant.id).await?;
    Ok(counted.map_or((0, 0), |c| (c.basket, c.notices)))
}

/// Whom the actor's notices are for.
pub(super) fn audiences(actor: &Actor) -> [String; 2] {
    To::of(actor.person_id, &actor.grant)
}

fn out_of(row: &NoticeRow, seen_at: i64) -> Result<NoticeOut, Error> {
    Ok(NoticeOut {
        id: row.id,
        at: Micros(row.at),
        kind: NoticeKind::from_name(&row.kind)
            .ok_or_else(|| fault(format!("stored kind of notice '{}' is unknown", row.kind)))?,
        subject: row.subject.clone(),
        path: row.path.clone(),
        new: row.at > seen_at,
    })
}
