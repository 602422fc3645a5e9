//! Whose an account is, in words: a unit's, a village's or a co-op's name; a household's only for those who may read it.

use super::{App, Error};
use crate::store;
use shared::domain::identity::Actor;
use shared::domain::ledger::{AccountKind, OwnerKind};
use shared::domain::rights::{Action, Place, Scope};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whose an account is.
pub enum Owner {
    /// By its name.
    Name(String),
    /// One household of its village, the first, second, third …, whose name the reader may not know.
    Household(i64),
}

/// The owners' names of these accounts (kind and owner as stored), by the owner.
///
/// # Errors
/// Whatever the database answers.
pub async fn names(
    app: &App,
    actor: &Actor,
    accounts: &[(&str, &str)],
) -> Result<BTreeMap<String, Owner>, Error> {
    let read = app.db.read();
    let of = |kind: AccountKind| -> Vec<Uuid> {
        (accounts.iter())
            .filter(|(known, _)| *known == kind.as_str())
            .filter_map(|(_, owner)| owner.parse().ok())
            .collect()
    };
    let units = [of(AccountKind::UnitReceivable), of(AccountKind::UnitDeposit)].concat();
    let mut names = BTreeMap::new();
    for row in store::ledger_names::units(read, &units).await? {
        names.insert(row.id.to_string(), Owner::Name(row.name));
    }
    for row in store::ledger_names::sellers(read, &of(AccountKind::CoopPayable)).await? {
        names.insert(row.id.to_string(), Owner::Name(row.name));
    }
    let all = actor.reach(Action::LedgerRead) == Some(Scope::District);
    for row in store::ledger_names::households(read, &of(AccountKind::HouseholdPayable)).await? {
        let may = all || actor.may(Action::OfferWrite, Place::village(&row.village_code));
        // A town's officer sees that it is one household and always the same one, and not who it is.
        let owner = if may {
            Owner::Name(row.name)
        } else {
            Owner::Household(row.place)
        };
        names.insert(row.id.to_string(), owner);
    }
    let of_village =
        |kind: &str| AccountKind::from_name(kind).is_some_and(|kind| kind.owner_kind() == OwnerKind::Village);
    let villages: Vec<&str> = (accounts.iter())
        .filter(|(kind, _)| of_village(kind))
        .map(|(_, owner)| *owner)
        .collect();
    for row in store::ledger_names::villages(read, &villages).await? {
        names.insert(row.code, Owner::Name(row.name));
    }
    Ok(names)
}
