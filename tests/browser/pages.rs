//! Every main page, for every role, at phone and desk width: it is there, it fits, it speaks Chinese, nothing complains.

use crate::chromium::Driver;
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use serde::Deserialize;
use tests::running::Running;

/// The widths of look.md.
const WIDTHS: [u32; 2] = [360, 1280];

/// Who looks, and where. `A > B` goes to `A` and follows the first link there that begins with `B`; `+B` adds to an
/// address.
pub const LOOKS: [(&str, &[&str]); 10] = [
    (
        "",
        &[
            "/",
            "/goods",
            "/goods?q=不存在的货",
            "/goods?season=1&sort=cheapest&min=1",
            "/goods > /goods/0",
            "/villages",
            "/villages > /villages/1",
            "/totals",
            "/totals?q=官场",
            "/villages > /villages/1 > +/journal",
            "/d",
            "/d?code=7K3M-PQ4R-XW2H-9TBC",
            "/basket",
            "/sign-in",
        ],
    ),
    (
        "caigou",
        &[
            "/",
            "/basket",
            "/orders",
            "/orders > /orders/0",
            "/orders?state=accepted > /orders/0",
            "/orders?state=cancelled",
            "/orders?state=rejected > /orders/0 > +/edit",
            "/orders?state=part_confirmed",
            "/orders?state=delivered > /orders/0 > +/sheet",
            "/orders?state=delivered > /orders/0 > +/delivery-note",
            "/acceptances > /acceptances/0 > +/sheet",
            "/acceptances",
            "/acceptances?state=signed",
            "/acceptances > /acceptances/0",
            "/acceptances > /acceptances/0 > +/claim",
            "/claims > /claims/0",
            "/notices",
            "/me",
        ],
    ),
    (
        "shenpi",
        &[
            "/approvals",
            "/approvals > /orders/0",
            "/approvals > /units/",
            "/orders",
            "/acceptances",
        ],
    ),
    (
        "caiwu",
        &[
            "/bills",
            "/bills > /bills/0",
            "/account",
            "/bills > /units/",
            "/orders > /orders/0",
            "/acceptances > /acceptances/0",
            "/payments",
        ],
    ),
    (
        "guanchang",
        &[
            "/notices",
            "/village-orders",
            "/village-orders > /village-orders/0",
            "/village-orders?state=credited > /village-orders/0",
            "/offers",
            "/offers > /offers/0",
            "/offers > /offers/0 > +/edit",
            "/offers > /offers/0 > +/again",
            "/offers/new",
            "/income",
            "/income > /acceptances/0",
            "/settlements",
            "/payees",
            "/payees > /payees/village/",
        ],
    ),
    (
        "zhongxin",
        &[
            "/board",
            "/board > /orders/0",
            "/offers",
            "/offers?state=submitted",
            "/certificates",
            "/prices",
            "/offers/new",
            "/orders",
            "/orders?state=delivered > /orders/0",
            "/village-orders",
            "/village-orders > /village-orders/0",
            "/village-orders?state=packed > /village-orders/0 > +/slip",
            "/acceptances",
            "/income",
            "/income > /income/1",
            "/claims",
            "/claims > /claims/0",
            "/exceptions",
            "/register",
            "/register/villages",
            "/register/pairings",
            "/register/units/row",
            "/households",
            "/works",
        ],
    ),
    (
        "zhongxincaiwu",
        &[
            "/finance",
            "/finance/reconciliations",
            "/settlements",
            "/settlements/new",
            "/settlements?state=done > /settlements/0",
            "/settlements?state=done > /settlements/0 > /settlements/items/0",
            "/settlements?state=sent > /settlements/0",
            "/settlements?state=open > /settlements/0",
            "/payees",
            "/payees?kind=household&missing=1",
            "/payees > /payees/village/",
            "/bills",
            "/bills > /bills/0",
            "/receipts",
            "/receipts?waits=1 > /receipts/0",
            "/receipts?state=suspense > /receipts/0",
            "/receipts?state=posted > /receipts/0",
            "/receipts/board",
            "/receipts/board > /receipts/board?receipt=",
            "/receipts/board?waits=1",
            "/receipts/import",
            "/invoices",
            "/invoices > /invoices/0",
            "/invoices > /bills/0",
            "/income",
            "/orders",
            "/offers",
            "/verify",
            "/books",
            "/books/accounts/unit_receivable",
            "/books/accounts/village_payable > /books/accounts/village_payable/entries",
            "/books/months",
            "/payments",
            "/refunds",
            "/claims > /claims/0",
        ],
    ),
    (
        "chutouling",
        &[
            "/income",
            "/income > /income/1",
            "/income?without=1",
            "/exceptions",
            "/offers",
            "/village-orders",
        ],
    ),
    (
        "shenji",
        &[
            "/income",
            "/income?tenth=0",
            "/income > /income/1",
            "/audit/path",
            "/audit/lines",
            "/totals",
            "/orders?state=accepted > /orders/0 > /audit/path?number=",
            "/exceptions",
            "/verify",
            "/audit",
            "/people",
            "/people > /people/0",
            "/acceptances > /acceptances/0 > /ledger/transactions/",
            "/books",
            "/books?at=2026-11-01T00%3A00&by=effective",
            "/books/months",
            "/books/months > /books/months/2",
        ],
    ),
    (
        "guanli",
        &[
            "/people",
            "/people?role=auditor",
            "/people/proposals",
            "/second-factor",
            "/audit?kind=rights&person=guanli",
            "/people/new",
            "/people > /people/0",
            "/register",
            "/audit",
            "/me",
        ],
    ),
];

/// What a page is, asked of it from outside. Numbers of documents are no words, and the way to English is
/// named in English.
const MEASURE: &str = r"
    const root = document.documentElement, wide = root.clientWidth;
    const shown = element => element.checkVisibility() && element.getClientRects().length > 0;
    const words = [...document.querySelectorAll('h1, h2, h3, button, a.button, summary')]
        .filter(shown).map(element => element.innerText.replace(/[A-Z]\d{6}-[0-9A-Z]+(-\d+)?/g, '').trim());
    const beyond = [...document.querySelectorAll('body *')]
        .filter(element => shown(element) && element.getBoundingClientRect().right > wide + 1)
        .slice(0, 3).map(element => element.tagName + '.' + element.className);
    return {
        status: performance.getEntriesByType('navigation')[0].responseStatus,
        title: document.title,
        over: root.scrollWidth - wide,
        beyond,
        foreign: words.filter(text => /\b[A-Za-z]{3,}\b/.test(text) && text !== 'English' && !/\p{Script=Han}/u.test(text)),
    };
";

#[derive(Deserialize)]
struct Measured {
    status: u16,
    title: String,
    over: i64,
    beyond: Vec<String>,
    foreign: Vec<String>,
}

#[test]
fn every_page_fits_every_role() {
    run(every_page());
}

async fn every_page() {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let window = Window::new(
        driver.profile(true).await,
        market.url(),
        true,
        Shots::of("every_page_fits_every_role"),
    )
    .await;
    let mut faults = Vec::new();
    for (name, pages) in LOOKS {
        if !name.is_empty() {
            window.forget().await;
            window.open("/sign-in").await;
            window.sign_in(name, &market.password()).await;
        }
        for page in pages {
            if let Err(fault) = go(&window, page).await {
                faults.push(format!("{name} {page}: {fault}"));
                continue;
            }
            let picture = format!(
                "{}{}",
                if name.is_empty() { "anybody" } else { name },
                page.replace(['/', '?', '=', '&', ' ', '>', '+'], "_")
            );
            let found = look(&window, &picture).await;
            faults.extend(found.into_iter().map(|fault| format!("{name} {page}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    window.close().await;
}

/// Goes to a page by its links.
pub async fn go(window: &Window, page: &str) -> Result<(), String> {
    let mut steps = page.split(" > ");
    window.open(steps.next().unwrap_or_default()).await;
    for step in steps {
        let next = match step.strip_prefix('+') {
            Some(more) => format!("{}{more}", window.path().await),
            None => window
                .first_link(step)
                .await
                .ok_or_else(|| format!("{page} has no link to {step}"))?,
        };
        window.open(&next).await;
    }
    Ok(())
}

/// Looks at a page at every width; answers what is wrong with it.
async fn look(window: &Window, picture: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for width in WIDTHS {
        window.as_wide_as(width).await;
        let page: Measured =
            serde_json::from_value(window.run(MEASURE, Vec::new()).await).expect("the page is measured");
        if page.status != 200 {
            faults.push(format!("status {}", page.status));
        }
        if !page.title.contains(" · ") || page.title.starts_with(' ') {
            faults.push(format!("its title is “{}”", page.title));
        }
        if page.over > 0 {
            faults.push(format!("{} px too wide at {width}: {:?}", page.over, page.beyond));
        }
        if !page.foreign.is_empty() {
            faults.push(format!("not Chinese: {:?}", page.foreign));
        }
        window.shoot(picture).await;
    }
    faults.extend(
        window
            .complaints()
            .await
            .into_iter()
            .map(|said| format!("the browser complains: {said}")),
    );
    faults.dedup();
    faults
}
