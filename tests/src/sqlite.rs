//! SQLite files for tests: each a copy of one that is migrated once.

use crate::database::template_name;
use server::store;
use std::path::{Path, PathBuf};

/// How the program reaches a file.
#[must_use]
pub fn url_of(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Makes a migrated, empty database.
///
/// # Panics
/// When the folder for temporary files cannot be written.
pub async fn create(path: &Path) {
    let template = template(path).await;
    std::fs::copy(template, path).expect("a folder of the test's own can be written");
}

/// The migrated file that others are copied from. Tests are programs of their own and begin together: each that finds
/// none makes one beside its own file, and the last to move it to its place wins.
async fn template(own: &Path) -> PathBuf {
    let template = std::env::temp_dir().join(format!("{}.sqlite", template_name()));
    if template.exists() {
        return template;
    }
    let building = own.with_extension("schema");
    let db = store::connect(&url_of(&building))
        .await
        .expect("a new file opens");
    store::migrate(&db)
        .await
        .expect("a new database takes the schema");
    // Closed, it is one file again: nothing of it is left in a log beside it.
    for pool in [db.read(), db.schema()] {
        pool.clone().close().await.expect("the connections close");
    }
    std::fs::rename(&building, &template).expect("the folder for temporary files can be written");
    template
}
