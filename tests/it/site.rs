//! What browsers, phones and search engines ask of every site.

use tests::app::PUBLIC_URL;
use tests::{TestApp, both};

both![
    tells_search_engines_of_public_pages_alone,
    shows_links_as_what_they_lead_to,
    brings_its_icons,
];

async fn tells_search_engines_of_public_pages_alone(app: &TestApp) {
    let market = app.market().await;
    let shown = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let hidden = market.list(0).per_jin(900).submit(app).await;
    let mut browser = app.browser();
    let robots = browser.open("/robots.txt").await.text();
    assert!(
        robots.contains(&format!("Sitemap: {PUBLIC_URL}/sitemap.xml")),
        "{robots}"
    );
    let sitemap = browser.open("/sitemap.xml").await;
    assert_eq!(sitemap.header("content-type"), "application/xml; charset=utf-8");
    let text = sitemap.text();
    assert!(text.contains(&format!(
        "<loc>{PUBLIC_URL}/goods/{}</loc><lastmod>2026-11-23</lastmod>",
        shown.id
    )));
    assert!(
        !text.contains(&hidden.id.to_string()),
        "what is not published is told to nobody"
    );
    let paths = text
        .split("<loc>")
        .skip(1)
        .filter_map(|part| part.split("</loc>").next());
    for address in paths {
        let path = address.strip_prefix(PUBLIC_URL).expect("an address of ours");
        let path = if path.is_empty() { "/" } else { path };
        browser.get(path).await.expect(200);
    }
    let security = browser.open("/.well-known/security.txt").await.text();
    assert!(
        security.starts_with("Contact: mailto:security@market.example\nExpires: 2027-11-23T"),
        "{security}"
    );
}

async fn shows_links_as_what_they_lead_to(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let path = format!("/goods/{}", offer.id);
    let page = app.browser().open(&path).await.text();
    for wanted in [
        format!("property=\"og:url\" content=\"{PUBLIC_URL}{path}\""),
        "¥9.00/斤\"".to_owned(),
        "rel=\"manifest\"".to_owned(),
    ] {
        assert!(page.contains(&wanted), "{wanted}");
    }
    let own = app.signed_in(&market.buyers[0]).await.open(&path).await.text();
    assert!(
        !own.contains("og:url"),
        "a page of somebody who is signed in is theirs alone"
    );
    let link = app.browser().get("/link/secret-of-somebody").await.text();
    assert!(
        !link.contains("og:url"),
        "a one-time link is shown to nobody else"
    );
}

async fn brings_its_icons(app: &TestApp) {
    let mut browser = app.browser();
    assert!(browser.open("/favicon.ico").await.body.starts_with(&[0, 0, 1, 0]));
    assert!(
        browser
            .open("/apple-touch-icon.png")
            .await
            .body
            .starts_with(b"\x89PNG")
    );
    let manifest: serde_json::Value = browser.open("/site.webmanifest").await.json();
    assert_eq!(manifest["start_url"], "/");
    assert!(manifest["icons"].as_array().is_some_and(|icons| icons.len() == 4));
}
