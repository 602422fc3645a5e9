use super::*;

const TODAY: Day = Day(20_700);

fn offer() -> OfferIn {
    OfferIn {
        village_code: "120119102201".into(),
        produce: "persimmon".into(),
        name: "磨盘柿".into(),
        grade: "一级".into(),
        pack: String::new(),
        price_fen: Fen(300),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        min_qty: Qty(5000),
        step_qty: Qty(2500),
        seller_id: None,
        share: SharePolicy::Whole,
        household_id: None,
        certificate_no: None,
        certificate_until: None,
        story: String::new(),
    }
}

fn wrong(offer: &OfferIn) -> Vec<(String, FieldCode)> {
    problems(offer, TODAY)
        .into_iter()
        .map(|p| (p.field, p.code))
        .collect()
}

fn one(name: &str, code: FieldCode) -> Vec<(String, FieldCode)> {
    vec![(format!("offer.{name}"), code)]
}

#[test]
fn a_good_offer_has_no_problem() {
    assert!(wrong(&offer()).is_empty());
    assert!(
        wrong(&OfferIn {
            story: "第一行\r\n第二行".into(),
            ..offer()
        })
        .is_empty()
    );
    let certified = OfferIn {
        certificate_no: Some(" lb-15-1901270033a ".into()),
        certificate_until: Some(TODAY),
        ..offer()
    };
    assert!(wrong(&certified).is_empty());
}

#[test]
fn texts_have_their_lengths() {
    for (bad, name, code) in [
        (
            OfferIn {
                name: " ".into(),
                ..offer()
            },
            "name",
            FieldCode::Required,
        ),
        (
            OfferIn {
                name: "柿".into(),
                ..offer()
            },
            "name",
            FieldCode::TooShort,
        ),
        (
            OfferIn {
                name: "柿".repeat(41),
                ..offer()
            },
            "name",
            FieldCode::TooLong,
        ),
        (
            OfferIn {
                name: "磨\u{7}盘柿".into(),
                ..offer()
            },
            "name",
            FieldCode::BadCharacters,
        ),
        (
            OfferIn {
                grade: "一".repeat(21),
                ..offer()
            },
            "grade",
            FieldCode::TooLong,
        ),
        (
            OfferIn {
                pack: "箱".repeat(41),
                ..offer()
            },
            "pack",
            FieldCode::TooLong,
        ),
        (
            OfferIn {
                story: "好".repeat(601),
                ..offer()
            },
            "story",
            FieldCode::TooLong,
        ),
        (
            OfferIn {
                price_unit: PriceUnit::Piece,
                ..offer()
            },
            "piece_name",
            FieldCode::Required,
        ),
        (
            OfferIn {
                price_unit: PriceUnit::Piece,
                piece_name: Some("五个字的盒".into()),
                ..offer()
            },
            "piece_name",
            FieldCode::TooLong,
        ),
    ] {
        assert_eq!(wrong(&bad), one(name, code), "{bad:?}");
    }
}

#[test]
fn sums_and_amounts_have_their_bounds() {
    for (bad, name, code) in [
        (
            OfferIn {
                price_fen: Fen(0),
                ..offer()
            },
            "price_fen",
            FieldCode::TooSmall,
        ),
        (
            OfferIn {
                price_fen: Fen(PRICE_MAX_FEN + 1),
                ..offer()
            },
            "price_fen",
            FieldCode::TooLarge,
        ),
        (
            OfferIn {
                share: SharePolicy::BasisPoints(10_001),
                ..offer()
            },
            "share",
            FieldCode::TooLarge,
        ),
        (
            OfferIn {
                share: SharePolicy::FenPerUnit(-1),
                ..offer()
            },
            "share",
            FieldCode::TooSmall,
        ),
        (
            OfferIn {
                share: SharePolicy::FenPerUnit(301),
                ..offer()
            },
            "share",
            FieldCode::TooLarge,
        ),
        (
            OfferIn {
                min_qty: Qty(0),
                ..offer()
            },
            "min_qty",
            FieldCode::TooSmall,
        ),
        (
            OfferIn {
                step_qty: Qty(0),
                ..offer()
            },
            "step_qty",
            FieldCode::TooSmall,
        ),
        (
            OfferIn {
                min_qty: Qty(5001),
                ..offer()
            },
            "min_qty",
            FieldCode::NotAStep,
        ),
        (
            OfferIn {
                min_qty: Qty(i64::MAX),
                ..offer()
            },
            "min_qty",
            FieldCode::TooLarge,
        ),
    ] {
        assert_eq!(wrong(&bad), one(name, code), "{bad:?}");
    }
}

#[test]
fn a_certificate_has_number_and_last_day() {
    let with = |number: Option<&str>, until: Option<Day>| OfferIn {
        certificate_no: number.map(str::to_owned),
        certificate_until: until,
        ..offer()
    };
    let number = Some("LB-15-1901270033A");
    for (bad, name, code) in [
        (
            with(Some("LB-1"), Some(TODAY)),
            "certificate_no",
            FieldCode::NotACertificate,
        ),
        (with(number, None), "certificate_until", FieldCode::Required),
        (with(None, Some(TODAY)), "certificate_no", FieldCode::Required),
        (
            with(number, Some(TODAY.add_days(-1))),
            "certificate_until",
            FieldCode::TooEarly,
        ),
        (
            with(number, Some(TODAY.add_years(4))),
            "certificate_until",
            FieldCode::TooLate,
        ),
    ] {
        assert_eq!(wrong(&bad), one(name, code), "{bad:?}");
    }
}

#[test]
fn prices_of_jin_and_kg_rank_together() {
    assert_eq!(rank_fen(Fen(160), PriceUnit::Kg), 160);
    assert_eq!(rank_fen(Fen(80), PriceUnit::Jin), 160);
    assert_eq!(rank_fen(Fen(9900), PriceUnit::Piece), 9900);
}

#[test]
fn the_shelf_says_what_one_unit_adds_to_the_village() {
    let share = |share| OfferIn { share, ..offer() };
    let adds = |offer: &OfferIn, bp| village_fen(offer, FeeRate(bp)).expect("splits");
    assert_eq!(adds(&share(SharePolicy::Whole), 0), Fen(300));
    assert_eq!(adds(&share(SharePolicy::Whole), 100), Fen(297));
    assert_eq!(adds(&share(SharePolicy::BasisPoints(1000)), 0), Fen(30));
    assert_eq!(adds(&share(SharePolicy::FenPerUnit(50)), 100), Fen(50));
}
