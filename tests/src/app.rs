//! The program under test: the real one, over a database of its own, with a clock that stands.

use crate::database::Database;
use crate::{Api, Browser, Engine, Market, Person};
use axum::Router;
use sea_orm::{ConnectionTrait as _, Statement, Value};
use server::config::Config;
use server::ports::clock::SetClock;
use server::ports::files::Folder;
use server::services::idempotency::Key;
use server::services::{App, token, verify};
use server::store::Db;
use shared::api::token::TokenIn;
use shared::domain::calendar::{Day, Micros};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

/// Where the program believes that it is reached.
pub const PUBLIC_URL: &str = "http://127.0.0.1:3000";

/// A program under test.
pub struct TestApp {
    /// The program.
    pub app: App,
    /// Its clock, which stands until it is set.
    pub clock: Arc<SetClock>,
    /// Its doors.
    pub router: Router,
    /// Which database it runs on.
    pub engine: Engine,
    database: Arc<Database>,
}

impl std::ops::Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

/// The day on which every test begins.
#[must_use]
pub fn first_day() -> Day {
    Day::from_ymd(2026, 11, 23).expect("a day of the calendar")
}

/// The moment at which every test begins: nine in the morning in Shanghai.
#[must_use]
pub fn first_moment() -> Micros {
    first_day().start().plus_hours(9)
}

impl TestApp {
    /// Starts a program over an empty, migrated database.
    ///
    /// # Panics
    /// When there is no database to be had.
    pub async fn start(engine: Engine) -> Self {
        let (database, db) = Database::create(engine).await;
        let config = config_of(&database.url, &database.folder);
        Self::over(
            engine,
            Arc::new(database),
            db,
            Arc::new(SetClock::at(first_moment())),
            config,
        )
    }

    fn over(engine: Engine, database: Arc<Database>, db: Db, clock: Arc<SetClock>, config: Config) -> Self {
        let files = Arc::new(Folder(config.data.join("files")));
        let app = App::new(db, Arc::clone(&clock) as _, files, config);
        Self {
            router: server::build(app.clone()),
            app,
            clock,
            engine,
            database,
        }
    }

    /// A program over a database that something was restored into, with this test's clock.
    #[must_use]
    pub fn over_restored(&self, engine: Engine, database: Database, db: Db) -> Self {
        let config = config_of(&database.url, &database.folder);
        Self::over(engine, Arc::new(database), db, Arc::clone(&self.clock), config)
    }

    /// The same market under other settings.
    #[must_use]
    pub fn configured(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = self.app.config.clone();
        change(&mut config);
        let (database, clock) = (Arc::clone(&self.database), Arc::clone(&self.clock));
        Self::over(self.engine, database, self.app.db.clone(), clock, config)
    }

    /// Fills the registers and enrols somebody in every role.
    pub async fn market(&self) -> Market {
        Market::open(self).await
    }

    /// An idempotency key that was not used before.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::own(self.app.new_id())
    }

    /// Lets so many hours pass.
    pub fn pass_hours(&self, hours: i64) {
        self.clock.advance_s(hours * 3600);
    }

    /// A client of the JSON API without a token.
    #[must_use]
    pub fn anonymous(&self) -> Api {
        Api::new(self.router.clone(), None)
    }

    /// A client of the JSON API with a token of this person's role.
    ///
    /// # Panics
    /// When no token can be made.
    pub async fn api(&self, person: &Person) -> Api {
        let input = TokenIn {
            name: "test".to_owned(),
            grant_id: None,
            days: 30,
        };
        let made = token::create(&self.app, &person.signed_in(), &input, &self.key()).await;
        let made = made.expect("a token is made");
        // As if its holder had just proven themselves, and always will have.
        let (always, id) = (Value::from(i64::MAX), Value::from(made.token.id));
        self.sql("update api_tokens set proven_at = $1 where id = $2", [always, id])
            .await;
        Api::new(self.router.clone(), Some(made.secret))
    }

    /// A browser that has never been here.
    #[must_use]
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone(), self.app.clone())
    }

    /// A browser in which this person has signed in.
    pub async fn signed_in(&self, person: &Person) -> Browser {
        let mut browser = self.browser();
        browser.sign_in(&person.sign_in_name).await;
        browser
    }

    /// Runs SQL text past the use cases: to look at what is stored, or to damage it. Answers the rows changed.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn sql(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        let schema = self.app.db.schema();
        let statement = Statement::from_sql_and_values(schema.get_database_backend(), sql, values);
        let done = schema
            .execute_raw(statement)
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        self.app.db.changed();
        done.rows_affected()
    }

    /// A number that is stored (`bigint`), or counted.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn number(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let read = server::store::scalar(self.app.db.schema(), sql, values).await;
        read.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// How many rows a table has.
    pub async fn count(&self, table: &str) -> i64 {
        self.number(&format!("select count(*) from {table}"), []).await
    }

    /// What `verify` finds wrong, as `check: what`.
    ///
    /// # Panics
    /// When the books cannot be read at all.
    pub async fn wrong(&self) -> Vec<String> {
        let found = verify::run(&self.app).await.expect("the books can be read");
        let wrong: Vec<String> = found
            .checks
            .iter()
            .filter_map(|check| Some(format!("{}: {}", check.name, check.wrong.as_ref()?)))
            .collect();
        assert_eq!(
            found.clean,
            wrong.is_empty(),
            "clean means that no check found anything"
        );
        wrong
    }

    /// Checks the books.
    ///
    /// # Panics
    /// When they are wrong.
    pub async fn assert_clean(&self) {
        let wrong = self.wrong().await;
        assert!(wrong.is_empty(), "the books are wrong: {wrong:#?}");
    }

    /// Ends the test: the books must be right.
    ///
    /// # Panics
    /// When they are wrong.
    pub async fn finish(self) {
        self.assert_clean().await;
    }
}

fn config_of(database_url: &str, folder: &Path) -> Config {
    Config {
        data: folder.to_owned(),
        database_url: database_url.to_owned(),
        listen: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0),
        public_url: PUBLIC_URL.to_owned(),
        security_contact: Some("mailto:security@market.example".to_owned()),
        cache_pages: Some(true),
        ..Config::default()
    }
}
