//! schemathesis tries the API, for every role and for nobody at all, with whatever its document allows and much that it
//! does not: no answer is a server's error, none is outside the document.
//!
//! `API_CASES` asks for more than the 5,000 of a usual run, `API_SEED` replays.

mod tries;

use std::collections::BTreeMap;
use tests::entrance;
use tests::running::{Running, setting};
use tries::{Tried, tries};

/// Cases of a usual run, over all roles together.
const CASES: usize = 5_000;

/// Everybody. A hundredth of the requests of each must go through: a run in which all are refused proves little.
const EVERYBODY: [&str; 10] = [
    "",
    "caigou",
    "shenpi",
    "caiwu",
    "guanchang",
    "zhongxin",
    "zhongxincaiwu",
    "chutouling",
    "shenji",
    // Last: an administrator may suspend the others.
    "guanli",
];

/// What the document's limits refuse is refused to everybody alike: these walk along all of them.
const AT_THE_EDGES: [&str; 3] = ["", "zhongxin", "guanli"];

#[test]
fn no_answer_is_outside_the_document() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the machine has threads");
    runtime.block_on(everybody());
}

async fn everybody() {
    let cases = setting("API_CASES").map_or(CASES, |text| text.parse().expect("API_CASES is a number"));
    let seed = setting("API_SEED").map_or_else(rand::random::<u32>, |text| {
        text.parse().expect("API_SEED is a number")
    });
    println!("API_SEED={seed}");
    let market = Running::demo(None).await;
    let ids = tries::things(&market).await;
    let mut tried = BTreeMap::new();
    let (others, administrator) = EVERYBODY.split_at(EVERYBODY.len() - 1);
    // Two at a time: each keeps one core of a small machine busy.
    for pair in others.chunks(2).chain([administrator]) {
        let mut running = Vec::new();
        for name in pair {
            let token = match *name {
                "" => String::new(),
                name => entrance::token(&market.url(), name, &market.password()).await,
            };
            let (site, ids) = (market.url(), ids.clone());
            let edges = AT_THE_EDGES.contains(name);
            let wanted = cases.div_ceil(EVERYBODY.len());
            running.push((
                *name,
                tokio::spawn(async move { tries(&site, &token, &ids, edges, wanted, seed).await }),
            ));
        }
        for (name, one) in running {
            tried.insert(name, one.await.expect("schemathesis can be run"));
        }
    }
    let total: usize = tried.values().map(|tried| tried.cases).sum();
    println!("{total} cases in all");
    let faults: Vec<String> = tried
        .iter()
        .flat_map(|(name, tried)| fault(name, tried))
        .collect();
    assert!(faults.is_empty(), "{}\n{}", faults.join("\n"), market.said());
    assert!(total >= cases, "{total} cases are fewer than {cases}");
    market.assert_clean().await;
}

fn fault(name: &str, tried: &Tried) -> Option<String> {
    let who = if name.is_empty() { "nobody" } else { name };
    println!(
        "{who}: {} cases, {} of them went through",
        tried.cases, tried.through
    );
    if !tried.passed {
        return Some(format!("{who}:\n{}", tried.said));
    }
    (tried.through * 100 < tried.cases)
        .then(|| format!("{who}: only {} of {} went through", tried.through, tried.cases))
}
