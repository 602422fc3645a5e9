//! Pages.

use crate::Gallery;
use std::io;

/// Writes the pages.
pub fn write(_gallery: &Gallery) -> io::Result<()> {
    Ok(())
}
