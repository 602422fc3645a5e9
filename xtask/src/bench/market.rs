//! The market as its clients use it: signed in, with tokens, goods that do not run out, and orders to place.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::http::{Connection, Request, form};
use super::machine;
use super::program::Program;

/// Stock of each good, in base units (10,000 tonnes, or as many million pieces): the most that one lot may hold.
pub const LOT_QTY: i64 = 10_000_000_000;
const BUYER: &str = "caigou";
const OPERATOR: &str = "zhongxin";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// So many goods are ordered: enough that orders placed at the same time rarely want the same lot.
const GOODS: usize = 300;

/// A good that can be ordered.
pub struct Good {
    /// The offer.
    pub offer_id: String,
    /// Its village.
    pub village_code: String,
    /// The least one may order, in base units.
    pub min_qty: i64,
}

/// What clients need to know.
pub struct Market {
    /// Where the program listens.
    pub port: u16,
    /// A buyer's token.
    pub token: String,
    /// The cookies of the buyer's browser.
    pub cookies: BTreeMap<String, String>,
    /// The token of somebody of the centre.
    pub operator: String,
    /// Villages that sell, by code.
    pub villages: Vec<String>,
    /// What is on the shelf.
    pub goods: Vec<Good>,
    /// Three goods of three villages each, as places in `goods`.
    pub choices: Vec<[usize; 3]>,
    /// An order of each choice, as JSON.
    pub orders: Vec<String>,
}

impl Market {
    /// Signs in, makes tokens, and puts a big lot of everything on the shelf.
    pub fn open(program: &Program) -> Result<Self> {
        let port = program.port();
        let password = program.password()?;
        let (token, cookies) = token_of(port, BUYER, &password).context("the buyer cannot sign in")?;
        let (operator, _) = token_of(port, OPERATOR, &password).context("the operator cannot sign in")?;
        let goods = goods(port, &operator)?;
        let villages: BTreeSet<String> = goods.iter().map(|good| good.village_code.clone()).collect();
        let choices = choose(&goods);
        if choices.is_empty() {
            anyhow::bail!("the shelf has no goods of three villages");
        }
        let wanted_on = machine::day(5);
        let orders = choices
            .iter()
            .map(|choice| order(&goods, *choice, &wanted_on))
            .collect();
        Ok(Self {
            port,
            token,
            cookies,
            operator,
            villages: villages.into_iter().collect(),
            goods,
            choices,
            orders,
        })
    }
}

/// Signs in as a browser does, and makes a token on the account page: a token cannot make tokens.
pub fn token_of(port: u16, name: &str, password: &str) -> Result<(String, BTreeMap<String, String>)> {
    let mut browser = Connection::open(port)?;
    let page = get(&mut browser, "/sign-in", None)?;
    let pairs = [
        ("csrf", hidden(&page, "csrf")?),
        ("sign_in_name", name),
        ("password", password),
        ("back", ""),
    ];
    post_form(&mut browser, "/sign-in", &pairs, 303)?;
    let page = get(&mut browser, "/me", None)?;
    let pairs = [
        ("csrf", hidden(&page, "csrf")?),
        ("key", hidden(&page, "key")?),
        ("name", "bench"),
        ("days", "1"),
    ];
    let page = post_form(&mut browser, "/me/tokens", &pairs, 200)?;
    let from = page.find(">jz_").context("the account page shows no new token")? + 1;
    let token = page[from..].split('<').next().unwrap_or_default();
    Ok((token.trim().to_owned(), browser.cookies()))
}

/// The value of a page's hidden field.
fn hidden<'p>(page: &'p str, name: &str) -> Result<&'p str> {
    let start = format!("name=\"{name}\" value=\"");
    let from = page
        .find(&start)
        .with_context(|| format!("the page has no field '{name}'"))?
        + start.len();
    Ok(page[from..].split('"').next().unwrap_or_default())
}

fn get(connection: &mut Connection, path: &str, token: Option<&str>) -> Result<String> {
    let request = Request {
        path,
        token,
        ..Request::default()
    };
    let answer = connection.send(request).and_then(|answer| answer.expect(200));
    Ok(answer.with_context(|| format!("GET {path}"))?.text())
}

fn post_form(connection: &mut Connection, path: &str, pairs: &[(&str, &str)], status: u16) -> Result<String> {
    let body = form(pairs);
    let request = Request {
        path,
        body: Some((FORM, &body)),
        ..Request::default()
    };
    let answer = connection.send(request).and_then(|answer| answer.expect(status));
    Ok(answer.with_context(|| format!("POST {path}"))?.text())
}

/// Everything on the shelf, each with a new lot that never runs out and goes first.
fn goods(port: u16, operator: &str) -> Result<Vec<Good>> {
    let mut connection = Connection::open(port)?;
    let (mut goods, mut after) = (Vec::new(), String::new());
    loop {
        let page: Value = serde_json::from_str(&get(
            &mut connection,
            &format!("/api/v1/catalogue?limit=100{after}"),
            None,
        )?)?;
        for card in page["page"]["items"]
            .as_array()
            .context("the catalogue has no cards")?
        {
            goods.push(good(&mut connection, operator, card)?);
            if goods.len() == GOODS {
                return Ok(goods);
            }
        }
        match page["page"]["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(goods),
        }
    }
}

fn good(connection: &mut Connection, operator: &str, card: &Value) -> Result<Good> {
    let text = |name: &str| {
        card[name]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("a card has no {name}"))
    };
    let offer_id = text("id")?;
    let page: Value =
        serde_json::from_str(&get(connection, &format!("/api/v1/catalogue/{offer_id}"), None)?)?;
    let min_qty = page["min_qty"].as_i64().context("an offer has no min_qty")?;
    let lot = json!({ "harvested_on": machine::day(0), "good_until": machine::day(2), "qty": LOT_QTY });
    let request = Request {
        path: &format!("/api/v1/offers/{offer_id}/lots"),
        token: Some(operator),
        key: Some(&format!("bench-lot-{offer_id}")),
        body: Some((JSON, &lot.to_string())),
    };
    connection
        .send(request)?
        .expect(201)
        .context("a lot could not be added")?;
    Ok(Good {
        offer_id,
        village_code: text("village_code")?,
        min_qty,
    })
}

/// As many choices as goods, spread so that orders placed at the same time rarely want the same lot.
fn choose(goods: &[Good]) -> Vec<[usize; 3]> {
    let count = goods.len();
    let other = |from: usize, taken: &[usize]| {
        (0..count).map(|step| (from + step) % count).find(|at| {
            taken
                .iter()
                .all(|taken| goods[*taken].village_code != goods[*at].village_code)
        })
    };
    let choice = |first: usize| {
        let second = other(first + count / 3, &[first])?;
        let third = other(first + 2 * count / 3, &[first, second])?;
        Some([first, second, third])
    };
    (0..count).filter_map(choice).collect()
}

fn order(goods: &[Good], choice: [usize; 3], wanted_on: &str) -> String {
    let lines: Vec<Value> = choice
        .iter()
        .map(|at| json!({ "offer_id": goods[*at].offer_id, "qty": goods[*at].min_qty }))
        .collect();
    let order = json!({
        "fund": "canteen", "address": "天津市蓟州区人民西大街 1 号食堂", "contact": "食堂 022-00000000",
        "wanted_on": wanted_on, "note": "", "lines": lines,
    });
    order.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_has_three_villages() {
        let good = |at: usize| Good {
            offer_id: at.to_string(),
            village_code: (at / 4).to_string(),
            min_qty: 1,
        };
        let goods: Vec<Good> = (0..20).map(good).collect();
        let choices = choose(&goods);
        assert_eq!(choices.len(), 20);
        for choice in choices {
            let [a, b, c] = choice.map(|at| &goods[at].village_code);
            assert!(a != b && b != c && a != c, "{choice:?}");
        }
        assert!(choose(&goods[..8]).is_empty(), "two villages are not three");
        assert!(choose(&[]).is_empty());
    }

    #[test]
    fn hidden_fields_are_found() {
        let page = r#"<input type="hidden" name="csrf" value="abc"/>"#;
        assert_eq!(hidden(page, "csrf").expect("it is there"), "abc");
        assert!(hidden(page, "key").is_err());
    }
}
