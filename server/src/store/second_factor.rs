//! Second factors: the secret that an app on a person's phone shares with us, and recovery codes as hashes.

use super::{Rows, Tx, exec, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A person's second factor.
#[derive(FromQueryResult)]
pub struct SecondFactorRow {
    /// The secret that the app holds too.
    pub secret: Vec<u8>,
    /// Since when.
    pub enrolled_at: i64,
}

/// A person's second factor, if they have one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person_id: Uuid,
) -> Result<Option<SecondFactorRow>, DbErr> {
    let sql = "select secret, enrolled_at from second_factors where person_id = $1";
    one(connection, sql, [person_id.into()]).await
}

/// Gives people a second factor; an earlier one ends.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set(
    tx: &Tx,
    people: Vec<Uuid>,
    secret: &[u8],
    last_step: i64,
    now: Micros,
) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "second_factors",
        &["person_id", "secret", "last_step", "enrolled_at"],
    );
    for person_id in people {
        rows.push([
            person_id.into(),
            secret.to_vec().into(),
            last_step.into(),
            now.0.into(),
        ]);
    }
    rows.upsert(tx, &["person_id"], &["secret", "last_step", "enrolled_at"])
        .await
}

/// Takes a person's second factor and recovery codes away; says whether there was one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remove(tx: &Tx, person_id: Uuid) -> Result<bool, DbErr> {
    exec(
        tx,
        "delete from recovery_codes where person_id = $1",
        [person_id.into()],
    )
    .await?;
    let sql = "delete from second_factors where person_id = $1";
    Ok(exec(tx, sql, [person_id.into()]).await? > 0)
}

/// Uses up a code of the app: none of this or an earlier step counts any more. Says whether it was still good.
///
/// # Errors
/// Whatever the engine answers.
pub async fn spend_step(tx: &Tx, person_id: Uuid, step: i64) -> Result<bool, DbErr> {
    let sql = "update second_factors set last_step = $2 where person_id = $1 and last_step < $2";
    Ok(exec(tx, sql, [person_id.into(), step.into()]).await? > 0)
}

/// Replaces a person's recovery codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_codes(tx: &Tx, person_id: Uuid, hashes: Vec<Vec<u8>>, now: Micros) -> Result<(), DbErr> {
    exec(
        tx,
        "delete from recovery_codes where person_id = $1",
        [person_id.into()],
    )
    .await?;
    let mut rows = Rows::into("recovery_codes", &["person_id", "code_hash", "made_at"]);
    for hash in hashes {
        rows.push([person_id.into(), hash.into(), now.0.into()]);
    }
    rows.insert(tx).await
}

/// Uses up a recovery code; says whether it was still good.
///
/// # Errors
/// Whatever the engine answers.
pub async fn spend_code(tx: &Tx, person_id: Uuid, hash: &[u8], now: Micros) -> Result<bool, DbErr> {
    let sql =
        "update recovery_codes set used_at = $3 where person_id = $1 and code_hash = $2 and used_at is null";
    Ok(exec(tx, sql, [person_id.into(), hash.to_vec().into(), now.0.into()]).await? > 0)
}

/// How many recovery codes of a person were not used yet.
///
/// # Errors
/// Whatever the engine answers.
pub async fn codes_left(connection: &impl ConnectionTrait, person_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select count(*) from recovery_codes where person_id = $1 and used_at is null";
    scalar(connection, sql, [person_id.into()]).await
}
