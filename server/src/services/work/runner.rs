//! Who does long work: takes the oldest that waits under a lease, so that of several processes only one does it and
//! another goes on where one that died stopped.

use super::{export, grant_of, import, kind_of, statement};
use crate::services::notice::{self, Notice, NoticeKind, To};
use crate::services::{App, Error, receipt};
use crate::store;
use crate::store::work::{Ending, WorkRow};
use futures::FutureExt as _;
use shared::api::work::{WorkKind, WorkState};
use shared::domain::identity::Actor;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long a holder that is not heard of keeps its work.
const LEASE_S: i64 = 30;
/// How long to wait for the bell before looking by itself: another process may have queued something.
const PAUSE: Duration = Duration::from_secs(5);

/// What came of looking for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was none.
    Nothing,
    /// One piece ended, or waits for a person.
    Ended,
    /// One piece was left: stopped by a person, taken over, or the steps were used up.
    Left,
}

/// One piece of work in somebody's hands.
#[derive(Clone)]
pub(super) struct Held {
    /// The work as it stood when it was taken.
    pub work: WorkRow,
    /// Who holds it.
    pub holder: Uuid,
    /// Who asked for it, in the role they asked in.
    pub actor: Actor,
    /// How many more steps may be done.
    pub steps: usize,
}

impl Held {
    /// Until when it is held.
    pub fn lease_until(app: &App) -> i64 {
        app.now().0.saturating_add(LEASE_S * 1_000_000)
    }

    /// One step more, if there may be one.
    pub fn step(&mut self, app: &App) -> bool {
        if app.stop.is_cancelled() {
            return false;
        }
        match self.steps.checked_sub(1) {
            Some(left) => {
                self.steps = left;
                true
            }
            None => false,
        }
    }
}

/// How a piece of work came out.
pub(super) struct Ended {
    /// The state it is in now.
    pub state: WorkState,
    /// The file that came of it.
    pub result: Option<(Uuid, String)>,
    /// What stands on record of it.
    pub entry: Option<store::audit::Entry>,
}

/// Does long work until the program is told to stop; what is under way then stops behind its present step.
pub async fn run(app: &App, holder: Uuid) {
    while !app.stop.is_cancelled() {
        if !app.read_only() {
            match run_next(app, holder).await {
                Ok(Outcome::Ended | Outcome::Left) => continue,
                Ok(Outcome::Nothing) => {}
                Err(error) => crate::error::record(&error),
            }
        }
        tokio::select! {
            () = app.bell.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stop.cancelled() => return,
        }
    }
}

/// Gives back what this process has under way, when it goes down by itself.
///
/// # Errors
/// When the database cannot be reached.
pub async fn release(app: &App) -> Result<(), Error> {
    for holder in app.holders {
        app.db
            .write(move |tx| async move { Ok(store::work::release(tx, holder).await?) }.boxed())
            .await?;
    }
    Ok(())
}

/// Does the next piece of work to its end.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run_next(app: &App, holder: Uuid) -> Result<Outcome, Error> {
    run_steps(app, holder, usize::MAX).await
}

/// Does so many steps of the next piece of work and then leaves it as one who dies would.
///
/// # Errors
/// When the database cannot be reached.
pub async fn run_steps(app: &App, holder: Uuid, steps: usize) -> Result<Outcome, Error> {
    let (now, until) = (app.now().0, Held::lease_until(app));
    let claimed = app
        .db
        .write(move |tx| async move { Ok(store::work::claim(tx, holder, now, until).await?) }.boxed())
        .await?;
    let Some(work) = claimed else {
        return Ok(Outcome::Nothing);
    };
    let actor = match actor_of(app, &work).await {
        Ok(actor) => actor,
        Err(error) => return fail(app, &work, holder, &error).await,
    };
    let mut held = Held {
        work,
        holder,
        actor,
        steps,
    };
    let done = match kind_of(&held.work)? {
        WorkKind::Import if held.work.subject == receipt::SUBJECT => statement::run(app, &mut held).await,
        WorkKind::Import => import::run(app, &mut held).await,
        WorkKind::Export => export::run(app, &mut held).await,
    };
    match done {
        Ok(Some(ended)) => end(app, &held.work, holder, ended, None).await,
        Ok(None) => Ok(Outcome::Left),
        // It is tried again when the database is back.
        Err(error) if error.code() == shared::api::problem::Code::Unavailable => Err(error),
        Err(error) => fail(app, &held.work, holder, &error).await,
    }
}

/// Who asked for it: their role must still be theirs.
async fn actor_of(app: &App, work: &WorkRow) -> Result<Actor, Error> {
    Ok(Actor {
        person_id: work.person_id,
        person_name: work.person_name.clone(),
        grant: grant_of(app, work).await?,
        proven_at: None,
    })
}

async fn fail(app: &App, work: &WorkRow, holder: Uuid, error: &Error) -> Result<Outcome, Error> {
    crate::error::record(error);
    let ended = Ended {
        state: WorkState::Failed,
        result: None,
        entry: None,
    };
    end(app, work, holder, ended, Some(error.code().as_str())).await
}

async fn end(
    app: &App,
    work: &WorkRow,
    holder: Uuid,
    ended: Ended,
    problem: Option<&'static str>,
) -> Result<Outcome, Error> {
    let now = app.now();
    let kind = match ended.state {
        WorkState::Waiting => NoticeKind::WorkWaiting,
        WorkState::Failed => NoticeKind::WorkFailed,
        _ => NoticeKind::WorkDone,
    };
    let told = Notice {
        to: To::Person(work.person_id),
        kind,
        subject: subject_of(work),
        path: format!("/works/{}", work.id),
    };
    let ending = Ending {
        state: ended.state.as_str(),
        problem,
        result: ended.result,
        at: now.0,
    };
    let job = Arc::new((work.id, work.person_id, ending, told, ended.entry));
    let kept = app
        .db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (id, _, ending, told, entry) = &*job;
                if !store::work::end(tx, *id, holder, ending).await? {
                    return Ok(false);
                }
                if let Some(entry) = entry {
                    store::audit::insert(tx, now, None, vec![entry.clone()]).await?;
                }
                notice::tell(tx, now, vec![told.clone()]).await?;
                Ok(true)
            }
            .boxed()
        })
        .await?;
    Ok(if kept { Outcome::Ended } else { Outcome::Left })
}

/// What a notice says it is about: the file that came in, or the list.
fn subject_of(work: &WorkRow) -> String {
    if work.input_name.is_empty() {
        frontend::text::work::subject(frontend::text::Lang::Zh, &work.subject).to_owned()
    } else {
        work.input_name.clone()
    }
}
