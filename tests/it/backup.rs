//! Backups: taken while the market goes on, restored into either engine, refused when they are not whole.

use server::backup::{self, FILES};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use tests::database::Database;
use tests::{Engine, Market, Offer, TestApp, both, trade};

both![
    is_one_state_of_a_market_that_goes_on,
    moves_the_market_to_the_other_engine,
    is_refused_unless_it_is_whole,
    is_never_written_over_anything,
    brings_an_older_market_up_to_date,
];

/// Two credits over two villages, an order on its way, and a stored photo.
async fn busy(app: &TestApp) -> (Market, Offer) {
    let market = app.market().await;
    // More than anybody can order while a backup is taken.
    let a = market.list(0).per_jin(900).lot(1_000_000_000).publish(app).await;
    let b = market.list(2).per_jin(500).lot(500_000).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&a, 1000), (&b, 2000)]).await;
    trade::credited(app, &market, &market.buyers[1], &[(&a, 3000)]).await;
    trade::place(app, &market.buyers[2], &[(&a, 500), (&b, 500)]).await;
    let photos = app.app.config.data.join(FILES);
    std::fs::create_dir_all(&photos).expect("the folder can be written");
    std::fs::write(photos.join("00000000-photo"), b"a photo").expect("the folder can be written");
    (market, a)
}

fn to(app: &TestApp) -> PathBuf {
    app.app.config.data.join("backup.tar.gz")
}

async fn take(app: &TestApp) -> PathBuf {
    let path = to(app);
    let photos = app.app.config.data.join(FILES);
    backup::take(&app.app.db, &photos, &*app.app.clock, &path)
        .await
        .expect("the backup is taken");
    path
}

/// The backup in a new database of this engine, as a program.
async fn restored(app: &TestApp, engine: Engine, path: &Path) -> TestApp {
    let (database, db) = Database::bare(engine).await;
    let photos = database.folder.join(FILES);
    let done = backup::restore(path, &db, &photos).await;
    done.expect("a whole backup is restored into an empty database");
    app.over_restored(engine, database, db)
}

/// The members of a backup, those that say when and of which engine it is left out.
fn members(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = File::open(path).expect("the backup is there");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut members = BTreeMap::new();
    for entry in archive.entries().expect("it is a tar") {
        let mut entry = entry.expect("it is whole");
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it is whole");
        if name.starts_with("tables/") {
            // Engines sort text keys each in their own way.
            let mut lines: Vec<&str> = std::str::from_utf8(&bytes)
                .expect("rows are text")
                .lines()
                .collect();
            lines.sort_unstable();
            members.insert(name, lines.join("\n").into_bytes());
        } else if name.starts_with(FILES) {
            members.insert(name, bytes);
        }
    }
    members
}

async fn is_one_state_of_a_market_that_goes_on(app: &TestApp) {
    let (market, offer) = busy(app).await;
    let before = app.count("orders").await;
    let stop = Flag::default();
    let ordering = async {
        let mut placed = 0;
        while !stop.is_set() {
            trade::place(app, &market.buyers[placed % 3], &[(&offer, 500)]).await;
            placed += 1;
        }
        placed
    };
    let taking = async {
        let path = take(app).await;
        stop.set();
        path
    };
    let (placed, path) = tokio::join!(ordering, taking);
    assert!(placed > 0, "people ordered meanwhile");
    let copy = restored(app, app.engine, &path).await;
    let kept = copy.count("orders").await;
    assert!(
        (before..=app.count("orders").await).contains(&kept),
        "one state, between its beginning and its end: {kept}"
    );
    assert_eq!(
        std::fs::read(copy.app.config.data.join(FILES).join("00000000-photo")).expect("the photo came along"),
        b"a photo"
    );
    copy.finish().await;
}

/// A flag between two futures of one task.
#[derive(Default)]
struct Flag(std::sync::atomic::AtomicBool);

impl Flag {
    fn set(&self) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
}

async fn moves_the_market_to_the_other_engine(app: &TestApp) {
    let (market, offer) = busy(app).await;
    let path = take(app).await;
    let other = match app.engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    };
    let copy = restored(app, other, &path).await;
    copy.assert_clean().await;
    let again = take(&copy).await;
    let (ours, theirs) = (members(&path), members(&again));
    assert!(ours.len() > 20, "{:?}", ours.keys());
    for (name, bytes) in &ours {
        assert!(theirs.get(name) == Some(bytes), "{name} changed on its way");
    }
    assert_eq!(ours.len(), theirs.len());
    // And it is a market that goes on there, down to the passwords and the hash chains.
    trade::credited(&copy, &market, &market.buyers[0], &[(&offer, 1000)]).await;
    copy.signed_in(&market.auditor).await.open("/verify").await;
    copy.finish().await;
}

async fn is_refused_unless_it_is_whole(app: &TestApp) {
    busy(app).await;
    let path = take(app).await;
    let whole = std::fs::read(&path).expect("the backup is there");
    let (database, db) = Database::bare(app.engine).await;
    let photos = database.folder.join(FILES);
    let bad = app.app.config.data.join("bad.tar.gz");
    let mut cases = vec![Vec::new(), b"hello".to_vec(), whole[..whole.len() - 1].to_vec()];
    for part in 1..8 {
        cases.push(whole[..whole.len() * part / 8].to_vec());
        let mut changed = whole.clone();
        changed[whole.len() * part / 8] ^= 0x40;
        cases.push(changed);
    }
    for bytes in cases {
        std::fs::write(&bad, &bytes).expect("the folder can be written");
        let refused = backup::restore(&bad, &db, &photos).await;
        let said = format!("{:#}", refused.expect_err("half a backup is none"));
        assert!(said.contains("bad.tar.gz is no good backup"), "{said}");
        assert!(!photos.exists(), "nothing was written");
    }
    // Rewritten by hand and compressed again: every sum of the container holds, only the hashes tell.
    forge(&path, &bad);
    let said = format!("{:#}", backup::check(&bad).expect_err("a forged row is found"));
    assert!(said.contains("is not what was written"), "{said}");
    backup::restore(&path, &db, &photos)
        .await
        .expect("after all that the database is still empty");
}

/// The same backup with one sum changed.
fn forge(from: &Path, to: &Path) {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(from).expect("readable")));
    let encoder =
        flate2::write::GzEncoder::new(File::create(to).expect("writable"), flate2::Compression::fast());
    let mut forged = tar::Builder::new(encoder);
    for entry in archive.entries().expect("it is a tar") {
        let mut entry = entry.expect("it is whole");
        let mut header = entry.header().clone();
        let name = entry.path().expect("a name").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it is whole");
        if name.starts_with("tables/account_balances/") {
            let text = String::from_utf8(bytes).expect("rows are text");
            bytes = text.replacen('0', "1", 1).into_bytes();
        }
        forged
            .append_data(&mut header, name, bytes.as_slice())
            .expect("writable");
    }
    let encoder = forged.into_inner().expect("writable");
    encoder.finish().expect("writable");
}

async fn is_never_written_over_anything(app: &TestApp) {
    busy(app).await;
    let path = take(app).await;
    let photos = app.app.config.data.join(FILES);
    let again = backup::take(&app.app.db, &photos, &*app.app.clock, &path).await;
    assert!(format!("{:#}", again.expect_err("it exists")).contains("never written over"));

    let empty = app.app.config.data.join("elsewhere");
    let refused = backup::restore(&path, &app.app.db, &empty).await;
    let said = format!("{:#}", refused.expect_err("the database has rows"));
    assert!(said.contains("is not empty (table "), "{said}");

    let (_database, db) = Database::bare(app.engine).await;
    let refused = backup::restore(&path, &db, &photos).await;
    let said = format!("{:#}", refused.expect_err("the folder has photos"));
    assert!(said.contains("is not empty: restore into another"), "{said}");
}

/// A market of the first release's schema (steps m0001 to m0007), as a backup of it.
async fn brings_an_older_market_up_to_date(app: &TestApp) {
    let path = tests::source::repository().join("tests/fixtures/market-m0007.tar.gz");
    let checked = backup::check(&path).expect("the old backup is whole");
    assert_eq!(
        checked.head.steps.last().map(String::as_str),
        Some("m0007_records")
    );
    let old = restored(app, app.engine, &path).await;
    let (applied, known) = server::store::steps(old.app.db.read())
        .await
        .expect("steps are readable");
    assert_eq!(applied, known, "every later step was taken");
    for table in [
        "orders",
        "acceptances",
        "ledger_transactions",
        "persons",
        "offers",
    ] {
        let kept = i64::try_from(checked.manifest.rows[table]).expect("a small market");
        assert!(kept > 20, "{table}");
        assert_eq!(old.count(table).await, kept, "{table}");
    }
    old.assert_clean().await;
    // The pages of today read what was written then.
    for path in ["/", "/goods", "/villages"] {
        old.browser().open(path).await;
    }
    old.finish().await;
}
