//! Who takes part: buyers of eight units, two people of the centre, and the goods that they order.

use crate::desk::{Desk, Good};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Client;
use shared::api::catalogue::{CatalogueOut, OfferPage};
use std::time::Duration;
use tests::html::{self, PageForm};
use tests::running::Running;

/// How long one request may take while the program is busy.
const REQUEST_LIMIT: Duration = Duration::from_secs(60);
/// How many offers are ordered.
const GOODS: usize = 12;

/// One desk for each of so many units.
pub async fn open(market: &Running, desks: usize, chance: &mut StdRng) -> Vec<Desk> {
    let goods = goods(&market.url()).await;
    let password = market.password();
    let mut centre = Vec::new();
    for name in ["zhongxin", "peisong"] {
        centre.push(token(&market.url(), name, &password).await);
    }
    let mut opened = Vec::new();
    for at in 0..desks {
        let name = match at {
            0 => "caigou".to_owned(),
            1 => "yiyuan".to_owned(),
            2 => "xuexiao".to_owned(),
            other => format!("danwei{:03}", other + 1),
        };
        let buyer = token(&market.url(), &name, &password).await;
        let operator = centre[at % centre.len()].clone();
        let chance = StdRng::seed_from_u64(chance.random());
        let client = Client::builder()
            .timeout(REQUEST_LIMIT)
            .build()
            .expect("a client is made");
        let mut desk = Desk::new(client, market.url(), [buyer, operator], goods.clone(), chance);
        desk.remember_past().await;
        opened.push(desk);
    }
    opened
}

/// Goods with much in stock, over as many villages as there are.
async fn goods(site: &str) -> Vec<Good> {
    let read = async |path: String| {
        let answer = reqwest::get(format!("{site}/api/v1/{path}"))
            .await
            .expect("the market answers");
        answer.error_for_status().expect("the shelf is public")
    };
    let shelf: CatalogueOut = read("catalogue?limit=100".to_owned())
        .await
        .json()
        .await
        .expect("a page of cards");
    let mut cards = shelf.page.items;
    cards.sort_by_key(|card| std::cmp::Reverse(card.free));
    let mut goods = Vec::new();
    for card in cards.into_iter().take(GOODS) {
        let page: OfferPage = read(format!("catalogue/{}", card.id))
            .await
            .json()
            .await
            .expect("an offer's page");
        goods.push(Good {
            offer_id: card.id,
            qty: page.min_qty,
        });
    }
    assert!(!goods.is_empty(), "the demonstration has goods on the shelf");
    goods
}

/// Signs in as people do, and makes a token on the account page.
async fn token(site: &str, name: &str, password: &str) -> String {
    let client = Client::builder()
        .cookie_store(true)
        .build()
        .expect("a client is made");
    let form = form(&client, site, "/sign-in", "/sign-in").await;
    send(
        &client,
        site,
        form.with("sign_in_name", name).with("password", password),
    )
    .await;
    let form = self::form(&client, site, "/me", "/me/tokens").await;
    let page = send(&client, site, form.with("name", "压测").with("days", "2")).await;
    let shown = html::tags(&page)
        .into_iter()
        .find(|tag| tag.attribute("data-secret").is_some());
    shown
        .map(|tag| tag.text.trim().to_owned())
        .unwrap_or_else(|| panic!("no token for {name}: {}", html::words(&page)))
}

async fn form(client: &Client, site: &str, path: &str, action: &str) -> PageForm {
    let answer = client
        .get(format!("{site}{path}"))
        .send()
        .await
        .expect("the market answers");
    let page = answer.text().await.expect("a page is text");
    let found = html::forms(&page).into_iter().find(|form| form.action == action);
    found.unwrap_or_else(|| panic!("{path} has no form for {action}: {}", html::words(&page)))
}

async fn send(client: &Client, site: &str, form: PageForm) -> String {
    let sent = client
        .post(format!("{site}{}", form.action))
        .form(&form.fields)
        .send()
        .await;
    let answer = sent
        .and_then(reqwest::Response::error_for_status)
        .expect("the form is good");
    answer.text().await.expect("a page is text")
}
