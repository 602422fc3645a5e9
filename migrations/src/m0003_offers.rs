//! Offers with their versions and lots, and baskets.

crate::dialect::step!(
    "m0003_offers",
    // What the shelf shows of the live version stands on the offer itself: a catalogue page is one statement.
    "create table offers (
    id uuid not null primary key,
    village_code text not null references villages (code),
    town_code text not null,
    produce text not null references produce (slug),
    category text not null,
    status text not null,
    live_version uuid,
    pending_version uuid,
    pending_status text,
    name text not null,
    grade text not null,
    price_fen bigint not null,
    price_unit text not null,
    piece_name text,
    rank_fen bigint not null,
    village_fen bigint not null,
    season int not null,
    certificate_until int,
    mark text not null,
    search_text text not null,
    created_at bigint not null,
    published_at bigint not null,
    changed_at bigint not null
);
create index offers_newest on offers (status, published_at, id);
create index offers_cheapest on offers (status, rank_fen, id);
create index offers_category on offers (status, category, published_at, id);
create index offers_town on offers (status, town_code, published_at, id);
create index offers_village on offers (village_code, changed_at, id);
create index offers_changed on offers (changed_at, id);
create index offers_state on offers (status, changed_at, id);
create index offers_review on offers (pending_status, changed_at, id);
create table offer_versions (
    id uuid not null primary key,
    offer_id uuid not null references offers (id),
    number int not null,
    status text not null,
    name text not null,
    grade text not null,
    pack text not null,
    price_fen bigint not null check (price_fen > 0),
    price_unit text not null,
    piece_name text,
    min_qty bigint not null check (min_qty > 0),
    step_qty bigint not null check (step_qty > 0),
    seller_id uuid not null references sellers (id),
    share_kind text not null,
    share_value bigint not null,
    household_id uuid references households (id),
    certificate_no text,
    certificate_until int,
    story text not null,
    reason text,
    created_by uuid not null,
    created_at bigint not null,
    submitted_by uuid,
    submitted_by_name text,
    reviewed_by uuid,
    reviewed_at bigint,
    unique (offer_id, number)
);
create table lots (
    id uuid not null primary key,
    offer_id uuid not null references offers (id),
    village_code text not null,
    code text not null unique,
    harvested_on int not null,
    good_until int,
    qty bigint not null,
    reserved bigint not null default 0,
    sold bigint not null default 0,
    created_at bigint not null,
    check (reserved >= 0 and sold >= 0 and reserved + sold <= qty)
);
create index lots_offer on lots (offer_id, harvested_on, id);
create table basket_lines (
    basket_key text not null,
    offer_id uuid not null references offers (id),
    qty bigint not null check (qty > 0),
    added_at bigint not null,
    primary key (basket_key, offer_id)
);
create index basket_lines_added on basket_lines (added_at);
"
);
