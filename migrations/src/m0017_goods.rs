//! Sellers of record are known by their credit code: two people who add the same co-op at once meet here.

crate::dialect::step!(
    "m0017_goods",
    "create unique index sellers_code on sellers (code)"
);
