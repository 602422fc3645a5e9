//! Filling a register from a file: good rows are written together, bad ones are named, known ones are left alone.

use super::rows::{self, Pairing, Plan, Town, Unit, Village};
use super::sheet::{self, Sheet};
use crate::services::idempotency::{self, Key};
use crate::services::{App, Error, right};
use crate::store::register::{PairingRow, TownRow, UnitRow, VillageRow};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::import::{BadRow, ImportOut, Register};
use shared::api::unit::UnitKind;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The target of a village whose file names none: 200,000 yuan of collective income a year.
const TARGET_FEN: i64 = 20_000_000;
/// What stands behind a village's name in the name of its collective.
const COLLECTIVE: &str = "股份经济合作社";

/// Fills a register from a CSV file. Importing the same file twice changes nothing the second time.
///
/// # Errors
/// `Forbidden`; `TooLarge`; `UnsupportedFile` or `Malformed` when the file is no table of text; `KeyReused`.
pub async fn import(
    app: &App,
    actor: &Actor,
    register: Register,
    bytes: impl AsRef<[u8]> + Send + 'static,
    key: &Key,
) -> Result<ImportOut, Error> {
    right::require(actor, Action::RegisterWrite, Place::DISTRICT)?;
    let reading = move || {
        (
            Sha256::digest(bytes.as_ref()).to_vec(),
            read(register, bytes.as_ref()),
        )
    };
    let (hash, file) = tokio::task::spawn_blocking(reading)
        .await
        .map_err(crate::services::fault)?;
    let (file, by, now) = (Arc::new(file?), actor.clone(), app.now());
    let body = (register.as_str(), hash);
    idempotency::once(app, actor.person_id, "register.import", key, &body, move |tx| {
        let (file, by) = (Arc::clone(&file), by.clone());
        async move {
            let done = write(tx, now, &file).await?;
            let entry = store::audit::Entry {
                action: "register.import",
                object_kind: "register",
                object_id: register.as_str().to_owned(),
                detail: format!(
                    "{} rows: {} new, {} changed, {} unchanged, {} refused",
                    done.rows,
                    done.created,
                    done.updated,
                    done.unchanged,
                    done.bad.len()
                ),
                ..Default::default()
            };
            store::audit::insert(tx, now, Some(&by), vec![entry]).await?;
            Ok(done)
        }
        .boxed()
    })
    .await
}

/// A file of one of the registers, read.
enum File {
    Towns(Sheet<Town>),
    Villages(Sheet<Village>),
    Units(Sheet<Unit>),
    Pairings(Sheet<Pairing>),
}

fn read(register: Register, bytes: &[u8]) -> Result<File, Error> {
    let text = sheet::text_of(bytes)?;
    Ok(match register {
        Register::Towns => File::Towns(sheet::read(&text, &["town_code", "town"], rows::town)?),
        Register::Villages => File::Villages(sheet::read(
            &text,
            &["village_code", "village", "town_code"],
            rows::village,
        )?),
        Register::Units => File::Units(sheet::read(&text, &["unit_code", "unit", "kind"], rows::unit)?),
        Register::Pairings => File::Pairings(sheet::read(
            &text,
            &["unit_code", "village_code", "from"],
            rows::pairing,
        )?),
    })
}

async fn write(tx: &Tx, now: Micros, file: &File) -> Result<ImportOut, Error> {
    match file {
        File::Towns(sheet) => towns(tx, sheet).await,
        File::Villages(sheet) => villages(tx, now, sheet).await,
        File::Units(sheet) => units(tx, now, sheet).await,
        File::Pairings(sheet) => pairings(tx, sheet).await,
    }
}

async fn towns(tx: &Tx, sheet: &Sheet<Town>) -> Result<ImportOut, Error> {
    let known = store::register::towns(tx).await?;
    let complete = |row: &Town, _: Option<&TownRow>| {
        Ok(TownRow {
            code: row.code.clone(),
            name: row.name.clone(),
        })
    };
    let plan = rows::plan(
        &sheet.good,
        "town_code",
        known,
        |t| t.code.clone(),
        |row| Ok(row.code.clone()),
        complete,
    );
    let (out, written) = settle(sheet, plan);
    store::register::put_towns(tx, written.all()).await?;
    Ok(out)
}

async fn villages(tx: &Tx, now: Micros, sheet: &Sheet<Village>) -> Result<ImportOut, Error> {
    let towns: HashSet<String> = store::register::towns(tx)
        .await?
        .into_iter()
        .map(|town| town.code)
        .collect();
    let known = store::register::villages(tx).await?;
    let complete = |row: &Village, before: Option<&VillageRow>| {
        if !towns.contains(&row.town_code) {
            return Err(("town_code", row.town_code.clone()));
        }
        Ok(VillageRow {
            code: row.code.clone(),
            town_code: row.town_code.clone(),
            name: row.name.clone(),
            aided: row.aided.unwrap_or_else(|| before.is_some_and(|v| v.aided)),
            target_fen: row
                .target_fen
                .unwrap_or_else(|| before.map_or(TARGET_FEN, |v| v.target_fen)),
        })
    };
    let plan = rows::plan(
        &sheet.good,
        "village_code",
        known,
        |v| v.code.clone(),
        |row| Ok(row.code.clone()),
        complete,
    );
    let (out, written) = settle(sheet, plan);
    let collectives = written.new.iter().map(|village| {
        let id = crate::ports::ids::new_id(now);
        (id, village.code.clone(), format!("{}{COLLECTIVE}", village.name))
    });
    let (collectives, renamed) = (collectives.collect(), !written.changed.is_empty());
    store::register::put_villages(tx, written.all()).await?;
    store::register::put_sellers(tx, collectives).await?;
    if renamed {
        store::register::rename_collectives(tx, COLLECTIVE).await?;
    }
    Ok(out)
}

async fn units(tx: &Tx, now: Micros, sheet: &Sheet<Unit>) -> Result<ImportOut, Error> {
    let known = store::register::units(tx).await?;
    let complete = |row: &Unit, before: Option<&UnitRow>| {
        // Public bodies pay within 30 days of delivery, firms within 60.
        let usual_days = if row.kind == UnitKind::StateFirm { 60 } else { 30 };
        Ok(UnitRow {
            id: before.map_or_else(|| crate::ports::ids::new_id(now), |u| u.id),
            code: row.code.clone(),
            name: row.name.clone(),
            kind: row.kind.as_str().to_owned(),
            address: row
                .address
                .clone()
                .or_else(|| before.map(|u| u.address.clone()))
                .unwrap_or_default(),
            terms_days: row
                .terms_days
                .unwrap_or_else(|| before.map_or(usual_days, |u| u.terms_days)),
            demo: row.demo.unwrap_or_else(|| before.is_some_and(|u| u.demo)),
        })
    };
    let plan = rows::plan(
        &sheet.good,
        "unit_code",
        known,
        |u| u.code.clone(),
        |row| Ok(row.code.clone()),
        complete,
    );
    let (out, written) = settle(sheet, plan);
    store::register::put_units(tx, written.all()).await?;
    Ok(out)
}

async fn pairings(tx: &Tx, sheet: &Sheet<Pairing>) -> Result<ImportOut, Error> {
    let units: HashMap<String, uuid::Uuid> = store::register::units(tx)
        .await?
        .into_iter()
        .map(|unit| (unit.code, unit.id))
        .collect();
    let villages: HashSet<String> = store::register::villages(tx)
        .await?
        .into_iter()
        .map(|v| v.code)
        .collect();
    let known = store::register::pairings(tx).await?;
    let key_of = |row: &PairingRow| format!("{} {} {}", row.unit_id, row.village_code, row.from_day);
    let pairing_of = |row: &Pairing| {
        let unit_id = units
            .get(&row.unit_code)
            .copied()
            .ok_or(("unit_code", row.unit_code.clone()))?;
        if !villages.contains(&row.village_code) {
            return Err(("village_code", row.village_code.clone()));
        }
        Ok(PairingRow {
            unit_id,
            village_code: row.village_code.clone(),
            from_day: row.from_day.0,
            until_day: row.until_day.map(|day| day.0),
        })
    };
    let plan = rows::plan(
        &sheet.good,
        "from",
        known,
        key_of,
        |row| pairing_of(row).map(|full| key_of(&full)),
        |row, _| pairing_of(row),
    );
    let (out, written) = settle(sheet, plan);
    store::register::put_pairings(tx, written.all()).await?;
    Ok(out)
}

/// What is written to a register.
struct Written<T> {
    new: Vec<T>,
    changed: Vec<T>,
}

impl<T> Written<T> {
    fn all(self) -> Vec<T> {
        self.new.into_iter().chain(self.changed).collect()
    }
}

/// The answer to an import, and what it is to write.
fn settle<R, T>(sheet: &Sheet<R>, plan: Plan<T>) -> (ImportOut, Written<T>) {
    let count = |rows: &Vec<T>| u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut bad: Vec<BadRow> = sheet.bad.iter().cloned().chain(plan.bad).collect();
    bad.sort_by_key(|row| row.line);
    let out = ImportOut {
        rows: sheet.rows,
        created: count(&plan.new),
        updated: count(&plan.changed),
        unchanged: plan.unchanged,
        bad,
    };
    (
        out,
        Written {
            new: plan.new,
            changed: plan.changed,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::problem::{Code, FieldCode};

    fn bad_of(register: Register, text: &str) -> Vec<(u64, String, FieldCode)> {
        let file = read(register, text.as_bytes()).expect("a table of text");
        let bad = match file {
            File::Towns(sheet) => sheet.bad,
            File::Villages(sheet) => sheet.bad,
            File::Units(sheet) => sheet.bad,
            File::Pairings(sheet) => sheet.bad,
        };
        bad.into_iter()
            .map(|row| (row.line, row.column, row.code))
            .collect()
    }

    #[test]
    fn bad_rows_are_named_with_line_column_and_reason() {
        let text =
            "town_code,town\n120119001,文昌街道\n12011900,甲\n12011900x,乙\n120119100,\n\n120119101,丙,余\n";
        let expected = vec![
            (3, "town_code".to_owned(), FieldCode::TooShort),
            (4, "town_code".to_owned(), FieldCode::BadCharacters),
            (5, "town".to_owned(), FieldCode::Required),
        ];
        assert_eq!(bad_of(Register::Towns, text), expected);
    }

    #[test]
    fn a_village_lies_in_the_town_of_its_code() {
        let text = "village_code,village,town_code,aided,target_yuan\n\
            120119100201,东北隅村,120119100,是,200000\n\
            120119100202,东南隅村,120119101,,\n\
            120119100203,西北隅村,120119100,也许,\n\
            120119100204,西南隅村,120119100,1,很多\n";
        let expected = vec![
            (3, "town_code".to_owned(), FieldCode::NotAChoice),
            (4, "aided".to_owned(), FieldCode::NotAChoice),
            (5, "target_yuan".to_owned(), FieldCode::NotANumber),
        ];
        assert_eq!(bad_of(Register::Villages, text), expected);
    }

    #[test]
    fn a_mistyped_unit_code_and_a_backward_pairing_are_found() {
        let text = "unit_code,unit,kind,terms_days\n\
            91350100M000100Y43,甲,机关,30\n91350100M000100Y44,乙,school,30\n91350100M000100Y4,丙,school,\n\
            91330100799655058B,丁,工厂,\n91330100799655058B,戊,国企,90\n";
        let expected = vec![
            (3, "unit_code".to_owned(), FieldCode::WrongCheck),
            (4, "unit_code".to_owned(), FieldCode::TooShort),
            (5, "kind".to_owned(), FieldCode::NotAChoice),
            (6, "terms_days".to_owned(), FieldCode::TooLarge),
        ];
        assert_eq!(bad_of(Register::Units, text), expected);
        let text = "unit_code,village_code,from,until\n\
            91350100M000100Y43,120119100201,2026-01-01,2025-12-31\n91350100M000100Y43,120119100201,昨天,\n";
        let expected = vec![
            (2, "until".to_owned(), FieldCode::TooEarly),
            (3, "from".to_owned(), FieldCode::NotADay),
        ];
        assert_eq!(bad_of(Register::Pairings, text), expected);
    }

    #[test]
    fn a_missing_column_is_said_once_for_the_whole_file() {
        let expected = vec![(1, "town".to_owned(), FieldCode::Required)];
        assert_eq!(
            bad_of(Register::Towns, "town_code,name\n120119001,文昌街道\n"),
            expected
        );
        assert_eq!(bad_of(Register::Towns, "").len(), 2);
    }

    #[test]
    fn files_of_either_encoding_are_read_and_others_refused() {
        let text = "town_code,town\n120119001,文昌街道\n";
        let (gbk, ..) = encoding_rs::GBK.encode(text);
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &gbk, &marked] {
            let Ok(File::Towns(sheet)) = read(Register::Towns, bytes) else {
                panic!("these are towns")
            };
            assert_eq!(
                sheet.good.first().map(|(line, town)| (*line, town.name.as_str())),
                Some((2, "文昌街道"))
            );
        }
        for bytes in [&b"PK\x03\x04rest"[..], b"t\0o\0w\0n\0", &[0xFF, 0xFE, 0xFF]] {
            let code = read(Register::Towns, bytes).err().map(|error| error.code());
            assert_eq!(code, Some(Code::UnsupportedFile));
        }
        let many = "town_code,town\n".to_owned() + &"1,a\n".repeat(sheet::MAX_ROWS + 1);
        assert_eq!(
            read(Register::Towns, many.as_bytes()).err().map(|e| e.code()),
            Some(Code::TooLarge)
        );
        let large = vec![b'a'; sheet::MAX_BYTES + 1];
        assert_eq!(
            read(Register::Towns, &large).err().map(|e| e.code()),
            Some(Code::TooLarge)
        );
    }

    #[test]
    fn the_same_row_again_is_unchanged_and_another_is_refused() {
        let town = |line: u64, name: &str| {
            (
                line,
                Town {
                    code: "120119001".to_owned(),
                    name: name.to_owned(),
                },
            )
        };
        let row = |name: &str| TownRow {
            code: "120119001".to_owned(),
            name: name.to_owned(),
        };
        let plan_of = |rows: &[(u64, Town)], known: Vec<TownRow>| {
            let complete = |t: &Town, _: Option<&TownRow>| {
                Ok(TownRow {
                    code: t.code.clone(),
                    name: t.name.clone(),
                })
            };
            rows::plan(
                rows,
                "town_code",
                known,
                |t| t.code.clone(),
                |t| Ok(t.code.clone()),
                complete,
            )
        };
        let plan = plan_of(&[town(2, "甲"), town(3, "甲"), town(4, "乙")], vec![]);
        assert_eq!(
            (plan.new, plan.changed, plan.unchanged),
            (vec![row("甲")], vec![], 1)
        );
        assert_eq!(
            plan.bad.first().map(|bad| (bad.line, bad.code)),
            Some((4, FieldCode::Taken))
        );
        let plan = plan_of(&[town(2, "甲")], vec![row("甲")]);
        assert_eq!((plan.new, plan.changed, plan.unchanged), (vec![], vec![], 1));
        let plan = plan_of(&[town(2, "乙")], vec![row("甲")]);
        assert_eq!(
            (plan.new, plan.changed, plan.unchanged),
            (vec![], vec![row("乙")], 0)
        );
    }
}
