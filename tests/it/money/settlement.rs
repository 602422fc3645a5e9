//! Villages and households are paid in batches: by two people, each part once, owed again where the bank sends it back, less
//! what claims took back. The centre advances, so that whatever was credited can be paid.

use super::model::{Model, Stand};
use super::world::{World, code, now_and_then_twice, pick};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use server::services::{payee_account, settlement};
use server::store;
use shared::api::problem::Code;
use shared::api::settlement::{ItemAnswerIn, PayeeAccountIn, SendIn, SettlementIn};
use shared::domain::settlement::PayeeKind;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "enter an account",
    "prepare a batch",
    "find nothing to settle",
    "discard a batch",
    "be refused the release of one's own batch",
    "release a batch",
    "be refused to send a batch",
    "send a batch",
    "a payee has the money",
    "the bank sends money back",
    "be refused the bank's answer",
    "apply a result file",
];

/// Whose something is: the account's kind, and who.
type Payee = (&'static str, String);

/// What somebody is owed for a part of an order: or, below zero, gives back.
#[derive(Clone, Debug)]
pub struct Due {
    pub part: Uuid,
    pub payee: Payee,
    pub fen: i64,
    /// The batch that it stands in, and whether it is paid.
    pub batch: Option<usize>,
    pub settled: bool,
}

/// How far a batch, or a payee's part of it, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Prepared,
    Released,
    Sent,
    Paid,
    Back,
    Gone,
}

/// What one payee gets with a batch.
#[derive(Clone, Debug)]
pub struct Item {
    pub id: Uuid,
    pub reference: String,
    pub payee: Payee,
    pub fen: i64,
    pub way: Way,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub id: Uuid,
    pub by: usize,
    pub way: Way,
    pub items: Vec<Item>,
}

/// The lists of this room.
#[derive(Default)]
pub struct Settling {
    pub dues: Vec<Due>,
    pub accounts: BTreeSet<Payee>,
    pub batches: Vec<Batch>,
}

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    // What earlier sequences left unpaid is paid along: this room has a chance of its own, so that the others replay.
    let mut own = StdRng::seed_from_u64(chance.random());
    let name = settle(world, &mut own).await;
    world.count(name, 1);
    "see to settlements"
}

async fn settle(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    let batches = &world.model.settling.batches;
    let open: Vec<usize> = (0..batches.len())
        .filter(|at| !matches!(batches[*at].way, Way::Paid | Way::Gone))
        .collect();
    let begin = open.is_empty() || open.len() < 3 && chance.random_range(0..3) == 0;
    match chance.random_range(0..7) {
        0 => world.enter_account(chance).await,
        _ if begin => world.prepare(chance).await,
        _ => {
            let at = *pick(chance, &open).expect("one is open");
            world.go_on(chance, at).await
        }
    }
}

impl Model {
    /// Somebody is owed something more for a part, or less.
    pub fn due(&mut self, part: Uuid, payee: Payee, fen: i64) {
        if fen != 0 {
            self.settling.dues.push(Due {
                part,
                payee,
                fen,
                batch: None,
                settled: false,
            });
        }
    }

    /// What everybody is owed that stands in no batch.
    fn open(&self) -> BTreeMap<Payee, i64> {
        let mut open = BTreeMap::new();
        for due in self.settling.dues.iter().filter(|due| due.batch.is_none()) {
            *open.entry(due.payee.clone()).or_default() += due.fen;
        }
        open
    }

    /// What a batch would pay now.
    fn payable(&self) -> BTreeMap<Payee, i64> {
        let mut open = self.open();
        open.retain(|payee, fen| *fen > 0 && self.settling.accounts.contains(payee));
        open
    }

    /// Takes what a batch pays.
    fn prepare(&mut self, batch: Batch) {
        let at = self.settling.batches.len();
        let payees: BTreeSet<Payee> = batch.items.iter().map(|item| item.payee.clone()).collect();
        let free = |due: &&mut Due| due.batch.is_none() && payees.contains(&due.payee);
        for due in self.settling.dues.iter_mut().filter(free) {
            due.batch = Some(at);
        }
        self.settling.batches.push(batch);
    }

    fn free(&mut self, at: usize, payee: Option<&Payee>) {
        let own = |due: &&mut Due| due.batch == Some(at) && payee.is_none_or(|payee| due.payee == *payee);
        for due in self.settling.dues.iter_mut().filter(own) {
            due.batch = None;
        }
    }

    fn discard(&mut self, at: usize) -> Result<(), Code> {
        if self.settling.batches[at].way != Way::Prepared {
            return Err(Code::WrongState);
        }
        self.settling.batches[at].way = Way::Gone;
        self.free(at, None);
        Ok(())
    }

    fn release(&mut self, at: usize, by: usize) -> Result<(), Code> {
        let batch = &mut self.settling.batches[at];
        if batch.by == by {
            return Err(Code::SamePerson);
        }
        if batch.way != Way::Prepared {
            return Err(Code::WrongState);
        }
        batch.way = Way::Released;
        Ok(())
    }

    fn send(&mut self, at: usize) -> Result<(), Code> {
        if self.settling.batches[at].way != Way::Released {
            return Err(Code::WrongState);
        }
        self.settling.batches[at].way = Way::Sent;
        for number in 0..self.settling.batches[at].items.len() {
            let item = &mut self.settling.batches[at].items[number];
            item.way = Way::Sent;
            let ((kind, owner), fen) = (item.payee.clone(), item.fen);
            self.book(kind, owner, fen);
            self.book("in_transit", "", -fen);
        }
        Ok(())
    }

    fn bank_says(&mut self, at: usize, number: usize, paid: bool) -> Result<(), Code> {
        let item = &mut self.settling.batches[at].items[number];
        if item.way != Way::Sent {
            return Err(Code::WrongState);
        }
        item.way = if paid { Way::Paid } else { Way::Back };
        let (payee, fen) = (item.payee.clone(), item.fen);
        self.book("in_transit", "", fen);
        if paid {
            self.book("bank", "", -fen);
            self.settle(at, &payee);
        } else {
            self.book(payee.0, payee.1.clone(), -fen);
            self.free(at, Some(&payee));
        }
        let batch = &mut self.settling.batches[at];
        if batch.items.iter().all(|item| item.way != Way::Sent) {
            batch.way = Way::Paid;
        }
        Ok(())
    }

    /// What a payee has is settled; a part that owes nobody anything any more is done.
    fn settle(&mut self, at: usize, payee: &Payee) {
        let mut parts = BTreeSet::new();
        let own = |due: &&mut Due| due.batch == Some(at) && due.payee == *payee;
        for due in self.settling.dues.iter_mut().filter(own) {
            due.settled = true;
            parts.insert(due.part);
        }
        let dues = &self.settling.dues;
        parts.retain(|part| dues.iter().all(|due| due.part != *part || due.settled));
        let of_all = self.orders.iter_mut().flat_map(|order| &mut order.parts);
        for part in of_all.filter(|part| parts.contains(&part.id)) {
            part.stand = Stand::Settled;
        }
    }
}

/// A kind of payee by the account that it is owed on.
fn kind_of(payee: &Payee) -> PayeeKind {
    match payee.0 {
        "village_payable" => PayeeKind::Village,
        _ => PayeeKind::Household,
    }
}

impl World<'_> {
    /// The two people of the centre's finance.
    fn financier(&self, who: usize) -> &tests::Person {
        [&self.market.finance, &self.second][who]
    }

    async fn enter_account(&mut self, chance: &mut StdRng) -> &'static str {
        let missing: Vec<Payee> = (self.model.open().into_keys())
            .filter(|payee| !self.model.settling.accounts.contains(payee))
            .collect();
        let Some(payee) = pick(chance, &missing).cloned() else {
            return "find everybody with an account";
        };
        let input = PayeeAccountIn {
            account_name: "某某合作社".to_owned(),
            account_no: format!("0302{:012}", chance.random_range(0..1_000_000_000_000_u64)),
            bank_name: "天津农商银行".to_owned(),
            cnaps: String::new(),
        };
        let key = self.app.key();
        let whose = (kind_of(&payee), payee.1.as_str());
        payee_account::put(self.app, &self.market.finance, &key, whose, input)
            .await
            .expect("a good account");
        self.model.settling.accounts.insert(payee);
        "enter an account"
    }

    async fn prepare(&mut self, chance: &mut StdRng) -> &'static str {
        let by = chance.random_range(0..2);
        let input = SettlementIn {
            advance: true,
            ..SettlementIn::default()
        };
        let key = self.app.key();
        let who = self.financier(by);
        let ask = async || settlement::prepare(self.app, who, &key, input.clone()).await;
        let made = now_and_then_twice(chance, ask).await;
        let wanted = self.model.payable();
        let expected = wanted.is_empty().then_some(Code::WrongState);
        assert_eq!(code(&made), expected, "{wanted:?}");
        let Ok(made) = made else {
            return "find nothing to settle";
        };
        let filter = store::settlement_item::Filter {
            batch: Some(made.row.id),
            ..Default::default()
        };
        let stored = store::settlement_item::of_batch(self.app.db.read(), &filter, 0, 1000)
            .await
            .expect("items are read");
        let items: Vec<Item> = stored
            .into_iter()
            .map(|item| Item {
                id: item.id,
                reference: item.reference,
                payee: match item.payee_kind.as_str() {
                    "village" => ("village_payable", item.payee),
                    _ => ("household_payable", item.payee),
                },
                fen: item.amount_fen,
                way: Way::Prepared,
            })
            .collect();
        let paid: BTreeMap<Payee, i64> = items.iter().map(|item| (item.payee.clone(), item.fen)).collect();
        assert_eq!(paid, wanted, "a batch pays everybody what they are owed");
        self.model.prepare(Batch {
            id: made.row.id,
            by,
            way: Way::Prepared,
            items,
        });
        "prepare a batch"
    }

    /// The next step of a batch: now and then one that must be refused.
    async fn go_on(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        match (self.model.settling.batches[at].way, chance.random_range(0..8)) {
            (Way::Prepared, 0) => self.discard(at).await,
            (Way::Prepared, 1) | (Way::Released, _) => self.send(chance, at).await,
            (Way::Prepared, _) => self.release(chance, at).await,
            (Way::Sent, 0) => self.send(chance, at).await,
            (Way::Sent, 1..4) => self.bring_results(chance, at).await,
            _ => self.answer_one(chance, at).await,
        }
    }

    async fn discard(&mut self, at: usize) -> &'static str {
        let id = self.model.settling.batches[at].id;
        let done = settlement::discard(self.app, &self.market.finance, &self.app.key(), id).await;
        assert_eq!(code(&done), self.model.discard(at).err());
        "discard a batch"
    }

    async fn release(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let (id, by) = (self.model.settling.batches[at].id, chance.random_range(0..2));
        let key = self.app.key();
        let who = self.financier(by);
        let ask = async || settlement::release(self.app, who, &key, id).await;
        let done = now_and_then_twice(chance, ask).await;
        let expected = self.model.release(at, by);
        assert_eq!(code(&done), expected.err());
        if expected.is_ok() {
            "release a batch"
        } else {
            "be refused the release of one's own batch"
        }
    }

    async fn send(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let id = self.model.settling.batches[at].id;
        let key = self.app.key();
        let who = &self.market.finance;
        let ask = async || settlement::send(self.app, who, &key, id, SendIn { on: None }).await;
        let done = now_and_then_twice(chance, ask).await;
        let expected = self.model.send(at);
        assert_eq!(code(&done), expected.err());
        if expected.is_ok() {
            "send a batch"
        } else {
            "be refused to send a batch"
        }
    }

    async fn answer_one(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let items = &self.model.settling.batches[at].items;
        let number = chance.random_range(0..items.len());
        let (id, paid) = (items[number].id, chance.random_range(0..2) > 0);
        let input = ItemAnswerIn {
            paid,
            reason: "账号不存在".to_owned(),
            on: None,
        };
        let key = self.app.key();
        let who = &self.market.finance;
        let ask = async || settlement::answer(self.app, who, &key, id, input.clone()).await;
        let done = now_and_then_twice(chance, ask).await;
        let expected = self.model.bank_says(at, number, paid);
        assert_eq!(code(&done), expected.err());
        match (expected, paid) {
            (Err(_), _) => "be refused the bank's answer",
            (Ok(()), true) => "a payee has the money",
            (Ok(()), false) => "the bank sends money back",
        }
    }

    /// A result file with some of the payees, rows that say nothing new, and rows that are nobody's.
    async fn bring_results(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let batch = self.model.settling.batches[at].clone();
        let mut text = String::from("业务编号,金额,处理结果\nX-1,1.00,成功\n");
        let mut news = Vec::new();
        for (number, item) in batch.items.iter().enumerate() {
            if chance.random_range(0..4) == 0 {
                continue;
            }
            let paid = match item.way {
                Way::Paid => true,
                Way::Back => false,
                _ => chance.random_range(0..4) > 0,
            };
            let word = if paid { "成功" } else { "退回" };
            let (yuan, fen) = (item.fen / 100, item.fen % 100);
            text.push_str(&format!("{},{yuan}.{fen:02},{word}\n", item.reference));
            if item.way == Way::Sent {
                news.push((number, paid));
            }
        }
        let who = &self.market.finance;
        let shown = settlement::upload(
            self.app,
            who,
            &self.app.key(),
            batch.id,
            "r.csv",
            text.into_bytes(),
        )
        .await
        .expect("a table");
        let count = |paid| i64::try_from(news.iter().filter(|(_, p)| *p == paid).count()).expect("few");
        assert_eq!(
            (shown.confirms, shown.bounces, shown.refused),
            (count(true), count(false), 1)
        );
        let key = self.app.key();
        let ask = async || settlement::apply(self.app, who, &key, batch.id, shown.row.id).await;
        let done = now_and_then_twice(chance, ask).await.expect("good rows count");
        assert_eq!((done.confirms, done.bounces), (0, 0));
        for (number, paid) in news {
            self.model.bank_says(at, number, paid).expect("it was sent");
        }
        "apply a result file"
    }
}
