//! Stored bytes: photos, and files of long work.

use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Keeps bytes under an id.
#[async_trait::async_trait]
pub trait Files: Send + Sync {
    /// Stores bytes; storing the same id again replaces them.
    ///
    /// # Errors
    /// When they could not be written to the end.
    async fn put(&self, id: Uuid, bytes: Vec<u8>) -> std::io::Result<()>;

    /// Stores what stands in a file, however large it is.
    ///
    /// # Errors
    /// When it could not be written to the end.
    async fn put_file(&self, id: Uuid, from: &Path) -> std::io::Result<()>;

    /// The bytes of an id to be read one after the other, and how many there are.
    ///
    /// # Errors
    /// When they are there but cannot be read.
    async fn open(&self, id: Uuid) -> std::io::Result<Option<(tokio::fs::File, u64)>>;

    /// The bytes of an id, if there are any.
    ///
    /// # Errors
    /// When they are there but cannot be read.
    async fn get(&self, id: Uuid) -> std::io::Result<Option<Vec<u8>>>;

    /// Throws the bytes of an id away; it is no error when there are none.
    ///
    /// # Errors
    /// When they are there but cannot be thrown away.
    async fn remove(&self, id: Uuid) -> std::io::Result<()>;
}

/// A folder on this machine.
pub struct Folder(pub PathBuf);

#[async_trait::async_trait]
impl Files for Folder {
    async fn put(&self, id: Uuid, bytes: Vec<u8>) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.0).await?;
        // Written beside and renamed, so that a half-written file is never read.
        let part = self.0.join(format!("{id}.part"));
        tokio::fs::write(&part, bytes).await?;
        tokio::fs::rename(&part, self.0.join(id.to_string())).await
    }

    async fn put_file(&self, id: Uuid, from: &Path) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.0).await?;
        let part = self.0.join(format!("{id}.part"));
        tokio::fs::copy(from, &part).await?;
        tokio::fs::rename(&part, self.0.join(id.to_string())).await
    }

    async fn open(&self, id: Uuid) -> std::io::Result<Option<(tokio::fs::File, u64)>> {
        match tokio::fs::File::open(self.0.join(id.to_string())).await {
            Ok(file) => {
                let bytes = file.metadata().await?.len();
                Ok(Some((file, bytes)))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn get(&self, id: Uuid) -> std::io::Result<Option<Vec<u8>>> {
        match tokio::fs::read(self.0.join(id.to_string())).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, id: Uuid) -> std::io::Result<()> {
        match tokio::fs::remove_file(self.0.join(id.to_string())).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
