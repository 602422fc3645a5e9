//! 退款单: money given back to a unit by bank transfer, and where the money of a claim can go back to.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use uuid::Uuid;

pub use crate::domain::payment::PayMethod;
pub use crate::domain::refund_order::RefundOrderStatus;

wire! {
    /// A refund by bank to be prepared: of a claim that is posted, or of what else a unit has on deposit.
    pub struct RefundOrderIn {
        /// The unit.
        pub unit_id: Uuid,
        /// The claim whose sum is given back.
        #[serde(default)]
        pub claim_id: Option<Uuid>,
        /// How much, at the most what is free on the unit's deposit.
        pub amount_fen: Fen,
        /// Who receives it, as the bank writes the name; 2 to 80 characters.
        pub payee_name: String,
        /// The account, 8 to 30 digits.
        pub payee_account: String,
        /// The bank where it is, 2 to 80 characters.
        pub payee_bank: String,
        /// Why, 2 to 200 characters.
        pub reason: String,
    }

    /// The bank has taken a refund.
    pub struct RefundSentIn {
        /// The number that the bank gave the transfer, 4 to 64 characters.
        pub bank_reference: String,
    }

    /// A refund is given up before it was sent.
    pub struct RefundCancelIn {
        /// Why, 2 to 200 characters.
        pub reason: String,
    }

    /// A refund by bank in a list.
    pub struct RefundOrderRow {
        /// Its id; the ledger transaction that books it has the same.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// The claim.
        pub claim_id: Option<Uuid>,
        /// Its number.
        pub claim_number: Option<String>,
        /// How much.
        pub amount_fen: Fen,
        /// Where it stands.
        pub status: RefundOrderStatus,
        /// Why.
        pub reason: String,
        /// Who prepared it.
        pub prepared_by_name: String,
        /// When.
        pub prepared_at: Micros,
        /// When the bank had taken it.
        pub sent_at: Option<Micros>,
    }

    /// A refund by bank.
    pub struct RefundOrderOut {
        /// As in the list.
        pub row: RefundOrderRow,
        /// Who receives it.
        pub payee_name: String,
        /// The account: whole for who sends it, its last four digits for everybody else.
        pub payee_account: String,
        /// The bank where it is.
        pub payee_bank: String,
        /// Who prepared it: never who releases it.
        pub prepared_by: Uuid,
        /// Who released it.
        pub released_by_name: Option<String>,
        /// When.
        pub released_at: Option<Micros>,
        /// The number that the bank gave the transfer.
        pub bank_reference: Option<String>,
        /// Who marked it as sent.
        pub sent_by_name: Option<String>,
        /// Why it was given up.
        pub cancel_reason: String,
        /// Who gave it up.
        pub cancelled_by_name: Option<String>,
        /// When.
        pub cancelled_at: Option<Micros>,
    }

    /// What a list of refunds by bank is narrowed to.
    #[derive(Default)]
    pub struct RefundOrderQuery {
        /// Only in this state.
        pub state: Option<RefundOrderStatus>,
        /// Only prepared on this day or later.
        pub from: Option<Day>,
        /// Only prepared on this day or earlier.
        pub until: Option<Day>,
        /// Only those whose number, or whose claim's number, begins like this.
        pub number: Option<String>,
        /// Only of this unit.
        pub unit_id: Option<Uuid>,
    }

    /// Where the money of a posted claim is, and how it can go back: what was paid online goes back online first, the rest by bank;
    /// or it stays on the deposit and pays the next bill.
    pub struct ClaimMoneyOut {
        /// What of the claim lowered what the unit still owed.
        pub off_fen: Fen,
        /// What of it went to the unit's deposit, because it was paid already.
        pub deposit_fen: Fen,
        /// What of that was given back, or is on its way.
        pub returned_fen: Fen,
        /// What can still be given back of it: never more than is free on the deposit.
        pub left_fen: Fen,
        /// The online payments that it can go back to.
        pub online: Vec<ClaimOnlineOut>,
        /// What can go back by bank.
        pub bank_fen: Fen,
        /// What was given back by bank or is on its way, oldest first.
        pub orders: Vec<RefundOrderRow>,
        /// What was given back online or is on its way, oldest first.
        pub refunds: Vec<super::payment::RefundOut>,
    }

    /// An online payment that a claim's sum can go back to.
    pub struct ClaimOnlineOut {
        /// The payment.
        pub payment_id: Uuid,
        /// Its number.
        pub number: String,
        /// By what it was paid.
        pub method: Option<PayMethod>,
        /// How much of the claim can go back to it.
        pub amount_fen: Fen,
    }
}
