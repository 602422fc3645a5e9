//! A long list as a file: written in the background, page by page, in memory that does not grow with it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::cpu;
use super::http::{Connection, Request};
use super::market::token_of;
use super::program::Program;

/// Who reads all of the ledger.
const AUDITOR: &str = "shenji";
/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(1800);
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A file that was written.
pub struct Written {
    /// `SQLite` or `PostgreSQL`.
    pub engine: &'static str,
    /// `csv` or `xlsx`.
    pub format: &'static str,
    /// Its rows.
    pub rows: u64,
    /// From the wish to the file.
    pub elapsed_ms: u128,
    /// CPU time of the program.
    pub program_cpu_us: u64,
    /// Resident memory before, in KiB.
    pub before_kib: u64,
    /// The most while it was written.
    pub peak_kib: u64,
}

/// Has the whole ledger written in either form.
pub fn write(engine: &'static str, program: &Program) -> Result<Vec<Written>> {
    let (token, _) =
        token_of(program.port(), AUDITOR, &program.password()?).context("the auditor cannot sign in")?;
    ["csv", "xlsx"]
        .into_iter()
        .map(|format| written(engine, format, program, &token))
        .collect()
}

fn written(engine: &'static str, format: &'static str, program: &Program, token: &str) -> Result<Written> {
    let mut connection = Connection::open(program.port())?;
    let wish = json!({ "list": "ledger_entries", "format": format, "query": "" }).to_string();
    let key = format!("bench-{format}-{}", std::process::id());
    cpu::forget_peak(program.pid())?;
    let (before_kib, cpu_before) = (cpu::memory_kib(program.pid())?, cpu::of_process(program.pid())?);
    let begun = Instant::now();
    let asked = Request {
        path: "/api/v1/exports",
        token: Some(token),
        key: Some(&key),
        body: Some(("application/json", &wish)),
    };
    let queued: Value = serde_json::from_slice(&connection.send(asked)?.expect(201)?.body)?;
    let id = queued["id"].as_str().context("work has an id")?;
    let path = format!("/api/v1/works/{id}");
    let rows = loop {
        std::thread::sleep(LOOK_EVERY);
        crate::process::check_interrupted()?;
        let look = Request {
            path: &path,
            token: Some(token),
            ..Request::default()
        };
        let work: Value = serde_json::from_slice(&connection.send(look)?.expect(200)?.body)?;
        match work["state"].as_str() {
            Some("done") => break work["done"].as_u64().context("work counts its rows")?,
            Some("queued" | "running") if begun.elapsed() < PATIENCE => {}
            _ => bail!("the ledger was not written as {format}: {work}"),
        }
    };
    Ok(Written {
        engine,
        format,
        rows,
        elapsed_ms: begun.elapsed().as_millis(),
        program_cpu_us: cpu::of_process(program.pid())?.saturating_sub(cpu_before),
        before_kib,
        peak_kib: cpu::peak_kib(program.pid())?,
    })
}

impl Written {
    /// The columns of the table of files.
    pub const HEAD: [&'static str; 7] = [
        "engine",
        "form",
        "rows",
        "seconds",
        "CPU s program",
        "memory before MiB",
        "peak MiB",
    ];

    /// The row.
    pub fn columns(&self) -> [String; 7] {
        [
            self.engine.to_owned(),
            self.format.to_owned(),
            self.rows.to_string(),
            format!("{:.1}", self.elapsed_ms as f64 / 1000.0),
            format!("{:.1}", self.program_cpu_us as f64 / 1e6),
            (self.before_kib / 1024).to_string(),
            (self.peak_kib / 1024).to_string(),
        ]
    }

    /// The row as JSON.
    pub fn json(&self) -> Value {
        json!({
            "engine": self.engine,
            "form": self.format,
            "rows": self.rows,
            "elapsed_ms": self.elapsed_ms,
            "program_cpu_us": self.program_cpu_us,
            "memory_before_kib": self.before_kib,
            "memory_peak_kib": self.peak_kib,
        })
    }
}
