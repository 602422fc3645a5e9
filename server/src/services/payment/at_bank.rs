//! A payout of the provider stands in the bank's statement too. There it is known and not booked a second time: the bank's account is
//! debited when the provider says that the payout is there.

use crate::ports::payment::CURRENCY;
use crate::services::Error;
use crate::store;
use crate::store::Tx;
use crate::store::provider::AtBankRecord;
use sea_orm::ConnectionTrait;
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use shared::domain::payment::is_payout;
use shared::domain::receipt::statement::Incoming;
use uuid::Uuid;

/// Payouts that are looked at with one batch of rows; there is one a day.
const PAYOUTS_MAX: i64 = 500;

/// Payouts that rows of a statement can be.
#[derive(Debug, Default)]
pub(in crate::services) struct Payouts(Vec<AtBankRecord>);

/// What a row of a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services) enum Row {
    /// No payout.
    Other,
    /// A payout that was seen in a statement before.
    Known,
    /// This payout.
    Payout(Uuid),
}

impl Payouts {
    /// Those that may stand in rows of these numbers of the bank.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn of(connection: &impl ConnectionTrait, references: &[&str]) -> Result<Self, Error> {
        let rows = store::provider::at_bank(connection, CURRENCY, references, PAYOUTS_MAX).await?;
        Ok(Self(rows))
    }

    /// What a row is; a payout is taken by one row only.
    pub fn take(&mut self, row: &Incoming) -> Row {
        let known = |payout: &AtBankRecord| payout.bank_reference.as_ref() == Some(&row.reference);
        if self.0.iter().any(known) {
            return Row::Known;
        }
        let words = format!("{} {}", row.payer_name, row.remark);
        let here = (row.amount_fen, row.booked_at.day());
        let found = self.0.iter().position(|payout| {
            let there = (Fen(payout.amount_fen), Micros(payout.arrives_at).day());
            payout.bank_reference.is_none() && is_payout(&payout.provider, &words, here, there)
        });
        found.map_or(Row::Other, |at| Row::Payout(self.0.swap_remove(at).id))
    }
}

/// Notes which rows of a bank's statement payouts are, each by the bank's number.
///
/// # Errors
/// `Again` when another statement had one of them meanwhile.
pub(in crate::services) async fn seen(tx: &Tx, payouts: &[(Uuid, String)]) -> Result<(), Error> {
    if payouts.is_empty() || store::provider::seen_at_bank(tx, payouts).await? {
        Ok(())
    } else {
        Err(Error::Again)
    }
}
