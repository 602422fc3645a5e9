//! Bills and the money that comes for them: by itself where code and sum agree, by the word of two people otherwise, and
//! taken back by two.

use super::model::Model;
use super::world::{World, code, now_and_then_twice, pick};
use rand::RngExt as _;
use rand::rngs::StdRng;
use sea_orm::{FromQueryResult, Value};
use server::services::{bill, receipt};
use server::store;
use shared::api::problem::Code;
use shared::api::receipt::{ConfirmIn, RefuseIn, TakeBackIn};
use shared::domain::money::Fen;
use std::collections::BTreeMap;
use tests::Person;
use tests::receipts::{Row, arrive, pays, receipt as stored};
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "send bills",
    "money pays its bill by itself",
    "money waits in suspense",
    "money is taken in twice",
    "say what money pays",
    "be refused what money pays",
    "confirm what money pays",
    "be refused a word over money",
    "refuse what money pays",
    "ask money back",
    "take money back",
    "leave money as it is",
];

/// A village order on a bill.
#[derive(Clone, Debug)]
pub struct Item {
    pub part: Uuid,
    pub amount: i64,
    pub corrected: i64,
    pub paid: i64,
}

/// A bill.
#[derive(Clone, Debug)]
pub struct Bill {
    pub id: Uuid,
    pub unit: usize,
    pub code: String,
    pub items: Vec<Item>,
}

/// What money is said to pay: who said so, for which unit, which bills, the rest on deposit.
#[derive(Clone, Debug)]
pub struct Word {
    pub id: Uuid,
    pub by: usize,
    pub unit: usize,
    pub bills: Vec<(usize, i64)>,
    pub deposit: i64,
    /// Once posted: what of which item of which bill.
    pub paid: Vec<(usize, usize, i64)>,
}

/// Where money stands.
#[derive(Clone, Debug)]
pub enum Stands {
    Waits,
    Said(Word),
    Posted(Word),
    /// Somebody, by number, wants it back.
    AskedBack(Word, usize),
}

/// Money that came.
#[derive(Clone, Debug)]
pub struct Money {
    pub id: Uuid,
    pub amount: i64,
    pub stands: Stands,
}

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    let own = &world.model.moneys[world.first_money..];
    let any = |wished: fn(&Stands) -> bool| own.iter().any(|money| wished(&money.stands));
    // Anything now and then; mostly what can be done.
    let ways = [
        (true, [0, 1, 2, 3, 4].as_slice()),
        (world.bills_of_this_sequence().is_empty(), &[0; 8]),
        (!world.open_bills().is_empty(), &[1; 5]),
        (any(|stands| matches!(stands, Stands::Waits)), &[2; 4]),
        (
            any(|stands| matches!(stands, Stands::Said(_) | Stands::AskedBack(..))),
            &[3; 10],
        ),
        (any(|stands| matches!(stands, Stands::Posted(_))), &[4; 9]),
    ];
    let ways: Vec<u8> = ways
        .into_iter()
        .filter(|(can, _)| *can)
        .flat_map(|(_, ways)| ways)
        .copied()
        .collect();
    match pick(chance, &ways) {
        Some(0) => world.send_bills().await,
        Some(1) => world.money_comes(chance).await,
        Some(2) => world.say_what_it_pays(chance).await,
        Some(3) => world.decide_over_money(chance).await,
        _ => world.ask_money_back(chance).await,
    }
}

impl Item {
    fn open(&self) -> i64 {
        self.amount - self.corrected - self.paid
    }
}

impl Bill {
    fn open(&self) -> i64 {
        self.items.iter().map(Item::open).sum()
    }
}

impl Model {
    /// What a claim takes off a line of a village order: off what is open of it first, the rest is the unit's to have back.
    pub fn correct_bill(&mut self, unit: usize, line: Uuid, sum: i64) {
        let parts = self.orders.iter().flat_map(|order| &order.parts);
        let part = parts
            .filter(|part| part.lines.iter().any(|own| own.id == line))
            .map(|part| part.id)
            .next();
        let item = self
            .bills
            .iter_mut()
            .flat_map(|bill| &mut bill.items)
            .find(|item| Some(item.part) == part);
        // What stands on no bill yet is billed with the correction.
        let Some(item) = item else { return };
        let off = item.open().min(sum);
        item.corrected += off;
        self.book("unit_receivable", self.units[unit], sum - off);
        self.book("unit_deposit", self.units[unit], off - sum);
    }

    /// Money leaves suspense: bills are paid, each its oldest village order first.
    fn post(&mut self, word: &mut Word) {
        for (at, sum) in &word.bills {
            let mut rest = *sum;
            for (number, item) in self.bills[*at].items.iter_mut().enumerate() {
                let part = rest.min(item.open());
                item.paid += part;
                rest -= part;
                word.paid.push((*at, number, part));
            }
        }
        self.move_money(word, 1);
    }

    /// Exactly what was paid is open again.
    fn unpost(&mut self, word: &Word) {
        for (bill, item, part) in &word.paid {
            self.bills[*bill].items[*item].paid -= part;
        }
        self.move_money(word, -1);
    }

    fn move_money(&mut self, word: &Word, sign: i64) {
        let paid: i64 = word.bills.iter().map(|(_, sum)| sum).sum();
        self.book("suspense", "", sign * (paid + word.deposit));
        self.book("unit_receivable", self.units[word.unit], -sign * paid);
        self.book("unit_deposit", self.units[word.unit], -sign * word.deposit);
    }
}

#[derive(FromQueryResult)]
struct StoredBill {
    id: Uuid,
    unit_id: Uuid,
    transfer_code: String,
    paid_fen: i64,
    corrected_fen: i64,
}

#[derive(FromQueryResult)]
struct StoredItem {
    bill_id: Uuid,
    village_order_id: Uuid,
    amount_fen: i64,
    corrected_fen: i64,
}

impl World<'_> {
    /// Bills are sent; the model notes what the program has put on them, which must be what was accepted.
    async fn send_bills(&mut self) -> &'static str {
        bill::issue_due(self.app).await.expect("bills are sent");
        let known = self.model.bills.len();
        let sql =
            "select id, unit_id, transfer_code, paid_fen, corrected_fen from bills order by issued_at, id";
        let bills: Vec<StoredBill> = self.read(sql).await;
        let sql = "select bill_id, village_order_id, amount_fen, corrected_fen from bill_items
            order by delivered_at, village_order_id";
        let items: Vec<StoredItem> = self.read(sql).await;
        let old: Vec<Uuid> = self.model.bills.iter().map(|bill| bill.id).collect();
        for row in bills.into_iter().filter(|row| !old.contains(&row.id)) {
            let own = items.iter().filter(|item| item.bill_id == row.id);
            let items: Vec<Item> = own
                .map(|item| Item {
                    part: item.village_order_id,
                    amount: item.amount_fen,
                    corrected: item.corrected_fen,
                    paid: 0,
                })
                .collect();
            for item in &items {
                let kept = self.accepted_of(item.part);
                assert_eq!(
                    item.amount - item.corrected,
                    kept,
                    "{item:?} is billed as it was accepted"
                );
            }
            let unit = self.model.units.iter().position(|id| *id == row.unit_id);
            self.model.bills.push(Bill {
                id: row.id,
                unit: unit.expect("one of the market's units"),
                code: row.transfer_code,
                items,
            });
        }
        if self.open_bills().iter().any(|at| *at >= known) {
            "send bills"
        } else {
            "find nothing to bill"
        }
    }

    /// What of a village order was accepted and not taken back since.
    fn accepted_of(&self, part: Uuid) -> i64 {
        let parts = self.model.orders.iter().flat_map(|order| &order.parts);
        let own = parts.filter(|own| own.id == part).flat_map(|own| &own.lines);
        let ids: Vec<Uuid> = own.map(|line| line.id).collect();
        let lines = self.model.papers.iter().flat_map(|paper| &paper.lines);
        lines
            .filter(|line| ids.contains(&line.id))
            .map(|line| line.held.village + line.held.household + line.held.fee)
            .sum()
    }

    /// Bills of this sequence's orders.
    pub fn bills_of_this_sequence(&self) -> Vec<usize> {
        let orders = self.model.orders.iter().skip(self.first_order);
        let own: Vec<Uuid> = orders
            .flat_map(|order| &order.parts)
            .map(|part| part.id)
            .collect();
        let bills = self.model.bills.iter().enumerate();
        bills
            .filter(|(_, bill)| bill.items.iter().any(|item| own.contains(&item.part)))
            .map(|(at, _)| at)
            .collect()
    }

    /// Those of which something is open.
    fn open_bills(&self) -> Vec<usize> {
        let own = self.bills_of_this_sequence().into_iter();
        own.filter(|at| self.model.bills[*at].open() > 0).collect()
    }

    async fn money_comes(&mut self, chance: &mut StdRng) -> &'static str {
        let open = self.open_bills();
        let bill = pick(chance, &open).copied();
        let exact = chance.random_range(0..2) == 0;
        let off = chance.random_range(1..2_000_i64);
        let coded = chance.random_range(0..3) > 0;
        let twice = chance.random_range(0..4) == 0;
        let due = bill.map(|at| self.model.bills[at].open());
        let amount = due.map_or(off, |due| if exact { due } else { (due - off).max(1) });
        let remark = match bill.filter(|_| coded) {
            Some(at) => format!("货款 {}", self.model.bills[at].code.to_lowercase()),
            None => "货款".to_owned(),
        };
        let agrees = bill.filter(|at| coded && amount == self.model.bills[*at].open());
        let reference = self.app.new_id().simple().to_string();
        let row = Row::new(&reference, Fen(amount), &remark);
        let counts = arrive(self.app, &self.market, std::slice::from_ref(&row)).await;
        let wanted = if agrees.is_some() { (0, 1) } else { (1, 0) };
        assert_eq!((counts.created, counts.changed), wanted, "{row:?}");
        if twice {
            let again = arrive(self.app, &self.market, std::slice::from_ref(&row)).await;
            assert_eq!(
                (again.created, again.changed, again.unchanged),
                (0, 0, 1),
                "{row:?}"
            );
            self.count("money is taken in twice", 1);
        }
        self.model.book("bank", "", amount);
        self.model.book("suspense", "", -amount);
        let came = stored(self.app, &self.market, &reference).await;
        let stands = match agrees {
            Some(at) => {
                let mut word = Word {
                    id: came.matches[0].id,
                    by: 0,
                    unit: self.model.bills[at].unit,
                    bills: vec![(at, amount)],
                    deposit: 0,
                    paid: Vec::new(),
                };
                self.model.post(&mut word);
                Stands::Posted(word)
            }
            None => Stands::Waits,
        };
        self.model.moneys.push(Money {
            id: came.row.id,
            amount,
            stands,
        });
        match agrees {
            Some(_) => "money pays its bill by itself",
            None => "money waits in suspense",
        }
    }

    /// Money of this sequence, mostly such as is wished.
    fn pick_money(&self, chance: &mut StdRng, wished: impl Fn(&Stands) -> bool) -> Option<usize> {
        let all: Vec<usize> = (self.first_money..self.model.moneys.len()).collect();
        let stands = |at: &&usize| wished(&self.model.moneys[**at].stands);
        let fitting: Vec<usize> = all.iter().filter(stands).copied().collect();
        let any = chance.random_range(0..8) == 0;
        let from = if any || fitting.is_empty() { &all } else { &fitting };
        pick(chance, from).copied()
    }

    fn finance(&self, number: usize) -> &Person {
        if number == 0 {
            &self.market.finance
        } else {
            &self.market.second_finance
        }
    }

    async fn say_what_it_pays(&mut self, chance: &mut StdRng) -> &'static str {
        let Some(at) = self.pick_money(chance, |stands| matches!(stands, Stands::Waits)) else {
            return "find no money";
        };
        let money = self.model.moneys[at].clone();
        let by = chance.random_range(0..2_usize);
        let open = self.open_bills();
        let bill = pick(chance, &open).copied();
        let wrong = chance.random_range(0..10);
        let unit = bill.map_or(0, |bill| self.model.bills[bill].unit);
        let mut bills = Vec::new();
        if let Some(bill) = bill {
            let due = self.model.bills[bill].open();
            bills.push((
                bill,
                if wrong == 0 {
                    due + 1
                } else {
                    due.min(money.amount)
                },
            ));
        }
        let paid: i64 = bills.iter().map(|(_, sum)| sum).sum();
        let deposit = money.amount - paid + i64::from(wrong == 1);
        let expected = match &money.stands {
            Stands::Waits if wrong == 1 || deposit < 0 || (wrong == 0 && bill.is_some()) => {
                Some(Code::Invalid)
            }
            Stands::Waits => None,
            _ => Some(Code::WrongState),
        };
        let ids: Vec<(Uuid, Fen)> = bills
            .iter()
            .map(|(bill, sum)| (self.model.bills[*bill].id, Fen(*sum)))
            .collect();
        let input = pays(self.model.units[unit], &ids, Fen(deposit));
        let (who, key) = (self.finance(by), self.app.key());
        let ask = async || receipt::propose(self.app, who, &key, money.id, input.clone()).await;
        let said = now_and_then_twice(chance, ask).await;
        assert_eq!(code(&said), expected, "{bills:?} and {deposit} of {money:?}");
        let Ok(said) = said else {
            return "be refused what money pays";
        };
        self.model.moneys[at].stands = Stands::Said(Word {
            id: said.matches[0].id,
            by,
            unit,
            bills,
            deposit,
            paid: Vec::new(),
        });
        "say what money pays"
    }

    async fn decide_over_money(&mut self, chance: &mut StdRng) -> &'static str {
        let waits = |stands: &Stands| matches!(stands, Stands::Said(_) | Stands::AskedBack(..));
        let Some(at) = self.pick_money(chance, waits) else {
            return "find no money";
        };
        let money = self.model.moneys[at].clone();
        let (by, yes) = (chance.random_range(0..2_usize), chance.random_range(0..4) > 0);
        let (match_id, first) = match &money.stands {
            Stands::Waits => (self.app.new_id(), None),
            Stands::Said(word) => (word.id, Some(word.by)),
            Stands::Posted(word) => (word.id, None),
            Stands::AskedBack(word, by) => (word.id, Some(*by)),
        };
        let too_much = match &money.stands {
            Stands::Said(word) => {
                (word.bills.iter()).any(|(bill, sum)| *sum > self.model.bills[*bill].open())
            }
            _ => false,
        };
        let expected = match first {
            None => Some(Code::WrongState),
            Some(first) if yes && first == by => Some(Code::SamePerson),
            Some(_) if yes && too_much => Some(Code::MoreThanOpen),
            Some(_) => None,
        };
        let (who, key) = (self.finance(by), self.app.key());
        let no = RefuseIn {
            match_id,
            reason: "核对过".to_owned(),
        };
        let ask = async || match yes {
            true => receipt::confirm(self.app, who, &key, money.id, ConfirmIn { match_id }).await,
            false => receipt::refuse(self.app, who, &key, money.id, no.clone()).await,
        };
        let done = now_and_then_twice(chance, ask).await;
        assert_eq!(code(&done), expected, "{by} says {yes} over {money:?}");
        if done.is_err() {
            return "be refused a word over money";
        }
        let (stands, name) = match (money.stands, yes) {
            (Stands::Said(mut word), true) => {
                self.model.post(&mut word);
                (Stands::Posted(word), "confirm what money pays")
            }
            (Stands::Said(_), false) => (Stands::Waits, "refuse what money pays"),
            (Stands::AskedBack(word, _), true) => {
                self.model.unpost(&word);
                (Stands::Waits, "take money back")
            }
            (Stands::AskedBack(word, _), false) => (Stands::Posted(word), "leave money as it is"),
            (stands, _) => panic!("nobody decides over {stands:?}"),
        };
        self.model.moneys[at].stands = stands;
        name
    }

    async fn ask_money_back(&mut self, chance: &mut StdRng) -> &'static str {
        let posted = |stands: &Stands| matches!(stands, Stands::Posted(_));
        let Some(at) = self.pick_money(chance, posted) else {
            return "find no money";
        };
        let money = self.model.moneys[at].clone();
        let by = chance.random_range(0..2_usize);
        let match_id = match &money.stands {
            Stands::Waits => self.app.new_id(),
            Stands::Said(word) | Stands::Posted(word) | Stands::AskedBack(word, _) => word.id,
        };
        let input = TakeBackIn {
            match_id,
            reason: "付错单位".to_owned(),
        };
        let (who, key) = (self.finance(by), self.app.key());
        let ask = async || receipt::ask_back(self.app, who, &key, money.id, input.clone()).await;
        let asked = now_and_then_twice(chance, ask).await;
        let Stands::Posted(word) = money.stands else {
            assert_eq!(code(&asked), Some(Code::WrongState), "{money:?}");
            return "be refused to ask money back";
        };
        assert_eq!(code(&asked), None, "{word:?}");
        self.model.moneys[at].stands = Stands::AskedBack(word, by);
        "ask money back"
    }

    /// Every bill is paid and corrected as the model says.
    pub async fn check_bills(&self) {
        let sql = "select id, unit_id, transfer_code, paid_fen, corrected_fen from bills";
        let stored: Vec<StoredBill> = self.read(sql).await;
        let stored: BTreeMap<Uuid, (i64, i64)> = (stored.into_iter())
            .map(|row| (row.id, (row.paid_fen, row.corrected_fen)))
            .collect();
        for bill in &self.model.bills {
            let paid = bill.items.iter().map(|item| item.paid).sum();
            let corrected = bill.items.iter().map(|item| item.corrected).sum();
            assert_eq!(stored.get(&bill.id), Some(&(paid, corrected)), "{bill:?}");
        }
    }

    async fn read<T: FromQueryResult>(&self, sql: &str) -> Vec<T> {
        let nothing: [Value; 0] = [];
        store::many(self.app.db.schema(), sql, nothing)
            .await
            .expect("rows are read")
    }
}
