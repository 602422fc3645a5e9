//! A PostgreSQL of one test's own, which is stopped, cut off and started again under it.

use crate::wire::Wire;
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tests::running::{Folder, LOOK_EVERY, free_port, setting};

/// Commits whose replies are lost at a time.
const REPLIES: usize = 3;
/// How long it may take to come up, after a crash too.
const START_LIMIT: Duration = Duration::from_secs(60);

/// What happens to it.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// Every connection is ended, in the middle of whatever it does.
    Connections,
    /// It stops at once, as when the machine loses its power; what was committed is on the disk.
    Crash,
    /// It is stopped in good order, with everybody sent away, and started again.
    Restart,
    /// A few transactions are committed, and the connection is cut before the program hears of it.
    Replies,
}

impl Cut {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Connections, Self::Crash, Self::Restart, Self::Replies];
}

/// The server.
pub struct Server {
    folder: Folder,
    programs: PathBuf,
    port: u16,
    wire: Wire,
    child: Option<Child>,
}

impl Server {
    /// Makes a new one and starts it.
    ///
    /// # Panics
    /// When PostgreSQL is not there.
    pub async fn start() -> Self {
        let programs = setting("TEST_POSTGRES_PROGRAMS")
            .expect("TEST_POSTGRES_PROGRAMS is missing: `cargo xtask test --only faults` sets it");
        let folder = Folder::new("server");
        if as_root() {
            done(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let programs = PathBuf::from(programs);
        let mut initdb = own(&programs.join("initdb"));
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--locale=C.UTF-8",
            "--encoding=UTF8",
            "--no-sync",
        ]);
        done(
            initdb
                .arg("--pgdata")
                .arg(folder.path().join("data"))
                .current_dir(folder.path()),
        );
        let port = free_port();
        let mut server = Self {
            folder,
            programs,
            port,
            wire: Wire::lay(port).await,
            child: None,
        };
        server.up().await;
        server
    }

    /// Where the program reaches it: over the wire.
    pub fn url(&self) -> String {
        url(self.wire.port())
    }

    /// How many replies to a COMMIT never came.
    pub fn replies_lost(&self) -> usize {
        self.wire.lost()
    }

    /// Does it, and has the server up again afterwards.
    pub async fn suffer(&mut self, cut: Cut, away: Duration) {
        match cut {
            Cut::Connections => {
                let sql = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'";
                let mut psql = Command::new(self.programs.join("psql"));
                done(psql.args([&url(self.port), "--quiet", "--command", sql]));
            }
            Cut::Crash => {
                self.down(Signal::QUIT).await;
                tokio::time::sleep(away).await;
                self.up().await;
            }
            Cut::Restart => {
                self.down(Signal::INT).await;
                tokio::time::sleep(away).await;
                self.up().await;
            }
            Cut::Replies => {
                self.wire.lose_replies(REPLIES);
                tokio::time::sleep(away).await;
                self.wire.lose_replies(0);
            }
        }
    }

    async fn down(&mut self, signal: Signal) {
        let mut child = self.child.take().expect("the server runs");
        // The signal is for the first process alone: it tells the others.
        rustix::process::kill_process(Pid::from_child(&child), signal).expect("a child can be told");
        while child.try_wait().expect("a child can be asked").is_none() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn up(&mut self) {
        let mut command = own(&self.programs.join("postgres"));
        command.arg("-D").arg(self.folder.path().join("data"));
        command
            .args(["-p", &self.port.to_string(), "-k"])
            .arg(self.folder.path());
        for setting in [
            "listen_addresses=127.0.0.1",
            "max_connections=60",
            "logging_collector=off",
        ] {
            command.args(["-c", setting]);
        }
        command.current_dir(self.folder.path()).process_group(0);
        self.child = Some(command.spawn().expect("PostgreSQL can be started"));
        let ready = async {
            loop {
                let mut probe = Command::new(self.programs.join("pg_isready"));
                probe.args(["--quiet", "--host", "127.0.0.1", "--port", &self.port.to_string()]);
                if probe.status().is_ok_and(|status| status.success()) {
                    return;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        assert!(
            tokio::time::timeout(START_LIMIT, ready).await.is_ok(),
            "PostgreSQL comes up"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Nothing in it is worth a good end; it may be gone already.
            let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
            let _ = child.wait();
        }
    }
}

fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

fn as_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program of PostgreSQL's, as an account that it accepts; it ends with the test.
fn own(program: &Path) -> Command {
    let mut command = if as_root() {
        let mut setpriv = Command::new("setpriv");
        setpriv.args([
            "--pdeathsig",
            "QUIT",
            "--reuid",
            "postgres",
            "--regid",
            "postgres",
            "--init-groups",
            "--",
        ]);
        setpriv.arg(program);
        setpriv
    } else {
        Command::new(program)
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn done(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
