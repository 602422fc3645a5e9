//! What `verify` reads: each check is one query that finds the first thing wrong, over one state of the database.

mod invoices;
mod receipts;

pub use invoices::INVOICES;
pub use receipts::RECEIPTS;

use super::{Tx, many, one, scalar};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, FromQueryResult};
use uuid::Uuid;

/// A sum that is not what it should be.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Mismatch {
    /// Which thing.
    pub what: String,
    /// What is stored.
    pub stored: i64,
    /// What it should be.
    pub wanted: i64,
}

/// A check: a name, a query that counts what it looks at, and one that finds the first mismatch.
pub struct Check {
    /// The stable name.
    pub name: &'static str,
    /// Counts what is looked at.
    pub count: &'static str,
    /// Finds the first thing wrong as `what`, `stored`, `wanted`.
    pub find: &'static str,
}

/// Every check that is a comparison of sums (domain.md, 'Ledger').
pub const CHECKS: [Check; 25] = [
    Check {
        name: "entries_sum_to_zero",
        count: "select count(*) from ledger_transactions",
        find: "select t.document_number as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                cast(0 as bigint) as wanted
            from ledger_transactions t left join ledger_entries e on e.transaction_id = t.id
            group by t.id, t.document_number
            having coalesce(sum(e.amount_fen), 0) <> 0 or count(e.seq) < 2 order by t.id limit 1",
    },
    Check {
        name: "balances_equal_entries",
        count: "select count(*) from account_balances",
        find: "select what, stored, wanted from (
                select coalesce(b.account_kind, s.account_kind) || ' ' || coalesce(b.owner, s.owner) as what,
                    coalesce(b.balance_fen, 0) as stored, coalesce(s.total, 0) as wanted
                from account_balances b
                full join (select account_kind, owner, cast(sum(amount_fen) as bigint) as total
                    from ledger_entries group by account_kind, owner) s
                    on s.account_kind = b.account_kind and s.owner = b.owner) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "turnovers_equal_entries",
        count: "select count(*) from account_balances",
        find: "select what, stored, wanted from (
                select coalesce(b.account_kind, s.account_kind) || ' ' || coalesce(b.owner, s.owner) || ' debit' as what,
                    coalesce(b.debit_fen, 0) as stored, coalesce(s.debit, 0) as wanted
                from account_balances b
                full join (select account_kind, owner,
                        cast(sum(case when amount_fen > 0 then amount_fen else 0 end) as bigint) as debit
                    from ledger_entries group by account_kind, owner) s
                    on s.account_kind = b.account_kind and s.owner = b.owner
                union all
                select account_kind || ' ' || owner || ' credit' as what, credit_fen as stored,
                    debit_fen - balance_fen as wanted
                from account_balances) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "shares_equal_accepted_lines",
        count: "select count(*) from acceptance_lines",
        find: "select a.number as what, a.accepted_fen as stored,
                cast(coalesce(sum(l.village_fen + l.supplier_fen + l.fee_fen), 0) as bigint) as wanted
            from acceptances a left join acceptance_lines l on l.acceptance_id = a.id
            group by a.id, a.number, a.accepted_fen
            having a.accepted_fen <> coalesce(sum(l.village_fen + l.supplier_fen + l.fee_fen), 0)
            order by a.id limit 1",
    },
    Check {
        name: "acceptances_equal_ledger",
        count: "select count(*) from acceptances where status = 'posted'",
        find: "select a.number as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                a.accepted_fen as wanted
            from acceptances a left join ledger_entries e on e.transaction_id = a.transaction_id
                and e.account_kind = 'unit_receivable'
            where a.status = 'posted'
            group by a.id, a.number, a.accepted_fen
            having coalesce(sum(e.amount_fen), 0) <> a.accepted_fen order by a.id limit 1",
    },
    Check {
        name: "shares_equal_entries",
        count: "select count(*) from acceptance_lines",
        find: "select a.number as what, l.village_fen as stored,
                cast(coalesce(-sum(e.amount_fen), 0) as bigint) as wanted
            from acceptances a join acceptance_lines l on l.acceptance_id = a.id
            left join ledger_entries e on e.transaction_id = a.transaction_id and e.line_id = l.line_id
                and e.account_kind = 'village_payable'
            where a.status = 'posted'
            group by a.number, l.acceptance_id, l.line_id, l.village_fen
            having l.village_fen <> coalesce(-sum(e.amount_fen), 0) order by a.number limit 1",
    },
    Check {
        name: "ledger_acceptances_have_documents",
        count: "select count(*) from ledger_transactions where kind = 'acceptance'",
        find: "select t.document_number as what, cast(1 as bigint) as stored, cast(0 as bigint) as wanted
            from ledger_transactions t left join acceptances a on a.transaction_id = t.id and a.status = 'posted'
            where t.kind = 'acceptance' and a.id is null order by t.id limit 1",
    },
    Check {
        name: "payments_equal_ledger",
        count: "select count(*) from payments where status in ('paid', 'refunded')",
        find: "select p.number as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                p.amount_fen as wanted
            from payments p left join ledger_entries e on e.transaction_id = p.transaction_id
                and e.account_kind = 'stripe_clearing'
            where p.status in ('paid', 'refunded')
            group by p.id, p.number, p.amount_fen
            having coalesce(sum(e.amount_fen), 0) <> p.amount_fen order by p.id limit 1",
    },
    Check {
        name: "refund_orders_equal_ledger",
        count: "select count(*) from refund_orders",
        find: "select r.number as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                case when r.status = 'sent' then -r.amount_fen else 0 end as wanted
            from refund_orders r left join ledger_entries e on e.transaction_id = r.transaction_id
                and e.account_kind = 'bank'
            group by r.id, r.number, r.status, r.amount_fen
            having coalesce(sum(e.amount_fen), 0) <> case when r.status = 'sent' then -r.amount_fen else 0 end
            order by r.id limit 1",
    },
    Check {
        name: "refunds_equal_ledger_and_payments",
        count: "select count(*) from refunds",
        find: "select what, stored, wanted from (
                select r.number as what, cast(coalesce(sum(e.amount_fen), 0) as bigint) as stored,
                    case when r.status = 'failed' then 0 else -r.amount_fen end as wanted
                from refunds r left join ledger_entries e on e.account_kind = 'stripe_clearing'
                    and (e.transaction_id = r.transaction_id or e.transaction_id = r.reversal_id)
                group by r.id, r.number, r.status, r.amount_fen
                union all
                select p.number as what, p.refunded_fen as stored, cast(coalesce((
                    select sum(r.amount_fen) from refunds r
                    where r.payment_id = p.id and r.status <> 'failed'), 0) as bigint) as wanted
                from payments p) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "orders_equal_village_orders_and_lines",
        count: "select count(*) from orders",
        find: "select what, stored, wanted from (
                select o.number as what, o.total_fen as stored,
                    cast(coalesce((select sum(w.total_fen) from village_orders w where w.order_id = o.id), 0) as bigint)
                        as wanted
                from orders o
                where exists (select 1 from village_orders w where w.order_id = o.id)
                    or not exists (select 1 from request_lines r where r.order_id = o.id)
                union all
                select o.number || ' as asked for' as what, o.total_fen as stored,
                    cast(coalesce(sum(r.total_fen), 0) as bigint) as wanted
                from orders o join request_lines r on r.order_id = o.id and r.revision = o.revision
                group by o.id, o.number, o.total_fen
                union all
                select w.number as what, w.total_fen as stored,
                    cast(coalesce((select sum(l.total_fen) from order_lines l where l.village_order_id = w.id), 0)
                        as bigint) as wanted
                from village_orders w) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "lots_equal_orders",
        count: "select count(*) from lots",
        find: "select what, stored, wanted from (
                select l.code || ' reserved' as what, l.reserved as stored, cast(coalesce((
                    select sum(coalesce(x.confirmed_qty, x.qty)) from order_lines x
                    join village_orders w on w.id = x.village_order_id
                    where x.lot_id = l.id and w.status in
                        ('offered', 'confirmed', 'shorted', 'packed', 'collected', 'delivered')), 0)
                    + coalesce((select sum(r.qty) from request_lines r
                        join orders o on o.id = r.order_id and o.revision = r.revision
                        where r.lot_id = l.id and o.status = 'requested'), 0) as bigint) as wanted
                from lots l
                union all
                select l.code || ' sold' as what, l.sold as stored, cast(coalesce((
                    select sum(x.accepted_qty) from order_lines x where x.lot_id = l.id), 0) as bigint) as wanted
                from lots l
                union all
                select l.code || ' below zero' as what, l.qty - l.reserved - l.sold as stored, cast(0 as bigint) as wanted
                from lots l where l.qty < l.reserved + l.sold or l.reserved < 0 or l.sold < 0) y
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "months_equal_acceptances",
        count: "select count(*) from market_months",
        find: "select 'turnover' as what, stored, wanted from (select
                cast(coalesce((select sum(turnover_fen) from market_months), 0) as bigint) as stored,
                cast(coalesce((select sum(accepted_fen) from acceptances where status = 'posted'), 0)
                    - coalesce((select sum(agreed_fen) from claims where status = 'posted'), 0) as bigint) as wanted) x
            where stored <> wanted",
    },
    Check {
        name: "claims_equal_ledger",
        count: "select count(*) from claims where status = 'posted'",
        find: "select c.number as what, cast(coalesce(-sum(e.amount_fen), 0) as bigint) as stored, c.agreed_fen as wanted
            from claims c left join ledger_entries e on e.transaction_id = c.transaction_id
                and e.account_kind in ('unit_receivable', 'unit_deposit')
            where c.status = 'posted'
            group by c.id, c.number, c.agreed_fen
            having coalesce(-sum(e.amount_fen), 0) <> c.agreed_fen order by c.id limit 1",
    },
    Check {
        name: "claims_equal_shares",
        count: "select count(*) from claim_lines",
        find: "select c.number as what, cast(coalesce(l.village_fen, 0) + coalesce(l.supplier_fen, 0)
                + coalesce(l.fee_fen, 0) as bigint) as stored, l.agreed_fen as wanted
            from claims c join claim_lines l on l.claim_id = c.id
            where c.status = 'posted'
                and coalesce(l.village_fen, 0) + coalesce(l.supplier_fen, 0) + coalesce(l.fee_fen, 0) <> l.agreed_fen
            order by c.id limit 1",
    },
    Check {
        name: "payables_equal_balances",
        count: "select count(*) from payables",
        find: "select what, stored, wanted from (
                select coalesce(b.account_kind, p.account_kind) || ' ' || coalesce(b.owner, p.payee) as what,
                    coalesce(-b.balance_fen, 0) as stored, coalesce(p.total, 0) as wanted
                from (select account_kind, owner, balance_fen from account_balances
                    where account_kind in ('village_payable', 'household_payable', 'coop_payable')) b
                full join (select payee_kind || '_payable' as account_kind, payee, cast(sum(amount_fen) as bigint) as total
                    from payables a where not exists (select 1 from settlement_items i
                        where i.id = a.settlement_item_id and i.status in ('sent', 'confirmed'))
                    group by payee_kind, payee) p
                    on p.account_kind = b.account_kind and p.payee = b.owner) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "moneys_equal_payables",
        count: "select count(*) from village_moneys",
        find: "select what, stored, wanted from (
                select coalesce(m.village_code, p.village_code) as what, coalesce(m.money, 0) as stored,
                    coalesce(p.money, 0) as wanted
                from (select village_code, cast(sum(paid_fen + settled_fen) as bigint) as money from village_moneys
                    group by village_code) m
                full join (select village_code, cast(sum(case when paid_at is not null then amount_fen else 0 end
                        + case when settled_at is not null then amount_fen else 0 end) as bigint) as money
                    from payables where payee_kind = 'village' group by village_code) p
                    on p.village_code = m.village_code) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "years_equal_months",
        count: "select count(*) from village_years",
        find: "select what, cast(sum(stored) as bigint) as stored, cast(sum(wanted) as bigint) as wanted from (
                select village_code || ' ' || cast(year as text) || ' credited' as what, credited_fen as stored, 0 as wanted
                from village_years
                union all
                select village_code || ' ' || cast(year as text) || ' paid', paid_fen, 0 from village_years
                union all
                select village_code || ' ' || cast(year as text) || ' settled', settled_fen, 0 from village_years
                union all
                select village_code || ' ' || cast(year as text) || ' acceptances', acceptances, 0 from village_years
                union all
                select village_code || ' ' || cast(year as text) || ' credited', 0, amount_fen from village_incomes
                union all
                select village_code || ' ' || cast(year as text) || ' paid', 0, paid_fen from village_moneys
                union all
                select village_code || ' ' || cast(year as text) || ' settled', 0, settled_fen from village_moneys
                union all
                select village_code || ' ' || cast(year as text) || ' acceptances', 0, acceptances from village_moneys) x
            group by what having sum(stored) <> sum(wanted) order by what limit 1",
    },
    Check {
        name: "bills_equal_items",
        count: "select count(*) from bills",
        find: "select what, stored, wanted from (
                select b.number as what, b.total_fen as stored, cast(sum(i.amount_fen) as bigint) as wanted
                from bills b left join bill_items i on i.bill_id = b.id group by b.id, b.number, b.total_fen
                union all
                select b.number || ' corrected' as what, b.corrected_fen as stored,
                    cast(coalesce(sum(i.corrected_fen), 0) as bigint) as wanted
                from bills b left join bill_items i on i.bill_id = b.id group by b.id, b.number, b.corrected_fen
                union all
                select b.number || ' paid' as what, b.paid_fen as stored,
                    cast(coalesce(sum(i.paid_fen), 0) as bigint) as wanted
                from bills b left join bill_items i on i.bill_id = b.id group by b.id, b.number, b.paid_fen) x
            where stored <> wanted or wanted is null order by what limit 1",
    },
    Check {
        name: "bills_equal_payments",
        count: "select count(*) from bills",
        find: "select b.number as what, b.paid_fen as stored, cast(coalesce(sum(p.amount_fen), 0) as bigint) as wanted
            from bills b left join bill_payments p on p.bill_id = b.id and p.reversed_at is null
            group by b.id, b.number, b.paid_fen having b.paid_fen <> coalesce(sum(p.amount_fen), 0) order by b.id limit 1",
    },
    Check {
        name: "receivables_equal_bills",
        count: "select count(*) from account_balances where account_kind = 'unit_receivable'",
        find: "select what, stored, wanted from (
                select b.owner as what, b.balance_fen as stored, cast(coalesce(o.total, 0) as bigint) as wanted
                from account_balances b
                left join (select id, sum(total) as total from (
                        select unit_id as id, total_fen - corrected_fen - paid_fen as total from bills
                        union all
                        select unit_id as id, accepted_fen as total from village_orders
                        where bill_id is null and accepted_fen > 0
                        union all
                        select k.unit_id as id, -c.agreed_fen as total from claims k
                        join claim_lines c on c.claim_id = k.id join order_lines l on l.id = c.line_id
                        join village_orders w on w.id = l.village_order_id
                        where k.status = 'posted' and w.bill_id is null) s group by id) o
                    on replace(b.owner, '-', '') = ID_TEXT(o.id)
                where b.account_kind = 'unit_receivable') x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "settlements_equal_lines",
        count: "select count(*) from settlement_items",
        find: "select what, stored, wanted from (
                select b.number as what, b.total_fen as stored, cast(coalesce(sum(i.amount_fen), 0) as bigint) as wanted
                from settlement_batches b left join settlement_items i on i.batch_id = b.id
                where b.status <> 'discarded' group by b.id, b.number, b.total_fen
                union all
                select b.number || ' confirmed' as what, b.confirmed_fen as stored,
                    cast(coalesce(sum(case when i.status = 'confirmed' then i.amount_fen end), 0) as bigint) as wanted
                from settlement_batches b left join settlement_items i on i.batch_id = b.id
                group by b.id, b.number, b.confirmed_fen
                union all
                select b.number || ' bounced' as what, b.bounced_fen as stored,
                    cast(coalesce(sum(case when i.status = 'bounced' then i.amount_fen end), 0) as bigint) as wanted
                from settlement_batches b left join settlement_items i on i.batch_id = b.id
                group by b.id, b.number, b.bounced_fen
                union all
                select i.reference as what, i.amount_fen as stored,
                    cast(coalesce(sum(l.amount_fen), 0) as bigint) as wanted
                from settlement_items i left join settlement_lines l on l.item_id = i.id
                group by i.id, i.reference, i.amount_fen) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "payables_equal_settlements",
        count: "select count(*) from settlement_lines",
        find: "select what, stored, wanted from (
                select i.reference as what, cast(coalesce(sum(p.amount_fen), 0) as bigint) as stored,
                    case when i.status = 'bounced' then 0 else i.amount_fen end as wanted
                from settlement_items i left join payables p on p.settlement_item_id = i.id
                group by i.id, i.reference, i.amount_fen, i.status
                union all
                select i.reference || ' settled' as what,
                    cast(coalesce(sum(case when p.settled_at is not null then p.amount_fen end), 0) as bigint) as stored,
                    case when i.status = 'confirmed' then i.amount_fen else 0 end as wanted
                from settlement_items i left join payables p on p.settlement_item_id = i.id
                group by i.id, i.reference, i.amount_fen, i.status) x
            where stored <> wanted order by what limit 1",
    },
    Check {
        name: "in_transit_equals_settlements",
        count: "select count(*) from settlement_items where status = 'sent'",
        find: "select 'in transit' as what, stored, wanted from (select
                cast(coalesce((select -sum(balance_fen) from account_balances where account_kind = 'in_transit'), 0)
                    as bigint) as stored,
                cast(coalesce((select sum(amount_fen) from settlement_items where status = 'sent'), 0) as bigint)
                    as wanted) x
            where stored <> wanted",
    },
    Check {
        name: "chains_complete",
        count: "select count(*) from village_chains",
        find: "select coalesce(c.village_code, s.village_code) as what, coalesce(c.length, 0) as stored,
                coalesce(s.total, 0) as wanted
            from village_chains c
            full join (select village_code, count(*) as total from ledger_entries where village_code is not null
                group by village_code) s on s.village_code = c.village_code
            where coalesce(c.length, 0) <> coalesce(s.total, 0) order by what limit 1",
    },
];

/// Runs one check: how many things it looked at, and the first one wrong.
///
/// # Errors
/// Whatever the engine answers.
pub async fn run(tx: &Tx, check: &Check) -> Result<(i64, Option<Mismatch>), DbErr> {
    // The ledger names owners by text; the engines write an id as text in words of their own.
    let id_text = match tx.get_database_backend() {
        DbBackend::Postgres => "replace(cast(o.id as text), '-', '')",
        _ => "lower(hex(o.id))",
    };
    let find = check.find.replace("ID_TEXT(o.id)", id_text);
    Ok((scalar(tx, check.count, []).await?, one(tx, &find, []).await?))
}

/// An entry of a chain with everything that its hash covers.
#[derive(FromQueryResult, Clone, Debug)]
pub struct LinkRow {
    /// The village.
    pub village_code: String,
    /// Its place in the chain.
    pub chain_seq: i64,
    /// The transaction.
    pub transaction_id: Uuid,
    /// Its place in the transaction.
    pub seq: i32,
    /// The account's kind.
    pub account_kind: String,
    /// Whose account.
    pub owner: String,
    /// Its amount.
    pub amount_fen: i64,
    /// The income source.
    pub income_source: Option<String>,
    /// The order line.
    pub line_id: Option<Uuid>,
    /// The hash before it.
    pub prev_hash: Vec<u8>,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Its hash in the public chain.
    pub public_hash: Option<Vec<u8>>,
    /// What kind of event.
    pub kind: String,
    /// The document's kind.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
    /// When it took effect.
    pub effective_at: i64,
    /// When it was written.
    pub recorded_at: i64,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// Their name.
    pub actor_name: String,
    /// What it reverses.
    pub reverses: Option<Uuid>,
}

/// The columns of a link: entries are `e`, transactions `t`.
pub(super) const LINK: &str =
    "e.village_code, e.chain_seq, e.transaction_id, e.seq, e.account_kind, e.owner, e.amount_fen,
    e.income_source, e.line_id, e.prev_hash, e.hash, e.public_hash, t.kind, t.document_kind, t.document_id,
    t.document_number, t.effective_at, t.recorded_at, t.actor_id, t.actor_name, t.reverses";

/// Links behind `(village, place)`, in order, at most `limit`: chains are read in bounded memory.
///
/// # Errors
/// Whatever the engine answers.
pub async fn links(tx: &Tx, village: &str, seq: i64, limit: i64) -> Result<Vec<LinkRow>, DbErr> {
    let sql = format!(
        "select {LINK} from ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        where (e.village_code, e.chain_seq) > ($1, $2) order by e.village_code, e.chain_seq limit $3"
    );
    many(tx, &sql, [village.into(), seq.into(), limit.into()]).await
}

/// Every chain's head.
///
/// # Errors
/// Whatever the engine answers.
pub async fn heads(tx: &Tx) -> Result<Vec<super::ledger::ChainRow>, DbErr> {
    many(
        tx,
        "select village_code, length, head, public_head from village_chains order by village_code",
        [],
    )
    .await
}

/// The cached income of a village, month and source.
#[derive(FromQueryResult, Clone, Debug)]
pub struct IncomeRow {
    /// The village.
    pub village_code: String,
    /// The year.
    pub year: i32,
    /// The month.
    pub month: i32,
    /// Where it comes from.
    pub income_source: String,
    /// Its sum.
    pub amount_fen: i64,
}

/// Every cached income.
///
/// # Errors
/// Whatever the engine answers.
pub async fn incomes(tx: &Tx) -> Result<Vec<IncomeRow>, DbErr> {
    let sql = "select village_code, year, month, income_source, amount_fen from village_incomes";
    many(tx, sql, []).await
}
