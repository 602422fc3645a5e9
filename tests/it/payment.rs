//! Payments through a provider, over a fake Stripe: one effect a payment, whatever is told, however often and in whatever order; and
//! what the provider holds is what the books say it holds.

mod bank;
mod books;
mod chance;
mod money_back;
mod pages;
mod told;

use sea_orm::Value;
use server::jobs;
use server::services::payment;
use shared::api::payment::{PayIn, PaymentOut, PaymentStatus};
use shared::domain::money::Fen;
use tests::stripe_fake::{Courier, StripeFake};
use tests::{Market, Offer, Person, TestApp, trade};
use uuid::Uuid;

/// A market that takes payments, with the provider it takes them through.
pub struct Till {
    pub app: TestApp,
    pub fake: StripeFake,
    pub market: Market,
    pub offer: Offer,
    pub courier: Courier,
}

impl Till {
    pub async fn open(app: &TestApp) -> Self {
        let fake = StripeFake::start(&app.clock).await;
        let app = app.configured(|config| config.stripe = Some(fake.settings()));
        let market = app.market().await;
        let offer = market.list(0).per_jin(333).lot(50_000_000).publish(&app).await;
        let seed = rand::random::<u32>();
        println!("the courier's seed: {seed}");
        Self {
            app,
            fake,
            market,
            offer,
            courier: Courier::new(u64::from(seed)),
        }
    }

    pub fn buyer(&self) -> &Person {
        &self.market.buyers[0]
    }

    /// An order of so many grams.
    pub async fn order(&self, grams: i64) -> Uuid {
        trade::place(&self.app, self.buyer(), &[(&self.offer, grams)])
            .await
            .id
    }

    pub async fn begin(&self, order: Uuid) -> PaymentOut {
        begin(&self.app, self.buyer(), order)
            .await
            .expect("it can be paid")
    }

    /// An order whose payment stands open at the provider: the payment and its checkout there.
    pub async fn begun(&self, grams: i64) -> (PaymentOut, String) {
        let begun = self.begin(self.order(grams).await).await;
        assert_eq!(begun.row.status, PaymentStatus::Open);
        (begun, self.fake.open_session())
    }

    /// Carries what is told, works it through.
    pub async fn hear(&mut self) {
        self.courier.carry(&self.fake, &self.app.router).await;
        self.work().await;
    }

    /// What the program does by itself when its bell rings, the nightly sweep apart.
    pub async fn work(&self) {
        payment::refund::send_due(&self.app)
            .await
            .expect("refunds are sent");
        payment::event::work_through(&self.app)
            .await
            .expect("messages are worked through");
    }

    /// The nightly sweep.
    pub async fn sweep(&self) {
        let key = self.app.key();
        let asked = payment::sweep::ask_for_all(&self.app, &self.market.finance, &key).await;
        asked.expect("finance may ask");
        assert!(
            jobs::payment::round(&self.app).await,
            "the provider was asked to the end"
        );
    }

    pub async fn shown(&self, id: Uuid) -> PaymentOut {
        let shown = payment::show(&self.app, &self.market.finance, id).await;
        shown.expect("finance sees every payment")
    }

    pub async fn status(&self, id: Uuid) -> PaymentStatus {
        self.shown(id).await.row.status
    }

    /// A balance by kind of account; a unit's by its number.
    pub async fn balance(&self, kind: &str, unit: Option<usize>) -> i64 {
        let owner = unit.map_or_else(String::new, |at| self.market.units[at].id.to_string());
        let sql = "select balance_fen from account_balances where account_kind = $1 and owner = $2";
        let values: [Value; 2] = [kind.into(), owner.into()];
        self.app.number(sql, values).await
    }

    /// Ledger transactions of a kind.
    pub async fn posted(&self, kind: &str) -> i64 {
        let sql = "select count(*) from ledger_transactions where kind = $1";
        self.app.number(sql, [kind.into()]).await
    }

    /// The books say of the provider what it says itself.
    pub async fn agrees(&self) {
        assert_eq!(
            self.balance("stripe_clearing", None).await,
            self.fake.balance(),
            "in clearing"
        );
        assert_eq!(
            self.balance("stripe_fees", None).await,
            self.fake.fees(),
            "in fees"
        );
    }
}

pub async fn begin(app: &TestApp, who: &Person, order: Uuid) -> Result<PaymentOut, server::services::Error> {
    let input = PayIn {
        bill_id: None,
        order_id: Some(order),
    };
    payment::begin(app, who, &app.key(), input).await
}

/// What so many grams of the till's goods cost: 3.33 yuan for 500 g, rounded half up.
pub fn cost(grams: i64) -> Fen {
    Fen((333 * grams * 2 + 500) / 1000)
}
