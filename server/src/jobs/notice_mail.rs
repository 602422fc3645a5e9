//! Notices by mail, to those who have an address, one letter a person and round.

use crate::ports::mail::{Letter, MailError};
use crate::services::{App, Error};
use crate::store::{self, notice::Unmailed};
use frontend::text::{Lang, notice};
use futures::FutureExt as _;
use shared::domain::notice::NoticeKind;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Notices of one round.
const AT_ONCE: i64 = 200;
/// What was told earlier than this is mailed no more: it was in the market all the time.
const YOUNG_US: i64 = 24 * 3_600_000_000;
/// Lines of one letter.
const LINES_MAX: usize = 20;

/// Mails what was told since the last round. Notices are claimed before they are sent, so that two processes never send
/// the same; what the server does not take is tried again in the next round.
///
/// # Errors
/// Whatever the database answers.
pub async fn mail_due(app: &App) -> Result<(), Error> {
    if !app.mail.configured() {
        return Ok(());
    }
    let now = app.now().0;
    let claimed = app
        .db
        .write(move |tx| {
            async move {
                let claimed = store::notice::claim(tx, now, now - YOUNG_US, AT_ONCE).await?;
                claimed.ok_or(Error::Again)
            }
            .boxed()
        })
        .await?;
    if claimed.is_empty() {
        return Ok(());
    }
    let readers = store::notice::readers(app.db.read(), &claimed).await?;
    let mut letters = BTreeMap::<String, Vec<&Unmailed>>::new();
    for reader in &readers {
        let told = claimed
            .iter()
            .filter(|notice| reader.audiences().contains(&notice.audience));
        for notice in told {
            let letter = letters.entry(reader.email.clone()).or_default();
            if !letter.iter().any(|earlier| earlier.id == notice.id) {
                letter.push(notice);
            }
        }
    }
    for (to, told) in letters {
        match app.mail.send(letter(app, to, &told)).await {
            Ok(()) => {}
            Err(error @ (MailError::Malformed(_) | MailError::NotConfigured)) => {
                tracing::warn!(%error, "a notice could not be mailed");
            }
            Err(error) => {
                tracing::warn!(%error, "the mail server did not take notices; they are tried again");
                let again: Vec<Uuid> = told.iter().map(|notice| notice.id).collect();
                app.db
                    .write(move |tx| {
                        let again = again.clone();
                        async move { Ok(store::notice::unclaim(tx, &again).await?) }.boxed()
                    })
                    .await?;
            }
        }
    }
    Ok(())
}

fn letter(app: &App, to: String, told: &[&Unmailed]) -> Letter {
    let mut text = String::new();
    for notice in told.iter().take(LINES_MAX) {
        let kind = NoticeKind::from_name(&notice.kind).unwrap_or(NoticeKind::General);
        text.push_str(&notice::sentence(Lang::Zh, kind, &notice.subject));
        text.push_str(&format!("\n{}{}\n\n", app.config.public_url, notice.path));
    }
    text.push_str(&format!("全部消息：{}/notices\n", app.config.public_url));
    Letter {
        to,
        subject: format!("蓟州帮扶集市：{} 条新消息", told.len()),
        text,
    }
}
