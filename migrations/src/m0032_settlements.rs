//! Settlements: batches, their payees and lines, the files that went to the bank and came from it, and payees' accounts.
//! Beside them what the reconciliation of every day found.

crate::dialect::step!(
    "m0032_settlements",
    "create table payee_accounts (
    payee_kind text not null,
    payee text not null,
    payee_id uuid,
    village_code text not null references villages (code),
    account_name text not null,
    account_no text not null,
    bank_name text not null,
    cnaps text not null,
    changed_by uuid not null,
    changed_by_name text not null,
    changed_at bigint not null,
    checked_by uuid,
    checked_by_name text,
    checked_at bigint,
    primary key (payee_kind, payee)
);
create index payee_accounts_village on payee_accounts (village_code, payee_kind, payee);
create index payee_accounts_id on payee_accounts (payee_id);
create table settlement_batches (
    id uuid not null primary key,
    number text not null unique,
    status text not null,
    advance boolean not null,
    town_code text,
    payee_kind text,
    until_day int not null,
    min_fen bigint not null,
    items bigint not null,
    total_fen bigint not null check (total_fen > 0),
    confirmed_items bigint not null default 0,
    confirmed_fen bigint not null default 0,
    bounced_items bigint not null default 0,
    bounced_fen bigint not null default 0,
    prepared_by uuid not null,
    prepared_by_name text not null,
    prepared_at bigint not null,
    released_by uuid,
    released_by_name text,
    released_at bigint,
    sent_at bigint,
    transaction_id uuid references ledger_transactions (id),
    done_at bigint,
    check (confirmed_fen + bounced_fen <= total_fen)
);
create index settlement_batches_prepared on settlement_batches (prepared_at, id);
create table settlement_items (
    id uuid not null primary key,
    batch_id uuid not null references settlement_batches (id),
    seq int not null,
    reference text not null unique,
    payee_kind text not null,
    payee text not null,
    payee_name text not null,
    village_code text not null references villages (code),
    amount_fen bigint not null check (amount_fen > 0),
    back_fen bigint not null,
    lines bigint not null,
    account_name text not null,
    account_no text not null,
    bank_name text not null,
    cnaps text not null,
    status text not null,
    reason text not null default '',
    prepared_at bigint not null,
    decided_at bigint,
    decided_by_name text,
    transaction_id uuid references ledger_transactions (id)
);
create unique index settlement_items_batch on settlement_items (batch_id, seq);
create unique index settlement_items_payee on settlement_items (batch_id, payee_kind, payee);
create index settlement_items_village on settlement_items (village_code, prepared_at, id);
create index settlement_items_prepared on settlement_items (prepared_at, id);
create index settlement_items_status on settlement_items (status, prepared_at, id);
create table settlement_lines (
    item_id uuid not null references settlement_items (id),
    village_code text not null,
    source_id uuid not null,
    subject_id uuid not null,
    amount_fen bigint not null check (amount_fen <> 0),
    primary key (item_id, village_code, source_id, subject_id)
);
create index settlement_lines_source on settlement_lines (source_id);
create index settlement_lines_subject on settlement_lines (subject_id);
create table settlement_files (
    batch_id uuid not null references settlement_batches (id),
    format text not null,
    name text not null,
    content bytea not null,
    sha256 bytea not null,
    primary key (batch_id, format)
);
create table settlement_uploads (
    id uuid not null primary key,
    batch_id uuid not null references settlement_batches (id),
    name text not null,
    sha256 bytea not null,
    heading text not null,
    cells text not null,
    rows bigint not null,
    by_name text not null,
    at bigint not null,
    applied_at bigint
);
create unique index settlement_uploads_batch on settlement_uploads (batch_id, sha256);
create table settlement_layouts (
    heading text not null primary key,
    layout text not null,
    changed_at bigint not null
);
create table reconciliations (
    day int not null,
    at bigint not null,
    by_name text,
    balanced boolean not null,
    lines text not null,
    primary key (day, at)
);
create index payables_awaiting on payables (credited_at) where settlement_item_id is null and paid_at is null
"
);
