//! Goods in full: photos of an offer, kinds of certificates, and lots that are sold before they are harvested.

crate::dialect::step!(
    "m0009_goods",
    // A photo's two sizes are named by their content, so that a file never changes under its address.
    "create table offer_photos (
    id uuid not null primary key,
    offer_id uuid not null references offers (id),
    position int not null,
    card_id uuid not null,
    card_width int not null,
    card_height int not null,
    page_id uuid not null,
    page_width int not null,
    page_height int not null,
    stored_by uuid not null,
    stored_at bigint not null,
    removed_at bigint
);
create index offer_photos_offer on offer_photos (offer_id, position);
create index offer_photos_card on offer_photos (card_id);
create index offer_photos_page on offer_photos (page_id);
alter table offers add column cover_id uuid;
alter table offers add column cover_width int;
alter table offers add column cover_height int;
alter table offers add column certificate_kind text;
alter table offers add column certificate_told int;
update offers set certificate_kind = 'green_food' where certificate_until is not null;
create index offers_certificate on offers (certificate_until, id);
create index offers_produce on offers (produce, id);
alter table lots add column expected_on int;
alter table lots add column firmed_at bigint;
alter table lots add column told_at bigint;
create index lots_expected on lots (firmed_at, expected_on, id);
alter table order_lines add column expected_on int"
);
