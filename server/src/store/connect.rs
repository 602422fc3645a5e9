//! Opening the database: SQLite by a file, PostgreSQL by a URL.

use super::write::Db;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr};
use std::path::Path;
use std::time::Duration;

/// Either engine's pool of readers.
pub type Connection = DatabaseConnection;

/// The oldest SQLite that is safe: earlier ones can corrupt a write-ahead log (sqlite.org/wal.html, 'the WAL-reset bug').
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);

/// Statements that a connection keeps prepared: more than one person's morning needs. Either engine spends longer on
/// reading the text of one anew than on answering it.
const STATEMENTS: usize = 256;

/// Opens the database at `url`: `sqlite:PATH` or `postgres://…`.
///
/// # Errors
/// One sentence that says what to do, when it cannot be reached or is too old.
pub async fn connect(url: &str) -> anyhow::Result<Db> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        sqlite(Path::new(path.trim_start_matches("//"))).await
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        postgres(url).await
    } else {
        anyhow::bail!(
            "DATABASE_URL must begin with sqlite: or postgres://; it is '{}'",
            without_secret(url)
        )
    }
}

async fn sqlite(path: &Path) -> anyhow::Result<Db> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            anyhow::anyhow!(
                "the folder {} cannot be made ({error}): choose another with --data",
                folder.display()
            )
        })?;
    }
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let writer = sqlite_pool(&url, 1, false)
        .await
        .map_err(|e| cannot_open(path, &e))?;
    let readers = sqlite_pool(&url, 4, true)
        .await
        .map_err(|e| cannot_open(path, &e))?;
    let version: String = writer
        .query_one_raw(sea_orm::Statement::from_string(
            DbBackend::Sqlite,
            "select sqlite_version()",
        ))
        .await?
        .map(|row| row.try_get_by_index(0))
        .transpose()?
        .unwrap_or_default();
    if version_of(&version) < SQLITE_MIN {
        anyhow::bail!(
            "the SQLite library is {version}, older than 3.51.3, and could damage data: build with the bundled one"
        );
    }
    Ok(Db::sqlite(readers, writer))
}

async fn sqlite_pool(url: &str, size: u32, read_only: bool) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(size)
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire(false);
    options.acquire_timeout(Duration::from_secs(10));
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("foreign_keys", "ON")
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "MEMORY")
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(STATEMENTS);
        if read_only {
            sqlite.pragma("query_only", "ON")
        } else {
            sqlite
        }
    });
    Database::connect(options).await
}

async fn postgres(url: &str) -> anyhow::Result<Db> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(32)
        .min_connections(2)
        .sqlx_logging(false)
        .test_before_acquire(false);
    options
        .acquire_timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(10));
    options.set_application_name("jizhou");
    options.map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(STATEMENTS));
    let pool = Database::connect(options).await.map_err(|error| {
        anyhow::anyhow!(
            "PostgreSQL at {} cannot be reached ({error}): start it, or mend DATABASE_URL",
            without_secret(url)
        )
    })?;
    Ok(Db::postgres(pool))
}

fn cannot_open(path: &Path, error: &DbErr) -> anyhow::Error {
    anyhow::anyhow!(
        "the database {} cannot be opened ({error}): check that the folder can be written",
        path.display()
    )
}

/// A URL without its password, for messages.
fn without_secret(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => format!("{}://…{}", &url[..scheme], &url[at..]),
        _ => url.to_owned(),
    }
}

fn version_of(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    )
}

/// Whether the database answers, for reading and writing alike.
///
/// # Errors
/// When it does not.
pub async fn ping(db: &Db) -> Result<(), DbErr> {
    super::scalar(db.read(), "select cast(1 as bigint)", []).await?;
    super::scalar(db.schema(), "select cast(1 as bigint)", [])
        .await
        .map(|_| ())
}

/// Brings the schema up to date.
///
/// # Errors
/// When a step fails, or the database is of a newer program.
pub async fn migrate(db: &Db) -> Result<(), DbErr> {
    use migrations::{Migrator, MigratorTrait as _};
    Migrator::up(db.schema(), None).await
}

/// Which engine answers, and of what version.
///
/// # Errors
/// When it does not.
pub async fn version(db: &Db) -> Result<String, DbErr> {
    let (name, sql) = match db.backend() {
        DbBackend::Postgres => ("PostgreSQL", "show server_version"),
        _ => ("SQLite", "select sqlite_version()"),
    };
    let row = db
        .read()
        .query_one_raw(sea_orm::Statement::from_string(db.backend(), sql))
        .await?;
    let version: String = row
        .map(|row| row.try_get_by_index(0))
        .transpose()?
        .unwrap_or_default();
    Ok(format!("{name} {version}"))
}

/// The schema's steps: those that the database has taken, and all that this program knows.
///
/// # Errors
/// When the database is of a newer program, or does not answer.
pub async fn steps(connection: &impl ConnectionTrait) -> Result<(Vec<String>, Vec<String>), DbErr> {
    use migrations::{Migrator, MigratorTrait as _};
    let applied = Migrator::get_applied_migrations_read_only(connection).await?;
    let known = Migrator::migrations();
    Ok((
        applied.iter().map(|step| step.name().to_owned()).collect(),
        known.iter().map(|step| step.name().to_owned()).collect(),
    ))
}

/// Takes so many of the schema's steps that are still to be taken.
///
/// # Errors
/// When a step fails.
pub async fn migrate_by(db: &Db, steps: u32) -> Result<(), DbErr> {
    use migrations::{Migrator, MigratorTrait as _};
    if steps == 0 {
        return Ok(());
    }
    Migrator::up(db.schema(), Some(steps)).await
}

/// While the demonstration is being loaded into a new SQLite file, commits need not reach the disk one by one: a file
/// that was cut off is thrown away and made again. PostgreSQL is left as it is.
///
/// # Errors
/// Whatever the engine answers.
pub async fn relax(db: &Db, relaxed: bool) -> Result<(), DbErr> {
    if db.backend() == DbBackend::Sqlite {
        let sql = if relaxed {
            "pragma synchronous = off"
        } else {
            "pragma synchronous = full"
        };
        db.schema().execute_unprepared(sql).await?;
    }
    Ok(())
}
