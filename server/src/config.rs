//! Settings: from the command line, the environment and a file, in this order; read once at start.

mod network;
mod origin;
mod setting;

pub use network::Network;
pub use origin::{Given, Loaded};
pub use setting::{SETTINGS, Setting};

use crate::ports::signing::Seed;
use shared::domain::order::DEFAULT_APPROVAL_HOLD_H;
use shared::domain::shortfall::DEFAULT_CHOICE_H;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Whether those who approve or move money, read everything or give rights must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TwoFactor {
    /// They must set it up before anything else opens.
    #[default]
    Required,
    /// They may: for the demonstration market, whose passwords everybody knows.
    Optional,
}

/// Where settings are looked for when no other file is named.
pub const DEFAULT_FILE: &str = "/etc/jizhou/jizhou.toml";

/// Settings of the running program. A new one is a field here with its default, a row in `SETTINGS`, and a line in
/// `deploy/jizhou.toml` (a test compares the three).
#[derive(Clone, PartialEq)]
pub struct Config {
    /// Where SQLite's file and stored photos are.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Proxies on other machines that are believed when they say whom they speak for; one on this machine always is.
    pub trusted_proxies: Vec<Network>,
    /// How the outside reaches the program, without a slash at the end: `https://market.example`.
    pub public_url: String,
    /// Hours a village has to answer a village order (domain.md, 'Rules from practice': 24 to 48).
    pub confirm_hours: i64,
    /// Hours for which a request's stock is held while approvers decide.
    pub approval_hold_hours: i64,
    /// Hours that a unit has to choose what to do about goods that came short.
    pub choice_hours: i64,
    /// Hours after both signatures in which an acceptance can be disputed.
    pub claim_hours: i64,
    /// Days that the centre has to answer a claim.
    pub claim_answer_days: i32,
    /// The centre's service fee in basis points, frozen at placement (domain.md, money rule 4: 0 by default).
    pub fee_bp: i32,
    /// Whether the centre may pay villages before the unit has paid (domain.md: not by default).
    pub settle_advance: bool,
    /// Bank receipts above so many yuan take a second person even when code and sum agree.
    pub receipt_limit_yuan: i64,
    /// The mail server and the sender's address; `None` sends no mail.
    pub mail: Option<MailSettings>,
    /// The secret half of the key that signs closed months; `None` keeps one in the data folder.
    pub books_key: Option<Seed>,
    /// Stripe, where units may pay by card, Alipay or WeChat; `None` does not offer it.
    pub stripe: Option<StripeSettings>,
    /// Whether the program only lets people read; the file `read-only` in the data folder does the same.
    pub read_only: bool,
    /// Where Prometheus reads the metrics; `None` keeps them off.
    pub metrics_listen: Option<SocketAddr>,
    /// Whether public pages are kept in memory between changes: right only while no other process writes to the same
    /// database. `None`: with SQLite they are, with PostgreSQL not.
    pub cache_pages: Option<bool>,
    /// What is logged, as `info,sqlx=warn`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Seconds that the program still takes requests after it was told to stop, while it says that it is not ready:
    /// a balancer before it needs them to turn away.
    pub stop_wait_s: u64,
    /// Seconds that requests under way may then take to end.
    pub stop_grace_s: u64,
    /// Whom to tell of a weakness (`/.well-known/security.txt`): a `mailto:` or `https:` address.
    pub security_contact: Option<String>,
    /// Whom units pay: the holder of the centre's account, as bills print it; empty leaves it out.
    pub bank_holder: String,
    /// At which bank.
    pub bank_name: String,
    /// On which account.
    pub bank_account: String,
    /// Whether the roles that need a second factor must have it. No setting: only the demonstration market relaxes it.
    pub two_factor: TwoFactor,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people on a terminal, JSON otherwise.
    Auto,
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How mail is sent. Its `Debug` keeps the password out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://user:password@host:465` or `smtp://host:587?tls=required`.
    pub url: String,
    /// The sender's address.
    pub from: String,
}

/// How Stripe is reached. Its `Debug` keeps the keys out of logs.
#[derive(Clone, PartialEq, Eq)]
pub struct StripeSettings {
    /// The secret key of the account, `sk_…` or a restricted `rk_…`.
    pub secret_key: String,
    /// The secrets that its messages are signed with, `whsec_…`: while one is being changed, the old and the new.
    pub webhook_secrets: Vec<String>,
    /// Another place than Stripe's own, for tests: `http://127.0.0.1:4000`.
    pub api_base: Option<String>,
}

impl std::fmt::Debug for StripeSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StripeSettings")
            .field("api_base", &self.api_base)
            .field("webhook_secrets", &self.webhook_secrets.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Config {
    /// Without the database's and the mail server's addresses and Stripe's keys: they are secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("data", &self.data)
            .field("listen", &self.listen)
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

impl Default for Config {
    /// What holds where nothing is set; `database_url` and `public_url` then follow from the others.
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            database_url: String::new(),
            listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 3000),
            trusted_proxies: Vec::new(),
            public_url: String::new(),
            confirm_hours: 36,
            approval_hold_hours: DEFAULT_APPROVAL_HOLD_H,
            choice_hours: DEFAULT_CHOICE_H,
            claim_hours: shared::domain::claim::DEFAULT_CLAIM_WINDOW_H,
            claim_answer_days: shared::domain::claim::DEFAULT_ANSWER_D,
            fee_bp: 0,
            settle_advance: false,
            receipt_limit_yuan: 100_000,
            mail: None,
            books_key: None,
            stripe: None,
            read_only: false,
            metrics_listen: None,
            cache_pages: None,
            log: "info,sqlx=warn,sea_orm=warn".to_owned(),
            log_format: LogFormat::Auto,
            stop_wait_s: 0,
            stop_grace_s: 20,
            security_contact: None,
            bank_holder: String::new(),
            bank_name: String::new(),
            bank_account: String::new(),
            two_factor: TwoFactor::Required,
        }
    }
}

impl Config {
    /// Settings of this process: what the command line said, its environment, and the settings file.
    ///
    /// # Errors
    /// One sentence naming the setting that is wrong and how to mend it.
    pub fn load(given: &Given) -> anyhow::Result<Loaded> {
        origin::load(given, &origin::environment())
    }

    /// What follows from other settings, and whether all of them go together.
    fn complete(mut self) -> anyhow::Result<Self> {
        if self.database_url.is_empty() {
            self.database_url = format!("sqlite:{}", self.data.join("market.sqlite").display());
        }
        if self.public_url.is_empty() {
            self.public_url = format!("http://{}", self.listen);
        }
        self.public_url
            .truncate(self.public_url.trim_end_matches('/').len());
        let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        if !self.secure_cookies() && !loopback.iter().any(|start| self.public_url.starts_with(start)) {
            anyhow::bail!(
                "public_url (JIZHOU_PUBLIC_URL) must begin with https:// (plain http only on this machine itself); it is '{}'",
                self.public_url
            );
        }
        if self.metrics_listen == Some(self.listen) {
            anyhow::bail!(
                "metrics_listen must be another address than the market's own: the metrics are not for everybody"
            );
        }
        Ok(self)
    }

    /// Whether public pages are kept between changes.
    #[must_use]
    pub fn keeps_pages(&self) -> bool {
        self.cache_pages
            .unwrap_or_else(|| self.database_url.starts_with("sqlite:"))
    }

    /// Whether cookies are `Secure` and carry the `__Host-` prefix: always, but for plain http on loopback.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}
