//! The fonts of printed documents, cut anew out of the system's: see `server/assets/fonts/README.md`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

use crate::{packages, process, repository, target_directory};

/// Makes both fonts anew, on a machine that has nothing yet.
pub fn make() -> Result<()> {
    packages::ensure_font_sources()?;
    packages::ensure_python()?;
    let fonts = repository().join("server/assets/fonts");
    let list = fonts.join("requirements.txt");
    let text = fs::read(&list).with_context(|| format!("{} cannot be read", list.display()))?;
    let name: String = Sha256::digest(&text)[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tools = target_directory().join(format!("font-tools-{name}"));
    let python = tools.join("bin/python");
    let installed = tools.join("installed");
    if !installed.is_file() {
        process::run(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&tools),
            "Making a place for fontTools",
        )?;
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        process::run(pip.arg(&list), "Installing fontTools from PyPI")?;
        fs::write(&installed, "").with_context(|| format!("{} cannot be written", installed.display()))?;
    }
    process::run(
        Command::new(&python).arg(fonts.join("subset.py")),
        "Cutting the fonts",
    )
}
