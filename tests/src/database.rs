//! A database for one test: a file or a database of its own, gone when the test is over.

use crate::{postgres, source, sqlite};
use server::store::{self, Db};
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own in the server of `TEST_POSTGRES_URL`.
    Postgres,
}

/// A database that is removed when it is dropped.
pub struct Database {
    /// How the program reaches it.
    pub url: String,
    /// A folder of the test's own, for photos and the SQLite file.
    pub folder: PathBuf,
    postgres_name: Option<String>,
}

impl Database {
    /// Makes a migrated, empty database.
    ///
    /// # Panics
    /// When PostgreSQL is asked for and cannot be reached.
    pub async fn create(engine: Engine) -> (Self, Db) {
        Self::made(engine, true).await
    }

    /// Makes a database without any table.
    ///
    /// # Panics
    /// When PostgreSQL is asked for and cannot be reached.
    pub async fn bare(engine: Engine) -> (Self, Db) {
        Self::made(engine, false).await
    }

    async fn made(engine: Engine, from_template: bool) -> (Self, Db) {
        let name = unique_name();
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
        let (url, postgres_name) = match engine {
            Engine::Sqlite => {
                let path = folder.join("market.sqlite");
                if from_template {
                    sqlite::create(&path).await;
                }
                (sqlite::url_of(&path), None)
            }
            Engine::Postgres if from_template => (postgres::create(&name).await, Some(name)),
            Engine::Postgres => (postgres::create_bare(&name).await, Some(name)),
        };
        // Made before connecting, so that a failure below removes it all the same.
        let database = Self {
            url,
            folder,
            postgres_name,
        };
        let db = store::connect(&database.url)
            .await
            .expect("the new database answers");
        // Commits need not outlive a test; what must survive a crash is tested on a running program.
        store::relax(&db, true).await.expect("SQLite takes a pragma");
        (database, db)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Left-overs in the folder for temporary files disturb nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
        if let Some(name) = self.postgres_name.take() {
            postgres::remove(name);
        }
    }
}

fn unique_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let at = MADE.fetch_add(1, Ordering::Relaxed);
    format!(
        "jizhou_test_{}_{at}_{:08x}",
        std::process::id(),
        rand::random::<u32>()
    )
}

/// Brings an empty database up to date and lets go of it: of a file, nothing is left in a log beside it.
pub(crate) async fn migrate(url: &str) {
    let db = store::connect(url).await.expect("the new database answers");
    store::migrate(&db)
        .await
        .expect("a new database takes the schema");
    for pool in [db.read(), db.schema()] {
        pool.clone().close().await.expect("the connections close");
    }
}

/// What the migrated database is called that others are copied from. Another schema is another template, so that one
/// which stays between runs is never an old one.
pub(crate) fn template_name() -> String {
    let mut hasher = Sha256::new();
    for file in source::files_under("migrations/src", "rs") {
        hasher.update(file.text.as_bytes());
    }
    let hash: String = hasher
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("jizhou_template_{hash}")
}
