//! 帮扶单位: the actor's own unit.

use super::{App, Error, fault};
use crate::store;
use shared::api::problem::Code;
use shared::api::unit::{UnitKind, UnitOut};
use shared::domain::identity::Actor;

/// The unit that the actor acts for.
///
/// # Errors
/// `Forbidden` when the active role is no unit's.
pub async fn own(app: &App, actor: &Actor) -> Result<UnitOut, Error> {
    let id = actor.grant.unit_id.ok_or(Error::refused(Code::Forbidden))?;
    let row = store::unit::find(app.db.read(), id).await?.ok_or(Error::not_found())?;
    Ok(UnitOut {
        id: row.id,
        code: row.code,
        name: row.name,
        kind: UnitKind::from_name(&row.kind).ok_or_else(|| fault("stored unit kind"))?,
        address: row.address,
        terms_days: row.terms_days,
        demo: row.demo,
    })
}
