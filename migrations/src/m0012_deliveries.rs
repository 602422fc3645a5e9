//! Deliveries in parts: what did not come with one delivery is a village order of its own that names the one it is the
//! rest of.

crate::dialect::step!(
    "m0012_deliveries",
    "alter table village_orders add column part int not null default 1;
alter table village_orders add column rest_of uuid;
"
);
