//! What is known of stored files; their bytes lie behind the port.

use super::{Connection, Rows, Tx, one};
use sea_orm::{DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A file to note.
#[derive(Clone)]
pub struct NewFile {
    /// Its id.
    pub id: Uuid,
    /// The hash of its bytes.
    pub sha256: Vec<u8>,
    /// Its kind.
    pub mime: &'static str,
    /// Bytes stored.
    pub bytes: i64,
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
    /// The unit whose person stored it.
    pub unit_id: Option<Uuid>,
    /// Who stored it.
    pub stored_by: Uuid,
    /// When.
    pub stored_at: Micros,
}

/// Notes a file.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, file: NewFile) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "sha256",
        "mime",
        "bytes",
        "width",
        "height",
        "unit_id",
        "stored_by",
        "stored_at",
    ];
    Rows::into("files", columns)
        .row([
            file.id.into(),
            file.sha256.into(),
            file.mime.into(),
            file.bytes.into(),
            file.width.into(),
            file.height.into(),
            file.unit_id.into(),
            file.stored_by.into(),
            file.stored_at.0.into(),
        ])
        .insert(tx)
        .await
}

/// A file as noted.
#[derive(FromQueryResult)]
pub struct FileRow {
    /// Its kind.
    pub mime: String,
}

/// A file.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_id(connection: &Connection, id: Uuid) -> Result<Option<FileRow>, DbErr> {
    one(connection, "select mime from files where id = $1", [id.into()]).await
}
