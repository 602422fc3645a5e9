//! A journal's file, checked on another machine: whole, or the first place that is not.

use super::close::{close, go_to};
use super::{credited, month, post, rent};
use server::command::books::{self, Files};
use shared::domain::books::{JournalCheck, MonthHead, SignedHead, What, Whole};
use shared::domain::money::Fen;
use std::path::PathBuf;
use tests::market::VILLAGES;
use tests::{TestApp, both};

both![
    is_whole_and_vouched_for,
    names_what_is_missing_doubled_or_moved,
    is_not_fooled_by_a_file_that_hangs_together,
    streams_thousands_of_entries,
];

/// What was published: a village's file, its full file, the head of November and the keys, as files of their own.
pub struct Published {
    pub file: Vec<u8>,
    pub full: Vec<u8>,
    pub head: String,
    folder: PathBuf,
}

impl Published {
    /// Eight entries of village 1, six of them before November was closed.
    pub async fn of(app: &TestApp) -> Self {
        let market = credited(app).await;
        for at in 0..6 {
            post(app, rent(app, 1, app.now(), 1000 + at))
                .await
                .expect("November is open");
        }
        go_to(app, "2026-12-03");
        close(app, &market.finance, "2026-11")
            .await
            .expect("it has ended");
        for at in 0..2 {
            post(app, rent(app, 1, app.now(), 2000 + at))
                .await
                .expect("December is open");
        }
        let code = VILLAGES[1].0;
        let auditor = app.api(&market.auditor).await;
        let file = auditor
            .get(&format!("/api/v1/villages/{code}/journal/file"))
            .await
            .expect(200);
        assert_eq!(file.header("content-type"), "application/x-ndjson");
        let full = auditor
            .get(&format!("/api/v1/villages/{code}/journal/full-file"))
            .await
            .expect(200);
        let head = auditor
            .get("/api/v1/books/heads/2026-11")
            .await
            .expect(200)
            .text();
        let keys = auditor.get("/api/v1/books/keys").await.expect(200);
        let folder = app.app.config.data.join("elsewhere");
        std::fs::create_dir_all(&folder).expect("writable");
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("writable");
        write("journal.jsonl", &file.body);
        write("full.jsonl", &full.body);
        write("head.txt", head.as_bytes());
        write("keys.txt", &keys.body);
        Self {
            file: file.body,
            full: full.body,
            head,
            folder,
        }
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.join(name))
    }

    pub fn month(&self) -> MonthHead {
        SignedHead::parse(&self.head).expect("a whole head").head
    }

    /// What the command line says of it.
    fn said(&self, file: &str, head: &str, key: &str) -> Result<(), String> {
        let files = Files {
            file: self.path(file),
            head: self.path(head),
            key: self.path(key),
        };
        books::check(&files)
            .map(|_| ())
            .map_err(|error| format!("{error:#}"))
    }
}

/// Follows a file to its end: whole, or the line and what is wrong with it.
pub fn followed(bytes: &[u8], head: Option<MonthHead>) -> Result<Whole, (u64, What)> {
    let mut check = JournalCheck::new(head);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        check.line(line).map_err(|flaw| (flaw.line, flaw.what))?;
    }
    check.finish().map_err(|flaw| (flaw.line, flaw.what))
}

async fn is_whole_and_vouched_for(app: &TestApp) {
    let published = Published::of(app).await;
    let whole = followed(&published.file, Some(published.month())).expect("as it was written");
    assert_eq!(
        (whole.entries, whole.income_fen, whole.owed_fen, whole.full),
        (8, Fen(6015 + 4001), Fen::ZERO, false)
    );
    assert_eq!(whole.published, Some((month("2026-11"), 6)));
    let full = followed(&published.full, None).expect("as it was written");
    assert_eq!((full.full, full.head, full.published), (true, whole.head, None));
    for file in ["journal.jsonl", "full.jsonl"] {
        published.said(file, "head.txt", "keys.txt").expect("whole");
    }
    // Another key, a head without its key, another village's head.
    std::fs::write(published.folder.join("other.txt"), "ab".repeat(32)).expect("writable");
    let said = published
        .said("journal.jsonl", "head.txt", "other.txt")
        .expect_err("another key");
    assert!(said.contains("has no key"), "{said}");
    let forged = published.head.replace(" 6 ", " 7 ");
    std::fs::write(published.folder.join("forged.txt"), forged).expect("writable");
    let said = published
        .said("journal.jsonl", "forged.txt", "keys.txt")
        .expect_err("a forged head");
    assert!(said.contains("was changed"), "{said}");
    let other = published.head.replace(VILLAGES[1].0, "120119102203");
    let head = SignedHead::parse(&other).expect("a head of its own form").head;
    let unknown = followed(&published.file, Some(head)).expect_err("no such village");
    assert_eq!(unknown, (1, What::UnknownVillage(VILLAGES[1].0.to_owned())));
}

async fn names_what_is_missing_doubled_or_moved(app: &TestApp) {
    let published = Published::of(app).await;
    let lines: Vec<&[u8]> = published.file.split_inclusive(|byte| *byte == b'\n').collect();
    assert_eq!(lines.len(), 10, "a heading, eight entries, an ending");
    let of = |lines: Vec<&[u8]>| followed(&lines.concat(), None).expect_err("not whole");
    for at in 1..=8_usize {
        let seq = i64::try_from(at).expect("small");
        let place = u64::try_from(at).expect("small") + 1;
        let mut missing = lines.clone();
        missing.remove(at);
        let expected = if at == 8 {
            What::CutOff(8)
        } else {
            What::Missing(seq)
        };
        assert_eq!(of(missing), (place, expected));
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        assert_eq!(of(doubled), (place + 1, What::Doubled(seq)));
        if at < 8 {
            let mut moved = lines.clone();
            moved.swap(at, at + 1);
            assert_eq!(of(moved), (place, What::Missing(seq)));
        }
        // Cut off behind this entry, and in the middle of it.
        let cut = lines[..=at].concat();
        let expected = if at == 8 {
            What::NoEnding
        } else {
            What::CutOff(seq + 1)
        };
        assert_eq!(followed(&cut, None).expect_err("cut off"), (place + 1, expected));
        let half = [lines[..at].concat(), lines[at][..20].to_vec()].concat();
        assert_eq!(
            followed(&half, None).expect_err("cut off"),
            (place, What::Changed(seq))
        );
    }
    assert_eq!(of(Vec::new()), (1, What::Heading));
    assert_eq!(of([lines.clone(), vec![lines[9]]].concat()), (11, What::Behind));
    // Said in words, with the place.
    let without = [&lines[..3], &lines[4..]].concat().concat();
    std::fs::write(published.folder.join("journal.jsonl"), without).expect("writable");
    let said = published
        .said("journal.jsonl", "head.txt", "keys.txt")
        .expect_err("one is missing");
    assert!(
        said.ends_with("journal.jsonl is NOT whole: line 4: entry 3 is missing here"),
        "{said}"
    );
}

async fn is_not_fooled_by_a_file_that_hangs_together(app: &TestApp) {
    let published = Published::of(app).await;
    // Somebody writes the books anew, with every hash made to fit, as if there had been less rent in November.
    app.sql(
        "create table kept as select chain_seq, amount_fen from ledger_entries where chain_seq = 3",
        [],
    )
    .await;
    let village = VILLAGES[1].0;
    let forged = forge(&published.file, 3);
    assert!(followed(&forged, None).is_ok(), "it hangs together in itself");
    let found = followed(&forged, Some(published.month())).expect_err("it is not what was published");
    assert_eq!(found, (7, What::Unpublished(6)));
    // And a journal that was cut back to before the close, its ending written anew.
    let shorter = shorten(&published.file, 4);
    assert!(followed(&shorter, None).is_ok(), "it hangs together in itself");
    let found = followed(&shorter, Some(published.month())).expect_err("it is not what was published");
    assert_eq!(found, (1, What::Shorter(5)), "{village}");
}

/// The same file with one entry's sum changed and every hash behind it made to fit again.
fn forge(file: &[u8], seq: i64) -> Vec<u8> {
    rewrite(file, i64::MAX, |link| {
        if link.seq == seq {
            link.gain_fen.0 -= 1;
        }
    })
}

/// The same file cut back to so many entries, whole in itself.
fn shorten(file: &[u8], entries: i64) -> Vec<u8> {
    rewrite(file, entries, |_| {})
}

fn rewrite(file: &[u8], most: i64, change: impl Fn(&mut shared::domain::ledger::PublicLink)) -> Vec<u8> {
    use shared::domain::books::JournalWriter;
    use shared::domain::hex::unhex;
    use shared::domain::ledger::{GENESIS, IncomeSource, PublicLink, TransactionKind};
    let lines: Vec<serde_json::Value> = file
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("a line of JSON"))
        .collect();
    let village = lines[0]["village"].as_str().expect("a code").to_owned();
    let entries: Vec<_> = lines
        .iter()
        .filter(|line| line["seq"].as_i64().is_some_and(|seq| seq <= most))
        .collect();
    let (mut writer, heading) = JournalWriter::begin(&village, i64::try_from(entries.len()).expect("few"));
    let (mut out, mut prev) = (heading, GENESIS);
    for line in entries {
        let text = |name: &str| line[name].as_str().expect("a text");
        let mut link = PublicLink {
            seq: line["seq"].as_i64().expect("a number"),
            day: text("day").parse().expect("a day"),
            kind: TransactionKind::from_name(text("kind")).expect("a kind"),
            source: line["source"].as_str().and_then(IncomeSource::from_name),
            gain_fen: Fen(line["gain_fen"].as_i64().expect("a sum")),
            sealed: unhex(text("sealed")).expect("a hash"),
        };
        change(&mut link);
        prev = link.hash(&village, prev);
        out.push_str(&writer.line(&link, prev, None));
    }
    out.push_str(&writer.end());
    out.into_bytes()
}

async fn streams_thousands_of_entries(app: &TestApp) {
    let market = credited(app).await;
    let (now, village) = (app.now(), VILLAGES[3].0);
    for batch in 0..5 {
        let postings: Vec<_> = (0..500)
            .map(|at| rent(app, 3, now, 1 + batch * 500 + at))
            .collect();
        let postings = std::sync::Arc::new(postings);
        app.db
            .write(move |tx| {
                let postings = std::sync::Arc::clone(&postings);
                Box::pin(async move {
                    for posting in postings.iter() {
                        server::services::ledger::post(tx, now, posting).await?;
                    }
                    Ok(())
                })
            })
            .await
            .expect("posted");
    }
    let file = app
        .browser()
        .open(&format!("/villages/{village}/journal/file"))
        .await;
    let whole = followed(&file.body, None).expect("whole");
    assert_eq!((whole.entries, whole.income_fen), (2500, Fen(2500 * 2501 / 2)));
    // Pages go by the place in the chain.
    let page = app
        .anonymous()
        .get(&format!("/api/v1/villages/{village}/journal?limit=100&after=101"))
        .await;
    let page: shared::api::books::JournalOut = page.expect(200).json();
    assert_eq!((page.links.items.len(), page.links.next), (100, None));
    assert_eq!(page.links.items[99].seq, 1);
    drop(market);
}
