//! Asking the table of rights.

use super::Error;
use shared::api::problem::Code;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place, Scope};

/// Refuses unless the actor may do this there.
///
/// # Errors
/// `Forbidden` when the role may never do it; `NotFound` when it may, but not there: whether the thing exists is not told.
pub fn require(actor: &Actor, action: Action, place: Place<'_>) -> Result<(), Error> {
    if actor.may(action, place) {
        return Ok(());
    }
    Err(Error::refused(if actor.reach(action).is_some() {
        Code::NotFound
    } else {
        Code::Forbidden
    }))
}

/// How far the actor's lists reach for this action.
///
/// # Errors
/// `Forbidden` when the role may never do it.
pub fn reach(actor: &Actor, action: Action) -> Result<Scope, Error> {
    actor.reach(action).ok_or(Error::refused(Code::Forbidden))
}
