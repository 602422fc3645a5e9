//! The people of the demonstration.

use super::register::{NAMED, UNITS, loader, unit};
use crate::services::enrol::{Enrol, enrol};
use crate::services::{App, Error, fault, register};
use shared::api::person::GrantIn;
use shared::domain::identity::{Actor, Grant, Role};
use uuid::Uuid;

/// Sign-in name, name, role, and what the role is bound to: the number of a unit, a village's or a town's code.
const PEOPLE: [(&str, &str, Role, &str); 17] = [
    ("caigou", "李明(演示)", Role::UnitRequester, "0"),
    ("shenpi", "周芳(演示)", Role::UnitApprover, "0"),
    ("caiwu", "吴洁(演示)", Role::UnitFinance, "0"),
    ("yiyuan", "陈静(演示)", Role::UnitRequester, "1"),
    ("xuexiao", "刘洋(演示)", Role::UnitRequester, "2"),
    ("guanchang", "张建国(演示)", Role::VillageLister, NAMED[0]),
    ("lisihou", "赵秀英(演示)", Role::VillageLister, NAMED[1]),
    ("yuyingwa", "王海(演示)", Role::VillageLister, NAMED[2]),
    ("zhongxin", "孙丽(演示)", Role::CentreOperator, ""),
    ("peisong", "马强(演示)", Role::CentreOperator, ""),
    ("zhongxincaiwu", "高敏(演示)", Role::CentreFinance, ""),
    ("fuhe", "郑伟(演示)", Role::CentreFinance, ""),
    ("chutouling", "何军(演示)", Role::TownOfficer, "120119120"),
    ("guanzhuang", "宋梅(演示)", Role::TownOfficer, "120119102"),
    ("shenji", "林涛(演示)", Role::Auditor, ""),
    ("guanli", "黄磊(演示)", Role::Admin, ""),
    ("zhucun", "杨帆(演示)", Role::VillageLister, NAMED[0]),
];

/// People who act in the past year.
pub struct Cast {
    /// The centre's first operator.
    pub operator: Actor,
    /// The second one: nobody reviews what they submitted.
    pub driver: Actor,
    /// Approves the first unit's requests.
    pub approver: Actor,
    /// The centre's finance.
    pub finance: Actor,
    /// The second one: what one of them says about money, the other decides.
    pub second_finance: Actor,
    /// One buyer a unit.
    pub buyers: Vec<Actor>,
    /// Village people by their village.
    pub villages: Vec<(String, Actor)>,
}

/// Enrols everybody.
pub async fn load(app: &App, password: &str) -> Result<Cast, Error> {
    let mut units = Vec::new();
    for at in 0..UNITS {
        let (code, _) = unit(at)?;
        units.push(register::unit_by_code(app, &loader(), &code).await?);
    }
    let mut people: Vec<Enrol> = PEOPLE
        .iter()
        .map(|(sign_in_name, name, role, place)| Enrol {
            sign_in_name: (*sign_in_name).to_owned(),
            name: (*name).to_owned(),
            grants: grants(*role, place, &units.iter().map(|u| u.id).collect::<Vec<_>>()),
        })
        .collect();
    // The resident cadre serves two villages and may switch between them.
    if let Some(cadre) = people.last_mut() {
        cadre.grants.push(village_grant(NAMED[2]));
    }
    for (at, unit) in units.iter().enumerate().skip(3) {
        people.push(Enrol {
            sign_in_name: format!("danwei{:03}", at + 1),
            name: format!("{:03} 号经办人(演示)", at + 1),
            grants: vec![unit_grant(Role::UnitRequester, unit.id)],
        });
    }
    let ids = enrol(app, &people, password, None).await?;
    let actor = |at: usize| actor_of(&people[at], ids[at]);
    let buyers = [0, 3, 4]
        .into_iter()
        .chain(PEOPLE.len()..people.len())
        .map(actor)
        .collect::<Result<_, _>>()?;
    let mut villages = Vec::new();
    for at in [5, 6, 7] {
        let who = actor(at)?;
        villages.push((who.grant.village_code.clone().unwrap_or_default(), who));
    }
    Ok(Cast {
        operator: actor(8)?,
        driver: actor(9)?,
        approver: actor(1)?,
        finance: actor(10)?,
        second_finance: actor(11)?,
        buyers,
        villages,
    })
}

fn grants(role: Role, place: &str, units: &[Uuid]) -> Vec<GrantIn> {
    match role {
        Role::UnitRequester | Role::UnitApprover | Role::UnitFinance => {
            let at: usize = place.parse().unwrap_or(0);
            vec![unit_grant(role, units[at])]
        }
        Role::VillageLister => vec![village_grant(place)],
        Role::TownOfficer => {
            vec![GrantIn {
                role,
                unit_id: None,
                village_code: None,
                town_code: Some(place.to_owned()),
            }]
        }
        _ => vec![GrantIn {
            role,
            unit_id: None,
            village_code: None,
            town_code: None,
        }],
    }
}

const fn unit_grant(role: Role, unit_id: Uuid) -> GrantIn {
    GrantIn {
        role,
        unit_id: Some(unit_id),
        village_code: None,
        town_code: None,
    }
}

fn village_grant(code: &str) -> GrantIn {
    GrantIn {
        role: Role::VillageLister,
        unit_id: None,
        village_code: Some(code.to_owned()),
        town_code: None,
    }
}

fn actor_of(person: &Enrol, id: Uuid) -> Result<Actor, Error> {
    let first = person
        .grants
        .first()
        .ok_or_else(|| fault("somebody without a role"))?;
    let grant = Grant {
        id: Uuid::nil(),
        role: first.role,
        unit_id: first.unit_id,
        village_code: first.village_code.clone(),
        town_code: first.town_code.clone(),
        place_name: String::new(),
    };
    Ok(Actor {
        proven_at: Actor::ITSELF,
        person_id: id,
        person_name: person.name.clone(),
        grant,
    })
}

/// What is printed for whoever wants to try.
pub fn sign_in_text(password: &str) -> String {
    let role = |role: Role| frontend::text::role::role(frontend::text::Lang::Zh, role);
    let mut text = format!("Demonstration sign-in names, all with the password  {password}\n");
    for (sign_in_name, name, who, _) in PEOPLE {
        text.push_str(&format!("  {sign_in_name:<14} {} {name}\n", role(who)));
    }
    text
}
