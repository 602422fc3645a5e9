//! People, complete: contacts, second factors, proof within a session, what two administrators decide together.

crate::dialect::step!(
    "m0008_people",
    // Sessions from before hold no proof and offer no secret: everybody signs in again.
    "delete from sessions;
alter table persons add column email text;
alter table persons add column phone text;
alter table sessions add column second_factor_at bigint;
alter table sessions add column proven_at bigint;
alter table sessions add column offered_secret bytea;
alter table api_tokens add column proven_at bigint;
create table second_factors (
    person_id uuid not null primary key references persons (id),
    secret bytea not null,
    last_step bigint not null default 0,
    enrolled_at bigint not null
);
create table recovery_codes (
    person_id uuid not null references persons (id),
    code_hash bytea not null,
    made_at bigint not null,
    used_at bigint,
    primary key (person_id, code_hash)
);
create table proposals (
    id uuid not null primary key,
    kind text not null,
    person_id uuid not null references persons (id),
    grant_id uuid,
    role text,
    reason text not null,
    proposed_by uuid not null,
    proposed_by_name text not null,
    proposed_at bigint not null,
    decided_by uuid,
    decided_by_name text,
    decided_at bigint,
    outcome text,
    check (decided_by is null or decided_by <> proposed_by or outcome <> 'confirmed')
);
create index proposals_open on proposals (decided_at, proposed_at);
create index proposals_person on proposals (person_id, decided_at);
create index one_time_links_person on one_time_links (person_id);
create index audit_rows_person on audit_rows (person_id, at);
"
);
