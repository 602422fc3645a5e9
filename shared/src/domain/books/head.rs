//! What a closed month says of itself: a text that is signed and published, line by line in one form only.

use super::Turnover;
use crate::domain::calendar::{Day, Micros};
use crate::domain::hex::{hex, unhex};
use crate::domain::ledger::{AccountKind, PublicLink};
use crate::domain::money::Fen;
use crate::domain::month::Month;
use sha2::{Digest as _, Sha256};

/// The first line; another form would have another one.
const FORM: &str = "jizhou books 1";

/// A village's journal at the moment of the close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillageHead {
    /// The village's 12-digit code.
    pub code: String,
    /// Entries so far, those after the month's end among them.
    pub length: i64,
    /// The hash of the last one in the public chain; noughts when there is none.
    pub head: [u8; 32],
    /// All collective income so far.
    pub income_fen: Fen,
    /// What the market still owes the village.
    pub owed_fen: Fen,
    /// The collective income of the month itself.
    pub month_income_fen: Fen,
}

/// A closed month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthHead {
    /// The month.
    pub month: Month,
    /// When it was closed, in whole seconds.
    pub closed_at: Micros,
    /// The hash of the text of the month closed before; noughts for the first.
    pub previous: [u8; 32],
    /// Entries that took effect in the month.
    pub entries: i64,
    /// Accounts of the trial balance at the month's end.
    pub accounts: i64,
    /// The hash of that list, account by account.
    pub trial_hash: String,
    /// For every kind of account: what moved in the month, and all so far.
    pub kinds: Vec<(AccountKind, Turnover, Turnover)>,
    /// Every village, by code.
    pub villages: Vec<VillageHead>,
}

/// Why a text is not what a closed month says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} is not as it was written")]
pub struct HeadFlaw {
    /// The first line that is wrong.
    pub line: usize,
}

impl MonthHead {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(2000 + self.villages.len() * 130);
        let mut line = |words: std::fmt::Arguments<'_>| {
            writeln!(text, "{words}").expect("a String takes every write");
        };
        line(format_args!("{FORM}"));
        line(format_args!("month {}", self.month));
        line(format_args!("closed {} +0800", self.closed_at.format_full()));
        line(format_args!("previous {}", hex(&self.previous)));
        line(format_args!("entries {}", self.entries));
        line(format_args!("accounts {} {}", self.accounts, self.trial_hash));
        for (kind, moved, so_far) in &self.kinds {
            line(format_args!(
                "kind {} {} {} {} {}",
                kind.as_str(),
                moved.debit_fen.0,
                moved.credit_fen.0,
                so_far.debit_fen.0,
                so_far.credit_fen.0
            ));
        }
        for village in &self.villages {
            line(format_args!(
                "village {} {} {} {} {} {}",
                village.code,
                village.length,
                hex(&village.head),
                village.income_fen.0,
                village.owed_fen.0,
                village.month_income_fen.0
            ));
        }
        line(format_args!("end"));
        text
    }

    /// The hash of the text.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.text()).into()
    }

    /// Reads the text; every line must be exactly what would be written.
    ///
    /// # Errors
    /// The first line that is not.
    pub fn parse(text: &str) -> Result<Self, HeadFlaw> {
        let mut lines = Lines {
            lines: text.split_inclusive('\n').peekable(),
            at: 0,
        };
        lines.exact(FORM)?;
        let month = lines.one("month", |word| word.parse().ok())?;
        let closed_at = lines.read(closed_of)?;
        let previous = lines.one("previous", unhex)?;
        let entries = lines.one("entries", number)?;
        let (accounts, trial_hash) = lines.read(|line| match *words(line, "accounts")? {
            [count, hash] => Some((number(count)?, unhex::<32>(hash).map(|_| hash.to_owned())?)),
            _ => None,
        })?;
        // As many as there were when the month was closed: later programs know more.
        let mut kinds = Vec::with_capacity(AccountKind::ALL.len());
        while lines.next_is("kind ") {
            kinds.push(lines.read(kind_of)?);
        }
        let mut villages: Vec<VillageHead> = Vec::new();
        while lines.next_is("village ") {
            let last = villages.last().map(|village| village.code.clone());
            villages.push(lines.read(|line| {
                let village = village_of(line)?;
                (last.as_ref().is_none_or(|last| *last < village.code)).then_some(village)
            })?);
        }
        lines.exact("end")?;
        lines.nothing_more()?;
        let head = Self {
            month,
            closed_at,
            previous,
            entries,
            accounts,
            trial_hash,
            kinds,
            villages,
        };
        match first_difference(text, &head.text()) {
            None => Ok(head),
            Some(line) => Err(HeadFlaw { line }),
        }
    }

    /// What it says of a village.
    #[must_use]
    pub fn village(&self, code: &str) -> Option<&VillageHead> {
        self.villages.iter().find(|village| village.code == code)
    }
}

impl VillageHead {
    /// The village's head without any entry.
    #[must_use]
    pub const fn empty(code: String) -> Self {
        Self {
            code,
            length: 0,
            head: super::super::ledger::GENESIS,
            income_fen: Fen::ZERO,
            owed_fen: Fen::ZERO,
            month_income_fen: Fen::ZERO,
        }
    }

    /// The head behind one link more, in the eyes of a month; `None` when a sum can't be held.
    #[must_use]
    pub fn with(&self, link: &PublicLink, hash: [u8; 32], month: Month) -> Option<Self> {
        let in_month = if Month::of(link.day) == month {
            link.income_fen()
        } else {
            Fen::ZERO
        };
        Some(Self {
            code: self.code.clone(),
            length: link.seq,
            head: hash,
            income_fen: self.income_fen.checked_add(link.income_fen()).ok()?,
            owed_fen: self.owed_fen.checked_add(link.owed_fen()).ok()?,
            month_income_fen: self.month_income_fen.checked_add(in_month).ok()?,
        })
    }
}

/// Lines of a text, each with its line end.
struct Lines<'t> {
    lines: std::iter::Peekable<std::str::SplitInclusive<'t, char>>,
    at: usize,
}

impl Lines<'_> {
    fn read<T>(&mut self, read: impl FnOnce(&str) -> Option<T>) -> Result<T, HeadFlaw> {
        self.at += 1;
        let line = self.lines.next().and_then(|line| line.strip_suffix('\n'));
        line.and_then(read).ok_or(HeadFlaw { line: self.at })
    }

    fn exact(&mut self, wanted: &str) -> Result<(), HeadFlaw> {
        self.read(|line| (line == wanted).then_some(()))
    }

    fn one<T>(&mut self, name: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, HeadFlaw> {
        self.read(|line| match *words(line, name)? {
            [word] => read(word),
            _ => None,
        })
    }

    fn next_is(&mut self, start: &str) -> bool {
        self.lines.peek().is_some_and(|line| line.starts_with(start))
    }

    fn nothing_more(&mut self) -> Result<(), HeadFlaw> {
        match self.lines.next() {
            None => Ok(()),
            Some(_) => Err(HeadFlaw { line: self.at + 1 }),
        }
    }
}

/// The words behind the name of a line.
fn words<'l>(line: &'l str, name: &str) -> Option<Box<[&'l str]>> {
    let rest = line.strip_prefix(name)?.strip_prefix(' ')?;
    Some(rest.split(' ').collect())
}

fn number(word: &str) -> Option<i64> {
    word.parse().ok()
}

fn fen(word: &str) -> Option<Fen> {
    number(word).map(Fen)
}

fn closed_of(line: &str) -> Option<Micros> {
    let [day, time, "+0800"] = *words(line, "closed")? else {
        return None;
    };
    let parts: Vec<i64> = time
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [hours, minutes, seconds] = *parts else {
        return None;
    };
    let seconds = hours
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?
        .checked_add(seconds)?;
    Some(
        Day::parse(day)
            .ok()?
            .start()
            .plus_us(seconds.checked_mul(1_000_000)?),
    )
}

fn kind_of(line: &str) -> Option<(AccountKind, Turnover, Turnover)> {
    let [name, moved_debit, moved_credit, debit, credit] = *words(line, "kind")? else {
        return None;
    };
    let turnover = |debit, credit| {
        Some(Turnover {
            debit_fen: fen(debit)?,
            credit_fen: fen(credit)?,
        })
    };
    let kind = AccountKind::from_name(name)?;
    Some((
        kind,
        turnover(moved_debit, moved_credit)?,
        turnover(debit, credit)?,
    ))
}

fn village_of(line: &str) -> Option<VillageHead> {
    let [code, length, head, income, owed, month_income] = *words(line, "village")? else {
        return None;
    };
    Some(VillageHead {
        code: code.to_owned(),
        length: number(length)?,
        head: unhex(head)?,
        income_fen: fen(income)?,
        owed_fen: fen(owed)?,
        month_income_fen: fen(month_income)?,
    })
}

/// The first line in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one
        .split('\n')
        .zip(other.split('\n'))
        .take_while(|(a, b)| a == b)
        .count();
    Some(same + 1)
}

/// A closed month as it is published: its text, the key's name and the signature over the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    /// What it says.
    pub head: MonthHead,
    /// The text that is signed.
    pub text: String,
    /// The key's name.
    pub key_id: String,
    /// The Ed25519 signature over the text's bytes.
    pub signature: [u8; 64],
}

impl SignedHead {
    /// The file: the text, then the key's name and the signature.
    #[must_use]
    pub fn file(text: &str, key_id: &str, signature: &[u8]) -> String {
        format!("{text}key {key_id}\nsignature {}\n", hex(signature))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is not as it would be written.
    pub fn parse(file: &str) -> Result<Self, HeadFlaw> {
        let lines = file.split_inclusive('\n').count();
        let flaw = |from_end: usize| HeadFlaw {
            line: (lines + 1).saturating_sub(from_end),
        };
        let end = file.find("\nend\n").map(|at| at + "\nend\n".len());
        let Some(end) = end else {
            // What is missing may be anywhere: the text itself tells where it goes wrong.
            return Err(MonthHead::parse(file).err().unwrap_or_else(|| flaw(1)));
        };
        let text = &file[..end];
        let head = MonthHead::parse(text)?;
        let behind: Vec<&str> = file[end..].split_inclusive('\n').collect();
        let [key, signature] = *behind else {
            return Err(HeadFlaw {
                line: text.lines().count() + 1 + behind.len().min(2),
            });
        };
        let key_id = key.strip_prefix("key ").and_then(|rest| rest.strip_suffix('\n'));
        let key_id = key_id
            .filter(|id| unhex::<8>(id).is_some())
            .ok_or_else(|| flaw(2))?;
        let signature = signature
            .strip_prefix("signature ")
            .and_then(|rest| rest.strip_suffix('\n'))
            .and_then(unhex)
            .ok_or_else(|| flaw(1))?;
        Ok(Self {
            head,
            text: text.to_owned(),
            key_id: key_id.to_owned(),
            signature,
        })
    }
}
