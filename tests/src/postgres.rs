//! Databases in the throw-away PostgreSQL: each a copy of one that is migrated once.

use crate::database::{migrate, template_name};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, DbBackend, Statement};
use std::time::Duration;

/// Where the throw-away server is, as its superuser.
const VARIABLE: &str = "TEST_POSTGRES_URL";

fn server_url() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let url = std::env::var(VARIABLE).ok().filter(|url| !url.is_empty());
    url.unwrap_or_else(|| panic!("{VARIABLE} is not set: `cargo xtask test` starts a PostgreSQL and sets it"))
}

/// The same server, another database. A commit in a test need not outlive the server.
fn url_of(database: &str) -> String {
    let server = server_url();
    let (before, _) = server
        .rsplit_once('/')
        .expect("a PostgreSQL URL names a database");
    format!("{before}/{database}?options=-c%20synchronous_commit%3Doff")
}

async fn admin() -> DatabaseConnection {
    let mut options = ConnectOptions::new(server_url());
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options)
        .await
        .unwrap_or_else(|error| panic!("PostgreSQL does not answer: {error}"))
}

/// Makes a migrated, empty database and answers its URL.
///
/// # Panics
/// When the server refuses.
pub async fn create(name: &str) -> String {
    let admin = admin().await;
    let template = template(&admin, name).await;
    copy(&admin, name, &template).await;
    url_of(name)
}

/// Makes a database without any table and answers its URL.
///
/// # Panics
/// When the server refuses.
pub async fn create_bare(name: &str) -> String {
    copy(&admin().await, name, "template0").await;
    url_of(name)
}

/// Removes a database, from wherever a test ends.
pub fn remove(name: String) {
    let removing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            admin()
                .await
                .execute_unprepared(&format!("drop database if exists {name} with (force)"))
                .await
        })?;
        Ok::<(), anyhow::Error>(())
    });
    // The server itself is thrown away at the end of the run: a database that stays until then is no harm.
    if !matches!(removing.join(), Ok(Ok(()))) {
        eprintln!("a test's database could not be removed");
    }
}

/// The migrated database that others are copied from. Tests are programs of their own and begin together: each that
/// finds none makes one under its own name, and the first to give it the common name wins.
async fn template(admin: &DatabaseConnection, own: &str) -> String {
    let name = template_name();
    let exists = format!("select 1 from pg_database where datname = '{name}'");
    let found = admin
        .query_one_raw(Statement::from_string(DbBackend::Postgres, exists))
        .await;
    if found.expect("the catalogue can be read").is_some() {
        return name;
    }
    let building = format!("{own}_schema");
    copy(admin, &building, "template0").await;
    migrate(&url_of(&building)).await;
    if admin
        .execute_unprepared(&format!("alter database {building} rename to {name}"))
        .await
        .is_err()
    {
        // Another test was first; if this was for another cause, copying fails next and says it.
        let _ = admin
            .execute_unprepared(&format!("drop database if exists {building} with (force)"))
            .await;
    }
    name
}

async fn copy(admin: &DatabaseConnection, name: &str, template: &str) {
    let sql = format!("create database {name} template {template}");
    for _ in 0..100 {
        match admin.execute_unprepared(&sql).await {
            Ok(_) => return,
            Err(error) if error.to_string().contains("being accessed by other users") => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    panic!("{sql}: the template was in use all the time");
}
