//! Taking a backup, while the market goes on.

use super::format::{self, FORMAT, HEAD, Head, MANIFEST, Manifest, Member, ROWS_BYTES, TableHead};
use crate::ports::clock::Clock;
use crate::store::dump::{self, Table};
use crate::store::{self, Db, Tx};
use anyhow::{Context as _, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// What was taken.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Rows of all tables.
    pub rows: u64,
    /// Stored photos.
    pub files: usize,
    /// The size of the backup.
    pub bytes: u64,
}

/// Writes a backup of the database and of the stored photos to a new file, and reads it again to be sure of it.
///
/// # Errors
/// One sentence when the database cannot be read, the file exists or cannot be written to its end.
pub async fn take(db: &Db, files: &Path, clock: &dyn Clock, to: &Path) -> anyhow::Result<Taken> {
    if to.exists() {
        bail!("{} exists: a backup is never written over another", to.display());
    }
    // Under another name until it is known to be good, so that a half one is never taken for a backup.
    let part = to.with_extension("part");
    let taken = async {
        let mut archive = Archive::create(&part, clock)?;
        // The rows are read first: a photo is stored before the row that names it, so that no row misses its photo.
        let tx = db.snapshot().await?;
        let rows = write_rows(&tx, db, clock, &mut archive).await;
        tx.rollback().await?;
        let rows = rows?;
        let stored = write_files(files, &mut archive)?;
        archive.finish(rows.clone())?;
        let checked = super::check(&part).context("the backup that was just written does not read")?;
        let bytes = std::fs::metadata(&part)?.len();
        std::fs::rename(&part, to)?;
        debug_assert_eq!(checked.manifest.rows, rows, "what was read is what was written");
        Ok(Taken {
            rows: rows.values().sum(),
            files: stored,
            bytes,
        })
    }
    .await;
    if taken.is_err() {
        // It may not have come to be at all.
        let _ = std::fs::remove_file(&part);
    }
    taken
}

async fn write_rows(
    tx: &Tx,
    db: &Db,
    clock: &dyn Clock,
    archive: &mut Archive,
) -> anyhow::Result<BTreeMap<String, u64>> {
    let tables = dump::tables(tx).await?;
    let (steps, _) = store::steps(tx).await?;
    if steps.is_empty() {
        bail!("the database has no schema: there is nothing to keep");
    }
    let head = Head {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        engine: format!("{:?}", db.backend()).to_lowercase(),
        taken_at: clock.now().0,
        steps,
        tables: tables.iter().map(head_of).collect(),
    };
    archive.add(HEAD, &serde_json::to_vec_pretty(&head)?)?;
    let mut counts = BTreeMap::new();
    for table in &tables {
        let (mut chunk, mut number, mut rows) = (String::new(), 0_u32, 0_u64);
        let mut last = None;
        loop {
            let read = dump::rows(tx, table, last.as_deref()).await?;
            let more = read.len() == dump::ROWS;
            last = read.last().cloned();
            for row in read {
                chunk.push_str(&format::line(row));
                rows += 1;
                if chunk.len() >= ROWS_BYTES {
                    number += 1;
                    archive.add(&member_name(table, number), chunk.as_bytes())?;
                    chunk.clear();
                }
            }
            if !more {
                break;
            }
        }
        if !chunk.is_empty() {
            archive.add(&member_name(table, number + 1), chunk.as_bytes())?;
        }
        counts.insert(table.name.clone(), rows);
    }
    Ok(counts)
}

fn head_of(table: &Table) -> TableHead {
    TableHead {
        name: table.name.clone(),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
    }
}

fn member_name(table: &Table, number: u32) -> String {
    format!("tables/{}/{number:06}.jsonl", table.name)
}

fn write_files(folder: &Path, archive: &mut Archive) -> anyhow::Result<usize> {
    let mut stored = Vec::new();
    below(folder, &mut stored)
        .with_context(|| format!("the stored photos in {} cannot be read", folder.display()))?;
    stored.sort_unstable();
    for path in &stored {
        let name = path.strip_prefix(folder).unwrap_or(path);
        let name = name
            .to_str()
            .with_context(|| format!("{} has a name that is no text", path.display()))?;
        archive.add_file(&format!("{}/{name}", super::FILES), path)?;
    }
    Ok(stored.len())
}

/// Every whole file below a folder, which may be missing.
fn below(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, found)?;
        } else if path.extension().is_none_or(|ending| ending != "part") {
            found.push(path);
        }
    }
    Ok(())
}

/// A backup while it is being written.
struct Archive {
    tar: tar::Builder<GzEncoder<BufWriter<File>>>,
    members: Vec<Member>,
    at_s: u64,
}

impl Archive {
    fn create(path: &Path, clock: &dyn Clock) -> anyhow::Result<Self> {
        // It holds people's names and the hashes of their passwords: for its owner alone.
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self {
            tar: tar::Builder::new(GzEncoder::new(BufWriter::new(file), Compression::fast())),
            members: Vec::new(),
            at_s: u64::try_from(clock.now().0 / 1_000_000).unwrap_or_default(),
        })
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let length = u64::try_from(bytes.len())?;
        self.append(name, length, bytes)
    }

    fn add_file(&mut self, name: &str, path: &Path) -> anyhow::Result<()> {
        let unreadable = || format!("{} cannot be read", path.display());
        let file = File::open(path).with_context(unreadable)?;
        let length = file.metadata().with_context(unreadable)?.len();
        self.append(name, length, file.take(length))
            .with_context(unreadable)
    }

    fn append(&mut self, name: &str, bytes: u64, content: impl Read) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(self.at_s);
        let mut hashed = Hashed {
            inner: content,
            hasher: Sha256::new(),
        };
        self.tar.append_data(&mut header, name, &mut hashed)?;
        if name != MANIFEST {
            self.members.push(Member {
                name: name.to_owned(),
                bytes,
                sha256: format::hex(&hashed.hasher.finalize()),
            });
        }
        Ok(())
    }

    fn finish(mut self, rows: BTreeMap<String, u64>) -> anyhow::Result<()> {
        let manifest = Manifest {
            rows,
            members: std::mem::take(&mut self.members),
        };
        self.add(MANIFEST, &serde_json::to_vec_pretty(&manifest)?)?;
        let mut file = self.tar.into_inner()?.finish()?;
        file.flush()?;
        // On the disk before it is called a backup.
        file.get_ref().sync_all()?;
        Ok(())
    }
}

/// A reader that hashes what passes.
pub(super) struct Hashed<R> {
    /// What is read.
    pub inner: R,
    /// The hash so far.
    pub hasher: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..length]);
        Ok(length)
    }
}
