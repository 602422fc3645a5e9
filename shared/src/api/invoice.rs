//! 发票: VAT invoices of bills, one for each seller of record.

use super::seller::SellerKind;
use crate::domain::calendar::{Day, Micros};
use crate::domain::invoice::{InvoiceKind, InvoiceStatus};
use crate::domain::money::Fen;
use uuid::Uuid;

wire! {
    /// An invoice in a list.
    pub struct InvoiceRow {
        /// Its id.
        pub id: Uuid,
        /// The bill.
        pub bill_id: Uuid,
        /// The bill's number.
        pub bill_number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// The unit's name.
        pub unit_name: String,
        /// The seller of record.
        pub seller_id: Uuid,
        /// What the seller is.
        pub seller_kind: SellerKind,
        /// The seller's name.
        pub seller_name: String,
        /// Where it stands.
        pub status: InvoiceStatus,
        /// What kind.
        pub kind: InvoiceKind,
        /// Whether no tax is due: a village's or co-op's own produce.
        pub exempt: bool,
        /// The sum with its tax; below zero on a red-letter invoice.
        pub amount_fen: Fen,
        /// The tax within it.
        pub tax_fen: Fen,
        /// The rate in basis points.
        pub rate_bp: i32,
        /// What of the bill this seller has to invoice now; claims may have lowered it since.
        pub billed_fen: Fen,
        /// Its number, once issued.
        pub invoice_no: Option<String>,
        /// The day it was issued.
        pub issued_on: Option<Day>,
        /// When it was asked for.
        pub requested_at: Micros,
        /// The invoice that a red-letter one takes back.
        pub red_of: Option<Uuid>,
    }

    /// An invoice.
    pub struct InvoiceOut {
        /// What lists show of it.
        #[serde(flatten)]
        pub row: InvoiceRow,
        /// To whom it is made out.
        pub title: String,
        /// The taxpayer's number of that body.
        pub tax_no: String,
        /// Who asked for it.
        pub requested_by_name: String,
        /// Who noted that it was issued.
        pub issued_by_name: Option<String>,
        /// Who noted that the unit has it.
        pub received_by_name: Option<String>,
        /// When.
        pub received_at: Option<Micros>,
        /// Why it was cancelled, or taken back.
        pub reason: Option<String>,
        /// The red-letter invoice that took it back.
        pub red_id: Option<Uuid>,
        /// The number of the invoice that this one takes back, or that took this one back.
        pub other_no: Option<String>,
        /// The kind of its file, as `application/pdf`; `None` while there is none.
        pub file_mime: Option<String>,
    }

    /// What a bill's sellers of record have to invoice, and have.
    pub struct BillInvoicesOut {
        /// The bill.
        pub bill_id: Uuid,
        /// Its number.
        pub bill_number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name in the register: whom invoices are made out to.
        pub title: String,
        /// Its code in the register: the taxpayer's number.
        pub tax_no: String,
        /// The sellers, by name.
        pub sellers: Vec<SellerToInvoice>,
        /// The invoices, newest first; 200 at the most.
        pub invoices: Vec<InvoiceRow>,
    }

    /// What a seller of record has to invoice of a bill.
    pub struct SellerToInvoice {
        /// The seller.
        pub seller_id: Uuid,
        /// What it is.
        pub seller_kind: SellerKind,
        /// Its name.
        pub seller_name: String,
        /// Whether no tax is due.
        pub exempt: bool,
        /// Its part of the bill, less what claims took off.
        pub billed_fen: Fen,
        /// What stands on its invoices, red-letter ones taken off.
        pub invoiced_fen: Fen,
    }

    /// Asks for the invoices of a bill: one of every seller that has none.
    pub struct InvoiceAskIn {
        /// To whom they are made out, 2 to 100 characters.
        pub title: String,
        /// The taxpayer's number: 15, 18 or 20 digits and capitals.
        pub tax_no: String,
        /// What kind; exempt sellers issue ordinary ones alone.
        pub kind: InvoiceKind,
    }

    /// An invoice was issued.
    pub struct InvoiceIssueIn {
        /// Its number: 20 digits, or 8, or 18.
        pub invoice_no: String,
        /// The day.
        pub issued_on: Day,
        /// The rate in basis points: 0, 100, 300, 600, 900 or 1300; 0 of exempt sellers.
        pub rate_bp: i32,
    }

    /// An invoice is no longer wanted.
    pub struct InvoiceCancelIn {
        /// Why, up to 200 characters.
        pub reason: String,
    }

    /// An invoice was taken back by a red-letter one over the same sum.
    pub struct RedLetterIn {
        /// The red-letter invoice's number.
        pub invoice_no: String,
        /// Its day.
        pub issued_on: Day,
        /// Why, up to 200 characters.
        pub reason: String,
    }

    /// Which invoices are asked for.
    #[derive(Default)]
    pub struct InvoiceQuery {
        /// Only in this state.
        #[serde(default)]
        pub status: Option<InvoiceStatus>,
        /// Only of this unit; a unit's own people always get their own.
        #[serde(default)]
        pub unit_id: Option<Uuid>,
        /// Only of this bill.
        #[serde(default)]
        pub bill_id: Option<Uuid>,
        /// Only with this number.
        #[serde(default)]
        pub number: Option<String>,
        /// Only issued ones whose sum is no longer that of the bill.
        #[serde(default)]
        pub untied: bool,
    }
}
