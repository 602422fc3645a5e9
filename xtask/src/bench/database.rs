//! PostgreSQL as it is measured: its processes' CPU, and the statements that it ran.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::cpu;
use crate::postgres::{self, Postgres};

/// Counts statements, begin and commit included, but not what triggers and foreign keys run inside of them.
const COUNTING: &[&str] = &[
    "shared_preload_libraries=pg_stat_statements",
    "pg_stat_statements.max=10000",
    "pg_stat_statements.track=top",
];
const CALLS: &str = "select cast(coalesce(sum(calls), 0) as bigint) from pg_stat_statements
    where query not like '%pg_stat_statements%'";

/// A throw-away PostgreSQL whose work can be counted.
pub struct Database {
    server: Postgres,
    programs: PathBuf,
    counts: bool,
}

impl Database {
    /// Starts one; without the extension where that is not installed.
    pub fn start() -> Result<Self> {
        let programs = postgres::programs().context("PostgreSQL is missing")?;
        let (server, counts) = match Postgres::start_with(COUNTING) {
            Ok(server) => (server, true),
            Err(error) => {
                println!("PostgreSQL cannot count statements here, so that column stays empty: {error:#}");
                (Postgres::start()?, false)
            }
        };
        let database = Self {
            server,
            programs,
            counts,
        };
        if counts {
            database.ask("create extension pg_stat_statements")?;
        }
        Ok(database)
    }

    /// Where programs reach it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// CPU time of all its processes so far, in microseconds.
    pub fn cpu_us(&self) -> Result<u64> {
        cpu::of_family(self.server.pid())
    }

    /// Statements so far, where they are counted.
    pub fn statements(&self) -> Result<Option<u64>> {
        if !self.counts {
            return Ok(None);
        }
        let text = self.ask(CALLS)?;
        Ok(Some(
            text.trim().parse().context("PostgreSQL counts no statements")?,
        ))
    }

    /// One of PostgreSQL's own programs.
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        let path = self.programs.join(name);
        if !path.is_file() {
            bail!(
                "{name} is missing in {}: install postgresql-client.",
                self.programs.display()
            );
        }
        Ok(path)
    }

    /// Runs SQL and returns what it answers, unadorned.
    pub fn ask(&self, sql: &str) -> Result<String> {
        let output = Command::new(self.program("psql")?)
            .args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only"])
            .args(["--set", "ON_ERROR_STOP=1", "--command", sql])
            .arg(self.url())
            .stdin(Stdio::null())
            .output()
            .context("psql cannot run")?;
        if !output.status.success() {
            bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
