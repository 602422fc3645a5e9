//! `cargo xtask test`: everything that proves the market, from a bare machine to a summary.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::ValueEnum;

use crate::postgres::{self, Postgres};
use crate::scratch::Scratch;
use crate::tools::Tools;
use crate::{assets, packages, process, repository, run, tools};

/// What `cargo xtask test` accepts.
#[derive(clap::Args)]
pub struct TestArguments {
    /// Run these kinds only, in the usual order
    #[arg(long, value_enum, num_args = 1.., value_delimiter = ',')]
    only: Vec<Kind>,
    /// Run only the tests whose names contain one of these words (unit, it, browser, api, faults)
    #[arg(last = true)]
    names: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Formatting
    Fmt,
    /// Lints
    Clippy,
    /// Unit and property tests of every crate
    Unit,
    /// API, pages, money, rights: the program from outside, on both databases
    It,
    /// Every role's work in Chromium, and every page looked at by axe
    Browser,
    /// The API tried by schemathesis, for every role
    Api,
    /// The program and its database killed and cut off
    Faults,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Fmt => "Formatting",
            Self::Clippy => "Lints",
            Self::Unit => "Unit and property tests",
            Self::It => "Tests from outside, on both databases",
            Self::Browser => "Browser tests",
            Self::Api => "The API tried with whatever its document allows",
            Self::Faults => "Fault tests",
        }
    }

    fn is_of_tests(self) -> bool {
        !matches!(self, Self::Fmt | Self::Clippy)
    }

    fn needs_database(self) -> bool {
        matches!(self, Self::It | Self::Browser | Self::Api | Self::Faults)
    }

    fn needs_tools(self) -> bool {
        matches!(self, Self::Browser | Self::Api)
    }

    fn needs_program(self) -> bool {
        matches!(self, Self::Browser | Self::Api | Self::Faults)
    }
}

/// Runs the chosen kinds in order, every one of them also when an earlier one has failed, then says how long each took.
pub fn test(arguments: &TestArguments) -> Result<()> {
    let kinds: Vec<Kind> = Kind::value_variants()
        .iter()
        .copied()
        .filter(|kind| arguments.only.is_empty() || arguments.only.contains(kind))
        .collect();
    let mut session = Session {
        names: arguments.names.clone(),
        lints: kinds.contains(&Kind::Clippy) && kinds.iter().any(|kind| kind.is_of_tests()),
        ..Session::default()
    };
    let outcome = session.run(&kinds);
    // Stopping the database belongs before the summary: the last lines are what people read.
    drop(session.database.take());
    session.summarise(outcome.is_ok());
    outcome
}

/// What a run has started and found so far.
#[derive(Default)]
struct Session {
    names: Vec<String>,
    lints: bool,
    has_nextest: bool,
    database: Option<Postgres>,
    folder: Option<Scratch>,
    program: Option<PathBuf>,
    tools: Option<Tools>,
    steps: Vec<(&'static str, Duration, bool)>,
}

impl Session {
    fn run(&mut self, kinds: &[Kind]) -> Result<()> {
        if kinds.iter().any(|kind| kind.is_of_tests()) {
            self.step("What the tests need", |session| session.install(kinds))?;
        }
        if kinds.contains(&Kind::Fmt) {
            self.step(Kind::Fmt.title(), |_| {
                cargo(&["fmt", "--all", "--check"], "The format check")
            })?;
        }
        if kinds.iter().any(|kind| *kind != Kind::Fmt) {
            self.step("Browser assets", |_| assets::build(false))?;
        }
        // Who reads the report wants to mend all that is broken at once.
        let mut outcome = Ok(());
        for kind in kinds.iter().copied().filter(|kind| *kind != Kind::Fmt) {
            self.prepare(kind)?;
            outcome = outcome.and(self.step(kind.title(), |session| session.run_kind(kind)));
        }
        outcome
    }

    fn step(&mut self, title: &'static str, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        println!("\n── {title} ──");
        let begun = Instant::now();
        let outcome = work(self);
        self.steps.push((title, begun.elapsed(), outcome.is_ok()));
        outcome
    }

    fn install(&mut self, kinds: &[Kind]) -> Result<()> {
        if kinds.iter().any(|kind| kind.needs_database()) {
            packages::ensure_database()?;
        }
        if kinds.contains(&Kind::It) {
            packages::ensure_pdf_reader()?;
        }
        if kinds.contains(&Kind::Browser) {
            packages::ensure_browser()?;
        }
        if kinds.iter().any(|kind| kind.needs_tools()) {
            self.tools = Some(tools::ensure()?);
        }
        self.has_nextest = packages::ensure_nextest()?;
        self.folder = Some(Scratch::in_memory("tests")?);
        println!("Everything is here.");
        Ok(())
    }

    fn prepare(&mut self, kind: Kind) -> Result<()> {
        if kind.needs_program() && self.program.is_none() {
            self.step("The program itself", |session| {
                let mut build = run::server_build(false)?;
                session.compile(&mut build);
                process::run(&mut build, "Building the server")?;
                session.program = Some(run::server_program(false));
                Ok(())
            })?;
        }
        if kind.needs_database() && self.database.is_none() {
            self.step("A throw-away PostgreSQL", |session| {
                let database = session.database.insert(Postgres::start_forgetful()?);
                println!("It answers at {}", database.url());
                Ok(())
            })?;
        }
        Ok(())
    }

    fn run_kind(&self, kind: Kind) -> Result<()> {
        match kind {
            Kind::Fmt => Ok(()),
            Kind::Clippy if self.lints => {
                let mut command = process::cargo()?;
                self.compile(command.args(["test", "--no-run", "--workspace"]));
                process::run(&mut command, "The lints")
            }
            Kind::Clippy => cargo(
                &[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--",
                    "--deny",
                    "warnings",
                ],
                "The lints",
            ),
            Kind::Unit => {
                let without_nextest = ["--workspace", "--exclude", "tests", "--lib", "--bins", "--tests"];
                self.run_tests("not package(tests)", &without_nextest, kind)?;
                if self.names.is_empty() && has_doc_tests(&repository().join("shared/src")) {
                    cargo(
                        &["test", "--doc", "--package", "shared"],
                        "The examples in the documentation",
                    )?;
                }
                Ok(())
            }
            Kind::It => {
                let without_nextest = ["--workspace", "--test", "it"];
                self.run_tests(
                    "package(tests) & (kind(lib) | binary(it))",
                    &without_nextest,
                    kind,
                )
            }
            Kind::Browser => self.run_tests("binary(browser)", &["--workspace", "--test", "browser"], kind),
            Kind::Api => self.run_tests("binary(api)", &["--workspace", "--test", "api"], kind),
            Kind::Faults => self.run_tests("binary(faults)", &["--workspace", "--test", "faults"], kind),
        }
    }

    /// Where lints and tests are both asked for, clippy's driver compiles what the tests run: it is the compiler and the
    /// lints in one, and `cargo clippy` would go through every dependency a second time. Nobody steps through what a whole
    /// run builds, so it is built without line tables.
    fn compile(&self, command: &mut Command) {
        if self.lints {
            command
                .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
                .env(
                    "CLIPPY_ARGS",
                    "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
                )
                .env("CARGO_PROFILE_DEV_DEBUG", "0");
        }
    }

    /// Runs tests by nextest, or by cargo alone. The whole workspace is always chosen and then filtered: another choice
    /// of packages would give the dependencies other features, and build all of them once more.
    fn run_tests(&self, filter: &str, without_nextest: &[&str], kind: Kind) -> Result<()> {
        let mut command = process::cargo()?;
        if self.has_nextest {
            command
                .args(["nextest", "run", "--no-tests=pass", "--workspace", "-E", filter])
                .args(&self.names);
        } else {
            command
                .arg("test")
                .args(without_nextest)
                .arg("--")
                .args(&self.names);
            if kind.needs_program() {
                command.arg("--test-threads=1");
            }
        }
        self.compile(&mut command);
        self.set_environment(&mut command);
        // What is killed, cut off or filled up has to be on a disk.
        if let Some(folder) = self.folder.as_ref().filter(|_| kind != Kind::Faults) {
            command.env("TMPDIR", folder.path());
        }
        process::run(&mut command, kind.title())
    }

    fn set_environment(&self, command: &mut Command) {
        if let Some(database) = &self.database {
            command.env("TEST_POSTGRES_URL", database.url());
        }
        let found = [
            ("JIZHOU_BIN", self.program.clone()),
            ("CHROMIUM", packages::chromium()),
            ("CHROMEDRIVER", packages::chromedriver()),
            ("AXE", self.tools.as_ref().map(|tools| tools.axe.clone())),
            (
                "SCHEMATHESIS",
                self.tools.as_ref().map(|tools| tools.schemathesis.clone()),
            ),
            ("TEST_POSTGRES_PROGRAMS", postgres::programs()),
        ];
        for (name, path) in found {
            if let Some(path) = path {
                command.env(name, path);
            }
        }
    }

    fn summarise(&self, passed: bool) {
        println!("\n── Summary ──");
        for (title, duration, passed) in &self.steps {
            let word = if *passed { "ok" } else { "FAILED" };
            println!("{:>8.1} s  {word:<6}  {title}", duration.as_secs_f64());
        }
        let total: Duration = self.steps.iter().map(|(_, duration, _)| *duration).sum();
        println!(
            "{:>8.1} s  {}",
            total.as_secs_f64(),
            if passed { "All passed." } else { "Not passed." }
        );
    }
}

fn cargo(arguments: &[&str], purpose: &str) -> Result<()> {
    process::run(process::cargo()?.args(arguments), purpose)
}

/// Starting the documentation's test runner costs seconds even when there is nothing to run.
fn has_doc_tests(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return has_doc_tests(&path);
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        text.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("/// ```") || line.starts_with("//! ```")
        })
    })
}
