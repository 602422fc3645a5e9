//! The books: what was debited and credited of every account, closed months, and the keys that signed them.

crate::dialect::step!(
    "m0025_books",
    // One row that every posting refers to. Whoever closes a month changes a unique column of it, which no engine lets
    // happen while an unfinished transaction refers to the row: so a close waits for every posting under way, and every
    // later posting waits for the close and then reads it.
    "create table books (
    id int not null primary key,
    closed_until bigint not null unique
);
insert into books (id, closed_until) values (1, 0);
alter table ledger_transactions add column books int references books (id);
create index ledger_transactions_effective on ledger_transactions (effective_at, id);
create index ledger_transactions_reverses on ledger_transactions (reverses);
alter table account_balances add column debit_fen bigint not null default 0;
alter table account_balances add column credit_fen bigint not null default 0;
update account_balances set
    debit_fen = (select cast(coalesce(sum(e.amount_fen), 0) as bigint) from ledger_entries e
        where e.account_kind = account_balances.account_kind and e.owner = account_balances.owner
            and e.amount_fen > 0),
    credit_fen = (select cast(coalesce(-sum(e.amount_fen), 0) as bigint) from ledger_entries e
        where e.account_kind = account_balances.account_kind and e.owner = account_balances.owner
            and e.amount_fen < 0);
create table book_keys (
    id text not null primary key,
    public_key bytea not null,
    made_at bigint not null,
    retired_at bigint
);
create table period_closes (
    month int not null primary key,
    from_at bigint not null,
    until_at bigint not null,
    closed_at bigint not null,
    closed_by uuid not null,
    closed_by_name text not null,
    entries bigint not null,
    moved_fen bigint not null,
    trial_hash text not null,
    head_text text not null,
    text_hash bytea not null,
    key_id text not null references book_keys (id),
    signature bytea not null
)
"
);
