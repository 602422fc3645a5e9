//! A small market: a few of the district's towns and villages, units, produce, and somebody in every role.

use crate::{Listing, TestApp};
use server::services::enrol::{Enrol, enrol};
use server::services::session::{SignedIn, Standing};
use server::services::{App, person, register};
use shared::api::import::{ImportOut, Register};
use shared::api::person::{GrantIn, MeOut};
use shared::api::produce::ProduceOut;
use shared::api::unit::UnitOut;
use shared::domain::calendar::SeasonMonths;
use shared::domain::identity::{Actor, Bound, Grant, Role};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::unit_code;
use uuid::Uuid;

/// Everybody's password.
pub const PASSWORD: &str = "plum-orchard-7-lantern";

/// The secret of the authenticator of everybody whose role needs one.
pub const SECRET: &[u8; 20] = b"plum lantern orchard";

/// The towns, by code.
pub const TOWNS: [(&str, &str); 3] = [
    ("120119102", "官庄镇"),
    ("120119111", "下窝头镇"),
    ("120119120", "出头岭镇"),
];

/// The villages, two a town, by code; the last one is not aided.
pub const VILLAGES: [(&str, &str); 6] = [
    ("120119102201", "塔院村"),
    ("120119102202", "联合村"),
    ("120119111201", "南赵各庄村"),
    ("120119111202", "北赵各庄村"),
    ("120119120201", "官场村"),
    ("120119120202", "东店子村"),
];

/// Name, key, category, price unit, name of a piece, typical price, season, mark.
type Kind = (
    &'static str,
    &'static str,
    &'static str,
    PriceUnit,
    Option<&'static str>,
    i64,
    &'static str,
    &'static str,
);

const PRODUCE: [Kind; 5] = [
    (
        "香菇",
        "shiitake",
        "食用菌",
        PriceUnit::Jin,
        None,
        900,
        "1-12",
        "",
    ),
    (
        "磨盘柿",
        "persimmon",
        "鲜果",
        PriceUnit::Kg,
        None,
        160,
        "10-12",
        "地理标志 2008",
    ),
    ("板栗", "chestnut", "干果", PriceUnit::Jin, None, 1000, "9-10", ""),
    (
        "蜂蜜",
        "honey",
        "副食",
        PriceUnit::Piece,
        Some("瓶"),
        4500,
        "5-8",
        "",
    ),
    ("苹果", "apple", "鲜果", PriceUnit::Kg, None, 600, "9-11", ""),
];

/// Somebody enrolled, in the first of their roles.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name they sign in with.
    pub sign_in_name: String,
    /// Who they are in the role they act in.
    pub actor: Actor,
    /// All their roles.
    pub grants: Vec<Grant>,
}

impl std::ops::Deref for Person {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.actor
    }
}

impl Person {
    /// The same person in another of their roles.
    ///
    /// # Panics
    /// When they do not hold it.
    #[must_use]
    pub fn acting_as(&self, role: Role) -> Self {
        let grant = self
            .grants
            .iter()
            .find(|grant| grant.role == role)
            .expect("they hold the role");
        Self {
            actor: Actor {
                grant: grant.clone(),
                ..self.actor.clone()
            },
            ..self.clone()
        }
    }

    /// As if they had just signed in.
    #[must_use]
    pub fn signed_in(&self) -> SignedIn {
        SignedIn {
            session_id: Uuid::nil(),
            seen_at: 0,
            token: false,
            standing: Standing::Open,
            actor: self.actor.clone(),
            me: MeOut {
                person_id: self.actor.person_id,
                sign_in_name: self.sign_in_name.clone(),
                name: self.actor.person_name.clone(),
                active: self.actor.grant.clone(),
                grants: self.grants.clone(),
                second_factor: true,
            },
        }
    }
}

/// The market with its people.
pub struct Market {
    /// Aid units, 0 to 2.
    pub units: Vec<UnitOut>,
    /// One who orders, by unit.
    pub buyers: Vec<Person>,
    /// Approver of unit 0.
    pub approver: Person,
    /// Finance of unit 0.
    pub unit_finance: Person,
    /// One who lists, by village; the last village has nobody.
    pub listers: Vec<Person>,
    /// Works at the centre.
    pub operator: Person,
    /// Works at the centre too: nobody reviews what they submitted.
    pub driver: Person,
    /// The centre's finance.
    pub finance: Person,
    /// Officers of town 0 and town 1.
    pub officers: Vec<Person>,
    /// Reads everything.
    pub auditor: Person,
    /// People and settings.
    pub admin: Person,
    /// Orders for unit 0 and works at the centre.
    pub both_hats: Person,
    /// The centre's finance too: what one of them says about money, the other decides.
    pub second_finance: Person,
}

impl Market {
    pub(crate) async fn open(app: &TestApp) -> Self {
        load_registers(app).await;
        let mut units = Vec::new();
        for at in 0..3 {
            let unit = register::unit_by_code(app, &loader(), &unit_code(at)).await;
            units.push(unit.expect("the unit was imported"));
        }
        let wanted = cast(&units);
        enrol(app, &wanted, PASSWORD, Some(SECRET))
            .await
            .expect("people are enrolled");
        let mut people = read_people(app, &wanted).await.into_iter();
        let mut next = || people.next().expect("everybody was enrolled");
        Self {
            buyers: vec![next(), next(), next()],
            approver: next(),
            unit_finance: next(),
            listers: vec![next(), next(), next(), next(), next()],
            operator: next(),
            driver: next(),
            finance: next(),
            officers: vec![next(), next()],
            auditor: next(),
            admin: next(),
            both_hats: next(),
            second_finance: next(),
            units,
        }
    }

    /// Something that a village is about to list.
    pub fn list(&self, village: usize) -> Listing<'_> {
        Listing::new(self, village)
    }

    /// Who lists for a village: its own person, or the centre.
    #[must_use]
    pub fn lister(&self, village: usize) -> &Person {
        self.listers.get(village).unwrap_or(&self.operator)
    }

    /// The number of a village.
    ///
    /// # Panics
    /// When there is no such village.
    #[must_use]
    pub fn village_at(&self, code: &str) -> usize {
        VILLAGES
            .iter()
            .position(|(known, _)| *known == code)
            .expect("one of the market's villages")
    }

    /// Somebody in each role, all of unit 0, village 0, town 0.
    #[must_use]
    pub fn one_of_each(&self) -> Vec<&Person> {
        vec![
            &self.buyers[0],
            &self.approver,
            &self.unit_finance,
            &self.listers[0],
            &self.operator,
            &self.finance,
            &self.officers[0],
            &self.auditor,
            &self.admin,
        ]
    }
}

/// The program itself, loading registers.
#[must_use]
pub fn loader() -> Actor {
    let grant = Grant {
        id: Uuid::nil(),
        role: Role::Admin,
        unit_id: None,
        village_code: None,
        town_code: None,
        place_name: String::new(),
    };
    Actor {
        proven_at: Actor::ITSELF,
        person_id: Uuid::nil(),
        person_name: "测试".to_owned(),
        grant,
    }
}

/// The code of an invented unit.
///
/// # Panics
/// Never for a number below a million.
#[must_use]
pub fn unit_code(at: usize) -> String {
    let body = format!("12120119TEC{at:06}");
    let check = unit_code::check_character(&body).expect("the body has the form of a code");
    format!("{body}{check}")
}

/// Imports a register file.
///
/// # Panics
/// When the file is refused as a whole.
pub async fn import(app: &TestApp, register: Register, text: &str) -> ImportOut {
    let done = register::import(app, &loader(), register, text.to_owned().into_bytes(), &app.key()).await;
    done.expect("a table of text is read")
}

async fn load_registers(app: &TestApp) {
    let mut towns = String::from("town_code,town\n");
    for (code, name) in TOWNS {
        towns.push_str(&format!("{code},{name}\n"));
    }
    let mut villages = String::from("village_code,village,town_code,aided\n");
    for (at, (code, name)) in VILLAGES.iter().enumerate() {
        let aided = u8::from(at + 1 < VILLAGES.len());
        villages.push_str(&format!("{code},{name},{},{aided}\n", &code[..9]));
    }
    let mut units = String::from("unit_code,unit,kind,address,demo\n");
    let mut pairings = String::from("unit_code,village_code,from\n");
    for (at, kind) in ["hospital", "school", "state_firm"].into_iter().enumerate() {
        let code = unit_code(at);
        units.push_str(&format!("{code},示例单位{at},{kind},蓟州区示例路 {at} 号,1\n"));
        pairings.push_str(&format!("{code},{},2026-01-01\n", VILLAGES[at].0));
    }
    for (register, text) in [
        (Register::Towns, towns),
        (Register::Villages, villages),
        (Register::Units, units),
        (Register::Pairings, pairings),
    ] {
        let done = import(app, register, &text).await;
        assert_eq!(done.bad, vec![], "the test's own {} are good", register.as_str());
    }
    register::load_produce(app, produce())
        .await
        .expect("produce is stored");
}

/// The kinds of produce.
///
/// # Panics
/// Never: the seasons are months.
#[must_use]
pub fn produce() -> Vec<ProduceOut> {
    let kind = |&(name, slug, category, price_unit, piece_name, price_fen, season, mark): &Kind| ProduceOut {
        slug: slug.to_owned(),
        name: name.to_owned(),
        aliases: vec![format!("{slug} kind")],
        category: category.to_owned(),
        price_unit,
        piece_name: piece_name.map(str::to_owned),
        typical_price_fen: Fen(price_fen),
        season: SeasonMonths::parse(season).expect("months"),
        mark: mark.to_owned(),
    };
    PRODUCE.iter().map(kind).collect()
}

fn cast(units: &[UnitOut]) -> Vec<Enrol> {
    let somebody = |sign_in_name: &str, name: &str, grants: Vec<GrantIn>| Enrol {
        sign_in_name: sign_in_name.to_owned(),
        name: name.to_owned(),
        grants,
    };
    let district = |role: Role| grant(role, &units[0], 0);
    let mut people = Vec::new();
    for (at, unit) in units.iter().enumerate() {
        let name = format!("buyer{at}");
        people.push(somebody(
            &name,
            &format!("采购{at}"),
            vec![grant(Role::UnitRequester, unit, 0)],
        ));
    }
    people.push(somebody("approver", "审批", vec![district(Role::UnitApprover)]));
    people.push(somebody(
        "unit-finance",
        "财务",
        vec![district(Role::UnitFinance)],
    ));
    for at in 0..VILLAGES.len() - 1 {
        let name = format!("lister{at}");
        people.push(somebody(
            &name,
            &format!("供货{at}"),
            vec![grant(Role::VillageLister, &units[0], at)],
        ));
    }
    people.push(somebody("operator", "业务", vec![district(Role::CentreOperator)]));
    people.push(somebody("driver", "配送", vec![district(Role::CentreOperator)]));
    people.push(somebody(
        "finance",
        "中心财务",
        vec![district(Role::CentreFinance)],
    ));
    for at in 0..2 {
        let name = format!("officer{at}");
        people.push(somebody(
            &name,
            &format!("乡镇{at}"),
            vec![grant(Role::TownOfficer, &units[0], at * 2)],
        ));
    }
    people.push(somebody("auditor", "审计", vec![district(Role::Auditor)]));
    people.push(somebody("admin", "管理", vec![district(Role::Admin)]));
    let hats = vec![district(Role::UnitRequester), district(Role::CentreOperator)];
    people.push(somebody("both-hats", "两职", hats));
    people.push(somebody(
        "finance-second",
        "复核财务",
        vec![district(Role::CentreFinance)],
    ));
    people
}

/// A role at one of these places, whichever it is bound to.
#[must_use]
pub fn grant(role: Role, unit: &UnitOut, village: usize) -> GrantIn {
    let (bound, code) = (role.bound_to(), VILLAGES[village].0);
    GrantIn {
        role,
        unit_id: (bound == Bound::Unit).then_some(unit.id),
        village_code: (bound == Bound::Village).then(|| code.to_owned()),
        town_code: (bound == Bound::Town).then(|| code[..9].to_owned()),
    }
}

/// People as the program knows them, in the order in which they were enrolled.
async fn read_people(app: &App, wanted: &[Enrol]) -> Vec<Person> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = person::list(app, &loader(), &person::Asked::default(), after.as_deref(), 100)
            .await
            .expect("people are listed");
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let known = |enrolled: &Enrol| {
        let person = found
            .iter()
            .find(|person| person.sign_in_name == enrolled.sign_in_name);
        let person = person.expect("whoever was enrolled is listed");
        let first = person
            .grants
            .iter()
            .find(|grant| grant.role == enrolled.grants[0].role);
        Person {
            sign_in_name: person.sign_in_name.clone(),
            actor: Actor {
                proven_at: Actor::ITSELF,
                person_id: person.id,
                person_name: person.name.clone(),
                grant: first.expect("the first role was given").clone(),
            },
            grants: person.grants.clone(),
        }
    };
    wanted.iter().map(known).collect()
}

impl Market {
    /// Enrols somebody more, all with the common password.
    ///
    /// # Panics
    /// When the name is taken.
    pub async fn enrol(&self, app: &TestApp, sign_in_name: &str, grants: Vec<GrantIn>) -> Person {
        let one = Enrol {
            sign_in_name: sign_in_name.to_owned(),
            name: sign_in_name.to_owned(),
            grants,
        };
        enrol(app, std::slice::from_ref(&one), PASSWORD, Some(SECRET))
            .await
            .expect("the name is free");
        read_people(app, &[one]).await.remove(0)
    }
}
