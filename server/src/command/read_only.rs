//! `jizhou read-only`: lets people look and change nothing, without stopping the program.

use crate::services::READ_ONLY_FILE;
use std::io::ErrorKind;
use std::path::Path;

/// What is asked.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Turn {
    /// From now on nothing is changed.
    On,
    /// Changes are taken again.
    Off,
    /// Say which it is.
    Status,
}

/// Turns read-only on or off for whatever serves this data folder; a running program notices at once.
///
/// # Errors
/// One sentence when the data folder cannot be written.
pub fn turn(data: &Path, turn: Turn) -> anyhow::Result<()> {
    let path = data.join(READ_ONLY_FILE);
    match turn {
        Turn::On => {
            std::fs::create_dir_all(data)
                .and_then(|()| std::fs::write(&path, "Nothing is changed while this file is here.\n"))
                .map_err(|error| anyhow::anyhow!("{} cannot be written ({error})", path.display()))?;
            println!("Read-only: people can look, and nothing is changed. `jizhou read-only off` ends it.");
        }
        Turn::Off => {
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    anyhow::bail!("{} cannot be removed ({error})", path.display())
                }
                Ok(()) | Err(_) => {}
            }
            println!("Changes are taken again.");
        }
        Turn::Status if path.exists() => println!("read-only"),
        Turn::Status => println!("changes are taken"),
    }
    Ok(())
}
