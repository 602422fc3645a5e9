//! `cargo xtask bench`: what the market's work costs, on both databases, measured from outside.

mod cpu;
mod database;
mod file;
mod http;
mod load;
mod machine;
mod market;
mod pgbench;
mod program;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::ValueEnum;

use self::database::Database;
use self::load::{Size, Tally, Work};
use self::machine::Machine;
use self::market::Market;
use self::program::Program;
use self::report::{Cell, Report, percentile};
use crate::scratch::Scratch;
use crate::{assets, packages, process, repository, run, target_directory};

/// What `cargo xtask bench` accepts.
#[derive(clap::Args)]
pub struct BenchArguments {
    /// How the program is built; only a release measured on both databases is kept in docs/bench.md
    #[arg(long, value_enum, default_value_t = Profile::Release)]
    profile: Profile,
    /// Measure the program as it was built last
    #[arg(long)]
    built: bool,
    /// Operations of each measurement, all clients together
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    operations: u64,
    /// Seconds that a measurement may take at the most
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How many clients at the same time, one measurement each
    #[arg(long, num_args = 1.., value_delimiter = ',', default_values_t = [1, 8, 32])]
    clients: Vec<u16>,
    /// Offers on sale
    #[arg(long, default_value_t = 100_000)]
    offers: u64,
    /// Past orders: everything is measured over the second number, reading over the first too
    #[arg(long, num_args = 1.., value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    orders: Vec<u64>,
    /// Measure on these databases only
    #[arg(long, value_enum, num_args = 1.., value_delimiter = ',')]
    only: Vec<Engine>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// As on a real server (takes many minutes to build the first time)
    Release,
    /// As while developing: its numbers say nothing about a real server
    Dev,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Engine {
    /// `SQLite`, in the program's own process
    Sqlite,
    /// PostgreSQL, and pgbench beside it
    Postgres,
}

impl Engine {
    const fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Measures everything, prints it, and writes it down. Slow is never a failure; an operation that failed is.
pub fn bench(arguments: &BenchArguments) -> Result<()> {
    let engines: Vec<Engine> = Engine::value_variants()
        .iter()
        .copied()
        .filter(|engine| arguments.only.is_empty() || arguments.only.contains(engine))
        .collect();
    if engines.contains(&Engine::Postgres) {
        packages::ensure_database()?;
    }
    let program = build(arguments)?;
    let mut report = Report {
        command: command(),
        date: machine::day(0),
        profile: match arguments.profile {
            Profile::Release => "release",
            Profile::Dev => "dev",
        },
        machine: Machine::this(),
        starts: Vec::new(),
        cells: Vec::new(),
        files: Vec::new(),
        failures: Vec::new(),
    };
    println!("\n{}", report::printed_head());
    for engine in engines {
        let measured = measure(engine, &program, arguments, &mut report);
        process::check_interrupted()?;
        if let Err(error) = measured {
            // Said at once too: the other engine may take an hour, and be stopped.
            println!("{}: {error:#}", engine.title());
            report.failures.push(format!("{}: {error:#}", engine.title()));
        }
    }
    // What is kept beside the code is the whole picture of a program as people run it.
    let keep = arguments.profile == Profile::Release && arguments.only.is_empty();
    write(&report, keep)?;
    let complaints = report.complaints();
    if complaints.is_empty() {
        return Ok(());
    }
    anyhow::bail!("The numbers are not clean:\n{}", complaints.join("\n"))
}

fn build(arguments: &BenchArguments) -> Result<PathBuf> {
    let release = arguments.profile == Profile::Release;
    if !arguments.built {
        assets::build(release)?;
        return run::build_server(release);
    }
    let folder = if release { "release" } else { "debug" };
    let program = target_directory().join(folder).join("jizhou");
    if !program.is_file() {
        anyhow::bail!("{} is not built: leave out --built.", program.display());
    }
    Ok(program)
}

/// The command line as somebody would type it again.
fn command() -> String {
    let words: Vec<String> = std::env::args().skip(1).collect();
    format!("cargo xtask {}", words.join(" "))
}

fn measure(engine: Engine, path: &Path, arguments: &BenchArguments, report: &mut Report) -> Result<()> {
    let folder = Scratch::on_disk("bench")?;
    let database = (engine == Engine::Postgres).then(Database::start).transpose()?;
    let url = database.as_ref().map(Database::url);
    // Loading the demonstration is no part of what is measured, nor is the memory that it took.
    drop(Program::start(path, folder.path(), url.as_deref())?);
    let program = Program::start(path, folder.path(), url.as_deref())?;
    report.starts.push((
        engine.title(),
        program.start_duration().as_millis(),
        cpu::memory_kib(program.pid())?,
    ));
    drop(program);
    let mut last = None;
    for (at, past) in arguments.orders.iter().copied().enumerate() {
        let begun = std::time::Instant::now();
        program::fill(path, folder.path(), url.as_deref(), arguments.offers, past)?;
        println!(
            "{}: {} offers and {past} past orders made in {:.0} s",
            engine.title(),
            arguments.offers,
            begun.elapsed().as_secs_f64()
        );
        drop(last.take());
        let program = Program::start(path, folder.path(), url.as_deref())?;
        let market = Market::open(&program)?;
        let is_whole = at + 1 == arguments.orders.len();
        for work in Work::ALL
            .into_iter()
            .filter(|work| is_whole || *work != Work::Order)
        {
            for size in sizes(arguments, work) {
                let mut cell = cell(engine, &market, work, size, &program, database.as_ref())?;
                cell.past = past;
                println!("{}", cell.printed());
                report.cells.push(cell);
            }
        }
        last = Some((program, market));
    }
    let (program, market) = last.context("nothing is measured without a past")?;
    for written in file::write(engine.title(), &program)? {
        println!("The ledger as a file: {}", written.columns().join("  "));
        report.files.push(written);
    }
    drop(program);
    if let Some(database) = database {
        pgbench::prepare(&database, &market, folder.path())?;
        for size in sizes(arguments, Work::Order) {
            let cell = pgbench::run(&database, &market, size, folder.path())?;
            println!("{}", cell.printed());
            report.cells.push(cell);
        }
    }
    Ok(())
}

/// Orders are placed by every number of clients; reading costs the same however many read.
fn sizes(arguments: &BenchArguments, work: Work) -> impl Iterator<Item = Size> {
    let most = arguments
        .clients
        .iter()
        .copied()
        .min_by_key(|clients| clients.abs_diff(8));
    arguments
        .clients
        .iter()
        .filter(move |clients| **clients > 0 && (work == Work::Order || Some(**clients) == most))
        .map(|clients| Size {
            clients: usize::from(*clients),
            operations: arguments.operations,
            limit: Duration::from_secs(arguments.seconds),
        })
}

/// What is read before and after each measurement.
struct Meter {
    program_cpu_us: u64,
    /// Before the statements are asked for, which costs the database something itself.
    database_cpu_first_us: Option<u64>,
    statements: Option<u64>,
    /// After that.
    database_cpu_last_us: Option<u64>,
}

fn cell(
    engine: Engine,
    market: &Market,
    work: Work,
    size: Size,
    program: &Program,
    database: Option<&Database>,
) -> Result<Cell> {
    let database_cpu_us = || database.map(Database::cpu_us).transpose();
    let meter = || {
        Ok(Meter {
            program_cpu_us: cpu::of_process(program.pid())?,
            database_cpu_first_us: database_cpu_us()?,
            statements: database.map(Database::statements).transpose()?.flatten(),
            database_cpu_last_us: database_cpu_us()?,
        })
    };
    let (tally, before, after) = load::run(market, work, size, meter)?;
    let Tally {
        mut latencies_us,
        bytes,
        errors,
        first_error,
        elapsed,
    } = tally;
    latencies_us.sort_unstable();
    let since = |after: Option<u64>, before: Option<u64>| after.zip(before).map(|(a, b)| a.saturating_sub(b));
    Ok(Cell {
        engine: engine.title(),
        work: work.title(),
        past: 0,
        clients: size.clients,
        operations: u64::try_from(latencies_us.len())?,
        errors,
        first_error,
        elapsed_us: u64::try_from(elapsed.as_micros())?,
        p50_us: percentile(&latencies_us, 50),
        p99_us: percentile(&latencies_us, 99),
        program_cpu_us: Some(after.program_cpu_us.saturating_sub(before.program_cpu_us)),
        database_cpu_us: since(after.database_cpu_first_us, before.database_cpu_last_us),
        statements: since(after.statements, before.statements),
        bytes: Some(bytes),
    })
}

fn write(report: &Report, keep: bool) -> Result<()> {
    let mut paths = vec![(
        target_directory().join("bench/bench.json"),
        format!("{:#}\n", report.json()),
    )];
    paths.push((target_directory().join("bench/bench.md"), report.markdown()));
    if keep {
        paths.push((repository().join("docs/bench.md"), report.markdown()));
    }
    for (path, text) in paths {
        let folder = path.parent().context("a file lies in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        println!("Written: {}", path.display());
    }
    Ok(())
}
