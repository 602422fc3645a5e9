//! Building, running and testing the market: `cargo xtask --help` lists the commands.
#![expect(
    clippy::disallowed_methods,
    reason = "a tool on the developer's own machine times its steps and reads its environment"
)]

mod assets;
mod bench;
mod compress;
mod dist;
mod fonts;
mod mutants;
mod packages;
mod postgres;
mod process;
mod run;
mod scratch;
mod test;
mod tools;
mod wasm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Builds, runs and tests the Jizhou market"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve the market with its demonstration data
    Run(run::RunArguments),
    /// Install what the tests need, run them all, and stop what was started
    Test(test::TestArguments),
    /// Start a throw-away PostgreSQL and keep it until Ctrl-C, for running single tests by hand
    Postgres,
    /// Measure what the work costs on both databases: rates, times, CPU, statements, bytes
    Bench(bench::BenchArguments),
    /// Build one program with everything inside, and pack it with what is needed to run it
    Dist(dist::DistArguments),
    /// Break the rules of money, ledger and rights one by one, and see that a test minds (hours)
    Mutants(mutants::MutantsArguments),
    /// Cut the fonts of printed documents anew out of the system's
    Fonts,
    /// Build what browsers download into assets-built/
    Assets {
        /// Build the small form that a release carries
        #[arg(long)]
        release: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = process::watch_signals().and_then(|()| match arguments.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Test(arguments) => test::test(&arguments),
        Command::Mutants(arguments) => mutants::mutants(&arguments),
        Command::Postgres => postgres::serve_until_interrupted(),
        Command::Bench(arguments) => bench::bench(&arguments),
        Command::Dist(arguments) => dist::dist(&arguments),
        Command::Fonts => fonts::make(),
        Command::Assets { release } => assets::build(release),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::is_interrupted() => {
            eprintln!("\nStopped on request.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The top of the repository.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the repository")
        .to_owned()
}

/// Where cargo puts native builds.
fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}
