//! Bank receipts: accounts, statements with their layouts, what came in, what it pays, from which accounts units pay.

crate::dialect::step!(
    "m0030_receipts",
    // A receipt is one row of a bank's statement: the bank's own number names it, so that a row that is imported again is
    // known. What it pays is a match; one receipt may pay several bills, and a bill be paid by several receipts.
    "create table bank_accounts (
    id uuid not null primary key,
    name text not null,
    bank text not null,
    account_no text not null unique,
    created_at bigint not null
);
create table statement_layouts (
    fingerprint text not null primary key,
    layout text not null,
    changed_at bigint not null
);
create table bank_statements (
    id uuid not null primary key,
    account_id uuid not null references bank_accounts (id),
    file_id uuid not null,
    file_name text not null,
    fingerprint text not null,
    heading_line bigint not null,
    heading text not null,
    samples text not null,
    total_rows bigint not null,
    person_id uuid not null,
    person_name text not null,
    uploaded_at bigint not null,
    work_id uuid
);
create index bank_statements_uploaded on bank_statements (uploaded_at, id);
create table receipts (
    id uuid not null primary key,
    account_id uuid not null references bank_accounts (id),
    bank_reference text not null,
    booked_at bigint not null,
    payer_name text not null,
    payer_account text not null,
    remark text not null,
    amount_fen bigint not null check (amount_fen > 0),
    status text not null,
    transaction_id uuid not null references ledger_transactions (id),
    imported_at bigint not null,
    imported_by uuid not null,
    match_id uuid,
    unit_id uuid,
    unique (account_id, bank_reference)
);
create index receipts_booked on receipts (booked_at, id);
create index receipts_status on receipts (status, booked_at, id);
create table receipt_matches (
    id uuid not null primary key,
    receipt_id uuid not null references receipts (id),
    unit_id uuid not null references aid_units (id),
    state text not null,
    automatic boolean not null,
    over_limit boolean not null,
    paid_fen bigint not null check (paid_fen >= 0),
    deposit_fen bigint not null check (deposit_fen >= 0),
    note text not null,
    proposed_by uuid not null,
    proposed_by_name text not null,
    proposed_at bigint not null,
    decided_by uuid,
    decided_by_name text,
    decided_at bigint,
    reason text,
    transaction_id uuid references ledger_transactions (id),
    asked_back_by uuid,
    asked_back_by_name text,
    asked_back_at bigint,
    asked_back_reason text,
    taken_back_by uuid,
    taken_back_by_name text,
    taken_back_at bigint,
    reversed_by uuid references ledger_transactions (id),
    check (paid_fen + deposit_fen > 0)
);
create index receipt_matches_receipt on receipt_matches (receipt_id, proposed_at, id);
create table receipt_match_bills (
    match_id uuid not null references receipt_matches (id),
    bill_id uuid not null references bills (id),
    amount_fen bigint not null check (amount_fen > 0),
    primary key (match_id, bill_id)
);
create index receipt_match_bills_bill on receipt_match_bills (bill_id);
create table payer_accounts (
    account_no text not null primary key,
    unit_id uuid not null references aid_units (id),
    changed_at bigint not null
);
create index aid_units_name on aid_units (name)
"
);
