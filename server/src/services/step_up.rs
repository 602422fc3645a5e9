//! 再次验证: before money or rights change, one has proven oneself within the last minutes.

use super::session::{self, Client, SignedIn, Standing};
use super::{App, Error, password, right, second_factor, throttle};
use crate::store;
use futures::FutureExt as _;
use shared::api::problem::{Code, FieldCode};
use shared::api::second_factor::{StepUpIn, StepUpOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};

/// How long a proof holds.
pub const HOLDS_S: i64 = 600;

/// Refuses unless the actor has proven themselves within the last ten minutes: the one check of every use case that
/// changes money or rights.
///
/// # Errors
/// `StepUpNeeded`.
pub fn require_recent(app: &App, actor: &Actor) -> Result<(), Error> {
    let now = app.now().0;
    let recent = actor
        .proven_at
        .is_some_and(|at| now.saturating_sub(at.0) <= HOLDS_S * 1_000_000);
    if recent {
        Ok(())
    } else {
        Err(Error::refused(Code::StepUpNeeded))
    }
}

/// Proves oneself: by a code where there is a second factor, by the password where there is none. A session that was
/// half open is open then. A token proves itself the same way, for the same time.
///
/// # Errors
/// `Invalid` for a wrong code or a missing field; `WrongCredentials` for a wrong password; `TooManyTries`;
/// `SecondFactorNeeded` for one who has yet to set it up.
pub async fn prove(app: &App, who: &SignedIn, input: &StepUpIn, client: &Client) -> Result<StepUpOut, Error> {
    right::require(&who.actor, Action::SelfWrite, Place::DISTRICT)?;
    if who.standing == Standing::NeedsEnrolment {
        return Err(Error::refused(Code::SecondFactorNeeded));
    }
    let typed = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (code, password) = (typed(&input.code), typed(&input.password));
    let attempt = if who.me.second_factor {
        let name = second_factor::tries_of(who.actor.person_id);
        if code.is_none() {
            return Err(Error::field("code", FieldCode::Required));
        }
        throttle::begin(app, &name, client.address).await?
    } else {
        let Some(password) = password else {
            return Err(Error::field("password", FieldCode::Required));
        };
        let attempt = throttle::begin(app, &who.me.sign_in_name, client.address).await?;
        let person = store::person::by_id(app.db.read(), who.actor.person_id).await?;
        if !password::verify(app, &password, person.and_then(|p| p.password_hash)).await? {
            return Err(Error::refused(Code::WrongCredentials));
        }
        attempt
    };
    let (now, who) = (app.now(), who.clone());
    let code = code.filter(|_| who.me.second_factor);
    app.db
        .write(move |tx| {
            let (who, attempt, code) = (who.clone(), attempt.clone(), code.clone());
            async move {
                let mut entry = session::entry("session.prove", "session", who.session_id);
                if let Some(code) = &code {
                    second_factor::spend(tx, who.actor.person_id, code, now)
                        .await?
                        .clone_into(&mut entry.detail);
                }
                let proven = if who.token {
                    store::token::prove(tx, who.session_id, now).await?
                } else {
                    store::session::prove(tx, who.session_id, now, code.is_some()).await?
                };
                if !proven {
                    return Err(Error::refused(Code::NotSignedIn));
                }
                throttle::succeeded(tx, &attempt, now).await?;
                Ok(store::audit::insert(tx, now, Some(&who.actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    Ok(StepUpOut {
        until: Micros(now.0 + HOLDS_S * 1_000_000),
    })
}
