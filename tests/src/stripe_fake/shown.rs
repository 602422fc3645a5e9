//! How the fake's things look in its answers: with every field that the market's library insists on.

use super::state::{Intent, Method, Movement, Payout, Refund, Session, State};
use serde_json::{Value, json};

/// A checkout session; `whole` shows its payment intent and charge inside.
pub fn session(state: &State, session: &Session, whole: bool) -> Value {
    let intent = session.intent.as_ref().map(|id| match whole {
        true => intent(&state.intents[id], true),
        false => json!(id),
    });
    let open = session.status == "open";
    json!({
        "id": session.id,
        "object": "checkout.session",
        "amount_subtotal": session.amount,
        "amount_total": session.amount,
        "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
        "cancel_url": session.cancel_url,
        "client_reference_id": session.reference,
        "created": session.created,
        "currency": "cny",
        "custom_fields": [],
        "custom_text": {},
        "customer": null,
        "customer_details": {"email": "payer@example.org", "name": "付款人"},
        "expires_at": session.expires_at,
        "livemode": false,
        "metadata": session.metadata,
        "mode": "payment",
        "payment_intent": intent,
        "payment_method_types": session.ways,
        "payment_status": session.payment_status,
        "shipping_options": [],
        "status": session.status,
        "success_url": session.success_url,
        "ui_mode": "hosted_page",
        "url": open.then(|| format!("{}/c/pay/{}", state.base, session.id)),
    })
}

/// A payment intent; `whole` shows its charge inside.
pub fn intent(intent: &Intent, whole: bool) -> Value {
    let came = intent.status == "succeeded";
    json!({
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_received": if came { intent.amount } else { 0 },
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": "cny",
        "latest_charge": if whole { charge(intent) } else { json!(intent.charge) },
        "livemode": false,
        "metadata": intent.metadata,
        "payment_method_types": ["card", "alipay", "wechat_pay"],
        "status": intent.status,
    })
}

/// The charge of a payment intent.
pub fn charge(intent: &Intent) -> Value {
    let details = match intent.method {
        Method::Card => {
            json!({"type": "card", "card": {"brand": "unionpay", "last4": "0005", "exp_month": 12,
            "exp_year": 2030, "checks": null, "country": "CN", "funding": "debit"}})
        }
        Method::Alipay => json!({"type": "alipay", "alipay": {"buyer_id": "2088", "transaction_id": "t1"}}),
        Method::WechatPay => json!({"type": "wechat_pay", "wechat_pay": {"transaction_id": "t2"}}),
    };
    let came = intent.status == "succeeded";
    json!({
        "id": intent.charge,
        "object": "charge",
        "amount": intent.amount,
        "amount_captured": if came { intent.amount } else { 0 },
        "amount_refunded": intent.refunded,
        "billing_details": {"address": null, "email": null, "name": null, "phone": null, "tax_id": null},
        "captured": came,
        "created": intent.created,
        "currency": "cny",
        "disputed": false,
        "livemode": false,
        "metadata": intent.metadata,
        "paid": came,
        "payment_intent": intent.id,
        "payment_method_details": details,
        "refunded": intent.refunded == intent.amount,
        "status": if came { "succeeded" } else { "pending" },
    })
}

/// A refund.
pub fn refund(state: &State, refund: &Refund) -> Value {
    json!({
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "charge": state.intents[&refund.intent].charge,
        "created": refund.created,
        "currency": "cny",
        "failure_reason": (refund.status == "failed").then_some("insufficient_funds"),
        "metadata": refund.metadata,
        "payment_intent": refund.intent,
        "reason": null,
        "status": refund.status,
    })
}

/// A payout.
pub fn payout(payout: &Payout) -> Value {
    json!({
        "id": payout.id,
        "object": "payout",
        "amount": payout.amount,
        "arrival_date": payout.created + 86_400,
        "automatic": true,
        "created": payout.created,
        "currency": "cny",
        "livemode": false,
        "metadata": {},
        "method": "standard",
        "reconciliation_status": "in_progress",
        "source_type": "card",
        "status": payout.status,
        "type": "bank_account",
    })
}

/// A balance transaction.
pub fn movement(movement: &Movement) -> Value {
    let details = match movement.fee {
        0 => json!([]),
        fee => {
            json!([{"amount": fee, "application": null, "currency": "cny", "description": "Stripe processing fees",
            "type": "stripe_fee"}])
        }
    };
    json!({
        "id": movement.id,
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": movement.created + 86_400,
        "balance_type": "payments",
        "created": movement.created,
        "currency": "cny",
        "exchange_rate": null,
        "fee": movement.fee,
        "fee_details": details,
        "net": movement.amount - movement.fee,
        "reporting_category": movement.kind,
        "source": movement.source,
        "status": "available",
        "type": movement.kind,
    })
}

/// A refusal.
pub fn refusal(kind: &str, code: Option<&str>, message: &str, param: Option<&str>) -> Value {
    json!({"error": {"type": kind, "code": code, "message": message, "param": param}})
}
