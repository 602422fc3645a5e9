//! The key that signs closed months: given by a setting, or in a file of its own in the data folder. It never enters the
//! database or a backup.

use super::ids;
use crate::config::Config;
use anyhow::{Context as _, bail};
use shared::domain::hex::{hex, unhex};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// The key's file in the data folder.
pub const KEY_FILE: &str = "books.key";

/// The secret half of a key: 32 bytes that nobody else may know.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(…)")
    }
}

impl std::str::FromStr for Seed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        unhex(text).map(Self).ok_or(())
    }
}

/// Where the key's file is.
#[must_use]
pub fn path(config: &Config) -> PathBuf {
    config.data.join(KEY_FILE)
}

/// The seed of the key in use, if there is one.
///
/// # Errors
/// One sentence when the file is there and cannot be read, or holds no key.
pub fn seed(config: &Config) -> anyhow::Result<Option<Seed>> {
    match &config.books_key {
        Some(seed) => Ok(Some(seed.clone())),
        None => read(&path(config)),
    }
}

fn read(path: &Path) -> anyhow::Result<Option<Seed>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("the signing key {} cannot be read", path.display()));
        }
    };
    match text.trim().parse() {
        Ok(seed) => Ok(Some(seed)),
        Err(()) => bail!(
            "{} holds no signing key (64 hex digits): put the right one there, or move it away and a new one is made",
            path.display()
        ),
    }
}

/// The seed of the key in use; makes one where there is none.
///
/// # Errors
/// One sentence when it cannot be read or written.
pub fn seed_or_new(config: &Config) -> anyhow::Result<Seed> {
    if let Some(seed) = seed(config)? {
        return Ok(seed);
    }
    let (path, fresh) = (path(config), Seed(ids::new_secret()));
    let part = written_beside(&path, &fresh)?;
    // A link, not a rename: of two programs that begin at once, one makes the key and the other reads it.
    let linked = std::fs::hard_link(&part, &path);
    let removed = std::fs::remove_file(&part);
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(error)
                .with_context(|| format!("the signing key {} cannot be written", path.display()));
        }
    }
    removed.with_context(|| format!("{} cannot be removed", part.display()))?;
    read(&path)?.with_context(|| format!("the signing key {} has gone", path.display()))
}

/// Puts a new key in the place of the one in the file, whose secret half is gone then.
///
/// # Errors
/// One sentence when the key comes from a setting, or the file cannot be written.
pub fn rotate(config: &Config) -> anyhow::Result<Seed> {
    if config.books_key.is_some() {
        bail!("the key is given by the setting books_key: change it there and start the program again");
    }
    let (path, fresh) = (path(config), Seed(ids::new_secret()));
    let part = written_beside(&path, &fresh)?;
    std::fs::rename(&part, &path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(fresh)
}

/// Writes a key, for its owner alone, into a file of its own beside `path`, to the disk.
fn written_beside(path: &Path, seed: &Seed) -> anyhow::Result<PathBuf> {
    let unwritable = || format!("the signing key {} cannot be written", path.display());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).with_context(unwritable)?;
    }
    let part = path.with_extension(format!("key-{}", ids::clear_text(8).to_lowercase()));
    let mut file: File = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&part)
        .with_context(unwritable)?;
    writeln!(file, "{}", hex(&seed.0)).with_context(unwritable)?;
    file.sync_all().with_context(unwritable)?;
    Ok(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;

    fn in_folder(data: &Path) -> Config {
        Config {
            data: data.to_owned(),
            ..Config::default()
        }
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = in_folder(folder.path());
        assert_eq!(seed(&config).expect("readable"), None);
        let made = seed_or_new(&config).expect("made");
        assert_eq!(seed_or_new(&config).expect("read"), made);
        let mode = std::fs::metadata(path(&config)).expect("a file").mode();
        assert_eq!(mode & 0o777, 0o600);
        let files = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(files, 1, "nothing is left beside it");
        let next = rotate(&config).expect("a new one");
        assert_ne!(next, made);
        assert_eq!(seed(&config).expect("readable"), Some(next));
        std::fs::write(path(&config), "not a key").expect("writable");
        assert!(
            seed_or_new(&config).is_err(),
            "a broken key is never written over"
        );
    }

    #[test]
    fn a_given_key_needs_no_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config {
            books_key: Some(Seed([7; 32])),
            ..in_folder(folder.path())
        };
        assert_eq!(seed_or_new(&config).expect("given"), Seed([7; 32]));
        assert!(rotate(&config).is_err());
        assert!(!path(&config).exists());
        assert_eq!(format!("{:?}", Seed([7; 32])), "Seed(…)");
    }
}
