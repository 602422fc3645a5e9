//! Money: what is owed to whom (payables), what units owe (bills), and how far the money of each village's month has come.

/// Fills the payables from every acceptance posted so far that has none yet.
pub const FILL_PAYABLES: &str = "insert into payables (village_code, source_id, subject_id, payee_kind, payee, source_kind,
        source_number, transaction_id, order_id, unit_id, amount_fen, credited_at, paid_at, settlement_item_id, settled_at)
    select l.village_code, t.document_id, l.village_order_id,
        case e.account_kind when 'village_payable' then 'village' when 'household_payable' then 'household' else 'coop' end,
        e.owner, t.document_kind, t.document_number, t.id, l.order_id, l.unit_id, cast(-sum(e.amount_fen) as bigint),
        t.effective_at, null, null, null
    from ledger_entries e join ledger_transactions t on t.id = e.transaction_id join order_lines l on l.id = e.line_id
    where t.kind = 'acceptance' and e.account_kind in ('village_payable', 'household_payable', 'coop_payable')
        and not exists (select 1 from payables p where p.village_code = l.village_code and p.source_id = t.document_id)
    group by l.village_code, t.document_id, l.village_order_id, e.account_kind, e.owner, t.document_kind,
        t.document_number, t.id, l.order_id, l.unit_id, t.effective_at
    having sum(e.amount_fen) <> 0";

/// Fills the money of every village's months from the payables. A day's number becomes a year and a month by the civil
/// calendar's arithmetic (era of 400 years, year from March), so that one text runs on both engines.
pub const FILL_MONEYS: &str = "insert into village_moneys (village_code, year, month, paid_fen, settled_fen, acceptances)
with sums as (
    select village_code, source_kind, source_id, credited_at, sum(case when paid_at is not null then amount_fen else 0 end)
        as paid, sum(case when settled_at is not null then amount_fen else 0 end) as settled
    from payables where payee_kind = 'village' group by village_code, source_kind, source_id, credited_at),
posted as (select s.*, (credited_at + 28800000000) / 86400000000 + 719468 as z from sums s),
eras as (select p.*, z / 146097 as era, z - (z / 146097) * 146097 as doe from posted p),
years as (select e.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe from eras e),
days as (select y.*, doe - (365 * yoe + yoe / 4 - yoe / 100) as doy from years y),
months as (select d.*, (5 * doy + 2) / 153 as mp from days d),
civil as (select village_code, source_kind, paid, settled,
    yoe + era * 400 + case when mp >= 10 then 1 else 0 end as civil_year,
    case when mp < 10 then mp + 3 else mp - 9 end as civil_month from months)
select village_code, civil_year, civil_month, sum(paid), sum(settled),
    sum(case when source_kind = 'acceptance' then 1 else 0 end)
from civil group by village_code, civil_year, civil_month";

/// The step.
pub struct Migration;

impl sea_orm_migration::prelude::MigrationName for Migration {
    fn name(&self) -> &str {
        "m0016_money"
    }
}

#[async_trait::async_trait]
impl sea_orm_migration::prelude::MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(
        &self,
        manager: &sea_orm_migration::prelude::SchemaManager,
    ) -> Result<(), sea_orm_migration::prelude::DbErr> {
        for text in [TABLES, FILL_PAYABLES, FILL_MONEYS] {
            crate::dialect::run(manager, text).await?;
        }
        Ok(())
    }
}

// A payable is what one payee gained from one subject (a village order, a dividend) of one source (an acceptance, a
// claim). It is paid when the unit has paid for it, and settled when its payee has the money.
const TABLES: &str = "alter table aid_units add column billing text not null default 'order';
alter table village_orders add column bill_id uuid;
create index village_orders_unbilled on village_orders (unit_id, moved_at, id) where bill_id is null and accepted_fen > 0;
create table payables (
    village_code text not null references villages (code),
    source_id uuid not null,
    subject_id uuid not null,
    payee_kind text not null,
    payee text not null,
    source_kind text not null,
    source_number text not null,
    transaction_id uuid not null references ledger_transactions (id),
    order_id uuid,
    unit_id uuid,
    amount_fen bigint not null check (amount_fen <> 0),
    credited_at bigint not null,
    paid_at bigint,
    settlement_item_id uuid,
    settled_at bigint,
    primary key (village_code, source_id, subject_id, payee_kind, payee),
    check (settled_at is null or settlement_item_id is not null)
);
create index payables_credited on payables (village_code, credited_at);
create index payables_subject on payables (subject_id);
create index payables_source on payables (source_id);
create index payables_settlement on payables (settlement_item_id) where settlement_item_id is not null;
create index payables_open on payables (payee_kind, payee, credited_at) where settlement_item_id is null;
create table village_moneys (
    village_code text not null references villages (code),
    year int not null,
    month int not null,
    paid_fen bigint not null,
    settled_fen bigint not null,
    acceptances bigint not null,
    primary key (village_code, year, month)
);
create index village_moneys_year on village_moneys (year, village_code);
create table bills (
    id uuid not null primary key,
    number text not null unique,
    transfer_code text not null unique,
    unit_id uuid not null references aid_units (id),
    kind text not null,
    order_id uuid references orders (id),
    order_number text,
    month_day int,
    status text not null,
    issued_at bigint not null,
    due_on int not null,
    items int not null,
    total_fen bigint not null check (total_fen > 0),
    corrected_fen bigint not null default 0 check (corrected_fen >= 0),
    paid_fen bigint not null default 0 check (paid_fen >= 0),
    paid_at bigint,
    check (paid_fen + corrected_fen <= total_fen)
);
create index bills_unit on bills (unit_id, issued_at, id);
create index bills_issued on bills (issued_at, id);
create index bills_open on bills (due_on, id) where paid_at is null;
create table bill_items (
    village_order_id uuid not null primary key references village_orders (id),
    bill_id uuid not null references bills (id),
    unit_id uuid not null,
    village_code text not null,
    order_id uuid not null,
    order_number text not null,
    acceptance_id uuid not null,
    delivered_at bigint not null,
    amount_fen bigint not null check (amount_fen > 0),
    corrected_fen bigint not null default 0 check (corrected_fen >= 0),
    paid_fen bigint not null default 0 check (paid_fen >= 0),
    check (paid_fen + corrected_fen <= amount_fen)
);
create index bill_items_bill on bill_items (bill_id, delivered_at, village_order_id);
create table bill_payments (
    id uuid not null primary key,
    bill_id uuid not null references bills (id),
    unit_id uuid not null,
    way text not null,
    source_id uuid not null,
    amount_fen bigint not null check (amount_fen > 0),
    transaction_id uuid not null references ledger_transactions (id),
    at bigint not null,
    reversed_at bigint,
    reversed_by uuid
);
create index bill_payments_bill on bill_payments (bill_id, at, id);
create index bill_payments_source on bill_payments (source_id);
create index bill_payments_unit on bill_payments (unit_id, at, id);
create table bill_payment_items (
    payment_id uuid not null references bill_payments (id),
    village_order_id uuid not null,
    amount_fen bigint not null check (amount_fen > 0),
    primary key (payment_id, village_order_id)
);
create table prepayments (
    order_id uuid not null primary key references orders (id),
    unit_id uuid not null,
    paid_fen bigint not null check (paid_fen > 0),
    applied_fen bigint not null default 0 check (applied_fen >= 0),
    freed_fen bigint not null default 0 check (freed_fen >= 0),
    at bigint not null,
    check (applied_fen + freed_fen <= paid_fen)
);
create index prepayments_unit on prepayments (unit_id)

";
