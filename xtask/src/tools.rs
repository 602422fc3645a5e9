//! Programs from PyPI that only tests use: axe, which looks at pages, and schemathesis, which tries the API. They are
//! installed under the build's output, in the versions of `tests/tools/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::{packages, process, repository, target_directory};

/// What axe of the pinned version weighs in at: another file under its name is refused.
const AXE_SHA256: &str = "84494fec757e4710dc751c8d7a636e457f4532f08f85c86dc9070133fbff53bc";

/// Where the tools lie.
pub struct Tools {
    /// axe as one script for browsers.
    pub axe: PathBuf,
    /// schemathesis.
    pub schemathesis: PathBuf,
}

/// Installs the tools where they are missing; another list of versions is another folder.
pub fn ensure() -> Result<Tools> {
    let list = repository().join("tests/tools/requirements.txt");
    let text = fs::read(&list).with_context(|| format!("{} cannot be read", list.display()))?;
    let folder = target_directory().join(format!("test-tools-{}", &hex(&text)[..12]));
    if let Some(tools) = found(&folder)? {
        return Ok(tools);
    }
    packages::ensure_python()?;
    // What an interrupted run left half done is begun again.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    println!("Installing axe and schemathesis (half a minute, once).");
    process::run(
        Command::new("python3").args(["-m", "venv"]).arg(&folder),
        "Making a place for the tools",
    )?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    process::run(pip.arg(&list), "Installing the tools from PyPI")?;
    found(&folder)?.with_context(|| format!("The tools are not in {} after all", folder.display()))
}

/// The tools in a folder, when all of them are there.
fn found(folder: &Path) -> Result<Option<Tools>> {
    let schemathesis = folder.join("bin/schemathesis");
    let axe = fs::read_dir(folder.join("lib"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|python| {
            python
                .path()
                .join("site-packages/axe_playwright_python/axe.min.js")
        })
        .find(|file| file.is_file());
    let (Some(axe), true) = (axe, schemathesis.is_file()) else {
        return Ok(None);
    };
    let bytes = fs::read(&axe).with_context(|| format!("{} cannot be read", axe.display()))?;
    if hex(&bytes) != AXE_SHA256 {
        bail!(
            "{} is not the axe that is expected here: remove it and try again.",
            axe.display()
        );
    }
    Ok(Some(Tools { axe, schemathesis }))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
