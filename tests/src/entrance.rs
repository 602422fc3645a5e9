//! Tokens for a running market, got as people get them: signed in, then made on the account page.

use crate::html::{self, PageForm};
use reqwest::Client;

/// Signs in and makes a token.
///
/// # Panics
/// When the market refuses.
pub async fn token(site: &str, name: &str, password: &str) -> String {
    let client = Client::builder()
        .cookie_store(true)
        .build()
        .expect("a client is made");
    let entrance = form(&client, site, "/sign-in", "/sign-in").await;
    let filled = entrance.with("sign_in_name", name).with("password", password);
    send(&client, site, filled).await;
    let form = form(&client, site, "/me", "/me/tokens").await;
    let page = send(&client, site, form.with("name", "压测").with("days", "2")).await;
    let shown = html::tags(&page)
        .into_iter()
        .find(|tag| tag.attribute("data-secret").is_some());
    shown
        .map(|tag| tag.text.trim().to_owned())
        .unwrap_or_else(|| panic!("no token for {name}: {}", html::words(&page)))
}

async fn form(client: &Client, site: &str, path: &str, action: &str) -> PageForm {
    let answer = client
        .get(format!("{site}{path}"))
        .send()
        .await
        .expect("the market answers");
    let page = answer.text().await.expect("a page is text");
    let found = html::forms(&page).into_iter().find(|form| form.action == action);
    found.unwrap_or_else(|| panic!("{path} has no form for {action}: {}", html::words(&page)))
}

async fn send(client: &Client, site: &str, form: PageForm) -> String {
    let sent = client
        .post(format!("{site}{}", form.action))
        .form(&form.fields)
        .send()
        .await;
    let answer = sent
        .and_then(reqwest::Response::error_for_status)
        .expect("the form is good");
    answer.text().await.expect("a page is text")
}
