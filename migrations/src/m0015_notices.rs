//! Notices: what somebody should know, told in the same transaction as its cause.

crate::dialect::step!(
    "m0015_notices",
    // An audience is a person, a unit's role, a village or a role of the district; a reader asks for their few audiences by key.
    "create table notices (
    id uuid not null primary key,
    at bigint not null,
    audience text not null,
    kind text not null,
    subject text not null,
    path text not null,
    mailed_at bigint
);
create index notices_audience on notices (audience, at, id);
create index notices_unmailed on notices (mailed_at, at);
create table notice_reads (
    grant_id uuid not null primary key references grants (id),
    seen_at bigint not null
);
drop table outbox;
"
);
