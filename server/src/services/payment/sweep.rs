//! 核对: asking the provider, every night and when finance wants it, for what no message told.

use super::begin::GIVEN_UP_US;
use super::{payout, provider, refund, refused_by, settle};
use crate::ports::payment::{CheckoutState, Listed, PaymentProvider, ProviderError, Since};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, right};
use crate::store;
use crate::store::audit::Entry;
use crate::store::payment::PaymentRecord;
use futures::FutureExt as _;
use shared::api::payment::PaymentStandingOut;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;

/// The hour of the night (Asia/Shanghai) at which everything is asked for.
const HOUR: i64 = 3;
/// After a sweep that could not be ended, the next.
const AGAIN_US: i64 = 15 * 60_000_000;
/// Lists are read again for so long before the last sweep: what began before it may have come to something after.
const OVERLAP_US: i64 = 3 * 24 * 3_600_000_000;
/// The first sweep looks back for so long.
const FIRST_US: i64 = 30 * 24 * 3_600_000_000;
/// Payments that are read at once.
const AT_ONCE: i64 = 100;

/// Has everything asked for now.
///
/// # Errors
/// `NotFound` where no provider is configured; `Forbidden`.
pub async fn ask_for_all(app: &App, actor: &Actor, key: &Key) -> Result<PaymentStandingOut, Error> {
    right::require(actor, Action::PaymentSweep, Place::DISTRICT)?;
    let name = provider(app)?.name();
    let (now, job) = (app.now(), Arc::new(actor.clone()));
    let () = once(app, actor.person_id, "payment.sweep", key, &name, move |tx| {
        let actor = Arc::clone(&job);
        async move {
            store::provider::begin_sweeps(tx, name, now.0, now.0 - FIRST_US).await?;
            store::provider::take_sweep(tx, name, i64::MAX, now.0).await?;
            let entry = Entry {
                action: "payment.sweep",
                object_kind: "provider",
                object_id: name.to_owned(),
                ..Entry::default()
            };
            Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    app.payment_bell.notify_one();
    super::standing(app, actor).await
}

/// Asks for everything when it is time, and nobody else does.
///
/// # Errors
/// `PaymentAway`; whatever the database answers. It is tried again a quarter of an hour later.
pub async fn when_due(app: &App) -> Result<(), Error> {
    let Some(provider) = app.payments.clone() else {
        return Ok(());
    };
    let (name, now) = (provider.name(), app.now());
    let due = store::provider::sweep(app.db.read(), name).await?;
    if due.is_some_and(|sweep| sweep.next_at > now.0) {
        return Ok(());
    }
    let mine = app
        .db
        .write_quietly(move |tx| {
            async move {
                store::provider::begin_sweeps(tx, name, next_night(now), now.0 - FIRST_US).await?;
                Ok(store::provider::take_sweep(tx, name, now.0, now.0 + AGAIN_US).await?)
            }
            .boxed()
        })
        .await?;
    if mine { run(app, &*provider).await } else { Ok(()) }
}

fn next_night(now: Micros) -> i64 {
    let tonight = now.day().start().plus_hours(HOUR);
    if tonight > now {
        tonight.0
    } else {
        now.day().add_days(1).start().plus_hours(HOUR).0
    }
}

/// Asks for everything: what the provider lists of checkouts, payments that can still come, then refunds, payouts and movements.
async fn run(app: &App, provider: &dyn PaymentProvider) -> Result<(), Error> {
    let (name, until) = (provider.name(), app.now());
    let since = since(app, name).await?;
    // First what was paid on pages whose names never came here: after that, what has none is given up.
    checkouts(app, provider, since).await?;
    open_payments(app, provider).await?;
    refund::send_due(app).await?;
    refund::ask_after(app, provider).await?;
    refunds(app, provider, since).await?;
    payouts(app, provider, since).await?;
    movements(app, provider).await?;
    let (at, next) = (app.now().0, next_night(app.now()));
    app.db
        .write_quietly(move |tx| {
            async move { Ok(store::provider::swept(tx, name, until.0, at, next).await?) }.boxed()
        })
        .await
}

async fn since(app: &App, name: &str) -> Result<Micros, Error> {
    let known = store::provider::sweep(app.db.read(), name).await?;
    let until = known.map_or(app.now().0 - FIRST_US, |sweep| sweep.swept_until);
    Ok(Micros(until - OVERLAP_US))
}

/// Asks how one payment stands, and takes that over.
pub(super) async fn ask(
    app: &App,
    provider: &dyn PaymentProvider,
    payment: &PaymentRecord,
) -> Result<(), Error> {
    if payment.provider != provider.name() {
        return Ok(());
    }
    match &payment.session_ref {
        Some(reference) => match provider.checkout(reference).await.map_err(refused_by)? {
            Some(seen) => settle::settle(app, provider.name(), payment.id, seen).await?,
            None => settle::end(app, payment.id, "failed", "answer_lost").await?,
        },
        // No page was ever handed out, so nobody can have paid on it.
        None if app.now().0 - payment.created_at > GIVEN_UP_US => {
            settle::end(app, payment.id, "failed", "answer_lost").await?
        }
        None => "created",
    };
    Ok(())
}

async fn open_payments(app: &App, provider: &dyn PaymentProvider) -> Result<(), Error> {
    let mut after = None;
    loop {
        let open = store::payment::open(app.db.read(), provider.name(), after, AT_ONCE).await?;
        let Some(last) = open.last() else {
            return Ok(());
        };
        after = Some((last.created_at, last.id));
        for payment in open {
            ask(app, provider, &payment).await?;
        }
    }
}

async fn checkouts(app: &App, provider: &dyn PaymentProvider, from: Micros) -> Result<(), Error> {
    let mut since = Since::from(from);
    loop {
        let listed = provider.checkouts(&since).await;
        let (items, more) = part(listed, &mut since)?;
        for seen in items {
            if let (Some(id), CheckoutState::Paid) = (seen.payment_id, seen.state) {
                settle::settle(app, provider.name(), id, seen).await?;
            }
        }
        if !more {
            return Ok(());
        }
    }
}

async fn refunds(app: &App, provider: &dyn PaymentProvider, from: Micros) -> Result<(), Error> {
    let mut since = Since::from(from);
    loop {
        let listed = provider.refunds(&since).await;
        let (items, more) = part(listed, &mut since)?;
        for seen in items {
            refund::take_over(app, provider.name(), seen).await?;
        }
        if !more {
            return Ok(());
        }
    }
}

async fn payouts(app: &App, provider: &dyn PaymentProvider, from: Micros) -> Result<(), Error> {
    let name = provider.name();
    for known in store::provider::payouts_under_way(app.db.read(), name, AT_ONCE).await? {
        if let Some(seen) = provider.payout(&known.reference).await.map_err(refused_by)? {
            payout::take_over(app, name, seen).await?;
        }
    }
    let mut since = Since::from(from);
    loop {
        let listed = provider.payouts(&since).await;
        let (items, more) = part(listed, &mut since)?;
        for seen in items {
            payout::take_over(app, name, seen).await?;
        }
        if !more {
            return Ok(());
        }
    }
}

/// Asks what moved at the provider since the last sweep, and books its fees.
pub(super) async fn movements(app: &App, provider: &dyn PaymentProvider) -> Result<(), Error> {
    let name = provider.name();
    let mut since = Since::from(since(app, name).await?);
    loop {
        let listed = provider.movements(&since).await;
        let (items, more) = part(listed, &mut since)?;
        payout::keep(app, name, items).await?;
        if !more {
            return payout::book_waiting(app, name).await;
        }
    }
}

/// The things of a part of a list, and whether there is more behind it.
fn part<T>(listed: Result<Listed<T>, ProviderError>, since: &mut Since) -> Result<(Vec<T>, bool), Error> {
    let listed = listed.map_err(refused_by)?;
    let more = listed.next.is_some();
    since.after = listed.next;
    Ok((listed.items, more))
}
