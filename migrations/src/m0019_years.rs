//! Every village's year as one row, so that overviews of a year cost the same however much happened in it; and indexes
//! that keep lists from growing slower with the past.

/// Fills the years anew from the months.
pub const FILL_YEARS: &str = "insert into village_years (village_code, year, credited_fen, paid_fen, settled_fen, acceptances)
    select village_code, year, sum(credited), sum(paid), sum(settled), sum(accepted) from (
        select village_code, year, amount_fen as credited, 0 as paid, 0 as settled, 0 as accepted from village_incomes
        union all
        select village_code, year, 0, paid_fen, settled_fen, acceptances from village_moneys) x
    group by village_code, year";

/// The step.
pub struct Migration;

impl sea_orm_migration::prelude::MigrationName for Migration {
    fn name(&self) -> &str {
        "m0019_years"
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
        crate::dialect::run(manager, FILL_YEARS).await
    }
}

const TABLE: &str = "create table village_years (
    village_code text not null references villages (code),
    year int not null,
    credited_fen bigint not null,
    paid_fen bigint not null,
    settled_fen bigint not null,
    acceptances bigint not null,
    primary key (village_code, year)
);
create index village_years_year on village_years (year, village_code);
drop index village_orders_money;
create index acceptances_created on acceptances (created_at, id);
create index acceptances_unit_posted on acceptances (unit_id, posted_at);
create index acceptances_transaction on acceptances (transaction_id);
create index offers_on_sale on offers (village_code) where status = 'published'
";
