//! What the tests need from the system's package manager, and getting it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{postgres, process};

/// One thing the tests need: how to see that it is there, and the packages that bring it, best first.
struct Need {
    name: &'static str,
    is_there: fn() -> bool,
    packages: &'static [&'static str],
}

const DATABASE: &[Need] = &[Need {
    name: "PostgreSQL",
    is_there: || postgres::programs().is_some(),
    packages: &["postgresql"],
}];

/// Debian keeps what makes a place for Python's packages in a package of its own.
const PYTHON: &[Need] = &[Need {
    name: "Python with venv",
    is_there: || process::output("python3", &["-c", "import venv, ensurepip"]).is_some(),
    packages: &["python3-venv"],
}];

const PDF_READER: &[Need] = &[Need {
    name: "pdftotext",
    is_there: || process::find("pdftotext").is_some(),
    packages: &["poppler-utils"],
}];

/// What the fonts of printed documents are cut from, and the list of characters.
const FONT_SOURCES: &[Need] = &[
    Need {
        name: "Noto CJK",
        is_there: || {
            ["NotoSansCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"]
                .iter()
                .all(|font| Path::new("/usr/share/fonts/opentype/noto").join(font).is_file())
        },
        packages: &["fonts-noto-cjk"],
    },
    Need {
        name: "Unihan",
        is_there: || Path::new("/usr/share/unicode/Unihan_OtherMappings.txt.bz2").is_file(),
        packages: &["unicode-data"],
    },
];

/// Debian and Ubuntu call the browser and its driver differently.
const BROWSER: &[Need] = &[
    Need {
        name: "Chromium",
        is_there: || chromium().is_some(),
        packages: &["chromium", "chromium-browser"],
    },
    Need {
        name: "ChromeDriver",
        is_there: || chromedriver().is_some(),
        packages: &["chromium-driver", "chromium-chromedriver"],
    },
    Need {
        name: "Chinese fonts",
        is_there: has_chinese_font,
        packages: &["fonts-noto-cjk"],
    },
];

/// Installs PostgreSQL where it is missing.
pub fn ensure_database() -> Result<()> {
    ensure(DATABASE)
}

/// Installs Chromium, its driver and Chinese fonts where they are missing.
pub fn ensure_browser() -> Result<()> {
    ensure(BROWSER)
}

/// Installs what reads PDF documents where it is missing.
pub fn ensure_pdf_reader() -> Result<()> {
    ensure(PDF_READER)
}

/// Installs what the fonts of printed documents are cut from where it is missing.
pub fn ensure_font_sources() -> Result<()> {
    ensure(FONT_SOURCES)
}

/// Installs Python where it is missing.
pub fn ensure_python() -> Result<()> {
    ensure(PYTHON)
}

/// The browser: `CHROMIUM`, or one found on this machine.
pub fn chromium() -> Option<PathBuf> {
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ];
    named("CHROMIUM").or_else(|| names.iter().find_map(|name| process::find(name)))
}

/// The browser's driver: `CHROMEDRIVER`, or one found on this machine.
pub fn chromedriver() -> Option<PathBuf> {
    let elsewhere = [
        "/usr/lib/chromium-browser/chromedriver",
        "/usr/lib/chromium/chromedriver",
    ];
    named("CHROMEDRIVER")
        .or_else(|| process::find("chromedriver"))
        .or_else(|| {
            elsewhere
                .iter()
                .map(PathBuf::from)
                .find(|program| program.is_file())
        })
        .or_else(|| process::find("chromium.chromedriver"))
}

/// Whether `cargo nextest` works, after trying to install it.
pub fn ensure_nextest() -> Result<bool> {
    if process::find("cargo-nextest").is_some() {
        return Ok(true);
    }
    println!("cargo-nextest is missing: installing it (some minutes, once).");
    let mut cargo = process::cargo()?;
    cargo.args(["install", "cargo-nextest", "--locked"]);
    let installed = process::run(&mut cargo, "Installing cargo-nextest");
    process::check_interrupted()?;
    if installed.is_err() {
        println!("cargo-nextest cannot be had here: 'cargo test' runs the tests instead.");
    }
    Ok(installed.is_ok())
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|program| program.is_file())
}

fn has_chinese_font() -> bool {
    if let Some(fonts) = process::output("fc-list", &[":lang=zh-cn", "family"]) {
        return !fonts.is_empty();
    }
    Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
}

fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing
        .iter()
        .map(|need| need.name)
        .collect::<Vec<_>>()
        .join(", ");
    let first_choice = missing
        .iter()
        .map(|need| need.packages[0])
        .collect::<Vec<_>>()
        .join(" ");
    if process::find("apt-get").is_none() {
        bail!(
            "The tests need {names}: install what Debian calls {first_choice} with this system's package manager."
        );
    }
    println!("Installing {names} with apt-get.");
    // An old list may still name what is wanted, so a failed update is no reason to stop.
    let updated = apt_get(&["update", "-qq"], "apt-get update");
    process::check_interrupted()?;
    if updated.is_err() {
        println!("apt-get update failed: trying with the package lists that are here.");
    }
    let packages: Vec<&str> = missing.iter().map(|need| available(need.packages)).collect();
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(&packages);
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    apt_get(&arguments, "apt-get install")
        .with_context(|| format!("Run '{by_hand}' by hand, then try again"))?;
    match missing.iter().find(|need| !(need.is_there)()) {
        Some(need) => bail!(
            "{} is still not found: run '{by_hand}' by hand, then try again.",
            need.name
        ),
        None => Ok(()),
    }
}

/// The first of these packages that this system can install.
fn available(packages: &[&'static str]) -> &'static str {
    let has_candidate = |package: &&&str| {
        process::output("apt-cache", &["policy", package])
            .and_then(|policy| {
                policy
                    .lines()
                    .find(|line| line.contains("Candidate:"))
                    .map(str::to_owned)
            })
            .is_some_and(|candidate| !candidate.contains("(none)"))
    };
    packages.iter().find(has_candidate).unwrap_or(&packages[0])
}

fn apt_get(arguments: &[&str], purpose: &str) -> Result<()> {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root && process::find("sudo").is_none() {
        bail!(
            "Neither root nor sudo is here to run 'apt-get {}': run it as root.",
            arguments.join(" ")
        );
    }
    let mut command = if is_root {
        Command::new("env")
    } else {
        Command::new("sudo")
    };
    if !is_root {
        command.arg("env");
    }
    // A package must not start its service, nor ask a question that nobody reads.
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"])
        .args(arguments);
    process::run_asking(&mut command, purpose)
}
