//! 匹配建议: what money in suspense may pay, the likeliest first, each with its reasons. A person decides.

use super::super::money::Fen;
use super::super::transfer_code::TransferCode;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Suggestions at the most.
pub const SUGGESTIONS_MAX: usize = 8;
/// Bills of one unit over which sums are tried: 2 to the power of it are the tries.
const SUMMED_MAX: usize = 12;

named! {
    /// Why money may pay this.
    pub enum Reason {
        /// 附言码对得上.
        Code = "code",
        /// 附言码差一个字.
        CodeTypo = "code_typo",
        /// 对方账号是这个单位用过的.
        PayerAccount = "payer_account",
        /// 对方户名就是单位名.
        PayerName = "payer_name",
        /// 金额相同.
        SameSum = "same_sum",
        /// 几张账单加起来正好.
        SumOfBills = "sum_of_bills",
        /// 不够付清.
        PartPayment = "part_payment",
        /// 付清后有余，转入预存款.
        Overpayment = "overpayment",
        /// 金额超过限额，自动对上但要复核.
        OverLimit = "over_limit",
    }
}

/// A bill that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenBill {
    /// The bill.
    pub id: Uuid,
    /// Its unit.
    pub unit_id: Uuid,
    /// Its transfer code, as stored.
    pub code: String,
    /// What is still to be paid.
    pub open_fen: Fen,
}

/// Money that waits, and what is known of who sent it.
#[derive(Clone, Debug)]
pub struct Waiting<'w> {
    /// What was written with it.
    pub remark: &'w str,
    /// How much.
    pub amount_fen: Fen,
    /// The unit that last paid from this account.
    pub unit_of_account: Option<Uuid>,
    /// The units that have the payer's name.
    pub units_of_name: &'w [Uuid],
}

/// What money may pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The unit.
    pub unit_id: Uuid,
    /// The bills, each with what is paid of it, in their order.
    pub bills: Vec<(Uuid, Fen)>,
    /// What goes to the unit's deposit.
    pub deposit_fen: Fen,
    /// Why, the strongest reason first.
    pub reasons: Vec<Reason>,
}

/// What money may pay, the likeliest first. `bills` are open and in the order in which they are due.
#[must_use]
pub fn suggest(waiting: &Waiting<'_>, bills: &[OpenBill]) -> Vec<Suggestion> {
    let (right, near) = (
        TransferCode::find_all(waiting.remark),
        TransferCode::find_near(waiting.remark),
    );
    let has = |codes: &[TransferCode], bill: &OpenBill| codes.iter().any(|code| code.as_str() == bill.code);
    let mut found = Vec::<(i32, Suggestion)>::new();
    let mut by_unit = BTreeMap::<Uuid, Vec<&OpenBill>>::new();
    for bill in bills.iter().filter(|bill| bill.open_fen > Fen::ZERO) {
        by_unit.entry(bill.unit_id).or_default().push(bill);
        let why = if has(&right, bill) {
            Some((100, Reason::Code))
        } else if has(&near, bill) {
            Some((60, Reason::CodeTypo))
        } else {
            None
        };
        let same = bill.open_fen == waiting.amount_fen;
        if let Some((weight, reason)) = why {
            found.extend(over(waiting, &[bill], weight, reason));
        } else if same && waiting.knows(bill.unit_id).is_none() {
            found.extend(over(waiting, &[bill], 0, Reason::SameSum));
        }
    }
    for (unit, own) in &by_unit {
        let Some((weight, reason)) = waiting.knows(*unit) else {
            continue;
        };
        let alike: Vec<_> = own
            .iter()
            .filter(|bill| bill.open_fen == waiting.amount_fen)
            .collect();
        for bill in &alike {
            found.extend(over(waiting, &[**bill], weight, reason));
        }
        if alike.is_empty() {
            let chosen = summing_to(waiting.amount_fen, own).unwrap_or_else(|| own.clone());
            found.extend(over(waiting, &chosen, weight, reason));
        }
    }
    ranked(found)
}

impl Waiting<'_> {
    /// How well this unit is known to have sent it.
    fn knows(&self, unit: Uuid) -> Option<(i32, Reason)> {
        if self.unit_of_account == Some(unit) {
            Some((50, Reason::PayerAccount))
        } else if self.units_of_name.contains(&unit) {
            Some((45, Reason::PayerName))
        } else {
            None
        }
    }
}

/// The money over these bills of one unit, oldest first; what is left goes to its deposit.
fn over(
    waiting: &Waiting<'_>,
    bills: &[&OpenBill],
    weight: i32,
    reason: Reason,
) -> Option<(i32, Suggestion)> {
    let unit_id = bills.first()?.unit_id;
    let mut rest = waiting.amount_fen;
    let mut parts = Vec::new();
    for bill in bills {
        let part = rest.min(bill.open_fen);
        if part.is_zero() {
            break;
        }
        parts.push((bill.id, part));
        rest = rest.checked_sub(part).ok()?;
    }
    let open = Fen::checked_sum(bills.iter().map(|bill| bill.open_fen)).ok()?;
    let fits = open == waiting.amount_fen;
    let mut reasons = vec![reason];
    let known = waiting.knows(unit_id).map(|(_, known)| known);
    reasons.extend(known.filter(|known| *known != reason));
    let (more, how) = match (fits, bills.len()) {
        (true, 1) => (30, Reason::SameSum),
        (true, _) => (20, Reason::SumOfBills),
        (false, _) if rest > Fen::ZERO => (-15, Reason::Overpayment),
        (false, _) => (-10, Reason::PartPayment),
    };
    if !reasons.contains(&how) {
        reasons.push(how);
    }
    let known = if known.is_some_and(|known| known != reason) {
        10
    } else {
        0
    };
    let suggestion = Suggestion {
        unit_id,
        bills: parts,
        deposit_fen: rest,
        reasons,
    };
    Some((weight + more + known, suggestion))
}

/// Two or more bills, the oldest rather than the newest, whose open sums come to the sum exactly.
fn summing_to<'b>(sum: Fen, bills: &[&'b OpenBill]) -> Option<Vec<&'b OpenBill>> {
    let bills = bills.get(..bills.len().min(SUMMED_MAX))?;
    (1_u32..1 << bills.len())
        .filter(|chosen| chosen.count_ones() > 1)
        .map(|chosen| {
            let own = bills
                .iter()
                .enumerate()
                .filter(move |(at, _)| chosen >> at & 1 == 1);
            own.map(|(_, bill)| *bill).collect::<Vec<_>>()
        })
        .find(|own| Fen::checked_sum(own.iter().map(|bill| bill.open_fen)) == Ok(sum))
}

/// The likeliest first, each set of bills once.
fn ranked(mut found: Vec<(i32, Suggestion)>) -> Vec<Suggestion> {
    found.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut kept: Vec<Suggestion> = Vec::new();
    for (_, suggestion) in found {
        if kept.len() < SUGGESTIONS_MAX && !kept.iter().any(|known| known.bills == suggestion.bills) {
            kept.push(suggestion);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    fn code(at: u8) -> String {
        TransferCode::of_values([at, 1, 2, 3, 4, 5, 6])
            .as_str()
            .to_owned()
    }

    fn bill(at: u8, unit_id: Uuid, open: i64) -> OpenBill {
        OpenBill {
            id: Uuid::from_u128(u128::from(at) + 100),
            unit_id,
            code: code(at),
            open_fen: Fen(open),
        }
    }

    fn waiting<'w>(remark: &'w str, amount: i64, names: &'w [Uuid]) -> Waiting<'w> {
        Waiting {
            remark,
            amount_fen: Fen(amount),
            unit_of_account: None,
            units_of_name: names,
        }
    }

    fn first(waiting: &Waiting<'_>, bills: &[OpenBill]) -> Suggestion {
        suggest(waiting, bills)
            .into_iter()
            .next()
            .expect("something is suggested")
    }

    #[test]
    fn a_mistyped_code_finds_its_bill() {
        let bills = [bill(1, UNIT, 500), bill(2, OTHER, 500)];
        let mut typed = code(1).into_bytes();
        typed[3] = if typed[3] == b'7' { b'8' } else { b'0' };
        let typed = String::from_utf8(typed).expect("ascii");
        let found = first(&waiting(&format!("货款{typed}"), 500, &[]), &bills);
        assert_eq!(found.bills, [(bills[0].id, Fen(500))]);
        assert_eq!(found.reasons, [Reason::CodeTypo, Reason::SameSum]);
        let all = suggest(&waiting(&typed, 500, &[]), &bills);
        assert_eq!(
            all[1].reasons,
            [Reason::SameSum],
            "the other one has the same sum alone"
        );
    }

    #[test]
    fn a_name_finds_the_bills_that_come_to_the_sum() {
        let bills = [
            bill(1, UNIT, 300),
            bill(2, UNIT, 450),
            bill(3, UNIT, 700),
            bill(4, OTHER, 1_000),
        ];
        let found = first(&waiting("", 1_000, &[UNIT]), &bills);
        assert_eq!(found.bills, [(bills[0].id, Fen(300)), (bills[2].id, Fen(700))]);
        assert_eq!(found.reasons, [Reason::PayerName, Reason::SumOfBills]);
    }

    #[test]
    fn too_little_and_too_much_say_so() {
        let bills = [bill(1, UNIT, 300), bill(2, UNIT, 400)];
        let part = first(&waiting("", 500, &[UNIT]), &bills);
        assert_eq!(part.bills, [(bills[0].id, Fen(300)), (bills[1].id, Fen(200))]);
        assert_eq!(part.reasons, [Reason::PayerName, Reason::PartPayment]);
        let over = first(&waiting(&code(1), 310, &[]), &bills);
        assert_eq!(
            (over.bills.as_slice(), over.deposit_fen),
            ([(bills[0].id, Fen(300))].as_slice(), Fen(10))
        );
        assert_eq!(over.reasons, [Reason::Code, Reason::Overpayment]);
    }

    #[test]
    fn a_known_account_says_more_than_a_name() {
        let bills = [bill(1, UNIT, 300), bill(2, OTHER, 300)];
        let mut asked = waiting("", 300, &[UNIT]);
        asked.unit_of_account = Some(OTHER);
        let found = first(&asked, &bills);
        assert_eq!(found.unit_id, OTHER);
        assert_eq!(found.reasons, [Reason::PayerAccount, Reason::SameSum]);
    }

    #[test]
    fn what_is_suggested_comes_to_the_sum() {
        for amount in [1, 299, 300, 700, 701, 5_000] {
            let bills = [bill(1, UNIT, 300), bill(2, UNIT, 400), bill(3, OTHER, 299)];
            for found in suggest(&waiting(&code(2), amount, &[UNIT]), &bills) {
                let paid = Fen::checked_sum(found.bills.iter().map(|(_, part)| *part)).expect("fits");
                assert_eq!(paid.checked_add(found.deposit_fen), Ok(Fen(amount)), "{found:?}");
            }
        }
        assert!(suggest(&waiting("thanks", 1, &[]), &[]).is_empty());
    }
}
