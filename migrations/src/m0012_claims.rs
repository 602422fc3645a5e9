//! Claims: what a unit or the centre disputes of an acceptance, what was said about it, and what was decided.

crate::dialect::step!(
    "m0012_claims",
    // A claim edits nothing: it names the acceptance and stands beside it.
    "create table claims (
    id uuid not null primary key,
    number text not null unique,
    acceptance_id uuid not null references acceptances (id),
    acceptance_number text not null,
    order_id uuid not null,
    unit_id uuid not null,
    status text not null,
    asked_fen bigint not null check (asked_fen > 0),
    agreed_fen bigint check (agreed_fen >= 0 and agreed_fen <= asked_fen),
    answer text not null,
    opened_by uuid not null,
    opened_by_name text not null,
    opened_at bigint not null,
    answered_by uuid,
    answered_by_name text,
    answered_at bigint,
    check (answered_by is null or answered_by <> opened_by)
);
create index claims_opened on claims (opened_at, id);
create index claims_unit on claims (unit_id, opened_at, id);
create index claims_acceptance on claims (acceptance_id);
create table claim_lines (
    claim_id uuid not null references claims (id),
    line_id uuid not null,
    village_code text not null,
    qty bigint not null check (qty >= 0),
    asked_fen bigint not null check (asked_fen > 0),
    agreed_fen bigint check (agreed_fen >= 0 and agreed_fen <= asked_fen),
    reason text not null,
    photo_id uuid,
    primary key (claim_id, line_id)
);
create index claim_lines_village on claim_lines (village_code, claim_id);
create index claim_lines_line on claim_lines (line_id);
create table claim_entries (
    id uuid not null primary key,
    claim_id uuid not null references claims (id),
    at bigint not null,
    person_id uuid not null,
    person_name text not null,
    role text not null,
    words text not null,
    photo_id uuid
);
create index claim_entries_claim on claim_entries (claim_id, at, id);
"
);
