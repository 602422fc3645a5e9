//! What every use case works with.

use crate::config::Config;
use crate::ports::clock::Clock;
use crate::ports::files::Files;
use crate::ports::mail::Mail;
use crate::ports::payment::{self, PaymentProvider};
use crate::store::Db;
use shared::domain::calendar::{Day, Micros};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// While a file of this name is in the data folder, nothing is changed.
pub const READ_ONLY_FILE: &str = "read-only";

/// The program's parts, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts themselves.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Stored photos.
    pub files: Arc<dyn Files>,
    /// Mail.
    pub mail: Mail,
    /// Who takes payments, where somebody does.
    pub payments: Option<Arc<dyn PaymentProvider>>,
    /// Rings when a provider's message came or a refund is to be sent.
    pub payment_bell: Arc<tokio::sync::Notify>,
    /// The index of offers on sale.
    pub search: super::search::Index,
    /// Settings.
    pub config: Config,
    /// Rings when long work was queued.
    pub bell: Arc<tokio::sync::Notify>,
    /// The names under which this process holds long work; so many pieces are done at once.
    pub holders: [Uuid; 2],
    /// Password hashing is heavy: so many at once and no more.
    pub hashing: Arc<Semaphore>,
    /// Cancelled when the program was told to stop: long work then ends at its next safe point.
    pub stop: CancellationToken,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, files: Arc<dyn Files>, config: Config) -> Self {
        let settings = config
            .mail
            .as_ref()
            .map(|mail| (mail.url.as_str(), mail.from.as_str()));
        let mail = Mail::new(settings).expect("the configuration has read these settings before");
        let payments = payment::of(&config).expect("the configuration has read these settings before");
        let holders = [(), ()].map(|()| crate::ports::ids::new_id(clock.now()));
        Self(Arc::new(Parts {
            bell: Arc::new(tokio::sync::Notify::new()),
            holders,
            mail,
            payments,
            payment_bell: Arc::new(tokio::sync::Notify::new()),
            db,
            clock,
            files,
            search: super::search::Index::default(),
            config,
            hashing: Arc::new(Semaphore::new(2)),
            stop: CancellationToken::new(),
        }))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.clock.now()
    }

    /// Today in Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> Day {
        self.now().day()
    }

    /// Whether people may only read just now: as the settings say, or because of the file `read-only` in the data
    /// folder. It is looked for every time, so that a running program notices.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.config.read_only || self.config.data.join(READ_ONLY_FILE).exists()
    }

    /// A new id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        crate::ports::ids::new_id(self.now())
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
