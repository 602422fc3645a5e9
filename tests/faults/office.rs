//! Who takes part: buyers of eight units, two people of the centre and the goods that they order; two people of its finance.

use crate::caller::Caller;
use crate::desk::{Desk, Good};
use crate::till::Till;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reqwest::Client;
use shared::api::catalogue::{CatalogueOut, OfferPage};
use std::time::Duration;
use tests::entrance::token;
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
        let buyer = caller(market, token(&market.url(), &name, &password).await);
        let operator = caller(market, centre[at % centre.len()].clone());
        let chance = StdRng::seed_from_u64(chance.random());
        let mut desk = Desk::new(buyer, operator, goods.clone(), chance);
        desk.remember_past().await;
        opened.push(desk);
    }
    opened
}

/// One till for each of the two people of the centre's finance.
pub async fn tills(market: &Running, chance: &mut StdRng) -> Vec<Till> {
    let password = market.password();
    let mut opened = Vec::new();
    for name in ["zhongxincaiwu", "fuhe"] {
        let token = token(&market.url(), name, &password).await;
        let chance = StdRng::seed_from_u64(chance.random());
        opened.push(Till::new(caller(market, token), password.clone(), chance));
    }
    opened
}

/// Somebody with connections of their own.
fn caller(market: &Running, token: String) -> Caller {
    let client = Client::builder().timeout(REQUEST_LIMIT).build();
    Caller::new(client.expect("a client is made"), market.url(), token)
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
