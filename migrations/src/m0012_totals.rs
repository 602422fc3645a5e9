//! What the market turned over, by month and produce: the public totals are read from it at a cost that does not grow
//! with orders.

/// Fills the table from everything posted so far. A day's number becomes a year and a month by the civil calendar's
/// arithmetic (era of 400 years, year from March), so that one text runs on both engines.
pub const FILL: &str = "insert into market_months (year, month, produce, turnover_fen, income_fen, credits)
with posted as (
    select l.produce, x.total_fen, x.village_fen, (a.posted_at + 28800000000) / 86400000000 + 719468 as z
    from acceptances a join acceptance_lines x on x.acceptance_id = a.id join order_lines l on l.id = x.line_id
    where a.status = 'posted' and x.total_fen > 0),
eras as (select p.*, z / 146097 as era, z - (z / 146097) * 146097 as doe from posted p),
years as (select e.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe from eras e),
days as (select y.*, doe - (365 * yoe + yoe / 4 - yoe / 100) as doy from years y),
months as (select d.*, (5 * doy + 2) / 153 as mp from days d),
civil as (select produce, total_fen, village_fen, yoe + era * 400 + case when mp >= 10 then 1 else 0 end as civil_year,
    case when mp < 10 then mp + 3 else mp - 9 end as civil_month from months)
select civil_year, civil_month, produce, sum(total_fen), sum(village_fen), count(*)
from civil group by civil_year, civil_month, produce";

/// The step.
pub struct Migration;

impl sea_orm_migration::prelude::MigrationName for Migration {
    fn name(&self) -> &str {
        "m0012_totals"
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
        crate::dialect::run(manager, TABLE).await?;
        crate::dialect::run(manager, FILL).await
    }
}

const TABLE: &str = "create table market_months (
    year int not null,
    month int not null,
    produce text not null,
    turnover_fen bigint not null,
    income_fen bigint not null,
    credits bigint not null,
    primary key (year, month, produce)
);
create index village_orders_money on village_orders (moved_at) where paid_at is not null or settled_at is not null;
";
