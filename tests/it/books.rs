//! Books that prove themselves: the trial balance at any instant, months that are closed, signed and stay as they are, and
//! journals that anybody can check.

mod close;
mod file;
mod flips;
mod race;

use server::services::books::{self, AsOf};
use server::services::{Error, ledger};
use shared::api::books::{JournalOut, MonthOut, TrialBy, TrialOut, TrialRow};
use shared::api::problem::Code;
use shared::api::work::{ExportIn, ExportList, FileFormat};
use shared::domain::calendar::Micros;
use shared::domain::ledger::{
    AccountKind, Entries, IncomeSource, TransactionKind, declared_income_entries, reversal,
};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::share::SharePolicy;
use tests::market::VILLAGES;
use tests::{Market, Person, TestApp, both, refused, trade};
use uuid::Uuid;

both![
    balances_at_any_instant_by_either_time,
    leads_from_a_kind_to_the_entry,
    is_read_by_finance_and_auditors_alone,
    shows_its_pages_in_both_languages,
    goes_away_as_a_file,
    shows_a_journal_without_anybody_in_it,
];

/// A month.
pub fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// Two credits over villages 0 and 2 in November 2026.
pub async fn credited(app: &TestApp) -> Market {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let b = market.list(2).per_jin(500).lot(90_000).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&a, 1000), (&b, 2000)]).await;
    app.pass_hours(1);
    trade::credited(app, &market, &market.buyers[1], &[(&a, 3000)]).await;
    market
}

/// Something to post that needs no other document: rent that a village declares.
pub fn rent(app: &TestApp, village: usize, effective_at: Micros, fen: i64) -> ledger::Posting {
    let entries = declared_income_entries(VILLAGES[village].0, IncomeSource::Rent, Fen(fen));
    posting(
        app,
        effective_at,
        TransactionKind::DeclaredIncome,
        None,
        entries.expect("they balance"),
    )
}

/// What takes a posting back.
pub fn taken_back(app: &TestApp, effective_at: Micros, posted: &ledger::Posting) -> ledger::Posting {
    let entries = reversal(&posted.entries).expect("they balance");
    posting(
        app,
        effective_at,
        TransactionKind::Reversal,
        Some(posted.id),
        entries,
    )
}

fn posting(
    app: &TestApp,
    effective_at: Micros,
    kind: TransactionKind,
    reverses: Option<Uuid>,
    entries: Entries,
) -> ledger::Posting {
    ledger::Posting {
        id: app.new_id(),
        kind,
        document_kind: "declared_income",
        document_id: app.new_id(),
        document_number: format!("Z{}", app.new_id().simple()),
        effective_at,
        actor: None,
        reverses,
        entries,
    }
}

/// Posts.
pub async fn post(app: &server::services::App, posting: ledger::Posting) -> Result<(), Error> {
    let (now, posting) = (app.now(), std::sync::Arc::new(posting));
    app.db
        .write(move |tx| {
            let posting = std::sync::Arc::clone(&posting);
            Box::pin(async move { ledger::post(tx, now, &posting).await })
        })
        .await
}

fn row(trial: &TrialOut, account: AccountKind) -> &TrialRow {
    trial
        .kinds
        .iter()
        .find(|row| row.account == account)
        .expect("every kind")
}

async fn trial(app: &TestApp, who: &Person, as_of: AsOf) -> TrialOut {
    let trial = books::trial(app, who, as_of).await.expect("may be read");
    assert!(trial.balanced, "{trial:?}");
    assert_eq!(trial.kinds.len(), AccountKind::ALL.len());
    trial
}

async fn balances_at_any_instant_by_either_time(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let before = app.now();
    let nothing = trial(app, &market.auditor, AsOf::NOW).await;
    assert!(nothing.debit_fen.is_zero() && nothing.credit_fen.is_zero());
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 1000)]).await;
    let first = app.now();
    app.pass_hours(48);
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 500)]).await;
    // Recorded today, and effective yesterday.
    let yesterday = Micros(app.now().0 - 86_400_000_000);
    post(app, rent(app, 2, yesterday, 12_345))
        .await
        .expect("an open month");

    let now = trial(app, &market.finance, AsOf::NOW).await;
    let receivable = row(&now, AccountKind::UnitReceivable);
    assert_eq!(
        (
            receivable.debit_fen,
            receivable.credit_fen,
            receivable.balance_fen
        ),
        (Fen(2700), Fen::ZERO, Fen(2700))
    );
    let payable = row(&now, AccountKind::VillagePayable);
    assert_eq!((payable.credit_fen, payable.balance_fen), (Fen(2700), Fen(-2700)));
    assert_eq!(row(&now, AccountKind::DeclaredIncome).balance_fen, Fen(-12_345));
    assert_eq!(now.debit_fen, Fen(2700 + 12_345));

    let at = |at: Micros, by: TrialBy| AsOf { at: Some(at), by };
    let then = trial(app, &market.auditor, at(first, TrialBy::Recorded)).await;
    assert_eq!(then.debit_fen, Fen(1800), "the instant itself belongs to it");
    let then = trial(app, &market.auditor, at(Micros(before.0 - 1), TrialBy::Recorded)).await;
    assert_eq!(then.debit_fen, Fen::ZERO);
    let recorded = trial(app, &market.auditor, at(yesterday, TrialBy::Recorded)).await;
    let effective = trial(app, &market.auditor, at(yesterday, TrialBy::Effective)).await;
    assert_eq!(
        (recorded.debit_fen, effective.debit_fen),
        (Fen(1800), Fen(1800 + 12_345))
    );
    // What is kept and what the entries come to are compared by the checks.
    app.assert_clean().await;
    let damage =
        |sign: &str| format!("update account_balances set debit_fen = debit_fen {sign} 1 where owner = ''");
    let other = |sign: &str| {
        format!(
            "update account_balances set debit_fen = debit_fen {sign} 1 where account_kind = 'unit_receivable'"
        )
    };
    assert_eq!(
        app.sql(&damage("+"), []).await,
        0,
        "nothing of the centre's own yet"
    );
    app.sql(&other("+"), []).await;
    let wrong = app.wrong().await;
    assert!(
        wrong[0].starts_with("turnovers_equal_entries: unit_receivable"),
        "{wrong:?}"
    );
    app.sql(&other("-"), []).await;
}

async fn leads_from_a_kind_to_the_entry(app: &TestApp) {
    let market = credited(app).await;
    let auditor = &market.auditor;
    let kind = AccountKind::UnitReceivable;
    let page = books::accounts(app, auditor, kind, AsOf::NOW, None, 1)
        .await
        .expect("accounts");
    assert_eq!(page.items.len(), 1);
    let rest = books::accounts(app, auditor, kind, AsOf::NOW, page.next.as_deref(), 1).await;
    let rest = rest.expect("accounts");
    assert_eq!((rest.items.len(), rest.next), (1, None));
    let mut sums: Vec<(String, Fen)> = [&page.items[0], &rest.items[0]]
        .map(|row| (row.owner_name.clone(), row.balance_fen))
        .into();
    sums.sort_unstable();
    assert_eq!(
        sums,
        [
            ("示例单位0".to_owned(), Fen(3800)),
            ("示例单位1".to_owned(), Fen(5400))
        ]
    );
    let village = (AccountKind::VillagePayable, VILLAGES[0].0);
    let first = books::account(app, auditor, village, AsOf::NOW, None, 1)
        .await
        .expect("an account");
    assert_eq!(first.account.balance_fen, Fen(-7200));
    let newest = &first.entries.items[0];
    assert_eq!(
        (newest.amount_fen, newest.kind),
        (Fen(-5400), TransactionKind::Acceptance)
    );
    let next = books::account(app, auditor, village, AsOf::NOW, first.entries.next.as_deref(), 5).await;
    assert_eq!(
        next.expect("the next page").entries.items[0].amount_fen,
        Fen(-1800)
    );
    // As of an hour earlier there was one entry only.
    let earlier = AsOf {
        at: Some(Micros(newest.recorded_at.0 - 1)),
        by: TrialBy::Recorded,
    };
    let then = books::account(app, auditor, village, earlier, None, 5)
        .await
        .expect("an account");
    assert_eq!(
        (then.account.balance_fen, then.entries.items.len()),
        (Fen(-1800), 1)
    );
    ledger::transaction(app, auditor, newest.transaction_id)
        .await
        .expect("the entry's document");
    let nobody = (AccountKind::VillagePayable, VILLAGES[1].0);
    assert_eq!(
        refused(books::account(app, auditor, nobody, AsOf::NOW, None, 5).await),
        Code::NotFound
    );
    for bad in ["x y", "';", &"1".repeat(41)] {
        let asked = (AccountKind::VillagePayable, bad);
        assert_eq!(
            refused(books::account(app, auditor, asked, AsOf::NOW, None, 5).await),
            Code::Invalid,
            "{bad}"
        );
    }
}

async fn is_read_by_finance_and_auditors_alone(app: &TestApp) {
    let market = credited(app).await;
    for person in market.one_of_each() {
        let may = [&market.finance, &market.auditor]
            .iter()
            .any(|reader| reader.person_id == person.person_id);
        let trial = books::trial(app, person, AsOf::NOW).await;
        let kind = AccountKind::HouseholdPayable;
        let accounts = books::accounts(app, person, kind, AsOf::NOW, None, 5).await;
        let months = server::services::period::months(app, person).await;
        if may {
            assert!(
                trial.is_ok() && accounts.is_ok() && months.is_ok(),
                "{}",
                person.sign_in_name
            );
        } else {
            let codes = [refused(trial), refused(accounts), refused(months)];
            assert_eq!(codes, [Code::Forbidden; 3], "{}", person.sign_in_name);
        }
    }
}

async fn shows_its_pages_in_both_languages(app: &TestApp) {
    let market = credited(app).await;
    let mut auditor = app.signed_in(&market.auditor).await;
    let page = auditor.open("/books").await.text();
    let words = tests::html::words(&page);
    for expected in ["试算平衡", "借贷相等", "应付村集体", "92.00", "0.00"] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let kind = "/books/accounts/unit_receivable";
    assert!(page.contains(&format!("href=\"{kind}\"")), "{page}");
    let accounts = auditor.open(kind).await.text();
    assert!(tests::html::words(&accounts).contains("示例单位0"));
    let links: Vec<&str> = accounts
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let entries = links
        .iter()
        .find(|link| link.contains("/entries?owner="))
        .expect("an account's link");
    let entries = auditor.open(&entries.replace("&amp;", "&")).await.text();
    assert!(entries.contains("/ledger/transactions/"), "{entries}");
    // An instant that is none is said beside its field, and nothing is lost.
    let wrong = auditor
        .get("/books?at=tomorrow&by=recorded")
        .await
        .expect(422)
        .text();
    assert!(tests::html::words(&wrong).contains("截至"), "{wrong}");
    let earlier = auditor
        .open("/books?at=2026-10-31T23%3A59&by=effective")
        .await
        .text();
    assert!(tests::html::words(&earlier).contains("截至 2026-10-31 23:59 生效的账"));
    assert!(!tests::html::words(&earlier).contains("92.00"));
    for page in ["/books", kind, "/books/months", "/books/months/2026-11"] {
        let form = auditor.form(page, "/modes").await;
        let token = form.clone().with("turn", "lang");
        auditor.submit(&token).await.expect(303);
        let english = tests::html::words(&auditor.open(page).await.text());
        assert!(
            english.contains("Debit") || english.contains("Months"),
            "{page}: {english}"
        );
        let back = auditor.form(page, "/modes").await.with("turn", "lang");
        auditor.submit(&back).await.expect(303);
    }
}

async fn goes_away_as_a_file(app: &TestApp) {
    let market = credited(app).await;
    let export = async |list: ExportList, query: &str| -> Vec<Vec<String>> {
        let input = ExportIn {
            list,
            format: FileFormat::Csv,
            query: query.to_owned(),
        };
        let auditor = &market.auditor;
        let queued = server::services::work::export(app, auditor, &input, &app.key()).await;
        let queued = queued.expect("may be read");
        server::services::work::run_next(app, app.holders[0])
            .await
            .expect("it is done");
        let file = server::services::work::result(app, auditor, queued.id).await;
        let bytes = file.expect("a file came of it").read().await.expect("it is kept");
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(&bytes[3..])
            .records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect()
    };
    let kinds = export(ExportList::TrialBalance, "").await;
    assert_eq!(kinds.len(), 3, "two kinds were touched: {kinds:?}");
    assert!(
        kinds
            .iter()
            .any(|row| row[..4] == ["应收单位款", "92.00", "0.00", "92.00"]),
        "{kinds:?}"
    );
    let none = export(ExportList::TrialBalance, "at=2026-10-31T23%3A59&by=effective").await;
    assert_eq!(none.len(), 1, "{none:?}");
    let accounts = export(ExportList::AccountBalances, "account=unit_receivable").await;
    assert!(
        accounts
            .iter()
            .any(|row| row[1] == "示例单位1" && row[5] == "54.00"),
        "{accounts:?}"
    );
    let owner = market.units[0].id;
    let entries = export(
        ExportList::LedgerEntries,
        &format!("account=unit_receivable&owner={owner}&at=2026-12-01&by=effective"),
    )
    .await;
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[1].iter().any(|cell| cell == "示例单位0"), "{entries:?}");
}

async fn shows_a_journal_without_anybody_in_it(app: &TestApp) {
    let market = app.market().await;
    let offer = market
        .list(0)
        .per_jin(900)
        .shared_with("王家", SharePolicy::BasisPoints(6000))
        .lot(90_000)
        .publish(app)
        .await;
    let done = trade::credited(app, &market, &market.buyers[0], &[(&offer, 1000)]).await;
    let code = VILLAGES[0].0;
    let api = app.anonymous();
    let journal = api
        .get(&format!("/api/v1/villages/{code}/journal"))
        .await
        .expect(200);
    let shown: JournalOut = journal.json();
    assert_eq!(
        (shown.length, shown.income_fen, shown.owed_fen),
        (1, Fen(1080), Fen(1080))
    );
    assert_eq!(shown.links.items[0].gain_fen, Fen(1080));
    let file = api
        .get(&format!("/api/v1/villages/{code}/journal/file"))
        .await
        .expect(200);
    let page = app.browser().open(&format!("/villages/{code}/journal")).await;
    let public = [journal.text(), file.text(), page.text()];
    let transaction = done.acceptance.transaction_id.expect("credited").to_string();
    let document = done.acceptance.number.clone().expect("posted");
    let full = app.api(&market.listers[0]).await;
    let full = full
        .get(&format!("/api/v1/villages/{code}/journal/full-file"))
        .await
        .expect(200)
        .text();
    for (what, text) in [
        ("name", "actor_name"),
        ("transaction", transaction.as_str()),
        ("document", document.as_str()),
    ] {
        for public in &public {
            assert!(!public.contains(text), "the public journal tells a {what}");
        }
        assert!(full.contains(text), "who may read it gets the {what}");
    }
    for secret in ["王家", "采购0", "配送", "示例单位0"] {
        for text in &public {
            assert!(!text.contains(secret), "{secret} stands in a public journal");
        }
    }
    // Another village's people do not get the full file, and there is no journal of a village that is none.
    let other = app.api(&market.listers[2]).await;
    let full = format!("/api/v1/villages/{code}/journal/full-file");
    other.get(&full).await.expect(404).refused(Code::NotFound);
    app.anonymous().get(&full).await.expect(401);
    api.get("/api/v1/villages/000000000000/journal/file")
        .await
        .expect(404);
    let open: MonthOut = app
        .api(&market.auditor)
        .await
        .get("/api/v1/books/months/2026-11")
        .await
        .expect(200)
        .json();
    assert!(open.row.closed.is_none() && !open.closable);
}
