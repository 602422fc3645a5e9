//! Claims over what was accepted: never for more than was paid, however it is sliced; decided by somebody else.

use super::model::{Claim, ClaimLine, Model, Part, Plea, Shares};
use super::world::{World, code, now_and_then_twice, pick};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::claim;
use shared::api::acceptance::VarianceReason;
use shared::api::claim::{ClaimAgreedIn, ClaimAnswerIn, ClaimIn, ClaimLineIn};
use shared::api::problem::Code;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use tests::Person;
use uuid::Uuid;

pub const MUST_HAPPEN: &[&str] = &[
    "open a claim",
    "be refused a claim",
    "agree to a claim",
    "agree to less than a claim asks",
    "refuse a claim",
    "be refused an answer to a claim",
];

/// Hours in which an acceptance can be disputed.
const TIME_H: i64 = 48;

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    if chance.random_range(0..4) > 0 {
        return world.open_claim(chance).await;
    }
    let mut claims = Vec::new();
    for (at, paper) in world.model.papers.iter().enumerate().skip(world.first_paper) {
        claims.extend((0..paper.claims.len()).map(|number| (at, number)));
    }
    match pick(chance, &claims).copied() {
        Some((paper, number)) => world.answer_claim(chance, paper, number).await,
        None => "find no claim",
    }
}

impl Model {
    /// What was claimed of a line and not refused: amount and sum.
    fn claimed(&self, paper: usize, line: Uuid) -> (i64, i64) {
        let claims = self.papers[paper].claims.iter();
        let lines = claims
            .filter(|claim| claim.plea != Plea::Refused)
            .flat_map(|claim| &claim.lines);
        lines
            .filter(|claimed| claimed.line == line)
            .map(|claimed| (claimed.qty, claimed.agreed.unwrap_or(claimed.asked)))
            .fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
    }

    /// What is asked of lines by an amount (above zero) or by a sum.
    fn ask(&self, paper: usize, asked: &[(Uuid, i64, i64)], now: i64) -> Result<Vec<ClaimLine>, Code> {
        let own = &self.papers[paper];
        if now > own.at + TIME_H * 3_600_000_000 {
            return Err(Code::WrongState);
        }
        let mut lines = Vec::new();
        for (id, qty, sum) in asked {
            let line = own
                .lines
                .iter()
                .find(|line| line.id == *id)
                .ok_or(Code::Invalid)?;
            let (before_qty, before_sum) = self.claimed(paper, *id);
            let left = line.total - before_sum;
            let sum = if *qty > 0 {
                // What is kept costs what it costs; the rest of what was paid comes back.
                left - self.goods[line.good].cost(line.price, line.qty - before_qty - qty)
            } else {
                *sum
            };
            if *qty > line.qty - before_qty || sum < 1 || sum > left {
                return Err(Code::Invalid);
            }
            lines.push(ClaimLine {
                line: *id,
                qty: *qty,
                asked: sum,
                agreed: None,
            });
        }
        Ok(lines)
    }

    /// The word over a claim: what is agreed of each line, or nothing.
    fn answer_claim(&mut self, at: (usize, usize), by: Uuid, agreed: Option<&[i64]>) -> Result<i64, Code> {
        let claim = &mut self.papers[at.0].claims[at.1];
        if claim.by == by {
            return Err(Code::SamePerson);
        }
        let too_much = |agreed: &[i64]| {
            agreed
                .iter()
                .zip(&claim.lines)
                .any(|(sum, line)| *sum > line.asked)
        };
        if agreed.is_some_and(too_much) {
            return Err(Code::Invalid);
        }
        if claim.plea != Plea::Opened {
            return Err(Code::WrongState);
        }
        claim.plea = if agreed.is_some() {
            Plea::Agreed
        } else {
            Plea::Refused
        };
        let mut total = 0;
        for (at, line) in claim.lines.iter_mut().enumerate() {
            let sum = agreed.map_or(0, |agreed| agreed[at]);
            line.agreed = Some(sum);
            total += sum;
        }
        for line in self.papers[at.0].claims[at.1].lines.clone() {
            self.take_back(at.0, &line);
        }
        Ok(total)
    }

    /// Takes back what was agreed of a line. Everybody then has what they would have had of what is left; goods come off
    /// the line when all that was asked for them is agreed, and otherwise only its price falls.
    fn take_back(&mut self, paper: usize, claimed: &ClaimLine) {
        let sum = claimed.agreed.unwrap_or_default();
        if sum == 0 {
            return;
        }
        let order = &self.orders[self.papers[paper].order];
        let unit = order.unit;
        let whose = |part: &&Part| part.lines.iter().any(|line| line.id == claimed.line);
        let part = order.parts.iter().find(whose).expect("a line is of a part").id;
        let lines = &mut self.papers[paper].lines;
        let line = lines.iter_mut().find(|line| line.id == claimed.line);
        let line = line.expect("a claim is over a line");
        if sum == claimed.asked {
            line.kept -= claimed.qty;
        }
        let had = line.held;
        let left = had.village + had.household + had.fee - sum;
        line.held = self.goods[line.good].shares(left, line.kept, self.fee_bp);
        let (good, has) = (line.good, line.held);
        let back = Shares {
            village: had.village - has.village,
            household: had.household - has.household,
            fee: had.fee - has.fee,
        };
        self.owe(unit, part, good, back, -1);
        self.correct_bill(unit, claimed.line, sum);
    }
}

impl World<'_> {
    async fn open_claim(&mut self, chance: &mut StdRng) -> &'static str {
        let papers: Vec<usize> = (self.first_paper..self.model.papers.len()).collect();
        let Some(at) = pick(chance, &papers).copied() else {
            return "find nothing to claim";
        };
        let paper = self.model.papers[at].clone();
        let mut asked = Vec::new();
        for line in &paper.lines {
            if asked.is_empty() || chance.random_range(0..2) == 0 {
                let by_qty = chance.random_range(0..3) > 0;
                let most = if by_qty { line.qty } else { line.total };
                // Now and then more than there is.
                let much = chance.random_range(0..=most + most / 6 + 1);
                asked.push(if by_qty {
                    (line.id, much, 0)
                } else {
                    (line.id, 0, much)
                });
            }
        }
        let lines = asked.iter().map(|(line, qty, sum)| ClaimLineIn {
            line_id: *line,
            qty: Some(Qty(*qty)),
            asked_fen: Some(Fen(*sum)),
            reason: VarianceReason::Quality,
            photo_id: None,
        });
        let input = ClaimIn {
            acceptance_id: paper.id,
            lines: lines.collect(),
            words: "箱底有烂的".to_owned(),
        };
        let who = if chance.random_range(0..5) == 0 {
            &self.market.operator
        } else {
            self.buyer(self.model.orders[paper.order].unit)
        };
        let key = self.app.key();
        let ask = async || claim::open(self.app, who, &key, input.clone()).await;
        let opened = now_and_then_twice(chance, ask).await;
        let expected = self.model.ask(at, &asked, self.app.now().0);
        assert_eq!(
            code(&opened),
            expected.as_ref().err().copied(),
            "{asked:?} of {paper:#?}"
        );
        let (Ok(lines), Ok(opened)) = (expected, opened) else {
            return "be refused a claim";
        };
        assert_eq!(
            opened.row.asked_fen.0,
            lines.iter().map(|line| line.asked).sum::<i64>()
        );
        let by = who.person_id;
        self.model.papers[at].claims.push(Claim {
            id: opened.row.id,
            by,
            plea: Plea::Opened,
            lines,
        });
        "open a claim"
    }

    pub async fn answer_claim(&mut self, chance: &mut StdRng, paper: usize, number: usize) -> &'static str {
        let claim = self.model.papers[paper].claims[number].clone();
        let agree = chance.random_range(0..3) > 0;
        let mut agreed: Vec<i64> = claim.lines.iter().map(|line| line.asked).collect();
        match chance.random_range(0..8) {
            0..3 => agreed[0] = chance.random_range(0..=agreed[0]),
            3 => agreed[0] += 1,
            _ => {}
        }
        let lines = claim.lines.iter().zip(&agreed).map(|(line, sum)| ClaimAgreedIn {
            line_id: line.line,
            agreed_fen: Fen(*sum),
        });
        let input = ClaimAnswerIn {
            agree,
            lines: lines.collect(),
            words: "看过照片".to_owned(),
        };
        let who: &Person = if chance.random_range(0..3) == 0 {
            &self.market.operator
        } else {
            &self.market.driver
        };
        let (by, key) = (who.person_id, self.app.key());
        let ask = async || claim::answer(self.app, who, &key, claim.id, input.clone()).await;
        let answered = now_and_then_twice(chance, ask).await;
        let given = agree.then_some(agreed.as_slice());
        let expected = self.model.answer_claim((paper, number), by, given);
        assert_eq!(code(&answered), expected.err(), "{agreed:?} of {claim:?}");
        let (Ok(sum), Ok(answered)) = (expected, answered) else {
            return "be refused an answer to a claim";
        };
        assert_eq!(answered.row.agreed_fen, Some(Fen(sum)));
        let asked: i64 = claim.lines.iter().map(|line| line.asked).sum();
        match (agree, sum < asked) {
            (false, _) => "refuse a claim",
            (true, true) => "agree to less than a claim asks",
            (true, false) => "agree to a claim",
        }
    }
}
