//! Stripe's things in our own words.

use super::{OWN_PAYMENT, OWN_REFUND};
use crate::ports::payment::{Checkout, CheckoutState, Movement, PayoutSeen, ProviderError, RefundSeen};
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::payment::{MovementKind, PayMethod, PayoutStatus, RefundStatus};
use stripe_checkout::{
    CheckoutSession, CheckoutSessionPaymentStatus as Paid, CheckoutSessionStatus as Stands,
};
use stripe_core::{
    BalanceTransaction, BalanceTransactionType as Type, Charge, PaymentIntent, PaymentIntentStatus, Payout,
    Refund,
};

const fn micros(seconds: i64) -> Micros {
    Micros(seconds.saturating_mul(1_000_000))
}

/// A checkout session.
pub fn checkout(session: &CheckoutSession) -> Result<Checkout, ProviderError> {
    let own = session.client_reference_id.as_deref().or_else(|| {
        let metadata = session.metadata.as_ref()?;
        metadata.get(OWN_PAYMENT).map(String::as_str)
    });
    let intent = session.payment_intent.as_ref();
    let whole = intent.and_then(|intent| intent.as_object());
    let charge = whole.and_then(|intent| intent.latest_charge.as_ref());
    let amount = session
        .amount_total
        .ok_or_else(|| ProviderError::Away("a checkout without a sum".to_owned()))?;
    let state = state(session, whole);
    let paid = state == CheckoutState::Paid;
    Ok(Checkout {
        reference: session.id.to_string(),
        payment_id: own.and_then(|own| own.parse().ok()),
        url: session.url.clone(),
        amount_fen: Fen(amount),
        currency: session
            .currency
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        state,
        charge: intent.map(|intent| intent.id().to_string()),
        source: charge.filter(|_| paid).map(|charge| charge.id().to_string()),
        method: charge.filter(|_| paid).and_then(|c| method(c.as_object()?)),
    })
}

fn state(session: &CheckoutSession, intent: Option<&PaymentIntent>) -> CheckoutState {
    if session.payment_status == Paid::Paid {
        return CheckoutState::Paid;
    }
    match session.status {
        Some(Stands::Expired) => CheckoutState::Expired,
        // Done by the payer and not paid: it is on its way, unless the way has ended.
        Some(Stands::Complete) => match intent.map(|intent| &intent.status) {
            Some(PaymentIntentStatus::Canceled | PaymentIntentStatus::RequiresPaymentMethod) => {
                CheckoutState::Failed
            }
            _ => CheckoutState::Processing,
        },
        _ => CheckoutState::Open,
    }
}

fn method(charge: &Charge) -> Option<PayMethod> {
    let details = charge.payment_method_details.as_ref()?;
    Some(PayMethod::from_name(&details.type_).unwrap_or(PayMethod::Other))
}

/// A refund. A state that has no name yet is taken as on its way: it will be asked for again.
pub fn refund(refund: &Refund) -> Result<RefundSeen, ProviderError> {
    let own = refund.metadata.as_ref().and_then(|m| m.get(OWN_REFUND));
    Ok(RefundSeen {
        reference: refund.id.to_string(),
        refund_id: own.and_then(|own| own.parse().ok()),
        charge: refund
            .payment_intent
            .as_ref()
            .map(|intent| intent.id().to_string()),
        amount_fen: Fen(refund.amount),
        currency: refund.currency.to_string(),
        status: match refund.status.as_deref() {
            Some("succeeded") => RefundStatus::Succeeded,
            Some("failed" | "canceled") => RefundStatus::Failed,
            _ => RefundStatus::Pending,
        },
        trouble: refund.failure_reason.clone().unwrap_or_default(),
        at: micros(refund.created),
    })
}

/// A payout.
pub fn payout(payout: &Payout) -> PayoutSeen {
    PayoutSeen {
        reference: payout.id.to_string(),
        amount_fen: Fen(payout.amount),
        currency: payout.currency.to_string(),
        status: PayoutStatus::from_name(&payout.status).unwrap_or(PayoutStatus::Pending),
        arrives_at: micros(payout.arrival_date),
    }
}

/// A balance transaction.
pub fn movement(moved: &BalanceTransaction) -> Movement {
    Movement {
        reference: moved.id.to_string(),
        kind: match moved.type_ {
            Type::Charge | Type::Payment => MovementKind::Payment,
            Type::Refund | Type::PaymentRefund => MovementKind::Refund,
            Type::RefundFailure | Type::PaymentFailureRefund => MovementKind::RefundFailure,
            Type::StripeFee | Type::StripeFxFee | Type::TaxFee => MovementKind::Fee,
            Type::Payout => MovementKind::Payout,
            Type::PayoutCancel | Type::PayoutFailure => MovementKind::PayoutFailure,
            _ => MovementKind::Other,
        },
        source: moved.source.as_ref().map(|source| source.id().to_string()),
        amount_fen: Fen(moved.amount),
        fee_fen: Fen(moved.fee),
        currency: moved.currency.to_string(),
        at: micros(moved.created),
    }
}
