//! Chromium through its driver: one driver a test, and in it one fresh profile for every person.

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::time::Duration;
use tests::running::{Folder, LOOK_EVERY, free_port, setting};

/// How long the driver may take to answer, and to stop what it started.
const DRIVER_LIMIT: Duration = Duration::from_secs(30);

/// Switches of every Chromium here: nothing asks the network for anything but the program under test.
const SWITCHES: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
    // Pages then scroll at once, and a button stands still when it is pressed.
    "--force-prefers-reduced-motion",
    "--window-size=1280,900",
];

/// The running driver, and the folder with the profiles of whoever browses through it.
pub struct Driver {
    child: Child,
    port: u16,
    folder: Folder,
    profiles: usize,
}

impl Driver {
    /// Starts the driver on a free port.
    ///
    /// # Panics
    /// When it is missing or does not answer.
    pub async fn start() -> Self {
        let program = found("CHROMEDRIVER", &["chromedriver"]);
        let port = free_port();
        let child = Command::new(&program)
            .arg(format!("--port={port}"))
            // Dates and the browser's own words as people here have them.
            .env("LANGUAGE", "zh_CN")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let driver = Self {
            child,
            port,
            folder: Folder::new("profiles"),
            profiles: 0,
        };
        let status = format!("http://127.0.0.1:{port}/status");
        let answers = async {
            while reqwest::get(&status).await.is_err() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        assert!(
            tokio::time::timeout(DRIVER_LIMIT, answers).await.is_ok(),
            "chromedriver does not answer"
        );
        driver
    }

    /// A browser that has never been anywhere, with scripts or without.
    ///
    /// # Panics
    /// When Chromium does not start.
    pub async fn profile(&mut self, scripts: bool) -> Client {
        self.profiles += 1;
        let profile = self.folder.path().join(format!("profile-{}", self.profiles));
        let mut arguments: Vec<String> = SWITCHES.iter().map(|switch| (*switch).to_owned()).collect();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let mut options = json!({
            "args": arguments,
            "binary": found("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]),
        });
        if !scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let wanted = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let Value::Object(wanted) = wanted else {
            unreachable!("an object was written above")
        };
        ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("Chromium starts")
    }

    /// Asks the driver to end every browser and itself. A browser must not outlive a failed test, so this waits for it.
    fn shut_down(&mut self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        stream.set_read_timeout(Some(DRIVER_LIMIT))?;
        let request = format!(
            "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.port
        );
        stream.write_all(request.as_bytes())?;
        // It closes the connection when it is done.
        stream.read_to_end(&mut Vec::new()).map(|_| ())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // What cannot be asked to stop is killed all the same.
        let _ = self.shut_down();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program: where the test run says it is, or on the path.
fn found(variable: &str, names: &[&str]) -> PathBuf {
    let named = setting(variable).map(PathBuf::from);
    let path = setting("PATH").unwrap_or_default();
    let on_path = || {
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        names
            .iter()
            .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
            .find(|file| is_program(file))
    };
    named.or_else(on_path).unwrap_or_else(|| {
        panic!(
            "{} is missing: `cargo xtask test --only browser` installs what the test needs",
            names[0]
        )
    })
}

fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// A command that only Chromium's driver knows.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Asks Chromium itself, in its own protocol.
///
/// # Panics
/// When it refuses.
pub async fn devtools(client: &Client, name: &str, parameters: Value) -> Value {
    let command = Own {
        path: "goog/cdp/execute",
        body: json!({ "cmd": name, "params": parameters }),
    };
    client
        .issue_cmd(command)
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What the browser has complained of since it was last asked.
///
/// # Panics
/// When the driver refuses.
pub async fn complaints(client: &Client) -> Vec<String> {
    let command = Own {
        path: "se/log",
        body: json!({ "type": "browser" }),
    };
    let log = client.issue_cmd(command).await.expect("the driver keeps a log");
    let entries = log.as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry["level"] == "SEVERE")
        .map(|entry| entry["message"].to_string())
        .collect()
}
