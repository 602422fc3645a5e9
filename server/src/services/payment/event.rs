//! What the provider sends by itself: kept as it came, answered, worked through afterwards. A message only says where to look.

use super::{payout, provider, refund, refused_by, settle, status_of};
use crate::ports::payment::{PaymentProvider, Since, Subject};
use crate::services::{App, Error};
use crate::store;
use crate::store::provider::NewEvent;
use futures::FutureExt as _;
use shared::api::problem::Code;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Messages that are worked through together.
const AT_ONCE: i64 = 500;
/// For so long nobody else takes them.
const LEASE_US: i64 = 120_000_000;
/// The longest pause between two tries.
const PAUSE_MAX_US: i64 = 6 * 3_600_000_000;

/// Keeps a message of the provider of this name, if it is theirs, and rings.
///
/// # Errors
/// `Malformed` for what they have not signed; `NotFound` for a provider that is not configured.
pub async fn receive(app: &App, name: &str, signature: &str, body: &[u8]) -> Result<(), Error> {
    let provider = provider(app)?;
    if provider.name() != name {
        return Err(Error::not_found());
    }
    let now = app.now();
    if !provider.signed(signature, body, now) {
        return Err(Error::refused(Code::Malformed));
    }
    let event = provider.event(body);
    let new = NewEvent {
        id: app.new_id(),
        provider: provider.name(),
        event_id: event.id,
        kind: event.kind,
        api_version: event.api_version,
        at: now.0,
        raw: body.to_vec(),
    };
    app.db
        .write_quietly(move |tx| {
            let new = new.clone();
            async move { Ok(store::provider::keep(tx, new).await?) }.boxed()
        })
        .await?;
    app.payment_bell.notify_one();
    Ok(())
}

/// The header that a provider's signature stands in.
///
/// # Errors
/// `NotFound` for a provider that is not configured.
pub fn signature_header(app: &App, name: &str) -> Result<&'static str, Error> {
    let provider = provider(app)?;
    if provider.name() == name {
        Ok(provider.signature_header())
    } else {
        Err(Error::not_found())
    }
}

/// Works through every message that waits; says how many there were.
///
/// # Errors
/// When the database cannot be reached.
pub async fn work_through(app: &App) -> Result<usize, Error> {
    let Some(provider) = app.payments.clone() else {
        return Ok(0);
    };
    let mut worked = 0;
    while !app.stop.is_cancelled() {
        let done = work_some(app, &*provider).await?;
        if done == 0 {
            break;
        }
        worked += done;
    }
    Ok(worked)
}

/// Works through some. Messages about the same thing are worked through by one question: it is asked after all of them came.
async fn work_some(app: &App, provider: &dyn PaymentProvider) -> Result<usize, Error> {
    let (name, holder, now) = (provider.name(), app.new_id(), app.now().0);
    let taken = app
        .db
        .write_quietly(move |tx| {
            async move { Ok(store::provider::take(tx, name, holder, now, now + LEASE_US, AT_ONCE).await?) }
                .boxed()
        })
        .await?;
    let count = taken.len();
    let mut subjects = BTreeMap::<Subject, (Vec<Uuid>, i32)>::new();
    for event in taken {
        let (ids, tries) = subjects.entry(provider.event(&event.raw).subject).or_default();
        ids.push(event.id);
        *tries = event.tries.max(*tries);
    }
    for (subject, (ids, tries)) in subjects {
        match look(app, provider, &subject).await {
            Ok(outcome) => {
                let now = app.now().0;
                app.db
                    .write_quietly(move |tx| {
                        let ids = ids.clone();
                        async move { Ok(store::provider::done(tx, &ids, outcome, now).await?) }.boxed()
                    })
                    .await?;
            }
            Err(error) if error.code() == Code::Unavailable => return Err(error),
            Err(error) => {
                crate::error::record(&error);
                let at = app.now().0 + pause_us(tries);
                app.db
                    .write_quietly(move |tx| {
                        let (ids, word) = (ids.clone(), error_word(&error));
                        async move { Ok(store::provider::later(tx, &ids, word, at).await?) }.boxed()
                    })
                    .await?;
            }
        }
    }
    Ok(count)
}

fn error_word(error: &Error) -> &'static str {
    error.code().as_str()
}

/// How long to wait after so many tries.
pub(super) fn pause_us(tries: i32) -> i64 {
    let doubled = u32::try_from(tries.clamp(0, 12)).unwrap_or(12);
    (10_000_000_i64 << doubled).min(PAUSE_MAX_US)
}

/// Asks how the thing of a message stands, and takes that over.
async fn look(app: &App, provider: &dyn PaymentProvider, subject: &Subject) -> Result<&'static str, Error> {
    match subject {
        Subject::Nothing => Ok("nothing"),
        Subject::Checkout(reference) => checkout(app, provider, reference).await,
        Subject::Charge(reference) => charge(app, provider, reference).await,
        Subject::Refund(reference) => match provider.refund_seen(reference).await.map_err(refused_by)? {
            Some(seen) => refund::take_over(app, provider.name(), seen).await,
            None => Ok("unknown"),
        },
        Subject::Payout(reference) => match provider.payout(reference).await.map_err(refused_by)? {
            Some(seen) => {
                let outcome = payout::take_over(app, provider.name(), seen).await?;
                // What was paid out has had its fees taken: they are to be heard of now.
                super::sweep::movements(app, provider).await?;
                Ok(outcome)
            }
            None => Ok("unknown"),
        },
    }
}

async fn checkout(app: &App, provider: &dyn PaymentProvider, reference: &str) -> Result<&'static str, Error> {
    let known = store::payment::by_checkout(app.db.read(), provider.name(), reference).await?;
    if let Some(payment) = &known
        && status_of(payment)?.has_come()
    {
        // A checkout that was paid stays paid: there is nothing to ask.
        return Ok("known");
    }
    let Some(seen) = provider.checkout(reference).await.map_err(refused_by)? else {
        return Ok("unknown");
    };
    match known.map(|payment| payment.id).or(seen.payment_id) {
        Some(id) => settle::settle(app, provider.name(), id, seen).await,
        None => Ok("not_ours"),
    }
}

async fn charge(app: &App, provider: &dyn PaymentProvider, reference: &str) -> Result<&'static str, Error> {
    let name = provider.name();
    let known = store::payment::by_charge(app.db.read(), name, reference).await?;
    let mut outcome = "known";
    if known.is_none() {
        let seen = provider.checkout_of(reference).await.map_err(refused_by)?;
        let Some((id, seen)) = seen.and_then(|seen| Some((seen.payment_id?, seen))) else {
            return Ok("not_ours");
        };
        outcome = settle::settle(app, name, id, seen).await?;
        if outcome != "paid" {
            return Ok(outcome);
        }
    }
    let mut since = Since::from(shared::domain::calendar::Micros(0));
    loop {
        let listed = provider.refunds_of(reference, &since).await.map_err(refused_by)?;
        for seen in listed.items {
            refund::take_over(app, name, seen).await?;
        }
        since.after = listed.next;
        if since.after.is_none() {
            return Ok(outcome);
        }
    }
}
