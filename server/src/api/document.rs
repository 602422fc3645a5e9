//! The OpenAPI document: what the annotations of the doors do not say, said once for all of them.

use super::rights;
use shared::api::problem::Problem;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::schema::{ArrayItems, Components};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder, Schema, Server,
};
use utoipa::{PartialSchema as _, ToSchema as _};

/// Where the API is served.
pub const BASE: &str = "/api/v1";

const ABOUT: &str = "The JSON API of the market: the same use cases and rights as its pages.

Make a token on the account page (我的账号) and send it as `Authorization: Bearer jz_…`; it acts in the one role it was \
made for. What is public needs none.

Sums are whole fen, weights whole grams, other amounts whole pieces, instants UTC microseconds since 1970, days civil \
days of Asia/Shanghai (`2026-11-21`).

Every request that creates or moves something carries an `Idempotency-Key`: sent again with the same body it gets the \
first answer and nothing is done twice.

Lists answer `items` and `next`; ask again with `after` = `next` for the following page.

Refusals are problem documents (RFC 9457) with a stable `code`; their sentences are Chinese, or English with \
`Accept-Language: en`.";

/// Tag, and what it is about, in the order in which a reader needs them.
const TAGS: [(&str, &str); 28] = [
    ("me", "Whose token it is"),
    ("home", "The market's totals"),
    ("catalogue", "货架: what is on sale"),
    ("towns", "乡镇"),
    ("villages", "村"),
    ("produce", "品种"),
    ("offers", "货品 and 批次: what villages put on sale"),
    ("offer-choices", "What an offer can name"),
    ("orders", "订单: purchases of units, and weighing them"),
    ("village-orders", "村单: a village's part of an order"),
    ("board", "The centre's day"),
    ("acceptances", "验收单"),
    ("documents", "单据: what the code on a document confirms"),
    (
        "payments",
        "在线付款: by card, Alipay or WeChat through a provider",
    ),
    ("refunds", "退款单: given back to a unit's bank account"),
    ("webhooks", "What a provider of payments sends"),
    ("files", "照片"),
    ("income", "集体收入 over many villages"),
    ("ledger", "账"),
    ("books", "账簿: trial balance and closed months"),
    ("registers", "登记册 and their import"),
    ("units", "帮扶单位"),
    ("pairings", "结对"),
    ("people", "人员 and their roles"),
    ("tokens", "接口令牌"),
    ("sessions", "One's own browser sessions"),
    ("audit", "操作记录"),
    ("problems", "Refusals"),
];

/// Which operations can be refused with a status.
#[derive(Clone, Copy)]
enum When {
    Always,
    NotPublic,
    Changing,
    WithBody,
}

const REFUSALS: [(&str, &str, When); 10] = [
    (
        "400",
        "The request cannot be read, or its idempotency key is missing",
        When::Always,
    ),
    ("401", "No token, or one that has ended", When::Always),
    (
        "403",
        "The token's role may not do this, or one person would sign twice",
        When::NotPublic,
    ),
    (
        "404",
        "There is no such thing, or it is not yours to see",
        When::Always,
    ),
    (
        "409",
        "The state, the stock or another's change does not allow this; see `code`",
        When::Changing,
    ),
    ("413", "The body is too large", When::WithBody),
    ("415", "The body is of another kind", When::WithBody),
    ("422", "Fields are wrong; see `fields`", When::Always),
    ("500", "Our fault; it was recorded", When::Always),
    ("503", "The database cannot be reached just now", When::Always),
];

/// The document's head: title, security scheme, tags.
pub fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("蓟州消费帮扶集市 · Jizhou market")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(
            utoipa::openapi::LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ));
    let tag = |(name, about): &(&str, &str)| TagBuilder::new().name(*name).description(Some(*about)).build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new("/")]))
        .tags(Some(TAGS.iter().filter(|(name, _)| *name != "problems").map(tag)))
        .build()
}

/// Gives every operation its tag, its security and the refusals it can answer.
pub fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("jz_…")
        .description(Some("A token made on the account page."));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (status, about, _) in REFUSALS {
        components
            .responses
            .insert(refusal_name(status), RefOr::T(problem(about)));
    }
    name_rows(components);
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_operation(method, path, operation);
        }
    }
}

/// A page's rows are a schema of their own, so that clients get one type for them.
fn name_rows(components: &mut Components) {
    let mut rows = Vec::new();
    for (name, page) in &mut components.schemas {
        let Some(row) = name.strip_prefix("Page_") else {
            continue;
        };
        let RefOr::T(Schema::Object(page)) = page else {
            continue;
        };
        let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items") else {
            continue;
        };
        if let ArrayItems::RefOrSchema(item) = &mut items.items {
            rows.push((
                row.to_owned(),
                std::mem::replace(item.as_mut(), Ref::from_schema_name(row).into()),
            ));
        }
    }
    components.schemas.extend(rows);
}

/// The operations of a path, with their methods.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn complete_operation(method: &str, path: &str, operation: &mut Operation) {
    let tag = path
        .trim_start_matches(BASE)
        .split('/')
        .nth(1)
        .unwrap_or_default();
    operation.tags = Some(vec![tag.to_owned()]);
    let public = rights::needed(method, path).is_some_and(<[_]>::is_empty);
    let bearer = SecurityRequirement::new("bearer", Vec::<String>::new());
    operation.security = Some(if public {
        vec![SecurityRequirement::default(), bearer]
    } else {
        vec![bearer]
    });
    let has_body = operation.request_body.is_some();
    for (status, _, when) in REFUSALS {
        let can = match when {
            When::Always => true,
            When::NotPublic => !public,
            When::Changing => method != "GET",
            When::WithBody => has_body,
        };
        if can {
            let refusal = RefOr::Ref(Ref::from_response_name(refusal_name(status)));
            operation.responses.responses.insert(status.to_owned(), refusal);
        }
    }
}

fn refusal_name(status: &str) -> String {
    format!("Problem{status}")
}

fn problem(about: &str) -> utoipa::openapi::Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(Problem::name().as_ref())))
        .build();
    ResponseBuilder::new()
        .description(about)
        .content("application/problem+json", content)
        .build()
}
