//! Names of the district, as people type them.

use super::segment::{Names, Segment};
use super::*;
use crate::store::search::OfferFacts;
use std::sync::Arc;

const KINDS: [(&str, &str, &str, &str); 6] = [
    ("persimmon", "磨盘柿", "大盖柿,柿子,磨盘柿子,persimmon", "鲜果"),
    ("walnut", "黄花山核桃", "核桃,山核桃,walnut", "干果"),
    ("shiitake", "香菇", "花菇,冬菇,shiitake", "食用菌"),
    ("crisp-pear", "红香酥梨", "香酥梨,crisp pear", "鲜果"),
    ("carp", "州河鲤", "鲤鱼,carp", "水产"),
    ("grains", "杂粮", "小米,五谷,grains", "粮油"),
];

const VILLAGES: [(&str, &str); 4] = [
    ("120119102201", "塔院村"),
    ("120119120214", "官场村"),
    ("120119111253", "李四后村"),
    ("120119102202", "柿子沟村"),
];

const TOWNS: [(&str, &str); 3] = [
    ("120119102", "官庄镇"),
    ("120119111", "下窝头镇"),
    ("120119120", "出头岭镇"),
];

fn names() -> Names {
    let mut names = Names::default();
    for (slug, name, aliases, _) in KINDS {
        let texts = std::iter::once(name).chain(aliases.split(','));
        names
            .produce
            .insert(slug.to_owned(), texts.map(str::to_owned).collect());
    }
    names.villages = VILLAGES
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .into();
    names.towns = TOWNS
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .into();
    names
}

/// An offer: a number, its name, grade, kind and village.
fn offer(at: u128, name: &str, grade: &str, slug: &str, village: &str) -> OfferFacts {
    let kind = KINDS.iter().find(|(s, ..)| *s == slug).expect("a kind");
    OfferFacts {
        id: Uuid::from_u128(at),
        name: name.to_owned(),
        grade: grade.to_owned(),
        category: kind.3.to_owned(),
        produce: slug.to_owned(),
        village_code: village.to_owned(),
        town_code: village[..9].to_owned(),
        price_fen: 100 * i64::try_from(at).expect("small"),
        rank_fen: 100 * i64::try_from(at).expect("small"),
        published_at: i64::try_from(at).expect("small"),
        season: 1 << 9,
        certificate_kind: (at == 3).then(|| "green_food".to_owned()),
        certificate_until: (at == 3).then_some(20_000),
        mark: if slug == "persimmon" {
            "地理标志 2008"
        } else {
            ""
        }
        .to_owned(),
    }
}

fn state() -> State {
    let facts = [
        offer(1, "磨盘柿", "一级", "persimmon", VILLAGES[0].0),
        offer(2, "冻柿子", "", "persimmon", VILLAGES[1].0),
        offer(3, "鲜香菇", "A级", "shiitake", VILLAGES[1].0),
        offer(4, "核桃仁", "特级", "walnut", VILLAGES[2].0),
        offer(5, "红香酥梨", "一级", "crisp-pear", VILLAGES[3].0),
        offer(6, "于桥活鱼", "", "carp", VILLAGES[2].0),
        offer(7, "黄小米 2026", "", "grains", VILLAGES[0].0),
    ];
    State::of(Segment::new(&facts, &names()), Arc::new(names()))
}

const fn wanted<'w>(words: &'w [Word], filter: &'w Filter) -> Wanted<'w> {
    Wanted {
        words,
        filter,
        villages: None,
    }
}

fn found(query: &str) -> Vec<u128> {
    let words = words_of(query);
    assert!(!words.is_empty(), "{query}");
    let answer = state().find(
        wanted(&words, &Filter::default()),
        20_000,
        CatalogueSort::Best,
        None,
    );
    answer.found.iter().map(|found| found.id.as_u128()).collect()
}

#[test]
fn one_to_ten_characters_are_found_where_they_stand() {
    assert_eq!(
        found("柿"),
        [2, 1, 5],
        "names first, the newest of them first; then the village"
    );
    assert_eq!(
        found("磨盘"),
        [1, 2],
        "the kind answers for the name that does not say it"
    );
    assert_eq!(found("磨盘柿"), [1, 2]);
    assert_eq!(found("大盖柿"), [2, 1], "a kind goes by other names");
    assert_eq!(found("黄花山核桃"), [4]);
    assert_eq!(found("香"), [5, 3]);
}

#[test]
fn fields_are_weighed_and_words_hold_together() {
    assert_eq!(found("特级"), [4]);
    assert_eq!(found("官"), [3, 2, 7, 5, 1], "villages before towns");
    assert_eq!(found("官场"), [3, 2]);
    assert_eq!(found("官庄镇"), [7, 5, 1]);
    assert_eq!(found("鲜果"), [5, 2, 1]);
    assert_eq!(found("官庄 柿"), [1, 5]);
    assert_eq!(found("柿 一级 塔院"), [1]);
    assert!(found("官场 梨").is_empty());
}

#[test]
fn what_stands_nowhere_is_taken_apart() {
    assert_eq!(found("官庄柿"), [1, 5]);
    assert_eq!(found("塔院磨盘柿一级"), [1]);
    assert!(found("出头岭镇官场村的香菇").is_empty());
    assert_eq!(found("出头岭镇官场村香菇"), [3]);
    assert!(found("没有这种东西").is_empty());
}

#[test]
fn sounds_and_their_initials_are_found() {
    for query in ["mps", "MPS", "mopanshi", "mopan", "mops", "ｍｐｓ", "mo盘柿"] {
        assert_eq!(found(query).first(), Some(&1), "{query}");
    }
    assert_eq!(found("xg"), [3, 5, 2, 1], "香菇, then 鲜果");
    assert_eq!(found("xianxianggu"), [3]);
    assert_eq!(found("ht"), [4]);
    assert_eq!(found("gzz szgou"), [5], "the town and the village");
    assert_eq!(found("lshc"), [6, 4], "李四后村");
    assert_eq!(found("xm2026"), [7]);
    assert_eq!(found("2026"), [7]);
    assert_eq!(found("a级"), [3]);
}

#[test]
fn letters_may_have_a_slip_in_them_when_nothing_is_right() {
    assert_eq!(found("shitake"), [3]);
    assert_eq!(found("persimon"), [2, 1]);
    assert_eq!(found("hetoa"), [4]);
    assert_eq!(found("crisp paer"), [5]);
    assert!(found("banana").is_empty());
    assert!(found("xgz").is_empty(), "three letters are too few to guess");
}

#[test]
fn signs_are_signs() {
    assert!(found("%").is_empty());
    assert!(found("'; drop table offers; --").is_empty());
    assert!(
        found(&"柿".repeat(100)).len() == 3,
        "the same character is looked for once"
    );
    assert!(found(&"x".repeat(100)).is_empty());
}

#[test]
fn a_page_begins_behind_the_last_one_in_every_order() {
    let state = state();
    let (words, filter) = (words_of("官"), Filter::default());
    for sort in [
        CatalogueSort::Best,
        CatalogueSort::Newest,
        CatalogueSort::Cheapest,
        CatalogueSort::Dearest,
    ] {
        let asked = wanted(&words, &filter);
        let all = state.find(asked, 0, sort, None).found;
        assert_eq!(all.len(), 5);
        for at in 0..all.len() {
            let after = (key(&all[at], sort), all[at].id);
            let rest = state.find(asked, 0, sort, Some(after)).found;
            assert_eq!(rest, all[at + 1..], "{sort:?} behind {at}");
        }
    }
}

#[test]
fn filters_narrow_what_is_found() {
    let state = state();
    let count = |change: fn(&mut Filter)| {
        let mut filter = Filter::default();
        change(&mut filter);
        state.all(wanted(&words_of("官"), &filter), 20_000).len()
    };
    assert_eq!(count(|f| f.town = Some("120119102".into())), 3);
    assert_eq!(count(|f| f.town = Some("120119999".into())), 0);
    assert_eq!(count(|f| f.produce = Some("persimmon".into())), 2);
    assert_eq!(
        count(|f| f.mark = Some(crate::store::catalogue::Mark::Geographical)),
        2
    );
    assert_eq!(
        count(|f| f.mark = Some(crate::store::catalogue::Mark::GreenFood)),
        1
    );
    assert_eq!(count(|f| (f.min_fen, f.max_fen) = (Some(200), Some(300))), 2);
    assert_eq!(count(|f| f.season_bit = Some(1)), 0);
    assert_eq!(count(|f| f.published_after = Some(5)), 1);
    let filter = Filter {
        paired: true,
        ..Filter::default()
    };
    let villages = [VILLAGES[1].0.to_owned(), "120119999999".to_owned()];
    let asked = Wanted {
        words: &[],
        filter: &filter,
        villages: Some(&villages),
    };
    assert_eq!(state.all(asked, 20_000).len(), 2, "of the villages of one's unit");
}

/// What each choice of each filter would leave, counted the long way round.
#[test]
fn choices_are_counted_beside_the_other_filters() {
    use crate::store::catalogue::Mark;
    let (state, villages) = (state(), vec![VILLAGES[1].0.to_owned(), VILLAGES[2].0.to_owned()]);
    let filters: [fn(&mut Filter); 6] = [
        |_| {},
        |f| f.mark = Some(Mark::Geographical),
        |f| f.town = Some("120119102".into()),
        |f| f.paired = true,
        |f| (f.paired, f.category) = (true, Some("鲜果".into())),
        |f| (f.season_bit, f.max_fen) = (Some(1), Some(400)),
    ];
    for (at, change) in filters.into_iter().enumerate() {
        for words in [words_of(""), words_of("官")] {
            let mut filter = Filter::default();
            change(&mut filter);
            let left = |change: &dyn Fn(&mut Filter)| {
                let mut filter = filter.clone();
                change(&mut filter);
                let asked = Wanted {
                    villages: Some(&villages),
                    ..wanted(&words, &filter)
                };
                i64::try_from(state.all(asked, 20_000).len()).expect("small")
            };
            let question = count::Question {
                words: words.clone(),
                filter: filter.clone(),
                villages: Some(villages.clone()),
                today: 20_000,
            };
            let counts = state.counts(&question, 1 << 9);
            assert_eq!(counts.total, left(&|_| {}), "{at}");
            for choice in counts.listed() {
                let value = choice.value.clone();
                let expected = left(&|f| match choice.filter.as_str() {
                    "category" => f.category = Some(value.clone()),
                    "town" => f.town = Some(value.clone()),
                    "certified" => f.mark = Mark::ALL.into_iter().find(|mark| mark.name() == value),
                    "season" => f.season_bit = Some(1 << 9),
                    _ => f.paired = true,
                });
                assert_eq!(choice.offers, expected, "{at}: {} {value}", choice.filter);
            }
            let again = state.counts(&question, 1 << 9);
            assert!(Arc::ptr_eq(&counts, &again), "counted once");
        }
    }
}

#[test]
fn many_offers_are_searched_by_their_few_texts() {
    let facts: Vec<OfferFacts> = (0..2000_u128)
        .map(|at| {
            let kind = KINDS[usize::try_from(at).expect("small") % KINDS.len()];
            let village = VILLAGES[usize::try_from(at / 7).expect("small") % VILLAGES.len()].0;
            let name = format!("{} {}", kind.1, at % 50);
            let mut facts = offer(1, &name, "", kind.0, village);
            facts.id = Uuid::from_u128(at + 1);
            facts
        })
        .collect();
    let state = State::of(Segment::new(&facts, &names()), Arc::new(names()));
    let count = |query: &str| state.all(wanted(&words_of(query), &Filter::default()), 0).len();
    assert_eq!(count("柿"), 760, "the kind, and what else grows at 柿子沟");
    assert_eq!(count("磨盘柿"), 334);
    assert_eq!(count("hhshetao"), 334);
}
