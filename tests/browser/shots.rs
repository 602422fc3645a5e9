//! Pictures of pages, kept as build output.

use std::cell::Cell;
use std::path::PathBuf;
use std::rc::Rc;

/// The folder for the pictures of one test, in the order in which they are taken.
pub struct Shots {
    folder: PathBuf,
    taken: Cell<u32>,
}

impl Shots {
    /// An empty folder under the build's output.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn of(test: &str) -> Rc<Self> {
        let folder = tests::source::repository()
            .join("target/browser-shots")
            .join(test);
        // Pictures of an earlier run would only mislead; there may be none.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the build's output can be written");
        Rc::new(Self {
            folder,
            taken: Cell::new(0),
        })
    }

    /// Where the next picture is kept.
    pub fn next(&self, name: &str, width: u32) -> PathBuf {
        self.taken.set(self.taken.get() + 1);
        self.folder
            .join(format!("{:02}-{name}-{width}.png", self.taken.get()))
    }
}
