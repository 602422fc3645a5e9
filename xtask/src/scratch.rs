//! Folders of one run's own, gone with it: on the disk, or in memory where what they hold need not outlive the machine.
//! Thousands of small databases that come and go keep a disk's file system busier than the tests themselves.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// What must be free there before tests settle in it: containers often have 64 MiB.
const ROOM_BYTES: u64 = 4 << 30;
/// What a file system in memory calls itself (statfs(2)).
const TMPFS: u64 = 0x0102_1994;

/// A folder; dropping it removes it and everything in it.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes one on the disk.
    pub fn on_disk(purpose: &str) -> Result<Self> {
        Self::within(&std::env::temp_dir(), purpose)
    }

    /// Makes one in memory, or on the disk of a machine that has no room for it.
    pub fn in_memory(purpose: &str) -> Result<Self> {
        let memory = Path::new(MEMORY);
        if has_room(memory) {
            Self::within(memory, purpose)
        } else {
            Self::on_disk(purpose)
        }
    }

    fn within(base: &Path, purpose: &str) -> Result<Self> {
        remove_left_overs(base);
        let own = std::process::id();
        (0..100)
            .map(|attempt| base.join(format!("jizhou-{own}-{purpose}-{attempt}")))
            .find(|folder| DirBuilder::new().mode(0o700).create(folder).is_ok())
            .map(Self)
            .with_context(|| {
                format!(
                    "No folder can be made in {}: free some space there.",
                    base.display()
                )
            })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("The folder {} could not be removed: {error}.", self.0.display());
        }
    }
}

fn has_room(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|system| {
        let [kind, block] = [system.f_type, system.f_bsize].map(u64::try_from);
        kind == Ok(TMPFS) && block.is_ok_and(|block| system.f_bavail.saturating_mul(block) >= ROOM_BYTES)
    })
}

/// A killed run leaves its folders: nobody else will tidy them.
fn remove_left_overs(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix("jizhou-")?.split('-').next())
            .filter(|owner| owner.bytes().all(|byte| byte.is_ascii_digit()));
        if owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists()) {
            // Another account's left-over is that account's to remove.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
