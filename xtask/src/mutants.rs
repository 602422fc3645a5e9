//! `cargo xtask mutants`: the rules of money, ledger and rights broken in every way that cargo-mutants knows, to see
//! that a test minds each time. Takes long and leaves the machine to others: run it now and then, not in every build.

use anyhow::Result;

use crate::{process, target_directory};

/// The rules that are broken.
const RULES: [&str; 8] = [
    "money", "ledger", "ledger/*", "rights", "split", "refund", "fee", "share",
];

/// What `cargo xtask mutants` accepts.
#[derive(clap::Args)]
pub struct MutantsArguments {
    /// Break these rules only: names of files in shared/src/domain, without .rs
    rules: Vec<String>,
    /// Say what would be broken, and break nothing
    #[arg(long)]
    list: bool,
}

/// Breaks the rules one by one, in copies of the repository.
pub fn mutants(arguments: &MutantsArguments) -> Result<()> {
    if process::find("cargo-mutants").is_none() {
        println!("cargo-mutants is missing: installing it (some minutes, once).");
        let mut install = process::cargo()?;
        install.args(["install", "cargo-mutants", "--locked"]);
        process::run(&mut install, "Installing cargo-mutants")?;
    }
    let mut command = process::cargo()?;
    command.args([
        "mutants",
        "--package",
        "shared",
        "--test-package",
        "shared",
        "--jobs",
        "1",
        "--timeout",
        "120",
    ]);
    command
        .args(["--no-shuffle", "--output"])
        .arg(target_directory().join("mutants"));
    let chosen = arguments.rules.iter().map(String::as_str);
    let rules: Vec<&str> = if arguments.rules.is_empty() {
        RULES.to_vec()
    } else {
        chosen.collect()
    };
    for rule in rules {
        command.arg("--file").arg(format!("shared/src/domain/{rule}.rs"));
    }
    if arguments.list {
        command.arg("--list");
    }
    // Whoever works beside it goes first. A cargo that starts cargo-mutants hands its own niceness on.
    if let Ok(current) = rustix::process::nice(19) {
        println!("Running at niceness {current}; survivors are explained in docs/mutants.md.");
    }
    process::run(&mut command, "Breaking the rules")
}
