//! The registers: real towns and villages, invented units, through the same import as any file.

use crate::services::idempotency::Key;
use crate::services::{App, Error, fault, register};
use shared::api::import::{ImportOut, Register};
use shared::api::produce::ProduceOut;
use shared::domain::calendar::SeasonMonths;
use shared::domain::identity::{Actor, Grant, Role};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::unit_code;
use uuid::Uuid;

const TOWNS: &str = include_str!("data/towns.csv");
const VILLAGES: &str = include_str!("data/villages.csv");
const PRODUCE: &str = include_str!("data/produce.csv");

/// Villages of the demonstration set of aided villages (the official list of 315 is not public).
const AIDED: usize = 315;
/// Villages that the founding document names; they are in the set.
pub const NAMED: [&str; 3] = ["120119120214", "120119111253", "120119103202"];
/// Units of the demonstration.
pub const UNITS: usize = 135;

/// A name's key, which also names its drawn picture; the name of a piece; other names that it goes by.
const SLUGS: [(&str, &str, Option<&str>, &str); 17] = [
    (
        "磨盘柿",
        "persimmon",
        None,
        "盖柿,大盖柿,柿子,盘山柿子,磨盘柿子,persimmon",
    ),
    ("黄花山核桃", "walnut", None, "核桃,山核桃,黄花山,walnut"),
    ("板栗", "chestnut", None, "栗子,毛栗,盘山板栗,甘栗,chestnut"),
    ("红香酥梨", "crisp-pear", None, "香酥梨,酥梨,红梨,梨,pear"),
    ("佛见喜梨", "foxi-pear", None, "佛见喜,蓟州梨,梨,pear"),
    ("苹果", "apple", None, "富士,红富士,apple"),
    ("桑梓西瓜", "watermelon", None, "西瓜,桑梓瓜,watermelon"),
    (
        "香菇",
        "shiitake",
        None,
        "香蕈,花菇,冬菇,蘑菇,菌菇,shiitake,mushroom",
    ),
    (
        "白灵菇",
        "bailing-mushroom",
        None,
        "白灵芝菇,翅鲍菇,白阿魏蘑,蘑菇,菌菇,mushroom",
    ),
    (
        "羊肚菌",
        "morel",
        None,
        "羊肚菇,羊肚蘑,羊蘑,蘑菇,菌菇,morel,mushroom",
    ),
    ("山楂", "hawthorn", None, "红果,山里红,酸楂,hawthorn"),
    ("蓝莓", "blueberry", Some("盒"), "蓝梅,蓝浆果,blueberry"),
    ("辣椒", "chilli", None, "尖椒,海椒,朝天椒,番椒,chilli,pepper"),
    ("州河鲤", "carp", None, "鲤鱼,州河鲤鱼,于桥水库鱼,carp,fish"),
    ("蜂蜜", "honey", Some("瓶"), "蜜,蜂糖,荆条蜜,枣花蜜,honey"),
    (
        "杂粮",
        "grains",
        None,
        "五谷,粗粮,小米,玉米面,绿豆,红豆,grains,millet",
    ),
    (
        "麻核桃",
        "hand-walnut",
        Some("对"),
        "文玩核桃,手串核桃,核桃,walnut",
    ),
];

/// A kind of produce with the town it grows in.
pub struct Grown {
    /// The produce.
    pub produce: ProduceOut,
    /// The town.
    pub town_code: String,
}

/// The program itself, loading registers.
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
        person_name: "示范数据".to_owned(),
        grant,
    }
}

/// Loads towns, villages, units, pairings and produce.
pub async fn load(app: &App) -> Result<(), Error> {
    let units = units()?;
    for (kind, text) in [
        (Register::Towns, TOWNS.to_owned()),
        (Register::Villages, villages()),
        (Register::Units, units),
        (Register::Pairings, pairings(app)?),
    ] {
        let key = Key::own(app.new_id());
        let done: ImportOut = register::import(app, &loader(), kind, text.into_bytes(), &key).await?;
        if let Some(bad) = done.bad.first() {
            return Err(fault(format!(
                "demonstration {} line {}: {} {:?}",
                kind.as_str(),
                bad.line,
                bad.column,
                bad.code
            )));
        }
    }
    let produce = grown()?.into_iter().map(|grown| grown.produce).collect();
    register::load_produce(app, produce).await
}

/// Village codes in file order.
pub fn village_codes() -> Vec<&'static str> {
    VILLAGES
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next())
        .filter(|code| code.len() == 12)
        .collect()
}

/// Whether the village is in the demonstration set: the named ones, and others spread evenly over the district.
pub fn aided(at: usize, code: &str, total: usize) -> bool {
    NAMED.contains(&code) || {
        let others = AIDED - NAMED.len();
        let rank = NAMED.iter().filter(|named| **named < code).count();
        let at = at - rank.min(at);
        let total = total - NAMED.len();
        at * others / total != (at + 1) * others / total
    }
}

fn villages() -> String {
    let codes = village_codes();
    let mut text = String::from("village_code,village,town_code,aided\n");
    for (at, line) in VILLAGES
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .enumerate()
    {
        let code = codes.get(at).copied().unwrap_or_default();
        let mark = if aided(at, code, codes.len()) { "1" } else { "0" };
        text.push_str(&format!("{},{mark}\n", line.trim()));
    }
    text
}

/// The code and name of an invented unit. Its code has the form and check character of GB 32100-2015.
pub fn unit(at: usize) -> Result<(String, String), Error> {
    let kinds = [
        ("机关", "government"),
        ("医院", "hospital"),
        ("学校", "school"),
        ("国企", "state_firm"),
    ];
    let (word, kind) = kinds[at % kinds.len()];
    let number = at / kinds.len() + 1;
    let class = if kind == "state_firm" { "91" } else { "12" };
    let body = format!("{class}120119DEM{:06}", at + 1);
    let check = unit_code::check_character(&body).ok_or_else(|| fault("an invented unit code"))?;
    Ok((format!("{body}{check}"), format!("示例{word}{number:02}(演示)")))
}

fn units() -> Result<String, Error> {
    let kinds = ["government", "hospital", "school", "state_firm"];
    let mut text = String::from("unit_code,unit,kind,address,terms_days,demo\n");
    for at in 0..UNITS {
        let (code, name) = unit(at)?;
        let kind = kinds[at % kinds.len()];
        let terms = if kind == "state_firm" { 60 } else { 30 };
        text.push_str(&format!(
            "{code},{name},{kind},天津市蓟州区示例路 {} 号食堂后门,{terms},1\n",
            at + 1
        ));
    }
    Ok(text)
}

fn pairings(app: &App) -> Result<String, Error> {
    let from = app.today();
    let codes = village_codes();
    let total = codes.len();
    let set: Vec<&str> = codes
        .iter()
        .enumerate()
        .filter(|(at, code)| aided(*at, code, total))
        .map(|(_, code)| *code)
        .collect();
    let mut text = String::from("unit_code,village_code,from\n");
    for (at, code) in set.iter().enumerate() {
        // The named villages are paired with the first units, whose people can be tried.
        let named = NAMED.iter().position(|named| named == code);
        let (unit, _) = unit(named.unwrap_or(at % UNITS))?;
        text.push_str(&format!("{unit},{code},{from}\n"));
    }
    Ok(text)
}

/// Every kind of produce with its town.
pub fn grown() -> Result<Vec<Grown>, Error> {
    let mut reader = csv::Reader::from_reader(PRODUCE.as_bytes());
    let mut all = Vec::new();
    for record in reader.records() {
        let record = record.map_err(fault)?;
        let field = |at: usize| record.get(at).unwrap_or_default().trim();
        let (_, slug, piece_name, aliases) = SLUGS
            .iter()
            .find(|(name, ..)| *name == field(0))
            .ok_or_else(|| fault(format!("{} has no key", field(0))))?;
        let price_unit = match field(4) {
            "斤" => PriceUnit::Jin,
            "kg" => PriceUnit::Kg,
            _ => PriceUnit::Piece,
        };
        all.push(Grown {
            town_code: field(2).to_owned(),
            produce: ProduceOut {
                slug: (*slug).to_owned(),
                name: field(0).to_owned(),
                aliases: aliases.split(',').map(str::to_owned).collect(),
                category: field(1).to_owned(),
                price_unit,
                piece_name: piece_name.map(str::to_owned),
                typical_price_fen: Fen(field(5).parse().map_err(fault)?),
                season: SeasonMonths::parse(field(6)).map_err(fault)?,
                mark: field(7).to_owned(),
            },
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_set_has_315_villages_and_the_named_ones() {
        let codes = village_codes();
        assert_eq!(codes.len(), 949);
        let set: Vec<_> = codes
            .iter()
            .enumerate()
            .filter(|(at, code)| aided(*at, code, 949))
            .collect();
        assert_eq!(set.len(), AIDED);
        assert!(
            NAMED
                .iter()
                .all(|named| set.iter().any(|(_, code)| *code == named))
        );
    }

    #[test]
    fn invented_units_have_valid_codes_and_say_that_they_are_invented() {
        for at in 0..UNITS {
            let (code, name) = unit(at).expect("a unit");
            assert!(unit_code::check(&code).is_ok(), "{code}");
            assert!(name.contains("示例"));
        }
    }
}
