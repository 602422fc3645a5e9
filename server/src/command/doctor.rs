//! `jizhou doctor`: looks at everything that the market stands on, and says how to mend what is wrong.

use super::backup::{app, existing};
use crate::config::{Config, Loaded};
use crate::ports::clock::{Clock as _, SystemClock};
use crate::ports::signing;
use crate::services::{App, seal};
use crate::store::{self, Db};
use serde::Serialize;
use shared::domain::calendar::Micros;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Below so many bytes free, somebody should look; below a tenth of them, the market stands still soon.
const FREE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// The program was built after this instant (2026-11-01): a clock before it is wrong.
const BUILT_AFTER: Micros = Micros(1_793_491_200_000_000);

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    Warn,
    Fail,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    found: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    mend: String,
}

fn ok(name: &'static str, found: impl Into<String>) -> Check {
    Check {
        name,
        state: State::Ok,
        found: found.into(),
        mend: String::new(),
    }
}

fn warn(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Check {
    Check {
        state: State::Warn,
        mend: mend.into(),
        ..ok(name, found)
    }
}

fn fail(name: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Check {
    Check {
        state: State::Fail,
        mend: mend.into(),
        ..ok(name, found)
    }
}

/// Looks at everything and prints it; the exit code is 1 when something fails. A setting that cannot be read is the
/// first thing that is told.
///
/// # Errors
/// When standard output cannot be written.
pub async fn examine(loaded: anyhow::Result<Loaded>, json: bool) -> anyhow::Result<ExitCode> {
    let checks = match loaded {
        Err(error) => vec![fail(
            "settings",
            format!("{error:#}"),
            "mend this setting, then ask again",
        )],
        Ok(loaded) => every(&loaded).await,
    };
    let failed = checks.iter().any(|check| check.state == State::Fail);
    if json {
        println!("{}", serde_json::to_string_pretty(&checks)?);
    } else {
        for check in &checks {
            let word = match check.state {
                State::Ok => "ok  ",
                State::Warn => "warn",
                State::Fail => "FAIL",
            };
            println!("{word}  {}: {}", check.name, check.found);
            if !check.mend.is_empty() {
                println!("      → {}", check.mend);
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn every(loaded: &Loaded) -> Vec<Check> {
    let config = &loaded.config;
    let mut checks = settings(loaded);
    checks.extend(secrets(loaded));
    checks.push(address(config));
    checks.push(folder(config));
    checks.push(books_key(config));
    checks.push(free(&config.data));
    checks.push(clock(SystemClock.now()));
    checks.push(in_use(config));
    checks.push(pages(config));
    checks.extend(database(config).await);
    checks.push(if crate::assets::present() {
        ok("assets", "built in")
    } else {
        fail(
            "assets",
            "the program was built without them",
            "build it with `cargo xtask dist`",
        )
    });
    checks
}

fn settings(loaded: &Loaded) -> Vec<Check> {
    let file = loaded.file.as_ref().map_or_else(
        || "no settings file".to_owned(),
        |path| path.display().to_string(),
    );
    let mut checks = vec![ok("settings", format!("{file}, and the environment"))];
    for (name, nearest) in &loaded.unknown {
        let mend = format!("did you mean {nearest}? Otherwise take it away");
        checks.push(warn(
            "settings",
            format!("the variable {name} means nothing"),
            mend,
        ));
    }
    checks
}

fn secrets(loaded: &Loaded) -> Vec<Check> {
    let checked = loaded.secret_files.iter().map(|path| {
        let shown = path.display();
        match std::fs::metadata(path).map(|data| data.mode() & 0o777) {
            Ok(mode) if mode & 0o037 == 0 => {
                ok("secrets", format!("{shown} is for its owner (mode {mode:o})"))
            }
            Ok(mode) => fail(
                "secrets",
                format!("{shown} holds a password and has mode {mode:o}"),
                format!("chmod 600 {shown}"),
            ),
            Err(error) => fail(
                "secrets",
                format!("{shown}: {error}"),
                "let the program's user read it",
            ),
        }
    });
    checked.collect()
}

fn address(config: &Config) -> Check {
    let url = &config.public_url;
    if config.secure_cookies() {
        return ok("public_url", format!("{url}, listening on {}", config.listen));
    }
    let found = format!("{url}: plain http, so only this machine itself can sign in");
    let mend = "for others put a TLS proxy before it and set public_url to its https:// address";
    if config.listen.ip().is_loopback() {
        warn("public_url", found, mend)
    } else {
        fail(
            "public_url",
            format!("{found}, yet it listens on {}", config.listen),
            mend,
        )
    }
}

fn pages(config: &Config) -> Check {
    let found = match (config.keeps_pages(), config.database_url.starts_with("sqlite:")) {
        (true, true) => "public pages are kept between changes",
        (true, false) => {
            let mend = "leave cache_pages out as soon as another process writes to this database";
            return warn(
                "cache_pages",
                "public pages are kept: this must be the only process",
                mend,
            );
        }
        (false, _) => "public pages are drawn anew each time",
    };
    ok("cache_pages", found)
}

fn folder(config: &Config) -> Check {
    let data = config.data.display();
    let probe = config.data.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::write(&probe, b"x").and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => match std::fs::metadata(&config.data).map(|d| d.mode() & 0o777) {
            Ok(mode) if mode & 0o002 != 0 => fail(
                "data",
                format!("everybody can write {data} (mode {mode:o})"),
                format!("chmod 750 {data}"),
            ),
            _ => ok("data", format!("{data} can be written")),
        },
        Err(error) => fail(
            "data",
            format!("{data} cannot be written ({error})"),
            "make the folder and give it to the program's user, or name another with --data",
        ),
    }
}

/// The key that signs closed months: there, good, and for its owner alone.
fn books_key(config: &Config) -> Check {
    let path = signing::path(config);
    let shown = path.display();
    let key = match signing::seed(config) {
        Ok(Some(seed)) => seal::Key::of(&seed),
        Ok(None) => return ok("books key", "none yet: the next start makes it"),
        Err(error) => {
            let mend =
                format!("put the right key back, or move {shown} away and let the next start make a new one");
            return fail("books key", format!("{error:#}"), mend);
        }
    };
    if config.books_key.is_some() {
        return ok(
            "books key",
            format!("{}, given by the setting books_key", key.id()),
        );
    }
    match std::fs::metadata(&path).map(|data| data.mode() & 0o777) {
        Ok(mode) if mode & 0o077 == 0 => ok("books key", format!("{} in {shown} (mode {mode:o})", key.id())),
        Ok(mode) => fail(
            "books key",
            format!("{shown} can sign closed months and has mode {mode:o}"),
            format!("chmod 600 {shown}; when others could read it, `jizhou books-key rotate`"),
        ),
        Err(error) => fail(
            "books key",
            format!("{shown}: {error}"),
            "let the program's user read it",
        ),
    }
}

/// The key in use is published.
async fn published(app: &App) -> Check {
    let Ok(Some(seed)) = signing::seed(&app.config) else {
        return ok("books keys", "no key is in use yet");
    };
    let id = seal::Key::of(&seed).id();
    match store::period::keys(app.db.read()).await {
        Ok(keys) if keys.iter().any(|key| key.id == id && key.retired_at.is_none()) => {
            ok("books keys", format!("{id} is published, {} in all", keys.len()))
        }
        Ok(_) => warn(
            "books keys",
            format!("{id} is not published yet"),
            "the next start publishes it",
        ),
        // The schema has steps to take, which is told by its own check.
        Err(_) => warn("books keys", "cannot be asked", "bring the schema up to date"),
    }
}

fn free(data: &Path) -> Check {
    let Some(bytes) = free_bytes(data) else {
        return warn("disk", "the free space could not be asked", "look with `df -h`");
    };
    let found = format!("{} MiB free where the data are", bytes / (1024 * 1024));
    if bytes < FREE_BYTES / 10 {
        fail(
            "disk",
            found,
            "free some at once: the market stands still when none is left",
        )
    } else if bytes < FREE_BYTES {
        warn(
            "disk",
            found,
            "free some, or move the data folder to a larger disk",
        )
    } else {
        ok("disk", found)
    }
}

/// What `df` says: the standard library cannot ask.
fn free_bytes(data: &Path) -> Option<u64> {
    let asked = std::process::Command::new("df")
        .arg("-Pk")
        .arg(data)
        .output()
        .ok()?;
    let text = String::from_utf8(asked.stdout).ok()?;
    let kib: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    kib.checked_mul(1024)
}

fn clock(now: Micros) -> Check {
    let (year, month, day) = now.day().ymd();
    let found = format!("it is {year}-{month:02}-{day:02} in Shanghai");
    if now < BUILT_AFTER {
        let mend = "set the machine's clock, and let it be kept right (timedatectl set-ntp true)";
        fail("clock", format!("{found}, before this program was made"), mend)
    } else {
        ok("clock", found)
    }
}

fn in_use(config: &Config) -> Check {
    let alone = config.database_url.starts_with("sqlite:");
    match super::claim(&config.data, alone) {
        Ok(_free) => ok("in use", "no program serves this data folder"),
        Err(_) if config.data.is_dir() => ok("in use", "a program serves this data folder"),
        Err(error) => fail("in use", error.to_string(), "mend the data folder"),
    }
}

async fn database(config: &Config) -> Vec<Check> {
    if existing(config).is_err() {
        let found = "there is no database yet";
        return vec![warn(
            "database",
            found,
            "`jizhou serve` or `jizhou migrate` makes it",
        )];
    }
    let db = match tokio::time::timeout(Duration::from_secs(15), store::connect(&config.database_url)).await {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => return vec![fail("database", format!("{error:#}"), "then ask again")],
        Err(_) => {
            return vec![fail(
                "database",
                "does not answer",
                "start it, or mend database_url",
            )];
        }
    };
    let mut checks = vec![match store::version(&db).await {
        Ok(version) => ok("database", version),
        Err(error) => fail(
            "database",
            error.to_string(),
            "see whether it runs and lets this user in",
        ),
    }];
    checks.push(schema(&db).await);
    let app = app(db, config.clone());
    checks.push(published(&app).await);
    checks.push(mail(&app).await);
    checks.push(payments(&app).await);
    checks
}

async fn schema(db: &Db) -> Check {
    match store::steps(db.read()).await {
        Ok((applied, known)) if applied.len() == known.len() => {
            ok("schema", known.last().map_or("empty", String::as_str))
        }
        Ok((applied, known)) => warn(
            "schema",
            format!(
                "{} of {} steps are still to be taken",
                known.len() - applied.len(),
                known.len()
            ),
            "take a backup; then `jizhou migrate`, or the next `jizhou serve`, takes them",
        ),
        Err(error) => fail(
            "schema",
            error.to_string(),
            "the database is of a newer program: run that one, or restore a backup",
        ),
    }
}

async fn mail(app: &App) -> Check {
    if !app.mail.configured() {
        return ok("mail", "no server is set: links are shown and not mailed");
    }
    match app.mail.check().await {
        Ok(()) => ok("mail", "the server answers"),
        Err(error) => fail(
            "mail",
            error.to_string(),
            "mend smtp_url, or see whether the server runs",
        ),
    }
}

async fn payments(app: &App) -> Check {
    let Some(provider) = &app.payments else {
        return ok("payments", "no provider is set: paying online is not offered");
    };
    let name = provider.name();
    match provider.check().await {
        Ok(()) => ok("payments", format!("{name} answers and takes the key")),
        Err(error) => fail(
            "payments",
            format!("{name}: {error}"),
            "mend stripe_secret_key, or see whether this machine reaches the provider",
        ),
    }
}

/// Asks the program that serves here whether it is ready: for whoever watches a container.
///
/// # Errors
/// When it does not answer, or is not ready.
pub async fn ready(config: &Config) -> anyhow::Result<ExitCode> {
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let asked = async {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        let request = "GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    match tokio::time::timeout(Duration::from_secs(5), asked).await {
        Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => Ok(ExitCode::SUCCESS),
        Ok(Ok(answer)) => anyhow::bail!("not ready: {}", answer.lines().last().unwrap_or_default()),
        Ok(Err(error)) => anyhow::bail!("nothing answers on {address} ({error})"),
        Err(_) => anyhow::bail!("no answer on {address} within 5 seconds"),
    }
}
