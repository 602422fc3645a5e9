//! From the villages' answers to the unit's door.

use super::{Job, Part, VILLAGE};

impl Job {
    /// The village orders that the order was split into.
    pub(super) async fn parts(&self, order: &str) -> Vec<Part> {
        let centre = &self.centre;
        centre.open(&format!("/orders/{order}")).await;
        centre.shoot("centre-order").await;
        let script = "return [...document.querySelectorAll('main [data-village]')].map(part => \
            [part.dataset.village, part.querySelector('h2 a').getAttribute('href').split('/').pop()])";
        let found = centre.run(script, Vec::new()).await;
        let own = self.village.attribute("a[href^='/village-orders']", "href").await;
        assert_eq!(
            own, "/village-orders",
            "the village goes to its village orders from anywhere"
        );
        let parts: Vec<Part> = found
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| Part {
                id: pair[1].as_str().unwrap_or_default().to_owned(),
                own: pair[0].as_str() == Some(VILLAGE),
            })
            .collect();
        assert_eq!(
            (parts.len(), parts.iter().filter(|part| part.own).count()),
            (3, 1)
        );
        parts
    }

    /// The village confirms its own part; the centre answers for the villages that did not.
    pub(super) async fn answer(&self, parts: &[Part]) {
        for part in parts {
            let window = if part.own { &self.village } else { &self.centre };
            if part.own {
                window.as_wide_as(360).await;
                window.open("/village-orders").await;
                window.shoot("village-orders").await;
                window
                    .press(&format!("a[href='/village-orders/{}']", part.id))
                    .await;
            } else {
                window.open(&format!("/village-orders/{}", part.id)).await;
            }
            window.shoot("answers").await;
            window.press_words("全部确认供货").await;
            window.shows("main", "已确认").await;
            let by_centre = window.words("main").await.contains("代办");
            assert_eq!(
                by_centre, !part.own,
                "what the centre does for a village is on record as that"
            );
        }
        let own = parts
            .iter()
            .find(|part| part.own)
            .expect("one part is the village's own");
        self.village
            .open(&format!("/village-orders/{}/slip", own.id))
            .await;
        self.village.shoot("packing-slip").await;
        self.village.open(&format!("/village-orders/{}", own.id)).await;
        self.village.press_words("已备好货").await;
        self.village.shoot("village-packed").await;
    }

    /// The day board: pack for the others, load all, deliver all.
    pub(super) async fn deliver(&self, parts: &[Part]) {
        let board = &self.centre;
        board.open("/board").await;
        board.shoot("board").await;
        let steps = [
            ("confirmed", "packed"),
            ("packed", "on-the-way"),
            ("on-the-way", "at-the-door"),
        ];
        for (from, to) in steps {
            for part in parts.iter().filter(|part| !(part.own && from == "confirmed")) {
                board
                    .click(&format!("#col-{from} input[name='ids'][value='{}']", part.id))
                    .await;
            }
            if from == "packed" {
                board.fill(&format!("#vehicle-{from}"), "冷链 2 号车").await;
            }
            board.press(&format!("#move-{from} button")).await;
            for part in parts {
                board
                    .find(&format!("#col-{to} a[href='/village-orders/{}']", part.id))
                    .await;
            }
            board.shoot(&format!("board-{to}")).await;
        }
    }
}
