//! Load: a number of clients, each with a connection of its own, that share a fixed count of operations.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use super::http::{Connection, Request};
use super::market::Market;
use crate::process;

/// Idempotency keys of this run: none comes twice.
static KEYS: AtomicU64 = AtomicU64::new(0);

/// What clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Place an order of three lines in three villages.
    Order,
    /// The first page of the catalogue, as anybody sees it.
    CataloguePage,
    /// The same as a buyer who is signed in sees it: from no cache.
    CatalogueSignedIn,
    /// The same through the API.
    CatalogueJson,
    /// Searches of one to ten characters, through the API.
    Search,
    /// What is proposed while somebody types.
    Suggest,
    /// The page of an offer, as anybody sees it.
    OfferPage,
    /// The same through the API.
    OfferJson,
    /// The newest orders of the buyer's unit, through the API.
    OrdersJson,
    /// The newest village orders of the district, through the API.
    VillageOrdersJson,
    /// The centre's day.
    Board,
    /// A village's statement of the year.
    Statement,
    /// Every village's income of the year.
    Incomes,
    /// The public page of totals.
    Totals,
    /// The first public page.
    Home,
}

/// What people look for, from one character to ten, and by initials.
const SEARCHES: [&str; 12] = [
    "柿",
    "香菇",
    "磨盘柿",
    "官庄",
    "下营镇",
    "绿色食品",
    "官庄 板栗",
    "出头岭镇香菇",
    "蓟州磨盘柿一级果",
    "西龙虎峪镇燕各庄村山楂",
    "psz",
    "xianggu",
];

impl Work {
    /// Everything that is measured, in the order of the report.
    pub const ALL: [Self; 15] = [
        Self::CataloguePage,
        Self::CatalogueSignedIn,
        Self::CatalogueJson,
        Self::Search,
        Self::Suggest,
        Self::OfferPage,
        Self::OfferJson,
        Self::OrdersJson,
        Self::VillageOrdersJson,
        Self::Board,
        Self::Statement,
        Self::Incomes,
        Self::Totals,
        Self::Home,
        // Last: what it adds would be read by the others.
        Self::Order,
    ];

    /// What it is called in the report.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Order => "place an order, 3 lines",
            Self::CataloguePage => "catalogue, HTML",
            Self::CatalogueSignedIn => "catalogue, signed in",
            Self::CatalogueJson => "catalogue, JSON",
            Self::Search => "search, JSON",
            Self::Suggest => "suggestions, JSON",
            Self::OfferPage => "offer, HTML",
            Self::OfferJson => "offer, JSON",
            Self::OrdersJson => "orders of a unit, JSON",
            Self::VillageOrdersJson => "village orders, JSON",
            Self::Board => "day board, JSON",
            Self::Statement => "village statement, JSON",
            Self::Incomes => "income overview, JSON",
            Self::Totals => "public totals, HTML",
            Self::Home => "home, HTML",
        }
    }
}

/// How much is done.
#[derive(Clone, Copy)]
pub struct Size {
    /// How many clients at the same time.
    pub clients: usize,
    /// How many operations, all clients together.
    pub operations: u64,
    /// No operation begins after so long.
    pub limit: Duration,
}

/// What clients saw.
#[derive(Default)]
pub struct Tally {
    /// How long each operation took, in microseconds, in no order.
    pub latencies_us: Vec<u64>,
    /// Bytes of all bodies.
    pub bytes: u64,
    /// Operations that failed.
    pub errors: u64,
    /// What the first of them said.
    pub first_error: Option<String>,
    /// From the first operation's beginning to the last one's end.
    pub elapsed: Duration,
}

/// Has clients do `work`, and reads `meter` just before and just after; each client warms up first.
pub fn run<M>(
    market: &Market,
    work: Work,
    size: Size,
    meter: impl Fn() -> Result<M>,
) -> Result<(Tally, M, M)> {
    let (warm, go) = (Barrier::new(size.clients + 1), Barrier::new(size.clients + 1));
    let (warming, numbers) = (AtomicU64::new(0), AtomicU64::new(0));
    let warm_count = size.operations / 10;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..size.clients)
            .map(|_| {
                scope.spawn(|| {
                    let mut client = Client::new(market, work);
                    client.work(&warming, warm_count, size.limit / 5);
                    client.tally = Tally::default();
                    warm.wait();
                    go.wait();
                    client.work(&numbers, size.operations, size.limit);
                    client.tally
                })
            })
            .collect();
        warm.wait();
        let before = meter();
        let begun = Instant::now();
        go.wait();
        let mut whole = Tally::default();
        for client in clients {
            whole.add(
                client
                    .join()
                    .map_err(|_| anyhow!("a client of the load panicked"))?,
            );
        }
        whole.elapsed = begun.elapsed();
        process::check_interrupted()?;
        Ok((whole, before?, meter()?))
    })
}

impl Tally {
    fn add(&mut self, mut other: Self) {
        self.latencies_us.append(&mut other.latencies_us);
        self.bytes += other.bytes;
        self.errors += other.errors;
        if self.first_error.is_none() {
            self.first_error = other.first_error;
        }
    }
}

struct Client<'m> {
    market: &'m Market,
    work: Work,
    connection: Option<Connection>,
    tally: Tally,
}

impl<'m> Client<'m> {
    fn new(market: &'m Market, work: Work) -> Self {
        Self {
            market,
            work,
            connection: None,
            tally: Tally::default(),
        }
    }

    fn work(&mut self, numbers: &AtomicU64, count: u64, limit: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < limit && !process::is_interrupted() {
            let number = numbers.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let asked = Instant::now();
            let outcome = self.ask(number);
            let latency_us = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.tally.latencies_us.push(latency_us);
            match outcome {
                Ok(bytes) => self.tally.bytes += bytes,
                Err(error) => {
                    self.connection = None;
                    self.tally.errors += 1;
                    self.tally.first_error.get_or_insert_with(|| format!("{error:#}"));
                }
            }
        }
    }

    /// One operation; says how long the answer's body was.
    fn ask(&mut self, number: u64) -> Result<u64> {
        let market = self.market;
        let place = |count: usize| usize::try_from(number).unwrap_or_default() % count;
        let good = || &market.goods[place(market.goods.len())].offer_id;
        let village = || &market.villages[place(market.villages.len())];
        let (buyer, operator) = (Some(&market.token), Some(&market.operator));
        let (path, token) = match self.work {
            Work::Order | Work::OrdersJson => ("/api/v1/orders".to_owned(), buyer),
            Work::CataloguePage | Work::CatalogueSignedIn => ("/goods".to_owned(), None),
            Work::CatalogueJson => ("/api/v1/catalogue".to_owned(), None),
            Work::Search => (
                format!("/api/v1/catalogue?q={}", encoded(SEARCHES[place(SEARCHES.len())])),
                None,
            ),
            Work::Suggest => (
                format!(
                    "/api/v1/catalogue/suggestions?q={}",
                    encoded(SEARCHES[place(SEARCHES.len())])
                ),
                None,
            ),
            Work::OfferPage => (format!("/goods/{}", good()), None),
            Work::OfferJson => (format!("/api/v1/catalogue/{}", good()), None),
            Work::VillageOrdersJson => ("/api/v1/village-orders".to_owned(), operator),
            Work::Board => ("/api/v1/board".to_owned(), operator),
            Work::Statement => (format!("/api/v1/villages/{}/income", village()), operator),
            Work::Incomes => ("/api/v1/income".to_owned(), operator),
            Work::Totals => ("/totals".to_owned(), None),
            Work::Home => ("/".to_owned(), None),
        };
        let is_order = self.work == Work::Order;
        let key = is_order.then(|| format!("bench-{}", KEYS.fetch_add(1, Ordering::Relaxed)));
        let body = is_order.then(|| market.orders[place(market.orders.len())].as_str());
        let connection = match &mut self.connection {
            Some(connection) => connection,
            missing => {
                let connection = Connection::open(market.port)?;
                missing.insert(if self.work == Work::CatalogueSignedIn {
                    connection.with_cookies(&market.cookies)
                } else {
                    connection
                })
            }
        };
        let request = Request {
            path: &path,
            token: token.map(String::as_str),
            key: key.as_deref(),
            body: body.map(|body| ("application/json", body)),
        };
        let answer = connection
            .send(request)?
            .expect(if is_order { 201 } else { 200 })?;
        Ok(u64::try_from(answer.body.len())?)
    }
}

/// A value as it stands in an address.
fn encoded(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
