//! 账链: a village's journal for everybody, as a page and as a file that anybody can check on another machine; and the same
//! file with all that the seals cover, for those who may read it.

use super::ledger::{hash_of, hex};
use super::verify::chain_entry;
use super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::journal::JournalRow;
use crate::store::verify::LinkRow;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use shared::api::books::{JournalLink, JournalOut};
use shared::api::page::Page;
use shared::api::problem::FieldCode;
use shared::domain::books::{JournalWriter, Private};
use shared::domain::identity::Actor;
use shared::domain::ledger::{GENESIS, PublicLink};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::rights::{Action, Place};

/// Entries read at once while a file is written.
const AT_ONCE: i64 = 1000;

/// A village's journal as everybody may see it, the newest entries first.
///
/// # Errors
/// `NotFound` when there is no such village; `Invalid` for a bad `after`.
pub async fn show(app: &App, code: &str, after: Option<&str>, limit: i64) -> Result<JournalOut, Error> {
    let read = app.db.read();
    let before = match after.filter(|text| !text.is_empty()) {
        None => i64::MAX,
        Some(text) => text
            .parse()
            .map_err(|_| Error::field("after", FieldCode::NotAChoice))?,
    };
    let village = found(app, code).await?;
    let limit = paging::limit(limit);
    let mut rows = store::journal::newest(read, code, before, limit + 1).await?;
    let take = usize::try_from(limit).map_err(fault)?;
    let more = rows.len() > take;
    rows.truncate(take);
    let next = rows.last().filter(|_| more).map(|row| row.chain_seq.to_string());
    let published = village.published.map(month_of).transpose()?;
    Ok(JournalOut {
        length: village.length,
        head: village.public_head.as_deref().map(hex).unwrap_or_default(),
        income_fen: Fen(village.income_fen),
        owed_fen: Fen(village.owed_fen),
        published,
        links: Page {
            items: rows.iter().map(link_out).collect::<Result<_, _>>()?,
            next,
        },
        village_code: village.code,
        village_name: village.name,
        town_name: village.town_name,
    })
}

async fn found(app: &App, code: &str) -> Result<JournalRow, Error> {
    let row = store::journal::journal(app.db.read(), code).await?;
    row.ok_or_else(Error::not_found)
}

pub(super) fn month_of(stored: i32) -> Result<Month, Error> {
    Month::from_number(stored).ok_or_else(|| fault("a stored month"))
}

fn link_out(row: &LinkRow) -> Result<JournalLink, Error> {
    let (link, _) = link_of(row)?;
    Ok(JournalLink {
        seq: link.seq,
        day: link.day,
        kind: link.kind,
        source: link.source,
        gain_fen: link.gain_fen,
        sealed: hex(&link.sealed),
        hash: row.public_hash.as_deref().map(hex).unwrap_or_default(),
    })
}

/// What everybody may know of a stored entry, and what its seal covers.
fn link_of(row: &LinkRow) -> Result<(PublicLink, Private), Error> {
    let entry = chain_entry(row).map_err(fault)?;
    let link = PublicLink::of(&entry, hash_of(&row.hash)?).map_err(fault)?;
    Ok((link, Private::of(&entry)))
}

/// What of a journal's file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// What everybody may know.
    Public,
    /// All that the seals cover too.
    Full,
}

/// A file that is written while it is sent, in bounded memory.
pub struct Statement {
    /// Its name.
    pub name: String,
    /// Its lines, many at once.
    pub lines: BoxStream<'static, Result<String, Error>>,
}

/// A village's journal as a file, for everybody.
///
/// # Errors
/// `NotFound` when there is no such village.
pub async fn statement(app: &App, code: &str) -> Result<Statement, Error> {
    written(app, code, Part::Public).await
}

/// A village's journal as a file with all that the seals cover.
///
/// # Errors
/// `NotFound` when there is no such village or it is not the actor's to see.
pub async fn full_statement(app: &App, actor: &Actor, code: &str) -> Result<Statement, Error> {
    right::require(actor, Action::LedgerRead, Place::village(code))?;
    written(app, code, Part::Full).await
}

async fn written(app: &App, code: &str, part: Part) -> Result<Statement, Error> {
    let village = found(app, code).await?;
    // Entries are never changed: those up to the length of now are one state of the journal, whatever comes meanwhile.
    let (writer, heading) = JournalWriter::begin(&village.code, village.length);
    let state = Writing {
        app: app.clone(),
        code: village.code.clone(),
        last: village.length,
        after: 0,
        part,
        writer: Some(writer),
        heading: Some(heading),
    };
    let name = match part {
        Part::Public => format!("jizhou-journal-{}.jsonl", village.code),
        Part::Full => format!("jizhou-journal-{}-full.jsonl", village.code),
    };
    Ok(Statement {
        name,
        lines: futures::stream::try_unfold(state, Writing::next).boxed(),
    })
}

struct Writing {
    app: App,
    code: String,
    last: i64,
    after: i64,
    part: Part,
    writer: Option<JournalWriter>,
    heading: Option<String>,
}

impl Writing {
    /// The next lines; nothing behind the last.
    async fn next(mut self) -> Result<Option<(String, Self)>, Error> {
        if let Some(heading) = self.heading.take() {
            return Ok(Some((heading, self)));
        }
        let Some(mut writer) = self.writer.take() else {
            return Ok(None);
        };
        let span = (self.after, self.last);
        let rows = store::journal::onward(self.app.db.read(), &self.code, span, AT_ONCE).await?;
        let Some(last) = rows.last() else {
            return Ok(Some((writer.end(), self)));
        };
        self.after = last.chain_seq;
        let mut lines = String::with_capacity(rows.len() * 300);
        for row in &rows {
            let (link, private) = link_of(row)?;
            let hash = row.public_hash.as_deref().map_or(Ok(GENESIS), hash_of)?;
            let private = (self.part == Part::Full).then_some(private);
            lines.push_str(&writer.line(&link, hash, private));
        }
        self.writer = Some(writer);
        Ok(Some((lines, self)))
    }
}
