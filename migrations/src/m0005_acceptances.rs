//! Acceptances: what was weighed and who signed.

crate::dialect::step!(
    "m0005_acceptances",
    // `part` counts the deliveries of one order; two people opening the same part meet on the unique key.
    "create table acceptances (
    id uuid not null primary key,
    number text not null unique,
    order_id uuid not null references orders (id),
    part int not null,
    unit_id uuid not null,
    status text not null,
    lines_hash bytea not null,
    unit_person_id uuid,
    unit_person_name text,
    unit_signed_at bigint,
    centre_person_id uuid,
    centre_person_name text,
    centre_signed_at bigint,
    expected_fen bigint not null,
    accepted_fen bigint not null,
    transaction_id uuid,
    created_at bigint not null,
    posted_at bigint,
    unique (order_id, part),
    check (unit_person_id is null or centre_person_id is null or unit_person_id <> centre_person_id),
    check (status <> 'posted' or (unit_person_id is not null and centre_person_id is not null))
);
create index acceptances_unit on acceptances (unit_id, created_at, id);
create index acceptances_posted on acceptances (posted_at, id);
create table acceptance_lines (
    acceptance_id uuid not null references acceptances (id),
    line_id uuid not null references order_lines (id),
    village_order_id uuid not null,
    village_code text not null,
    qty bigint not null check (qty >= 0),
    total_fen bigint not null,
    village_fen bigint not null,
    supplier_fen bigint not null,
    fee_fen bigint not null,
    reason text,
    remark text not null,
    photo_id uuid,
    primary key (acceptance_id, line_id),
    check (village_fen + supplier_fen + fee_fen = total_fen)
);
create index acceptance_lines_line on acceptance_lines (line_id);
"
);
