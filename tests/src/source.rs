//! The repository's own files, for tests about the code.

use std::path::{Path, PathBuf};

/// A file of the repository.
pub struct SourceFile {
    /// Its path from the repository's top, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The repository's top folder.
#[must_use]
pub fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("this crate lies in the repository")
        .to_owned()
}

/// Every file with this extension under a folder of the repository, in order.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn files_under(folder: &str, extension: &str) -> Vec<SourceFile> {
    let top = repository();
    let mut paths = Vec::new();
    collect(&top.join(folder), extension, &mut paths);
    paths.sort();
    let read = |path: PathBuf| SourceFile {
        text: std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        path: path
            .strip_prefix(&top)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/"),
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, extension: &str, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, extension, paths);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
}
