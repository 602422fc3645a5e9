//! Rows of a statement becoming receipts: known ones are left alone, new ones are booked to suspense, a batch at a time.

use super::super::ledger::{self, Posting};
use super::super::payment::at_bank::{self, Payouts};
use super::super::register::BATCH;
use super::super::{App, Error, fault, right};
use super::{automatic, statement};
use crate::documents::sheet::Raw;
use crate::documents::sheet::Table;
use crate::ports::ids;
use crate::store::receipt::NewReceipt;
use crate::store::work::Counts;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::import::BadRow;
use shared::api::problem::FieldCode;
use shared::api::receipt::StatementLayoutIn;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::ledger::{TransactionKind, receipt_imported_entries};
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use shared::domain::receipt::statement::{Incoming, Layout, OLDEST_D, RowError, StatementField, read_row};
use shared::domain::rights::{Action, Place};
use shared::domain::transfer_code::TransferCode;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use uuid::Uuid;

/// What takes rows in: the account, how its statement is read, who and when.
#[derive(Clone, Debug)]
pub(in crate::services) struct Arrival {
    /// The account.
    pub account_id: Uuid,
    /// Which column is which.
    pub layout: Layout,
    /// The heading, to name columns by.
    pub heading: Vec<String>,
    /// Who takes it in.
    pub actor: Actor,
    /// Now.
    pub now: Micros,
    /// Above so much code and sum do not suffice.
    pub limit_fen: Fen,
}

/// How a receipt agrees with a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services) enum Fit {
    /// Not in code and sum.
    Not,
    /// In both.
    Both,
    /// In both, but its sum takes a second person.
    OverLimit,
}

/// What earlier rows of the same file said.
#[derive(Clone, Debug, Default)]
pub(in crate::services) struct Seen {
    /// Numbers with their sums.
    pub references: HashMap<String, i64>,
    /// Bills that are paid by earlier rows.
    pub bills: BTreeSet<Uuid>,
}

/// What is to become of a batch.
#[derive(Debug, Default)]
pub(in crate::services) struct Decided {
    /// New receipts, each with how it agrees with a bill.
    pub new: Vec<(Incoming, Fit)>,
    /// Refused rows.
    pub bad: Vec<BadRow>,
    /// Rows that are known or bring no money.
    pub unchanged: i64,
    /// Payouts of the provider of payments that stand in these rows: they are booked when the provider says that they are paid.
    pub payouts: Vec<(Uuid, String)>,
    /// Rows in all.
    pub rows: i64,
    /// Bills that are paid by these rows.
    pub bills: BTreeSet<Uuid>,
}

impl Decided {
    /// What the batch adds to the counts: new ones that wait, and new ones that find their bill.
    pub fn counts(&self) -> Counts {
        let matched = self.new.iter().filter(|(_, fit)| *fit == Fit::Both).count();
        let count = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        Counts {
            done: self.rows,
            created: count(self.new.len() - matched),
            changed: count(matched),
            unchanged: self.unchanged,
            refused: count(self.bad.len()),
        }
    }

    /// Notes for later batches what this one said.
    pub fn tell(&self, seen: &mut Seen) {
        for (row, _) in &self.new {
            seen.references.insert(row.reference.clone(), row.amount_fen.0);
        }
        seen.bills.extend(&self.bills);
    }
}

impl Arrival {
    /// Decides over rows with three queries, however many they are.
    pub async fn decide(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Decided, Error> {
        let today = self.now.day();
        let mut decided = Decided {
            rows: i64::try_from(rows.len()).map_err(fault)?,
            ..Decided::default()
        };
        let mut read: Vec<(u64, Incoming)> = Vec::new();
        for row in rows {
            match read_row(&self.layout, &row.cells, today) {
                Ok(Some(incoming)) => read.push((row.line, incoming)),
                Ok(None) => decided.unchanged += 1,
                Err(error) => decided.bad.push(self.bad_row(row, error, today)),
            }
        }
        let references: Vec<&str> = read.iter().map(|(_, row)| row.reference.as_str()).collect();
        let mut known: HashMap<String, i64> =
            (store::receipt::known(connection, self.account_id, &references)
                .await?
                .into_iter())
            .map(|row| (row.bank_reference, row.amount_fen))
            .collect();
        let mut payouts = Payouts::of(connection, &references).await?;
        let mut new = Vec::new();
        for (line, row) in read {
            let before = known
                .get(&row.reference)
                .or_else(|| seen.references.get(&row.reference));
            match before {
                Some(sum) if *sum == row.amount_fen.0 => decided.unchanged += 1,
                // The bank gives a number once: another sum under it is another file's, or a column read wrongly.
                Some(_) => {
                    let column = self.named(StatementField::Reference);
                    decided
                        .bad
                        .push(bad(line, column, &row.reference, FieldCode::Taken, None));
                }
                None => match payouts.take(&row) {
                    at_bank::Row::Known => decided.unchanged += 1,
                    at_bank::Row::Payout(id) => {
                        decided.unchanged += 1;
                        decided.payouts.push((id, row.reference));
                    }
                    at_bank::Row::Other => {
                        known.insert(row.reference.clone(), row.amount_fen.0);
                        new.push(row);
                    }
                },
            }
        }
        self.find_bills(connection, new, seen, &mut decided).await?;
        Ok(decided)
    }

    /// Says which new receipts agree with a bill in code and sum: one bill each, each bill once.
    async fn find_bills(
        &self,
        connection: &impl sea_orm::ConnectionTrait,
        new: Vec<Incoming>,
        seen: &Seen,
        decided: &mut Decided,
    ) -> Result<(), Error> {
        let of_rows: Vec<Vec<String>> = new.iter().map(|row| codes_in(&row.remark)).collect();
        let all: BTreeSet<String> = of_rows.iter().flatten().cloned().collect();
        let all: Vec<String> = all.into_iter().collect();
        let open: BTreeMap<String, (Uuid, i64)> = if all.is_empty() {
            BTreeMap::new()
        } else {
            let found = store::receipt_bill::of_codes(connection, &all).await?.into_iter();
            found
                .map(|bill| (bill.transfer_code, (bill.id, bill.open_fen)))
                .collect()
        };
        for (row, codes) in new.into_iter().zip(of_rows) {
            let mut bills = codes.iter().filter_map(|code| open.get(code));
            let fit = match (bills.next(), bills.next()) {
                (Some((bill, open_fen)), None) if *open_fen == row.amount_fen.0 => {
                    if seen.bills.contains(bill) || !decided.bills.insert(*bill) {
                        Fit::Not
                    } else if row.amount_fen > self.limit_fen {
                        Fit::OverLimit
                    } else {
                        Fit::Both
                    }
                }
                _ => Fit::Not,
            };
            decided.new.push((row, fit));
        }
        Ok(())
    }

    /// Writes new receipts and books them to suspense. What was decided is left for [`automatic`] to do.
    pub async fn write(&self, tx: &Tx, decided: &Decided) -> Result<(), Error> {
        let (mut receipts, mut postings) = (Vec::new(), Vec::new());
        let closed_until = store::period::closed_until(tx).await?;
        for (row, fit) in &decided.new {
            let (id, transaction_id) = (ids::new_id(self.now), ids::new_id(self.now));
            // What came in a closed month is booked in the open one.
            let effective_at = if row.booked_at.0 < closed_until {
                self.now
            } else {
                row.booked_at.min(self.now)
            };
            postings.push(Posting {
                id: transaction_id,
                kind: TransactionKind::ReceiptImported,
                document_kind: "receipt",
                document_id: id,
                document_number: row.reference.clone(),
                effective_at,
                actor: Some((self.actor.person_id, self.actor.person_name.clone())),
                reverses: None,
                entries: receipt_imported_entries(row.amount_fen).map_err(fault)?,
            });
            receipts.push(NewReceipt {
                id,
                bank_reference: row.reference.clone(),
                booked_at: row.booked_at.0,
                payer_name: row.payer_name.clone(),
                payer_account: row.payer_account.clone(),
                remark: row.remark.clone(),
                amount_fen: row.amount_fen.0,
                // What agrees is looked at once more, each by itself; the rest waits for a person.
                status: if *fit == Fit::Not {
                    ReceiptStatus::Suspense.as_str()
                } else {
                    ReceiptStatus::Imported.as_str()
                },
                transaction_id,
            });
        }
        at_bank::seen(tx, &decided.payouts).await?;
        ledger::post_all(tx, self.now, &postings).await?;
        Ok(store::receipt::insert(tx, self.account_id, self.actor.person_id, self.now.0, receipts).await?)
    }

    /// The heading over a field.
    fn named(&self, field: StatementField) -> String {
        let column = self.layout.column(field).and_then(|at| self.heading.get(at));
        column.cloned().unwrap_or_default()
    }

    fn bad_row(&self, row: &Raw, error: RowError, today: Day) -> BadRow {
        use StatementField as F;
        let (field, code, bound) = match error {
            RowError::Missing(field) => (field, FieldCode::Required, None),
            RowError::TooLong(field) => (field, FieldCode::TooLong, Some(field.longest().to_string())),
            RowError::NotADay(field) => (field, FieldCode::NotADay, None),
            RowError::NotASum(field) => (field, FieldCode::NotANumber, None),
            RowError::TooLate => (F::Day, FieldCode::TooLate, Some(today.to_string())),
            RowError::TooEarly => (
                F::Day,
                FieldCode::TooEarly,
                Some(today.add_days(-OLDEST_D).to_string()),
            ),
        };
        let at = self.layout.column(field);
        let value = at.and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
        bad(row.line, self.named(field), &value, code, bound)
    }
}

/// The codes that stand in a remark.
pub(super) fn codes_in(remark: &str) -> Vec<String> {
    let codes = TransferCode::find_all(remark).into_iter();
    codes.map(|code| code.as_str().to_owned()).collect()
}

fn bad(line: u64, column: String, value: &str, code: FieldCode, bound: Option<String>) -> BadRow {
    BadRow {
        line,
        column,
        value: value.chars().take(80).collect(),
        code,
        bound,
        detail: String::new(),
    }
}

/// Takes a whole statement in at once, without a check before: for small files and for the program's own.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for columns that are none; `UnsupportedFile`, `TooLarge`, `Malformed`.
pub async fn take_in(
    app: &App,
    actor: &Actor,
    account_id: Uuid,
    input: &StatementLayoutIn,
    bytes: &[u8],
) -> Result<Counts, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    store::bank::account(app.db.read(), account_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let Table { heading, rows, .. } = statement::read(bytes)?;
    let arrival = Arrival {
        account_id,
        layout: statement::layout_of(input, heading.len())?,
        heading,
        actor: actor.clone(),
        now: app.now(),
        limit_fen: automatic::limit(app)?,
    };
    let mut all = Counts::default();
    for rows in rows.chunks(BATCH) {
        let job = Arc::new((arrival.clone(), rows.to_vec()));
        let counts = app
            .db
            .write(move |tx| {
                let job = Arc::clone(&job);
                async move {
                    let (arrival, rows) = &*job;
                    let decided = arrival.decide(tx, rows, &Seen::default()).await?;
                    arrival.write(tx, &decided).await?;
                    Ok(decided.counts())
                }
                .boxed()
            })
            .await?;
        // What agrees pays its bill before the next rows are looked at.
        automatic::match_imported(app).await?;
        all.done += counts.done;
        all.created += counts.created;
        all.changed += counts.changed;
        all.unchanged += counts.unchanged;
        all.refused += counts.refused;
    }
    Ok(all)
}
