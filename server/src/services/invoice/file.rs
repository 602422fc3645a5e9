//! The file of an invoice: PDF, OFD or XML as it was issued, or a picture of it.

use super::super::idempotency::{Key, once};
use super::super::work::{Content, FileOut};
use super::super::{App, Error, fault, file};
use super::{find, show, status_of};
use crate::store;
use crate::store::audit::Entry;
use bytes::Bytes;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::invoice::InvoiceOut;
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::Actor;
use shared::domain::invoice::InvoiceStatus;
use shared::domain::rights::Action;
use std::io::Cursor;
use std::sync::Arc;
use uuid::Uuid;

/// The longest side of a picture that is kept, in pixels.
const PICTURE_SIDE: u32 = 2400;
/// The most files in an OFD document.
const OFD_MEMBERS: usize = 1000;

/// Keeps the file of an issued invoice; another one takes its place. Pictures are re-encoded, the others kept as they are
/// and only ever handed out to be saved.
///
/// # Errors
/// `Forbidden`, `NotFound`; `WrongState` before it is issued; `TooLarge`, `UnsupportedFile`; `KeyReused`.
pub async fn attach(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    bytes: Bytes,
) -> Result<InvoiceOut, Error> {
    let record = find(app, actor, id, Action::InvoiceWrite).await?;
    if matches!(
        status_of(&record)?,
        InvoiceStatus::Requested | InvoiceStatus::Cancelled
    ) {
        return Err(Error::wrong_state());
    }
    if bytes.is_empty() {
        return Err(Error::field("file", FieldCode::Required));
    }
    if bytes.len() > file::MAX_BYTES {
        return Err(Error::refused(Code::TooLarge));
    }
    let hash = Sha256::digest(&bytes).to_vec();
    let (mime, kept) = kept(bytes).await?;
    let file_id = app.new_id();
    app.files.put(file_id, kept).await.map_err(fault)?;
    let job = Arc::new((actor.clone(), record, app.now()));
    let () = once(
        app,
        actor.person_id,
        "invoice.file",
        key,
        &(id, hash),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (actor, record, now) = &*job;
                store::invoice::set_file(tx, id, file_id, mime).await?;
                let entry = Entry {
                    action: "invoice.file",
                    object_kind: "invoice",
                    object_id: id.to_string(),
                    unit_id: Some(record.unit_id),
                    detail: mime.to_owned(),
                    ..Entry::default()
                };
                Ok(store::audit::insert(tx, *now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

/// What a file is by its first bytes, and what of it is kept.
async fn kept(bytes: Bytes) -> Result<(&'static str, Vec<u8>), Error> {
    if bytes.starts_with(b"%PDF-") {
        return Ok(("application/pdf", bytes.to_vec()));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return if is_ofd(&bytes) {
            Ok(("application/ofd", bytes.to_vec()))
        } else {
            Err(Error::refused(Code::UnsupportedFile))
        };
    }
    if is_xml(&bytes) {
        return Ok(("application/xml", bytes.to_vec()));
    }
    let [picture] = file::sizes(bytes, [PICTURE_SIDE]).await?;
    Ok(("image/jpeg", picture.jpeg))
}

/// Whether an archive is an OFD document (GB/T 33190): it has `OFD.xml` at its root. Nothing of it is unpacked.
fn is_ofd(bytes: &[u8]) -> bool {
    let archive = zip::ZipArchive::new(Cursor::new(bytes));
    archive.is_ok_and(|archive| {
        archive.len() <= OFD_MEMBERS
            && archive
                .file_names()
                .any(|name| name.is_ok_and(|name| name == "OFD.xml"))
    })
}

/// Whether it is XML text that declares nothing of its own.
fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim_start();
    text.starts_with("<?xml") && !text.contains("<!DOCTYPE") && !text.contains("<!ENTITY")
}

/// The file of an invoice, with its kind.
///
/// # Errors
/// `Forbidden`; `NotFound` when there is none.
pub async fn download(app: &App, actor: &Actor, id: Uuid) -> Result<(String, FileOut), Error> {
    let record = find(app, actor, id, Action::InvoiceRead).await?;
    let (Some(file_id), Some(mime)) = (record.file_id, record.file_mime) else {
        return Err(Error::not_found());
    };
    let stored = app.files.open(file_id).await.map_err(fault)?;
    let (file, bytes) = stored.ok_or_else(Error::not_found)?;
    let end = match mime.as_str() {
        "application/pdf" => "pdf",
        "application/ofd" => "ofd",
        "application/xml" => "xml",
        _ => "jpg",
    };
    let name = format!("{}.{end}", record.invoice_no.unwrap_or_default());
    let content = Content::Stored(file, bytes);
    Ok((mime, FileOut { name, content }))
}
