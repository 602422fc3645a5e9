//! Audit log, outbox, idempotency records and stored files.

crate::dialect::step!(
    "m0007_records",
    "create table audit_rows (
    id uuid not null primary key,
    at bigint not null,
    person_id uuid,
    person_name text,
    role text not null,
    action text not null,
    object_kind text not null,
    object_id text not null,
    order_id uuid,
    village_code text,
    unit_id uuid,
    detail text not null
);
create index audit_rows_at on audit_rows (at, id);
create index audit_rows_object on audit_rows (object_id, at);
create index audit_rows_order on audit_rows (order_id, at);
create table outbox (
    id uuid not null primary key,
    at bigint not null,
    topic text not null,
    payload text not null,
    done_at bigint
);
create index outbox_open on outbox (done_at, at);
create table idempotency_records (
    person_id uuid not null,
    key text not null,
    operation text not null,
    body_hash bytea not null,
    response text not null,
    at bigint not null,
    primary key (person_id, key)
);
create index idempotency_records_at on idempotency_records (at);
create table files (
    id uuid not null primary key,
    sha256 bytea not null,
    mime text not null,
    bytes bigint not null,
    width int not null,
    height int not null,
    unit_id uuid,
    stored_by uuid not null,
    stored_at bigint not null
);
"
);
