//! `jizhou backup` and `jizhou restore`.

use crate::backup::{self, FILES};
use crate::config::Config;
use crate::ports::clock::{Clock, SystemClock};
use crate::ports::files::Folder;
use crate::ports::signing;
use crate::services::{App, verify};
use crate::store;
use anyhow::{Context as _, bail};
use shared::domain::calendar::Micros;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// How a backup's name begins, and how it ends.
const NAME: (&str, &str) = ("jizhou-", ".tar.gz");

/// Takes a backup into a file, or into a folder under the time's name; then keeps the newest `keep` of that folder.
///
/// # Errors
/// One sentence when it could not be taken.
pub async fn take(config: &Config, to: &Path, keep: Option<usize>) -> anyhow::Result<ExitCode> {
    existing(config)?;
    let db = store::connect(&config.database_url).await?;
    let (file, folder) = if to.is_dir() {
        (to.join(name_at(SystemClock.now())), Some(to))
    } else {
        (to.to_owned(), None)
    };
    let taken = backup::take(&db, &config.data.join(FILES), &SystemClock, &file).await?;
    println!(
        "{}: {} rows, {} photos, {} bytes; read again and whole",
        file.display(),
        taken.rows,
        taken.files,
        taken.bytes
    );
    if config.books_key.is_none() && signing::path(config).is_file() {
        println!(
            "Not in it, so that who finds a backup signs nothing: the signing key {}. Keep a copy of it apart, or let the \
            next start make a new one.",
            signing::path(config).display()
        );
    }
    match (keep, folder) {
        (Some(keep), Some(folder)) => remove_older(folder, keep)?,
        (Some(_), None) => bail!("--keep goes with a folder: name one with --to"),
        (None, _) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks a backup without restoring it.
///
/// # Errors
/// One sentence when it is not whole.
pub fn check(path: &Path) -> anyhow::Result<ExitCode> {
    let checked = backup::check(path)?;
    let rows: u64 = checked.manifest.rows.values().sum();
    println!(
        "{}: whole. Taken {} from {} by version {}: {rows} rows in {} tables, schema {}",
        path.display(),
        written(checked.head.taken_at),
        checked.head.engine,
        checked.head.program,
        checked.head.tables.len(),
        checked.head.steps.last().map_or("none", String::as_str)
    );
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup into the (empty) database and data folder of the settings; `books` checks the books afterwards.
///
/// # Errors
/// One sentence when it could not be restored.
pub async fn restore(config: &Config, path: &Path, books: bool) -> anyhow::Result<ExitCode> {
    let _alone = super::claim(&config.data, true)?;
    let db = store::connect(&config.database_url).await?;
    let restored = backup::restore(path, &db, &config.data.join(FILES)).await?;
    println!(
        "Restored {} rows and {} photos, as they were at {}.",
        restored.rows,
        restored.files,
        written(restored.taken_at)
    );
    if books {
        return verify(&app(db, config.clone())).await;
    }
    println!("`jizhou verify` checks the books.");
    Ok(ExitCode::SUCCESS)
}

/// Restores a backup into a database that is thrown away, and checks the books: whether it would do, some day.
///
/// # Errors
/// One sentence when it could not be restored.
pub async fn drill(path: &Path) -> anyhow::Result<ExitCode> {
    let folder = tempfile::tempdir().context("no folder for temporary files can be made")?;
    let config = Config {
        data: folder.path().to_owned(),
        database_url: format!("sqlite:{}", folder.path().join("market.sqlite").display()),
        ..Config::default()
    };
    let db = store::connect(&config.database_url).await?;
    let restored = backup::restore(path, &db, &folder.path().join(FILES)).await?;
    println!(
        "Restored {} rows and {} photos into a database that is thrown away.",
        restored.rows, restored.files
    );
    verify(&app(db, config)).await
}

/// Checks the books and prints what was found.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(app: &App) -> anyhow::Result<ExitCode> {
    let result = verify::run(app).await?;
    for check in &result.checks {
        match &check.wrong {
            None => println!("ok    {} ({})", check.name, check.looked_at),
            Some(wrong) => println!("WRONG {}: {wrong}", check.name),
        }
    }
    Ok(if result.clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The program over this database.
#[must_use]
pub fn app(db: store::Db, config: Config) -> App {
    let files = Arc::new(Folder(config.data.join(FILES)));
    App::new(db, Arc::new(SystemClock), files, config)
}

/// Opening a SQLite file makes it; a backup of one that is not there would be an empty one.
///
/// # Errors
/// One sentence when the settings name a SQLite file that is not there.
pub fn existing(config: &Config) -> anyhow::Result<()> {
    if let Some(path) = config.database_url.strip_prefix("sqlite:")
        && !Path::new(path.trim_start_matches("//")).is_file()
    {
        bail!("there is no database {path}: name the data folder with --data, or set database_url");
    }
    Ok(())
}

/// An instant in UTC, as a file's name has it: names in order are backups in order.
fn name_at(now: Micros) -> String {
    let text = written(now.0).replace([':', '-'], "");
    format!("{}{text}{}", NAME.0, NAME.1)
}

/// An instant in UTC, as 2026-11-23T01:00:00Z.
fn written(micros: i64) -> String {
    let at = time::UtcDateTime::from_unix_timestamp(micros.div_euclid(1_000_000)).ok();
    let format = time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    at.and_then(|at| at.format(format).ok()).unwrap_or_default()
}

fn remove_older(folder: &Path, keep: usize) -> anyhow::Result<()> {
    let unreadable = || format!("the folder {} cannot be read", folder.display());
    let mut ours: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with(NAME.0) && name.ends_with(NAME.1) {
            ours.push(path);
        }
    }
    ours.sort_unstable();
    let spare = ours.len().saturating_sub(keep.max(1));
    for path in &ours[..spare] {
        std::fs::remove_file(path).with_context(|| format!("{} cannot be removed", path.display()))?;
        println!("{}: removed, newer ones are kept", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in [
            "jizhou-20261121T000000Z.tar.gz",
            "jizhou-20261122T000000Z.tar.gz",
            "notes.txt",
        ] {
            std::fs::write(folder.path().join(name), "x").expect("written");
        }
        let newest = name_at(Micros(1_795_392_000_000_000));
        assert_eq!(newest, "jizhou-20261123T000000Z.tar.gz");
        std::fs::write(folder.path().join(&newest), "x").expect("written");
        remove_older(folder.path(), 2).expect("removed");
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        left.sort_unstable();
        assert_eq!(
            left,
            ["jizhou-20261122T000000Z.tar.gz", newest.as_str(), "notes.txt"]
        );
    }
}
