//! Reading a backup from its beginning to its end: whether it is whole, and what it has.

use super::format::{self, FORMAT, HEAD, Head, MANIFEST, Manifest, Member, ROWS_BYTES_MAX, TableHead};
use super::take::Hashed;
use anyhow::{Context as _, bail};
use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// A backup that is whole.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it is.
    pub head: Head,
    /// What it has.
    pub manifest: Manifest,
}

/// A backup's members one after the other.
pub(super) type Archive = tar::Archive<GzDecoder<BufReader<File>>>;

/// Opens a backup.
pub(super) fn open(path: &Path) -> anyhow::Result<Archive> {
    let file = File::open(path).with_context(|| format!("the backup {} cannot be opened", path.display()))?;
    Ok(tar::Archive::new(GzDecoder::new(BufReader::new(file))))
}

/// Reads all of a backup and compares every member with its hash.
///
/// # Errors
/// One sentence when it is no backup, is cut off or damaged, or is of a newer program.
pub fn check(path: &Path) -> anyhow::Result<Checked> {
    whole(path).with_context(|| format!("{} is no good backup", path.display()))
}

fn whole(path: &Path) -> anyhow::Result<Checked> {
    let damaged = "it is cut off or damaged: take another one";
    let mut archive = open(path)?;
    let mut found = Found::default();
    for entry in archive.entries().context(damaged)? {
        found.take(entry.context(damaged)?).context(damaged)?;
    }
    // Behind the last member only zeros stand; reading them checks the compressed stream's own sum.
    let mut rest = archive.into_inner();
    std::io::copy(&mut rest, &mut std::io::sink()).context(damaged)?;
    found.finish()
}

#[derive(Default)]
struct Found {
    head: Option<Head>,
    manifest: Option<Manifest>,
    members: Vec<Member>,
    rows: BTreeMap<String, u64>,
}

impl Found {
    fn take(&mut self, entry: tar::Entry<'_, GzDecoder<BufReader<File>>>) -> anyhow::Result<()> {
        let name = name_of(&entry)?;
        let bytes = entry.size();
        if self.manifest.is_some() {
            bail!("{name} stands behind its end");
        }
        if self.head.is_none() && name != HEAD {
            bail!("it does not begin like a backup of the market");
        }
        let table = format::table_of(&name).map(str::to_owned);
        if name == HEAD || name == MANIFEST || table.is_some() {
            let content = read(entry, bytes)?;
            self.note(&name, bytes, &Sha256::digest(&content));
            match table {
                Some(table) => *self.rows.entry(table).or_default() += self.rows_of(&name, &content)?,
                None if name == HEAD => self.head = Some(head_of(&content)?),
                None => {
                    self.manifest = Some(serde_json::from_slice(&content).context("its end cannot be read")?);
                }
            }
        } else {
            let mut hashed = Hashed {
                inner: entry,
                hasher: Sha256::new(),
            };
            std::io::copy(&mut hashed, &mut std::io::sink())?;
            self.note(&name, bytes, &hashed.hasher.finalize());
        }
        Ok(())
    }

    fn note(&mut self, name: &str, bytes: u64, hash: &[u8]) {
        if name != MANIFEST {
            self.members.push(Member {
                name: name.to_owned(),
                bytes,
                sha256: format::hex(hash),
            });
        }
    }

    fn rows_of(&self, member: &str, content: &[u8]) -> anyhow::Result<u64> {
        let rows = format::rows(content).with_context(|| member.to_owned())?;
        let wide = table_head(self.head.as_ref(), member)?.columns.len();
        if rows.iter().any(|row| row.len() != wide) {
            bail!("{member} has a row of another width");
        }
        Ok(u64::try_from(rows.len())?)
    }

    fn finish(mut self) -> anyhow::Result<Checked> {
        let head = self.head.take().context("it is empty")?;
        let manifest = self
            .manifest
            .take()
            .context("it is cut off: its end is missing; take another one")?;
        for (wanted, found) in manifest.members.iter().zip(&self.members) {
            if wanted != found {
                bail!(
                    "{} is not what was written: the file is damaged; take another one",
                    found.name
                );
            }
        }
        if manifest.members.len() != self.members.len() {
            bail!(
                "it has {} members and should have {}",
                self.members.len(),
                manifest.members.len()
            );
        }
        let counted = |table: &TableHead| self.rows.get(&table.name).copied().unwrap_or_default();
        for table in &head.tables {
            if manifest.rows.get(&table.name).copied() != Some(counted(table)) {
                bail!("table {} has not as many rows as its end says", table.name);
            }
        }
        Ok(Checked { head, manifest })
    }
}

fn head_of(content: &[u8]) -> anyhow::Result<Head> {
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
    }
    // The number alone first: a newer format may have another head.
    let version: Version = serde_json::from_slice(content).context("its beginning cannot be read")?;
    if version.format > FORMAT {
        bail!(
            "it is of format {}, this program reads up to {FORMAT}: use the program that wrote it, or a newer one",
            version.format
        );
    }
    serde_json::from_slice(content).context("its beginning cannot be read")
}

/// What the head says of the table that a member belongs to.
pub(super) fn table_head<'h>(head: Option<&'h Head>, member: &str) -> anyhow::Result<&'h TableHead> {
    let name = format::table_of(member).context("it is no member of rows")?;
    let tables = head.map(|head| head.tables.as_slice()).unwrap_or_default();
    tables
        .iter()
        .find(|table| table.name == name)
        .with_context(|| format!("its beginning does not know table {name}"))
}

/// A member's name, which stays below the folder that it is read into.
pub(super) fn name_of(entry: &tar::Entry<'_, GzDecoder<BufReader<File>>>) -> anyhow::Result<String> {
    let path = entry.path()?;
    let plain = path
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    match path.to_str() {
        Some(name) if plain && entry.header().entry_type().is_file() => Ok(name.to_owned()),
        _ => bail!("'{}' is no member of a backup", path.display()),
    }
}

/// A member of bounded size, in memory.
pub(super) fn read(mut entry: impl Read, bytes: u64) -> anyhow::Result<Vec<u8>> {
    if bytes > ROWS_BYTES_MAX {
        bail!("a member is larger than any that is written");
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes)?);
    entry.read_to_end(&mut content)?;
    Ok(content)
}
