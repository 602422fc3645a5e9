//! What was measured, as one value that is printed, written as JSON and laid out as a Markdown table.

use serde_json::{Value, json};

use super::file::Written;
use super::machine::Machine;

/// One row: one work on one engine with a number of clients.
pub struct Cell {
    /// `SQLite`, `PostgreSQL`, or `pgbench` for the raw floor.
    pub engine: &'static str,
    /// What was done.
    pub work: &'static str,
    /// Over how many past orders; 0 where that does not matter.
    pub past: u64,
    /// By how many at the same time.
    pub clients: usize,
    /// How often.
    pub operations: u64,
    /// How often it failed.
    pub errors: u64,
    /// What the first failure said.
    pub first_error: Option<String>,
    /// How long all of it took.
    pub elapsed_us: u64,
    /// Half of the operations took no longer.
    pub p50_us: u64,
    /// 99 of 100 operations took no longer.
    pub p99_us: u64,
    /// CPU time of the program; none when it did not run.
    pub program_cpu_us: Option<u64>,
    /// CPU time of the database's processes; none when it is inside the program.
    pub database_cpu_us: Option<u64>,
    /// SQL statements; none when they are not counted.
    pub statements: Option<u64>,
    /// Bytes of the answers' bodies; none without answers.
    pub bytes: Option<u64>,
}

/// A whole run.
pub struct Report {
    /// How it was called.
    pub command: String,
    /// The day, as `2026-11-23`.
    pub date: String,
    /// How the program was built.
    pub profile: &'static str,
    /// Where.
    pub machine: Machine,
    /// Starting over data that is there, by engine: milliseconds to the first answer, and KiB of memory then.
    pub starts: Vec<(&'static str, u128, u64)>,
    /// What was measured.
    pub cells: Vec<Cell>,
    /// The ledger as a file.
    pub files: Vec<Written>,
    /// What could not be measured, and why.
    pub failures: Vec<String>,
}

/// The value that `percent` of 100 values do not exceed (nearest rank), of sorted values.
pub fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

impl Cell {
    fn rate(&self) -> f64 {
        self.operations as f64 / (self.elapsed_us.max(1) as f64 / 1e6)
    }

    fn per_operation(&self, amount: u64) -> f64 {
        amount as f64 / self.operations.max(1) as f64
    }

    fn cpu_ms(&self, cpu_us: Option<u64>) -> Option<f64> {
        cpu_us.map(|cpu_us| self.per_operation(cpu_us) / 1000.0)
    }

    fn whole_cpu_us(&self) -> Option<u64> {
        match (self.program_cpu_us, self.database_cpu_us) {
            (None, None) => None,
            (program, database) => Some(program.unwrap_or_default() + database.unwrap_or_default()),
        }
    }

    /// The cell as the columns of [`HEAD`].
    fn columns(&self) -> Vec<String> {
        let decimals = |value: Option<f64>, places: usize| {
            value.map_or_else(|| "–".to_owned(), |value| format!("{value:.places$}"))
        };
        let ms = |us: u64| decimals(Some(us as f64 / 1000.0), 2);
        vec![
            self.engine.to_owned(),
            self.work.to_owned(),
            self.past.to_string(),
            self.clients.to_string(),
            self.operations.to_string(),
            decimals(Some(self.rate()), 0),
            ms(self.p50_us),
            ms(self.p99_us),
            decimals(self.cpu_ms(self.program_cpu_us), 2),
            decimals(self.cpu_ms(self.database_cpu_us), 2),
            decimals(self.cpu_ms(self.whole_cpu_us()), 2),
            decimals(self.statements.map(|count| self.per_operation(count)), 1),
            decimals(self.bytes.map(|bytes| self.per_operation(bytes)), 0),
            self.errors.to_string(),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "engine": self.engine,
            "work": self.work,
            "past_orders": self.past,
            "clients": self.clients,
            "operations": self.operations,
            "errors": self.errors,
            "first_error": self.first_error,
            "elapsed_us": self.elapsed_us,
            "rate_per_s": rounded(self.rate()),
            "p50_us": self.p50_us,
            "p99_us": self.p99_us,
            "program_cpu_us_per_operation": self.program_cpu_us.map(|us| rounded(self.per_operation(us))),
            "database_cpu_us_per_operation": self.database_cpu_us.map(|us| rounded(self.per_operation(us))),
            "statements_per_operation": self.statements.map(|count| rounded(self.per_operation(count))),
            "body_bytes_per_response": self.bytes.map(|bytes| rounded(self.per_operation(bytes))),
        })
    }
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The columns.
const HEAD: [&str; 14] = [
    "engine",
    "work",
    "past orders",
    "clients",
    "operations",
    "per s",
    "p50 ms",
    "p99 ms",
    "CPU ms program",
    "CPU ms database",
    "CPU ms together",
    "statements",
    "bytes",
    "errors",
];
/// How wide a column is on the terminal.
const WIDTHS: [usize; 14] = [10, 23, 11, 7, 10, 6, 7, 7, 14, 15, 15, 10, 7, 6];

/// The columns' names, as printed while the run goes on.
pub fn printed_head() -> String {
    printed(&HEAD.map(str::to_owned))
}

fn printed(columns: &[String]) -> String {
    let padded: Vec<String> = columns
        .iter()
        .zip(WIDTHS)
        .enumerate()
        .map(|(at, (text, width))| match at {
            0 | 1 => format!("{text:<width$}"),
            _ => format!("{text:>width$}"),
        })
        .collect();
    padded.join("  ")
}

impl Cell {
    /// The row, as printed while the run goes on.
    pub fn printed(&self) -> String {
        printed(&self.columns())
    }
}

impl Report {
    /// Operations that failed, over all cells.
    pub fn errors(&self) -> u64 {
        self.cells.iter().map(|cell| cell.errors).sum()
    }

    /// What went wrong, one sentence each; empty when nothing did.
    pub fn complaints(&self) -> Vec<String> {
        let of_cell = |cell: &Cell| {
            let (engine, work, clients) = (cell.engine, cell.work, cell.clients);
            let said = cell.first_error.as_deref().unwrap_or("no reason was given");
            format!(
                "{engine}, {work}, {clients} clients: {} of {} failed; the first: {said}",
                cell.errors, cell.operations
            )
        };
        let failed = self.cells.iter().filter(|cell| cell.errors > 0).map(of_cell);
        failed.chain(self.failures.iter().cloned()).collect()
    }

    /// The run as JSON.
    pub fn json(&self) -> Value {
        let start = |(engine, ms, kib): &(&str, u128, u64)| json!({ "engine": engine, "start_ms": ms, "memory_kib": kib });
        json!({
            "command": self.command,
            "date": self.date,
            "profile": self.profile,
            "machine": {
                "cores": self.machine.cores,
                "model": self.machine.model,
                "memory_mib": self.machine.memory_mib,
                "file_system": self.machine.file_system,
            },
            "starts": self.starts.iter().map(start).collect::<Vec<_>>(),
            "errors": self.errors(),
            "complaints": self.complaints(),
            "cells": self.cells.iter().map(Cell::json).collect::<Vec<_>>(),
            "files": self.files.iter().map(Written::json).collect::<Vec<_>>(),
        })
    }

    /// The run as a Markdown document.
    pub fn markdown(&self) -> String {
        let machine = &self.machine;
        let mut text = format!(
            "# Measurements\n\nWritten by `{}` on {}; do not edit.\n\n- Program: profile `{}`\n- Machine: {} cores, {}, \
            {} MiB of memory; both databases on {}\n",
            self.command,
            self.date,
            self.profile,
            machine.cores,
            machine.model,
            machine.memory_mib,
            machine.file_system
        );
        for (engine, ms, kib) in &self.starts {
            text.push_str(&format!(
                "- Start to first answer on {engine}: {ms} ms; memory then: {} MiB\n",
                kib / 1024
            ));
        }
        text.push_str(NOTES);
        for complaint in self.complaints() {
            text.push_str(&format!("\n**Not clean:** {}\n", complaint.replace('\n', " ")));
        }
        text.push_str(&format!("\n| {} |\n| --- | ---", HEAD.join(" | ")));
        text.push_str(&" | ---:".repeat(HEAD.len() - 2));
        text.push_str(" |\n");
        for cell in &self.cells {
            text.push_str(&format!("| {} |\n", cell.columns().join(" | ")));
        }
        text.push_str(&self.growth());
        text.push_str(&self.written());
        text
    }

    /// The ledger as a file.
    fn written(&self) -> String {
        if self.files.is_empty() {
            return String::new();
        }
        let head = Written::HEAD.join(" | ");
        let mut text =
            format!("\nThe whole ledger written to a file, in the background:\n\n| {head} |\n| --- | ---");
        text.push_str(&" | ---:".repeat(Written::HEAD.len() - 2));
        text.push_str(" |\n");
        for file in &self.files {
            text.push_str(&format!("| {} |\n", file.columns().join(" | ")));
        }
        text
    }

    /// What reading costs over the large past against the small one.
    fn growth(&self) -> String {
        let mut text = String::new();
        for large in &self.cells {
            let small = self.cells.iter().find(|small| {
                (small.engine, small.work, small.clients) == (large.engine, large.work, large.clients)
                    && small.past < large.past
            });
            let costs = small.and_then(|small| Some((small, small.cpu_ms(small.whole_cpu_us())?)));
            let (Some((small, was)), Some(is)) = (costs, large.cpu_ms(large.whole_cpu_us())) else {
                continue;
            };
            if text.is_empty() {
                text.push_str("\nCPU of reading as the past grows:\n\n| engine | work | past orders | CPU ms | past orders | CPU ms | times |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
            }
            text.push_str(&format!(
                "| {} | {} | {} | {was:.2} | {} | {is:.2} | {:.2} |\n",
                large.engine,
                large.work,
                small.past,
                large.past,
                is / was.max(0.001)
            ));
        }
        text
    }
}

const NOTES: &str = "
The market is the demonstration with as many offers and past orders as the command says, made by `jizhou fill`. Clients run on the same machine over kept-alive connections; CPU is that of the program
and of PostgreSQL's processes alone, for one operation. Statements are PostgreSQL's own count (`pg_stat_statements`), begin
and commit included; on SQLite nobody counts them, and the database's CPU is the program's. Bytes are those of an answer's
body, uncompressed. `pgbench` is the raw floor: the statements of a placement, prepared, without the program; one more
select there chooses the goods and stands for the program's look at the token. Rates on a shared machine drift; CPU,
statements and bytes hardly do.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn cell() -> Cell {
        Cell {
            engine: "PostgreSQL",
            work: "place an order, 3 lines",
            past: 10_000,
            clients: 8,
            operations: 2000,
            errors: 0,
            first_error: None,
            elapsed_us: 4_000_000,
            p50_us: 15_123,
            p99_us: 20_000,
            program_cpu_us: Some(2_400_000),
            database_cpu_us: Some(3_000_000),
            statements: Some(24_100),
            bytes: Some(200_000),
        }
    }

    fn report(cells: Vec<Cell>) -> Report {
        Report {
            command: "cargo xtask bench".to_owned(),
            date: "2026-11-23".to_owned(),
            profile: "release",
            machine: Machine {
                cores: 2,
                model: "Some CPU".to_owned(),
                memory_mib: 4096,
                file_system: "ext2/ext3".to_owned(),
            },
            starts: vec![("SQLite", 120, 40_960)],
            cells,
            files: Vec::new(),
            failures: Vec::new(),
        }
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<u64> = (1..=200).collect();
        assert_eq!((percentile(&values, 50), percentile(&values, 99)), (100, 198));
        assert_eq!((percentile(&[7], 50), percentile(&[7], 99)), (7, 7));
        assert_eq!(percentile(&[1, 2, 3], 50), 2);
        assert_eq!(percentile(&[], 99), 0);
    }

    #[test]
    fn a_row_shows_what_one_operation_costs() {
        let text = report(vec![cell()]).markdown();
        let row = "| PostgreSQL | place an order, 3 lines | 10000 | 8 | 2000 | 500 | 15.12 | 20.00 | 1.20 | 1.50 | 2.70 | 12.1 | 100 | 0 |";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("2 cores, Some CPU, 4096 MiB"), "{text}");
        assert!(text.contains("SQLite: 120 ms; memory then: 40 MiB"), "{text}");
        assert!(!text.contains("Not clean"), "{text}");
        let (head, row) = (printed_head(), cell().printed());
        assert_eq!(head.chars().count(), row.chars().count());
    }

    #[test]
    fn what_is_not_counted_is_a_dash() {
        let cell = Cell {
            database_cpu_us: None,
            statements: None,
            ..cell()
        };
        assert_eq!(cell.columns()[9..12], ["–", "1.20", "–"]);
        assert_eq!(cell.json()["statements_per_operation"], Value::Null);
    }

    #[test]
    fn failures_are_said() {
        let failed = Cell {
            errors: 3,
            first_error: Some("the program answered 500".to_owned()),
            ..cell()
        };
        let report = report(vec![failed]);
        assert_eq!(report.errors(), 3);
        assert!(
            report.markdown().contains("**Not clean:** PostgreSQL"),
            "{}",
            report.markdown()
        );
        assert_eq!(report.json()["errors"], 3);
    }

    #[test]
    fn nothing_measured_divides_by_nothing() {
        let empty = Cell {
            operations: 0,
            elapsed_us: 0,
            ..cell()
        };
        assert_eq!(empty.columns()[4], "0");
    }
}
