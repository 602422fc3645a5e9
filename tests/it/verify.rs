//! Whoever changes the books behind the program's back is found, and the check says where.

use shared::domain::ledger::AccountKind;
use tests::market::VILLAGES;
use tests::{Market, Offer, TestApp, both, trade};
use uuid::Uuid;

both![
    names_a_changed_amount,
    names_a_changed_balance,
    names_a_changed_income,
    names_a_changed_year,
    names_a_broken_chain,
    names_a_missing_entry,
    names_a_changed_lot,
    names_a_changed_order,
    names_a_changed_acceptance,
    names_a_credit_without_a_document,
    names_a_changed_hand,
    finds_a_whole_year_clean,
];

/// Two credits over villages 0 and 2, and one order still on its way.
async fn busy(app: &TestApp) -> (Market, Offer, Uuid) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let b = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    let first = trade::credited(app, &market, &market.buyers[0], &[(&a, 1000), (&b, 2000)]).await;
    trade::credited(app, &market, &market.buyers[1], &[(&a, 3000)]).await;
    trade::place(app, &market.buyers[2], &[(&a, 500), (&b, 500)]).await;
    app.assert_clean().await;
    (market, a, first.acceptance.transaction_id.expect("credited"))
}

/// Does the damage, expects that these checks see it and name this, then mends it.
async fn damage(app: &TestApp, sql: &str, back: &str, checks: &[&str], named: &str) {
    assert!(app.sql(sql, []).await > 0, "{sql} changes something");
    let wrong = app.wrong().await;
    for check in checks {
        let found = wrong.iter().find(|line| line.starts_with(&format!("{check}:")));
        let found = found.unwrap_or_else(|| panic!("{check} sees nothing after: {sql}\n{wrong:#?}"));
        assert!(found.contains(named), "{check} names {named}: {found}");
    }
    app.sql(back, []).await;
    app.assert_clean().await;
}

async fn names_a_changed_amount(app: &TestApp) {
    busy(app).await;
    let change = |sign: &str| {
        format!(
            "update ledger_entries set amount_fen = amount_fen {sign} 1 where village_code = '{}' and chain_seq = 1",
            VILLAGES[0].0
        )
    };
    let checks = [
        "entries_sum_to_zero",
        "balances_equal_entries",
        "incomes_equal_entries",
        "chains_whole",
    ];
    damage(app, &change("-"), &change("+"), &checks[..1], "Y26").await;
    damage(app, &change("-"), &change("+"), &checks[1..], VILLAGES[0].0).await;
}

async fn names_a_changed_balance(app: &TestApp) {
    busy(app).await;
    let kind = AccountKind::VillagePayable.as_str();
    let change = |sign: &str| {
        let owner = VILLAGES[2].0;
        format!(
            "update account_balances set balance_fen = balance_fen {sign} 100 where account_kind = '{kind}' and owner = '{owner}'"
        )
    };
    damage(
        app,
        &change("-"),
        &change("+"),
        &["balances_equal_entries"],
        VILLAGES[2].0,
    )
    .await;
}

async fn names_a_changed_income(app: &TestApp) {
    busy(app).await;
    let change = |sign: &str| {
        format!(
            "update village_incomes set amount_fen = amount_fen {sign} 1 where village_code = '{}'",
            VILLAGES[0].0
        )
    };
    damage(
        app,
        &change("+"),
        &change("-"),
        &["incomes_equal_entries"],
        VILLAGES[0].0,
    )
    .await;
    // Income moved into another month earns a village a target it has not reached.
    let other = "update village_incomes set month = 3";
    damage(
        app,
        other,
        "update village_incomes set month = 11",
        &["incomes_equal_entries"],
        VILLAGES[0].0,
    )
    .await;
}

async fn names_a_changed_year(app: &TestApp) {
    busy(app).await;
    for column in ["credited_fen", "paid_fen", "settled_fen", "acceptances"] {
        let change = |sign: &str| {
            let village = VILLAGES[2].0;
            format!("update village_years set {column} = {column} {sign} 1 where village_code = '{village}'")
        };
        let named = format!("{} 2026 {}", VILLAGES[2].0, column.trim_end_matches("_fen"));
        damage(app, &change("+"), &change("-"), &["years_equal_months"], &named).await;
    }
}

async fn names_a_broken_chain(app: &TestApp) {
    busy(app).await;
    let village = VILLAGES[0].0;
    let hash = "select hash from ledger_entries where village_code = '120119102201' and chain_seq = 2";
    assert_eq!(village, "120119102201");
    let change = format!(
        "update ledger_entries set hash = prev_hash where village_code = '{village}' and chain_seq = 1"
    );
    let back = "update ledger_entries set hash =
        (select x.prev_hash from ledger_entries x where x.village_code = '120119102201' and x.chain_seq = 2)
        where village_code = '120119102201' and chain_seq = 1";
    damage(app, &change, back, &["chains_whole"], village).await;
    let head = format!(
        "update village_chains set head = (select prev_hash from ledger_entries
        where village_code = '{village}' and chain_seq = 1) where village_code = '{village}'"
    );
    let back = format!("update village_chains set head = ({hash}) where village_code = '{village}'");
    damage(app, &head, &back, &["chains_whole"], village).await;
    let length = |n: i64| format!("update village_chains set length = {n} where village_code = '{village}'");
    damage(
        app,
        &length(3),
        &length(2),
        &["chains_complete", "chains_whole"],
        village,
    )
    .await;
}

async fn names_a_missing_entry(app: &TestApp) {
    busy(app).await;
    let village = VILLAGES[0].0;
    let keep = format!(
        "create table kept as select * from ledger_entries where village_code = '{village}' and chain_seq = 1"
    );
    app.sql(&keep, []).await;
    let take = format!("delete from ledger_entries where village_code = '{village}' and chain_seq = 1");
    let back = "insert into ledger_entries select * from kept";
    let checks = [
        "balances_equal_entries",
        "incomes_equal_entries",
        "chains_complete",
        "chains_whole",
    ];
    damage(app, &take, back, &checks, village).await;
    damage(app, &take, back, &["entries_sum_to_zero"], "Y26").await;
}

async fn names_a_changed_lot(app: &TestApp) {
    let (_, offer, _) = busy(app).await;
    let code = offer.lots[0].code.clone();
    for column in ["reserved", "sold"] {
        let change =
            |sign: &str| format!("update lots set {column} = {column} {sign} 500 where code = '{code}'");
        damage(app, &change("+"), &change("-"), &["lots_equal_orders"], &code).await;
        damage(app, &change("-"), &change("+"), &["lots_equal_orders"], &code).await;
    }
}

async fn names_a_changed_order(app: &TestApp) {
    busy(app).await;
    for table in ["orders", "village_orders", "order_lines"] {
        let change = |sign: &str| format!("update {table} set total_fen = total_fen {sign} 1");
        damage(
            app,
            &change("+"),
            &change("-"),
            &["orders_equal_village_orders_and_lines"],
            "26",
        )
        .await;
    }
}

async fn names_a_changed_acceptance(app: &TestApp) {
    busy(app).await;
    let change = |sign: &str| format!("update acceptances set accepted_fen = accepted_fen {sign} 1");
    let checks = ["shares_equal_accepted_lines", "acceptances_equal_ledger"];
    damage(app, &change("+"), &change("-"), &checks, "Y26").await;
    // A share moved from a village to somebody else leaves every sum as it was.
    let shares = |sign: &str, back: &str| {
        format!(
            "update acceptance_lines set village_fen = village_fen {sign} 5, supplier_fen = supplier_fen {back} 5"
        )
    };
    damage(
        app,
        &shares("-", "+"),
        &shares("+", "-"),
        &["shares_equal_entries"],
        "",
    )
    .await;
}

async fn names_a_credit_without_a_document(app: &TestApp) {
    let (_, _, transaction) = busy(app).await;
    let cut = format!(
        "update acceptances set transaction_id = null where transaction_id = {}",
        literal(app, transaction)
    );
    let number = "update acceptances set transaction_id =
        (select t.id from ledger_transactions t where t.document_id = acceptances.id)";
    damage(
        app,
        &cut,
        number,
        &["ledger_acceptances_have_documents", "acceptances_equal_ledger"],
        "Y26",
    )
    .await;
}

async fn names_a_changed_hand(app: &TestApp) {
    busy(app).await;
    // Who did it, and what it was for, are under the hash as well.
    for column in ["actor_name", "document_number", "document_kind"] {
        let change = format!("update ledger_transactions set {column} = {column} || 'x'");
        let back =
            format!("update ledger_transactions set {column} = substr({column}, 1, length({column}) - 1)");
        damage(app, &change, &back, &["chains_whole"], VILLAGES[0].0).await;
    }
    let change = |sign: &str| format!("update ledger_transactions set effective_at = effective_at {sign} 1");
    damage(app, &change("+"), &change("-"), &["chains_whole"], VILLAGES[0].0).await;
}

async fn finds_a_whole_year_clean(app: &TestApp) {
    let market = app.market().await;
    let mut offer = market.list(0).per_jin(900).publish(app).await;
    for month in 0..13 {
        offer.add_lot(app, &market, 5000, None).await;
        trade::credited(app, &market, &market.buyers[month % 3], &[(&offer, 5000)]).await;
        app.pass_hours(24 * 30);
    }
    assert_eq!(app.count("ledger_transactions").await, 13);
    app.assert_clean().await;
}

/// An id as SQL text.
fn literal(app: &TestApp, id: Uuid) -> String {
    match app.engine {
        tests::Engine::Sqlite => format!("x'{}'", id.simple()),
        tests::Engine::Postgres => format!("'{id}'"),
    }
}
