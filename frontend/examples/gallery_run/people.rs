//! Goods of a village, registers, people and the audit log.

use crate::books::village;
use crate::goods::refused;
use crate::{Gallery, at, cx, id, today};
use frontend::form::Form;
use frontend::shell::Frame;
use frontend::views::{audit, offer, person, register};
use shared::api::audit::AuditOut;
use shared::api::household::HouseholdOut;
use shared::api::import::{BadRow, ImportOut, RegisterCounts};
use shared::api::lot::LotOut;
use shared::api::offer::{OfferChoices, OfferIn, OfferOut, OfferRow, OfferVersionOut};
use shared::api::page::Page;
use shared::api::person::{LinkOut, PersonOut};
use shared::api::problem::FieldCode;
use shared::api::produce::ProduceOut;
use shared::api::seller::{SellerKind, SellerOut};
use shared::api::town::TownOut;
use shared::api::unit::{UnitKind, UnitOut};
use shared::domain::calendar::SeasonMonths;
use shared::domain::identity::{Grant, Role};
use shared::domain::money::Fen;
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use std::io;

fn produce(slug: &str, name: &str, category: &str) -> ProduceOut {
    ProduceOut {
        slug: slug.to_owned(),
        name: name.to_owned(),
        category: category.to_owned(),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        typical_price_fen: Fen(500),
        season: serde_json::from_str::<SeasonMonths>("\"10-11\"")
            .or_else(|_| serde_json::from_str("0"))
            .expect("months"),
        mark: String::new(),
    }
}

fn content(price: i64) -> OfferIn {
    OfferIn {
        village_code: "120119120214".to_owned(),
        produce: "shiitake".to_owned(),
        name: "鲜香菇".to_owned(),
        grade: "一级".to_owned(),
        pack: "5 斤纸箱".to_owned(),
        price_fen: Fen(price),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        min_qty: Qty(5000),
        step_qty: Qty(2500),
        seller_id: None,
        share: if price == 500 {
            SharePolicy::BasisPoints(9000)
        } else {
            SharePolicy::Whole
        },
        household_id: None,
        certificate_no: Some("LB-15-22010200001A".to_owned()),
        certificate_until: Some(today().add_days(300)),
        story: "冷棚袋栽,早上采,当天送。".to_owned(),
    }
}

fn version(number: i32, status: VersionStatus, price: i64) -> OfferVersionOut {
    OfferVersionOut {
        id: id(u32::try_from(number).unwrap_or_default()),
        number,
        status,
        content: content(price),
        reason: (status == VersionStatus::Returned).then(|| "单价比上周高一半,请说明".to_owned()),
        submitted_by: Some("王某某".to_owned()),
        created_at: at(-90),
        reviewed_at: None,
    }
}

fn the_offer(status: OfferStatus, pending: Option<VersionStatus>) -> OfferOut {
    let lot = |code: &str, days: i32, qty, reserved, sold| LotOut {
        id: id(800),
        code: code.to_owned(),
        harvested_on: today().add_days(days),
        good_until: Some(today().add_days(days + 5)),
        qty: Qty(qty),
        reserved: Qty(reserved),
        sold: Qty(sold),
        free: Qty(qty - reserved - sold),
    };
    OfferOut {
        id: id(401),
        status,
        village: village("120119120214", "官场村", 0),
        produce: produce("shiitake", "香菇", "菌菇"),
        seller: SellerOut {
            id: id(5),
            kind: SellerKind::VillageCollective,
            name: "官场村股份经济合作社".to_owned(),
            village_code: Some("120119120214".to_owned()),
        },
        live: status
            .on_sale()
            .then(|| version(1, VersionStatus::Published, 480)),
        pending: pending.map(|p| version(2, p, 500)),
        lots: vec![
            lot("GC261120A", -3, 500_000, 130_000, 200_000),
            lot("GC261126A", 3, 400_000, 0, 0),
        ],
    }
}

fn offer_row(
    n: u32,
    slug: &str,
    name: &str,
    status: OfferStatus,
    pending: Option<VersionStatus>,
) -> OfferRow {
    OfferRow {
        id: id(400 + n),
        status,
        pending,
        produce: slug.to_owned(),
        name: name.to_owned(),
        grade: "一级".to_owned(),
        village_code: "120119120214".to_owned(),
        village_name: "官场村".to_owned(),
        town_name: "出头岭镇".to_owned(),
        price_fen: Fen(500),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        free: Qty(170_000),
        reserved: Qty(130_000),
        sold: Qty(200_000),
        changed_at: at(-90),
    }
}

fn offers(gallery: &Gallery) -> io::Result<()> {
    let centre = |path| cx(Role::CentreOperator, "绿食中心", path);
    let lister = |path| cx(Role::VillageLister, "出头岭镇 官场村", path);
    let rows = Page {
        items: vec![
            offer_row(
                1,
                "shiitake",
                "鲜香菇",
                OfferStatus::Submitted,
                Some(VersionStatus::Submitted),
            ),
            offer_row(
                2,
                "bailing-mushroom",
                "白灵菇",
                OfferStatus::Published,
                Some(VersionStatus::Returned),
            ),
            offer_row(3, "persimmon", "磨盘柿", OfferStatus::Paused, None),
        ],
        next: None,
    };
    gallery.write("offers", &centre("/offers?state=submitted"), Frame::Full, |cx| {
        offer::offers(cx, &rows, Some("submitted"))
    })?;
    gallery.write("offers-village", &lister("/offers"), Frame::Full, |cx| {
        offer::offers(cx, &rows, None)
    })?;
    let in_review = the_offer(OfferStatus::Published, Some(VersionStatus::Submitted));
    gallery.write("offer-review", &centre("/offers/x"), Frame::Full, |cx| {
        offer::offer(cx, &in_review, &Form::default())
    })?;
    let returned = the_offer(OfferStatus::Returned, Some(VersionStatus::Returned));
    gallery.write("offer-returned", &lister("/offers/x"), Frame::Full, |cx| {
        offer::offer(cx, &returned, &Form::default())
    })?;
    let choices = OfferChoices {
        villages: vec![village("120119120214", "官场村", 0)],
        produce: vec![
            produce("shiitake", "香菇", "菌菇"),
            produce("persimmon", "磨盘柿", "鲜果"),
        ],
        sellers: vec![the_offer(OfferStatus::Draft, None).seller],
        households: vec![HouseholdOut {
            id: id(17),
            village_code: "120119120214".to_owned(),
            name: "017 户".to_owned(),
        }],
    };
    gallery.write("offer-new", &lister("/offers/new"), Frame::Full, |cx| {
        offer::edit(cx, None, &choices, &Form::default())
    })?;
    let form = refused(
        "price",
        FieldCode::NotANumber,
        &[
            ("name", "鲜香菇"),
            ("price", "五块"),
            ("share_kind", "basis_points"),
        ],
    );
    gallery.write("offer-refused", &centre("/offers/new"), Frame::Full, |cx| {
        offer::edit(cx, None, &choices, &form)
    })
}

fn unit() -> UnitOut {
    UnitOut {
        id: id(2),
        code: "12120119MB0000001X".to_owned(),
        name: "示例医院".to_owned(),
        kind: UnitKind::Hospital,
        address: "渔阳镇人民西大街 8 号".to_owned(),
        terms_days: 30,
        demo: true,
    }
}

fn the_person() -> PersonOut {
    let grant = |n, role, place: &str| Grant {
        id: id(n),
        role,
        unit_id: None,
        village_code: None,
        town_code: None,
        place_name: place.to_owned(),
    };
    PersonOut {
        id: id(3),
        sign_in_name: "li.caigou".to_owned(),
        name: "李某某".to_owned(),
        suspended: false,
        created_at: at(-9000),
        grants: vec![
            grant(1, Role::UnitRequester, "示例医院"),
            grant(2, Role::VillageLister, "出头岭镇 官场村"),
        ],
    }
}

/// Writes the pages.
pub fn write(gallery: &Gallery) -> io::Result<()> {
    offers(gallery)?;
    let centre = |path| cx(Role::CentreOperator, "绿食中心", path);
    let admin = |path| cx(Role::Admin, "", path);
    let counts = RegisterCounts {
        towns: 28,
        villages: 949,
        aided: 315,
        units: 135,
        pairings: 402,
    };
    let units = Page {
        items: vec![unit()],
        next: Some("k".to_owned()),
    };
    let import = ImportOut {
        rows: 135,
        created: 130,
        updated: 2,
        unchanged: 2,
        bad: vec![BadRow {
            line: 17,
            column: "kind".to_owned(),
            value: "医院".to_owned(),
            code: FieldCode::NotAChoice,
            bound: None,
            detail: String::new(),
        }],
    };
    gallery.write("register", &centre("/register"), Frame::Full, |cx| {
        register::register(cx, &counts, &units, &Form::default(), Some(&import))
    })?;
    let people = Page {
        items: vec![the_person()],
        next: None,
    };
    gallery.write("people", &admin("/people"), Frame::Full, |cx| {
        person::people(cx, &people)
    })?;
    let link = LinkOut {
        path: "http://127.0.0.1:3000/link/3f9a-example".to_owned(),
        expires_at: at(4000),
    };
    gallery.write("person", &admin("/people/x"), Frame::Full, |cx| {
        person::person(cx, &the_person(), Some(&link), &Form::default())
    })?;
    let towns = vec![TownOut {
        code: "120119120".to_owned(),
        name: "出头岭镇".to_owned(),
        villages: 36,
    }];
    gallery.write("person-new", &admin("/people/new"), Frame::Full, |cx| {
        person::new_person(cx, &Form::default(), &[unit()], &towns)
    })?;
    let row = |n: i64, action: &str, kind: &str, number: &str| AuditOut {
        id: id(900),
        at: at(-n * 13),
        person_name: Some("王某某".to_owned()),
        role: "centre_operator".to_owned(),
        action: action.to_owned(),
        object_kind: kind.to_owned(),
        object_id: number.to_owned(),
        detail: "代办 出头岭镇 官场村".to_owned(),
    };
    let log = Page {
        items: vec![
            row(
                1,
                "offer.publish",
                "offer",
                "01930000-0000-7000-8000-000000000401",
            ),
            row(
                2,
                "village_order.pack",
                "village_order",
                "01930000-0000-7000-8000-000000000104",
            ),
            row(3, "something.new", "thing", "T-1"),
        ],
        next: Some("k".to_owned()),
    };
    gallery.write("audit", &admin("/audit"), Frame::Full, |cx| {
        audit::audit(cx, &log, "")
    })
}
