//! `cargo xtask dist`: one program with everything inside, and what is needed to run it, as one archive.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::scratch::Scratch;
use crate::{assets, process, repository, target_directory};

/// What `cargo xtask dist` accepts.
#[derive(clap::Args)]
pub struct DistArguments {
    /// The cargo profile to build with; `dev` tries the way out in minutes
    #[arg(long, default_value = "release")]
    profile: String,
}

/// Files of the repository that go along, and where they lie in the archive.
const ALONG: &[(&str, &str)] = &[
    ("README.md", "README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("SECURITY.md", "SECURITY.md"),
    ("LICENSE", "LICENSE"),
    ("docs/operate.md", "docs/operate.md"),
    ("openapi.json", "openapi.json"),
    ("deploy/jizhou.toml", "deploy/jizhou.toml"),
    ("deploy/jizhou.service", "deploy/jizhou.service"),
    ("deploy/jizhou-backup.service", "deploy/jizhou-backup.service"),
    ("deploy/jizhou-backup.timer", "deploy/jizhou-backup.timer"),
    ("deploy/nginx.conf", "deploy/nginx.conf"),
    ("deploy/Caddyfile", "deploy/Caddyfile"),
];

const SUMS: &str = "SHA256SUMS";

/// Builds the program with its assets and puts it into `target/dist/`.
pub fn dist(arguments: &DistArguments) -> Result<()> {
    let release = arguments.profile != "dev";
    assets::build(release)?;
    let program = build(&arguments.profile)?;
    let name = format!("jizhou-{}-{}", version(&program)?, triple()?);
    let folder = target_directory().join("dist").join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    copy(&program, &folder.join("jizhou"))?;
    for (from, to) in ALONG {
        copy(&repository().join(from), &folder.join(to))?;
    }
    check(&folder.join("jizhou"))?;
    write_sums(&folder)?;
    let archive = pack(&folder, &name)?;
    println!(
        "{} ({} MiB) and {}",
        archive.display(),
        fs::metadata(&archive).map_or(0, |data| data.len() / (1024 * 1024)),
        folder.display()
    );
    Ok(())
}

fn build(profile: &str) -> Result<PathBuf> {
    let mut cargo = process::cargo()?;
    cargo.args([
        "build",
        "--locked",
        "--package",
        "server",
        "--bin",
        "jizhou",
        "--profile",
        profile,
    ]);
    process::run(&mut cargo, "Building the program")?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(target_directory().join(folder).join("jizhou"))
}

/// What the program says of itself: the version that is in it, not the one that the sources name by now.
fn version(program: &Path) -> Result<String> {
    let said = process::output(&program.to_string_lossy(), &["--version"])
        .with_context(|| format!("{} does not run", program.display()))?;
    let version = said
        .split_whitespace()
        .last()
        .context("the program does not say its version")?;
    Ok(version.to_owned())
}

fn triple() -> Result<String> {
    let said = process::output("rustc", &["--version", "--verbose"]).context("rustc does not run")?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host
        .context("rustc does not say what machine this is")?
        .to_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))
}

/// The program by itself, with no file of the repository beside it: does it have its assets, and does it make a market?
fn check(program: &Path) -> Result<()> {
    let data = Scratch::on_disk("dist")?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("JIZHOU_") || name == "DATABASE_URL" {
                command.env_remove(&name);
            }
        }
        command.arg("--data").arg(data.path()).args(arguments);
        process::run(&mut command, "Trying the program")
    };
    run(&["migrate"])?;
    run(&["doctor"])?;
    run(&["verify"])
}

fn write_sums(folder: &Path) -> Result<()> {
    let mut lines = Vec::new();
    for path in assets::files_below(folder)? {
        let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        lines.push(format!("{}  {name}\n", sum_of(&path)?));
    }
    fs::write(folder.join(SUMS), lines.concat()).context("the sums cannot be written")
}

fn sum_of(path: &Path) -> Result<String> {
    let unreadable = || format!("{} cannot be read", path.display());
    let (mut file, mut hasher) = (File::open(path).with_context(unreadable)?, Sha256::new());
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let length = file.read(&mut buffer).with_context(unreadable)?;
        if length == 0 {
            return Ok(assets::hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..length]);
    }
}

/// The folder as one archive beside it, with its own sum, in an order and with owners that never change.
fn pack(folder: &Path, name: &str) -> Result<PathBuf> {
    let beside = folder.parent().context("the folder lies in another")?;
    let archive = beside.join(format!("{name}.tar.gz"));
    let mut tar = Command::new("tar");
    tar.current_dir(beside)
        .args([
            "--create",
            "--gzip",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
        ])
        .arg("--file")
        .arg(&archive)
        .arg(name);
    process::run(&mut tar, "Packing the archive")?;
    let sum = format!("{}  {name}.tar.gz\n", sum_of(&archive)?);
    fs::write(beside.join(format!("{name}.tar.gz.sha256")), sum)
        .context("the archive's sum cannot be written")?;
    if fs::metadata(&archive).map_or(0, |data| data.len()) == 0 {
        bail!("{} is empty", archive.display());
    }
    Ok(archive)
}
