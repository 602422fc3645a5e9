//! What a checkout, as the provider shows it now, makes of its payment: one effect, whoever asks and however often.

use super::about::waits;
use super::{DOCUMENT, status_of};
use crate::ports::payment::{CURRENCY, Checkout, CheckoutState};
use crate::services::ledger::{self, Posting};
use crate::services::notice::{Notice, NoticeKind, To, tell};
use crate::services::{App, Error, bill, fault};
use crate::store::audit::Entry;
use crate::store::payment::{Came, PaymentRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::bill::PayWay;
use shared::domain::calendar::Micros;
use shared::domain::identity::Role;
use shared::domain::ledger::{TransactionKind, stripe_payment_entries};
use shared::domain::money::Fen;
use shared::domain::payment::PayMethod;
use std::sync::Arc;
use uuid::Uuid;

/// Takes over how a checkout stands; says in a word what came of it.
///
/// # Errors
/// Whatever the database answers.
pub async fn settle(
    app: &App,
    provider: &'static str,
    payment_id: Uuid,
    checkout: Checkout,
) -> Result<&'static str, Error> {
    let now = app.now();
    let checkout = Arc::new(checkout);
    app.db
        .write(move |tx| {
            let checkout = Arc::clone(&checkout);
            async move { settle_in(tx, now, provider, payment_id, &checkout).await }.boxed()
        })
        .await
}

async fn settle_in(
    tx: &Tx,
    now: Micros,
    provider: &str,
    payment_id: Uuid,
    checkout: &Checkout,
) -> Result<&'static str, Error> {
    let Some(payment) = store::payment::find(tx, payment_id).await? else {
        return Ok("not_ours");
    };
    if payment.provider != provider {
        return Ok("not_ours");
    }
    let other = payment
        .session_ref
        .as_deref()
        .is_some_and(|known| known != checkout.reference);
    let known = status_of(&payment)?.has_come();
    match checkout.state {
        CheckoutState::Paid if other => trouble(tx, now, &payment, "paid_twice").await,
        CheckoutState::Paid if known => Ok("known"),
        CheckoutState::Paid
            if checkout.amount_fen.0 != payment.amount_fen || checkout.currency != CURRENCY =>
        {
            trouble(tx, now, &payment, "amount_differs").await
        }
        CheckoutState::Paid => book(tx, now, &payment, checkout).await,
        _ if other || known => Ok("known"),
        CheckoutState::Open => {
            if let Some(url) = &checkout.url {
                store::payment::opened(tx, payment.id, &checkout.reference, url).await?;
            }
            Ok("open")
        }
        CheckoutState::Processing => Ok("processing"),
        CheckoutState::Expired => end_in(tx, now, payment.id, "expired", "").await,
        CheckoutState::Failed => end_in(tx, now, payment.id, "failed", "").await,
    }
}

/// The money has come: the books and the payment say so together, once.
async fn book(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    checkout: &Checkout,
) -> Result<&'static str, Error> {
    let came = Came {
        id: payment.id,
        session_ref: checkout.reference.clone(),
        charge_ref: checkout.charge.clone(),
        source_ref: checkout.source.clone(),
        method: checkout.method.map(PayMethod::as_str),
        at: now.0,
    };
    if !store::payment::paid(tx, &came).await? {
        return Ok("known");
    }
    let pays_fen = pays(tx, payment).await?;
    let surplus_fen = Fen(payment.amount_fen).checked_sub(pays_fen).map_err(fault)?;
    let posting = Posting {
        id: payment.id,
        kind: TransactionKind::StripePayment,
        document_kind: DOCUMENT,
        document_id: payment.id,
        document_number: payment.number.clone(),
        effective_at: now,
        actor: None,
        reverses: None,
        entries: stripe_payment_entries(&payment.unit_id.to_string(), pays_fen, surplus_fen)
            .map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    if let Some(bill_id) = payment.bill_id.filter(|_| !pays_fen.is_zero()) {
        let paid = bill::Payment {
            bill_id,
            amount_fen: pays_fen,
            way: PayWay::Online,
            source_id: payment.id,
            transaction_id: payment.id,
        };
        bill::pay(tx, now, &paid).await?;
    }
    if let Some(order_id) = payment.order_id {
        hold(tx, now, payment, order_id).await?;
    }
    let detail = format!(
        "{} {}",
        payment.about_number,
        Fen(payment.amount_fen).format_cny()
    );
    record(tx, now, payment, "payment.paid", detail).await?;
    tell(
        tx,
        now,
        vec![notice(
            payment,
            To::Person(payment.asked_by),
            NoticeKind::PaymentPaid,
        )],
    )
    .await?;
    Ok("paid")
}

/// What of the sum the bill still needs: it may have been paid otherwise meanwhile.
async fn pays(tx: &Tx, payment: &PaymentRecord) -> Result<Fen, Error> {
    let Some(id) = payment.bill_id else {
        return Ok(Fen::ZERO);
    };
    let bill = store::bill::find(tx, id)
        .await?
        .ok_or_else(|| fault("a payment's bill"))?;
    let open = bill.total_fen - bill.corrected_fen - bill.paid_fen;
    Ok(Fen(open.clamp(0, payment.amount_fen)))
}

/// What was paid ahead is held for its order, as long as that has no bill; else it is deposit like any other.
async fn hold(tx: &Tx, now: Micros, payment: &PaymentRecord, order_id: Uuid) -> Result<(), Error> {
    let order = store::payment::order_to_pay(tx, order_id).await?;
    if order.is_some_and(|order| waits(&order.status)) {
        store::prepayment::pay(tx, order_id, payment.unit_id, payment.amount_fen, now.0).await?;
    }
    Ok(())
}

/// Something that a person must look at: finance is told, once.
pub async fn trouble(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    word: &'static str,
) -> Result<&'static str, Error> {
    if store::payment::mark(tx, payment.id, word).await? {
        record(tx, now, payment, "payment.trouble", word.to_owned()).await?;
        let to = To::Role(Role::CentreFinance);
        tell(tx, now, vec![notice(payment, to, NoticeKind::PaymentTrouble)]).await?;
    }
    Ok(word)
}

/// Ends a payment that did not come.
///
/// # Errors
/// Whatever the database answers.
pub async fn end(
    app: &App,
    payment_id: Uuid,
    status: &'static str,
    trouble: &'static str,
) -> Result<&'static str, Error> {
    let now = app.now();
    app.db
        .write(move |tx| async move { end_in(tx, now, payment_id, status, trouble).await }.boxed())
        .await
}

async fn end_in(
    tx: &Tx,
    now: Micros,
    payment_id: Uuid,
    status: &'static str,
    trouble: &str,
) -> Result<&'static str, Error> {
    if !store::payment::end(tx, payment_id, status, trouble, now.0).await? {
        return Ok("known");
    }
    let payment = store::payment::find(tx, payment_id).await?;
    let payment = payment.ok_or(Error::not_found())?;
    let action = if status == "expired" {
        "payment.expired"
    } else {
        "payment.failed"
    };
    record(tx, now, &payment, action, trouble.to_owned()).await?;
    Ok(status)
}

/// A notice about a payment.
pub fn notice(payment: &PaymentRecord, to: To, kind: NoticeKind) -> Notice {
    Notice {
        to,
        kind,
        subject: payment.number.clone(),
        path: format!("/payments/{}", payment.id),
    }
}

/// Puts on record what the program itself did with a payment.
pub async fn record(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    action: &'static str,
    detail: String,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_kind: DOCUMENT,
        object_id: payment.id.to_string(),
        order_id: payment.order_id,
        unit_id: Some(payment.unit_id),
        detail,
        ..Entry::default()
    };
    Ok(store::audit::insert(tx, now, None, vec![entry]).await?)
}
