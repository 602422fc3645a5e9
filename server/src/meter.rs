//! Metrics for whoever watches the machine, on an address of their own, and the log line of every request. Labels are
//! route templates, methods and statuses: few, and never anything of a person.

use crate::ports::ids;
use crate::services::App;
use crate::store;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tracing::Instrument as _;

/// The name that a request has in the log and in its answer.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Upper bounds of the durations that are counted, in seconds.
const DURATIONS_S: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];
/// Upper bounds of how many use cases share a commit.
const GROUPS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count.
///
/// # Errors
/// When this process counts already.
pub fn install() -> anyhow::Result<()> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &DURATIONS_S)?
        .set_buckets_for_metric(Matcher::Suffix("_group_size".to_owned()), &GROUPS)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| anyhow::anyhow!("the metrics are counted already"))?;
    // Only the first recorder of a process is kept; a second was refused above.
    let _ = METRICS.set(handle);
    describe();
    Ok(())
}

fn describe() {
    use metrics::{describe_counter as counter, describe_gauge as gauge, describe_histogram as histogram};
    counter!(
        "jizhou_http_requests_total",
        "Requests by route template, method and status"
    );
    histogram!(
        "jizhou_http_request_duration_seconds",
        "Seconds from a request's head to its answer's head"
    );
    counter!("jizhou_db_statements_total", "Statements sent to the database");
    counter!(
        "jizhou_write_retries_total",
        "Use cases run again because two writers met"
    );
    histogram!(
        "jizhou_write_group_size",
        "Use cases that shared a commit (SQLite)"
    );
    gauge!("jizhou_write_queue", "Use cases waiting for the writer (SQLite)");
    gauge!("jizhou_writes_under_way", "Write use cases under way");
    gauge!("jizhou_db_connections", "Open connections for reading, by state");
    gauge!("jizhou_sessions", "Sessions that have not ended");
    gauge!(
        "jizhou_unmailed_notices_age_seconds",
        "Age of the oldest notice that is to be mailed"
    );
    gauge!("jizhou_read_only", "1 while nothing may be changed");
    counter!(
        "jizhou_jobs_total",
        "Rounds of background work by name and outcome"
    );
    counter!(
        "jizhou_kept_pages_total",
        "Public pages asked for, by whether they were kept already"
    );
}

/// Serves `/metrics` until the program ends.
pub async fn serve(app: App, listener: TcpListener) {
    let upkeep = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
            if let Some(handle) = METRICS.get() {
                handle.run_upkeep();
            }
        }
    };
    tokio::select! {
        ended = axum::serve(listener, router(app)).into_future() => if let Err(error) = ended {
            tracing::error!(%error, "the metrics are no longer served");
        },
        () = upkeep => {}
    }
}

/// The one address of the metrics.
pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(show)).with_state(app)
}

async fn show(State(app): State<App>) -> Response {
    look(&app).await;
    let text = METRICS.get().map(PrometheusHandle::render).unwrap_or_default();
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Measures what is not counted as it happens. A database that does not answer leaves its numbers as they were.
async fn look(app: &App) {
    metrics::counter!("jizhou_db_statements_total").absolute(store::statements());
    metrics::gauge!("jizhou_read_only").set(if app.read_only() { 1.0 } else { 0.0 });
    let load = app.db.load();
    metrics::gauge!("jizhou_write_queue").set(number(load.queue));
    metrics::gauge!("jizhou_writes_under_way").set(number(load.writes));
    metrics::gauge!("jizhou_db_connections", "state" => "idle").set(number(load.idle));
    metrics::gauge!("jizhou_db_connections", "state" => "used")
        .set(number(load.open.saturating_sub(load.idle)));
    let now = app.now().0;
    match store::gauge::read(&app.db, now).await {
        Ok(gauges) => {
            let micros = gauges
                .unmailed_since
                .filter(|_| app.mail.configured())
                .map_or(0, |at| now - at);
            metrics::gauge!("jizhou_sessions")
                .set(f64::from(u32::try_from(gauges.sessions).unwrap_or(u32::MAX)));
            let age_s = u32::try_from(micros.max(0) / 1_000_000).unwrap_or(u32::MAX);
            metrics::gauge!("jizhou_unmailed_notices_age_seconds").set(f64::from(age_s));
        }
        Err(error) => tracing::warn!(%error, "the database's own numbers could not be read"),
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A round of background work has ended.
pub fn job_ended(job: &'static str, good: bool) {
    let outcome = if good { "ok" } else { "failed" };
    metrics::counter!("jizhou_jobs_total", "job" => job, "outcome" => outcome).increment(1);
}

/// Counts and logs every request, and gives it a name that the log and the answer share. The log has the route's
/// template: an address can hold the secret of a one-time link, or what somebody searched for.
pub async fn request(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "(none)".to_owned(), |path| path.as_str().to_owned());
    let method = method_name(request.method());
    let id = ids::clear_text(12);
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let labels = [
        ("route", route.clone()),
        ("method", method.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("jizhou_http_requests_total", &labels).increment(1);
    metrics::histogram!("jizhou_http_request_duration_seconds", &labels[..2]).record(took.as_secs_f64());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    if quiet(&route) {
        tracing::debug!(target: "access", id, method, route, status, took_us);
    } else {
        tracing::info!(target: "access", id, method, route, status, took_us);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Routes that are asked for so often, and say so little, that only a detailed log has them.
fn quiet(route: &str) -> bool {
    route.starts_with("/assets/") || matches!(route, "/livez" | "/readyz")
}

fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}
