//! VAT invoices of bills: one for each seller of record that stands; red-letter ones beside those that they take back.

crate::dialect::step!(
    "m0031_invoices",
    "create table invoices (
    id uuid not null primary key,
    bill_id uuid not null references bills (id),
    unit_id uuid not null references aid_units (id),
    seller_id uuid not null references sellers (id),
    status text not null,
    kind text not null,
    exempt boolean not null,
    title text not null,
    tax_no text not null,
    amount_fen bigint not null check (amount_fen <> 0),
    tax_fen bigint not null default 0,
    rate_bp int not null default 0,
    invoice_no text unique,
    issued_on int,
    requested_at bigint not null,
    requested_by uuid not null,
    requested_by_name text not null,
    issued_by_name text,
    received_by_name text,
    received_at bigint,
    reason text,
    red_of uuid references invoices (id),
    file_id uuid,
    file_mime text,
    check (red_of is null or amount_fen < 0),
    check (not exempt or tax_fen = 0)
);
create unique index invoices_standing on invoices (bill_id, seller_id)
    where red_of is null and status in ('requested', 'issued', 'received');
create unique index invoices_red on invoices (red_of) where red_of is not null;
create index invoices_requested on invoices (requested_at, id);
create index invoices_unit on invoices (unit_id, requested_at, id)
"
);
