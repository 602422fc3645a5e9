//! One order through the hands of every role, each on a phone: asked for, agreed to, answered, packed, driven, weighed,
//! signed for, and then read by those who reckon and watch. No page is wider than the phone.

use crate::chromium::Driver;
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use shared::domain::identity::Role;
use std::collections::BTreeSet;
use tests::entrance;
use tests::running::Running;

/// A phone.
const PHONE: u32 = 360;
/// The village whose goods are ordered, and whose person works.
const VILLAGE: &str = "120119120214";

/// Everybody who works in this test; every role is among them.
const EVERYBODY: [&str; 9] = [
    "caigou",
    "shenpi",
    "caiwu",
    "guanchang",
    "zhongxin",
    "zhongxincaiwu",
    "chutouling",
    "shenji",
    "guanli",
];

#[test]
fn one_order_through_all_hands_on_phones() {
    run(all_hands());
}

/// One phone that goes from hand to hand.
struct Phone {
    window: Window,
    password: String,
}

async fn all_hands() {
    let market = Running::demo(None).await;
    every_role_is_among_them(&market).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of("one_order_through_all_hands");
    let window = Window::new(driver.profile(true).await, market.url(), true, shots).await;
    window.as_wide_as(PHONE).await;
    let phone = Phone {
        window,
        password: market.password(),
    };
    phone.wants_to_approve_everything().await;
    let order = phone.asks().await;
    phone.agrees(&order).await;
    let part = phone.answers_and_packs(&order).await;
    phone.drives(&part).await;
    phone.weighs(&order).await;
    let document = phone.signs_too(&order).await;
    phone.sees_the_income(&document).await;
    phone.reckons(&document).await;
    phone.watches(&document).await;
    phone.keeps_the_people().await;
    phone.window.close().await;
    market.assert_clean().await;
}

/// Asked of the program itself: who works here holds every role that there is.
async fn every_role_is_among_them(market: &Running) {
    let mut roles = BTreeSet::new();
    for name in EVERYBODY {
        let token = entrance::token(&market.url(), name, &market.password()).await;
        let answer = reqwest::Client::new()
            .get(format!("{}/api/v1/me", market.url()))
            .bearer_auth(token)
            .send()
            .await
            .expect("the market answers");
        let me: serde_json::Value = answer.json().await.expect("JSON");
        roles.insert(me["active"]["role"].as_str().unwrap_or_default().to_owned());
    }
    let all: BTreeSet<String> = Role::ALL.iter().map(|role| role.as_str().to_owned()).collect();
    assert_eq!(roles, all, "somebody of every role works here");
}

impl Phone {
    async fn taken_by(&self, name: &str) {
        self.window.forget().await;
        self.window.open("/").await;
        self.window.press(".bottom-bar a[href='/sign-in']").await;
        self.window.sign_in(name, &self.password).await;
    }

    /// Keeps a picture; the page must fit the phone.
    async fn look(&self, what: &str) {
        self.window.shoot(what).await;
        let script = "const root = document.documentElement; return root.scrollWidth - root.clientWidth";
        let over = self.window.run(script, Vec::new()).await;
        assert!(
            over.as_i64().is_some_and(|over| over <= 0),
            "{what}: {} is {over} px wider than the phone",
            self.window.path().await
        );
    }

    /// The approver says that from now on every order needs their yes.
    async fn wants_to_approve_everything(&self) {
        let window = &self.window;
        self.taken_by("shenpi").await;
        window.open("/approvals").await;
        self.look("approvals").await;
        window.press_words("审批规定").await;
        window
            .click("label:has(input[name='kind'][value='always'])")
            .await;
        self.look("policy").await;
        window.press_words("保存规定").await;
        window.shows("main", "现在每一单都要审批").await;
    }

    /// The buyer fills the basket and asks; answers the order's id.
    async fn asks(&self) -> String {
        let window = &self.window;
        self.taken_by("caigou").await;
        window.open(&format!("/goods?village={VILLAGE}")).await;
        self.look("goods").await;
        let goods = window
            .first_link("/goods/0")
            .await
            .expect("the village has goods on the shelf");
        window.open(&goods).await;
        self.look("offer").await;
        window.press_words("放进篮子").await;
        window.open("/basket").await;
        self.look("basket").await;
        window.press_words("去下单").await;
        window.fill("#contact", "李明 13800000000").await;
        self.look("checkout").await;
        window.press_words("提交审批并留住库存").await;
        let order = window.is_at("/orders/").await;
        self.look("asked").await;
        order.split('?').next().unwrap_or_default().to_owned()
    }

    async fn agrees(&self, order: &str) {
        let window = &self.window;
        self.taken_by("shenpi").await;
        window.open("/approvals").await;
        window.press(&format!("main a[href='/orders/{order}']")).await;
        self.look("to-decide").await;
        window.press_words("批准并发给各村").await;
        // What else waits comes next.
        window.is_at("/approvals").await;
        self.look("agreed").await;
    }

    /// The village confirms and packs; answers the village order's id.
    async fn answers_and_packs(&self, order: &str) -> String {
        let window = &self.window;
        window.open(&format!("/orders/{order}")).await;
        let part = window
            .attribute(&format!("main [data-village='{VILLAGE}'] h2 a"), "href")
            .await;
        let part = part.rsplit('/').next().unwrap_or_default().to_owned();
        self.taken_by("guanchang").await;
        window.open("/village-orders").await;
        self.look("village-orders").await;
        window
            .press(&format!("main a[href='/village-orders/{part}']"))
            .await;
        self.look("to-answer").await;
        window.press_words("全部确认供货").await;
        window.shows("main", "已确认").await;
        window.press_words("已备好货").await;
        self.look("packed").await;
        part
    }

    /// The centre loads and delivers, by the day board.
    async fn drives(&self, part: &str) {
        let window = &self.window;
        self.taken_by("zhongxin").await;
        window.open("/board").await;
        for (from, to) in [("packed", "on-the-way"), ("on-the-way", "at-the-door")] {
            window
                .click(&format!("#col-{from} input[name='ids'][value='{part}']"))
                .await;
            if from == "packed" {
                window.fill(&format!("#vehicle-{from}"), "冷链 2 号车").await;
            }
            window.press(&format!("#move-{from} button")).await;
            window
                .find(&format!("#col-{to} a[href='/village-orders/{part}']"))
                .await;
            self.look(&format!("board-{to}")).await;
        }
    }

    async fn weighs(&self, order: &str) {
        let window = &self.window;
        self.taken_by("caigou").await;
        window.open(&format!("/orders/{order}")).await;
        window.press_words("去验收").await;
        self.look("weighing").await;
        window.press("form.weighing-form button.primary").await;
        window.shows("main", "您已签字").await;
        self.look("signed").await;
    }

    /// The centre's person signs the same; answers the document's address.
    async fn signs_too(&self, order: &str) -> String {
        let window = &self.window;
        self.taken_by("zhongxin").await;
        window.open("/board").await;
        window
            .press(&format!("#col-at-the-door a[href='/orders/{order}/acceptance']"))
            .await;
        window.press_words("签字并入账").await;
        window.is_at("/acceptances/").await;
        self.look("credited").await;
        window.path().await
    }

    async fn sees_the_income(&self, document: &str) {
        let window = &self.window;
        self.taken_by("guanchang").await;
        window.press(".bottom-bar a[href='/income']").await;
        self.look("village-income").await;
        window.press(&format!("main a[href='{document}']")).await;
        self.look("village-document").await;
    }

    /// The finance people of both sides find what was accepted, and the books in order.
    async fn reckons(&self, document: &str) {
        let window = &self.window;
        self.taken_by("caiwu").await;
        window.open("/acceptances").await;
        self.look("unit-acceptances").await;
        window.press(&format!("main a[href='{document}']")).await;
        self.look("unit-document").await;
        self.taken_by("zhongxincaiwu").await;
        window.open("/income").await;
        self.look("all-incomes").await;
        window.open(&format!("/income/{VILLAGE}")).await;
        window.press(&format!("main a[href='{document}']")).await;
        window.open("/verify").await;
        window.press_words("开始核对").await;
        window.shows("[role='status']", "核对无误").await;
        self.look("verified").await;
    }

    /// The town finds the village's line among its own, the auditor the transaction behind the document.
    async fn watches(&self, document: &str) {
        let window = &self.window;
        self.taken_by("chutouling").await;
        window.press(".bottom-bar a[href='/income']").await;
        self.look("town-incomes").await;
        window.press(&format!("main a[href^='/income/{VILLAGE}']")).await;
        self.look("town-village").await;
        window.press(&format!("main a[href='{document}']")).await;
        self.taken_by("shenji").await;
        window.open(document).await;
        window.press("main a[href^='/ledger/transactions/']").await;
        self.look("transaction").await;
        window.open("/audit").await;
        self.look("audit").await;
    }

    /// The administrator adds a person and stops them again.
    async fn keeps_the_people(&self) {
        let window = &self.window;
        self.taken_by("guanli").await;
        window.open("/people").await;
        self.look("people").await;
        window.press_words("添加人员").await;
        window.fill("#name", "新来的").await;
        window.fill("#sign_in_name", "xinlaide").await;
        window.choose("#role", "auditor").await;
        self.look("new-person").await;
        window.press_words("添加并生成链接").await;
        // Shown once, in the answer itself.
        window.shows("main", "一次性链接，只显示这一次").await;
        self.look("one-time-link").await;
    }
}
