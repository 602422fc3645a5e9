//! The real program as a process of its own, over a data folder of its own: started, waited for, killed.

use crate::source;
use shared::domain::calendar::{Day, Micros};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// How long a start may take, the demonstration market included, on a machine that is busy.
const START_LIMIT: Duration = Duration::from_secs(300);
/// Between two looks at something that is awaited.
pub const LOOK_EVERY: Duration = Duration::from_millis(25);

/// A setting of the test run.
#[must_use]
pub fn setting(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty())
}

/// A port that nothing listens on just now.
///
/// # Panics
/// When the machine has none left.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the machine has a free port");
    listener.local_addr().expect("a bound port has an address").port()
}

/// Today, as the program reckons it.
///
/// # Panics
/// When the machine's clock stands before 1970.
#[must_use]
pub fn today() -> Day {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program under test goes by the machine's clock"
    )]
    let now = std::time::SystemTime::now();
    let since = now
        .duration_since(std::time::UNIX_EPOCH)
        .expect("the clock stands after 1970");
    Micros(i64::try_from(since.as_micros()).expect("the clock stands before the year 290000")).day()
}

/// A folder of a test's own, removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one.
    ///
    /// # Panics
    /// When the folder for temporary files cannot be written.
    #[must_use]
    pub fn new(purpose: &str) -> Self {
        let name = format!(
            "jizhou-{purpose}-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left-overs in the folder for temporary files disturb nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A market in a folder and, where one is given, a PostgreSQL database; its program runs, or was killed.
pub struct Running {
    folder: Folder,
    database_url: Option<String>,
    port: u16,
    child: Option<Child>,
    wrapped: bool,
}

impl Running {
    /// Starts the program with the demonstration market in a new SQLite file, or in this empty database.
    ///
    /// # Panics
    /// When it does not come up; the message has what it said.
    pub async fn demo(database_url: Option<String>) -> Self {
        let mut running = Self {
            folder: Folder::new("market"),
            database_url,
            port: free_port(),
            child: None,
            wrapped: false,
        };
        if let Some(url) = running.database_url.clone() {
            // Loading is no part of any test: its commits need not wait for the disk. What follows does.
            let more = if url.contains('?') { '&' } else { '?' };
            running.database_url = Some(format!("{url}{more}options=-c%20synchronous_commit%3Doff"));
            running.start().await;
            running.kill();
            running.database_url = Some(url);
        }
        running.start().await;
        running
    }

    /// Where it is reached, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts the program, and answers when it is ready.
    ///
    /// # Panics
    /// When it does not come up; the message has what it said.
    pub async fn start(&mut self) {
        let log = File::create(self.log()).expect("the data folder can be written");
        let both = log.try_clone().expect("a file can be held twice");
        let mut command = self.command();
        command
            .args(["serve", "--demo"])
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(both);
        self.child = Some(
            command
                .spawn()
                .unwrap_or_else(|error| panic!("{}: {error}", program().display())),
        );
        if tokio::time::timeout(START_LIMIT, self.ready()).await.is_err() {
            panic!("the program was not ready in time:\n{}", self.said());
        }
    }

    /// Starts the program so that a file which may not grow is a failed write, and not its end.
    ///
    /// # Panics
    /// When it does not come up; the message has what it said.
    pub async fn start_bearing_limits(&mut self) {
        self.wrapped = true;
        self.start().await;
    }

    /// Lets no file of the program's grow beyond so many bytes, or lets them grow again.
    ///
    /// # Panics
    /// When the program does not run.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let child = self.child.as_ref().expect("the program runs");
        let limit = rustix::process::Rlimit {
            current: bytes,
            maximum: None,
        };
        rustix::process::prlimit(
            Some(rustix::process::Pid::from_child(child)),
            rustix::process::Resource::Fsize,
            limit,
        )
        .expect("a limit below the hard one can be set");
    }

    /// Waits until the program says again that it can work.
    ///
    /// # Panics
    /// When it ended, or goes on saying that it cannot.
    pub async fn ready_again(&mut self) {
        if tokio::time::timeout(START_LIMIT, self.ready()).await.is_err() {
            panic!("the program does not recover:\n{}", self.said());
        }
    }

    async fn ready(&mut self) {
        let (client, url) = (reqwest::Client::new(), format!("{}/readyz", self.url()));
        loop {
            if client
                .get(&url)
                .send()
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            let ended = self
                .child
                .as_mut()
                .and_then(|child| child.try_wait().ok().flatten());
            if let Some(status) = ended {
                panic!(
                    "the program ended with {status} instead of serving:\n{}",
                    self.said()
                );
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Kills the program where it stands (SIGKILL).
    ///
    /// # Panics
    /// When it had ended by itself.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("the program runs");
        let ended = child.try_wait().expect("a child can be asked");
        assert!(
            ended.is_none(),
            "the program ended by itself ({ended:?}):\n{}",
            self.said()
        );
        child.kill().expect("a child can be killed");
        child.wait().expect("a killed child ends");
    }

    /// Checks the books with the program's own command.
    ///
    /// # Panics
    /// When something is wrong with them.
    pub async fn assert_clean(&self) {
        let mut command = self.command();
        command.arg("verify");
        let checked = tokio::task::spawn_blocking(move || command.output()).await;
        let Output {
            status,
            stdout,
            stderr,
        } = checked
            .expect("the check is not cancelled")
            .expect("the program can be started");
        let said = [stdout, stderr]
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .concat();
        assert!(
            status.success() && said.contains("ok "),
            "the books are wrong:\n{said}"
        );
    }

    /// The common password of the demonstration's people.
    ///
    /// # Panics
    /// When the demonstration was not loaded.
    #[must_use]
    pub fn password(&self) -> String {
        let path = self.folder.path().join("demo-sign-in.txt");
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let first = text.lines().next().unwrap_or_default();
        first
            .split_whitespace()
            .last()
            .expect("the first line ends with the password")
            .to_owned()
    }

    fn command(&self) -> Command {
        let mut command = if self.wrapped {
            let mut shell = Command::new("sh");
            // The signal that says "this file is too large" is ignored here, and by what is started from here.
            shell
                .args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#])
                .arg(program());
            shell
        } else {
            Command::new(program())
        };
        let (data, port) = (self.folder.path(), self.port.to_string());
        command
            .arg("--data")
            .arg(data)
            .args(["--port", &port])
            .env_remove("JIZHOU_PUBLIC_URL")
            .env_remove("JIZHOU_HOST");
        match &self.database_url {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        command
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("program.log")
    }

    /// The last that the program has said.
    #[must_use]
    pub fn said(&self) -> String {
        let all = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("the program's last words:\n{}", self.said());
        }
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself; either way it is gone then.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The program as it was built.
fn program() -> PathBuf {
    let built = || source::repository().join("target/debug/jizhou");
    let path = setting("JIZHOU_BIN").map_or_else(built, PathBuf::from);
    assert!(
        path.is_file(),
        "the program is not built: `cargo xtask test --only browser` or `cargo xtask test --only faults` builds and tests it"
    );
    path
}
