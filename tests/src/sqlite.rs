//! SQLite files for tests: each a copy of one that is migrated once.

use crate::database::{migrate, template_name};
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
    migrate(&url_of(&building)).await;
    std::fs::rename(&building, &template).expect("the folder for temporary files can be written");
    template
}
