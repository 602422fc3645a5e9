//! Weighing on the phone, and the two signatures.

use super::{Job, NAME, WEIGHED, ordered, own_sum, sum_of};
use shared::api::catalogue::OfferPage;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;

impl Job {
    /// The buyer weighs on the phone: the village's goods a little short, one piece refused, the rest as ordered. Answers
    /// what the village's goods come to.
    pub(super) async fn weigh(&self, order: &str, others: &[OfferPage; 2]) -> Fen {
        let buyer = &self.buyer;
        buyer.as_wide_as(360).await;
        buyer.open(&format!("/orders/{order}/acceptance")).await;
        let picture = buyer.shoot("weighing").await;
        let own = self.line_of(NAME).await;
        let pieces = self.line_of(&others[1].card.name).await;
        let field = |line: &str, part: &str| format!("[name='line.{line}.{part}']");
        let short = own_sum(WEIGHED);
        buyer.fill(&field(&own, "qty"), "20.1").await;
        if self.scripts {
            buyer
                .shows(&format!("[data-line='{own}'] output"), &short.format_cny())
                .await;
            buyer
                .shows(&format!("[data-line='{own}'] .weigh-result"), "少 0.4 斤")
                .await;
            self.convert(&own).await;
        }
        self.explain(&own, "weighing").await;
        let one_less = ordered(&others[1]).0 - 1;
        buyer.fill(&field(&pieces, "qty"), &one_less.to_string()).await;
        self.explain(&pieces, "damaged").await;
        buyer.attach(&field(&pieces, "photo"), &picture).await;
        let rest = sum_of(&others[0], ordered(&others[0])).0 + sum_of(&others[1], Qty(one_less)).0;
        let total = Fen(short.0 + rest);
        if self.scripts {
            buyer.shows(".sticky-total b", &total.format_cny()).await;
        }
        buyer.shoot("weighed").await;
        buyer.press("form.weighing-form button.primary").await;
        buyer.shows("main", "您已签字").await;
        assert_eq!(
            buyer.sum(".sticky-total b").await,
            total,
            "what was signed is what was typed"
        );
        buyer.shoot("unit-signed").await;
        short
    }

    /// The line on the weighing page that has these words.
    async fn line_of(&self, words: &str) -> String {
        let script = "const line = [...document.querySelectorAll('[data-line]')] \
            .find(line => line.textContent.includes(arguments[0])); return line ? line.dataset.line : ''";
        let found = self.buyer.run(script, vec![words.into()]).await;
        let id = found.as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty(), "{words} is to be weighed");
        id
    }

    /// Turns a line to kilograms and back: the number follows, the sum stays.
    async fn convert(&self, line: &str) {
        let buyer = &self.buyer;
        let qty = format!("[name='line.{line}.qty']");
        let sum = buyer.words(&format!("[data-line='{line}'] output")).await;
        for (unit, shown) in [("jin", "20.1"), ("kg", "10.05")] {
            let label = format!("[data-line='{line}'] label:has(input[value='{unit}'])");
            buyer.click(&label).await;
            assert_eq!(buyer.typed(&qty).await, shown, "the number follows its unit");
            assert_eq!(
                buyer.words(&format!("[data-line='{line}'] output")).await,
                sum,
                "the sum does not"
            );
        }
    }

    async fn explain(&self, line: &str, reason: &str) {
        let open = format!("[data-line='{line}'] details.weigh-reason[open]");
        if !self.buyer.has(&open).await {
            self.buyer.click(&format!("[data-line='{line}'] summary")).await;
        }
        self.buyer
            .choose(&format!("[name='line.{line}.reason']"), reason)
            .await;
    }

    /// The centre's person signs the same on another phone; answers the document's address.
    pub(super) async fn countersign(&self, order: &str) -> String {
        let centre = &self.centre;
        centre.as_wide_as(360).await;
        centre.open("/board").await;
        centre.shoot("board").await;
        centre
            .press(&format!("#col-at-the-door a[href='/orders/{order}/acceptance']"))
            .await;
        centre.shoot("centre-signs").await;
        let (status, kind) = centre.fetched("main a[href^='/files/']").await;
        assert_eq!(
            (status, kind.starts_with("image/")),
            (200, true),
            "the other side sees the photo: {kind}"
        );
        centre.press_words("签字并入账").await;
        centre.is_at("/acceptances/").await;
        centre.shoot("credited").await;
        centre.as_wide_as(1280).await;
        centre.shoot("credited").await;
        centre.path().await
    }
}
