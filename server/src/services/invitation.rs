//! 邀请: the one-time links that administrators hand out, on screen and by mail.

use super::{App, Error, link, right, session, step_up};
use crate::ports::mail::Letter;
use crate::store;
use futures::FutureExt as _;
use shared::api::person::LinkOut;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::time::Duration;
use uuid::Uuid;

/// How long the one who invites waits for the mail server.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes a new link through which a person sets their password, and mails it where that can be done; earlier ones end.
/// An administrator cannot set the password for them.
///
/// # Errors
/// `Forbidden`, `NotFound`; `WrongState` for a suspended person; `StepUpNeeded`.
pub async fn new_link(app: &App, actor: &Actor, id: Uuid) -> Result<LinkOut, Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let mut made = link::make(app, Some(id));
    let (now, actor, stored) = (app.now(), actor.clone(), made.stored);
    let person = app
        .db
        .write(move |tx| {
            let (actor, stored) = (actor.clone(), stored.clone());
            async move {
                let person = store::person::by_id(tx, id).await?.ok_or_else(Error::not_found)?;
                if person.suspended {
                    return Err(Error::wrong_state());
                }
                store::link::end_of_person(tx, id, now).await?;
                store::link::insert(tx, stored).await?;
                let mut entry = session::entry("person.link", "person", id);
                entry.detail = if person.password_hash.is_some() {
                    "reset"
                } else {
                    "invite"
                }
                .to_owned();
                store::audit::insert(tx, now, Some(&actor), vec![entry]).await?;
                Ok((person.name, person.email, person.password_hash.is_some()))
            }
            .boxed()
        })
        .await?;
    let (name, email, known) = person;
    if let Some(email) = email {
        made.out.mailed_to = mailed(app, &email, &name, known, &made.out).await;
    }
    Ok(made.out)
}

/// Sends a link, and answers where to. It is no failure when mail cannot be sent: the link is on the screen too.
async fn mailed(app: &App, email: &str, name: &str, known: bool, link: &LinkOut) -> Option<String> {
    if !app.mail.configured() {
        return None;
    }
    let what = if known {
        "设置新密码 / set a new password"
    } else {
        "开通账号 / open your account"
    };
    let url = format!("{}{}", app.config.public_url, link.path);
    let letter = Letter {
        to: email.to_owned(),
        subject: format!("蓟州帮扶集市：{what}"),
        text: format!(
            "{name}，您好：\n\n请在 48 小时内打开下面的链接，设置只有您知道的密码。链接只能用一次，请不要转发。\n\
            如果不是您要的，请告诉管理员。\n\n{url}\n\n\
            Hello {name},\nopen this link within 48 hours and choose a password that only you know. It works once; do not \
            forward it. If you did not ask for it, tell the administrator.\n"
        ),
    };
    match tokio::time::timeout(PATIENCE, app.mail.send(letter)).await {
        Ok(Ok(())) => Some(email.to_owned()),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a one-time link was not mailed");
            None
        }
        Err(_) => {
            tracing::warn!("a one-time link was not mailed: the mail server took too long");
            None
        }
    }
}

/// Ends every link of a person that was not used.
///
/// # Errors
/// `Forbidden`; `NotFound` when there is none; `StepUpNeeded`.
pub async fn revoke_links(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    right::require(actor, Action::PeopleWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |tx| {
            let actor = actor.clone();
            async move {
                if store::link::end_of_person(tx, id, now).await? == 0 {
                    return Err(Error::not_found());
                }
                let entry = session::entry("person.link_revoke", "person", id);
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}
