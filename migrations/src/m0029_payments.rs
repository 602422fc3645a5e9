//! Payments through a provider: what units began to pay, what was given back, what the provider told and moved.

crate::dialect::step!(
    "m0029_payments",
    // `open_for` is the bill or order while its payment can still come: one at a time.
    "create table payments (
    id uuid not null primary key,
    number text not null unique,
    provider text not null,
    unit_id uuid not null references aid_units (id),
    bill_id uuid references bills (id),
    order_id uuid references orders (id),
    about_number text not null,
    amount_fen bigint not null check (amount_fen > 0),
    method text,
    status text not null,
    open_for uuid unique,
    session_ref text,
    charge_ref text,
    source_ref text,
    url text,
    expires_at bigint not null,
    refunded_fen bigint not null check (refunded_fen >= 0 and refunded_fen <= amount_fen),
    fee_fen bigint,
    transaction_id uuid,
    trouble text not null,
    asked_by uuid not null,
    asked_by_name text not null,
    created_at bigint not null,
    paid_at bigint,
    ended_at bigint,
    check ((bill_id is null) <> (order_id is null)),
    unique (provider, session_ref),
    unique (provider, charge_ref),
    unique (provider, source_ref)
);
create index payments_created on payments (created_at, id);
create index payments_unit on payments (unit_id, created_at, id);
create index payments_bill on payments (bill_id);
create index payments_order on payments (order_id);
create table refunds (
    id uuid not null primary key,
    number text not null unique,
    payment_id uuid not null references payments (id),
    provider text not null,
    unit_id uuid not null references aid_units (id),
    amount_fen bigint not null check (amount_fen > 0),
    status text not null,
    reason text not null,
    reference text,
    transaction_id uuid not null,
    reversal_id uuid,
    trouble text not null,
    asked_by uuid,
    asked_by_name text not null,
    asked_at bigint not null,
    ended_at bigint,
    tries int not null,
    next_try_at bigint not null,
    unique (provider, reference)
);
create index refunds_payment on refunds (payment_id, asked_at, id);
create index refunds_due on refunds (status, next_try_at);
create table provider_events (
    id uuid not null primary key,
    provider text not null,
    event_id text not null,
    kind text not null,
    api_version text not null,
    received_at bigint not null,
    raw bytea not null,
    processed_at bigint,
    outcome text not null,
    holder uuid,
    tries int not null,
    next_try_at bigint not null,
    unique (provider, event_id)
);
create index provider_events_due on provider_events (next_try_at, id) where processed_at is null;
create index provider_events_processed on provider_events (processed_at);
create table provider_payouts (
    id uuid not null primary key,
    provider text not null,
    reference text not null,
    amount_fen bigint not null,
    currency text not null,
    status text not null,
    arrives_at bigint not null,
    transaction_id uuid,
    reversal_id uuid,
    unique (provider, reference)
);
create table provider_movements (
    id uuid not null primary key,
    provider text not null,
    reference text not null,
    kind text not null,
    source_ref text,
    amount_fen bigint not null,
    fee_fen bigint not null,
    currency text not null,
    moved_at bigint not null,
    outcome text not null,
    transaction_id uuid,
    unique (provider, reference)
);
create index provider_movements_outcome on provider_movements (outcome, moved_at, id);
create table provider_sweeps (
    provider text not null primary key,
    next_at bigint not null,
    swept_until bigint not null,
    swept_at bigint
);
"
);
