//! Invoices of bills: asked for once, issued, received, taken back, asked for anew.

use super::world::{World, code, now_and_then_twice, pick};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::invoice;
use shared::api::invoice::{InvoiceAskIn, InvoiceIssueIn, RedLetterIn};
use shared::api::problem::Code;
use shared::domain::invoice::InvoiceKind;
use std::collections::BTreeMap;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "ask for invoices",
    "be refused invoices",
    "issue an invoice",
    "take an invoice back",
];

/// An invoice that stands: whether it is issued, and over how much.
#[derive(Clone, Debug)]
pub struct Invoice {
    pub id: Uuid,
    pub bill: usize,
    pub seller: Uuid,
    pub amount: i64,
    pub issued: bool,
}

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    let bills = world.bills_of_this_sequence();
    let stands = |issued| {
        let mut all = world.model.invoices.iter();
        all.any(|own| own.issued == issued && bills.contains(&own.bill))
    };
    // Mostly what can be done.
    match (stands(false), stands(true), chance.random_range(0..6)) {
        (true, _, 0..3) => world.issue_invoice(chance).await,
        (_, true, 3..5) => world.take_invoice_back(chance).await,
        (_, _, 0..5) => {
            let name = world.ask_for_invoices(chance).await;
            // Mostly it is issued on the same day.
            if name == "ask for invoices" && chance.random_range(0..4) > 0 {
                world.count(name, 1);
                return world.issue_invoice(chance).await;
            }
            name
        }
        (_, true, _) => world.issue_invoice(chance).await,
        _ => world.take_invoice_back(chance).await,
    }
}

impl World<'_> {
    /// A number that no invoice has.
    fn invoice_number(&self) -> String {
        format!(
            "{:020}",
            self.app.new_id().as_u128() % 100_000_000_000_000_000_000
        )
    }

    async fn ask_for_invoices(&mut self, chance: &mut StdRng) -> &'static str {
        let bills = self.bills_of_this_sequence();
        let Some(at) = pick(chance, &bills).copied() else {
            return "find no bill to invoice";
        };
        let bill = &self.model.bills[at];
        let unit = &self.market.units[bill.unit];
        let input = InvoiceAskIn {
            title: unit.name.clone(),
            tax_no: unit.code.clone(),
            kind: InvoiceKind::Ordinary,
        };
        let before = invoice::of_bill(self.app, &self.market.finance, bill.id)
            .await
            .expect("may read");
        // Every village sells its own: what is left of its items is what it has to invoice.
        let kept: i64 = bill.items.iter().map(|item| item.amount - item.corrected).sum();
        let billed: i64 = before.sellers.iter().map(|seller| seller.billed_fen.0).sum();
        assert_eq!(billed, kept, "the sellers' parts are the bill: {bill:?}");
        let standing: Vec<Uuid> = (self.model.invoices.iter())
            .filter(|own| own.bill == at)
            .map(|own| own.seller)
            .collect();
        let missing: BTreeMap<Uuid, i64> = (before.sellers.iter())
            .filter(|seller| seller.billed_fen.0 > 0 && !standing.contains(&seller.seller_id))
            .map(|seller| (seller.seller_id, seller.billed_fen.0))
            .collect();
        let (id, key) = (bill.id, self.app.key());
        let ask = async || invoice::ask(self.app, &self.market.finance, &key, id, input.clone()).await;
        let asked = now_and_then_twice(chance, ask).await;
        let expected = missing.is_empty().then_some(Code::WrongState);
        assert_eq!(code(&asked), expected, "{missing:?} is missing of {before:?}");
        let Ok(asked) = asked else {
            return "be refused invoices";
        };
        let old: Vec<Uuid> = before.invoices.iter().map(|row| row.id).collect();
        let new = asked.invoices.iter().filter(|row| !old.contains(&row.id));
        let mut made = BTreeMap::new();
        for row in new {
            made.insert(row.seller_id, row.amount_fen.0);
            self.model.invoices.push(Invoice {
                id: row.id,
                bill: at,
                seller: row.seller_id,
                amount: row.amount_fen.0,
                issued: false,
            });
        }
        assert_eq!(made, missing, "one of every seller that had none");
        "ask for invoices"
    }

    /// An invoice of this sequence that is issued, or is not.
    fn pick_invoice(&self, chance: &mut StdRng, issued: bool) -> Option<usize> {
        let bills = self.bills_of_this_sequence();
        let own = self.model.invoices.iter().enumerate();
        let fitting: Vec<usize> = own
            .filter(|(_, own)| own.issued == issued && bills.contains(&own.bill))
            .map(|(at, _)| at)
            .collect();
        pick(chance, &fitting).copied()
    }

    async fn issue_invoice(&mut self, chance: &mut StdRng) -> &'static str {
        let Some(at) = self.pick_invoice(chance, false) else {
            return "find no invoice";
        };
        let own = self.model.invoices[at].clone();
        let shown = invoice::show(self.app, &self.market.finance, own.id)
            .await
            .expect("there");
        let input = InvoiceIssueIn {
            invoice_no: self.invoice_number(),
            issued_on: self.app.today(),
            rate_bp: 0,
        };
        let key = self.app.key();
        let ask = async || invoice::issue(self.app, &self.market.finance, &key, own.id, input.clone()).await;
        let done = now_and_then_twice(chance, ask).await;
        // A claim may have lowered the bill since.
        let expected = (shown.row.billed_fen.0 != own.amount).then_some(Code::Invalid);
        assert_eq!(code(&done), expected, "{own:?} of {shown:?}");
        if done.is_err() {
            return "be refused to issue an invoice";
        }
        self.model.invoices[at].issued = true;
        "issue an invoice"
    }

    async fn take_invoice_back(&mut self, chance: &mut StdRng) -> &'static str {
        let Some(at) = self.pick_invoice(chance, true) else {
            return "find no invoice";
        };
        let own = self.model.invoices[at].clone();
        let input = RedLetterIn {
            invoice_no: self.invoice_number(),
            issued_on: self.app.today(),
            reason: "开错抬头".to_owned(),
        };
        let key = self.app.key();
        let ask =
            async || invoice::red_letter(self.app, &self.market.finance, &key, own.id, input.clone()).await;
        let done = now_and_then_twice(chance, ask).await.expect("it is issued");
        let red = invoice::show(self.app, &self.market.finance, done.red_id.expect("there is one"))
            .await
            .expect("there");
        assert_eq!(red.row.amount_fen.0, -own.amount);
        self.model.invoices.remove(at);
        "take an invoice back"
    }
}
