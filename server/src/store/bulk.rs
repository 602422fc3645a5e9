//! A big past for measuring: offers and accepted orders by the hundred thousand, made inside the database by few
//! statements. Everything that `verify` checks holds for it too.

use super::{Connection, Db, Tx, exec, many, scalar};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// Stock of a lot in base units: more than all orders take.
const LOT_QTY: i64 = 9_000_000_000;

/// The first day of the year 2100: the last day to pay for what was made up.
const FAR_DAY: i32 = 47_482;

/// So many orders can be made, each at a moment of its own.
pub const PLACES: i64 = 1_000_000;

/// What the rows of one order, offer and so on begin their id with.
#[derive(Clone, Copy)]
enum Kind {
    Offer = 1,
    Version = 2,
    Lot = 3,
    Order = 4,
    VillageOrder = 5,
    Line = 6,
    Acceptance = 7,
    Transaction = 8,
    Audit = 9,
    Bill = 10,
}

/// An id as text, of a kind and a whole number that an SQL expression gives.
fn id_text(backend: DbBackend, kind: Kind, number: &str) -> String {
    let kind = kind as i32;
    let hex = if backend == DbBackend::Postgres {
        format!("lpad(to_hex(cast({number} as bigint)), 12, '0')")
    } else {
        format!("printf('%012x', {number})")
    };
    format!("('0b{kind:06x}-0000-7000-8000-' || {hex})")
}

/// The same as the engine stores an id.
fn id(backend: DbBackend, kind: Kind, number: &str) -> String {
    let text = id_text(backend, kind, number);
    if backend == DbBackend::Postgres {
        format!("cast({text} as uuid)")
    } else {
        format!("unhex(replace({text}, '-', ''))")
    }
}

/// Who and when, for made-up orders.
#[derive(Clone, Copy)]
pub struct Past {
    /// Who signs for the units.
    pub unit_person: Uuid,
    /// Who signs for the centre.
    pub centre_person: Uuid,
    /// The first moment of the past, in UTC microseconds.
    pub begins_at: i64,
    /// Between two of the `PLACES` moments at which orders were placed.
    pub apart_us: i64,
}

/// Removes the table that the statements below work with, if a run was cut off, and makes it: `goods` numbered goods
/// over all villages, after the pattern of what is on sale.
///
/// # Errors
/// Whatever the engine answers.
pub async fn prepare(db: &Db, goods: i64, now: i64) -> Result<(), DbErr> {
    let connection = db.schema();
    let backend = connection.get_database_backend();
    // What is about to be made up took effect in months that the demonstration has closed: they are open again.
    exec(connection, "delete from period_closes", []).await?;
    exec(connection, "update books set closed_until = 0", []).await?;
    exec(connection, "drop table if exists bulk_goods", []).await?;
    exec(connection, "drop table if exists bulk_units", []).await?;
    exec(
        connection,
        "create table bulk_units as
        select row_number() over (order by code) - 1 as k, id, name from aid_units",
        [],
    )
    .await?;
    let (offer, version, lot) = (
        id(backend, Kind::Offer, "n.j"),
        id(backend, Kind::Version, "n.j"),
        id(backend, Kind::Lot, "n.j"),
    );
    let sql = format!(
        "create table bulk_goods as
        with recursive n(j) as (select cast(0 as bigint) union all select j + 1 from n where j < {goods} - 1),
        base as (select row_number() over (order by o.id) - 1 as k, o.id as base_id, o.live_version as base_version
            from offers o where o.status = 'published' and o.live_version is not null
                and not exists (select 1 from lots l where l.offer_id = o.id and l.code like 'BULK%')),
        size as (select count(*) as bases from base),
        place as (select row_number() over (order by v.code) - 1 as k, v.code, v.town_code, s.id as seller_id
            from villages v join sellers s on s.village_code = v.code and s.kind = 'village_collective'),
        places as (select count(*) as villages from place)
        select n.j, {offer} as offer_id, {version} as version_id, {lot} as lot_id, p.code as village_code, p.town_code,
            p.seller_id, b.base_id, b.base_version, {now} - n.j * 60000000 as at
        from n cross join size cross join places
        join base b on b.k = (n.j * 31) % size.bases
        join place p on p.k = n.j % places.villages",
    );
    exec(connection, &sql, []).await?;
    exec(
        connection,
        "create unique index bulk_goods_j on bulk_goods (j)",
        [],
    )
    .await?;
    exec(
        connection,
        "create unique index bulk_goods_lot on bulk_goods (lot_id)",
        [],
    )
    .await?;
    Ok(())
}

/// Puts the numbered goods on sale, those that are not yet: offer, version and lot.
///
/// # Errors
/// Whatever the engine answers.
pub async fn goods(tx: &Tx, today: i32) -> Result<(), DbErr> {
    let missing = "not exists (select 1 from offers x where x.id = g.offer_id)";
    let versions = "insert into offer_versions (id, offer_id, number, status, name, grade, pack, price_fen, price_unit, piece_name,
            min_qty, step_qty, seller_id, share_kind, share_value, household_id, certificate_no, certificate_until, story,
            reason, created_by, created_at, submitted_by, submitted_by_name, reviewed_by, reviewed_at)
        select g.version_id, g.offer_id, 1, b.status, b.name, b.grade, b.pack, b.price_fen + g.j % 50, b.price_unit,
            b.piece_name, b.min_qty, b.step_qty, g.seller_id, 'whole', 0, null, b.certificate_no, b.certificate_until,
            b.story, null, b.created_by, g.at, b.submitted_by, b.submitted_by_name, b.reviewed_by, g.at
        from bulk_goods g join offer_versions b on b.id = g.base_version
        where not exists (select 1 from offer_versions x where x.id = g.version_id)";
    let offers = format!(
        "insert into offers (id, village_code, town_code, produce, category, status, live_version, name, grade, price_fen,
            price_unit, piece_name, rank_fen, village_fen, season, certificate_until, mark, created_at, published_at,
            changed_at)
        select g.offer_id, g.village_code, g.town_code, b.produce, b.category, 'published', g.version_id, b.name, b.grade,
            b.price_fen + g.j % 50, b.price_unit, b.piece_name, b.rank_fen + g.j % 50, b.price_fen + g.j % 50, b.season,
            b.certificate_until, b.mark, g.at, g.at, g.at
        from bulk_goods g join offers b on b.id = g.base_id where {missing}"
    );
    let lots = format!(
        "insert into lots (id, offer_id, village_code, code, harvested_on, good_until, qty, created_at)
        select g.lot_id, g.offer_id, g.village_code, 'BULK' || cast(g.j as text), {today} - 1, {today} + 30, {LOT_QTY}, g.at
        from bulk_goods g where not exists (select 1 from lots x where x.id = g.lot_id)"
    );
    for sql in [offers.as_str(), versions, lots.as_str()] {
        exec(tx, sql, []).await?;
    }
    Ok(())
}

/// How many orders of the made-up past are there.
///
/// # Errors
/// Whatever the engine answers.
pub async fn orders_made(connection: &Connection) -> Result<i64, DbErr> {
    scalar(
        connection,
        "select count(*) from acceptances where number like 'YB%'",
        [],
    )
    .await
}

/// Orders `from` to `to` (both made), of one line each, accepted a day later: every document but the ledger's entries.
///
/// # Errors
/// Whatever the engine answers.
pub async fn orders(tx: &Tx, past: &Past, from: i64, to: i64) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let one = |kind| id(backend, kind, "x.i");
    let (order, village_order, line) = (one(Kind::Order), one(Kind::VillageOrder), one(Kind::Line));
    let (acceptance, transaction, audit) = (one(Kind::Acceptance), one(Kind::Transaction), one(Kind::Audit));
    let bill = one(Kind::Bill);
    let order_text = id_text(backend, Kind::Order, "x.i");
    let bytes = if backend == DbBackend::Postgres {
        "decode('00', 'hex')"
    } else {
        "x'00'"
    };
    let Past {
        begins_at, apart_us, ..
    } = *past;
    // Few orders lie as far apart as many: a million numbers in another order, each once.
    let place = format!("((n.i * 611953) % {PLACES})");
    let rows = format!(
        "with recursive n(i) as (select cast({from} as bigint) union all select i + 1 from n where i < {to}),
        size as (select count(*) as goods from bulk_goods), units as (select count(*) as units from bulk_units),
        x as (select n.i, g.offer_id, g.version_id, g.lot_id, g.village_code, g.seller_id, u.id as unit_id,
                'DB' || cast(n.i as text) as number, {begins_at} + {place} * {apart_us} as at,
                {begins_at} + {place} * {apart_us} + 86400000000 as accepted_at,
                cast(({begins_at} + {place} * {apart_us} + 115200000000) / 86400000000 as int) as day,
                o.produce, v.name || ' ' || v.grade as name, v.price_fen, v.price_unit, v.piece_name, 5 + n.i % 20 as units,
                case v.price_unit when 'jin' then 500 when 'kg' then 1000 else 1 end as base
            from n cross join size cross join units
            join bulk_goods g on g.j = (n.i * 7919) % size.goods
            join bulk_units u on u.k = n.i % units.units
            join offers o on o.id = g.offer_id join offer_versions v on v.id = g.version_id)"
    );
    let bulk = [
        format!(
            "insert into orders (id, number, unit_id, requested_by, requested_by_name, status, fund, address, contact,
                wanted_on, note, villages, total_fen, accepted_fen, placed_at, changed_at)
            {rows} select {order}, number, unit_id, $1, '采购经办人', 'accepted', 'canteen', '示例路 1 号', '', day, '', 1,
                price_fen * units, price_fen * units, at, accepted_at from x"
        ),
        format!(
            "insert into village_orders (id, number, order_id, order_number, unit_id, village_code, seller_id, status,
                offered_at, confirm_by, moved_at, wanted_on, goods, weight_g, total_fen, confirmed_fen, accepted_fen,
                fee_bp, vehicle, acceptance_id, bill_id)
            {rows} select {village_order}, number || '-1', {order}, number, unit_id, village_code, seller_id, 'credited', at,
                at + 43200000000, accepted_at, day, name, base * units, price_fen * units, price_fen * units,
                price_fen * units, 0, '', {acceptance}, {bill} from x"
        ),
        format!(
            "insert into order_lines (id, order_id, village_order_id, unit_id, village_code, position, offer_id, version_id,
                lot_id, lot_code, produce, name, price_fen, price_unit, piece_name, qty, confirmed_qty, accepted_qty,
                total_fen, confirmed_fen, accepted_fen, share_kind, share_value)
            {rows} select {line}, {order}, {village_order}, unit_id, village_code, 0, offer_id, version_id, lot_id, 'BULK',
                produce, name, price_fen, price_unit, piece_name, base * units, base * units, base * units,
                price_fen * units, price_fen * units, price_fen * units, 'whole', 0 from x"
        ),
        format!(
            "insert into acceptances (id, number, order_id, part, unit_id, status, lines_hash, unit_person_id,
                unit_person_name, unit_signed_at, centre_person_id, centre_person_name, centre_signed_at, expected_fen,
                accepted_fen, transaction_id, created_at, posted_at)
            {rows} select {acceptance}, 'YB' || cast(i as text), {order}, 1, unit_id, 'posted', {bytes}, $1, '采购经办人',
                accepted_at, $2, '绿食中心', accepted_at, price_fen * units, price_fen * units, {transaction}, accepted_at,
                accepted_at from x"
        ),
        format!(
            "insert into acceptance_lines (acceptance_id, line_id, village_order_id, village_code, qty, total_fen,
                village_fen, supplier_fen, fee_fen, remark)
            {rows} select {acceptance}, {line}, {village_order}, village_code, base * units, price_fen * units,
                price_fen * units, 0, 0, '' from x"
        ),
        format!(
            "insert into ledger_transactions (id, kind, document_kind, document_id, document_number, effective_at,
                recorded_at, actor_id, actor_name, body_hash)
            {rows} select {transaction}, 'acceptance', 'acceptance', {acceptance}, 'YB' || cast(i as text), accepted_at,
                accepted_at, $1, '绿食中心', {bytes} from x"
        ),
        // Sent and not yet due for long: nobody is reminded of what nobody bought.
        format!(
            "insert into bills (id, number, transfer_code, unit_id, kind, order_id, order_number, status, issued_at, due_on,
                items, total_fen)
            {rows} select {bill}, 'ZB' || cast(i as text), 'BULK' || cast(i as text), unit_id, 'order', {order}, number,
                'billed', accepted_at, {FAR_DAY}, 1, price_fen * units from x"
        ),
        format!(
            "insert into bill_items (village_order_id, bill_id, unit_id, village_code, order_id, order_number, acceptance_id,
                delivered_at, amount_fen)
            {rows} select {village_order}, {bill}, unit_id, village_code, {order}, number, {acceptance}, accepted_at,
                price_fen * units from x"
        ),
        format!(
            "insert into audit_rows (id, at, person_id, person_name, role, action, object_kind, object_id, order_id,
                unit_id, detail)
            {rows} select {audit}, at, $1, '采购经办人', 'unit_requester', 'order.place', 'order', {order_text}, {order},
                unit_id, number from x"
        ),
    ];
    let (unit, centre): (Value, Value) = (past.unit_person.into(), past.centre_person.into());
    let people = [
        vec![unit.clone()],
        Vec::new(),
        Vec::new(),
        vec![unit.clone(), centre.clone()],
        Vec::new(),
        vec![centre],
        Vec::new(),
        Vec::new(),
        vec![unit],
    ];
    for (sql, people) in bulk.iter().zip(people) {
        exec(tx, sql, people).await?;
    }
    Ok(())
}

/// What an acceptance of the made-up past posts.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ToPost {
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// Its number.
    pub number: String,
    /// The buying unit.
    pub unit_id: Uuid,
    /// The village.
    pub village_code: String,
    /// The order line.
    pub line_id: Uuid,
    /// The sum.
    pub amount_fen: i64,
    /// When.
    pub at: i64,
}

/// What orders `from` to `to` post, in their order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn to_post(tx: &Tx, from: i64, to: i64) -> Result<Vec<ToPost>, DbErr> {
    let backend = tx.get_database_backend();
    let (first, last) = (
        id(backend, Kind::Acceptance, &from.to_string()),
        id(backend, Kind::Acceptance, &to.to_string()),
    );
    let sql = format!(
        "select a.transaction_id, a.id as acceptance_id, a.number, a.unit_id, l.village_code, l.line_id,
            l.total_fen as amount_fen, a.posted_at as at
        from acceptances a join acceptance_lines l on l.acceptance_id = a.id
        where a.id >= {first} and a.id <= {last} order by a.id"
    );
    many(tx, &sql, []).await
}

/// The lots' sold quantities after the orders, and the working tables gone.
///
/// # Errors
/// Whatever the engine answers.
pub async fn finish(db: &Db) -> Result<(), DbErr> {
    let connection = db.schema();
    super::totals::refill(db).await?;
    super::payable::refill(db).await?;
    super::income::refill_years(db).await?;
    let sold =
        "update lots set sold = (select cast(coalesce(sum(x.accepted_qty), 0) as bigint) from order_lines x
            where x.lot_id = lots.id) where id in (select lot_id from bulk_goods)";
    for sql in [sold, "drop table bulk_goods", "drop table bulk_units", "analyze"] {
        exec(connection, sql, []).await?;
    }
    Ok(())
}

/// Every village's chain.
///
/// # Errors
/// Whatever the engine answers.
pub async fn chains(tx: &Tx) -> Result<Vec<super::ledger::ChainRow>, DbErr> {
    let sql = "select village_code, length, head, public_head from village_chains";
    many(tx, sql, []).await
}

#[derive(FromQueryResult)]
struct PersonId {
    person_id: Uuid,
}

/// The first person who was given a role.
///
/// # Errors
/// Whatever the engine answers.
pub async fn person_with(connection: &Connection, role: &str) -> Result<Option<Uuid>, DbErr> {
    let sql = "select person_id from grants where role = $1 order by id limit 1";
    let found: Option<PersonId> = super::one(connection, sql, [role.into()]).await?;
    Ok(found.map(|found| found.person_id))
}
