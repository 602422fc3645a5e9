//! The real program over a data folder of its own: started, waited for, stopped.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::http::{Connection, Request};
use crate::process;

/// How long a start may take, the demonstration market included.
const START_LIMIT: Duration = Duration::from_secs(300);
const STOP_LIMIT: Duration = Duration::from_secs(25);

/// A running program; dropping it stops it.
pub struct Program {
    child: Child,
    folder: PathBuf,
    port: u16,
    start: Duration,
}

/// Has the program fill a stopped market with offers and past orders.
pub fn fill(path: &Path, folder: &Path, database_url: Option<&str>, offers: u64, orders: u64) -> Result<()> {
    let mut command = process::bound(path, "KILL");
    command.arg("--data").arg(folder);
    command.args([
        "fill",
        "--offers",
        &offers.to_string(),
        "--orders",
        &orders.to_string(),
    ]);
    if let Some(url) = database_url {
        command.env("DATABASE_URL", url);
    }
    process::run(&mut command, "Filling the market")
}

impl Program {
    /// Starts `jizhou serve --demo` and waits until it answers. Without a URL it keeps its data in SQLite.
    pub fn start(path: &Path, folder: &Path, database_url: Option<&str>) -> Result<Self> {
        let port = free_port()?;
        let log = File::create(folder.join("program.log")).context("the program's log cannot be written")?;
        let both = log.try_clone().context("the program's log cannot be shared")?;
        let mut command = process::bound(path, "KILL");
        command.arg("--data").arg(folder);
        command.args(["--port", &port.to_string(), "serve", "--demo"]);
        for name in ["DATABASE_URL", "JIZHOU_PUBLIC_URL", "JIZHOU_HOST", "JIZHOU_LOG"] {
            command.env_remove(name);
        }
        if let Some(url) = database_url {
            command.env("DATABASE_URL", url);
        }
        command.stdin(Stdio::null()).stdout(log).stderr(both);
        // A group of its own: Ctrl-C must end the measuring first and the program last.
        let child = command
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} could not be started", path.display()))?;
        let mut program = Self {
            child,
            folder: folder.to_owned(),
            port,
            start: Duration::ZERO,
        };
        program.wait_for_answer()?;
        Ok(program)
    }

    fn wait_for_answer(&mut self) -> Result<()> {
        let begun = Instant::now();
        let request = Request {
            path: "/livez",
            ..Request::default()
        };
        loop {
            process::check_interrupted()?;
            let answer = Connection::open(self.port).and_then(|mut connection| connection.send(request));
            if answer.is_ok_and(|answer| answer.status == 200) {
                self.start = begun.elapsed();
                return Ok(());
            }
            let ended = self.child.try_wait().context("the program cannot be watched")?;
            if ended.is_some() || begun.elapsed() > START_LIMIT {
                bail!("the program does not start; it said:\n{}", self.said());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// From its start to its first answer.
    pub fn start_duration(&self) -> Duration {
        self.start
    }

    /// The common password of the demonstration's people.
    pub fn password(&self) -> Result<String> {
        let path = self.folder.join("demo-sign-in.txt");
        let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let word = text
            .lines()
            .next()
            .and_then(|line| line.split_whitespace().last());
        Ok(word.context("the demonstration names no password")?.to_owned())
    }

    /// The last that it said.
    fn said(&self) -> String {
        let log = fs::read_to_string(self.folder.join("program.log")).unwrap_or_default();
        let from = log.char_indices().rev().nth(1500).map_or(0, |(at, _)| at);
        log[from..].to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        process::signal_group(&self.child, Signal::TERM);
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

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free on 127.0.0.1")?;
    Ok(listener
        .local_addr()
        .context("the free port cannot be read")?
        .port())
}
