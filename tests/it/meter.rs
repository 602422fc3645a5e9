//! What the machine's watchers see: metrics and the log tell how the market does, and nothing of a person.

use crate::pages::job::runs_the_main_job_by_forms;
use server::meter;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tests::market::PASSWORD;
use tests::{Answer, Browser, TestApp, both_alone};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

both_alone![logs_no_secret_and_no_name, counts_by_route_and_never_by_person];

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("no writer panicked");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .expect("no writer panicked")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Kept {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// The main job, and what else carries secrets: a wrong password, a one-time link, a token, a search.
async fn live(app: &TestApp) -> Vec<String> {
    runs_the_main_job_by_forms(app).await;
    let mut stranger = app.browser();
    stranger.try_sign_in("nobody-known", "a-wrong-password-1").await;
    let link = "Zm9yZ290dGVuLWxpbmstc2VjcmV0LW9mLXNvbWVib2R5";
    stranger.get(&format!("/link/{link}")).await.expect(410);
    stranger.get("/goods?q=secret-search-words").await.expect(200);
    let api = app.anonymous().with_token("jz_forged-token-of-somebody-else");
    api.get("/api/v1/orders").await.expect(401);
    let mut secrets: Vec<String> = [
        PASSWORD,
        "a-wrong-password-1",
        "nobody-known",
        link,
        "secret-search-words",
        "jz_",
        "$argon2",
    ]
    .map(str::to_owned)
    .into();
    secrets.extend(stranger.cookies.values().cloned());
    secrets
}

async fn logs_no_secret_and_no_name(app: &TestApp) {
    let kept = Kept::default();
    let filter = EnvFilter::new("info,server=debug,access=debug,sqlx=warn,sea_orm=warn");
    let log = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(kept.clone());
    // Another test of this process may have begun to log first; then there is nothing to be read here.
    if log.try_init().is_err() {
        return;
    }
    let mut secrets = live(app).await;
    let text = kept.text();
    assert!(text.lines().count() > 20, "every request is logged:\n{text}");
    assert!(text.contains("\"route\":\"/orders/{id}\""), "{text}");
    // The people of the test market are named in Chinese, and sign in under names of letters.
    secrets.extend(["caigou", "buyer", "lister", "operator", "演示", "香菇"].map(str::to_owned));
    for secret in &secrets {
        assert!(
            !text.contains(secret.as_str()),
            "the log tells '{secret}':\n{text}"
        );
    }
    for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')) {
        assert!(
            word.len() < 40,
            "'{word}' looks like a secret or an id in an address"
        );
    }
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of the log is JSON");
        assert!(line["level"].is_string(), "{line}");
    }
}

async fn counts_by_route_and_never_by_person(app: &TestApp) {
    // Under one process for all tests the first has begun to count already.
    let _ = meter::install();
    let secrets = live(app).await;
    // A page for everybody, drawn for the first time.
    app.browser().open("/goods").await;
    let mut watcher = Browser::of(meter::router(app.app.clone()), app.app.clone());
    let text = watcher.open("/metrics").await.text();
    for wanted in [
        "jizhou_http_requests_total{route=\"/orders/{id}\",method=\"GET\",status=\"200\"}",
        "jizhou_http_requests_total{route=\"/link/{secret}\",method=\"GET\",status=\"410\"} 1",
        "jizhou_http_requests_total{route=\"/api/v1/orders\",method=\"GET\",status=\"401\"} 1",
        "jizhou_http_request_duration_seconds_bucket{route=\"/basket\",method=\"POST\",le=\"10\"}",
        "jizhou_db_statements_total ",
        "jizhou_sessions 3",
        "jizhou_write_queue 0",
        "jizhou_read_only 0",
        "jizhou_kept_pages_total{found=\"no\"}",
    ] {
        assert!(text.contains(wanted), "{wanted} is missing in\n{text}");
    }
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        assert!(line.starts_with("jizhou_"), "'{line}' could be anybody's");
    }
    for secret in &secrets {
        assert!(!text.contains(secret.as_str()), "the metrics tell '{secret}'");
    }
    let public: Answer = app.browser().get("/metrics").await;
    assert_eq!(public.status.as_u16(), 404, "the market itself shows no metrics");
    let before = text.lines().count();
    for at in 0..50 {
        app.browser().get(&format!("/nowhere/{at}")).await;
        app.browser().get(&format!("/goods/{}", app.app.new_id())).await;
    }
    let after = watcher.open("/metrics").await.text().lines().count();
    assert!(
        after < before + 60,
        "addresses that somebody makes up add no series: {before}, {after}"
    );
    let named = app.anonymous().get("/api/v1/catalogue").await;
    assert_eq!(named.header("x-request-id").len(), 12);
}
