//! What the command line does besides serving.

pub mod backup;
pub mod books;
pub mod doctor;
pub mod read_only;

use std::fs::File;
use std::path::Path;

/// The file in the data folder that a serving program holds.
const LOCK_FILE: &str = "jizhou.lock";

/// Marks a data folder as in use; dropped, or when the process ends however it may, it is free again.
pub struct InUse(File);

/// Claims the data folder: alone (SQLite has one writer) or beside others of the same kind.
///
/// # Errors
/// One sentence when another process has it, or the folder cannot be written.
pub fn claim(data: &Path, alone: bool) -> anyhow::Result<InUse> {
    std::fs::create_dir_all(data)
        .map_err(|error| anyhow::anyhow!("the data folder {} cannot be made ({error})", data.display()))?;
    let path = data.join(LOCK_FILE);
    let file = File::create(&path).map_err(|error| {
        anyhow::anyhow!(
            "{} cannot be written ({error}): mend the folder's owner or mode",
            path.display()
        )
    })?;
    let taken = if alone {
        file.try_lock()
    } else {
        file.try_lock_shared()
    };
    match taken {
        Ok(()) => Ok(InUse(file)),
        Err(std::fs::TryLockError::WouldBlock) => anyhow::bail!(
            "another program serves the data folder {}: stop it first, or use another folder with --data",
            data.display()
        ),
        Err(std::fs::TryLockError::Error(error)) => {
            anyhow::bail!("{} cannot be locked ({error})", path.display())
        }
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        // The end of the process frees it as well.
        let _ = self.0.unlock();
    }
}
