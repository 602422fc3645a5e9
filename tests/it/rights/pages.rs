//! Every page and every form, for everybody.

use super::things::{Things, somebody, traces, with_provider};
use super::{Touches, Verdict, everybody, verdict};
use shared::domain::identity::Bound;
use shared::domain::rights::Action;
use tests::api::new_key;
use tests::browser::ChosenFile;
use tests::html::PageForm;
use tests::market::{PASSWORD, TOWNS, VILLAGES};
use tests::{Answer, Browser, Market, Person, TestApp, both};

both![every_page_asks_the_table];

/// What a reader of a page needs.
#[derive(Clone, Copy, Debug)]
pub enum Needs {
    /// Nothing at all.
    Nothing,
    /// One of these rights.
    One(&'static [Action]),
}

use Action as A;
use Needs::{Nothing, One};

/// Every page and form of every room.
pub fn all_pages() -> impl Iterator<Item = &'static (&'static str, &'static str, Needs)> {
    // The last of these pages sign their reader out.
    (super::money::PAGES.iter())
        .chain(super::payment::PAGES)
        .chain(super::receipts::PAGES)
        .chain(super::settlements::PAGES)
        .chain(super::invoices::PAGES)
        .chain(PAGES)
}

/// Every page (GET) and every form (POST) of the program. One that is missing here fails the test below.
const PAGES: &[(&str, &str, Needs)] = &[
    ("GET", "/", Nothing),
    ("GET", "/.well-known/security.txt", Nothing),
    ("GET", "/acceptances", One(&[A::AcceptanceRead])),
    ("GET", "/acceptances/{id}", One(&[A::AcceptanceRead])),
    ("GET", "/acceptances/{id}/pdf", One(&[A::AcceptanceRead])),
    ("GET", "/acceptances/{id}/sheet", One(&[A::AcceptanceRead])),
    ("GET", "/approvals", One(&[A::OrderApprove])),
    ("GET", "/apple-touch-icon.png", Nothing),
    ("GET", "/acceptances/{id}/claim", One(&[A::ClaimOpen])),
    ("POST", "/acceptances/{id}/claim", One(&[A::ClaimOpen])),
    ("GET", "/audit", One(&[A::AuditRead])),
    ("GET", "/audit/path", One(&[A::LedgerVerify])),
    ("GET", "/audit/lines", One(&[A::LedgerVerify])),
    ("GET", "/basket", Nothing),
    ("POST", "/basket", Nothing),
    ("GET", "/board", One(&[A::BoardRead])),
    ("GET", "/books", One(&[A::BooksRead])),
    ("GET", "/books/accounts/{kind}", One(&[A::BooksRead])),
    ("GET", "/books/accounts/{kind}/entries", One(&[A::BooksRead])),
    ("GET", "/books/heads/{month}", Nothing),
    ("GET", "/books/keys", Nothing),
    ("GET", "/books/months", One(&[A::BooksRead])),
    ("POST", "/books/months", One(&[A::BooksClose])),
    ("GET", "/books/months/{month}", One(&[A::BooksRead])),
    ("GET", "/certificates", One(&[A::OfferRead])),
    ("GET", "/favicon.ico", Nothing),
    ("GET", "/claims", One(&[A::ClaimRead])),
    ("GET", "/claims/{id}", One(&[A::ClaimRead])),
    ("POST", "/claims/{id}/answer", One(&[A::ClaimAnswer])),
    ("POST", "/claims/{id}/entries", One(&[A::ClaimTalk])),
    ("GET", "/exceptions", One(&[A::IncomeOverview])),
    ("GET", "/files/{id}", One(&[A::SelfRead])),
    ("GET", "/goods", Nothing),
    ("GET", "/goods/{id}", Nothing),
    ("GET", "/income", One(&[A::IncomeOverview, A::IncomeRead])),
    ("GET", "/income/{village}", One(&[A::IncomeRead])),
    ("GET", "/ledger/transactions/{id}", One(&[A::LedgerRead])),
    ("GET", "/link/{secret}", Nothing),
    ("POST", "/link/{secret}", Nothing),
    ("GET", "/me", One(&[A::SelfRead])),
    ("POST", "/me/password", One(&[A::SelfWrite])),
    ("POST", "/me/role", One(&[A::SelfWrite])),
    ("GET", "/me/searches", One(&[A::SelfRead])),
    ("POST", "/me/searches", One(&[A::SelfWrite])),
    ("POST", "/me/searches/{id}/drop", One(&[A::SelfWrite])),
    ("POST", "/me/sessions/{id}/revoke", One(&[A::SelfWrite])),
    ("POST", "/me/tokens", One(&[A::SelfWrite])),
    ("POST", "/me/tokens/{id}/revoke", One(&[A::SelfWrite])),
    ("POST", "/modes", Nothing),
    ("GET", "/notices", One(&[A::SelfRead])),
    ("POST", "/notices", One(&[A::SelfWrite])),
    ("GET", "/offers", One(&[A::OfferRead])),
    ("POST", "/offers", One(&[A::OfferWrite])),
    ("GET", "/offers/new", One(&[A::OfferWrite])),
    ("GET", "/offers/{id}", One(&[A::OfferRead])),
    ("POST", "/offers/{id}", One(&[A::OfferWrite])),
    ("GET", "/offers/{id}/edit", One(&[A::OfferWrite])),
    ("GET", "/offers/{id}/again", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/again", One(&[A::OfferWrite])),
    ("GET", "/offers/{id}/lots/{lot}", One(&[A::OfferRead])),
    ("GET", "/offers/{id}/lots/{lot}/labels", One(&[A::OfferRead])),
    ("POST", "/offers/{id}/lots/{lot}/change", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/lots/{lot}/harvest", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/photos", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/photos/{photo}/move", One(&[A::OfferWrite])),
    (
        "POST",
        "/offers/{id}/photos/{photo}/remove",
        One(&[A::OfferWrite]),
    ),
    ("POST", "/offers/{id}/submit", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/review", One(&[A::OfferReview])),
    ("POST", "/offers/{id}/pause", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/resume", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/lots", One(&[A::OfferWrite])),
    ("POST", "/offers/{id}/end", One(&[A::OfferWrite])),
    ("GET", "/orders", One(&[A::OrderRead])),
    ("POST", "/orders", One(&[A::OrderWrite])),
    ("GET", "/orders/new", One(&[A::OrderWrite])),
    ("GET", "/orders/{id}", One(&[A::OrderRead])),
    ("POST", "/orders/{id}/cancel", One(&[A::OrderWrite])),
    ("GET", "/orders/{id}/acceptance", One(&[A::AcceptanceRead])),
    ("POST", "/orders/{id}/again", One(&[A::OrderWrite])),
    ("POST", "/orders/{id}/choices", One(&[A::OrderWrite])),
    ("POST", "/orders/{id}/decision", One(&[A::OrderApprove])),
    ("GET", "/orders/{id}/delivery-note", One(&[A::OrderRead])),
    ("GET", "/orders/{id}/edit", One(&[A::OrderWrite])),
    ("POST", "/orders/{id}/edit", One(&[A::OrderWrite])),
    (
        "POST",
        "/orders/{id}/acceptance",
        One(&[A::AcceptanceSignUnit, A::AcceptanceSignCentre]),
    ),
    ("GET", "/orders/{id}/sheet", One(&[A::OrderRead])),
    ("GET", "/people", One(&[A::PeopleRead])),
    ("POST", "/people", One(&[A::PeopleWrite])),
    ("GET", "/people/new", One(&[A::PeopleWrite])),
    ("GET", "/people/{id}", One(&[A::PeopleRead])),
    ("POST", "/people/{id}/grants", One(&[A::PeopleWrite])),
    (
        "POST",
        "/people/{id}/grants/{grant}/withdraw",
        One(&[A::PeopleWrite]),
    ),
    ("POST", "/people/{id}/contact", One(&[A::PeopleWrite])),
    ("POST", "/people/{id}/link", One(&[A::PeopleWrite])),
    ("POST", "/people/{id}/link/revoke", One(&[A::PeopleWrite])),
    ("POST", "/people/{id}/second-factor/reset", One(&[A::PeopleWrite])),
    ("GET", "/people/proposals", One(&[A::PeopleRead])),
    (
        "POST",
        "/people/proposals/{proposal}/confirm",
        One(&[A::PeopleWrite]),
    ),
    (
        "POST",
        "/people/proposals/{proposal}/decline",
        One(&[A::PeopleWrite]),
    ),
    ("POST", "/people/{id}/suspend", One(&[A::PeopleWrite])),
    ("GET", "/photos/{id}", Nothing),
    ("GET", "/prices", One(&[A::OfferRead])),
    ("GET", "/register", One(&[A::RegisterRead])),
    ("GET", "/register/{register}", One(&[A::RegisterRead])),
    ("POST", "/register/{register}", One(&[A::RegisterWrite])),
    ("GET", "/register/{register}/row", One(&[A::RegisterWrite])),
    ("POST", "/register/{register}/row", One(&[A::RegisterWrite])),
    ("GET", "/register/{register}/template", One(&[A::RegisterWrite])),
    ("GET", "/households", One(&[A::HouseholdRead])),
    // Every role may write a list to a file: the use case asks for the right over that list.
    ("POST", "/exports", One(&[A::SelfRead])),
    ("GET", "/works", One(&[A::SelfRead])),
    ("GET", "/works/{id}", One(&[A::SelfRead])),
    ("POST", "/works/{id}/go", One(&[A::SelfWrite])),
    ("POST", "/works/{id}/stop", One(&[A::SelfWrite])),
    ("GET", "/works/{id}/result", One(&[A::SelfRead])),
    ("GET", "/works/{id}/refused", One(&[A::SelfRead])),
    ("GET", "/second-factor", One(&[A::SelfRead])),
    ("POST", "/second-factor", One(&[A::SelfWrite])),
    ("POST", "/second-factor/enrol", One(&[A::SelfWrite])),
    ("POST", "/second-factor/codes", One(&[A::SelfWrite])),
    ("POST", "/step-up", One(&[A::SelfWrite])),
    ("GET", "/robots.txt", Nothing),
    ("GET", "/sign-in", Nothing),
    ("POST", "/sign-in", Nothing),
    ("GET", "/t/{code}", Nothing),
    ("GET", "/units/{id}/approval", One(&[A::OrderRead])),
    ("POST", "/units/{id}/approval", One(&[A::ApprovalPolicyWrite])),
    ("GET", "/site.webmanifest", Nothing),
    ("GET", "/sitemap.xml", Nothing),
    ("GET", "/totals", Nothing),
    ("GET", "/verify", One(&[A::LedgerVerify])),
    ("POST", "/verify", One(&[A::LedgerVerify])),
    ("GET", "/village-orders", One(&[A::VillageOrderRead])),
    (
        "POST",
        "/village-orders/move",
        One(&[A::VillageOrderMove, A::VillageOrderAnswer]),
    ),
    ("GET", "/village-orders/{id}", One(&[A::VillageOrderRead])),
    (
        "POST",
        "/village-orders/{id}/answer",
        One(&[A::VillageOrderAnswer]),
    ),
    (
        "POST",
        "/village-orders/{id}/close-short",
        One(&[A::VillageOrderMove]),
    ),
    ("GET", "/village-orders/{id}/slip", One(&[A::VillageOrderRead])),
    ("GET", "/villages", Nothing),
    ("GET", "/villages/{code}", Nothing),
    ("GET", "/villages/{code}/journal", Nothing),
    ("GET", "/villages/{code}/journal/file", Nothing),
    ("GET", "/villages/{code}/journal/full-file", One(&[A::LedgerRead])),
    // Last: it ends the session that everything above was asked in.
    ("POST", "/sign-out", Nothing),
];

struct World {
    somebody: Person,
    proposals: Vec<uuid::Uuid>,
    own: Things,
    other: Things,
}

async fn every_page_asks_the_table(app: &TestApp) {
    let (app, fake) = &with_provider(app).await;
    let market = app.market().await;
    super::things::closed_month(app, &market).await;
    let own = Things::of(app, fake, &market, 0, 0).await;
    let other = Things::of(app, fake, &market, 1, 2).await;
    let somebody = somebody(app, &market).await;
    let world = World {
        proposals: super::things::proposals(app, &market, &somebody).await,
        somebody,
        own,
        other,
    };
    let mut readers: Vec<(Option<&Person>, Browser)> = vec![(None, app.browser())];
    for person in everybody(&market) {
        readers.push((Some(person), app.signed_in(person).await));
    }
    for page in all_pages() {
        // There is one register of people, not one's own and another's.
        let once = page.1.starts_with("/people");
        for things in [&world.own, &world.other]
            .into_iter()
            .take(if once { 1 } else { 2 })
        {
            walk(app, &market, &world, things, page, &mut readers).await;
        }
    }
}

/// One page over one set of things: first those who must be refused, and that they left no trace; then the others.
async fn walk(
    app: &TestApp,
    market: &Market,
    world: &World,
    things: &Things,
    page: &(&str, &str, Needs),
    readers: &mut [(Option<&Person>, Browser)],
) {
    let (method, template, needs) = *page;
    let (path, touches, fields) = request(market, world, things, method, template);
    let before = traces(app).await;
    let mut allowed = Vec::new();
    for (person, browser) in readers.iter_mut() {
        let expected = expected(*person, page, touches);
        if expected == Ok(Verdict::Allowed) {
            allowed.push((*person, browser));
            continue;
        }
        let answer = ask(browser, method, &path, &fields).await;
        let who = person.map_or("nobody", |person| &person.sign_in_name);
        match expected {
            Ok(verdict) => {
                // A page may look for the thing before it asks for the right: that tells even less.
                let status = answer.status.as_u16();
                let hidden = status == 404 || (status == 403 && verdict == Verdict::Forbidden);
                assert!(
                    hidden,
                    "{who}: {method} {template} over {touches:?}: {status}\n{}",
                    words(&answer)
                );
            }
            Err(()) => {
                assert_eq!(
                    answer.status.as_u16(),
                    303,
                    "{who}: {method} {template}\n{}",
                    words(&answer)
                );
                assert!(
                    answer.header("location").starts_with("/sign-in?back="),
                    "{}",
                    answer.header("location")
                );
            }
        }
    }
    if matches!(needs, One(_)) {
        assert_eq!(
            traces(app).await,
            before,
            "{method} {template}: who is refused changes nothing"
        );
    }
    for (person, browser) in allowed {
        let answer = ask(browser, method, &path, &fields).await;
        let status = answer.status.as_u16();
        let who = person.map_or("nobody", |person| &person.sign_in_name);
        let gone = status == 410 && template.starts_with("/link/");
        let wrong_password = matches!(status, 401 | 429) && template == "/sign-in";
        assert!(
            matches!(status, 200 | 303 | 409 | 422) || gone || wrong_password,
            "{who}: {method} {path} {status}\n{}",
            words(&answer)
        );
    }
}

fn words(answer: &Answer) -> String {
    tests::html::words(&answer.text())
}

/// What must come of it; `Err` for one who must sign in first.
fn expected(person: Option<&Person>, page: &(&str, &str, Needs), touches: Touches) -> Result<Verdict, ()> {
    let (method, path, needs) = *page;
    let One(needed) = needs else {
        return Ok(Verdict::Allowed);
    };
    let person = person.ok_or(())?;
    let bound = person.grant.role.bound_to();
    // Villages and towns find theirs through their statement; the list is of orders.
    if (method, path) == ("GET", "/acceptances") && matches!(bound, Bound::Village | Bound::Town) {
        return Ok(Verdict::Forbidden);
    }
    Ok(verdict(person, needed, touches))
}

async fn ask(browser: &mut Browser, method: &str, path: &str, fields: &[(String, String)]) -> Answer {
    if method == "GET" {
        return browser.get(path).await;
    }
    // A page of one's own: what everybody's pages carry opens less.
    let page = if browser.cookies.contains_key("session") {
        "/goods"
    } else {
        "/sign-in"
    };
    let token = browser.form(page, "/modes").await;
    let token = token
        .value("csrf")
        .expect("every page has a form with a token")
        .to_owned();
    let mut form = PageForm {
        action: path.to_owned(),
        method: "post".to_owned(),
        ..PageForm::default()
    };
    form.fields = vec![("csrf".to_owned(), token), ("key".to_owned(), new_key())];
    form.fields.extend(fields.iter().cloned());
    if !path.starts_with("/register/") {
        return browser.submit(&form).await;
    }
    let bytes = format!("town_code,town\n{},{}\n", TOWNS[0].0, TOWNS[0].1);
    let file = ChosenFile {
        field: "file",
        name: "towns.csv",
        kind: "text/csv",
        bytes: bytes.as_bytes(),
    };
    browser.submit_with(&form, &[file]).await
}

/// A path, what it touches, and a form that only rights can stand in the way of.
type Request = (String, Touches, Vec<(String, String)>);

fn request(market: &Market, world: &World, things: &Things, method: &str, template: &str) -> Request {
    use Touches::{District, Nothing, Unit, UnitAndVillage, Village};
    let code = VILLAGES[things.village].0;
    let both = UnitAndVillage(things.unit_id, things.village);
    let room = template
        .trim_start_matches('/')
        .split('/')
        .next()
        .unwrap_or_default();
    let of_room = match (room, template) {
        ("acceptances", "/acceptances/{id}" | "/acceptances/{id}/pdf" | "/acceptances/{id}/sheet") => {
            (things.acceptance, both)
        }
        ("acceptances", "/acceptances/{id}/claim") => (things.acceptance, Unit(things.unit_id)),
        ("claims", path) if path != "/claims" => (things.claim, both),
        ("files", _) => (things.photo, District),
        ("goods", _) => (things.offer.id, District),
        ("ledger", _) => (things.transaction, Village(things.village)),
        (
            "me",
            "/me/role" | "/me/searches/{id}/drop" | "/me/sessions/{id}/revoke" | "/me/tokens/{id}/revoke",
        ) => (world.somebody.person_id, Nothing),
        ("income", "/income/{village}") => (things.order, Village(things.village)),
        ("offers", "/offers/{id}" | "/offers/{id}/edit") => (things.offer.id, Village(things.village)),
        ("offers", "/offers/new") => (things.offer.id, District),
        ("offers", _) if (method, template) != ("GET", "/offers") => {
            (things.offer.id, Village(things.village))
        }
        ("orders", "/orders/{id}/acceptance") => (things.at_the_door, Unit(things.unit_id)),
        ("photos", _) => (things.picture, District),
        ("orders", path) if path.starts_with("/orders/{id}") => (things.order, Unit(things.unit_id)),
        ("units", _) => (things.unit_id, Unit(things.unit_id)),
        ("people", _) => (world.somebody.person_id, District),
        ("villages", "/villages/{code}/journal/full-file") => (things.order, Village(things.village)),
        ("works", path) if path != "/works" => (world.somebody.person_id, Nothing),
        ("village-orders", path) if path != "/village-orders" => (things.village_order, both),
        _ => (things.order, District),
    };
    let (id, touches) = super::invoices::page(things, template)
        .or_else(|| super::money::page(things, template))
        .or_else(|| super::receipts::page(things, template))
        .or_else(|| super::payment::page(things, method, template))
        .or_else(|| super::settlements::page(things, template))
        .unwrap_or(of_room);
    let path = template
        .replace("{id}", &id.to_string())
        .replace("{grant}", &world.somebody.grants[1].id.to_string())
        .replace(
            "{proposal}",
            &world.proposals[usize::from(template.ends_with("decline"))].to_string(),
        )
        .replace("{village}", code)
        .replace("{lot}", &things.lot.to_string())
        .replace("{photo}", &things.offer_photo.to_string())
        .replace("{code}", things.code_for(room).unwrap_or(code))
        .replace("{payee_kind}", "village")
        .replace("{payee}", code)
        .replace("{format}", "csv")
        .replace("{file}", &things.settled.upload.to_string())
        .replace("{secret}", "never-was")
        .replace("{register}", "towns")
        .replace("{kind}/entries", &format!("{{kind}}/entries?owner={code}"))
        .replace("{kind}", "village_payable")
        .replace("{month}", super::things::CLOSED);
    let fields = if method == "POST" {
        super::money::fields(template)
            .or_else(|| super::receipts::fields(things, template))
            .or_else(|| super::payment::fields(things, template))
            .or_else(|| super::settlements::fields(template))
            .or_else(|| super::invoices::fields(template))
            .unwrap_or_else(|| fields(market, things, template))
    } else {
        Vec::new()
    };
    (path, touches, fields)
}

fn fields(market: &Market, things: &Things, template: &str) -> Vec<(String, String)> {
    let line = |id: uuid::Uuid, part: &str| format!("line.{id}.{part}");
    let offer = things.offer.id.to_string();
    let content = &things.offer.content;
    let pairs: Vec<(String, String)> = match template {
        "/acceptances/{id}/claim" => vec![
            (line(things.accepted_line, "asked_fen"), "0.10".into()),
            (line(things.accepted_line, "reason"), "quality".into()),
            ("words".into(), "有破损".into()),
        ],
        "/books/months" => vec![("month".into(), super::things::CLOSED.into())],
        "/claims/{id}/answer" => vec![
            ("agree".into(), "0".into()),
            ("answer".into(), "照片看不清".into()),
        ],
        "/claims/{id}/entries" => vec![("words".into(), "请看照片".into())],
        "/village-orders/{id}/close-short" => vec![("reason".into(), "霜冻".into())],
        "/exports" => vec![("file".into(), "villages.csv".into())],
        "/basket" => vec![
            ("offer_id".into(), offer),
            ("qty".into(), "2".into()),
            ("unit".into(), "jin".into()),
        ],
        "/link/{secret}" => vec![
            ("new".into(), "a lantern in plum rain".into()),
            ("again".into(), "a lantern in plum rain".into()),
        ],
        "/me/password" => vec![
            ("current".into(), PASSWORD.into()),
            ("new".into(), "short".into()),
        ],
        "/me/role" => vec![("grant".into(), market.buyers[2].grant.id.to_string())],
        "/me/searches" => vec![("name".into(), "柿子".into()), ("query".into(), "q=柿".into())],
        "/me/tokens" => vec![("name".into(), "x".into()), ("days".into(), "3".into())],
        "/modes" => vec![("turn".into(), "size".into()), ("back".into(), "/goods".into())],
        "/offers" | "/offers/{id}" => vec![
            ("village_code".into(), content.village_code.clone()),
            ("produce".into(), content.produce.clone()),
            ("name".into(), content.name.clone()),
            ("price".into(), "9.00".into()),
            ("price_unit".into(), "jin".into()),
            ("min_qty".into(), "1".into()),
            ("step_qty".into(), "1".into()),
            ("share_kind".into(), "whole".into()),
        ],
        "/offers/{id}/review" => vec![
            ("version_id".into(), things.pending.to_string()),
            ("publish".into(), "1".into()),
        ],
        "/offers/{id}/lots" => vec![
            ("harvested_on".into(), "2026-11-23".into()),
            ("qty".into(), "10".into()),
        ],
        "/offers/{id}/again" => vec![
            ("price".into(), "9.00".into()),
            ("qty".into(), "10".into()),
            ("harvested_on".into(), "2026-11-23".into()),
        ],
        "/offers/{id}/lots/{lot}/change" => vec![
            ("direction".into(), "more".into()),
            ("change_qty".into(), "10".into()),
        ],
        "/offers/{id}/lots/{lot}/harvest" => vec![
            ("qty".into(), "10".into()),
            ("harvested_on".into(), "2026-11-23".into()),
        ],
        "/offers/{id}/photos/{photo}/move" => vec![("to".into(), "cover".into())],
        "/orders" => vec![
            ("fund".into(), "canteen".into()),
            ("address".into(), "蓟州区示例路 1 号".into()),
            ("wanted_on".into(), "2026-11-25".into()),
            ("line.0.offer_id".into(), offer),
            ("line.0.qty".into(), "500".into()),
        ],
        "/orders/{id}/decision" => vec![
            ("decision".into(), "approve".into()),
            ("revision".into(), "1".into()),
        ],
        "/orders/{id}/choices" => vec![
            ("line_id".into(), things.order_line.to_string()),
            ("choice".into(), "take".into()),
        ],
        "/orders/{id}/edit" => vec![
            ("fund".into(), "canteen".into()),
            ("address".into(), "蓟州区示例路 1 号".into()),
            ("wanted_on".into(), "2026-11-25".into()),
            ("line.0.offer_id".into(), offer),
            ("line.0.unit".into(), "jin".into()),
            ("line.0.qty".into(), "2".into()),
        ],
        "/units/{id}/approval" => vec![("kind".into(), "off".into())],
        "/orders/{id}/cancel" => vec![("reason".into(), "改期".into())],
        "/orders/{id}/acceptance" => {
            vec![
                (line(things.door_line, "qty"), "4".into()),
                (line(things.door_line, "unit"), "jin".into()),
            ]
        }
        "/people" => vec![
            ("sign_in_name".into(), "one-more".into()),
            ("name".into(), "又一人".into()),
            ("role".into(), "auditor".into()),
        ],
        "/people/{id}/grants" => vec![("role".into(), "auditor".into())],
        "/people/{id}/contact" => vec![("email".into(), "x@example.org".into())],
        "/people/{id}/second-factor/reset" => vec![("reason".into(), "丢了手机".into())],
        "/people/{id}/suspend" => vec![("suspended".into(), "0".into())],
        "/sign-in" => vec![
            ("sign_in_name".into(), "nobody-here".into()),
            ("password".into(), "wrong-password-1".into()),
        ],
        "/village-orders/move" => vec![
            ("step".into(), "pack".into()),
            ("ids".into(), things.village_order.to_string()),
        ],
        "/village-orders/{id}/answer" => vec![(line(things.order_line, "qty"), "6".into())],
        _ => Vec::new(),
    };
    pairs
}
