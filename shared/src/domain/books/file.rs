//! A village's journal as a file of JSON lines: a heading, a line an entry, an ending. Each line has one form only, and its
//! hashes cover all of it, so that whatever is changed, missing or doubled shows, and where.

use super::head::{MonthHead, VillageHead};
use crate::domain::calendar::{Day, Micros};
use crate::domain::hex::{hex, unhex};
use crate::domain::ledger::{
    Account, AccountKind, ChainEntry, GENESIS, IncomeSource, PUBLIC_FORM, PublicLink, TransactionKind,
};
use crate::domain::money::Fen;
use crate::domain::month::Month;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// No line that is written is longer.
pub const LINE_BYTES_MAX: usize = 16 * 1024;

#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
struct Heading {
    form: String,
    village: String,
    entries: i64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: i64,
    day: Day,
    kind: TransactionKind,
    source: Option<IncomeSource>,
    gain_fen: Fen,
    sealed: String,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    private: Option<Private>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ending {
    end: i64,
    income_fen: Fen,
    owed_fen: Fen,
    head: String,
    sha256: String,
}

/// What the seal of an entry covers, for those who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Private {
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// The entry's number within it.
    pub entry_seq: i64,
    /// The kind of account.
    pub account: AccountKind,
    /// Whose account.
    pub owner: String,
    /// The order line behind it.
    pub line: Option<Uuid>,
    /// When it took effect.
    pub effective_at: Micros,
    /// When it was recorded.
    pub recorded_at: Micros,
    /// The kind of the document.
    pub document_kind: String,
    /// The document.
    pub document_id: Uuid,
    /// Its number.
    pub document_number: String,
    /// Who caused it; `None` for the program itself.
    pub actor_id: Option<Uuid>,
    /// Their name at that time.
    pub actor_name: String,
    /// The transaction that it takes back or corrects.
    pub reverses: Option<Uuid>,
}

impl Private {
    /// What the seal of an entry covers beyond what everybody may know.
    #[must_use]
    pub fn of(entry: &ChainEntry) -> Self {
        Self {
            transaction_id: entry.transaction_id,
            entry_seq: entry.entry_seq,
            account: entry.account.kind,
            owner: entry.account.owner.clone(),
            line: entry.line_ref,
            effective_at: entry.effective_at,
            recorded_at: entry.recorded_at,
            document_kind: entry.document_kind.clone(),
            document_id: entry.document_id,
            document_number: entry.document_number.clone(),
            actor_id: entry.actor_id,
            actor_name: entry.actor_name.clone(),
            reverses: entry.reverses,
        }
    }

    /// The full entry, put together again.
    fn entry(&self, village_code: &str, link: &PublicLink) -> Option<ChainEntry> {
        Some(ChainEntry {
            village_code: village_code.to_owned(),
            seq: link.seq,
            transaction_id: self.transaction_id,
            entry_seq: self.entry_seq,
            account: Account::of(self.account, self.owner.clone()),
            amount_fen: link.gain_fen.checked_neg().ok()?,
            income_source: link.source,
            line_ref: self.line,
            effective_at: self.effective_at,
            recorded_at: self.recorded_at,
            kind: link.kind,
            document_kind: self.document_kind.clone(),
            document_id: self.document_id,
            document_number: self.document_number.clone(),
            actor_id: self.actor_id,
            actor_name: self.actor_name.clone(),
            reverses: self.reverses,
        })
    }
}

fn line_of(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string(value).expect("plain values are JSON");
    text.push('\n');
    text
}

fn heading_hash(village: &str, entries: i64) -> String {
    hex(&Sha256::digest(format!("{PUBLIC_FORM}\n{village}\n{entries}\n")))
}

/// A journal's file in the making.
pub struct JournalWriter {
    hasher: Sha256,
    income_fen: i64,
    owed_fen: i64,
    end: i64,
    head: [u8; 32],
}

impl JournalWriter {
    /// A file of so many entries, with its heading.
    #[must_use]
    pub fn begin(village: &str, entries: i64) -> (Self, String) {
        let heading = Heading {
            form: PUBLIC_FORM.to_owned(),
            village: village.to_owned(),
            entries,
            sha256: heading_hash(village, entries),
        };
        let mut writer = Self {
            hasher: Sha256::new(),
            income_fen: 0,
            owed_fen: 0,
            end: 0,
            head: GENESIS,
        };
        let line = writer.counted(line_of(&heading));
        (writer, line)
    }

    /// The line of an entry, with the hash that is stored for it: a file hides nothing that was done to the books.
    pub fn line(&mut self, link: &PublicLink, hash: [u8; 32], private: Option<Private>) -> String {
        let line = Line {
            seq: link.seq,
            day: link.day,
            kind: link.kind,
            source: link.source,
            gain_fen: link.gain_fen,
            sealed: hex(&link.sealed),
            hash: hex(&hash),
            private,
        };
        self.income_fen = self.income_fen.saturating_add(link.income_fen().0);
        self.owed_fen = self.owed_fen.saturating_add(link.owed_fen().0);
        (self.end, self.head) = (link.seq, hash);
        self.counted(line_of(&line))
    }

    /// The last line.
    #[must_use]
    pub fn end(self) -> String {
        line_of(&Ending {
            end: self.end,
            income_fen: Fen(self.income_fen),
            owed_fen: Fen(self.owed_fen),
            head: hex(&self.head),
            sha256: hex(&self.hasher.finalize()),
        })
    }

    fn counted(&mut self, line: String) -> String {
        self.hasher.update(&line);
        line
    }
}

/// What is wrong with a file, first of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The line.
    pub line: u64,
    /// What.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The heading is not as it was written.
    Heading,
    /// This entry is not as it was written.
    Changed(i64),
    /// This entry is missing; another stands in its place.
    Missing(i64),
    /// This entry stands there a second time.
    Doubled(i64),
    /// The file ends, and this entry is still to come.
    CutOff(i64),
    /// The ending is missing.
    NoEnding,
    /// The ending is not as it was written.
    Ending,
    /// Something stands behind the ending.
    Behind,
    /// The published head names no such village.
    UnknownVillage(String),
    /// The file has fewer entries than the published head.
    Shorter(i64),
    /// The entries up to this one are not those of the published head.
    Unpublished(i64),
    /// The sums up to this entry are not those of the published head.
    Sums(i64),
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.what {
            What::Heading => write!(f, "the heading was changed"),
            What::Changed(seq) => write!(f, "entry {seq} was changed"),
            What::Missing(seq) => write!(f, "entry {seq} is missing here"),
            What::Doubled(seq) => write!(f, "entry {seq} is doubled"),
            What::CutOff(seq) => write!(f, "the file is cut off: entry {seq} and what follows is missing"),
            What::NoEnding => write!(f, "the file is cut off: its last line is missing"),
            What::Ending => write!(f, "the last line was changed"),
            What::Behind => write!(f, "something stands behind the last line"),
            What::UnknownVillage(code) => write!(f, "the published head knows no village {code}"),
            What::Shorter(seq) => write!(f, "entry {seq} was published and is missing"),
            What::Unpublished(seq) => write!(
                f,
                "the entries up to {seq} hang together, but they are not those whose hash was published"
            ),
            What::Sums(seq) => write!(f, "the sums up to entry {seq} are not those that were published"),
        }
    }
}

/// A file in which every byte is as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The village's code.
    pub village: String,
    /// Its entries.
    pub entries: i64,
    /// All collective income.
    pub income_fen: Fen,
    /// What the market still owes the village.
    pub owed_fen: Fen,
    /// The hash of the last entry.
    pub head: [u8; 32],
    /// Whether every entry came with all that its seal covers.
    pub full: bool,
    /// Up to which entry a published head vouches for it, and of which month.
    pub published: Option<(Month, i64)>,
}

/// Follows a file line by line, in bounded memory.
pub struct JournalCheck {
    published: Option<MonthHead>,
    hasher: Sha256,
    line: u64,
    heading: Option<Heading>,
    so_far: VillageHead,
    sealed: [u8; 32],
    full: bool,
    at_head: Option<VillageHead>,
    ended: bool,
}

impl JournalCheck {
    /// Begins; with a published head, the journal is compared with it too.
    #[must_use]
    pub fn new(published: Option<MonthHead>) -> Self {
        Self {
            published,
            hasher: Sha256::new(),
            line: 0,
            heading: None,
            so_far: VillageHead::empty(String::new()),
            sealed: GENESIS,
            full: true,
            at_head: None,
            ended: false,
        }
    }

    /// The next line, with its line end.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn line(&mut self, line: &[u8]) -> Result<(), Flaw> {
        self.line += 1;
        let at = self.line;
        let flaw = |what| Flaw { line: at, what };
        if self.ended {
            return Err(flaw(What::Behind));
        }
        let Some(heading) = &self.heading else {
            return self
                .heading_line(line)
                .ok_or_else(|| flaw(What::Heading))?
                .map_err(flaw);
        };
        let (entries, next) = (heading.entries, self.so_far.length + 1);
        if self.so_far.length == entries {
            // One entry more than there are is a doubled one; anything else stands where the ending should.
            if let Some(entry) = exactly::<Line>(line) {
                return Err(flaw(What::Doubled(entry.seq)));
            }
            return self.ending_line(line).ok_or_else(|| flaw(What::Ending));
        }
        match exactly::<Line>(line) {
            Some(entry) => self.entry_line(line, entry, next).map_err(flaw),
            None if exactly::<Ending>(line).is_some() => Err(flaw(What::CutOff(next))),
            None => Err(flaw(What::Changed(next))),
        }
    }

    fn heading_line(&mut self, line: &[u8]) -> Option<Result<(), What>> {
        let heading: Heading = exactly(line)?;
        let good = heading.form == PUBLIC_FORM
            && heading.entries >= 0
            && heading.sha256 == heading_hash(&heading.village, heading.entries);
        good.then_some(())?;
        if let Some(published) = &self.published {
            let Some(village) = published.village(&heading.village) else {
                return Some(Err(What::UnknownVillage(heading.village)));
            };
            if village.length > heading.entries {
                return Some(Err(What::Shorter(heading.entries + 1)));
            }
        }
        self.hasher.update(line);
        self.so_far = VillageHead::empty(heading.village.clone());
        self.heading = Some(heading);
        Some(self.compare())
    }

    fn entry_line(&mut self, line: &[u8], entry: Line, next: i64) -> Result<(), What> {
        let changed = || What::Changed(next);
        let (Some(sealed), Some(hash)) = (unhex::<32>(&entry.sealed), unhex::<32>(&entry.hash)) else {
            return Err(changed());
        };
        let code = self.so_far.code.clone();
        let link = PublicLink {
            seq: next,
            day: entry.day,
            kind: entry.kind,
            source: entry.source,
            gain_fen: entry.gain_fen,
            sealed,
        };
        let fits = link.hash(&code, self.so_far.head) == hash;
        if entry.seq != next {
            return Err(match entry.seq {
                // Only its number is another: it is the right entry.
                _ if fits => changed(),
                seq if seq < next && seq > 0 => What::Doubled(seq),
                _ => What::Missing(next),
            });
        }
        if !fits {
            return Err(changed());
        }
        match &entry.private {
            Some(private) => {
                let whole = private.entry(&code, &link).ok_or_else(changed)?;
                if whole.hash(self.sealed) != sealed || whole.effective_at.day() != link.day {
                    return Err(changed());
                }
            }
            None => self.full = false,
        }
        let month = self
            .published
            .as_ref()
            .map_or(Month::of(link.day), |head| head.month);
        self.so_far = self.so_far.with(&link, hash, month).ok_or_else(changed)?;
        self.sealed = sealed;
        self.hasher.update(line);
        self.compare()
    }

    /// Compares with the published head, once so many entries are read.
    fn compare(&mut self) -> Result<(), What> {
        let Some(published) = self
            .published
            .as_ref()
            .and_then(|head| head.village(&self.so_far.code))
        else {
            return Ok(());
        };
        if published.length != self.so_far.length {
            return Ok(());
        }
        if published.head != self.so_far.head {
            return Err(What::Unpublished(published.length));
        }
        if *published != self.so_far {
            return Err(What::Sums(published.length));
        }
        self.at_head = Some(self.so_far.clone());
        Ok(())
    }

    fn ending_line(&mut self, line: &[u8]) -> Option<()> {
        let ending: Ending = exactly(line)?;
        let wanted = Ending {
            end: self.so_far.length,
            income_fen: self.so_far.income_fen,
            owed_fen: self.so_far.owed_fen,
            head: hex(&self.so_far.head),
            sha256: hex(&self.hasher.clone().finalize()),
        };
        self.ended = line_of(&ending) == line_of(&wanted);
        self.ended.then_some(())
    }

    /// Ends behind the last line.
    ///
    /// # Errors
    /// What is missing.
    pub fn finish(self) -> Result<Whole, Flaw> {
        let line = self.line + 1;
        let Some(heading) = self.heading else {
            return Err(Flaw {
                line,
                what: What::Heading,
            });
        };
        if !self.ended {
            let what = if self.so_far.length < heading.entries {
                What::CutOff(self.so_far.length + 1)
            } else {
                What::NoEnding
            };
            return Err(Flaw { line, what });
        }
        Ok(Whole {
            village: heading.village,
            entries: self.so_far.length,
            income_fen: self.so_far.income_fen,
            owed_fen: self.so_far.owed_fen,
            head: self.so_far.head,
            full: self.full && self.so_far.length > 0,
            published: self
                .published
                .zip(self.at_head)
                .map(|(head, at)| (head.month, at.length)),
        })
    }
}

/// A line's value, when the line is written exactly as the value would be.
fn exactly<T: Serialize + serde::de::DeserializeOwned>(line: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(line.strip_suffix(b"\n")?).ok()?;
    (line_of(&value).as_bytes() == line).then_some(value)
}
