//! One text for both engines: steps are written in PostgreSQL's words, SQLite gets them translated into STRICT tables,
//! so that a column of money refuses anything but a whole number on either.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Runs the statements of a step, separated by `;` at the end of a line.
///
/// # Errors
/// Whatever the engine answers to a statement.
pub async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    for statement in sql.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        let text = if sqlite {
            to_sqlite(statement)
        } else {
            statement.to_owned()
        };
        connection.execute_unprepared(&text).await?;
    }
    Ok(())
}

/// The types that SQLite names otherwise.
const TYPES: [(&str, &str); 5] = [
    ("uuid", "blob"),
    ("bytea", "blob"),
    ("bigint", "integer"),
    ("boolean", "integer"),
    ("int", "integer"),
];

fn to_sqlite(statement: &str) -> String {
    let translated: String = statement
        .split_inclusive([' ', ',', '\n'])
        .map(translate_word)
        .collect();
    if translated.starts_with("create table") {
        format!("{translated} strict")
    } else {
        translated
    }
}

fn translate_word(word: &str) -> String {
    let bare = word.trim_end_matches([' ', ',', '\n']);
    TYPES.iter().find(|(ours, _)| *ours == bare).map_or_else(
        || word.to_owned(),
        |(ours, theirs)| word.replacen(ours, theirs, 1),
    )
}

/// A step that only runs its text. There is no way down: an older program reads a backup, never a newer schema.
macro_rules! step {
    ($name:literal, $sql:expr) => {
        /// The step.
        pub struct Migration;

        impl sea_orm_migration::prelude::MigrationName for Migration {
            fn name(&self) -> &str {
                $name
            }
        }

        #[async_trait::async_trait]
        impl sea_orm_migration::prelude::MigrationTrait for Migration {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }

            async fn up(
                &self,
                manager: &sea_orm_migration::prelude::SchemaManager,
            ) -> Result<(), sea_orm_migration::prelude::DbErr> {
                crate::dialect::run(manager, $sql).await
            }
        }
    };
}
pub(crate) use step;
