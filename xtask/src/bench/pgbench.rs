//! The raw floor: the statements of a placement through pgbench, on the PostgreSQL that the program was measured on.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::database::Database;
use super::load::Size;
use super::market::{LOT_QTY, Market};
use super::report::{Cell, percentile};
use crate::process;

const CHOICES: &str = include_str!("choices.sql");
const PLACEMENT: &str = include_str!("placement.sql");

/// Writes down for pgbench what can be ordered: the choices that the program's clients had.
pub fn prepare(database: &Database, market: &Market, folder: &Path) -> Result<()> {
    let rows: Vec<String> = market
        .choices
        .iter()
        .enumerate()
        .map(|(n, choice)| {
            let ids = choice.map(|at| format!("'{}'", market.goods[at].offer_id));
            format!("({n}, {})", ids.join(", "))
        })
        .collect();
    let sql = CHOICES
        .replace("LOT_QTY", &LOT_QTY.to_string())
        .replace("CHOICES", &rows.join(", "));
    database
        .ask(&sql)
        .context("the choices of pgbench could not be made")?;
    fs::write(folder.join("placement.sql"), PLACEMENT).context("pgbench's script cannot be written")
}

/// Runs the floor with a number of clients. It is bounded by time: pgbench cannot be by both.
pub fn run(database: &Database, market: &Market, size: Size, folder: &Path) -> Result<Cell> {
    let printed = folder.join("pgbench.txt");
    let logs = format!("pgbench-{}", size.clients);
    let mut command = Command::new(database.program("pgbench")?);
    command
        .args(["--no-vacuum", "--protocol=prepared", "--max-tries=8", "--log"])
        .arg(format!("--log-prefix={}", folder.join(&logs).display()))
        .arg(format!("--client={}", size.clients))
        .arg(format!("--jobs={}", size.clients.min(2)))
        .arg(format!("--time={}", size.limit.as_secs().max(1)))
        .arg(format!("--file={}", folder.join("placement.sql").display()));
    let variables = [
        ("i", 0),
        ("run", size.clients),
        ("clients", size.clients),
        ("choices", market.choices.len()),
    ];
    for (name, value) in variables {
        command.arg(format!("--define={name}={value}"));
    }
    command
        .arg(database.url())
        .stdout(File::create(&printed).context("pgbench's output cannot be written")?);
    let (calls, cpu_us) = (database.statements()?, database.cpu_us()?);
    process::run(&mut command, "pgbench")?;
    let cpu_us = database.cpu_us()?.saturating_sub(cpu_us);
    let calls = database
        .statements()?
        .zip(calls)
        .map(|(after, before)| after.saturating_sub(before));
    let text = fs::read_to_string(&printed).context("pgbench's output cannot be read")?;
    let mut latencies_us = latencies(folder, &logs)?;
    latencies_us.sort_unstable();
    let operations = u64::try_from(latencies_us.len())?;
    let errors = number(&text, "number of failed transactions: ").unwrap_or_default();
    Ok(Cell {
        engine: "pgbench",
        work: super::load::Work::Order.title(),
        past: 0,
        clients: size.clients,
        operations,
        errors,
        first_error: (errors > 0).then(|| "PostgreSQL refused a transaction eight times".to_owned()),
        elapsed_us: elapsed_us(&text, operations).context("pgbench names no rate")?,
        p50_us: percentile(&latencies_us, 50),
        p99_us: percentile(&latencies_us, 99),
        program_cpu_us: None,
        database_cpu_us: Some(cpu_us),
        // PostgreSQL counts a prepared begin or commit the first time only (pg_stat_statements 1.10).
        statements: calls.map(|calls| calls + 2 * operations),
        bytes: None,
    })
}

/// How long each transaction took, from the logs that pgbench's threads wrote.
fn latencies(folder: &Path, prefix: &str) -> Result<Vec<u64>> {
    let mut latencies_us = Vec::new();
    for entry in fs::read_dir(folder)
        .context("pgbench's logs cannot be read")?
        .flatten()
    {
        if entry
            .file_name()
            .to_string_lossy()
            .starts_with(&format!("{prefix}."))
        {
            let log = fs::read_to_string(entry.path()).context("pgbench's log cannot be read")?;
            latencies_us.extend(log.lines().filter_map(latency_us));
        }
    }
    Ok(latencies_us)
}

/// The third word of a line of the log; that of a failed transaction is no number.
fn latency_us(line: &str) -> Option<u64> {
    line.split(' ').nth(2)?.parse().ok()
}

/// The first number behind some words.
fn number<T: std::str::FromStr>(text: &str, words: &str) -> Option<T> {
    let from = text.find(words)? + words.len();
    text[from..].split_whitespace().next()?.parse().ok()
}

/// The time that so many transactions took at the rate that pgbench names, which leaves out connecting.
fn elapsed_us(text: &str, operations: u64) -> Option<u64> {
    let rate: String = number(text, "tps = ")?;
    // Thousandths: enough, and whole numbers stay whole.
    let (whole, parts) = rate.split_once('.').unwrap_or((&rate, ""));
    let parts: String = parts.chars().chain("000".chars()).take(3).collect();
    let rate_thousandths = format!("{whole}{parts}").parse::<u64>().ok()?;
    operations
        .checked_mul(1_000_000_000)?
        .checked_div(rate_thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "number of transactions actually processed: 1500\n\
        number of failed transactions: 2 (0.133%)\nlatency average = 1.999 ms\ninitial connection time = 3 ms\n\
        tps = 500.25 (without initial connection time)\n";

    #[test]
    fn what_pgbench_says_is_understood() {
        assert_eq!(number::<u64>(SAID, "number of failed transactions: "), Some(2));
        assert_eq!(elapsed_us(SAID, 1500), Some(2_998_500));
        assert_eq!(elapsed_us("no rate", 1500), None);
        assert_eq!(elapsed_us("tps = 0.000000 (", 0), None);
        assert_eq!(latency_us("0 199 2241 0 1175850568 995598"), Some(2241));
        assert_eq!(latency_us("0 200 failed 0 1175850568 995598"), None);
    }

    #[test]
    fn the_script_holds_one_transaction() {
        let lines = |word: &str| PLACEMENT.lines().filter(|line| *line == word).count();
        assert_eq!((lines("begin;"), lines("commit;")), (1, 1));
    }
}
