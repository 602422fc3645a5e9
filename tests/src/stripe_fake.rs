//! A Stripe of our own on a free port: what the market asks of the real one, over HTTP, with its strictness. It refuses parameters that
//! it does not know and requests without a key, honours idempotency keys, keeps what was made, and signs what it sends. What it
//! sends goes by a `courier`, who delays, repeats, mixes up and loses by a seed.

mod asked;
mod courier;
mod doors;
mod pay_page;
mod shown;
mod state;

pub use courier::{Courier, Letter, sign};
pub use state::{Method, Trip};

use server::config::StripeSettings;
use server::ports::clock::Clock;
use state::State;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;

/// The key that the market has to show.
pub const SECRET_KEY: &str = "sk_test_of_the_market";
/// What it signs with.
pub const WEBHOOK_SECRET: &str = "whsec_first";

/// A running Stripe; it ends with the test.
#[derive(Clone)]
pub struct StripeFake {
    base: String,
    state: Arc<Mutex<State>>,
    clock: Arc<dyn Clock>,
    market: Option<String>,
}

impl StripeFake {
    /// Starts one that goes by this clock.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(clock: &Arc<impl Clock + 'static>) -> Self {
        let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
        Self::listen(0, clock, None).await
    }

    /// Starts one on this port (0 for any that is free) whose page can be paid on in a browser, and which then sends its messages to the
    /// market at this address.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn listen(port: u16, clock: Arc<dyn Clock>, market: Option<String>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a port is free");
        let port = listener.local_addr().expect("it listens").port();
        let fake = Self {
            base: format!("http://127.0.0.1:{port}"),
            state: Arc::default(),
            clock,
            market,
        };
        fake.state().base = fake.base.clone();
        let doors = pay_page::router(fake.clone()).merge(doors::router(fake.clone()));
        tokio::spawn(async move { axum::serve(listener, doors).await });
        fake
    }

    /// The settings that lead the market here.
    #[must_use]
    pub fn settings(&self) -> StripeSettings {
        StripeSettings {
            secret_key: SECRET_KEY.to_owned(),
            webhook_secrets: vec![WEBHOOK_SECRET.to_owned()],
            api_base: Some(self.base.clone()),
        }
    }

    /// Now, in whole seconds.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().0 / 1_000_000
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now = self.now();
        state
    }

    /// What goes wrong with the next requests, one after the other.
    pub fn trip(&self, trips: impl IntoIterator<Item = Trip>) {
        self.state().trips.extend(trips);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.state().trips.clear();
    }

    /// What came in all, and what of it was given back.
    #[must_use]
    pub fn taken(&self) -> (i64, i64) {
        let state = self.state();
        let came = state.intents.values().filter(|i| i.status == "succeeded");
        came.fold((0, 0), |(sum, back), i| (sum + i.amount, back + i.refunded))
    }

    /// Checkouts that were paid, with what is left of each.
    #[must_use]
    pub fn left(&self) -> Vec<(String, i64)> {
        let state = self.state();
        let left = |intent: &String| state.intents.get(intent).map(|i| i.amount - i.refunded);
        let of = |session: &state::Session| Some((session.id.clone(), left(session.intent.as_ref()?)?));
        (state.sessions.values().filter_map(of))
            .filter(|(_, left)| *left > 0)
            .collect()
    }

    /// A payout that is neither at the bank nor back.
    #[must_use]
    pub fn payout_under_way(&self) -> Option<String> {
        let state = self.state();
        let under_way = state.payouts.values().find(|p| p.status == "in_transit");
        under_way.map(|payout| payout.id.clone())
    }

    /// The requests so far, as `POST /v1/refunds`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// The only checkout that can be paid.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[must_use]
    pub fn open_session(&self) -> String {
        let state = self.state();
        let mut open = state.sessions.values().filter(|s| s.status == "open");
        let only = open.next().expect("a checkout is open").id.clone();
        assert!(open.next().is_none(), "more than one checkout is open");
        only
    }

    /// The checkouts that can be paid.
    #[must_use]
    pub fn open_sessions(&self) -> Vec<String> {
        let state = self.state();
        let open = state.sessions.values().filter(|s| s.status == "open");
        open.map(|session| session.id.clone()).collect()
    }

    /// How many checkouts were ever opened.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.state().sessions.len()
    }

    /// Somebody pays on the page of a checkout.
    ///
    /// # Panics
    /// When it cannot be paid.
    pub fn pay(&self, session: &str, method: Method) {
        self.state().pay(session, method);
    }

    /// Somebody pays by a way whose money comes later.
    ///
    /// # Panics
    /// When it cannot be paid.
    pub fn pay_slowly(&self, session: &str) {
        self.state().pay_slowly(session);
    }

    /// The money of a slow payment comes, or does not.
    ///
    /// # Panics
    /// When nothing is on its way.
    pub fn arrive(&self, session: &str, comes: bool) {
        self.state().arrive(session, comes);
    }

    /// A checkout's time is over.
    pub fn run_out(&self, session: &str) {
        self.state().expire(session);
    }

    /// A checkout of another shop over the same account is paid.
    pub fn pay_elsewhere(&self, amount: i64) {
        self.state().pay_elsewhere(amount);
    }

    /// A payment's refund is made by hand, past the market.
    ///
    /// # Panics
    /// When there is not so much left of it.
    pub fn refund_by_hand(&self, session: &str, amount: i64) -> String {
        self.state().refund_by_hand(session, amount)
    }

    /// From now on refunds take their time.
    pub fn refunds_are_slow(&self) {
        self.state().slow_refunds = true;
    }

    /// A slow refund ends, well or not.
    ///
    /// # Panics
    /// When there is no such refund.
    pub fn end_refund(&self, refund: &str, well: bool) {
        self.state().end_refund(refund, well);
    }

    /// The refunds so far.
    #[must_use]
    pub fn refunds(&self) -> Vec<String> {
        self.state().refunds.keys().cloned().collect()
    }

    /// A fee that belongs to no payment.
    pub fn take_fee(&self, amount: i64) {
        self.state().take_fee(amount);
    }

    /// A dispute takes money away.
    pub fn dispute(&self, amount: i64) {
        self.state().dispute(amount);
    }

    /// Everything it holds goes to the bank; its name.
    pub fn pay_out(&self) -> String {
        self.state().pay_out()
    }

    /// A payout reaches the bank, or comes back from it.
    ///
    /// # Panics
    /// When there is no such payout.
    pub fn end_payout(&self, payout: &str, well: bool) {
        self.state().end_payout(payout, well);
    }

    /// What it holds.
    #[must_use]
    pub fn balance(&self) -> i64 {
        self.state().balance()
    }

    /// The sum of what it took in fees.
    #[must_use]
    pub fn fees(&self) -> i64 {
        self.state().movements.iter().map(state::Movement::cost).sum()
    }

    /// From now on its messages have the form of another version.
    pub fn speak(&self, version: &str) {
        self.state().version = version.to_owned();
    }

    /// The messages so far, oldest first, each as its bytes.
    #[must_use]
    pub fn events(&self) -> Vec<Vec<u8>> {
        self.state().events.clone()
    }

    /// Sends something of a kind that nobody knows yet.
    pub fn say(&self, kind: &str, object: serde_json::Value) {
        self.state().say(kind, object);
    }
}
