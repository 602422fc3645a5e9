//! What the tests share: a program over a real database of its own, people, goods, and clients for its doors.

pub mod answer;
pub mod api;
pub mod app;
pub mod browser;
pub mod database;
pub mod entrance;
pub mod html;
pub mod listing;
pub mod market;
pub mod pdf;
pub mod picture;
pub mod postgres;
pub mod receipts;
pub mod running;
pub mod settling;
pub mod smtp;
pub mod source;
pub mod sqlite;
pub mod stripe_fake;
pub mod trade;

pub use answer::Answer;
pub use api::Api;
pub use app::TestApp;
pub use browser::Browser;
pub use database::Engine;
pub use listing::{Listing, Offer};
pub use market::{Market, Person};

use server::services::{Error, Refusal};
use shared::api::problem::{Code, FieldCode};
use tokio::runtime::Runtime;
use tokio::sync::RwLock;

/// Runs each named `async fn(&TestApp)` as a test on SQLite and as a test on PostgreSQL.
///
/// `cargo nextest run -p tests --test it sqlite::` runs one engine only.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::run($crate::Engine::Sqlite, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::run($crate::Engine::Postgres, super::$name); })+
        }
    };
}

/// The same for tests that count what the whole process does: no other test runs beside them.
#[macro_export]
macro_rules! both_alone {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::run_alone($crate::Engine::Sqlite, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::run_alone($crate::Engine::Postgres, super::$name); })+
        }
    };
}

/// Tests share it, those that must be alone hold it whole. Under nextest every test is a process of its own anyway.
static PROCESS: RwLock<()> = RwLock::const_new(());

/// Runs one test over a new program, then checks its books.
///
/// # Panics
/// When the test fails, or leaves the books wrong.
pub fn run(engine: Engine, test: impl AsyncFnOnce(&TestApp)) {
    runtime().block_on(async {
        let _shared = PROCESS.read().await;
        over_new_app(engine, test).await;
    });
}

/// The same while no other test runs in this process.
///
/// # Panics
/// When the test fails, or leaves the books wrong.
pub fn run_alone(engine: Engine, test: impl AsyncFnOnce(&TestApp)) {
    runtime().block_on(async {
        let _alone = PROCESS.write().await;
        over_new_app(engine, test).await;
    });
}

async fn over_new_app(engine: Engine, test: impl AsyncFnOnce(&TestApp)) {
    let app = TestApp::start(engine).await;
    test(&app).await;
    app.finish().await;
}

fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the machine has threads")
}

/// The refusal of something that must be refused.
///
/// # Panics
/// When it was done, or failed for another cause than a refusal.
#[track_caller]
pub fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Refusal {
    match outcome {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

/// The code of something that must be refused.
///
/// # Panics
/// When it was not refused.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Code {
    refusal(outcome).code
}

/// The fields at fault of something that must be refused as invalid.
///
/// # Panics
/// When it was not refused as invalid.
#[track_caller]
pub fn wrong_fields<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<(String, FieldCode)> {
    let refusal = refusal(outcome);
    assert_eq!(refusal.code, Code::Invalid, "{refusal:?}");
    refusal
        .fields
        .into_iter()
        .map(|problem| (problem.field, problem.code))
        .collect()
}
