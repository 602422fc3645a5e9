//! `cargo xtask run`: from a fresh clone to a market in the browser.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{assets, process, repository, target_directory};

/// What `cargo xtask run` accepts.
#[derive(clap::Args)]
pub struct RunArguments {
    /// Build with all optimisations, as on a real server (takes many minutes the first time)
    #[arg(long)]
    release: bool,
    /// The port on 127.0.0.1 to serve on
    #[arg(long, default_value_t = 3000, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The folder of the database and the uploads; made when missing [default: ./data]
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Builds what is needed and becomes the server, so that Ctrl-C reaches it directly.
pub fn run(arguments: &RunArguments) -> Result<()> {
    check_port(arguments.port)?;
    check_compiler()?;
    assets::build(arguments.release)?;
    let program = build_server(arguments.release)?;
    let data = match &arguments.data {
        Some(data) => std::path::absolute(data).context("--data names no folder")?,
        None => repository().join("data"),
    };
    // Somebody may have taken the port while the build ran.
    check_port(arguments.port)?;
    process::check_interrupted()?;
    let mut server = Command::new(&program);
    server.arg("serve").arg("--data").arg(data);
    let error = server
        .arg("--port")
        .arg(arguments.port.to_string())
        .arg("--demo")
        .exec();
    bail!("The server {} could not be started: {error}.", program.display());
}

/// Builds the program `jizhou` and says where it lies.
pub fn build_server(release: bool) -> Result<PathBuf> {
    process::run(&mut server_build(release)?, "Building the server")?;
    Ok(server_program(release))
}

/// The command that builds the program.
pub fn server_build(release: bool) -> Result<Command> {
    check_compiler()?;
    let mut cargo = process::cargo()?;
    cargo.args(["build", "--bin", "jizhou"]);
    if release {
        cargo.args(["--package", "server", "--release"]);
    } else {
        // Chosen together with a test: only then does it share every dependency that the tests are built with.
        cargo.args(["--workspace", "--test", "api"]);
    }
    Ok(cargo)
}

/// Where the built program is.
pub fn server_program(release: bool) -> PathBuf {
    let folder = if release { "release" } else { "debug" };
    target_directory().join(folder).join("jizhou")
}

fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("Port {port} is taken: stop the program that listens on it, or choose another with --port.")
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            bail!("Port {port} is for root alone: choose one above 1023 with --port.")
        }
        Err(error) => bail!("Port {port} cannot be opened ({error}): choose another with --port."),
    }
}

fn check_compiler() -> Result<()> {
    let named = std::env::var_os("CC").is_some();
    if !named
        && ["cc", "gcc", "clang"]
            .iter()
            .all(|name| process::find(name).is_none())
    {
        bail!("A C compiler is missing: install one with 'sudo apt-get install build-essential'.");
    }
    Ok(())
}
