//! The schema, one step a file. A step is written once, in PostgreSQL's words, and translated for SQLite by `dialect`.

mod dialect;
mod m0001_register;
mod m0002_people;
mod m0003_offers;
mod m0004_orders;
mod m0005_acceptances;
mod m0006_ledger;
mod m0007_records;
mod m0008_people;
mod m0009_goods;
mod m0010_finding;
mod m0011_approvals;
mod m0012_claims;
mod m0012_deliveries;
mod m0012_totals;
mod m0013_works;
mod m0015_notices;
mod m0016_money;
mod m0017_goods;
mod m0018_revisions;
mod m0019_years;
mod m0025_books;
mod m0026_public_chain;
mod m0027_issued_documents;
mod m0028_claims_posted;
mod m0029_payments;
mod m0030_receipts;
mod m0031_invoices;
mod m0032_settlements;
mod m0033_refunds;

pub use m0012_totals::FILL as FILL_MARKET_MONTHS;
pub use m0016_money::{FILL_MONEYS, FILL_PAYABLES};
pub use m0019_years::FILL_YEARS;
pub use m0028_claims_posted::FILL_CLAIM_MONTHS;
pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::*;

/// Every step, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_register::Migration),
            Box::new(m0002_people::Migration),
            Box::new(m0003_offers::Migration),
            Box::new(m0004_orders::Migration),
            Box::new(m0005_acceptances::Migration),
            Box::new(m0006_ledger::Migration),
            Box::new(m0007_records::Migration),
            Box::new(m0008_people::Migration),
            Box::new(m0009_goods::Migration),
            Box::new(m0011_approvals::Migration),
            Box::new(m0010_finding::Migration),
            Box::new(m0012_deliveries::Migration),
            Box::new(m0012_claims::Migration),
            Box::new(m0012_totals::Migration),
            Box::new(m0013_works::Migration),
            Box::new(m0015_notices::Migration),
            Box::new(m0017_goods::Migration),
            Box::new(m0016_money::Migration),
            Box::new(m0018_revisions::Migration),
            Box::new(m0019_years::Migration),
            Box::new(m0025_books::Migration),
            Box::new(m0026_public_chain::Migration),
            Box::new(m0028_claims_posted::Migration),
            Box::new(m0027_issued_documents::Migration),
            Box::new(m0029_payments::Migration),
            Box::new(m0030_receipts::Migration),
            Box::new(m0031_invoices::Migration),
            Box::new(m0032_settlements::Migration),
            Box::new(m0033_refunds::Migration),
        ]
    }
}
