//! Restoring a backup into an empty database of either engine.

use super::check::{self, name_of, read, table_head};
use super::format::{self, Head};
use crate::store::dump::{self, Table};
use crate::store::{self, Db, Tx};
use anyhow::{Context as _, bail};
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// When the backup was taken, in UTC microseconds.
    pub taken_at: i64,
    /// Rows of all tables.
    pub rows: u64,
    /// Stored photos.
    pub files: usize,
}

/// Checks a backup from beginning to end, loads it into an empty database in one transaction, puts the stored photos
/// into their (empty) folder, and brings the schema up to date. Nothing is kept when anything is wrong.
///
/// # Errors
/// One sentence when the backup is not whole, the database or the folder is not empty, or one cannot be written.
pub async fn restore(path: &Path, db: &Db, files: &Path) -> anyhow::Result<Restored> {
    let checked = super::check(path)?;
    if std::fs::read_dir(files).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!(
            "the folder {} is not empty: restore into another data folder",
            files.display()
        );
    }
    prepare(db, &checked.head).await?;
    let tx = db.load_whole().await?;
    let mut written = Written(Vec::new());
    let loaded = load(path, &tx, &checked.head, files, &mut written).await;
    match loaded {
        Ok(()) => tx.commit().await?,
        Err(error) => {
            tx.rollback().await?;
            written.remove();
            return Err(error);
        }
    }
    store::migrate(db).await?;
    dump::analyze(db).await?;
    Ok(Restored {
        taken_at: checked.head.taken_at,
        rows: checked.manifest.rows.values().sum(),
        files: written.0.len(),
    })
}

/// Brings an empty database to the step of the schema that the backup was taken at.
async fn prepare(db: &Db, head: &Head) -> anyhow::Result<()> {
    let (applied, known) = store::steps(db.schema())
        .await
        .context("the database belongs to a newer program")?;
    if known.get(..head.steps.len()) != Some(&head.steps[..]) {
        bail!(
            "the backup's schema is of another or a newer program ({}): restore with the program that wrote it",
            head.steps.last().map_or("", String::as_str)
        );
    }
    let tx = db.load_whole().await?;
    let mut holding = None;
    for table in dump::tables(&tx).await? {
        if !dump::is_born_with_a_row(&table) && dump::count(&tx, &table).await? > 0 {
            holding = Some(table.name);
            break;
        }
    }
    tx.rollback().await?;
    if let Some(table) = holding {
        bail!(
            "the database is not empty (table {table} has rows): restore into a new one; nothing is written over"
        );
    }
    if applied.len() > head.steps.len() {
        bail!("the database has a newer schema than the backup: restore into one that has none yet");
    }
    let missing = u32::try_from(head.steps.len() - applied.len())?;
    store::migrate_by(db, missing).await?;
    Ok(())
}

async fn load(path: &Path, tx: &Tx, head: &Head, files: &Path, written: &mut Written) -> anyhow::Result<()> {
    let tables = dump::tables(tx).await?;
    // A step may have put rows of its own into a new schema; the backup has them too.
    for table in tables.iter().rev() {
        dump::clear(tx, table).await?;
    }
    let mut archive = check::open(path)?;
    for entry in archive.entries()? {
        let entry = entry?;
        let name = name_of(&entry)?;
        if format::table_of(&name).is_some() {
            let size = entry.size();
            let content = read(entry, size)?;
            load_rows(tx, head, &tables, &name, &content)
                .await
                .with_context(|| format!("{name} cannot be restored"))?;
        } else if let Some(file) = name
            .strip_prefix(super::FILES)
            .and_then(|rest| rest.strip_prefix('/'))
        {
            let to = files.join(file);
            written.write(entry, to)?;
        }
    }
    for table in &tables {
        let wanted = head.tables.iter().any(|known| known.name == table.name);
        if !wanted && dump::count(tx, table).await? > 0 {
            bail!("table {} is not in the backup and not empty", table.name);
        }
    }
    Ok(())
}

async fn load_rows(
    tx: &Tx,
    head: &Head,
    tables: &[Table],
    member: &str,
    content: &[u8],
) -> anyhow::Result<()> {
    let known = table_head(Some(head), member)?;
    let table = tables
        .iter()
        .find(|table| table.name == known.name)
        .with_context(|| format!("the schema has no table {}", known.name))?;
    let columns = table
        .columns_named(&known.columns)
        .with_context(|| format!("table {} has other columns", table.name))?;
    dump::insert(tx, table, &columns, format::rows(content)?).await?;
    Ok(())
}

/// Files that were written, to be taken away again when something fails later.
struct Written(Vec<PathBuf>);

impl Written {
    fn write(
        &mut self,
        mut entry: tar::Entry<'_, GzDecoder<BufReader<File>>>,
        to: PathBuf,
    ) -> anyhow::Result<()> {
        let unwritable = || format!("{} cannot be written", to.display());
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).with_context(unwritable)?;
        }
        let mut file = File::create_new(&to).with_context(unwritable)?;
        self.0.push(to.clone());
        std::io::copy(&mut entry, &mut file).with_context(unwritable)?;
        file.sync_all().with_context(unwritable)?;
        Ok(())
    }

    fn remove(&self) {
        for path in &self.0 {
            // What cannot be removed is told by the next try: the folder is not empty then.
            let _ = std::fs::remove_file(path);
        }
    }
}
