//! What a request said before it was changed: the order's row holds the newest revision, this table those before it, with
//! what the approver had decided over each.

crate::dialect::step!(
    "m0018_revisions",
    "create table request_revisions (
    order_id uuid not null references orders (id),
    revision int not null,
    fund text not null,
    address text not null,
    contact text not null,
    wanted_on int not null,
    note text not null,
    replaced_at bigint not null,
    decided_by_name text,
    decided_at bigint,
    decision_note text,
    primary key (order_id, revision)
);
"
);
