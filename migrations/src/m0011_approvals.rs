//! Approvals, revisions of a request, what came short, and who was reminded of what.

crate::dialect::step!(
    "m0011_approvals",
    "alter table aid_units add column approval text not null default 'off';
alter table aid_units add column approval_above_fen bigint not null default 0 check (approval_above_fen >= 0);
alter table orders add column revision int not null default 1;
alter table orders add column decided_by uuid check (decided_by <> requested_by);
alter table orders add column decided_by_name text;
alter table orders add column decided_at bigint;
alter table orders add column decision_note text;
alter table orders add column supplements uuid;
create index orders_state on orders (status, placed_at, id);
create index orders_hold on orders (status, hold_until, id);
create index orders_wanted on orders (wanted_on, status, id);
create index offers_similar on offers (status, produce, rank_fen, id);
create table request_lines (
    order_id uuid not null references orders (id),
    revision int not null,
    position int not null,
    village_code text not null references villages (code),
    seller_id uuid not null references sellers (id),
    offer_id uuid not null references offers (id),
    version_id uuid not null references offer_versions (id),
    lot_id uuid not null references lots (id),
    lot_code text not null,
    produce text not null,
    name text not null,
    price_fen bigint not null,
    price_unit text not null,
    piece_name text,
    qty bigint not null check (qty > 0),
    total_fen bigint not null,
    share_kind text not null,
    share_value bigint not null,
    household_id uuid,
    primary key (order_id, revision, position)
);
create index request_lines_lot on request_lines (lot_id);
create table shortfalls (
    line_id uuid not null primary key references order_lines (id),
    village_order_id uuid not null references village_orders (id),
    order_id uuid not null references orders (id),
    unit_id uuid not null,
    village_code text not null,
    missing_qty bigint not null check (missing_qty > 0),
    opened_at bigint not null,
    decide_by bigint not null,
    choice text,
    chosen_at bigint,
    chosen_by uuid,
    chosen_by_name text,
    supplement_id uuid references orders (id)
);
create index shortfalls_order on shortfalls (order_id, line_id);
create index shortfalls_open on shortfalls (choice, decide_by, line_id);
create table reminders (
    kind text not null,
    object_id uuid not null,
    round int not null,
    at bigint not null,
    primary key (kind, object_id, round)
);
"
);
