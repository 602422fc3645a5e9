//! The centre's last day to answer a claim; refunds to a unit's bank account; the row of a bank's
//! statement that a payout is.

crate::dialect::step!(
    "m0033_refunds",
    // Claims that were opened before the deadline was kept have a week like the others: a day counts from 16:00 UTC.
    "alter table claims add column answer_by int not null default 0;
update claims set answer_by = cast((opened_at + 28800000000) / 86400000000 as int) + 7;
create index claims_answer on claims (answer_by, id) where status = 'opened';
create table refund_orders (
    id uuid not null primary key,
    number text not null unique,
    unit_id uuid not null references aid_units (id),
    claim_id uuid references claims (id),
    amount_fen bigint not null check (amount_fen > 0),
    status text not null,
    payee_name text not null,
    payee_account text not null,
    payee_bank text not null,
    reason text not null,
    prepared_by uuid not null,
    prepared_by_name text not null,
    prepared_at bigint not null,
    released_by uuid,
    released_by_name text,
    released_at bigint,
    bank_reference text unique,
    sent_by uuid,
    sent_by_name text,
    sent_at bigint,
    transaction_id uuid references ledger_transactions (id),
    cancel_reason text not null,
    cancelled_by uuid,
    cancelled_by_name text,
    cancelled_at bigint,
    check (released_by is null or released_by <> prepared_by)
);
create index refund_orders_prepared on refund_orders (prepared_at, id);
create index refund_orders_unit on refund_orders (unit_id, prepared_at, id);
create index refund_orders_claim on refund_orders (claim_id);
alter table provider_payouts add column bank_reference text;
alter table refunds add column claim_id uuid references claims (id);
create index refunds_claim on refunds (claim_id)
"
);
