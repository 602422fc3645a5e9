//! A throw-away PostgreSQL: a folder and a free port of its own, gone when its owner is gone.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::scratch::Scratch;
use crate::{packages, process};

const START_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(10);

/// Everything that keeps a commit safe stays on; only checkpoints keep out of the way.
const SETTINGS: &[&str] = &[
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
    "checkpoint_timeout=30min",
    "max_wal_size=4GB",
    "max_connections=200",
    "listen_addresses=127.0.0.1",
    "logging_collector=off",
    "timezone=UTC",
];

/// What need not be kept is not waited for, and does not pile up in memory.
const FORGETFUL: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_wal_size=256MB",
];

/// A running server; dropping it stops the server and removes its folder.
pub struct Postgres {
    child: Child,
    folder: Scratch,
    port: u16,
}

/// The folder of the newest PostgreSQL programs on this machine.
pub fn programs() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let mut packaged: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    packaged.sort_unstable();
    let on_path = || {
        let program = fs::canonicalize(process::find("postgres")?).ok()?;
        program.parent().map(Path::to_owned).filter(complete)
    };
    packaged.pop().map(|(_, folder)| folder).or_else(on_path)
}

impl Postgres {
    /// Makes a new, empty server and waits until it answers.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// The same with further settings, as `name=value`.
    pub fn start_with(settings: &[&str]) -> Result<Self> {
        Self::start_in(Scratch::on_disk("postgres")?, settings)
    }

    /// The same for tests that are over when it dies: it lives in memory and never waits for a disk, and answers the same
    /// otherwise. Whoever kills or measures it starts one that does wait.
    pub fn start_forgetful() -> Result<Self> {
        Self::start_in(Scratch::in_memory("postgres")?, FORGETFUL)
    }

    fn start_in(folder: Scratch, settings: &[&str]) -> Result<Self> {
        let programs = programs().context("PostgreSQL is missing: run 'sudo apt-get install postgresql'.")?;
        let account = account()?;
        give(folder.path(), account)?;
        initialise(&programs, folder.path(), account)?;
        serve(&programs, folder, account, settings)
    }

    /// Where programs reach it, as its superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Its first process, the parent of all others.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let begun = Instant::now();
        let port = self.port.to_string();
        loop {
            process::check_interrupted()?;
            let exited = self.child.try_wait().context("PostgreSQL cannot be watched")?;
            if exited.is_some() || begun.elapsed() > START_LIMIT {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                let from = log.char_indices().rev().nth(1500).map_or(0, |(at, _)| at);
                bail!("PostgreSQL does not start; it last said:\n{}", &log[from..]);
            }
            let mut probe = Command::new(programs.join("pg_isready"));
            probe.args([
                "--quiet",
                "--host",
                "127.0.0.1",
                "--username",
                "postgres",
                "--port",
                &port,
            ]);
            if probe.status().context("pg_isready cannot run")?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Immediate shutdown: nothing in it is worth a last checkpoint.
        process::signal_group(&self.child, Signal::QUIT);
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if begun.elapsed() > STOP_LIMIT {
                process::signal_group(&self.child, Signal::KILL);
                // Killed programs end; a failure to wait changes nothing.
                let _ = self.child.wait();
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Offers a throw-away server to whoever develops, until it is interrupted or the server ends.
pub fn serve_until_interrupted() -> Result<()> {
    packages::ensure_database()?;
    let mut postgres = Postgres::start_forgetful()?;
    println!("export TEST_POSTGRES_URL={}", postgres.url());
    println!("Ctrl-C stops it and removes everything in it.");
    loop {
        process::check_interrupted()?;
        if postgres
            .child
            .try_wait()
            .context("PostgreSQL cannot be watched")?
            .is_some()
        {
            bail!("PostgreSQL ended by itself: start it again.");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// PostgreSQL refuses root: the account that runs it then, or none when it can run as we do.
fn account() -> Result<Option<&'static str>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    if process::find("setpriv").is_none() {
        bail!("PostgreSQL refuses to run as root and 'setpriv' is missing: install the package util-linux.");
    }
    let known = |name: &&str| process::output("id", &["-u", name]).is_some();
    match ["postgres", "nobody"].into_iter().find(known) {
        Some(name) => Ok(Some(name)),
        None => bail!("PostgreSQL refuses to run as root: add an account with 'useradd --system postgres'."),
    }
}

fn command(program: &Path, account: Option<&str>) -> Command {
    let Some(name) = account else {
        return process::bound(program, "QUIT");
    };
    process::bound_with(
        program,
        "QUIT",
        &["--reuid", name, "--regid", name_of_group(name), "--init-groups"],
    )
}

fn name_of_group(account: &str) -> &str {
    if account == "nobody" { "nogroup" } else { account }
}

/// Hands a folder to the account that runs the server.
fn give(folder: &Path, account: Option<&str>) -> Result<()> {
    let Some(name) = account else {
        return Ok(());
    };
    process::run(
        Command::new("chown").arg(name).arg(folder),
        "Giving the database its folder",
    )
}

fn initialise(programs: &Path, folder: &Path, account: Option<&str>) -> Result<()> {
    let mut initdb = command(&programs.join("initdb"), account);
    initdb.args([
        "--auth=trust",
        "--username=postgres",
        "--locale=C.UTF-8",
        "--encoding=UTF8",
        "--no-sync",
    ]);
    initdb
        .arg("--pgdata")
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdout(Stdio::null());
    process::run(&mut initdb, "Making a database for the tests")
}

fn serve(programs: &Path, scratch: Scratch, account: Option<&str>, settings: &[&str]) -> Result<Postgres> {
    let folder = scratch.path();
    let log = fs::File::create(folder.join("log")).context("The database's log cannot be written")?;
    let port = free_port()?;
    let mut server = command(&programs.join("postgres"), account);
    server
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-p")
        .arg(port.to_string())
        .arg("-k")
        .arg(folder);
    for setting in SETTINGS.iter().chain(settings) {
        server.args(["-c", setting]);
    }
    let copy = log.try_clone().context("The database's log cannot be shared")?;
    server
        .stdin(Stdio::null())
        .stdout(copy)
        .stderr(log)
        .current_dir(folder);
    // A group of its own: Ctrl-C must reach the tests first and the database last.
    let child = server
        .process_group(0)
        .spawn()
        .context("PostgreSQL could not be started")?;
    let mut postgres = Postgres {
        child,
        folder: scratch,
        port,
    };
    postgres.wait_until_ready(programs)?;
    Ok(postgres)
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("No port is free on 127.0.0.1")?;
    Ok(listener
        .local_addr()
        .context("The free port cannot be read")?
        .port())
}
