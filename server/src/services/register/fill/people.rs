//! People from a file, each line with one role.

use super::super::plan::{Refusal, hash_of, known_by};
use super::super::rows;
use super::super::sheet::bad_row;
use super::{Batch, Filling, Good, Seen, Writes, count, unknown};
use crate::documents::sheet::Raw;
use crate::services::Error;
use crate::store;
use crate::store::audit::Entry;
use crate::store::fill::HeldRole;
use crate::store::register::{TownRow, UnitRow, VillageRow};
use crate::store::work::Counts;
use sea_orm::ConnectionTrait;
use shared::api::problem::FieldCode;
use shared::domain::identity::Role;
use std::collections::HashMap;
use uuid::Uuid;

impl Filling {
    pub(super) async fn people(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::person);
        let names: Vec<&str> = good.iter().map(|(_, row)| row.sign_in_name.as_str()).collect();
        let stored = store::fill::people(connection, &names).await?;
        let ids: Vec<Uuid> = stored.iter().map(|person| person.id).collect();
        let held = store::fill::roles(connection, &ids).await?;
        let places = Places::of(connection, &good).await?;
        let known = known_by(stored, |person| person.sign_in_name.clone());
        let mut batch = Batch {
            counts: Counts::default(),
            bad,
            seen: Seen::default(),
            writes: Writes::Offers(Vec::new()),
        };
        let (mut people, mut roles) = (Vec::<(Uuid, String, String)>::new(), Vec::new());
        for (line, row) in &good {
            let mut refuse = |(column, value, code, bound): Refusal| {
                batch.bad.push(bad_row(*line, column, &value, code, bound));
            };
            let (unit_id, village_code, town_code) = match places.find(row) {
                Ok(place) => place,
                Err(refusal) => {
                    refuse(refusal);
                    continue;
                }
            };
            // One line a role: a name may come several times, always with the same person.
            let line_key = format!(
                "{} {} {unit_id:?} {village_code:?} {town_code:?}",
                row.sign_in_name,
                row.role.as_str()
            );
            let name_hash = hash_of(&row.name);
            let person_key = format!("name {}", row.sign_in_name);
            let said = |key: &str| batch.seen.keys.get(key).or_else(|| seen.keys.get(key)).copied();
            let other_name = said(&person_key).is_some_and(|hash| hash != name_hash)
                || known
                    .get(&row.sign_in_name)
                    .is_some_and(|person| person.name != row.name);
            if other_name {
                refuse(("sign_in_name", row.sign_in_name.clone(), FieldCode::Taken, None));
                continue;
            }
            let id = known.get(&row.sign_in_name).map(|person| person.id);
            let role = |person_id| HeldRole {
                person_id,
                role: row.role.as_str().to_owned(),
                unit_id,
                village_code: village_code.clone(),
                town_code: town_code.clone(),
            };
            let repeated = said(&line_key).is_some();
            let known_in_file = said(&person_key).is_some();
            if repeated || id.is_some_and(|id| held.contains(&role(id))) {
                batch.counts.unchanged += 1;
            } else {
                let in_batch = people
                    .iter()
                    .find(|(_, name, _)| *name == row.sign_in_name)
                    .map(|(id, ..)| *id);
                let person_id = id
                    .or(in_batch)
                    .unwrap_or_else(|| crate::ports::ids::new_id(self.now));
                if id.is_none() && in_batch.is_none() {
                    people.push((person_id, row.sign_in_name.clone(), row.name.clone()));
                }
                if id.is_none() && !known_in_file {
                    batch.counts.created += 1;
                } else {
                    batch.counts.changed += 1;
                }
                roles.push((crate::ports::ids::new_id(self.now), role(person_id)));
            }
            batch.seen.keys.insert(line_key, 0);
            batch.seen.keys.insert(person_key, name_hash);
        }
        batch.counts.done = count(rows.len());
        batch.counts.refused = count(batch.bad.len());
        batch.writes = Writes::People(people, roles);
        Ok(batch)
    }
}

/// Where the roles of a file may be.
struct Places {
    units: HashMap<String, UnitRow>,
    villages: HashMap<String, VillageRow>,
    towns: HashMap<String, TownRow>,
}

type Place = (Option<Uuid>, Option<String>, Option<String>);

impl Places {
    async fn of(connection: &impl ConnectionTrait, good: &Good<rows::Person>) -> Result<Self, Error> {
        let units: Vec<&str> = good
            .iter()
            .filter_map(|(_, row)| row.unit_code.as_deref())
            .collect();
        let villages: Vec<&str> = good
            .iter()
            .filter_map(|(_, row)| row.village_code.as_deref())
            .collect();
        let towns: Vec<&str> = good
            .iter()
            .filter_map(|(_, row)| row.town_code.as_deref())
            .collect();
        Ok(Self {
            units: known_by(store::fill::units(connection, &units).await?, |row| {
                row.code.clone()
            }),
            villages: known_by(store::fill::villages(connection, &villages).await?, |row| {
                row.code.clone()
            }),
            towns: known_by(store::fill::towns(connection, &towns).await?, |row| {
                row.code.clone()
            }),
        })
    }

    fn find(&self, row: &rows::Person) -> Result<Place, Refusal> {
        let unit = row.unit_code.as_ref().map(|code| {
            let unit = self.units.get(code).ok_or_else(|| unknown("unit_code", code));
            unit.map(|unit| unit.id)
        });
        if let Some(code) = row
            .village_code
            .as_ref()
            .filter(|code| !self.villages.contains_key(*code))
        {
            return Err(unknown("village_code", code));
        }
        if let Some(code) = row
            .town_code
            .as_ref()
            .filter(|code| !self.towns.contains_key(*code))
        {
            return Err(unknown("town_code", code));
        }
        Ok((unit.transpose()?, row.village_code.clone(), row.town_code.clone()))
    }
}

/// Every right that a file gives is on record, one by one.
pub(super) fn rights_given(people: &[(Uuid, String, String)], roles: &[(Uuid, HeldRole)]) -> Vec<Entry> {
    let added = people.iter().map(|(id, sign_in_name, _)| Entry {
        action: "person.create",
        object_kind: "person",
        object_id: id.to_string(),
        detail: sign_in_name.clone(),
        ..Default::default()
    });
    let given = roles.iter().map(|(_, role)| Entry {
        action: "person.grant",
        object_kind: "person",
        object_id: role.person_id.to_string(),
        detail: Role::from_name(&role.role).map_or("", Role::as_str).to_owned(),
        village_code: role.village_code.clone(),
        unit_id: role.unit_id,
        ..Default::default()
    });
    added.chain(given).collect()
}
