-- The raw floor: what the program says to PostgreSQL when a unit orders three goods of three villages
-- (server/src/services/order.rs, 'Placement'), without the program. The first select chooses the goods and makes the ids,
-- which the program does in its memory; it stands for the program's look at the token.
\set i :i + 1
\set at 17592186044416 + :run * 100000000 + :i
\set n (:i * :clients + :client_id) % :choices
select c.*, 'F' || cast(:at as text) || '-' || cast(:client_id as text) as number,
    cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as now,
    cast(extract(epoch from clock_timestamp()) / 86400 as int) as today,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0001' as uuid) as order_id,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0002' as uuid) as part1,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0003' as uuid) as part2,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0004' as uuid) as part3,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0005' as uuid) as line1,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0006' as uuid) as line2,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0007' as uuid) as line3,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0008' as uuid) as audit_id,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '0009' as uuid) as message_id,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '000a' as uuid) as notice2,
    cast(to_hex(cast(:at as bigint)) || '70008000' || lpad(cast(:client_id as text), 8, '0') || '000b' as uuid) as notice3
from bench_choice c where c.n = :n \gset
begin;
select body_hash, response from idempotency_records where person_id = :person and key = :number;
select o.id as offer_id, o.status, o.village_code, v.id as version_id, o.produce, v.name, v.grade, v.price_fen,
    v.price_unit, v.piece_name, v.min_qty, v.step_qty, v.seller_id, v.share_kind, v.share_value, v.household_id,
    l.id as lot_id, l.code as lot_code, l.qty - l.reserved - l.sold as free
from offers o
join offer_versions v on v.id = o.live_version
left join lots l on l.offer_id = o.id and l.qty - l.reserved - l.sold > 0
    and (l.good_until is null or l.good_until >= :today)
where o.id in (:offer1, :offer2, :offer3)
order by o.id, coalesce(l.good_until, 2147483647), l.harvested_on, l.id;
insert into orders (id, number, unit_id, requested_by, requested_by_name, status, fund, address, contact, wanted_on, note,
    villages, total_fen, placed_at, changed_at)
values (:order_id, :number, :unit, :person, '李明(演示)', 'placed', 'canteen', '天津市蓟州区人民西大街 1 号食堂',
    '食堂 022-00000000', :today, '', 3, :total, :now, :now);
insert into village_orders (id, number, order_id, order_number, unit_id, village_code, seller_id, status, offered_at,
    confirm_by, moved_at, wanted_on, goods, weight_g, total_fen, confirmed_fen, fee_bp, vehicle)
values
    (:part1, :number || '-1', :order_id, :number, :unit, :village1, :seller1, 'offered', :now, :now, :now, :today,
    :name1, :qty1, :total1, :total1, 0, ''),
    (:part2, :number || '-2', :order_id, :number, :unit, :village2, :seller2, 'offered', :now, :now, :now, :today,
    :name2, :qty2, :total2, :total2, 0, ''),
    (:part3, :number || '-3', :order_id, :number, :unit, :village3, :seller3, 'offered', :now, :now, :now, :today,
    :name3, :qty3, :total3, :total3, 0, '');
insert into order_lines (id, order_id, village_order_id, unit_id, village_code, position, offer_id, version_id, lot_id,
    lot_code, produce, name, price_fen, price_unit, piece_name, qty, total_fen, share_kind, share_value, household_id)
values
    (:line1, :order_id, :part1, :unit, :village1, 0, :offer1, :version1, :lot1, :code1, :produce1, :name1,
    :price1, :unit1, :piece1, :qty1, :total1, :kind1, :share1, :household1),
    (:line2, :order_id, :part2, :unit, :village2, 0, :offer2, :version2, :lot2, :code2, :produce2, :name2,
    :price2, :unit2, :piece2, :qty2, :total2, :kind2, :share2, :household2),
    (:line3, :order_id, :part3, :unit, :village3, 0, :offer3, :version3, :lot3, :code3, :produce3, :name3,
    :price3, :unit3, :piece3, :qty3, :total3, :kind3, :share3, :household3);
insert into audit_rows (id, at, person_id, person_name, role, action, object_kind, object_id, order_id, village_code,
    unit_id, detail)
values (:audit_id, :now, :person, '李明(演示)', 'unit_requester', 'order.place', 'order', :order_id, :order_id, null, :unit,
    :number);
insert into notices (id, at, audience, kind, subject, path)
values
    (:message_id, :now, 'village:' || :village1, 'village_order_offered', :number || '-1', '/village-orders/' || :part1),
    (:notice2, :now, 'village:' || :village2, 'village_order_offered', :number || '-2', '/village-orders/' || :part2),
    (:notice3, :now, 'village:' || :village3, 'village_order_offered', :number || '-3', '/village-orders/' || :part3);
insert into idempotency_records (person_id, key, operation, body_hash, response, at)
values (:person, :number, 'order.place', cast('\x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' as bytea),
    'as long as the answer: an id, a number, a sum of fen and a count of villages, one hundred and ten characters', :now);
update lots set reserved = reserved + (case id when :lot1 then cast(:qty1 as bigint) when :lot2 then cast(:qty2 as bigint) when :lot3 then cast(:qty3 as bigint) end),
    sold = sold + (case id when :lot1 then cast(0 as bigint) when :lot2 then cast(0 as bigint) when :lot3 then cast(0 as bigint) end),
    qty = qty + (case id when :lot1 then cast(0 as bigint) when :lot2 then cast(0 as bigint) when :lot3 then cast(0 as bigint) end)
where id in (:lot1, :lot2, :lot3)
    and reserved + (case id when :lot1 then cast(:qty1 as bigint) when :lot2 then cast(:qty2 as bigint) when :lot3 then cast(:qty3 as bigint) end) >= 0
    and sold + (case id when :lot1 then cast(0 as bigint) when :lot2 then cast(0 as bigint) when :lot3 then cast(0 as bigint) end) >= 0
    and reserved + (case id when :lot1 then cast(:qty1 as bigint) when :lot2 then cast(:qty2 as bigint) when :lot3 then cast(:qty3 as bigint) end)
        + sold + (case id when :lot1 then cast(0 as bigint) when :lot2 then cast(0 as bigint) when :lot3 then cast(0 as bigint) end)
        <= qty + (case id when :lot1 then cast(0 as bigint) when :lot2 then cast(0 as bigint) when :lot3 then cast(0 as bigint) end);
commit;
