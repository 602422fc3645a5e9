//! Orders, their village orders and lines. The unit and the village stand on every row, so that each can be read,
//! and spread over machines, by either.

crate::dialect::step!(
    "m0004_orders",
    "create table orders (
    id uuid not null primary key,
    number text not null unique,
    unit_id uuid not null references aid_units (id),
    requested_by uuid not null,
    requested_by_name text not null,
    status text not null,
    fund text not null,
    address text not null,
    contact text not null,
    wanted_on int not null,
    note text not null,
    villages int not null,
    total_fen bigint not null,
    accepted_fen bigint,
    placed_at bigint not null,
    hold_until bigint,
    changed_at bigint not null
);
create index orders_unit on orders (unit_id, placed_at, id);
create index orders_placed on orders (placed_at, id);
create table village_orders (
    id uuid not null primary key,
    number text not null unique,
    order_id uuid not null references orders (id),
    order_number text not null,
    unit_id uuid not null,
    village_code text not null references villages (code),
    seller_id uuid not null references sellers (id),
    status text not null,
    offered_at bigint not null,
    confirm_by bigint not null,
    moved_at bigint not null,
    wanted_on int not null,
    goods text not null,
    weight_g bigint not null,
    total_fen bigint not null,
    confirmed_fen bigint not null,
    accepted_fen bigint,
    fee_bp int not null,
    vehicle text not null,
    acceptance_id uuid,
    paid_at bigint,
    settled_at bigint
);
create index village_orders_order on village_orders (order_id, village_code);
create index village_orders_village on village_orders (village_code, offered_at, id);
create index village_orders_unit on village_orders (unit_id, offered_at, id);
create index village_orders_status on village_orders (status, confirm_by, id);
create index village_orders_offered on village_orders (offered_at, id);
create table order_lines (
    id uuid not null primary key,
    order_id uuid not null references orders (id),
    village_order_id uuid not null references village_orders (id),
    unit_id uuid not null,
    village_code text not null,
    position int not null,
    offer_id uuid not null,
    version_id uuid not null references offer_versions (id),
    lot_id uuid not null references lots (id),
    lot_code text not null,
    produce text not null,
    name text not null,
    price_fen bigint not null,
    price_unit text not null,
    piece_name text,
    qty bigint not null check (qty > 0),
    confirmed_qty bigint check (confirmed_qty >= 0 and confirmed_qty <= qty),
    accepted_qty bigint check (accepted_qty >= 0),
    total_fen bigint not null,
    confirmed_fen bigint,
    accepted_fen bigint,
    share_kind text not null,
    share_value bigint not null,
    household_id uuid,
    reason text
);
create index order_lines_order on order_lines (order_id, village_code, position);
create index order_lines_village_order on order_lines (village_order_id, position);
create index order_lines_lot on order_lines (lot_id);
"
);
