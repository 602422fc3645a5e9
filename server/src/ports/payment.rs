//! Being paid through a provider: what the market asks of any of them, in words of its own. The next provider is one more
//! file that implements `PaymentProvider`, and its line in `of`.

use super::stripe::Stripe;
use crate::config::Config;
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::payment::{MovementKind, PayMethod, PayoutStatus, RefundStatus};
use std::sync::Arc;
use uuid::Uuid;

/// The currency of everything here, as providers write it.
pub const CURRENCY: &str = "cny";

/// The provider that the settings name; `None` offers none.
///
/// # Errors
/// One sentence when the settings cannot be used. It never holds a key.
pub fn of(config: &Config) -> anyhow::Result<Option<Arc<dyn PaymentProvider>>> {
    match &config.stripe {
        Some(settings) => Ok(Some(Arc::new(Stripe::new(settings)?))),
        None => Ok(None),
    }
}

/// A provider of payments. Whatever creates something carries a name of ours, so that asking twice makes one thing; everything
/// else only reads.
#[async_trait::async_trait]
pub trait PaymentProvider: Send + Sync {
    /// Its name, as stored beside everything that came from it.
    fn name(&self) -> &'static str;

    /// Opens a page on which this sum can be paid; the same payment again gets the same page.
    async fn open_checkout(&self, asked: &CheckoutAsked) -> Result<Checkout, ProviderError>;

    /// How a checkout stands now; `None` when the provider knows none.
    async fn checkout(&self, reference: &str) -> Result<Option<Checkout>, ProviderError>;

    /// The checkout that this charge belongs to.
    async fn checkout_of(&self, charge: &str) -> Result<Option<Checkout>, ProviderError>;

    /// Closes a checkout that nobody shall pay on any more, and says how it stands then: it may have been paid meanwhile.
    async fn close_checkout(&self, reference: &str) -> Result<Option<Checkout>, ProviderError>;

    /// Checkouts begun since then, newest first.
    async fn checkouts(&self, since: &Since) -> Result<Listed<Checkout>, ProviderError>;

    /// Gives money back the way it came; the same refund again is the same.
    async fn refund(&self, asked: &RefundAsked) -> Result<RefundSeen, ProviderError>;

    /// How a refund stands now.
    async fn refund_seen(&self, reference: &str) -> Result<Option<RefundSeen>, ProviderError>;

    /// Refunds begun since then, newest first.
    async fn refunds(&self, since: &Since) -> Result<Listed<RefundSeen>, ProviderError>;

    /// Every refund of a charge, newest first.
    async fn refunds_of(&self, charge: &str, since: &Since) -> Result<Listed<RefundSeen>, ProviderError>;

    /// How a payout stands now.
    async fn payout(&self, reference: &str) -> Result<Option<PayoutSeen>, ProviderError>;

    /// Payouts begun since then, newest first.
    async fn payouts(&self, since: &Since) -> Result<Listed<PayoutSeen>, ProviderError>;

    /// What changed the sum that the provider holds since then, newest first.
    async fn movements(&self, since: &Since) -> Result<Listed<Movement>, ProviderError>;

    /// Asks something harmless: whether it answers, and takes our key.
    async fn check(&self) -> Result<(), ProviderError>;

    /// The header that a message's signature stands in.
    fn signature_header(&self) -> &'static str;

    /// Whether a message was signed by the provider, within the time that we let it take.
    fn signed(&self, signature: &str, body: &[u8], now: Micros) -> bool;

    /// What a message is about. Never refuses: what cannot be read is about nothing.
    fn event(&self, body: &[u8]) -> ProviderEvent;
}

/// Why the provider did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It does not take it; asking again will not help.
    #[error("refused: {0}")]
    Refused(String),
    /// It does not answer, or not now; ask again later.
    #[error("away: {0}")]
    Away(String),
}

/// From when on a list is read, and behind which of its things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// Nothing older than this.
    pub from: Micros,
    /// Go on behind this one.
    pub after: Option<String>,
}

impl Since {
    /// Everything since this moment.
    #[must_use]
    pub const fn from(from: Micros) -> Self {
        Self { from, after: None }
    }
}

/// Part of a list at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The things.
    pub items: Vec<T>,
    /// Behind which to go on; `None` at the end.
    pub next: Option<String>,
}

/// A sum to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutAsked {
    /// The payment.
    pub payment_id: Uuid,
    /// What the payer reads, as 'bill B261121-7K3MP'.
    pub title: String,
    /// The sum.
    pub amount_fen: Fen,
    /// Until when it can be paid.
    pub expires_at: Micros,
    /// Where the payer comes back to.
    pub back_url: String,
}

/// A checkout as the provider shows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// Its name there.
    pub reference: String,
    /// The payment that it was opened for, as the provider gives our own word back.
    pub payment_id: Option<Uuid>,
    /// Where to pay, while it can be paid.
    pub url: Option<String>,
    /// The sum.
    pub amount_fen: Fen,
    /// In which currency.
    pub currency: String,
    /// Whether it was paid.
    pub state: CheckoutState,
    /// The charge (what a refund names), once there is one.
    pub charge: Option<String>,
    /// What movements name, once it was paid.
    pub source: Option<String>,
    /// By what it was paid.
    pub method: Option<PayMethod>,
}

/// Whether a checkout was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckoutState {
    /// It can be paid.
    Open,
    /// The payer has done it, the money is still to come.
    Processing,
    /// The money has come.
    Paid,
    /// Nobody paid in time.
    Expired,
    /// The payer tried and could not.
    Failed,
}

/// Money to be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundAsked {
    /// The refund.
    pub refund_id: Uuid,
    /// The charge it is taken from.
    pub charge: String,
    /// How much.
    pub amount_fen: Fen,
}

/// A refund as the provider shows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundSeen {
    /// Its name there.
    pub reference: String,
    /// The refund that it was made for, as the provider gives our own word back; `None` when it was made elsewhere.
    pub refund_id: Option<Uuid>,
    /// The charge.
    pub charge: Option<String>,
    /// How much.
    pub amount_fen: Fen,
    /// In which currency.
    pub currency: String,
    /// Where it stands: never `Asked`.
    pub status: RefundStatus,
    /// Why it failed.
    pub trouble: String,
    /// When it was made.
    pub at: Micros,
}

/// A payout as the provider shows it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutSeen {
    /// Its name there.
    pub reference: String,
    /// How much; negative when the bank paid the provider.
    pub amount_fen: Fen,
    /// In which currency.
    pub currency: String,
    /// Where it stands.
    pub status: PayoutStatus,
    /// When it is at the bank.
    pub arrives_at: Micros,
}

/// Something that changed the sum that the provider holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Its name there.
    pub reference: String,
    /// What it was.
    pub kind: MovementKind,
    /// What caused it: a payment's source, a refund, a payout.
    pub source: Option<String>,
    /// What came, or (negative) went, before the fee.
    pub amount_fen: Fen,
    /// The fee that was taken of it.
    pub fee_fen: Fen,
    /// In which currency.
    pub currency: String,
    /// When.
    pub at: Micros,
}

/// A message of the provider, as far as we believe it: what it is about. How that stands is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// Its name there; made of its bytes where it has none.
    pub id: String,
    /// Its kind, as the provider calls it.
    pub kind: String,
    /// The version of the form that it came in.
    pub api_version: String,
    /// What it is about.
    pub subject: Subject,
}

/// What a message is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A checkout.
    Checkout(String),
    /// A charge, its refunds among it.
    Charge(String),
    /// A refund.
    Refund(String),
    /// A payout.
    Payout(String),
    /// Nothing that concerns us.
    Nothing,
}
