//! Who may do what: the table as a picture, and every door of the program walked against it, for everybody, over one's
//! own things and another's. A door that nobody declared here fails.

mod doors;
mod ended;
mod invoices;
mod money;
pub mod pages;
mod payment;
mod receipts;
mod routes;
mod settlements;
mod things;

pub use things::PIXEL;

use shared::api::problem::Code;
use shared::domain::identity::{Actor, Role};
use shared::domain::rights::{Action, Place, Scope, scope};
use std::fmt::Write as _;
use tests::market::VILLAGES;
use tests::{Market, Person};
use uuid::Uuid;

/// What a request touches.
#[derive(Clone, Copy, Debug)]
enum Touches {
    /// The district as a whole, or whatever the asker has.
    District,
    /// Something of a unit.
    Unit(Uuid),
    /// Something of a village.
    Village(usize),
    /// Something of both.
    UnitAndVillage(Uuid, usize),
    /// A town.
    Town(usize),
    /// Something that everybody of any unit has, and nobody else.
    OfAnyUnit,
    /// Something that nobody can have.
    Nothing,
}

/// What must come of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It goes through, as far as rights are concerned.
    Allowed,
    /// The role may never do this.
    Forbidden,
    /// The role may, but not there: whether the thing exists is not told.
    NotFound,
}

impl Verdict {
    const fn code(self) -> Option<Code> {
        match self {
            Self::Allowed => None,
            Self::Forbidden => Some(Code::Forbidden),
            Self::NotFound => Some(Code::NotFound),
        }
    }
}

/// What the table says of somebody who needs one of these rights there.
fn verdict(actor: &Actor, needed: &[Action], touches: Touches) -> Verdict {
    let may = |action: &Action| match touches {
        Touches::District => actor.reach(*action).is_some(),
        Touches::Unit(unit) => actor.may(*action, Place::unit(unit)),
        Touches::Village(at) => actor.may(*action, Place::village(VILLAGES[at].0)),
        Touches::UnitAndVillage(unit, at) => {
            actor.may(*action, Place::village(VILLAGES[at].0).and_unit(unit))
        }
        Touches::Town(at) => actor.may(*action, Place::town(&VILLAGES[at].0[..9])),
        Touches::OfAnyUnit => actor.grant.unit_id.is_some() && actor.reach(*action).is_some(),
        Touches::Nothing => false,
    };
    if needed.iter().all(|action| actor.reach(*action).is_none()) {
        Verdict::Forbidden
    } else if needed.iter().any(may) {
        Verdict::Allowed
    } else {
        Verdict::NotFound
    }
}

/// Everybody who walks: somebody in every role, all of unit 0, village 0 and town 0. What is another's is of unit 1,
/// village 2 and town 1.
fn everybody(market: &Market) -> Vec<&Person> {
    let everybody = market.one_of_each();
    let roles: Vec<Role> = everybody.iter().map(|person| person.grant.role).collect();
    assert!(
        Role::ALL.iter().all(|role| roles.contains(role)) && roles.len() == Role::ALL.len(),
        "somebody in every role, and nobody twice: {roles:?}"
    );
    let towns = [0, 2].map(|at: usize| &VILLAGES[at].0[..9]);
    assert!(towns[0] != towns[1], "another's village lies in another town");
    everybody
}

#[test]
fn the_table_is_what_was_agreed() {
    let mut table = String::new();
    for action in Action::ALL {
        let cells = Role::ALL.iter().filter_map(|role| {
            let word = match scope(*role, action)? {
                Scope::District => "district",
                Scope::OwnUnit => "own unit",
                Scope::OwnVillage => "own village",
                Scope::OwnTown => "own town",
            };
            Some(format!("{} ({word})", role.as_str()))
        });
        writeln!(table, "{action:?}: {}", cells.collect::<Vec<_>>().join(", ")).expect("a string takes text");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn an_administrator_touches_no_goods_and_no_money() {
    for action in Action::ALL {
        let people_and_settings = [
            Action::RegisterWrite,
            Action::RegisterRead,
            Action::PeopleRead,
            Action::PeopleWrite,
            Action::SelfRead,
            Action::SelfWrite,
            Action::AuditRead,
        ];
        assert_eq!(
            scope(Role::Admin, action).is_some(),
            people_and_settings.contains(&action),
            "{action:?}"
        );
    }
}

#[test]
fn an_auditor_and_a_town_only_read() {
    let writes = [
        Action::RegisterWrite,
        Action::PeopleWrite,
        Action::OfferWrite,
        Action::OfferReview,
        Action::OrderWrite,
        Action::VillageOrderAnswer,
        Action::VillageOrderMove,
        Action::AcceptanceSignUnit,
        Action::AcceptanceSignCentre,
        Action::BooksClose,
        Action::SettlementWrite,
        Action::Reconcile,
        Action::PayeeAccountWrite,
        Action::PayeeAccountCheck,
    ];
    for role in [Role::Auditor, Role::TownOfficer] {
        assert!(
            writes.iter().all(|action| scope(role, *action).is_none()),
            "{role:?}"
        );
    }
}
