//! Any one changed byte is found, and its place named: in a journal's file, in a signed head, and in the stored rows.
//!
//! `BOOKS_TRIES` asks for more, `BOOKS_SEED` replays: every failure prints its seed.

use super::file::{Published, followed};
use super::{credited, post, rent};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use sea_orm::{ConnectionTrait as _, Statement, Value};
use server::services::{seal, verify};
use shared::domain::books::SignedHead;
use shared::domain::hex::hex;
use std::collections::BTreeMap;
use tests::market::VILLAGES;
use tests::{Engine, TestApp, both};

both![
    any_byte_of_a_file,
    any_byte_of_a_signed_head,
    any_byte_of_the_stored_rows,
];

const TRIES: u64 = 1000;

fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a whole number, not '{text}'")),
    )
}

/// How often, and the chance that a failure is replayed by.
fn chance() -> (u64, StdRng) {
    let tries = setting("BOOKS_TRIES").unwrap_or(TRIES);
    let seed = setting("BOOKS_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("replay by: BOOKS_SEED={seed} BOOKS_TRIES={tries}");
    (tries, StdRng::seed_from_u64(seed))
}

async fn any_byte_of_a_file(app: &TestApp) {
    let published = Published::of(app).await;
    let (tries, mut chance) = chance();
    for round in 0..tries {
        let file = if round % 2 == 0 {
            &published.file
        } else {
            &published.full
        };
        let head = (round % 4 < 2).then(|| published.month());
        let mut changed = file.clone();
        let at = chance.random_range(0..changed.len());
        changed[at] ^= 1 << chance.random_range(0..8_u32);
        let (line, what) = followed(&changed, head).expect_err("a changed byte must be found");
        let before = file[..at].iter().filter(|byte| **byte == b'\n').count();
        let place = u64::try_from(before).expect("few lines") + 1;
        // A line end that is gone makes one line of two.
        assert_eq!(line, place, "byte {at}: {what:?}");
    }
}

async fn any_byte_of_a_signed_head(app: &TestApp) {
    let published = Published::of(app).await;
    let keys = seal::public_keys(&seal::keys_text(app).await.expect("readable"));
    let (tries, mut chance) = chance();
    let bytes = published.head.as_bytes();
    for _ in 0..tries {
        let mut changed = bytes.to_vec();
        let at = chance.random_range(0..changed.len());
        changed[at] ^= 1 << chance.random_range(0..8_u32);
        let Ok(text) = String::from_utf8(changed) else {
            continue;
        };
        let place = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        match SignedHead::parse(&text) {
            Err(flaw) => assert!(flaw.line <= place.max(1) + 1, "byte {at} of line {place}: {flaw}"),
            Ok(signed) => {
                let key = keys.iter().find(|key| seal::id_of(key) == signed.key_id);
                let good = key.is_some_and(|key| seal::has_signed(key, &signed.text, &signed.signature));
                assert!(!good, "byte {at} of line {place} was changed and is still signed");
            }
        }
    }
}

/// The columns of a village's journal, by table, each with what it holds.
const COLUMNS: [(&str, &str, Holds); 26] = [
    ("ledger_entries", "transaction_id", Holds::Id),
    ("ledger_entries", "seq", Holds::Short),
    ("ledger_entries", "account_kind", Holds::Text),
    ("ledger_entries", "owner", Holds::Text),
    ("ledger_entries", "amount_fen", Holds::Long),
    ("ledger_entries", "village_code", Holds::Text),
    ("ledger_entries", "income_source", Holds::Text),
    ("ledger_entries", "line_id", Holds::Id),
    ("ledger_entries", "chain_seq", Holds::Long),
    ("ledger_entries", "prev_hash", Holds::Bytes),
    ("ledger_entries", "hash", Holds::Bytes),
    ("ledger_entries", "public_hash", Holds::Bytes),
    ("ledger_transactions", "id", Holds::Id),
    ("ledger_transactions", "kind", Holds::Text),
    ("ledger_transactions", "document_kind", Holds::Text),
    ("ledger_transactions", "document_id", Holds::Id),
    ("ledger_transactions", "document_number", Holds::Text),
    ("ledger_transactions", "effective_at", Holds::Long),
    ("ledger_transactions", "recorded_at", Holds::Long),
    ("ledger_transactions", "actor_id", Holds::Id),
    ("ledger_transactions", "actor_name", Holds::Text),
    ("ledger_transactions", "reverses", Holds::Id),
    ("village_chains", "village_code", Holds::Text),
    ("village_chains", "length", Holds::Long),
    ("village_chains", "head", Holds::Bytes),
    ("village_chains", "public_head", Holds::Bytes),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    Id,
    Short,
    Long,
    Text,
    Bytes,
}

/// A stored value as bytes.
async fn read(app: &TestApp, holds: Holds, sql: &str) -> Option<Vec<u8>> {
    let schema = app.app.db.schema();
    let statement = Statement::from_string(schema.get_database_backend(), sql.to_owned());
    let row = schema.query_one_raw(statement).await.expect("readable")?;
    match holds {
        Holds::Id => {
            let id: Option<uuid::Uuid> = row.try_get_by_index(0).expect("an id");
            id.map(|id| id.as_bytes().to_vec())
        }
        Holds::Short => {
            let number: Option<i32> = row.try_get_by_index(0).expect("a number");
            number.map(|number| number.to_be_bytes().to_vec())
        }
        Holds::Long => {
            let number: Option<i64> = row.try_get_by_index(0).expect("a number");
            number.map(|number| number.to_be_bytes().to_vec())
        }
        Holds::Text => {
            let text: Option<String> = row.try_get_by_index(0).expect("a text");
            text.map(String::into_bytes)
        }
        Holds::Bytes => row.try_get_by_index(0).expect("bytes"),
    }
}

/// Bytes as SQL text of the column's kind.
fn literal(engine: Engine, holds: Holds, bytes: &[u8]) -> String {
    let number = || -> i64 {
        match holds {
            Holds::Short => i64::from(i32::from_be_bytes(bytes.try_into().expect("four bytes"))),
            _ => i64::from_be_bytes(bytes.try_into().expect("eight bytes")),
        }
    };
    match (holds, engine) {
        (Holds::Short | Holds::Long, _) => match number() {
            i64::MIN => "(-9223372036854775807 - 1)".to_owned(),
            number => number.to_string(),
        },
        (Holds::Text, Engine::Sqlite) => format!("cast(x'{}' as text)", hex(bytes)),
        (Holds::Text, Engine::Postgres) => format!("convert_from('\\x{}', 'UTF8')", hex(bytes)),
        (_, Engine::Sqlite) => format!("x'{}'", hex(bytes)),
        (Holds::Id, Engine::Postgres) => format!("'{}'", hex(bytes)),
        (Holds::Bytes, Engine::Postgres) => format!("'\\x{}'", hex(bytes)),
    }
}

/// Writes past every reference between tables, as one who has the database's file in their hands would. `false` when the
/// engine cannot even hold it: a second row of the same key, a sum of nothing.
async fn write(app: &TestApp, sql: &str) -> bool {
    let text = match app.engine {
        Engine::Sqlite => format!("pragma foreign_keys = off; {sql}; pragma foreign_keys = on"),
        Engine::Postgres => {
            format!("set session_replication_role = replica; {sql}; set session_replication_role = origin")
        }
    };
    let written = app.app.db.schema().execute_unprepared(&text).await.is_ok();
    if !written {
        let back = match app.engine {
            Engine::Sqlite => "pragma foreign_keys = on",
            Engine::Postgres => "set session_replication_role = origin",
        };
        app.app
            .db
            .schema()
            .execute_unprepared(back)
            .await
            .expect("the engine is there");
    }
    app.app.db.changed();
    written
}

/// One bit of one byte turned, so that the column can still hold it.
fn turned(chance: &mut StdRng, holds: Holds, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut changed = bytes.to_vec();
    let at = chance.random_range(0..changed.len());
    changed[at] ^= 1 << chance.random_range(0..8_u32);
    let text = || std::str::from_utf8(&changed).is_ok_and(|text| !text.contains('\0'));
    (holds != Holds::Text || text()).then_some(changed)
}

async fn any_byte_of_the_stored_rows(app: &TestApp) {
    credited(app).await;
    for at in 0..6 {
        for village in [0, 1, 2] {
            post(app, rent(app, village, app.now(), 1000 + at))
                .await
                .expect("an open month");
        }
    }
    let (tries, mut chance) = chance();
    let (mut done, mut found) = (0, BTreeMap::<&str, u32>::new());
    while done < tries {
        let code = VILLAGES[chance.random_range(0..3_usize)].0;
        let length = format!("select length from village_chains where village_code = '{code}'");
        let length = app.number(&length, []).await;
        let seq = chance.random_range(1..=length);
        let (table, column, holds) = COLUMNS[chance.random_range(0..COLUMNS.len())];
        let entry = format!(
            "select transaction_id from ledger_entries where village_code = '{code}' and chain_seq = {seq}"
        );
        let transaction = read(app, Holds::Id, &entry).await.expect("an entry");
        let (place, first) = match table {
            "ledger_entries" => (
                format!("village_code = '{code}' and chain_seq = {seq}"),
                Some(seq),
            ),
            "village_chains" => (format!("village_code = '{code}'"), None),
            _ => {
                let id = literal(app.engine, Holds::Id, &transaction);
                let first = "select min(chain_seq) from ledger_entries where village_code = $1 and transaction_id = $2";
                let id_of = uuid::Uuid::from_slice(&transaction).expect("an id");
                let first = app.number(first, [Value::from(code), Value::from(id_of)]).await;
                (format!("id = {id}"), Some(first))
            }
        };
        let stored = read(app, holds, &format!("select {column} from {table} where {place}")).await;
        // A column may be empty: there is no byte to change.
        let Some(stored) = stored.filter(|bytes| !bytes.is_empty()) else {
            continue;
        };
        let Some(changed) = turned(&mut chance, holds, &stored) else {
            continue;
        };
        let set = |bytes: &[u8], place: &str| {
            format!(
                "update {table} set {column} = {} where {place}",
                literal(app.engine, holds, bytes)
            )
        };
        if !write(app, &set(&changed, &place)).await {
            continue;
        }
        let wrong = verify::journal(app, code).await.expect("the books can be read");
        let shown = format!(
            "{table}.{column} of entry {seq} of {code}: {} to {}",
            hex(&stored),
            hex(&changed)
        );
        let wrong = wrong.unwrap_or_else(|| panic!("not found: {shown}"));
        assert!(wrong.contains(code), "{shown}: {wrong}");
        if let Some(first) = first {
            let named = [format!("entry {first} "), format!("entry {first}:")];
            assert!(named.iter().any(|name| wrong.contains(name)), "{shown}: {wrong}");
        }
        let back = changed_place(app, (table, column, holds), &changed, &place);
        assert!(write(app, &set(&stored, &back)).await, "{shown}: it goes back");
        *found.entry(column).or_default() += 1;
        done += 1;
    }
    println!("{found:?}");
    assert_eq!(app.number("select count(*) from village_chains", []).await, 3);
}

/// Where the changed row is now: a changed key is found by its new value.
fn changed_place(
    app: &TestApp,
    (table, column, holds): (&str, &str, Holds),
    changed: &[u8],
    place: &str,
) -> String {
    let key = match table {
        "ledger_entries" => ["village_code", "chain_seq"].contains(&column),
        "ledger_transactions" => column == "id",
        _ => column == "village_code",
    };
    if !key {
        return place.to_owned();
    }
    let now = format!("{column} = {}", literal(app.engine, holds, changed));
    let others: Vec<&str> = place
        .split(" and ")
        .filter(|part| !part.starts_with(&format!("{column} ")))
        .collect();
    [vec![now.as_str()], others].concat().join(" and ")
}
