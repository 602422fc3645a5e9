//! A till: somebody of the centre's finance, who sends bills, takes bank statements in, says what receipts pay or decides over
//! what a colleague said, and prepares, releases, sends and answers settlements, through the API. It remembers its last
//! answers: asked for again with their keys they must speak of the same things, whatever happened to the program since.

use crate::caller::{self, Body, Caller, Gone};
use rand::RngExt as _;
use rand::rngs::StdRng;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::api::bill::BillRow;
use shared::api::page::Page;
use shared::api::receipt::{MatchOut, ReceiptOut, ReceiptRow};
use shared::api::settlement::{BatchOut, BatchRow};
use shared::api::work::{WorkOut, WorkState};
use shared::domain::money::Fen;
use shared::domain::receipt::MatchState;
use shared::domain::settlement::{BatchStatus, SettlementStatus};
use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;
use tests::running::LOOK_EVERY;
use tokio::time::Instant;
use uuid::Uuid;

/// How many answers are remembered.
const REMEMBERED: usize = 4;
/// How long a proof of oneself is used; it holds for ten minutes.
const PROOF: Duration = Duration::from_secs(240);
/// Steps that every run takes, whatever its chances.
const MUST_HAPPEN: [&str; 9] = [
    "bills issued",
    "statement written",
    "match proposed",
    "match decided",
    "match asked back",
    "batch prepared",
    "batch released",
    "batch sent",
    "transfer answered",
];

/// What a till writes, and what the step is called.
type Write = caller::Write<&'static str>;

/// How far a bank statement is.
#[derive(Clone, Copy)]
enum Statement {
    /// There is none.
    Wanted,
    /// The file is kept; nobody has said which column is which.
    Brought(Uuid),
    /// It is checked, or being written.
    Checked(Uuid),
}

/// A till.
pub struct Till {
    caller: Caller,
    password: String,
    chance: StdRng,
    proven: Option<Instant>,
    statement: Statement,
    unanswered: Option<Write>,
    remembered: VecDeque<(Write, Value)>,
    done: BTreeMap<&'static str, usize>,
    closing: Rc<Cell<bool>>,
}

impl Till {
    /// A till that has not worked yet.
    pub fn new(caller: Caller, password: String, chance: StdRng) -> Self {
        Self {
            caller,
            password,
            chance,
            proven: None,
            statement: Statement::Wanted,
            unanswered: None,
            remembered: VecDeque::new(),
            done: BTreeMap::new(),
            closing: Rc::default(),
        }
    }

    /// What ends its work after the answer that it waits for, when set.
    pub fn closing(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.closing)
    }

    /// Works until the program is gone, or until it is to close.
    pub async fn work(&mut self) {
        self.closing.set(false);
        while !self.closing.get() {
            if self.step().await.is_err() {
                return;
            }
        }
    }

    async fn step(&mut self) -> Result<(), Gone> {
        if self.proven.is_none_or(|at| at.elapsed() > PROOF) {
            self.prove().await?;
        }
        let write = match self.chance.random_range(0..10) {
            0 => Some(self.write("bills issued", "/bills/issue".to_owned(), Body::Nothing)),
            1..4 => self.statement().await?,
            4..7 => self.receipt().await?,
            _ => self.settlement().await?,
        };
        let Some(write) = write else {
            return Ok(());
        };
        match self.caller.answer_to(&write).await {
            Ok((status, body)) => {
                self.note(write, status, body);
                Ok(())
            }
            Err(Gone) => {
                self.unanswered = Some(write);
                Err(Gone)
            }
        }
    }

    async fn prove(&mut self) -> Result<(), Gone> {
        let proof = Write {
            path: "/me/step-up".to_owned(),
            key: String::new(),
            body: Body::Json(json!({ "password": self.password })),
            means: "proof",
        };
        let (status, body) = self.caller.answer_to(&proof).await?;
        assert!(
            status.is_success(),
            "finance can prove themselves: {status} {body}"
        );
        self.proven = Some(Instant::now());
        Ok(())
    }

    fn write(&mut self, name: &'static str, path: String, body: Body) -> Write {
        Write {
            path,
            key: Uuid::from_u128(self.chance.random()).to_string(),
            body,
            means: name,
        }
    }

    /// The next step of a bank statement.
    async fn statement(&mut self) -> Result<Option<Write>, Gone> {
        match self.statement {
            Statement::Wanted => {
                let accounts: Vec<Value> = self.caller.read("/bank-accounts").await?;
                let account = accounts.first().expect("the demonstration has an account");
                let id = account["id"].as_str().expect("it has an id");
                let path = format!("/bank-accounts/{id}/statements");
                let bills: Page<BillRow> = self.caller.read("/bills?limit=50").await?;
                let text = self.rows(bills.items);
                Ok(Some(self.write("statement brought", path, Body::Table(text))))
            }
            Statement::Brought(id) => {
                let shown: Value = self.caller.read(&format!("/bank-statements/{id}")).await?;
                let body = Body::Json(json!({ "columns": shown["columns"] }));
                Ok(Some(self.write(
                    "statement checked",
                    format!("/bank-statements/{id}/check"),
                    body,
                )))
            }
            Statement::Checked(id) => {
                let work: WorkOut = self.caller.read(&format!("/works/{id}")).await?;
                match work.state {
                    WorkState::Waiting => {
                        assert_eq!(work.refused, 0, "every row can be read");
                        let body = Body::Json(json!({ "whole": true }));
                        return Ok(Some(self.write(
                            "statement let in",
                            format!("/works/{id}/go"),
                            body,
                        )));
                    }
                    WorkState::Queued | WorkState::Running => {}
                    WorkState::Done => {
                        *self.done.entry("statement written").or_default() += 1;
                        self.statement = Statement::Wanted;
                    }
                    WorkState::Failed | WorkState::Stopped => {
                        panic!("a statement was not written: {work:?}")
                    }
                }
                Ok(None)
            }
        }
    }

    /// A statement that pays bills, by their codes or by their sums alone, and something that nobody expects.
    fn rows(&mut self, bills: Vec<BillRow>) -> String {
        let today = tests::running::today();
        let mut text = "交易日期,交易流水号,借方发生额,贷方发生额,对方户名,对方账号,附言\n".to_owned();
        let open: Vec<BillRow> = bills
            .into_iter()
            .filter(|bill| bill.open_fen > Fen::ZERO)
            .collect();
        for _ in 0..self.chance.random_range(1..5) {
            let number: u64 = self.chance.random();
            let row = if open.is_empty() || self.chance.random_ratio(1, 8) {
                format!("{today},T{number},,12.34,示例个体工商户,6200000000001,往来款\n")
            } else {
                let bill = &open[self.chance.random_range(0..open.len())];
                let remark = if self.chance.random_ratio(1, 2) {
                    bill.transfer_code.as_str()
                } else {
                    "货款"
                };
                let (sum, payer) = (bill.open_fen.format_plain(), &bill.unit_name);
                format!("{today},T{number},,{sum},{payer},6200000000002,{remark}\n")
            };
            text.push_str(&row);
        }
        text
    }

    /// What some receipt pays, or the decision over what was said of it.
    async fn receipt(&mut self) -> Result<Option<Write>, Gone> {
        let state = ["suspense", "matched_by_hand", "posted", "taking_back"][self.chance.random_range(0..4)];
        let found: Page<ReceiptRow> = self
            .caller
            .read(&format!("/receipts?state={state}&limit=20"))
            .await?;
        if found.items.is_empty() {
            return Ok(None);
        }
        let id = found.items[self.chance.random_range(0..found.items.len())].id;
        let receipt: ReceiptOut = self.caller.read(&format!("/receipts/{id}")).await?;
        let Some(newest) = receipt
            .matches
            .first()
            .filter(|one| !matches!(one.state, MatchState::Refused | MatchState::TakenBack))
        else {
            return Ok(self.proposal(&receipt));
        };
        Ok(self.decision(id, newest))
    }

    fn proposal(&mut self, receipt: &ReceiptOut) -> Option<Write> {
        let first = receipt.suggestions.first()?;
        let bills: Vec<Value> = first
            .bills
            .iter()
            .map(|bill| json!({ "bill_id": bill.bill_id, "amount_fen": bill.amount_fen }))
            .collect();
        let body =
            json!({ "unit_id": first.unit_id, "bills": bills, "deposit_fen": first.deposit_fen, "note": "" });
        let path = format!("/receipts/{}/matches", receipt.row.id);
        Some(self.write("match proposed", path, Body::Json(body)))
    }

    fn decision(&mut self, receipt: Uuid, one: &MatchOut) -> Option<Write> {
        let (name, step, body) = match one.state {
            MatchState::Posted if self.chance.random_ratio(1, 3) => (
                "match asked back",
                "take-back",
                json!({ "match_id": one.id, "reason": "记错了单位" }),
            ),
            MatchState::Posted => return None,
            _ if self.chance.random_ratio(1, 4) => (
                "match decided",
                "refuse",
                json!({ "match_id": one.id, "reason": "再核对一下" }),
            ),
            _ => ("match decided", "confirm", json!({ "match_id": one.id })),
        };
        let path = format!("/receipts/{receipt}/{step}");
        Some(self.write(name, path, Body::Json(body)))
    }

    /// The next step of some batch, or a new one.
    async fn settlement(&mut self) -> Result<Option<Write>, Gone> {
        let found: Page<BatchRow> = self.caller.read("/settlements?limit=20").await?;
        let open: Vec<&BatchRow> = found
            .items
            .iter()
            .filter(|row| !matches!(row.status, BatchStatus::Done | BatchStatus::Discarded))
            .collect();
        if open.len() < 2 && self.chance.random_ratio(1, 2) || open.is_empty() {
            let path = "/settlements".to_owned();
            return Ok(Some(self.write("batch prepared", path, Body::Json(json!({})))));
        }
        let row = open[self.chance.random_range(0..open.len())];
        let id = row.id;
        match row.status {
            BatchStatus::Open => {
                let batch: BatchOut = self.caller.read(&format!("/settlements/{id}?limit=1")).await?;
                let (name, step) = if self.chance.random_ratio(1, 10) {
                    ("batch discarded", "discard")
                } else if batch.own {
                    return Ok(None);
                } else {
                    ("batch released", "release")
                };
                Ok(Some(self.write(
                    name,
                    format!("/settlements/{id}/{step}"),
                    Body::Nothing,
                )))
            }
            BatchStatus::Locked => {
                let path = format!("/settlements/{id}/send");
                Ok(Some(self.write("batch sent", path, Body::Json(json!({})))))
            }
            _ => {
                let batch: BatchOut = self.caller.read(&format!("/settlements/{id}?limit=100")).await?;
                let waiting: Vec<Uuid> = batch
                    .items
                    .items
                    .iter()
                    .filter(|item| item.status == SettlementStatus::Sent)
                    .map(|item| item.id)
                    .collect();
                if waiting.is_empty() {
                    return Ok(None);
                }
                let item = waiting[self.chance.random_range(0..waiting.len())];
                let paid = self.chance.random_ratio(5, 6);
                let reason = if paid { "" } else { "账号与户名不符" };
                let body = Body::Json(json!({ "paid": paid, "reason": reason }));
                Ok(Some(self.write(
                    "transfer answered",
                    format!("/settlement-items/{item}/answer"),
                    body,
                )))
            }
        }
    }

    /// Remembers what an answer says.
    fn note(&mut self, write: Write, status: StatusCode, body: Value) {
        if !status.is_success() {
            // The other till was faster, or nothing is to be done: anything else would be a fault of this test.
            let usual = [
                "wrong_state",
                "changed",
                "same_person",
                "deposit_used",
                "more_than_open",
            ];
            let code = body["code"].as_str().unwrap_or_default();
            assert!(
                usual.contains(&code) || is_paid_meanwhile(&body),
                "{}: {status} {body}",
                write.path
            );
            *self.done.entry("refused").or_default() += 1;
            return;
        }
        *self.done.entry(write.means).or_default() += 1;
        let id = |name: &str| {
            let text = body[name].as_str().unwrap_or_default();
            Uuid::parse_str(text).unwrap_or_else(|_| panic!("{}: no {name} in {body}", write.path))
        };
        match write.means {
            "statement brought" => self.statement = Statement::Brought(id("id")),
            "statement checked" => self.statement = Statement::Checked(id("work_id")),
            _ => {}
        }
        self.remembered.push_back((write, body));
        if self.remembered.len() > REMEMBERED {
            self.remembered.pop_front();
        }
    }

    /// Sends the request without an answer again, twice, and asks for every remembered answer once more: one key has one
    /// answer.
    pub async fn retry(&mut self) -> usize {
        if self.proven.is_some_and(|at| at.elapsed() > PROOF) {
            while self.prove().await.is_err() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        for (write, body) in &self.remembered {
            let (status, again) = self.caller.answer_in_the_end(write).await;
            assert!(status.is_success(), "{}: {status} {again}", write.path);
            assert_eq!(
                thing(body),
                thing(&again),
                "{}: what was acknowledged is gone",
                write.path
            );
        }
        let Some(write) = self.unanswered.take() else {
            return 0;
        };
        let (first, body) = self.caller.answer_in_the_end(&write).await;
        let (second, again) = self.caller.answer_in_the_end(&write).await;
        assert_eq!(
            first, second,
            "{}: one key, two answers: {body} {again}",
            write.path
        );
        if first.is_success() {
            assert_eq!(
                thing(&body),
                thing(&again),
                "{}: one key, two answers",
                write.path
            );
        }
        self.note(write, first, body);
        1
    }
}

/// Whether all that is wrong is that bills take less than they did when they were looked at: a colleague was faster.
fn is_paid_meanwhile(body: &Value) -> bool {
    let fields = body["fields"].as_array().map(Vec::as_slice).unwrap_or_default();
    !fields.is_empty()
        && fields.iter().all(|field| {
            let name = field["field"].as_str().unwrap_or_default();
            name.starts_with("bills.") && name.ends_with(".amount_fen") && field["code"] == "too_large"
        })
}

/// What an answer speaks of: a thing as it is now, which a colleague may have changed since, or a count.
fn thing(body: &Value) -> [&Value; 3] {
    [&body["id"], &body["row"]["id"], &body["issued"]]
}

/// What the tills did together.
pub fn assert_busy(tills: &[Till]) {
    let mut done = BTreeMap::<&str, usize>::new();
    for (name, times) in tills.iter().flat_map(|till| &till.done) {
        *done.entry(name).or_default() += times;
    }
    println!("the tills: {done:?}");
    for name in MUST_HAPPEN {
        assert!(done.contains_key(name), "{name} never happened: {done:?}");
    }
}
