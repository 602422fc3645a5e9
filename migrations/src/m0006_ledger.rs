//! The ledger: append-only transactions and entries, a hash chain a village, and caches that can be rebuilt.

crate::dialect::step!(
    "m0006_ledger",
    "create table ledger_transactions (
    id uuid not null primary key,
    kind text not null,
    document_kind text not null,
    document_id uuid not null,
    document_number text not null,
    effective_at bigint not null,
    recorded_at bigint not null,
    actor_id uuid,
    actor_name text not null,
    reverses uuid references ledger_transactions (id),
    body_hash bytea not null
);
create index ledger_transactions_recorded on ledger_transactions (recorded_at, id);
create index ledger_transactions_document on ledger_transactions (document_id);
create table ledger_entries (
    transaction_id uuid not null references ledger_transactions (id),
    seq int not null,
    account_kind text not null,
    owner text not null,
    amount_fen bigint not null check (amount_fen <> 0),
    village_code text,
    income_source text,
    line_id uuid,
    chain_seq bigint,
    prev_hash bytea,
    hash bytea,
    primary key (transaction_id, seq)
);
create unique index ledger_entries_chain on ledger_entries (village_code, chain_seq);
create index ledger_entries_account on ledger_entries (account_kind, owner, transaction_id);
create table village_chains (
    village_code text not null primary key references villages (code),
    length bigint not null,
    head bytea not null
);
create table account_balances (
    account_kind text not null,
    owner text not null,
    balance_fen bigint not null,
    primary key (account_kind, owner)
);
create table village_incomes (
    village_code text not null references villages (code),
    year int not null,
    month int not null,
    income_source text not null,
    amount_fen bigint not null,
    entries bigint not null,
    primary key (village_code, year, month, income_source)
);
create index village_incomes_year on village_incomes (year, village_code);
"
);
