//! 在线付款: paying a bill or an order through a provider, and giving money back.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use uuid::Uuid;

pub use crate::domain::payment::{MovementKind, PayMethod, PaymentStatus, RefundStatus};

wire! {
    /// What a unit wants to pay: either a bill or an order.
    pub struct PayIn {
        /// The bill, for its open sum.
        #[serde(default)]
        pub bill_id: Option<Uuid>,
        /// The order, for what is not yet paid ahead of it.
        #[serde(default)]
        pub order_id: Option<Uuid>,
    }

    /// Money to give back.
    pub struct RefundIn {
        /// How much, at the most what is left of the payment and free on the unit's deposit.
        pub amount_fen: Fen,
        /// Why, 2 to 200 characters.
        pub reason: String,
        /// The claim whose sum is given back.
        #[serde(default)]
        pub claim_id: Option<Uuid>,
    }

    /// A payment in a list.
    pub struct PaymentRow {
        /// Its id; the ledger transaction that books it has the same.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// The bill that it pays.
        pub bill_id: Option<Uuid>,
        /// The order that it pays ahead.
        pub order_id: Option<Uuid>,
        /// The number of the bill or order.
        pub about_number: String,
        /// The sum.
        pub amount_fen: Fen,
        /// What of it was given back, or is about to be.
        pub refunded_fen: Fen,
        /// What the provider took of it, once known.
        pub fee_fen: Option<Fen>,
        /// By what it was paid.
        pub method: Option<PayMethod>,
        /// Where it stands.
        pub status: PaymentStatus,
        /// What a person must look at, as a stable word; empty for nothing.
        pub trouble: String,
        /// Who began it.
        pub asked_by_name: String,
        /// When.
        pub created_at: Micros,
        /// When the money came.
        pub paid_at: Option<Micros>,
    }

    /// A payment.
    pub struct PaymentOut {
        /// As in the list.
        pub row: PaymentRow,
        /// Where to pay, while it can be paid.
        pub url: Option<String>,
        /// Until when.
        pub expires_at: Micros,
        /// The ledger transaction that books it.
        pub transaction_id: Option<Uuid>,
        /// The most that can be given back now; only for who may do so.
        pub refundable_fen: Option<Fen>,
        /// What was given back of it, oldest first.
        pub refunds: Vec<RefundOut>,
    }

    /// Money given back, or on its way.
    pub struct RefundOut {
        /// Its id; the ledger transaction that books it has the same.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// How much.
        pub amount_fen: Fen,
        /// Where it stands.
        pub status: RefundStatus,
        /// Why.
        pub reason: String,
        /// What the provider said when it failed.
        pub trouble: String,
        /// Who asked for it; empty when it was made at the provider.
        pub asked_by_name: String,
        /// When.
        pub asked_at: Micros,
        /// When it was done, or failed.
        pub ended_at: Option<Micros>,
    }

    /// What a list of payments is narrowed to.
    #[derive(Default)]
    pub struct PaymentQuery {
        /// Only in this state.
        pub state: Option<PaymentStatus>,
        /// Only paid by this.
        pub method: Option<PayMethod>,
        /// Only begun on this day or later.
        pub from: Option<Day>,
        /// Only begun on this day or earlier.
        pub until: Option<Day>,
        /// Only those whose number, or whose bill's or order's number, begins like this.
        pub number: Option<String>,
        /// Only of this bill.
        pub bill_id: Option<Uuid>,
        /// Only of this order.
        pub order_id: Option<Uuid>,
    }

    /// An order as something to be paid ahead.
    pub struct PayAheadOut {
        /// What is still open of it; zero when nothing can be paid.
        pub open_fen: Fen,
        /// What was paid ahead and not given back.
        pub paid_fen: Fen,
    }

    /// Something that moved at the provider and that the books do not take.
    pub struct MovementOut {
        /// Its name there.
        pub reference: String,
        /// What it was.
        pub kind: MovementKind,
        /// What came, or (negative) went.
        pub amount_fen: Fen,
        /// The fee that was taken of it.
        pub fee_fen: Fen,
        /// In which currency, as `cny`.
        pub currency: String,
        /// When.
        pub moved_at: Micros,
    }

    /// How the books stand with the provider.
    pub struct PaymentStandingOut {
        /// The provider; `None` when none is configured.
        pub provider: Option<String>,
        /// What the provider holds of our money, by our books; after a payout of everything it is zero.
        pub clearing_fen: Fen,
        /// What it has kept in fees.
        pub fees_fen: Fen,
        /// Payments that can still come.
        pub open: i64,
        /// Refunds on their way.
        pub refunds_open: i64,
        /// Messages of the provider that are not worked through yet.
        pub events_waiting: i64,
        /// Movements at the provider whose cause is not known yet.
        pub movements_waiting: i64,
        /// Movements that people must look at.
        pub movements_unclear: i64,
        /// The newest of them, 20 at the most.
        pub unclear: Vec<MovementOut>,
        /// When the provider was last asked for everything.
        pub swept_at: Option<Micros>,
        /// When it will be asked next.
        pub sweeps_at: Option<Micros>,
    }
}
