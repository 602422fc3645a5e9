//! Programs that xtask starts: found, run to their end, and ended with it.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// The process group that is being waited for; signals to xtask go on to it.
static CURRENT: Mutex<Option<Pid>> = Mutex::new(None);
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Turns Ctrl-C and its like into an orderly end: the running program is told, and everything started is stopped.
pub fn watch_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("Signals cannot be watched")?;
    std::thread::spawn(move || {
        for number in signals.forever() {
            let again = INTERRUPTED.swap(true, Ordering::SeqCst);
            let signal = match number {
                _ if again => Signal::KILL,
                SIGINT => Signal::INT,
                _ => Signal::TERM,
            };
            if let Some(group) = *current() {
                // A group that ended a moment ago needs no signal.
                let _ = kill_process_group(group, signal);
            }
        }
    });
    Ok(())
}

/// Whether somebody asked xtask to stop.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Fails when somebody asked xtask to stop: call it between pieces of work that start no program.
pub fn check_interrupted() -> Result<()> {
    if is_interrupted() {
        bail!("Stopped on request.");
    }
    Ok(())
}

/// A command whose program ends when xtask ends, even when xtask is killed without a word.
pub fn bound(program: &Path, death_signal: &str) -> Command {
    bound_with(program, death_signal, &[])
}

/// As [`bound`], with further options for `setpriv`, such as another user.
pub fn bound_with(program: &Path, death_signal: &str, options: &[&str]) -> Command {
    if find("setpriv").is_none() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", death_signal])
        .args(options)
        .arg("--")
        .arg(program);
    command
}

/// Cargo, as it was started itself, in the repository.
pub fn cargo() -> Result<Command> {
    let program = std::env::var_os("CARGO")
        .map(PathBuf::from)
        .or_else(|| find("cargo"));
    let program =
        program.context("cargo is missing: install Rust from https://rustup.rs and open a new terminal.")?;
    let mut command = bound(&program, "TERM");
    command.current_dir(crate::repository());
    // What cargo told xtask about xtask would make build scripts believe that their inputs changed.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|own| text.starts_with(own))
        {
            command.env_remove(&name);
        }
    }
    Ok(command)
}

/// Runs a command to its end, in a process group of its own; `purpose` opens the sentence when it fails.
pub fn run(command: &mut Command, purpose: &str) -> Result<()> {
    wait(command.stdin(Stdio::null()).process_group(0), purpose, true)
}

/// Runs a command that may ask the person at the terminal, for a password say.
pub fn run_asking(command: &mut Command, purpose: &str) -> Result<()> {
    wait(command, purpose, false)
}

/// What a short command prints, or nothing when it cannot run or fails.
pub fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The first program of this name on the path.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// Sends a signal to the process group of a child that leads one.
pub fn signal_group(child: &Child, signal: Signal) {
    // The only failure is that the group has ended, which is what was wanted.
    let _ = kill_process_group(Pid::from_child(child), signal);
}

fn current() -> MutexGuard<'static, Option<Pid>> {
    CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
}

fn wait(command: &mut Command, purpose: &str, own_group: bool) -> Result<()> {
    let mut child = {
        // Held while starting, so that a signal finds either no child or this one.
        let mut group = current();
        check_interrupted()?;
        let child = command.spawn().map_err(|error| missing(command, &error))?;
        *group = own_group.then(|| Pid::from_child(&child));
        child
    };
    let status = child.wait();
    *current() = None;
    check_interrupted()?;
    let status = status.with_context(|| format!("{purpose} could not be waited for"))?;
    if !status.success() {
        bail!("{purpose} failed ({status}): the reason is printed above.");
    }
    Ok(())
}

fn missing(command: &Command, error: &io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("The program '{program}' is missing: install it."),
        _ => anyhow::anyhow!("The program '{program}' could not be started: {error}."),
    }
}
