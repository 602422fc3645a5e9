//! Long work with its refused rows, and the register code of a seller.

crate::dialect::step!(
    "m0013_works",
    "create table works (
    id uuid not null primary key,
    kind text not null,
    subject text not null,
    person_id uuid not null references persons (id),
    person_name text not null,
    grant_id uuid not null references grants (id),
    state text not null,
    stage text not null,
    whole boolean not null default false,
    input text not null,
    input_name text not null,
    input_file uuid,
    heading text not null,
    result_file uuid,
    result_name text,
    done bigint not null default 0,
    total bigint not null default 0,
    created_rows bigint not null default 0,
    changed_rows bigint not null default 0,
    unchanged_rows bigint not null default 0,
    refused_rows bigint not null default 0,
    problem text,
    holder uuid,
    lease_until bigint not null default 0,
    created_at bigint not null,
    started_at bigint,
    ended_at bigint
);
create index works_person on works (person_id, created_at, id);
create index works_state on works (state, created_at, id);
create index works_ended on works (ended_at, id);
create table work_rows (
    work_id uuid not null references works (id),
    line bigint not null,
    column_name text not null,
    value text not null,
    code text not null,
    bound text,
    cells text not null,
    primary key (work_id, line, column_name)
);
alter table sellers add column code text;
create index households_name on households (village_code, name)
"
);
