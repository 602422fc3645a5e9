//! Issuing: the code, the number, the record of both, and the PDF.

use crate::documents::paper::{Paper, Stamp};
use crate::documents::pdf::{self, Job};
use crate::documents::qr;
use crate::ports::ids;
use crate::services::{App, Error, fault};
use crate::store::paper::{IssuedRow, NewIssued};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::paper::IssuedOut;
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::paper::{CODE_CHARS, PaperKind, read_code, show_code};
use uuid::Uuid;

/// A document as a file.
#[derive(Clone, Debug)]
pub struct PdfOut {
    /// Its name, Chinese, with `.pdf`.
    pub name: String,
    /// The code on it.
    pub code: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Where a document's number comes from.
#[derive(Clone)]
pub(super) enum Numbered {
    /// It has one.
    Is(String),
    /// It gets one when it is issued, with this letter.
    New(char),
}

/// A document about to be issued.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) kind: PaperKind,
    /// What it is about: what is issued anew about the same takes the place of what was issued before.
    pub(super) subject: String,
    pub(super) number: Numbered,
    pub(super) sum_fen: Fen,
    /// The unit it belongs to, for the audit log.
    pub(super) unit_id: Option<Uuid>,
    /// The village it belongs to, for the audit log.
    pub(super) village_code: Option<String>,
    pub(super) paper: Paper,
}

/// A document by the code that stands on it.
///
/// # Errors
/// `NotFound` when none was issued with this code.
pub async fn show(app: &App, typed: &str) -> Result<IssuedOut, Error> {
    let code = read_code(typed).ok_or_else(Error::not_found)?;
    let row = store::paper::by_code(app.db.read(), &code)
        .await?
        .ok_or_else(Error::not_found)?;
    Ok(IssuedOut {
        kind: PaperKind::from_name(&row.kind)
            .ok_or_else(|| fault(format!("stored kind of document '{}'", row.kind)))?,
        number: row.number,
        sum_fen: Fen(row.sum_fen),
        issued_on: Micros(row.issued_at).day(),
        superseded_by: (row.newest > row.revision).then_some(row.newest_number),
        code: row.code,
    })
}

/// Issues a document, or finds it as it was issued, and lays it out.
///
/// # Errors
/// `ReadOnly` when it was not issued before and nothing may be written.
pub(super) async fn issue(app: &App, actor: &Actor, draft: Draft) -> Result<PdfOut, Error> {
    let content = serde_json::to_vec(&draft.paper).map_err(fault)?;
    let sha256 = Sha256::digest(&content).to_vec();
    let stored = store::paper::by_content(app.db.read(), &draft.subject, &sha256).await?;
    let issued = match stored.filter(|row| row.revision == row.newest) {
        Some(row) => row,
        None if app.read_only() => return Err(Error::refused(Code::ReadOnly)),
        None => record(app, actor, &draft, sha256).await?,
    };
    let link = format!("{}/d/{}", app.config.public_url, issued.code);
    let stamp = Stamp {
        code: show_code(&issued.code),
        qr: qr::svg(&link).map_err(fault)?,
        link,
        issued_on: Micros(issued.issued_at).day(),
        number: issued.number,
    };
    let name = draft.paper.file_name(&stamp.number);
    let job = Job {
        template: draft.paper.template(),
        ident: issued.code.clone(),
        day: stamp.issued_on,
        data: draft.paper.stamped(stamp),
    };
    // What goes into a document is bounded so that it never gets too long.
    let bytes = pdf::render(job).await.map_err(fault)?;
    Ok(PdfOut {
        name,
        code: issued.code,
        bytes,
    })
}

/// Records the document as the newest of its subject.
async fn record(app: &App, actor: &Actor, draft: &Draft, sha256: Vec<u8>) -> Result<IssuedRow, Error> {
    let (now, actor, draft) = (app.now(), actor.clone(), draft.clone());
    app.db
        .write_quietly(move |tx| {
            let (actor, draft, sha256) = (actor.clone(), draft.clone(), sha256.clone());
            async move { record_in(tx, now, &actor, draft, sha256).await }.boxed()
        })
        .await
}

async fn record_in(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    draft: Draft,
    sha256: Vec<u8>,
) -> Result<IssuedRow, Error> {
    let before = store::paper::by_content(tx, &draft.subject, &sha256).await?;
    if let Some(row) = &before
        && row.revision == row.newest
    {
        return Ok(row.clone());
    }
    let last = store::paper::last_revision(tx, &draft.subject).await?;
    let revision = i32::try_from(last + 1).map_err(fault)?;
    if let Some(row) = &before {
        store::paper::renew(tx, &row.code, revision).await?;
    } else {
        let new = NewIssued {
            code: ids::clear_text(CODE_CHARS),
            kind: draft.kind.as_str(),
            subject: draft.subject.clone(),
            revision,
            sha256: sha256.clone(),
            number: match draft.number {
                Numbered::Is(number) => number,
                Numbered::New(letter) => ids::document_number(letter, now.day()),
            },
            sum_fen: draft.sum_fen.0,
            issued_at: now.0,
        };
        store::paper::insert(tx, new).await?;
    }
    let row = store::paper::by_content(tx, &draft.subject, &sha256)
        .await?
        .ok_or_else(|| fault("a document just issued"))?;
    let entry = store::audit::Entry {
        action: "paper.issue",
        object_kind: "paper",
        object_id: row.number.clone(),
        unit_id: draft.unit_id,
        village_code: draft.village_code,
        detail: draft.kind.as_str().to_owned(),
        ..store::audit::Entry::default()
    };
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    Ok(row)
}
