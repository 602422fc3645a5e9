//! Closing months: in order, once they have ended, over clean books, by one who has just proven themselves; and what then
//! holds for ever.

use super::{credited, month, post, rent, taken_back};
use server::services::{ledger, period, seal, step_up, verify};
use shared::api::books::CloseIn;
use shared::api::problem::{Code, FieldCode};
use shared::domain::books::SignedHead;
use shared::domain::calendar::{Day, Micros};
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::month::Month;
use tests::browser::form_on;
use tests::market::{VILLAGES, grant};
use tests::{Market, Person, TestApp, both, refused, wrong_fields};

both![
    closes_in_order_once_ended,
    closes_only_clean_books,
    posts_nothing_to_a_closed_month,
    corrects_in_the_open_month_and_names_the_old,
    asks_for_proof_and_is_on_record,
    is_signed_by_a_key_that_may_change,
    finds_what_was_done_to_a_closed_month,
    starts_with_empty_books,
];

pub async fn close(app: &TestApp, who: &Person, text: &str) -> Result<Month, server::services::Error> {
    let input = CloseIn { month: month(text) };
    period::close(app, who, &app.key(), &input)
        .await
        .map(|row| row.month)
}

/// Nine in the morning of a day.
pub fn go_to(app: &TestApp, day: &str) {
    let day = Day::parse(day).expect("a day");
    app.clock.set(day.start().plus_hours(9));
}

async fn closes_in_order_once_ended(app: &TestApp) {
    let market = credited(app).await;
    let finance = &market.finance;
    let late = || vec![("month".to_owned(), FieldCode::TooLate)];
    assert_eq!(
        wrong_fields(close(app, finance, "2026-11").await),
        late(),
        "it has not ended"
    );
    let months = period::months(app, finance).await.expect("may be read");
    assert_eq!((months.closable, months.months.len()), (None, 1));
    go_to(app, "2027-01-02");
    assert_eq!(
        wrong_fields(close(app, finance, "2026-12").await),
        late(),
        "November comes first"
    );
    assert_eq!(
        wrong_fields(close(app, finance, "2026-10").await),
        late(),
        "the books begin in November"
    );
    let months = period::months(app, finance).await.expect("may be read");
    assert_eq!(
        (months.closable, months.months.len()),
        (Some(month("2026-11")), 3)
    );
    close(app, finance, "2026-11").await.expect("it has ended");
    assert_eq!(refused(close(app, finance, "2026-11").await), Code::WrongState);
    close(app, finance, "2026-12")
        .await
        .expect("a month without anything");
    assert_eq!(wrong_fields(close(app, finance, "2027-01").await), late());
    let months = period::months(app, &market.auditor).await.expect("may be read");
    assert_eq!(months.closable, None);
    let closed: Vec<_> = months
        .months
        .iter()
        .map(|row| {
            (
                row.month.to_string(),
                row.closed.as_ref().map(|c| (c.entries, c.moved_fen)),
            )
        })
        .collect();
    assert_eq!(
        closed,
        [
            ("2027-01".to_owned(), None),
            ("2026-12".to_owned(), Some((0, Fen::ZERO))),
            ("2026-11".to_owned(), Some((5, Fen(9200)))),
        ]
    );
}

async fn closes_only_clean_books(app: &TestApp) {
    let market = credited(app).await;
    go_to(app, "2026-12-01");
    let change = |sign: &str| {
        format!("update ledger_entries set amount_fen = amount_fen {sign} 1 where chain_seq = 1")
    };
    app.sql(&change("-"), []).await;
    assert_eq!(
        refused(close(app, &market.finance, "2026-11").await),
        Code::BooksWrong
    );
    app.sql(&change("+"), []).await;
    let stock = |sign: &str| format!("update lots set sold = sold {sign} 1");
    app.sql(&stock("+"), []).await;
    assert_eq!(
        refused(close(app, &market.finance, "2026-11").await),
        Code::BooksWrong
    );
    assert_eq!(app.count("period_closes").await, 0);
    app.sql(&stock("-"), []).await;
    close(app, &market.finance, "2026-11").await.expect("clean books");
}

async fn posts_nothing_to_a_closed_month(app: &TestApp) {
    let market = credited(app).await;
    let last = Micros(month("2026-11").end().0 - 1);
    go_to(app, "2026-12-02");
    let late = rent(app, 1, last, 500);
    post(app, rent(app, 1, last, 700))
        .await
        .expect("the month is open");
    close(app, &market.finance, "2026-11")
        .await
        .expect("it has ended");
    let before = app.count("ledger_transactions").await;
    assert_eq!(refused(post(app, late).await), Code::PeriodClosed);
    assert_eq!(
        refused(post(app, rent(app, 1, Micros(1), 500)).await),
        Code::PeriodClosed
    );
    for table in ["ledger_transactions", "ledger_entries"] {
        let left = app
            .number(&format!("select count(*) from {table} where 1 = 1"), [])
            .await;
        assert!(left >= before, "{table}");
    }
    assert_eq!(
        app.count("ledger_transactions").await,
        before,
        "nothing of it is kept"
    );
    post(app, rent(app, 1, month("2026-12").start(), 900))
        .await
        .expect("the open month");
    // Whoever brings a document of the closed month posts now, and can name the month.
    let now = app.now();
    let (at, names) = app
        .db
        .write(move |tx| Box::pin(async move { period::open_at(tx, last, now).await }))
        .await
        .expect("asked");
    assert_eq!((at, names), (now, Some(month("2026-11"))));
    let (at, names) = app
        .db
        .write(move |tx| Box::pin(async move { period::open_at(tx, now, now).await }))
        .await
        .expect("asked");
    assert_eq!((at, names), (now, None));
}

async fn corrects_in_the_open_month_and_names_the_old(app: &TestApp) {
    let market = credited(app).await;
    let old = rent(app, 1, app.now(), 70_000);
    let correction = |at| taken_back(app, at, &old);
    let (in_november, in_december) = (correction(app.now()), correction(month("2026-12").start()));
    let (old_id, number) = (old.id, old.document_number.clone());
    post(app, old).await.expect("November is open");
    go_to(app, "2026-12-05");
    close(app, &market.finance, "2026-11")
        .await
        .expect("it has ended");
    let as_signed = period::head_file(app, month("2026-11")).await.expect("closed");
    assert_eq!(refused(post(app, in_november).await), Code::PeriodClosed);
    let correction_id = in_december.id;
    post(app, in_december).await.expect("December is open");
    assert_eq!(
        period::head_file(app, month("2026-11")).await.expect("closed"),
        as_signed,
        "a closed month stays as it was signed"
    );
    let shown = period::month(app, &market.auditor, month("2026-11"))
        .await
        .expect("November");
    let named: Vec<_> = (shown.corrections.iter())
        .map(|row| {
            (
                row.transaction_id,
                row.corrects,
                row.corrects_number.as_str(),
                row.moved_fen,
            )
        })
        .collect();
    assert_eq!(named, [(correction_id, old_id, number.as_str(), Fen(70_000))]);
    let declared = shown
        .kinds
        .iter()
        .find(|row| row.account == AccountKind::DeclaredIncome);
    let declared = declared.expect("every kind");
    assert_eq!(
        (declared.credit_fen, declared.balance_fen),
        (Fen(70_000), Fen(-70_000))
    );
    let later = period::month(app, &market.auditor, month("2026-12"))
        .await
        .expect("December");
    let declared = later
        .kinds
        .iter()
        .find(|row| row.account == AccountKind::DeclaredIncome);
    assert_eq!(declared.expect("every kind").balance_fen, Fen::ZERO);
    // The correction's own page names the old document and its month.
    let transaction = ledger::transaction(app, &market.auditor, correction_id)
        .await
        .expect("posted");
    let corrects = transaction.corrects.expect("it corrects something");
    assert_eq!(
        (corrects.document_number, corrects.month, corrects.closed),
        (number, month("2026-11"), true)
    );
    let mut auditor = app.signed_in(&market.auditor).await;
    let page = auditor.open("/books/months/2026-11").await.text();
    assert!(tests::html::words(&page).contains("以后月份的更正"));
    assert!(page.contains(&format!("/ledger/transactions/{correction_id}")));
}

async fn asks_for_proof_and_is_on_record(app: &TestApp) {
    let market: Market = credited(app).await;
    go_to(app, "2026-12-01");
    for person in market.one_of_each() {
        if person.person_id != market.finance.person_id {
            assert_eq!(
                refused(close(app, person, "2026-11").await),
                Code::Forbidden,
                "{}",
                person.sign_in_name
            );
        }
    }
    let mut unproven = market.finance.clone();
    unproven.actor.proven_at = Some(Micros(app.now().0 - (step_up::HOLDS_S + 1) * 1_000_000));
    assert_eq!(
        refused(close(app, &unproven, "2026-11").await),
        Code::StepUpNeeded
    );
    assert_eq!(app.count("period_closes").await, 0);
    // The page: the form, the proof, and on to the closed month.
    let mut browser = app.signed_in(&market.finance).await;
    app.clock.advance_s(step_up::HOLDS_S + 60);
    let form = browser.form("/books/months", "/books/months").await;
    let asked = browser.submit(&form).await.expect(403);
    assert_eq!(app.count("period_closes").await, 0);
    let code = browser.code().await;
    let mut proof = form_on(&asked, "/step-up").with("step_up_code", &code);
    let on = browser.submit(&proof).await.expect(307);
    assert_eq!(on.header("location"), "/books/months");
    // The browser posts the same form on.
    proof.action = "/books/months".to_owned();
    let done = browser.submit(&proof).await.expect(303);
    assert_eq!(done.header("location"), "/books/months/2026-11");
    let page = tests::html::words(&browser.open("/books/months/2026-11").await.text());
    assert!(page.contains("已结账") && page.contains("中心财务"), "{page}");
    let recorded = "select count(*) from audit_rows where action = 'books.close' and object_id = '2026-11' and person_id = $1";
    assert_eq!(app.number(recorded, [market.finance.person_id.into()]).await, 1);
    // The same key again is the same close.
    let key = app.key();
    go_to(app, "2027-01-01");
    let input = CloseIn {
        month: month("2026-12"),
    };
    let first = period::close(app, &market.finance, &key, &input)
        .await
        .expect("it has ended");
    let again = period::close(app, &market.finance, &key, &input)
        .await
        .expect("the first answer");
    assert_eq!(first, again);
    // Two who work in finance: one closes.
    let second = market
        .enrol(
            app,
            "finance2",
            vec![grant(market.finance.grant.role, &market.units[0], 0)],
        )
        .await;
    go_to(app, "2027-02-01");
    let (one, two) = tokio::join!(
        close(app, &market.finance, "2027-01"),
        close(app, &second, "2027-01")
    );
    let codes: Vec<_> = [one, two]
        .into_iter()
        .filter_map(|done| done.err())
        .map(|error| error.code())
        .collect();
    assert_eq!(codes, [Code::WrongState]);
}

async fn is_signed_by_a_key_that_may_change(app: &TestApp) {
    let market = credited(app).await;
    go_to(app, "2026-12-01");
    close(app, &market.finance, "2026-11")
        .await
        .expect("it has ended");
    let head = |text| async move { period::head_file(app, month(text)).await.expect("closed") };
    let signed = |file: &str| SignedHead::parse(file).expect("a whole head");
    let keys = || async { seal::public_keys(&seal::keys_text(app).await.expect("readable")) };
    let (first, known) = (signed(&head("2026-11").await), keys().await);
    assert_eq!(known.len(), 1);
    assert!(seal::has_signed(&known[0], &first.text, &first.signature));
    assert_eq!(seal::id_of(&known[0]), first.key_id);
    assert_eq!(first.head.previous, [0; 32]);
    let village = first.head.village(VILLAGES[0].0).expect("every village");
    assert_eq!(
        (village.length, village.income_fen, village.month_income_fen),
        (2, Fen(7200), Fen(7200))
    );
    assert_eq!(first.head.villages.len(), VILLAGES.len());
    // Another key takes its place; what the first one signed is still known.
    server::ports::signing::rotate(&app.config).expect("a new key");
    go_to(app, "2027-01-01");
    close(app, &market.finance, "2026-12")
        .await
        .expect("it has ended");
    let (second, known) = (signed(&head("2026-12").await), keys().await);
    assert_eq!((known.len(), second.key_id == first.key_id), (2, false));
    for signed in [&first, &second] {
        let key = known
            .iter()
            .find(|key| seal::id_of(key) == signed.key_id)
            .expect("published");
        assert!(seal::has_signed(key, &signed.text, &signed.signature));
    }
    assert_eq!(
        second.head.previous,
        first.head.hash(),
        "the months hang together"
    );
    let text = app.browser().open("/books/keys").await.text();
    assert_eq!(
        (
            text.matches("in use").count(),
            text.matches("BEGIN PUBLIC KEY").count()
        ),
        (1, 2),
        "{text}"
    );
    let raw = app
        .anonymous()
        .get("/api/v1/books/heads/2026-12")
        .await
        .expect(200);
    assert_eq!(
        raw.text(),
        app.browser().open("/books/heads/2026-12").await.text()
    );
    app.anonymous()
        .get("/api/v1/books/heads/2027-01")
        .await
        .expect(404);
}

async fn finds_what_was_done_to_a_closed_month(app: &TestApp) {
    let market = credited(app).await;
    post(app, rent(app, 1, app.now(), 70_000))
        .await
        .expect("November is open");
    go_to(app, "2027-01-01");
    close(app, &market.finance, "2026-11")
        .await
        .expect("it has ended");
    close(app, &market.finance, "2026-12")
        .await
        .expect("it has ended");
    app.assert_clean().await;
    let damages = [
        (
            "update period_closes set head_text = replace(head_text, 'entries', 'entry') where month = 202611",
            "update period_closes set head_text = replace(head_text, 'entry', 'entries') where month = 202611",
            "2026-11",
        ),
        (
            "update period_closes set entries = entries + 1 where month = 202612",
            "update period_closes set entries = entries - 1 where month = 202612",
            "2026-12",
        ),
        (
            "update period_closes set moved_fen = moved_fen + 1 where month = 202611",
            "update period_closes set moved_fen = moved_fen - 1 where month = 202611",
            "2026-11",
        ),
        (
            "update books set closed_until = closed_until - 1",
            "update books set closed_until = closed_until + 1",
            "another instant",
        ),
        (
            "update period_closes set signature = text_hash where month = 202611",
            "",
            "2026-11",
        ),
    ];
    for (damage, back, named) in damages {
        let kept = app.number("select count(*) from period_closes", []).await;
        assert_eq!(kept, 2);
        if back.is_empty() {
            app.sql(
                "create table kept as select month, signature from period_closes",
                [],
            )
            .await;
        }
        app.sql(damage, []).await;
        let wrong = app.wrong().await;
        let found = wrong.iter().find(|line| line.starts_with("closed_months_hold:"));
        let found = found.unwrap_or_else(|| panic!("{damage} is not seen: {wrong:?}"));
        assert!(found.contains(named), "{found}");
        let back = if back.is_empty() {
            "update period_closes set signature = (select k.signature from kept k where k.month = period_closes.month)"
        } else {
            back
        };
        app.sql(back, []).await;
        app.assert_clean().await;
    }
    // A whole history, rewritten with every hash and sum made to fit again, is not the one that was signed.
    let found = verify::run(app).await.expect("readable");
    let closed = found
        .checks
        .iter()
        .find(|check| check.name == "closed_months_hold");
    assert_eq!(closed.expect("a check").looked_at, 2);
}

async fn starts_with_empty_books(app: &TestApp) {
    let market = app.market().await;
    assert_eq!(
        wrong_fields(close(app, &market.finance, "2026-09").await),
        [("month".to_owned(), FieldCode::TooLate)]
    );
    close(app, &market.finance, "2026-10")
        .await
        .expect("the month before the books begin");
    let months = period::months(app, &market.auditor).await.expect("may be read");
    let listed: Vec<_> = months.months.iter().map(|row| row.month.to_string()).collect();
    assert_eq!(listed, ["2026-11", "2026-10"]);
    assert_eq!(
        refused(period::month(app, &market.auditor, month("2026-09")).await),
        Code::NotFound
    );
}
