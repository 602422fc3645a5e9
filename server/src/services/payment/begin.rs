//! Beginning to pay: the payment is noted, the provider opens its page, the page is noted. Asked again, each of the three finds
//! what is there.

use super::about::About;
use super::{DOCUMENT, provider, refused_by, settle, show};
use crate::ports::ids;
use crate::ports::payment::{CheckoutAsked, PaymentProvider, ProviderError};
use crate::services::idempotency::{Key, once};
use crate::services::{App, Error, right};
use crate::store::audit::Entry;
use crate::store::payment::{NewPayment, PaymentRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::payment::{PayIn, PaymentOut};
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// How long a page to pay on stays open.
const OPEN_US: i64 = 2 * 3_600_000_000;
/// A page that is open for less than this is not handed out again.
const TOO_SHORT_US: i64 = 600_000_000;
/// The provider takes no page that is open for less than half an hour: what it has not been asked for by then is given up.
pub(super) const GIVEN_UP_US: i64 = 3_600_000_000;

/// Begins to pay a bill or an order; while its payment can still come, there is no second.
///
/// # Errors
/// `WrongState` when nothing is to be paid; `PaymentRefused`, `PaymentAway`; `Invalid`, `NotFound`, `Forbidden`.
pub async fn begin(app: &App, actor: &Actor, key: &Key, input: PayIn) -> Result<PaymentOut, Error> {
    let about = About::of(&input);
    if let Err(Error::Refused(_)) = &about {
        right::reach(actor, Action::PaymentPrepay).or_else(|_| right::reach(actor, Action::PaymentMake))?;
    }
    let about = about?;
    let due = about.allowed(app, actor).await?;
    let provider = provider(app)?;
    // What the provider answers is written down also when nobody waits for it any more.
    let whole = begin_with(
        (app.clone(), actor.clone(), key.clone()),
        provider,
        about,
        due.open_fen,
        input,
    );
    let id = app.db.see_through(whole).await?;
    show(app, actor, id).await
}

async fn begin_with(
    (app, actor, key): (App, Actor, Key),
    provider: Arc<dyn PaymentProvider>,
    about: About,
    open_fen: i64,
    input: PayIn,
) -> Result<Uuid, Error> {
    close_stale(&app, &*provider, about, open_fen).await?;
    let person_id = actor.person_id;
    let job = Arc::new((app.clone(), actor, provider.name()));
    let id: Uuid = once(&app, person_id, "payment.begin", &key, &input, move |tx| {
        let job = Arc::clone(&job);
        async move { begin_in(tx, &job.0, &job.1, about, job.2).await }.boxed()
    })
    .await?;
    open(&app, &*provider, about, id).await?;
    Ok(id)
}

/// A payment whose page no longer fits is closed at the provider; whoever was about to pay on it has paid or cannot any more.
async fn close_stale(
    app: &App,
    provider: &dyn PaymentProvider,
    about: About,
    open_fen: i64,
) -> Result<(), Error> {
    let Some(payment) = store::payment::open_for(app.db.read(), about.id()).await? else {
        return Ok(());
    };
    if fits(&payment, open_fen, app.now()) {
        return Ok(());
    }
    match &payment.session_ref {
        Some(reference) => {
            let closed = provider.close_checkout(reference).await.map_err(refused_by)?;
            match closed {
                Some(checkout) => settle::settle(app, provider.name(), payment.id, checkout).await?,
                None => settle::end(app, payment.id, "expired", "").await?,
            };
        }
        None => {
            settle::end(app, payment.id, "expired", "").await?;
        }
    }
    Ok(())
}

fn fits(payment: &PaymentRecord, open_fen: i64, now: Micros) -> bool {
    let fresh = match payment.session_ref {
        Some(_) => payment.expires_at - now.0 > TOO_SHORT_US,
        None => now.0 - payment.created_at < GIVEN_UP_US,
    };
    fresh && payment.amount_fen == open_fen
}

async fn begin_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    about: About,
    provider: &'static str,
) -> Result<Uuid, Error> {
    // Two who begin at once meet on its unique key; the second then finds the first's.
    if let Some(open) = store::payment::open_for(tx, about.id()).await? {
        return Ok(open.id);
    }
    let due = about.due(tx).await?;
    if due.open_fen <= 0 {
        return Err(Error::wrong_state());
    }
    let now = app.now();
    let (bill_id, order_id) = about.columns();
    let new = NewPayment {
        id: app.new_id(),
        number: ids::document_number('F', now.day()),
        provider,
        unit_id: due.unit_id,
        bill_id,
        order_id,
        about_number: due.number.clone(),
        amount_fen: due.open_fen,
        expires_at: now.0 + OPEN_US,
        asked_by: actor.person_id,
        asked_by_name: actor.person_name.clone(),
        created_at: now.0,
    };
    store::payment::insert(tx, &new).await?;
    let entry = Entry {
        action: "payment.begin",
        object_kind: DOCUMENT,
        object_id: new.id.to_string(),
        order_id,
        unit_id: Some(due.unit_id),
        detail: format!("{} {}", due.number, Fen(due.open_fen).format_cny()),
        ..Entry::default()
    };
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    Ok(new.id)
}

/// Has the provider open a page for a payment that has none yet.
async fn open(app: &App, provider: &dyn PaymentProvider, about: About, id: Uuid) -> Result<(), Error> {
    let payment = store::payment::find(app.db.read(), id).await?;
    let payment = payment.ok_or(Error::not_found())?;
    if payment.status != "created" {
        return Ok(());
    }
    let asked = CheckoutAsked {
        payment_id: id,
        title: about.title(&payment.about_number),
        amount_fen: Fen(payment.amount_fen),
        expires_at: Micros(payment.expires_at),
        back_url: format!("{}/payments/{id}", app.config.public_url),
    };
    match provider.open_checkout(&asked).await {
        Ok(checkout) => settle::settle(app, provider.name(), id, checkout)
            .await
            .map(|_| ()),
        Err(ProviderError::Refused(said)) => {
            tracing::warn!(
                said,
                payment = payment.number,
                "the provider does not open a page"
            );
            settle::end(app, id, "failed", "provider_refused").await?;
            Err(Error::refused(Code::PaymentRefused))
        }
        Err(error) => Err(refused_by(error)),
    }
}

/// Asks the provider how one payment stands: for who comes back from its page and sees nothing yet.
///
/// # Errors
/// `PaymentAway`; `NotFound`, `Forbidden`.
pub async fn check(app: &App, actor: &Actor, id: Uuid) -> Result<PaymentOut, Error> {
    right::reach(actor, Action::PaymentRead)?;
    let payment = store::payment::find(app.db.read(), id).await?;
    let payment = payment.ok_or(Error::not_found())?;
    right::require(actor, Action::PaymentRead, Place::unit(payment.unit_id))?;
    let provider = provider(app)?;
    if payment.status == "open" || payment.status == "created" {
        let (app_, payment) = (app.clone(), payment.clone());
        let asked = async move { super::sweep::ask(&app_, &*provider, &payment).await };
        app.db.see_through(asked).await?;
    }
    let (now, job) = (app.now(), Arc::new((actor.clone(), payment)));
    app.db
        .write_quietly(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let entry = Entry {
                    action: "payment.check",
                    object_kind: DOCUMENT,
                    object_id: id.to_string(),
                    order_id: job.1.order_id,
                    unit_id: Some(job.1.unit_id),
                    ..Entry::default()
                };
                Ok(store::audit::insert(tx, now, Some(&job.0), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    show(app, actor, id).await
}
