//! People, their roles, sessions, one-time links and tokens.

crate::dialect::step!(
    "m0002_people",
    "create table persons (
    id uuid not null primary key,
    sign_in_name text not null unique,
    name text not null,
    password_hash text,
    suspended boolean not null default false,
    created_at bigint not null
);
create table grants (
    id uuid not null primary key,
    person_id uuid not null references persons (id),
    role text not null,
    unit_id uuid references aid_units (id),
    village_code text references villages (code),
    town_code text references towns (code),
    created_at bigint not null,
    withdrawn_at bigint
);
create index grants_person on grants (person_id);
create index grants_village on grants (village_code);
create index grants_unit on grants (unit_id);
create table sessions (
    id uuid not null primary key,
    secret_hash bytea not null unique,
    person_id uuid not null references persons (id),
    grant_id uuid not null references grants (id),
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null,
    agent text not null
);
create index sessions_person on sessions (person_id, created_at);
create table one_time_links (
    secret_hash bytea not null primary key,
    person_id uuid references persons (id),
    purpose text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create table sign_in_tries (
    key text not null primary key,
    failures int not null,
    wait_until bigint not null
);
create table api_tokens (
    id uuid not null primary key,
    secret_hash bytea not null unique,
    person_id uuid not null references persons (id),
    grant_id uuid not null references grants (id),
    name text not null,
    created_at bigint not null,
    expires_at bigint not null,
    seen_at bigint,
    revoked_at bigint
);
create index api_tokens_person on api_tokens (person_id, created_at);
"
);
