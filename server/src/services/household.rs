//! 低收入户: registered households. Their names stay between the village and the centre.

use super::idempotency::{Key, once};
use super::{App, Error, right, search};
use crate::store;
use futures::FutureExt as _;
use shared::api::household::HouseholdOut;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::identity::{Actor, Role};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;

/// Registers a household under a village.
///
/// # Errors
/// `Invalid` for a name that is empty, longer than 30 or not of letters; `NotFound`, `Forbidden`.
pub async fn add(
    app: &App,
    actor: &Actor,
    key: &Key,
    village_code: &str,
    name: &str,
) -> Result<HouseholdOut, Error> {
    right::require(actor, Action::OfferWrite, Place::village(village_code))?;
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Error::field("name", FieldCode::Required));
    }
    if name.chars().count() > 30 {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "name",
            FieldCode::TooLong,
            30,
        )]));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::field("name", FieldCode::BadCharacters));
    }
    // The centre may write for any village, also for a code that no village has.
    store::village::by_code(app.db.read(), village_code, app.today().year())
        .await?
        .ok_or(Error::not_found())?;
    let body = (village_code.to_owned(), name.clone());
    let job = Arc::new((app.clone(), actor.clone(), body.clone()));
    let added = once(app, actor.person_id, "household.add", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, (village_code, name)) = &*job;
            let id = app.new_id();
            store::household::insert(tx, id, village_code, name).await?;
            let entry = store::audit::Entry {
                action: "household.add",
                object_kind: "household",
                object_id: id.to_string(),
                village_code: Some(village_code.clone()),
                // Never the name: the log is read by more people than the village and the centre.
                detail: if actor.grant.role == Role::CentreOperator {
                    "代办".to_owned()
                } else {
                    String::new()
                },
                ..Default::default()
            };
            store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?;
            Ok(HouseholdOut {
                id,
                village_code: village_code.clone(),
                name: name.clone(),
            })
        }
        .boxed()
    })
    .await?;
    search::renamed(app);
    Ok(added)
}
