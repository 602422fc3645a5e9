//! A browser without scripts: it keeps cookies, fills forms and sends them with the headers that browsers send.

use crate::Answer;
use crate::html::{self, PageForm};
use crate::market::{PASSWORD, SECRET};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use server::services::{App, second_factor};
use std::collections::BTreeMap;
use tower::ServiceExt as _;

const BOUNDARY: &str = "----jizhou-test-boundary-7a1c";

/// A browser.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    app: App,
    origin: String,
    /// Its cookies.
    pub cookies: BTreeMap<String, String>,
}

/// A file chosen in a form.
#[derive(Clone, Copy)]
pub struct ChosenFile<'f> {
    /// The field.
    pub field: &'f str,
    /// The file's name.
    pub name: &'f str,
    /// What the browser says it is.
    pub kind: &'f str,
    /// Its bytes.
    pub bytes: &'f [u8],
}

impl Browser {
    pub(crate) fn new(router: Router, app: App) -> Self {
        Self {
            router,
            origin: app.config.public_url.clone(),
            app,
            cookies: BTreeMap::new(),
        }
    }

    /// A browser before other doors than the market's.
    #[must_use]
    pub fn of(router: Router, app: App) -> Self {
        Self::new(router, app)
    }

    /// Where it believes to be, as sent with posts.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Asks for a page, without following it on.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// A page that must be there.
    pub async fn open(&mut self, path: &str) -> Answer {
        self.get(path).await.expect(200)
    }

    /// Sends a form and stays with the answer.
    pub async fn submit(&mut self, form: &PageForm) -> Answer {
        assert_eq!(form.method, "post", "a form that changes something is posted");
        if form.multipart {
            return self.submit_with(form, &[]).await;
        }
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&form.fields);
        let origin = self.origin.clone();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", origin.as_str()),
        ];
        self.send(Method::POST, &form.action, &headers, Body::from(body.finish()))
            .await
    }

    /// Sends a form with files.
    pub async fn submit_with(&mut self, form: &PageForm, files: &[ChosenFile<'_>]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            let head =
                format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(head.as_bytes());
        }
        for file in files {
            let head = format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
                file.field, file.name, file.kind
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let (origin, kind) = (
            self.origin.clone(),
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
        let headers = [("content-type", kind.as_str()), ("origin", origin.as_str())];
        self.send(Method::POST, &form.action, &headers, Body::from(body))
            .await
    }

    /// The form of a page that is sent to this path.
    ///
    /// # Panics
    /// When the page has none.
    pub async fn form(&mut self, path: &str, action: &str) -> PageForm {
        let page = self.open(path).await;
        form_on(&page, action)
    }

    /// Signs in with the common password.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn sign_in(&mut self, sign_in_name: &str) {
        let entered = self.try_sign_in(sign_in_name, PASSWORD).await;
        assert_eq!(
            entered.status.as_u16(),
            303,
            "{sign_in_name} signs in: {}",
            entered.text()
        );
    }

    /// Tries to sign in; whoever is asked for a code of the common authenticator gives it.
    pub async fn try_sign_in(&mut self, sign_in_name: &str, password: &str) -> Answer {
        let entered = self.give_password(sign_in_name, password).await;
        let on = entered.header("location").to_owned();
        if !on.starts_with("/second-factor") {
            return entered;
        }
        let form = self.form(&on, "/second-factor").await;
        let code = self.code().await;
        self.submit(&form.with("code", &code)).await
    }

    /// Gives name and password, and stays with the answer.
    pub async fn give_password(&mut self, sign_in_name: &str, password: &str) -> Answer {
        let form = self.form("/sign-in", "/sign-in").await;
        self.submit(&form.with("sign_in_name", sign_in_name).with("password", password))
            .await
    }

    /// Takes the second factor that a page offers: the secret, as an app would scan it, and its code now.
    ///
    /// # Panics
    /// When the page offers none.
    pub async fn scan(&mut self, path: &str) -> (Vec<u8>, String) {
        let page = self.open(path).await.text();
        assert!(page.contains("<svg"), "there is a QR code");
        let shown = html::tags(&page)
            .into_iter()
            .find(|tag| tag.attribute("data-second-factor").is_some())
            .expect("the secret is there to type");
        let secret = totp_rs::Secret::try_from_base32(shown.text.replace(' ', "")).expect("base 32");
        let secret = secret.as_bytes().to_vec();
        let code = second_factor::code_at(&secret, self.app.now()).expect("a secret");
        (secret, code)
    }

    /// Sets up a second factor, as one does whose role needs it.
    ///
    /// # Panics
    /// When the page offers none.
    pub async fn enrol(&mut self) {
        let (_, code) = self.scan("/second-factor").await;
        let form = self.form("/second-factor", "/second-factor/enrol").await;
        self.submit(&form.with("code", &code)).await.expect(200);
    }

    /// The code that the common authenticator shows now. The clock of a test stands, so that its codes would count only
    /// once in a whole test: what was used is forgotten.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn code(&self) -> String {
        let forget = "update second_factors set last_step = 0";
        let forgotten = server::store::exec(self.app.db.schema(), forget, []).await;
        forgotten.expect("the table is there");
        second_factor::code_at(SECRET, self.app.now()).expect("a secret")
    }

    /// Sends anything at all, with its cookies, and keeps those that come back.
    ///
    /// # Panics
    /// When the request itself cannot be made.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let asked = format!("{method} {path}");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:3000");
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(body)
            .unwrap_or_else(|error| panic!("{asked}: {error}"));
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("a router answers");
        let answer = Answer::read(asked, response).await;
        self.keep_cookies(&answer);
        answer
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().expect("a cookie is text");
            let (pair, rules) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a name");
            if rules.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The form of a page that is sent to this path.
///
/// # Panics
/// When the page has none.
#[track_caller]
#[must_use]
pub fn form_on(page: &Answer, action: &str) -> PageForm {
    let forms = html::forms(&page.text());
    let found = forms
        .iter()
        .find(|form| form.method == "post" && form.action == action);
    let actions: Vec<&str> = forms.iter().map(|form| form.action.as_str()).collect();
    found
        .unwrap_or_else(|| panic!("{} has no form for {action}, only {actions:?}", page.asked))
        .clone()
}

/// Every form of a page that is sent to this path.
#[must_use]
pub fn forms_on(page: &Answer, action: &str) -> Vec<PageForm> {
    let mut forms = html::forms(&page.text());
    forms.retain(|form| form.method == "post" && form.action == action);
    forms
}
