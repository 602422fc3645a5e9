//! Stripe, by `async-stripe`: its client and its types; what they say is turned into our own words in `seen`, what Stripe sends by
//! itself is read in `webhook`.

mod seen;
mod webhook;

use super::payment::{
    Checkout, CheckoutAsked, Listed, Movement, PaymentProvider, PayoutSeen, ProviderError, ProviderEvent,
    RefundAsked, RefundSeen, Since,
};
use crate::config::StripeSettings;
use shared::domain::calendar::Micros;
use std::collections::HashMap;
use std::time::Duration;
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest as _};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Way,
    CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionPaymentMethodOptions,
    CreateCheckoutSessionPaymentMethodOptionsWechatPay,
    CreateCheckoutSessionPaymentMethodOptionsWechatPayClient as WechatClient, ExpireCheckoutSession,
    ListCheckoutSession, ProductData, RetrieveCheckoutSession,
};
use stripe_checkout::{CheckoutSessionLocale, CheckoutSessionMode};
use stripe_core::balance::RetrieveForMyAccountBalance;
use stripe_core::balance_transaction::ListBalanceTransaction;
use stripe_core::payout::{ListPayout, RetrievePayout};
use stripe_core::refund::{CreateRefund, ListRefund, RetrieveRefund};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// How often a question is asked that gets no answer.
const TRIES: u32 = 2;
/// Things of a list that are asked for at once.
const PAGE: i64 = 100;
/// The most that Stripe takes at once: eight digits.
const MOST_FEN: i64 = 99_999_999;

/// The words of ours that Stripe keeps beside what we create.
const OWN_PAYMENT: &str = "payment";
const OWN_REFUND: &str = "refund";

/// What a checkout says of how it was paid, asked for together with it.
const PAID_BY: &str = "payment_intent.latest_charge";

/// Stripe.
pub struct Stripe {
    client: Client,
    webhook_secrets: Vec<String>,
}

impl Stripe {
    /// Stripe with these settings.
    ///
    /// # Errors
    /// One sentence when they cannot be used; it never holds a key.
    pub fn new(settings: &StripeSettings) -> anyhow::Result<Self> {
        let mut builder = ClientBuilder::new(settings.secret_key.as_str())
            .timeout(TIMEOUT)
            .request_strategy(RequestStrategy::Retry(TRIES));
        if let Some(base) = &settings.api_base {
            builder = builder.url(base.as_str());
        }
        let client = builder.build().map_err(|_| {
            anyhow::anyhow!("stripe_secret_key or stripe_api_base cannot be used as it stands")
        })?;
        Ok(Self {
            client,
            webhook_secrets: settings.webhook_secrets.clone(),
        })
    }
}

#[async_trait::async_trait]
impl PaymentProvider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn open_checkout(&self, asked: &CheckoutAsked) -> Result<Checkout, ProviderError> {
        if asked.amount_fen.0 > MOST_FEN {
            let said = format!(
                "{} is more than one payment can be",
                asked.amount_fen.format_yuan()
            );
            return Err(ProviderError::Refused(said));
        }
        let opened = session_of(asked)
            .customize()
            .request_strategy(once(&format!("checkout-{}", asked.payment_id))?)
            .send(&self.client)
            .await;
        seen::checkout(&opened.map_err(|e| told(&e))?)
    }

    async fn checkout(&self, reference: &str) -> Result<Option<Checkout>, ProviderError> {
        let asked = RetrieveCheckoutSession::new(reference).expand([PAID_BY.to_owned()]);
        let found = found(asked.send(&self.client).await)?;
        found.as_ref().map(seen::checkout).transpose()
    }

    async fn checkout_of(&self, charge: &str) -> Result<Option<Checkout>, ProviderError> {
        let asked = ListCheckoutSession::new()
            .payment_intent(charge)
            .expand([format!("data.{PAID_BY}")])
            .limit(1);
        let listed = asked.send(&self.client).await.map_err(|e| told(&e))?;
        listed.data.first().map(seen::checkout).transpose()
    }

    async fn close_checkout(&self, reference: &str) -> Result<Option<Checkout>, ProviderError> {
        // Refused when it is not open any more; how it stands is asked for either way.
        let closed = ExpireCheckoutSession::new(reference).send(&self.client).await;
        match closed.map_err(|e| told(&e)) {
            Err(ProviderError::Away(said)) => Err(ProviderError::Away(said)),
            _ => self.checkout(reference).await,
        }
    }

    async fn checkouts(&self, since: &Since) -> Result<Listed<Checkout>, ProviderError> {
        let mut asked = ListCheckoutSession::new()
            .created(created(since))
            .expand([format!("data.{PAID_BY}")])
            .limit(PAGE);
        if let Some(after) = &since.after {
            asked = asked.starting_after(after.as_str());
        }
        let listed = asked.send(&self.client).await.map_err(|e| told(&e))?;
        page(&listed.data, listed.has_more, seen::checkout, |c| &c.reference)
    }

    async fn refund(&self, asked: &RefundAsked) -> Result<RefundSeen, ProviderError> {
        let own = HashMap::from([(OWN_REFUND.to_owned(), asked.refund_id.to_string())]);
        let made = CreateRefund::new()
            .payment_intent(asked.charge.as_str())
            .amount(asked.amount_fen.0)
            .metadata(own)
            .customize()
            .request_strategy(once(&format!("refund-{}", asked.refund_id))?)
            .send(&self.client)
            .await;
        seen::refund(&made.map_err(|e| told(&e))?)
    }

    async fn refund_seen(&self, reference: &str) -> Result<Option<RefundSeen>, ProviderError> {
        let found = found(RetrieveRefund::new(reference).send(&self.client).await)?;
        found.as_ref().map(seen::refund).transpose()
    }

    async fn refunds(&self, since: &Since) -> Result<Listed<RefundSeen>, ProviderError> {
        self.listed_refunds(ListRefund::new(), since).await
    }

    async fn refunds_of(&self, charge: &str, since: &Since) -> Result<Listed<RefundSeen>, ProviderError> {
        self.listed_refunds(ListRefund::new().payment_intent(charge), since)
            .await
    }

    async fn payout(&self, reference: &str) -> Result<Option<PayoutSeen>, ProviderError> {
        let found = found(RetrievePayout::new(reference).send(&self.client).await)?;
        Ok(found.as_ref().map(seen::payout))
    }

    async fn payouts(&self, since: &Since) -> Result<Listed<PayoutSeen>, ProviderError> {
        let mut asked = ListPayout::new().created(created(since)).limit(PAGE);
        if let Some(after) = &since.after {
            asked = asked.starting_after(after.as_str());
        }
        let listed = asked.send(&self.client).await.map_err(|e| told(&e))?;
        page(
            &listed.data,
            listed.has_more,
            |p| Ok(seen::payout(p)),
            |p| &p.reference,
        )
    }

    async fn movements(&self, since: &Since) -> Result<Listed<Movement>, ProviderError> {
        let mut asked = ListBalanceTransaction::new().created(created(since)).limit(PAGE);
        if let Some(after) = &since.after {
            asked = asked.starting_after(after.as_str());
        }
        let listed = asked.send(&self.client).await.map_err(|e| told(&e))?;
        page(
            &listed.data,
            listed.has_more,
            |m| Ok(seen::movement(m)),
            |m| &m.reference,
        )
    }

    async fn check(&self) -> Result<(), ProviderError> {
        let asked = RetrieveForMyAccountBalance::new().send(&self.client).await;
        asked.map(|_| ()).map_err(|e| told(&e))
    }

    fn signature_header(&self) -> &'static str {
        "stripe-signature"
    }

    fn signed(&self, signature: &str, body: &[u8], now: Micros) -> bool {
        webhook::signed(&self.webhook_secrets, signature, body, now)
    }

    fn event(&self, body: &[u8]) -> ProviderEvent {
        webhook::event(body)
    }
}

impl Stripe {
    async fn listed_refunds(
        &self,
        asked: ListRefund,
        since: &Since,
    ) -> Result<Listed<RefundSeen>, ProviderError> {
        let mut asked = asked.created(created(since)).limit(PAGE);
        if let Some(after) = &since.after {
            asked = asked.starting_after(after.as_str());
        }
        let listed = asked.send(&self.client).await.map_err(|e| told(&e))?;
        page(&listed.data, listed.has_more, seen::refund, |r| &r.reference)
    }
}

/// The session that is asked for. It is made of what stands in the payment alone, so that asking again asks for the same.
fn session_of(asked: &CheckoutAsked) -> CreateCheckoutSession {
    let own = HashMap::from([(OWN_PAYMENT.to_owned(), asked.payment_id.to_string())]);
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(stripe_types::Currency::CNY);
    price.unit_amount = Some(asked.amount_fen.0);
    price.product_data = Some(ProductData::new(asked.title.as_str()));
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.metadata = Some(own.clone());
    let mut ways = CreateCheckoutSessionPaymentMethodOptions::new();
    ways.wechat_pay = Some(CreateCheckoutSessionPaymentMethodOptionsWechatPay::new(
        WechatClient::Web,
    ));
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .client_reference_id(asked.payment_id.to_string())
        .line_items([line])
        .allowed_payment_method_types([Way::Card, Way::Alipay, Way::WechatPay])
        .payment_method_options(ways)
        .payment_intent_data(intent)
        .metadata(own)
        .expires_at(seconds(asked.expires_at))
        .locale(CheckoutSessionLocale::Auto)
        .success_url(format!("{}?back=1", asked.back_url))
        .cancel_url(asked.back_url.as_str())
}

const fn seconds(at: Micros) -> i64 {
    at.0.div_euclid(1_000_000)
}

fn created(since: &Since) -> stripe_types::RangeQueryTs {
    stripe_types::RangeQueryTs::gte(seconds(since.from))
}

fn once(key: &str) -> Result<RequestStrategy, ProviderError> {
    let key = IdempotencyKey::new(key).map_err(|e| ProviderError::Refused(e.to_string()))?;
    Ok(RequestStrategy::Idempotent(key))
}

fn page<A, B>(
    data: &[A],
    more: bool,
    read: impl Fn(&A) -> Result<B, ProviderError>,
    name: impl Fn(&B) -> &String,
) -> Result<Listed<B>, ProviderError> {
    let items: Vec<B> = data.iter().map(read).collect::<Result<_, _>>()?;
    let next = items.last().filter(|_| more).map(|last| name(last).clone());
    Ok(Listed { items, next })
}

fn found<T>(answer: Result<T, StripeError>) -> Result<Option<T>, ProviderError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(StripeError::Stripe(_, 404)) => Ok(None),
        Err(error) => Err(told(&error)),
    }
}

/// What went wrong, in one line without anything that we sent. What may go better later is `Away`: no answer, too many requests, their
/// fault, and a key that is not taken, which an administrator mends.
fn told(error: &StripeError) -> ProviderError {
    match error {
        StripeError::Stripe(said, status) => {
            let code = said.code.as_ref().map(|code| code.as_str()).unwrap_or_default();
            let message = said.message.as_deref().unwrap_or_default();
            let line = format!("{status} {code} {message}");
            if matches!(status, 401 | 403 | 409 | 424 | 429 | 500..) {
                ProviderError::Away(line)
            } else {
                ProviderError::Refused(line)
            }
        }
        StripeError::JSONDeserialize(_) => ProviderError::Away("the answer could not be read".to_owned()),
        StripeError::Timeout => ProviderError::Away("no answer in time".to_owned()),
        StripeError::ClientError(said) | StripeError::ConfigError(said) => ProviderError::Away(said.clone()),
    }
}
