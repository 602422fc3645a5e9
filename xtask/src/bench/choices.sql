-- What pgbench orders: one row a choice, with everything that the program reads and computes for it.
create table bench_good as
select o.id as offer_id, o.village_code, v.id as version_id, o.produce, v.name || ' ' || v.grade as name, v.price_fen,
    v.price_unit, coalesce(v.piece_name, '') as piece, v.seller_id, v.share_kind, v.share_value,
    coalesce(v.household_id, cast('00000000-0000-0000-0000-000000000000' as uuid)) as household_id,
    l.id as lot_id, l.code as lot_code, v.min_qty as qty,
    v.price_fen * v.min_qty / case v.price_unit when 'jin' then 500 when 'kg' then 1000 else 1 end as total_fen
from offers o
join offer_versions v on v.id = o.live_version
join lots l on l.offer_id = o.id and l.qty = LOT_QTY;

create table bench_choice as
select t.n, last.requested_by as person, last.unit_id as unit, g1.total_fen + g2.total_fen + g3.total_fen as total,
    g1.offer_id as offer1, g1.village_code as village1, g1.version_id as version1, g1.produce as produce1,
    g1.name as name1, g1.price_fen as price1, g1.price_unit as unit1, g1.piece as piece1, g1.seller_id as seller1,
    g1.share_kind as kind1, g1.share_value as share1, g1.household_id as household1, g1.lot_id as lot1,
    g1.lot_code as code1, g1.qty as qty1, g1.total_fen as total1,
    g2.offer_id as offer2, g2.village_code as village2, g2.version_id as version2, g2.produce as produce2,
    g2.name as name2, g2.price_fen as price2, g2.price_unit as unit2, g2.piece as piece2, g2.seller_id as seller2,
    g2.share_kind as kind2, g2.share_value as share2, g2.household_id as household2, g2.lot_id as lot2,
    g2.lot_code as code2, g2.qty as qty2, g2.total_fen as total2,
    g3.offer_id as offer3, g3.village_code as village3, g3.version_id as version3, g3.produce as produce3,
    g3.name as name3, g3.price_fen as price3, g3.price_unit as unit3, g3.piece as piece3, g3.seller_id as seller3,
    g3.share_kind as kind3, g3.share_value as share3, g3.household_id as household3, g3.lot_id as lot3,
    g3.lot_code as code3, g3.qty as qty3, g3.total_fen as total3
from (values CHOICES) t (n, first, second, third)
join bench_good g1 on g1.offer_id = cast(t.first as uuid)
join bench_good g2 on g2.offer_id = cast(t.second as uuid)
join bench_good g3 on g3.offer_id = cast(t.third as uuid)
cross join (select requested_by, unit_id from orders order by placed_at desc limit 1) last;

create unique index bench_choice_n on bench_choice (n);
analyze;
