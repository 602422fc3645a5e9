//! What everybody sees when the goods are credited.

use super::{Job, NAME};
use shared::domain::money::Fen;

impl Job {
    /// What the village had before.
    pub(super) async fn credited_before(&self) -> Fen {
        self.village.open("/income").await;
        self.village.sum(".money-three .figure").await
    }

    /// The village sees what it earned, to the fen, and by which document.
    pub(super) async fn see_income(&self, document: &str, before: Fen, accepted: Fen) {
        let village = &self.village;
        village.open("/income").await;
        village.shoot("village-income").await;
        village.as_wide_as(1280).await;
        village.shoot("village-income").await;
        assert_eq!(
            village.sum(".money-three .figure").await,
            Fen(before.0 + accepted.0),
            "credited to the fen"
        );
        let link = format!("table a[href='{document}']");
        let script = "return document.querySelector(arguments[0]).closest('tr').textContent";
        let row = village.run(script, vec![link.clone().into()]).await;
        let row = row.as_str().unwrap_or_default();
        assert!(
            row.contains(&accepted.format_yuan()) && row.contains(NAME),
            "the statement's line: {row}"
        );
        village.press(&link).await;
        village.is_at(document).await;
        village.shows("main", &accepted.format_cny()).await;
        village.shoot("village-document").await;
    }

    /// The unit sees its order accepted, with the difference.
    pub(super) async fn see_order(&self, order: &str, document: &str) {
        let buyer = &self.buyer;
        buyer.open(&format!("/orders/{order}")).await;
        buyer.shoot("order-accepted").await;
        buyer.shows("main", "验收").await;
        buyer
            .find(&format!(
                "a[href='{document}'], a[href='/orders/{order}/acceptance']"
            ))
            .await;
        buyer.open("/orders").await;
        buyer.shoot("orders").await;
    }

    /// The auditor finds the books clean, and goes from the document to its ledger transaction.
    pub(super) async fn audit(&self, document: &str) {
        let auditor = &self.centre;
        auditor.sign_out().await;
        auditor.sign_in("shenji", &self.password).await;
        auditor.open("/verify").await;
        auditor.press_words("开始核对").await;
        auditor.shoot("verified").await;
        assert!(
            auditor.words("[role='status']").await.contains("核对无误"),
            "{}",
            auditor.words("main").await
        );
        auditor.open(document).await;
        auditor.press("a[href^='/ledger/transactions/']").await;
        auditor.shoot("ledger-transaction").await;
    }
}
