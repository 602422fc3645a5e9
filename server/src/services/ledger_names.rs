//! Whose an account is, in words: a unit's, a village's or a co-op's name; a household's only for those who may read it.

use super::{App, Error};
use crate::store;
use crate::store::ledger::EntryRow;
use shared::domain::identity::Actor;
use shared::domain::ledger::AccountKind;
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

/// The owners' names of these entries, by the owner as stored.
///
/// # Errors
/// Whatever the database answers.
pub async fn names(app: &App, actor: &Actor, entries: &[EntryRow]) -> Result<BTreeMap<String, Owner>, Error> {
    let read = app.db.read();
    let of = |kind: AccountKind| -> Vec<Uuid> {
        (entries.iter())
            .filter(|e| e.account_kind == kind.as_str())
            .filter_map(|e| e.owner.parse().ok())
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
    let villages: Vec<&str> = (entries.iter())
        .filter(|e| e.account_kind == AccountKind::VillagePayable.as_str())
        .map(|e| e.owner.as_str())
        .collect();
    for row in store::ledger_names::villages(read, &villages).await? {
        names.insert(row.code, Owner::Name(row.name));
    }
    Ok(names)
}
