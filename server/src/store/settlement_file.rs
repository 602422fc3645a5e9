//! The files of a batch: what went to the bank, byte by byte, and what the bank sent, row by row.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

/// A file for the bank, without its bytes.
#[derive(FromQueryResult, Clone, Debug)]
pub struct FileRow {
    /// Its form.
    pub format: String,
    /// Its name.
    pub name: String,
    /// Its hash.
    pub sha256: Vec<u8>,
    /// Its size.
    pub bytes: i64,
}

/// The files of a batch.
///
/// # Errors
/// Whatever the engine answers.
pub async fn files(connection: &impl ConnectionTrait, batch: Uuid) -> Result<Vec<FileRow>, DbErr> {
    let sql = "select format, name, sha256, cast(length(content) as bigint) as bytes from settlement_files
        where batch_id = $1 order by format";
    many(connection, sql, [batch.into()]).await
}

/// A file with its bytes.
#[derive(FromQueryResult, Clone, Debug)]
pub struct FileContent {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Their hash.
    pub sha256: Vec<u8>,
}

/// One file of a batch.
///
/// # Errors
/// Whatever the engine answers.
pub async fn file(
    connection: &impl ConnectionTrait,
    batch: Uuid,
    format: &str,
) -> Result<Option<FileContent>, DbErr> {
    let sql = "select name, content, sha256 from settlement_files where batch_id = $1 and format = $2";
    one(connection, sql, [batch.into(), format.into()]).await
}

/// A file for the bank as it is kept.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// Its form.
    pub format: &'static str,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Their hash.
    pub sha256: Vec<u8>,
}

/// Keeps the files of a batch.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep(tx: &Tx, batch: Uuid, files: &[NewFile]) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "settlement_files",
        &["batch_id", "format", "name", "content", "sha256"],
    );
    for file in files {
        rows.push([
            batch.into(),
            file.format.into(),
            file.name.clone().into(),
            file.content.clone().into(),
            file.sha256.clone().into(),
        ]);
    }
    rows.insert(tx).await
}

/// A result file of the bank.
#[derive(FromQueryResult, Clone, Debug)]
pub struct UploadRecord {
    /// Its id.
    pub id: Uuid,
    /// Its batch.
    pub batch_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its headings, as JSON.
    pub heading: String,
    /// Rows.
    pub rows: i64,
    /// Who brought it.
    pub by_name: String,
    /// When.
    pub at: i64,
    /// When it was applied last.
    pub applied_at: Option<i64>,
}

const UPLOAD: &str = "id, batch_id, name, heading, rows, by_name, at, applied_at";

/// The result files of a batch, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn uploads(
    connection: &impl ConnectionTrait,
    batch: Uuid,
    limit: i64,
) -> Result<Vec<UploadRecord>, DbErr> {
    let sql = format!(
        "select {UPLOAD} from settlement_uploads where batch_id = $1 order by at desc, id desc limit $2"
    );
    many(connection, &sql, [batch.into(), limit.into()]).await
}

/// A result file by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn upload(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<UploadRecord>, DbErr> {
    let sql = format!("select {UPLOAD} from settlement_uploads where id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What stands in a result file, as JSON.
///
/// # Errors
/// Whatever the engine answers.
pub async fn cells(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        cells: String,
    }
    let sql = "select cells from settlement_uploads where id = $1";
    let row: Option<Row> = one(connection, sql, [id.into()]).await?;
    Ok(row.map(|row| row.cells))
}

/// Keeps a result file; the same one twice is one. Answers its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_upload(tx: &Tx, upload: &UploadRecord, sha256: Vec<u8>, cells: &str) -> Result<Uuid, DbErr> {
    Rows::into(
        "settlement_uploads",
        &[
            "id", "batch_id", "name", "sha256", "heading", "cells", "rows", "by_name", "at",
        ],
    )
    .row([
        upload.id.into(),
        upload.batch_id.into(),
        upload.name.clone().into(),
        sha256.clone().into(),
        upload.heading.clone().into(),
        cells.into(),
        upload.rows.into(),
        upload.by_name.clone().into(),
        upload.at.into(),
    ])
    .upsert(tx, &["batch_id", "sha256"], &[])
    .await?;
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
    }
    let sql = "select id from settlement_uploads where batch_id = $1 and sha256 = $2";
    let row: Option<Row> = one(tx, sql, [upload.batch_id.into(), sha256.into()]).await?;
    Ok(row.map_or(upload.id, |row| row.id))
}

/// Notes that a result file was applied.
///
/// # Errors
/// Whatever the engine answers.
pub async fn applied(tx: &Tx, id: Uuid, at: i64) -> Result<(), DbErr> {
    let sql = "update settlement_uploads set applied_at = $2 where id = $1";
    exec(tx, sql, [id.into(), at.into()]).await.map(|_| ())
}

/// How files with these headings were read last, as JSON.
///
/// # Errors
/// Whatever the engine answers.
pub async fn layout(connection: &impl ConnectionTrait, heading: &str) -> Result<Option<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        layout: String,
    }
    let sql = "select layout from settlement_layouts where heading = $1";
    let row: Option<Row> = one(connection, sql, [heading.into()]).await?;
    Ok(row.map(|row| row.layout))
}

/// Remembers how files with these headings are read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remember(tx: &Tx, heading: &str, layout: &str, at: i64) -> Result<(), DbErr> {
    Rows::into("settlement_layouts", &["heading", "layout", "changed_at"])
        .row([heading.into(), layout.into(), at.into()])
        .upsert(tx, &["heading"], &["layout", "changed_at"])
        .await
}
