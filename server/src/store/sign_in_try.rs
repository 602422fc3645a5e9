//! Failed sign-ins by name and by address, so that guessing gets slower and slower.

use super::{Tx, exec, scalar};
use sea_orm::DbErr;
use shared::domain::calendar::Micros;

/// Counts a try under a key before it is made, so that many at once cannot slip through together. `Some` says until
/// when the key has to wait; the try is then not counted.
///
/// The first `free` tries are free; then each sets a wait of 4 s, 8 s, 16 s … up to 17 minutes. A key that was quiet
/// since `forget_before` begins anew.
///
/// # Errors
/// Whatever the engine answers.
pub async fn begin(
    tx: &Tx,
    key: &str,
    free: i32,
    now: Micros,
    forget_before: Micros,
) -> Result<Option<Micros>, DbErr> {
    let sql = "insert into sign_in_tries (key, failures, wait_until) values ($1, 1, $2)
        on conflict (key) do update set
            failures = case when sign_in_tries.wait_until < $3 then 1 else sign_in_tries.failures + 1 end,
            wait_until = $2 + case
                when sign_in_tries.wait_until < $3 or sign_in_tries.failures + 1 < $4 then 0
                when sign_in_tries.failures + 1 - $4 >= 8 then 1024000000
                else 4000000 * (cast(1 as bigint) << (sign_in_tries.failures + 1 - $4)) end
        where sign_in_tries.wait_until <= $2";
    let counted = exec(
        tx,
        sql,
        [key.into(), now.0.into(), forget_before.0.into(), free.into()],
    )
    .await?;
    if counted > 0 {
        return Ok(None);
    }
    let wait_until = scalar(
        tx,
        "select wait_until from sign_in_tries where key = $1",
        [key.into()],
    )
    .await?;
    Ok(Some(Micros(wait_until)))
}

/// Forgets the tries of a key: its owner has come in.
///
/// # Errors
/// Whatever the engine answers.
pub async fn forget(tx: &Tx, key: &str) -> Result<(), DbErr> {
    exec(tx, "delete from sign_in_tries where key = $1", [key.into()])
        .await
        .map(drop)
}

/// Takes back one try of a key that others share: it was no failure.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_back(tx: &Tx, key: &str, now: Micros) -> Result<(), DbErr> {
    let sql =
        "update sign_in_tries set failures = failures - 1, wait_until = $2 where key = $1 and failures > 0";
    exec(tx, sql, [key.into(), now.0.into()]).await.map(drop)
}
