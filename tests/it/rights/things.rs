//! One of everything that can be asked for: the asker's own, and another's.

use super::receipts::Money;
use super::settlements::{Settled, settled};
use server::services::{
    bill, claim, file, offer, order, paper, payment, period, person, photo as offer_photo, refund_order,
};
use shared::api::acceptance::VarianceReason;
use shared::api::books::CloseIn;
use shared::api::claim::{ClaimIn, ClaimLineIn};
use shared::api::offer::ListingIn;
use shared::api::order::CancelIn;
use shared::api::payment::PayIn;
use shared::api::refund_order::RefundOrderIn;
use shared::domain::identity::Role;
use shared::domain::money::Fen;
use tests::market::grant;
use tests::stripe_fake::{Method, StripeFake};
use tests::{Market, Offer, Person, TestApp, trade};
use uuid::Uuid;

/// A picture of one pixel.
pub const PIXEL: [u8; 70] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31,
    21, 196, 137, 0, 0, 0, 13, 73, 68, 65, 84, 120, 218, 99, 100, 248, 207, 80, 15, 0, 3, 134, 1, 128, 90,
    52, 125, 107, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

/// A small picture that is another one for each village.
fn another(village: usize) -> Vec<u8> {
    let side = u32::try_from(village).expect("few villages") + 2;
    tests::picture::png(side, 2)
}

/// One of everything, of one unit and one village.
pub struct Things {
    pub unit_id: Uuid,
    pub village: usize,
    pub offer: Offer,
    /// The version of it that waits for review.
    pub pending: Uuid,
    pub order: Uuid,
    pub village_order: Uuid,
    /// A village order that was confirmed.
    pub to_pack: Uuid,
    pub order_line: Uuid,
    pub at_the_door: Uuid,
    pub door_line: Uuid,
    pub acceptance: Uuid,
    pub transaction: Uuid,
    pub photo: Uuid,
    /// A photo of the offer that stays, by the id of its small size.
    pub picture: Uuid,
    /// Another, to be moved and removed.
    pub offer_photo: Uuid,
    /// A lot of the offer, and its trace code.
    pub lot: Uuid,
    pub trace: String,
    /// The code of the acceptance as it was printed.
    pub paper: String,
    pub claim: Uuid,
    /// A bill of the unit, with the village's goods on it.
    pub bill: Uuid,
    /// A line that can still be disputed.
    pub accepted_line: Uuid,
    /// Money that came to the bank.
    pub money: Money,
    /// An order that can be paid ahead.
    pub to_pay: Uuid,
    /// A payment that came.
    pub payment: Uuid,
    /// A refund by bank that waits for its release.
    pub refund: Uuid,
    /// What the village was paid of it.
    pub settled: Settled,
    /// An invoice of the bill.
    pub invoice: Uuid,
}

/// The market with a provider of payments: some doors lead to it.
pub async fn with_provider(app: &TestApp) -> (TestApp, StripeFake) {
    let fake = StripeFake::start(&app.clock).await;
    let app = app.configured(|config| config.stripe = Some(fake.settings()));
    (app, fake)
}

/// A payment ahead of an order, and it came.
async fn paid(app: &TestApp, fake: &StripeFake, buyer: &Person, order_id: Uuid) -> Uuid {
    let input = PayIn {
        bill_id: None,
        order_id: Some(order_id),
    };
    let begun = payment::begin(app, buyer, &app.key(), input).await;
    let id = begun.expect("it can be paid").row.id;
    fake.pay(&fake.open_session(), Method::Card);
    payment::check(app, buyer, id).await.expect("it is seen");
    id
}

/// What was paid ahead for an order that was then cancelled, about to be given back by bank.
async fn to_give_back(
    app: &TestApp,
    fake: &StripeFake,
    market: &Market,
    (unit, offer): (usize, &Offer),
) -> Uuid {
    let buyer = &market.buyers[unit];
    let order = trade::place(app, buyer, &[(offer, 1000)]).await.id;
    paid(app, fake, buyer, order).await;
    let cancel = CancelIn {
        reason: "改期".to_owned(),
    };
    let cancelled = order::cancel(app, buyer, &app.key(), order, cancel).await;
    cancelled.expect("nothing has left a village");
    let another = vec![grant(Role::CentreFinance, &market.units[0], 0)];
    let another = market.enrol(app, &format!("finance-{unit}"), another).await;
    let input = RefundOrderIn {
        unit_id: market.units[unit].id,
        claim_id: None,
        amount_fen: Fen(100),
        payee_name: "某单位".to_owned(),
        payee_account: "6222020012345678".to_owned(),
        payee_bank: "某银行".to_owned(),
        reason: "订单取消".to_owned(),
    };
    let made = refund_order::prepare(app, &another, &app.key(), input).await;
    made.expect("it is free on the deposit").row.id
}

impl Things {
    pub async fn of(app: &TestApp, fake: &StripeFake, market: &Market, unit: usize, village: usize) -> Self {
        let buyer = &market.buyers[unit];
        let offer = market.list(village).lot(100_000).publish(app).await;
        let credited = trade::credited(app, market, buyer, &[(&offer, 1000)])
            .await
            .acceptance;
        bill::issue_due(app).await.expect("bills are sent");
        let at_the_door = trade::delivered(app, market, buyer, &[(&offer, 2000)]).await;
        let door_line = trade::as_expected(app, market, at_the_door).await.lines[0].line_id;
        let order = trade::place(app, buyer, &[(&offer, 3000)]).await.id;
        let shown = trade::show(app, market, order).await.village_orders.remove(0);
        let prepaid = trade::place(app, buyer, &[(&offer, 1000)]).await.id;
        let to_pay = trade::place(app, buyer, &[(&offer, 1500)]).await.id;
        let confirmed = trade::place(app, buyer, &[(&offer, 500)]).await.id;
        trade::confirm_all(app, market, confirmed).await;
        let confirmed = trade::show(app, market, confirmed).await.village_orders.remove(0);
        let mut content = offer.content.clone();
        content.price_fen.0 += 1;
        let listing = ListingIn {
            offer: content,
            lot: None,
        };
        let changed = offer::update(app, market.lister(village), &app.key(), offer.id, listing, true).await;
        let pending = changed
            .expect("the change is good")
            .pending
            .expect("it waits for review")
            .id;
        let dispute = |line_id| ClaimIn {
            acceptance_id: credited.id.expect("posted"),
            lines: vec![ClaimLineIn {
                line_id,
                qty: None,
                asked_fen: Some(Fen(100)),
                reason: VarianceReason::Quality,
                photo_id: None,
            }],
            words: "有几个不新鲜".to_owned(),
        };
        let accepted_line = credited.lines[0].line_id;
        let opened = claim::open(app, buyer, &app.key(), dispute(accepted_line)).await;
        let photo = file::store_photo(app, buyer, PIXEL.to_vec())
            .await
            .expect("a picture");
        let lister = market.lister(village);
        // Two that are not alike: photos are named by their content.
        let pictures = vec![PIXEL.to_vec().into(), another(village).into()];
        let photos = offer_photo::add(app, lister, &app.key(), offer.id, pictures)
            .await
            .expect("two pictures");
        let printed = paper::acceptance(app, buyer, credited.id.expect("posted")).await;
        let bill = trade::bill_of(app, market, unit).await.row.id;
        Self {
            refund: to_give_back(app, fake, market, (unit, &offer)).await,
            paper: printed.expect("both have signed").code,
            picture: photos[0].card.id,
            offer_photo: photos[1].id,
            lot: offer.lots[0].id,
            trace: offer.lots[0].code.clone(),
            unit_id: market.units[unit].id,
            village,
            offer,
            pending,
            order,
            village_order: shown.village_order.id,
            to_pack: confirmed.village_order.id,
            order_line: shown.lines[0].id,
            at_the_door,
            door_line,
            acceptance: credited.id.expect("posted"),
            transaction: credited.transaction_id.expect("credited"),
            photo: photo.id,
            claim: opened.expect("within its time").row.id,
            bill,
            accepted_line,
            money: Money::of(app, market).await,
            to_pay,
            payment: paid(app, fake, buyer, prepaid).await,
            settled: settled(app, market, unit, village).await,
            invoice: super::invoices::of(app, market, bill).await,
        }
    }
}

/// The month that is closed when everybody asks.
pub const CLOSED: &str = "2026-10";

/// Closes the month before the books begin, so that there is a closed one to be read.
pub async fn closed_month(app: &TestApp, market: &Market) {
    let input = CloseIn {
        month: CLOSED.parse().expect("a month"),
    };
    let closed = period::close(app, &market.finance, &app.key(), &input).await;
    closed.expect("nothing was posted in it");
}

impl Things {
    /// What `{code}` stands for in a room where it is no village's.
    pub fn code_for(&self, room: &str) -> Option<&str> {
        match room {
            "t" => Some(&self.trace),
            "d" => Some(&self.paper),
            _ => None,
        }
    }
}

/// Somebody whom an administrator may do anything to.
pub async fn somebody(app: &TestApp, market: &Market) -> Person {
    let roles = [Role::UnitFinance, Role::UnitApprover];
    market
        .enrol(
            app,
            "somebody",
            roles.map(|role| grant(role, &market.units[2], 0)).to_vec(),
        )
        .await
}

/// What another administrator has proposed, for the market's own to decide.
pub async fn proposals(app: &TestApp, market: &Market, somebody: &Person) -> Vec<Uuid> {
    let admin = grant(Role::Admin, &market.units[0], 0);
    let second = market.enrol(app, "second-admin", vec![admin]).await;
    let mut made = Vec::new();
    for role in [Role::CentreFinance, Role::Admin] {
        let wanted = grant(role, &market.units[0], 0);
        let given = person::grant(app, &second, somebody.person_id, &wanted, &app.key()).await;
        made.push(given.expect("it is proposed").proposal.expect("it waits"));
    }
    made
}

/// Numbers that only ever grow: a refused request leaves them as they were.
pub async fn traces(app: &TestApp) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in [
        "audit_rows",
        "idempotency_records",
        "notices",
        "claims",
        "claim_entries",
        "payments",
        "refunds",
        "refund_orders",
        "provider_events",
        "orders",
        "offers",
        "lots",
        "files",
        "period_closes",
        "settlement_batches",
        "settlement_uploads",
        "payee_accounts",
        "reconciliations",
        "persons",
        "grants",
    ] {
        counts.push(app.count(table).await);
    }
    counts
}
