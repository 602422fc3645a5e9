//! A big past for measuring, on top of the demonstration: offers by the hundred thousand, accepted orders by the million.

use crate::services::{App, Error, fault};
use crate::store::bulk::{PLACES, Past, ToPost};
use crate::store::ledger::{Added, EntryRow, IncomeKey, NewHead};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::calendar::Micros;
use shared::domain::identity::Role;
use shared::domain::ledger::{
    Account, AccountKind, ChainEntry, GENESIS, IncomeSource, PublicLink, TransactionKind,
};
use shared::domain::money::Fen;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Orders of one transaction.
const AT_ONCE: i64 = 10_000;
/// How far the made-up past goes back.
const DAYS: i64 = 700;
/// Rows of one statement over balances or incomes.
const SUMS_AT_ONCE: usize = 2_000;

/// Fills up to `offers` offers and `orders` orders of the made-up past; what is there already stays.
///
/// # Errors
/// When the demonstration is not loaded, or the database refuses.
pub async fn fill(app: &App, offers: i64, orders: i64) -> anyhow::Result<()> {
    if orders > PLACES {
        anyhow::bail!("at most {PLACES} orders");
    }
    let now = app.now();
    let past = past(app, now).await?;
    store::relax(&app.db, true).await?;
    store::bulk::prepare(&app.db, offers.max(1), now.0).await?;
    let today = app.today().0;
    app.db.write(move |tx| shelve(tx, today).boxed()).await?;
    let made = store::bulk::orders_made(app.db.read()).await?;
    let mut from = made + 1;
    while from <= orders {
        let to = orders.min(from + AT_ONCE - 1);
        app.db.write(move |tx| batch(tx, past, from, to).boxed()).await?;
        from = to + 1;
    }
    store::bulk::finish(&app.db).await?;
    store::relax(&app.db, false).await?;
    println!("{offers} offers, {orders} orders");
    Ok(())
}

async fn past(app: &App, now: Micros) -> anyhow::Result<Past> {
    let person = async |role: Role| -> anyhow::Result<Uuid> {
        let found = store::bulk::person_with(app.db.read(), role.as_str()).await?;
        found.ok_or_else(|| anyhow::anyhow!("load the demonstration first: nobody is {}", role.as_str()))
    };
    Ok(Past {
        unit_person: person(Role::UnitRequester).await?,
        centre_person: person(Role::CentreOperator).await?,
        begins_at: now.plus_days(-DAYS).0,
        apart_us: (DAYS - 3) * 86_400_000_000 / PLACES,
    })
}

async fn shelve(tx: &Tx, today: i32) -> Result<(), Error> {
    Ok(store::bulk::goods(tx, today).await?)
}

async fn batch(tx: &Tx, past: Past, from: i64, to: i64) -> Result<(), Error> {
    store::bulk::orders(tx, &past, from, to).await?;
    let rows = store::bulk::to_post(tx, from, to).await?;
    let mut books = Books::open(tx, past.centre_person).await?;
    let mut entries = Vec::with_capacity(rows.len() * 2);
    for row in &rows {
        entries.extend(books.post(row)?);
    }
    store::ledger::insert_entries(tx, entries).await?;
    books.close(tx).await
}

/// The chains' heads and sums while a batch is posted.
struct Books {
    centre_person: Uuid,
    heads: BTreeMap<String, NewHead>,
    balances: BTreeMap<(String, String), Added>,
    incomes: BTreeMap<IncomeKey, (i64, i64)>,
}

impl Books {
    async fn open(tx: &Tx, centre_person: Uuid) -> Result<Self, Error> {
        let heads = store::bulk::chains(tx).await?;
        Ok(Self {
            centre_person,
            heads: heads
                .into_iter()
                .map(|row| {
                    let head = NewHead {
                        village_code: row.village_code.clone(),
                        was: row.length,
                        length: row.length,
                        head: row.head,
                        public_head: row.public_head.unwrap_or_else(|| GENESIS.to_vec()),
                    };
                    (row.village_code, head)
                })
                .collect(),
            balances: BTreeMap::new(),
            incomes: BTreeMap::new(),
        })
    }

    /// The two entries of an acceptance: the unit owes, the village is credited.
    fn post(&mut self, row: &ToPost) -> Result<[EntryRow; 2], Error> {
        let at = Micros(row.at);
        let sum = Fen(row.amount_fen);
        let unit = Account {
            kind: AccountKind::UnitReceivable,
            owner: row.unit_id.to_string(),
        };
        let village = Account {
            kind: AccountKind::VillagePayable,
            owner: row.village_code.clone(),
        };
        let credit = sum.checked_neg().map_err(fault)?;
        let head = self
            .heads
            .entry(row.village_code.clone())
            .or_insert_with(|| NewHead {
                village_code: row.village_code.clone(),
                was: 0,
                length: 0,
                head: GENESIS.to_vec(),
                public_head: GENESIS.to_vec(),
            });
        head.length += 1;
        let link = ChainEntry {
            village_code: row.village_code.clone(),
            seq: head.length,
            transaction_id: row.transaction_id,
            entry_seq: 1,
            account: village.clone(),
            amount_fen: credit,
            income_source: Some(IncomeSource::Sale),
            line_ref: Some(row.line_id),
            effective_at: at,
            recorded_at: at,
            kind: TransactionKind::Acceptance,
            document_kind: "acceptance".to_owned(),
            document_id: row.acceptance_id,
            document_number: row.number.clone(),
            actor_id: Some(self.centre_person),
            actor_name: "绿食中心".to_owned(),
            reverses: None,
        };
        let prev: [u8; 32] = head.head.as_slice().try_into().map_err(fault)?;
        let hash = link.hash(prev);
        let public_prev: [u8; 32] = head.public_head.as_slice().try_into().map_err(fault)?;
        let public = PublicLink::of(&link, hash).map_err(fault)?;
        let public = public.hash(&row.village_code, public_prev);
        head.head = hash.to_vec();
        head.public_head = public.to_vec();
        let length = head.length;
        self.add(&unit, sum)?;
        self.add(&village, credit)?;
        self.earn(row, at)?;
        let entry = |seq: i32, account: Account, amount: Fen| EntryRow {
            transaction_id: row.transaction_id,
            seq,
            account_kind: account.kind.as_str().to_owned(),
            owner: account.owner,
            amount_fen: amount.0,
            village_code: None,
            income_source: None,
            line_id: Some(row.line_id),
            chain_seq: None,
            prev_hash: None,
            hash: None,
            public_hash: None,
        };
        let credited = EntryRow {
            village_code: Some(row.village_code.clone()),
            income_source: Some(IncomeSource::Sale.as_str().to_owned()),
            chain_seq: Some(length),
            prev_hash: Some(prev.to_vec()),
            hash: Some(hash.to_vec()),
            public_hash: Some(public.to_vec()),
            ..entry(1, village, credit)
        };
        let owed = EntryRow {
            line_id: None,
            ..entry(0, unit, sum)
        };
        Ok([owed, credited])
    }

    fn add(&mut self, account: &Account, amount: Fen) -> Result<(), Error> {
        let key = (account.kind.as_str().to_owned(), account.owner.clone());
        let added = self.balances.entry(key).or_default();
        let sum = if amount.0 > 0 {
            &mut added.debit_fen
        } else {
            &mut added.credit_fen
        };
        *sum = sum
            .checked_add(amount.0.saturating_abs())
            .ok_or_else(|| fault("a balance overflows"))?;
        Ok(())
    }

    fn earn(&mut self, row: &ToPost, at: Micros) -> Result<(), Error> {
        let day = at.day();
        let key = IncomeKey {
            village_code: row.village_code.clone(),
            year: day.year(),
            month: i32::try_from(day.month()).map_err(fault)?,
            source: IncomeSource::Sale.as_str(),
        };
        let (sum, entries) = self.incomes.entry(key).or_insert((0, 0));
        *sum = sum
            .checked_add(row.amount_fen)
            .ok_or_else(|| fault("an income overflows"))?;
        *entries += 1;
        Ok(())
    }

    async fn close(self, tx: &Tx) -> Result<(), Error> {
        let heads: Vec<NewHead> = self
            .heads
            .into_values()
            .filter(|head| head.length > head.was)
            .collect();
        for heads in heads.chunks(300) {
            if !store::ledger::move_chains(tx, heads).await? {
                return Err(Error::Again);
            }
        }
        let balances: Vec<_> = self.balances.into_iter().collect();
        for sums in balances.chunks(SUMS_AT_ONCE) {
            // The made-up past has no closed months (`bulk::prepare`).
            store::ledger::add_balances(tx, &sums.iter().cloned().collect(), i64::MAX).await?;
        }
        let incomes: Vec<_> = self.incomes.into_iter().collect();
        for sums in incomes.chunks(SUMS_AT_ONCE) {
            store::ledger::add_incomes(tx, &sums.iter().cloned().collect()).await?;
        }
        Ok(())
    }
}
