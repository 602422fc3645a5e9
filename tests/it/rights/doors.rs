//! Every door of the JSON API, for everybody.

use super::things::{PIXEL, Things, somebody, traces, with_provider};
use super::{Touches, Verdict, everybody, verdict};
use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use server::api::rights::{RIGHTS, Right};
use shared::api::problem::Code;
use shared::domain::identity::Bound;
use tests::api::new_key;
use tests::market::VILLAGES;
use tests::{Answer, Api, Market, Person, TestApp, both, trade};

both![every_door_asks_the_table];

struct World {
    market: Market,
    somebody: Person,
    proposals: Vec<uuid::Uuid>,
    own: Things,
    other: Things,
}

/// What is sent along.
pub enum Sent {
    Nothing,
    Json(Value),
    Bytes(&'static str, Vec<u8>),
}

/// A request: its path, what it touches, what is sent along.
pub type Request = (String, Touches, Sent);

async fn every_door_asks_the_table(app: &TestApp) {
    let (app, fake) = &with_provider(app).await;
    let market = app.market().await;
    super::things::closed_month(app, &market).await;
    let own = Things::of(app, fake, &market, 0, 0).await;
    let other = Things::of(app, fake, &market, 1, 2).await;
    let somebody = somebody(app, &market).await;
    let proposals = super::things::proposals(app, &market, &somebody).await;
    let world = World {
        market,
        somebody,
        proposals,
        own,
        other,
    };
    let mut callers = Vec::new();
    for person in everybody(&world.market) {
        callers.push((person, app.api(person).await));
    }
    for right in RIGHTS {
        // There is one register of people, not one's own and another's.
        let once = right.1.starts_with("/api/v1/people");
        for things in [&world.own, &world.other]
            .into_iter()
            .take(if once { 1 } else { 2 })
        {
            walk(app, &world, things, right, &callers).await;
        }
    }
}

/// One door over one set of things: first those who must be refused, and that they left no trace; then the others.
async fn walk(app: &TestApp, world: &World, things: &Things, right: &Right, callers: &[(&Person, Api)]) {
    let (method, path, needed) = *right;
    let today = trade::order_of(app.today(), &[(&things.offer, 500)]);
    let order = serde_json::to_value(today).expect("a wire value is JSON");
    let ask = async |api: &Api| {
        let (path, touches, sent) = request(world, things, &order, method, path);
        (send(api, method, &path, sent).await, touches)
    };
    let before = traces(app).await;
    let (stranger, _) = ask(&app.anonymous()).await;
    if needed.is_empty() {
        assert_allowed(&stranger, "anybody");
    } else {
        stranger.expect(401).refused(Code::NotSignedIn);
    }
    let mut allowed = Vec::new();
    for (person, api) in callers {
        let (_, touches, _) = request(world, things, &order, method, path);
        let verdict = expected(person, right, touches);
        if let Some(code) = verdict.code() {
            let (answer, _) = ask(api).await;
            let who = &person.sign_in_name;
            assert_eq!(
                answer.problem().code,
                code,
                "{who}: {method} {path} over {touches:?}"
            );
        } else {
            allowed.push((person, api));
        }
    }
    if !needed.is_empty() {
        assert_eq!(
            traces(app).await,
            before,
            "{method} {path}: who is refused changes nothing"
        );
    }
    let recorded = app.count("audit_rows").await;
    let mut changed = false;
    for (person, api) in allowed {
        let (answer, _) = ask(api).await;
        assert_allowed(&answer, &person.sign_in_name);
        // That somebody has read their notices is no change of the market.
        changed |= method != "GET" && !path.ends_with("/notices/seen") && answer.status.is_success();
    }
    if changed {
        assert!(
            app.count("audit_rows").await > recorded,
            "{method} {path}: what people change is on record"
        );
    }
}

#[track_caller]
fn assert_allowed(answer: &Answer, who: &str) {
    let status = answer.status.as_u16();
    let refused = matches!(status, 401 | 404 | 405 | 500..)
        || (status == 403 && answer.problem().code == Code::Forbidden);
    assert!(
        !refused,
        "{who}: {} answers {status}\n{}",
        answer.asked,
        answer.text()
    );
}

fn expected(person: &Person, right: &Right, touches: Touches) -> Verdict {
    let (method, path, needed) = *right;
    if needed.is_empty() {
        return Verdict::Allowed;
    }
    let bound = person.grant.role.bound_to();
    // Villages and towns find theirs through their statement; the list is of orders.
    if (method, path) == ("GET", "/api/v1/acceptances") && matches!(bound, Bound::Village | Bound::Town) {
        return Verdict::Forbidden;
    }
    verdict(person, needed, touches)
}

async fn send(api: &Api, method: &str, path: &str, sent: Sent) -> Answer {
    let method: Method = method.parse().expect("a method");
    let key = new_key();
    let (kind, body) = match sent {
        Sent::Nothing => ("", Body::empty()),
        Sent::Json(value) => ("application/json", Body::from(value.to_string())),
        Sent::Bytes(kind, bytes) => (kind, Body::from(bytes)),
    };
    let headers = [("idempotency-key", key.as_str()), ("content-type", kind)];
    let sent_headers = if kind.is_empty() {
        &headers[..1]
    } else {
        &headers[..]
    };
    api.send(method, path, sent_headers, body).await
}

/// A good request for a door: only rights can stand in its way.
fn request(world: &World, things: &Things, order: &Value, method: &str, path: &str) -> Request {
    use Sent::{Json, Nothing};
    use Touches::{District, Town, Unit, UnitAndVillage, Village};
    let (unit, village) = (things.unit_id, things.village);
    let code = VILLAGES[village].0;
    let both = UnitAndVillage(unit, village);
    let somebody = world.somebody.person_id;
    let at = |rest: &str| format!("/api/v1/{rest}");
    let same = || path.to_owned();
    let rest_of = |register: &str| {
        path.trim_start_matches("/api/v1/")
            .replace("{register}", register)
    };
    let address = path.trim_start_matches("/api/v1/");
    let found = super::money::request(things, method, address)
        .or_else(|| super::receipts::request(things, method, address))
        .or_else(|| super::payment::request(things, method, address))
        .or_else(|| super::settlements::request(things, method, address))
        .or_else(|| super::invoices::request(things, method, address));
    if let Some(found) = found {
        return found;
    }
    match (method, path.trim_start_matches("/api/v1/")) {
        (
            "GET",
            "acceptances"
            | "accepted-lines"
            | "audit"
            | "board"
            | "books/keys"
            | "books/months"
            | "books/trial"
            | "catalogue"
            | "certificates"
            | "claims"
            | "home"
            | "ledger/verification"
            | "me"
            | "me/second-factor"
            | "notices"
            | "offer-choices"
            | "offers"
            | "orders"
            | "pairings"
            | "people"
            | "produce"
            | "registers"
            | "saved-searches"
            | "sessions"
            | "tokens"
            | "totals"
            | "towns"
            | "trail"
            | "units"
            | "village-orders"
            | "villages",
        ) => (same(), District, Nothing),
        ("GET", "income") => (at(&format!("income?town={}", &code[..9])), Town(village), Nothing),
        ("GET", "exceptions") => (
            at(&format!("exceptions?town={}", &code[..9])),
            Town(village),
            Nothing,
        ),
        ("GET", "books/accounts/{kind}") => (at("books/accounts/village_payable"), District, Nothing),
        ("GET", "books/accounts/{kind}/entries") => (
            at(&format!("books/accounts/village_payable/entries?owner={code}")),
            District,
            Nothing,
        ),
        ("GET", "books/heads/{month}" | "books/months/{month}") => {
            let month = path
                .trim_start_matches("/api/v1/")
                .replace("{month}", super::things::CLOSED);
            (at(&month), District, Nothing)
        }
        ("POST", "books/months") => (same(), District, Json(json!({"month": super::things::CLOSED}))),
        ("GET", "acceptances/{id}") => (at(&format!("acceptances/{}", things.acceptance)), both, Nothing),
        ("GET", "acceptances/{id}/pdf") => (
            at(&format!("acceptances/{}/pdf", things.acceptance)),
            both,
            Nothing,
        ),
        ("GET", "catalogue/suggestions") => (at("catalogue/suggestions?q=mps"), District, Nothing),
        ("GET", "catalogue/{id}") => (at(&format!("catalogue/{}", things.offer.id)), District, Nothing),
        // A wrong code: who may prove themselves is told so.
        ("POST", "me/step-up") => (same(), District, Json(json!({"code": "AAAA"}))),
        ("POST", "claims") => {
            let line = json!({"line_id": things.accepted_line, "asked_fen": 10, "reason": "quality"});
            let claim = json!({"acceptance_id": things.acceptance, "lines": [line], "words": "有破损"});
            (same(), Unit(unit), Json(claim))
        }
        ("GET", "claims/{id}") => (at(&format!("claims/{}", things.claim)), both, Nothing),
        ("POST", "claims/{id}/answer") => (
            at(&format!("claims/{}/answer", things.claim)),
            both,
            Json(json!({"agree": false, "words": "照片看不清"})),
        ),
        ("POST", "claims/{id}/entries") => (
            at(&format!("claims/{}/entries", things.claim)),
            both,
            Json(json!({"words": "请看照片"})),
        ),
        ("POST", "files") => (same(), District, Sent::Bytes("image/png", PIXEL.to_vec())),
        ("GET", "files/{id}") => (at(&format!("files/{}", things.photo)), District, Nothing),
        ("GET", "documents/{code}") => (at(&format!("documents/{}", things.paper)), District, Nothing),
        ("GET", "ledger/transactions/{id}") => (
            at(&format!("ledger/transactions/{}", things.transaction)),
            Village(village),
            Nothing,
        ),
        ("GET", "photos/{id}") => (at(&format!("photos/{}", things.picture)), District, Nothing),
        ("GET", "produce/{slug}/prices") => (at("produce/shiitake/prices"), District, Nothing),
        ("GET", "trace/{code}") => (at(&format!("trace/{}", things.trace)), District, Nothing),
        (_, rest) if rest.starts_with("offers") => offer(things, method, rest),
        (_, rest) if rest.starts_with("orders") => purchase(things, order, method, rest),
        (_, rest) if rest.starts_with("people") => person(world, method, rest, somebody),
        ("POST", "registers/{register}/imports") => {
            let text = format!(
                "town_code,town\n{},{}\n",
                tests::market::TOWNS[0].0,
                tests::market::TOWNS[0].1
            );
            (
                at("registers/towns/imports"),
                District,
                Sent::Bytes("text/csv", text.into_bytes()),
            )
        }
        ("POST", "registers/{register}/works") => (
            at("registers/towns/works"),
            District,
            Sent::Bytes("text/csv", b"town_code,town\n120119002,\xE7\x94\xB2\n".to_vec()),
        ),
        ("PUT", "registers/{register}/rows") => (
            at("registers/towns/rows"),
            District,
            Json(json!({"values": {"town_code": "120119003", "town": "乙"}})),
        ),
        ("GET", "registers/{register}" | "registers/{register}/template") => {
            (at(&rest_of("towns")), District, Nothing)
        }
        ("GET", "households" | "works") => (same(), District, Nothing),
        ("POST", "exports") => (
            same(),
            District,
            Json(json!({"list": "villages", "format": "csv"})),
        ),
        ("POST", "sellers") => {
            let coop = json!({"name": "示例合作社", "village_code": code, "code": "91350100M000100Y43"});
            (same(), District, Json(coop))
        }
        (_, rest) if rest.starts_with("works/{id}") => {
            let sent = if rest.ends_with("/go") {
                Json(json!({}))
            } else {
                Nothing
            };
            (
                at(&rest.replace("{id}", &somebody.to_string())),
                Touches::Nothing,
                sent,
            )
        }
        ("DELETE", "sessions/{id}") => (at(&format!("sessions/{somebody}")), Touches::Nothing, Nothing),
        ("POST", "saved-searches") => (same(), District, Json(json!({ "name": "柿子", "query": "q=柿" }))),
        ("DELETE", "saved-searches/{id}") => (
            at(&format!("saved-searches/{somebody}")),
            Touches::Nothing,
            Nothing,
        ),
        ("DELETE", "tokens/{id}") => (at(&format!("tokens/{somebody}")), Touches::Nothing, Nothing),
        ("PUT", "notices/seen") => (same(), District, Nothing),
        ("GET", "units/{id}") => (at(&format!("units/{unit}")), Unit(unit), Nothing),
        ("GET", "units/{id}/approval-policy") => {
            (at(&format!("units/{unit}/approval-policy")), Unit(unit), Nothing)
        }
        ("GET", "units/{id}/certificate") => (at(&format!("units/{unit}/certificate")), Unit(unit), Nothing),
        ("PUT", "units/{id}/approval-policy") => (
            at(&format!("units/{unit}/approval-policy")),
            Unit(unit),
            Json(json!({"kind": "off"})),
        ),
        ("POST", "village-orders/move") => (
            same(),
            both,
            Json(json!({"step": "pack", "ids": [things.to_pack]})),
        ),
        ("GET", "village-orders/{id}") => (
            at(&format!("village-orders/{}", things.village_order)),
            both,
            Nothing,
        ),
        ("POST", "village-orders/{id}/close-short") => (
            at(&format!("village-orders/{}/close-short", things.to_pack)),
            both,
            Json(json!({"reason": "霜冻"})),
        ),
        ("POST", "village-orders/{id}/answer") => {
            let answer = json!({"lines": [{"line_id": things.order_line, "qty": 3000}]});
            (
                at(&format!("village-orders/{}/answer", things.village_order)),
                both,
                Json(answer),
            )
        }
        ("GET", "villages/{code}") => (at(&format!("villages/{code}")), District, Nothing),
        ("POST", "villages/{code}/households") => (
            at(&format!("villages/{code}/households")),
            Village(village),
            Json(json!({"name": "王家"})),
        ),
        ("GET", "villages/{code}/journal" | "villages/{code}/journal/file") => (
            at(&path.trim_start_matches("/api/v1/").replace("{code}", code)),
            District,
            Nothing,
        ),
        ("GET", "villages/{code}/journal/full-file") => (
            at(&format!("villages/{code}/journal/full-file")),
            Village(village),
            Nothing,
        ),
        ("GET", "villages/{code}/income/pdf") => (
            at(&format!("villages/{code}/income/pdf")),
            Village(village),
            Nothing,
        ),
        ("GET", "villages/{code}/income") => {
            (at(&format!("villages/{code}/income")), Village(village), Nothing)
        }
        _ => panic!("{method} {path}: say here how its rights are tested"),
    }
}

fn offer(things: &Things, method: &str, rest: &str) -> Request {
    let path = format!(
        "/api/v1/{}",
        rest.replace("{id}", &things.offer.id.to_string())
            .replace("{lot}", &things.lot.to_string())
            .replace("{photo}", &things.offer_photo.to_string())
    );
    let listing = || Sent::Json(json!({"offer": things.offer.content}));
    let sent = match (method, rest) {
        ("GET", _) => Sent::Nothing,
        ("POST", "offers") | ("PUT", "offers/{id}") => listing(),
        ("POST", "offers/{id}/lots") => Sent::Json(json!({"harvested_on": "2026-11-23", "qty": 500})),
        ("POST", "offers/{id}/again") => Sent::Json(json!({
            "price_fen": things.offer.content.price_fen,
            "lot": {"harvested_on": "2026-11-23", "qty": 500},
        })),
        ("POST", "offers/{id}/lots/{lot}/changes") => Sent::Json(json!({"by": 500, "reason": ""})),
        ("POST", "offers/{id}/lots/{lot}/harvest") => {
            Sent::Json(json!({"harvested_on": "2026-11-23", "qty": 500}))
        }
        ("POST", "offers/{id}/photos") => Sent::Bytes("image/png", PIXEL.to_vec()),
        ("PUT", "offers/{id}/photos") => Sent::Json(json!({"ids": [things.offer_photo]})),
        ("DELETE", "offers/{id}/photos/{photo}") => Sent::Nothing,
        ("POST", "offers/{id}/review") => Sent::Json(json!({"version_id": things.pending, "publish": true})),
        ("POST", "offers/{id}/submit" | "offers/{id}/pause" | "offers/{id}/resume" | "offers/{id}/end") => {
            Sent::Nothing
        }
        _ => panic!("{method} {rest}: say here how its rights are tested"),
    };
    let list = (method, rest) == ("GET", "offers");
    (
        path,
        if list {
            Touches::District
        } else {
            Touches::Village(things.village)
        },
        sent,
    )
}

fn purchase(things: &Things, order: &Value, method: &str, rest: &str) -> Request {
    let of = |id: uuid::Uuid| format!("/api/v1/{}", rest.replace("{id}", &id.to_string()));
    let unit = Touches::Unit(things.unit_id);
    match (method, rest) {
        ("POST", "orders") => (of(things.order), Touches::District, Sent::Json(order.clone())),
        ("GET", "orders/{id}") => (of(things.order), unit, Sent::Nothing),
        ("PUT", "orders/{id}") => (of(things.order), unit, Sent::Json(order.clone())),
        ("GET", "orders/{id}/again") => (of(things.order), unit, Sent::Nothing),
        ("POST", "orders/{id}/choices") => (
            of(things.order),
            unit,
            Sent::Json(json!({"line_id": things.order_line, "choice": "take"})),
        ),
        ("POST", "orders/{id}/decision") => (
            of(things.order),
            unit,
            Sent::Json(json!({"approve": true, "revision": 1})),
        ),
        ("POST", "orders/{id}/cancel") => (of(things.order), unit, Sent::Json(json!({"reason": "改期"}))),
        ("GET", "orders/{id}/acceptance") => (of(things.at_the_door), unit, Sent::Nothing),
        ("POST", "orders/{id}/acceptance/signatures") => {
            let lines = json!({"lines": [{"line_id": things.door_line, "qty": 2000}]});
            (of(things.at_the_door), unit, Sent::Json(lines))
        }
        _ => panic!("{method} {rest}: say here how its rights are tested"),
    }
}

fn person(world: &World, method: &str, rest: &str, somebody: uuid::Uuid) -> Request {
    let grant = world.somebody.grants[1].id.to_string();
    let path = format!(
        "/api/v1/{}",
        rest.replace("{id}", &somebody.to_string())
            .replace("{grant}", &grant)
    );
    let role = json!({"role": "auditor"});
    let sent = match (method, rest) {
        ("POST", "people") => {
            Sent::Json(json!({"sign_in_name": "one-more", "name": "又一人", "grant": role}))
        }
        ("POST", "people/{id}/grants") => Sent::Json(role),
        ("PUT", "people/{id}/contact") => Sent::Json(json!({"email": "x@example.org"})),
        ("POST", "people/{id}/second-factor/reset") => Sent::Json(json!({"reason": "丢了手机"})),
        ("GET", "people/proposals") => Sent::Nothing,
        // Each asks for one of its own.
        ("POST", "people/proposals/{id}/confirm" | "people/proposals/{id}/decline") => {
            let id = if rest.ends_with("confirm") {
                world.proposals[0]
            } else {
                world.proposals[1]
            };
            let path = format!("/api/v1/{}", rest.replace("{id}", &id.to_string()));
            return (path, Touches::District, Sent::Nothing);
        }
        ("GET", "people/{id}")
        | ("POST" | "DELETE", "people/{id}/links")
        | ("PUT" | "DELETE", "people/{id}/suspension")
        | ("DELETE", "people/{id}/grants/{grant}") => Sent::Nothing,
        _ => panic!("{method} {rest}: say here how its rights are tested"),
    };
    (path, Touches::District, sent)
}
