//! Towns, villages, aid units, pairings, sellers, households, produce.

crate::dialect::step!(
    "m0001_register",
    "create table towns (
    code text not null primary key,
    name text not null
);
create table villages (
    code text not null primary key,
    town_code text not null references towns (code),
    name text not null,
    aided boolean not null default false,
    target_fen bigint not null
);
create index villages_town on villages (town_code, code);
create table aid_units (
    id uuid not null primary key,
    code text not null unique,
    name text not null,
    kind text not null,
    address text not null,
    terms_days int not null,
    demo boolean not null default false
);
create table pairings (
    unit_id uuid not null references aid_units (id),
    village_code text not null references villages (code),
    from_day int not null,
    until_day int,
    primary key (unit_id, village_code, from_day)
);
create index pairings_village on pairings (village_code, unit_id);
create table sellers (
    id uuid not null primary key,
    kind text not null,
    name text not null,
    village_code text references villages (code)
);
create index sellers_village on sellers (village_code, kind);
create table households (
    id uuid not null primary key,
    village_code text not null references villages (code),
    name text not null
);
create index households_village on households (village_code, id);
create table produce (
    slug text not null primary key,
    position int not null,
    name text not null,
    category text not null,
    price_unit text not null,
    piece_name text,
    typical_price_fen bigint not null,
    season int not null,
    mark text not null
);
"
);
