//! From the village's listing to the unit's order.

use super::{Job, NAME, ORDERED, ordered, own_sum, sum_of};
use shared::api::catalogue::OfferPage;
use shared::domain::money::Fen;
use tests::running::today;

impl Job {
    /// The village lists a new product with its first lot, and hands it in; answers the offer's id.
    pub(super) async fn list(&self) -> String {
        let village = &self.village;
        village.sign_in("guanchang", &self.password).await;
        village.open("/offers").await;
        village.shoot("village-goods").await;
        village.open("/offers/new").await;
        village.choose("#produce", "shiitake").await;
        village.fill("#name", NAME).await;
        village.fill("#grade", "一级").await;
        village.fill("#pack", "5 斤纸箱").await;
        village.fill("#price", "8.51").await;
        village.fill("#min_qty", "10").await;
        village.fill("#step_qty", "0.5").await;
        village.fill("#lot_qty", "300").await;
        village.fill_day("#harvested_on", &today().to_string()).await;
        village.shoot("village-lists").await;
        village.press("button[name='submit'][value='1']").await;
        let offer = village.is_at("/offers/").await;
        village.shows("main", "待审核").await;
        village.shoot("village-handed-in").await;
        offer
    }

    /// The centre reviews it and puts it on the shelf.
    pub(super) async fn publish(&self, offer: &str) {
        let centre = &self.centre;
        centre.sign_in("zhongxin", &self.password).await;
        centre.open("/offers?state=submitted").await;
        centre.shoot("centre-reviews").await;
        centre.press(&format!("a[href='/offers/{offer}']")).await;
        centre.shows("main", NAME).await;
        centre.shoot("centre-reviews-one").await;
        centre.press_words("通过并上架").await;
        centre.shows(".toolbar", "在售").await;
    }

    /// The buyer, not signed in yet, finds the goods and fills the basket.
    pub(super) async fn fill_basket(&self, offer: &str, others: &[OfferPage; 2]) {
        let buyer = &self.buyer;
        buyer.open("/").await;
        buyer.shoot("home").await;
        buyer.fill("header input[name='q']", "头茬").await;
        buyer.press("header .search button").await;
        buyer.is_at("/goods?").await;
        buyer.shoot("buyer-searches").await;
        buyer.press(&format!("a[href='/goods/{offer}']")).await;
        buyer.fill("#qty", "20.5").await;
        if self.scripts {
            buyer.shows(".buy-box", &own_sum(ORDERED).format_cny()).await;
        }
        buyer.shoot("buyer-offer").await;
        buyer.press_words("放进篮子").await;
        for other in others {
            let (id, card) = (other.card.id, &other.card);
            buyer.open(&format!("/goods?village={}", card.village_code)).await;
            buyer.press(&format!("a[href='/goods/{id}']")).await;
            buyer
                .fill("#qty", &card.price_unit.format_qty_plain(ordered(other)))
                .await;
            buyer.press_words("放进篮子").await;
        }
        buyer.open("/basket").await;
        buyer.shoot("buyer-basket-signed-out").await;
        assert_eq!(
            self.villages_shown("data-village").await,
            3,
            "the basket is grouped by village"
        );
    }

    async fn villages_shown(&self, attribute: &str) -> u64 {
        let script = format!("return document.querySelectorAll('main [{attribute}]').length");
        self.buyer
            .run(&script, Vec::new())
            .await
            .as_u64()
            .expect("a count")
    }

    /// Signs in, finds the basket as it was, and orders; answers the order's id.
    pub(super) async fn order(&self, others: &[OfferPage; 2]) -> String {
        let buyer = &self.buyer;
        let total = buyer.sum(".sticky-total b").await;
        buyer.press_words("登录后下单").await;
        buyer.is_at("/sign-in").await;
        buyer.shoot("buyer-signs-in").await;
        buyer.sign_in("caigou", &self.password).await;
        buyer.is_at("/orders/new").await;
        assert_eq!(
            self.villages_shown("data-village").await,
            3,
            "the basket survives sign-in"
        );
        assert_eq!(buyer.sum(".sticky-total b").await, total, "and its sum with it");
        buyer.fill("#contact", "李明 13800000000").await;
        buyer.fill("#note", "周三早上七点前送到").await;
        buyer.as_wide_as(360).await;
        buyer.shoot("buyer-orders").await;
        buyer.as_wide_as(1280).await;
        buyer.shoot("buyer-orders").await;
        buyer.press_words("下单并锁定库存").await;
        let order = buyer.is_at("/orders/").await;
        buyer.shoot("buyer-ordered").await;
        let rest: i64 = others.iter().map(|other| sum_of(other, ordered(other)).0).sum();
        let expected = own_sum(ORDERED).0 + rest;
        assert_eq!(total, Fen(expected), "the sum is that of the lines");
        order.split('?').next().unwrap_or_default().to_owned()
    }
}
