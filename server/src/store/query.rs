//! Running SQL text on either engine: `$1` placeholders, typed rows, rows affected.

use sea_orm::sea_query::{Alias, Expr, OnConflict, Query, SimpleExpr};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};
use std::sync::atomic::{AtomicU64, Ordering};

/// Statements sent since the program began.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this program has sent, transactions' beginnings and ends left out: what a use case costs is
/// counted by it, and shall not grow with its lines.
#[must_use]
pub fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

fn count_statement() {
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
}

/// Rows of a query.
///
/// # Errors
/// Whatever the engine answers.
pub async fn many<T: FromQueryResult>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<T>, DbErr> {
    count_statement();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let rows = connection.query_all_raw(statement).await?;
    rows.iter().map(|row| T::from_query_result(row, "")).collect()
}

/// The first row of a query, if it has any.
///
/// # Errors
/// Whatever the engine answers.
pub async fn one<T: FromQueryResult>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<T>, DbErr> {
    count_statement();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?;
    row.map(|row| T::from_query_result(&row, "")).transpose()
}

/// The first column (`bigint`) of the first row; 0 when there is none or it is null.
///
/// # Errors
/// Whatever the engine answers.
pub async fn scalar(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<i64, DbErr> {
    count_statement();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let row = connection.query_one_raw(statement).await?;
    Ok(match row {
        Some(row) => row.try_get_by_index::<Option<i64>>(0)?.unwrap_or(0),
        None => 0,
    })
}

/// Runs a statement and says how many rows it changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn exec(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    count_statement();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    Ok(connection.execute_raw(statement).await?.rows_affected())
}

/// Rows to insert into one table with one statement.
pub struct Rows {
    table: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
}

impl Rows {
    /// No rows yet, for these columns.
    #[must_use]
    pub const fn into(table: &'static str, columns: &'static [&'static str]) -> Self {
        Self {
            table,
            columns,
            rows: Vec::new(),
        }
    }

    /// One row more; it has a value for every column.
    #[must_use]
    pub fn row<const N: usize>(mut self, values: [Value; N]) -> Self {
        self.push(values);
        self
    }

    /// One row more, in place.
    pub fn push<const N: usize>(&mut self, values: [Value; N]) {
        debug_assert_eq!(
            N,
            self.columns.len(),
            "a value for every column of {}",
            self.table
        );
        self.rows.push(values.into());
    }

    /// Inserts all of them; a row whose key exists is an error.
    ///
    /// # Errors
    /// Whatever the engine answers.
    pub async fn insert(self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        self.insert_or(connection, None).await
    }

    /// Inserts all of them; where a row with the same `key` exists, its columns `set` get the new values instead.
    ///
    /// # Errors
    /// Whatever the engine answers.
    pub async fn upsert(
        self,
        connection: &impl ConnectionTrait,
        key: &[&'static str],
        set: &[&'static str],
    ) -> Result<(), DbErr> {
        let mut conflict = OnConflict::columns(key.iter().map(|c| Alias::new(*c)));
        if set.is_empty() {
            conflict.do_nothing();
        } else {
            conflict.update_columns(set.iter().map(|c| Alias::new(*c)));
        }
        self.insert_or(connection, Some(conflict)).await
    }

    async fn insert_or(
        self,
        connection: &impl ConnectionTrait,
        conflict: Option<OnConflict>,
    ) -> Result<(), DbErr> {
        // Engines take a bounded number of placeholders: 32,766 on SQLite, 65,535 on PostgreSQL.
        let at_once = (30_000 / self.columns.len().max(1)).max(1);
        for rows in self.rows.chunks(at_once) {
            let mut insert = Query::insert();
            insert
                .into_table(Alias::new(self.table))
                .columns(self.columns.iter().map(|c| Alias::new(*c)));
            for row in rows {
                let values: Vec<SimpleExpr> = row.iter().cloned().map(Expr::value).collect();
                insert.values_panic(values);
            }
            if let Some(conflict) = &conflict {
                insert.on_conflict(conflict.clone());
            }
            count_statement();
            connection.execute(&insert).await?;
        }
        Ok(())
    }
}
