//! The whole database as plain rows, for backups: what tables there are is asked of the engine itself, so that a new
//! table is never forgotten. Values are of four kinds that both engines have: whole number, text, bytes, nothing.

use super::{Db, Tx, many, scalar};
use sea_orm::sea_query::{Alias, Expr, Query, SimpleExpr};
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its key.
    key: Vec<String>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// How the engine keeps it.
    kind: Kind,
}

/// How an engine keeps a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    ShortInteger,
    Boolean,
    Text,
    Bytes,
    Uuid,
}

/// A value on its way between engines; truth is 1 or 0, an id is its 16 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

#[derive(FromQueryResult)]
struct ColumnRow {
    table_name: String,
    column_name: String,
    type_name: String,
    key_at: i64,
}

#[derive(FromQueryResult)]
struct EdgeRow {
    child: String,
    parent: String,
}

/// Rows read at once.
pub const ROWS: usize = 1000;

/// The migrations' own record: what it says stands in a backup's head.
const STEPS_TABLE: &str = "seaql_migrations";

// Virtual tables and their shadows are made anew from the others.
const SQLITE_COLUMNS: &str = "select l.name as table_name, p.name as column_name, lower(p.type) as type_name, p.pk as key_at
    from pragma_table_list l join pragma_table_info(l.name) p
    where l.schema = 'main' and l.type = 'table' and substr(l.name, 1, 7) <> 'sqlite_' order by l.name, p.cid";
const SQLITE_EDGES: &str = "select l.name as child, f.\"table\" as parent
    from pragma_table_list l join pragma_foreign_key_list(l.name) f where l.schema = 'main' and l.type = 'table'";
const POSTGRES_COLUMNS: &str = "select cast(c.table_name as text) as table_name, cast(c.column_name as text) as column_name,
        cast(c.data_type as text) as type_name, cast(coalesce(k.at, 0) as bigint) as key_at
    from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
        and t.table_type = 'BASE TABLE'
    left join (select u.table_name, u.column_name, u.ordinal_position as at from information_schema.key_column_usage u
        join information_schema.table_constraints n on n.constraint_name = u.constraint_name
            and n.table_schema = u.table_schema and n.table_name = u.table_name and n.constraint_type = 'PRIMARY KEY'
        where u.table_schema = current_schema()) k on k.table_name = c.table_name and k.column_name = c.column_name
    where c.table_schema = current_schema() and c.is_generated = 'NEVER' order by c.table_name, c.ordinal_position";
const POSTGRES_EDGES: &str =
    "select distinct cast(n.table_name as text) as child, cast(u.table_name as text) as parent
    from information_schema.table_constraints n
    join information_schema.constraint_column_usage u on u.constraint_schema = n.constraint_schema
        and u.constraint_name = n.constraint_name
    where n.constraint_type = 'FOREIGN KEY' and n.table_schema = current_schema()";

/// Every table but the migrations' own, those first that others refer to.
///
/// # Errors
/// Whatever the engine answers.
pub async fn tables(tx: &Tx) -> Result<Vec<Table>, DbErr> {
    let sqlite = tx.get_database_backend() == DbBackend::Sqlite;
    let (columns, edges) = match tx.get_database_backend() {
        DbBackend::Postgres => (POSTGRES_COLUMNS, POSTGRES_EDGES),
        _ => (SQLITE_COLUMNS, SQLITE_EDGES),
    };
    let mut tables: BTreeMap<String, (Table, BTreeMap<i64, String>)> = BTreeMap::new();
    for row in many::<ColumnRow>(tx, columns, []).await? {
        if row.table_name == STEPS_TABLE {
            continue;
        }
        let Some(kind) = kind_of(&row.type_name, sqlite) else {
            tracing::debug!(
                table = row.table_name,
                column = row.column_name,
                "is made anew and not kept"
            );
            continue;
        };
        let (table, key) = tables.entry(row.table_name.clone()).or_insert_with(|| {
            let table = Table {
                name: row.table_name,
                columns: Vec::new(),
                key: Vec::new(),
            };
            (table, BTreeMap::new())
        });
        if row.key_at > 0 {
            key.insert(row.key_at, row.column_name.clone());
        }
        table.columns.push(Column {
            name: row.column_name,
            kind,
        });
    }
    let tables = tables.into_values().map(|(mut table, key)| {
        table.key = key.into_values().collect();
        table
    });
    Ok(parents_first(
        tables.collect(),
        &many::<EdgeRow>(tx, edges, []).await?,
    ))
}

fn parents_first(mut waiting: Vec<Table>, edges: &[EdgeRow]) -> Vec<Table> {
    let mut placed: Vec<Table> = Vec::new();
    loop {
        let open: BTreeSet<String> = waiting.iter().map(|table| table.name.clone()).collect();
        let blocked = |table: &Table| {
            edges
                .iter()
                .any(|e| e.child == table.name && e.parent != e.child && open.contains(&e.parent))
        };
        let (blocked, free): (Vec<Table>, Vec<Table>) = waiting.into_iter().partition(blocked);
        let stuck = free.is_empty();
        placed.extend(free);
        if stuck {
            // A circle of references: no step makes one, and a load of it would be refused by the engine.
            placed.extend(blocked);
            return placed;
        }
        waiting = blocked;
    }
}

fn kind_of(type_name: &str, sqlite: bool) -> Option<Kind> {
    Some(match type_name {
        // SQLite declares every whole number, and truth, as an integer.
        "integer" if sqlite => Kind::Integer,
        "bigint" => Kind::Integer,
        "integer" => Kind::ShortInteger,
        "boolean" => Kind::Boolean,
        "text" | "character varying" | "varchar" => Kind::Text,
        "bytea" | "blob" => Kind::Bytes,
        "uuid" => Kind::Uuid,
        _ => return None,
    })
}

/// Reads the rows of a table in the order of its key, behind those that were read before: `ROWS` at the most, fewer only
/// at its end.
///
/// # Errors
/// Whatever the engine answers.
pub async fn rows(tx: &Tx, table: &Table, behind: Option<&[Cell]>) -> Result<Vec<Vec<Cell>>, DbErr> {
    let key = quoted(&table.key);
    let mut sql = format!(
        "select {} from {}",
        quoted(table.columns.iter().map(|column| &column.name)),
        quoted([&table.name])
    );
    let mut values = Vec::new();
    if let Some(row) = behind {
        for (cell, column) in row.iter().zip(&table.columns) {
            if let Some(at) = table.key.iter().position(|name| *name == column.name) {
                values.push((at, value(cell.clone(), column)?));
            }
        }
        values.sort_by_key(|(at, _)| *at);
        let marks: Vec<String> = (1..=values.len()).map(|at| format!("${at}")).collect();
        sql.push_str(&format!(" where ({key}) > ({})", marks.join(", ")));
    }
    // Every table has a key; one without would be read at once.
    if !table.key.is_empty() {
        sql.push_str(&format!(" order by {key} limit {ROWS}"));
    }
    let values = values.into_iter().map(|(_, value)| value);
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let rows = tx.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| {
            let columns = table.columns.iter().enumerate();
            columns.map(|(at, column)| cell(row, at, column.kind)).collect()
        })
        .collect()
}

fn cell(row: &QueryResult, at: usize, kind: Kind) -> Result<Cell, DbErr> {
    let integer = |value: Option<i64>| value.map_or(Cell::Null, Cell::Integer);
    Ok(match kind {
        Kind::ShortInteger => integer(row.try_get_by_index::<Option<i32>>(at)?.map(i64::from)),
        Kind::Boolean => integer(row.try_get_by_index::<Option<bool>>(at)?.map(i64::from)),
        Kind::Integer => integer(row.try_get_by_index(at)?),
        Kind::Text => row
            .try_get_by_index::<Option<String>>(at)?
            .map_or(Cell::Null, Cell::Text),
        Kind::Bytes => row
            .try_get_by_index::<Option<Vec<u8>>>(at)?
            .map_or(Cell::Null, Cell::Bytes),
        Kind::Uuid => row
            .try_get_by_index::<Option<uuid::Uuid>>(at)?
            .map_or(Cell::Null, |id| Cell::Bytes(id.as_bytes().to_vec())),
    })
}

/// Inserts rows whose cells are in the order of `columns`.
///
/// # Errors
/// Whatever the engine answers; a cell that the column cannot hold.
pub async fn insert(tx: &Tx, table: &Table, columns: &[Column], rows: Vec<Vec<Cell>>) -> Result<(), DbErr> {
    let at_once = (20_000 / columns.len().max(1)).clamp(1, 1000);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&table.name))
            .columns(columns.iter().map(|column| Alias::new(&column.name)));
        for row in rows.by_ref().take(at_once) {
            if row.len() != columns.len() {
                return Err(DbErr::Custom(format!(
                    "a row of {} has {} values",
                    table.name,
                    row.len()
                )));
            }
            let values: Vec<SimpleExpr> = row
                .into_iter()
                .zip(columns)
                .map(|(cell, column)| value(cell, column).map(Expr::value))
                .collect::<Result<_, _>>()?;
            insert.values_panic(values);
        }
        tx.execute(&insert).await?;
    }
    Ok(())
}

fn value(cell: Cell, column: &Column) -> Result<Value, DbErr> {
    let wrong = || {
        DbErr::Custom(format!(
            "column {} cannot hold what the backup has for it",
            column.name
        ))
    };
    Ok(match (column.kind, cell) {
        (Kind::Integer, Cell::Null) => None::<i64>.into(),
        (Kind::ShortInteger, Cell::Null) => None::<i32>.into(),
        (Kind::Boolean, Cell::Null) => None::<bool>.into(),
        (Kind::Text, Cell::Null) => None::<String>.into(),
        (Kind::Bytes, Cell::Null) => None::<Vec<u8>>.into(),
        (Kind::Uuid, Cell::Null) => None::<uuid::Uuid>.into(),
        (Kind::Integer, Cell::Integer(number)) => number.into(),
        (Kind::ShortInteger, Cell::Integer(number)) => i32::try_from(number).map_err(|_| wrong())?.into(),
        (Kind::Boolean, Cell::Integer(number @ (0 | 1))) => (number == 1).into(),
        (Kind::Text, Cell::Text(text)) => text.into(),
        (Kind::Bytes, Cell::Bytes(bytes)) => bytes.into(),
        (Kind::Uuid, Cell::Bytes(bytes)) => uuid::Uuid::from_slice(&bytes).map_err(|_| wrong())?.into(),
        _ => return Err(wrong()),
    })
}

impl Table {
    /// Its columns of these names, in their order; `None` when it lacks one.
    #[must_use]
    pub fn columns_named(&self, names: &[String]) -> Option<Vec<Column>> {
        names
            .iter()
            .map(|name| self.columns.iter().find(|column| column.name == *name).cloned())
            .collect()
    }
}

/// Whether a step itself puts a row into this table of a new schema: it says nothing of what was done since.
#[must_use]
pub fn is_born_with_a_row(table: &Table) -> bool {
    table.name == "books"
}

/// How many rows a table has.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count(tx: &Tx, table: &Table) -> Result<i64, DbErr> {
    let sql = format!("select cast(count(*) as bigint) from {}", quoted([&table.name]));
    scalar(tx, &sql, []).await
}

/// Empties a table.
///
/// # Errors
/// Whatever the engine answers.
pub async fn clear(tx: &Tx, table: &Table) -> Result<(), DbErr> {
    let sql = format!("delete from {}", quoted([&table.name]));
    tx.execute_unprepared(&sql).await.map(drop)
}

/// Lets the engine count what it has, after much was loaded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn analyze(db: &Db) -> Result<(), DbErr> {
    db.schema().execute_unprepared("analyze").await.map(drop)
}

fn quoted<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    names
        .into_iter()
        .map(|name| format!("\"{name}\""))
        .collect::<Vec<_>>()
        .join(", ")
}
