//! Writes the buying and public pages, filled with made-up values, as files to look at.
//!
//! `cargo run -p frontend --example gallery_buy -- <folder>`, then serve the folder over HTTP.

use frontend::form::Form;
use frontend::shell::{Assets, Frame, page};
use frontend::text::Lang;
use frontend::views::{basket, catalogue, home, offer_page, order, session, village};
use frontend::{Cx, Look, Mode};
use shared::api::basket::{BasketLine, BasketOut, BasketVillage};
use shared::api::catalogue::{Badge, CatalogueOut, CatalogueQuery, HomeOut, OfferCard, OfferPage};
use shared::api::lot::LotOut;
use shared::api::order::{FundType, OrderOut, OrderRow, OrderVillage, TimelineStep};
use shared::api::page::Page;
use shared::api::person::MeOut;
use shared::api::problem::{Code, FieldCode, FieldProblem, ShortLine};
use shared::api::produce::ProduceOut;
use shared::api::session::SessionOut;
use shared::api::token::{TokenOut, TokenSecretOut};
use shared::api::town::TownOut;
use shared::api::unit::{UnitKind, UnitOut};
use shared::api::village::{PublicCredit, VillageOut, VillageRow};
use shared::api::village_order::{OrderLineOut, VillageOrderRow};
use shared::domain::calendar::{Day, Micros, SeasonMonths};
use shared::domain::identity::{Grant, Role};
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus;
use std::io::Write as _;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name the folder to write to")?);
    std::fs::create_dir_all(&folder)?;
    write_assets(&folder)?;
    let assets: &'static Assets = Box::leak(Box::default());
    for (lang, ending) in [(Lang::Zh, ""), (Lang::En, "-en")] {
        let cx = |path: &str, me: bool| context(assets, lang, path, me);
        let write =
            |name: &str, html: String| std::fs::write(folder.join(format!("{name}{ending}.html")), html);
        public(&cx, &write)?;
        buying(&cx, &write)?;
        account(&cx, &write)?;
    }
    Ok(())
}

fn public(
    cx: &impl Fn(&str, bool) -> Cx,
    write: &impl Fn(&str, String) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let at = cx("/", true);
    write(
        "home",
        page(&at, Frame::Wide, at.t("首页", "Home"), |cx| {
            home::home(cx, &home_out())
        }),
    )?;
    let at = cx("/goods?season=1&town=120119120&min=1", true);
    let query = CatalogueQuery {
        season: Some("1".into()),
        town: Some("120119120".into()),
        min: Some("1".into()),
        ..CatalogueQuery::default()
    };
    let none = Form::default();
    let shelf = shelf(cards());
    write(
        "goods",
        page(&at, Frame::Full, "货品", |cx| {
            catalogue::catalogue(cx, &query, &shelf, &none)
        }),
    )?;
    let at = cx("/goods", false);
    let all = CatalogueQuery::default();
    write(
        "goods-all",
        page(&at, Frame::Full, "货品", |cx| {
            catalogue::catalogue(cx, &all, &shelf, &none)
        }),
    )?;
    let bad = Form {
        values: vec![("min".into(), "abc".into())],
        problems: vec![FieldProblem::new("min", FieldCode::NotANumber)],
        code: Some(Code::Invalid),
        ..Form::default()
    };
    let empty = self::shelf(vec![]);
    write(
        "goods-empty",
        page(&at, Frame::Full, "货品", |cx| {
            catalogue::catalogue(cx, &query, &empty, &bad)
        }),
    )?;
    let at = cx("/goods/1", true);
    write(
        "offer",
        page(&at, Frame::Full, "货品", |cx| {
            offer_page::offer_page(cx, &offer_out(), &none)
        }),
    )?;
    let refused = Form {
        values: vec![("qty".into(), "3".into()), ("unit".into(), "kg".into())],
        problems: vec![FieldProblem::bound("qty", FieldCode::TooSmall, "10 斤")],
        code: Some(Code::Invalid),
        ..Form::default()
    };
    write(
        "offer-refused",
        page(&at, Frame::Full, "货品", |cx| {
            offer_page::offer_page(cx, &offer_out(), &refused)
        }),
    )?;
    let at = cx("/villages?town=120119120", true);
    let rows = Page {
        items: villages(),
        next: Some("x".into()),
    };
    write(
        "villages",
        page(&at, Frame::Full, "村庄", |cx| {
            village::villages(cx, &towns(), None, "", &rows)
        }),
    )?;
    write(
        "village",
        page(&at, Frame::Full, "官场村", |cx| {
            village::village(cx, &village_out())
        }),
    )?;
    Ok(())
}

fn buying(
    cx: &impl Fn(&str, bool) -> Cx,
    write: &impl Fn(&str, String) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let none = Form::default();
    let at = cx("/basket", true);
    write(
        "basket",
        page(&at, Frame::Full, "篮子", |cx| {
            basket::basket(cx, &basket_out(), &none)
        }),
    )?;
    let at = cx("/basket", false);
    let nothing = BasketOut {
        villages: vec![],
        count: 0,
        total_fen: Fen(0),
    };
    write(
        "basket-empty",
        page(&at, Frame::Full, "篮子", |cx| {
            basket::basket(cx, &nothing, &none)
        }),
    )?;
    let at = cx("/orders/new", true);
    write(
        "checkout",
        page(&at, Frame::Full, "下单", |cx| {
            order::checkout(cx, &basket_out(), &unit(), &none)
        }),
    )?;
    let card = &cards()[2];
    let short = Form {
        values: vec![("address".into(), String::new())],
        problems: vec![FieldProblem::new("address", FieldCode::Required)],
        code: Some(Code::OutOfStock),
        short: vec![ShortLine {
            offer_id: card.id,
            name: card.name.clone(),
            asked: Qty(130_000),
            free: Qty(101_300),
        }],
    };
    write(
        "checkout-short",
        page(&at, Frame::Full, "下单", |cx| {
            order::checkout(cx, &basket_out(), &unit(), &short)
        }),
    )?;
    let at = cx("/orders", true);
    let rows = Page {
        items: order_rows(),
        next: None,
    };
    write(
        "orders",
        page(&at, Frame::Full, "订单", |cx| order::orders(cx, &rows, None)),
    )?;
    let empty = Page::empty();
    write(
        "orders-empty",
        page(&at, Frame::Full, "订单", |cx| order::orders(cx, &empty, None)),
    )?;
    write(
        "order",
        page(&at, Frame::Full, "订单", |cx| {
            order::order(cx, &order_out(), &none)
        }),
    )?;
    Ok(())
}

fn account(
    cx: &impl Fn(&str, bool) -> Cx,
    write: &impl Fn(&str, String) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let none = Form::default();
    let at = cx("/sign-in", false);
    let refused = Form {
        values: vec![("sign_in_name".into(), "li.cg".into())],
        code: Some(Code::WrongCredentials),
        ..Form::default()
    };
    write(
        "sign-in",
        page(&at, Frame::Wide, "登录", |cx| {
            session::sign_in(cx, &refused, "/")
        }),
    )?;
    write(
        "link",
        page(&at, Frame::Full, "设置密码", |cx| {
            session::link(cx, "s", "李采购", true, &none)
        }),
    )?;
    let at = cx("/me", true);
    let made = TokenSecretOut {
        token: token(),
        secret: "jz_4f9c1b2e7a6d4c0f8e3b5a7d9c1e2f40".into(),
    };
    write(
        "me",
        page(&at, Frame::Full, "我的账号", |cx| {
            session::me(cx, &sessions(), &[token()], Some(&made), &none)
        }),
    )?;
    Ok(())
}

fn context(assets: &'static Assets, lang: Lang, path: &str, me: bool) -> Cx {
    let now = Day::parse("2026-11-21").expect("a day").start().plus_minutes(642);
    Cx {
        look: Look {
            lang,
            mode: Mode::Light,
            large: false,
            contrast: false,
        },
        path: path.into(),
        csrf: "csrf".into(),
        key: "key".into(),
        now,
        today: now.day(),
        me: me.then(buyer),
        basket: 3,
        flash: None,
        assets,
    }
}

/// Ids need no meaning here: a number, written as one.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(number: u32) -> T {
    format!("00000000-0000-7000-8000-{number:012}")
        .parse()
        .expect("an id")
}

fn buyer() -> MeOut {
    let grant = |number, role, place: &str| Grant {
        id: id(number),
        role,
        unit_id: Some(id(700)),
        village_code: None,
        town_code: None,
        place_name: place.into(),
    };
    let active = grant(1, Role::UnitRequester, "示例医院");
    MeOut {
        person_id: id(800),
        sign_in_name: "li.cg".into(),
        name: "李采购".into(),
        active: active.clone(),
        grants: vec![active, grant(2, Role::UnitApprover, "示例医院")],
    }
}

fn cards() -> Vec<OfferCard> {
    let card =
        |number, produce: &str, name: &str, grade: &str, town: &str, village: &str, price, unit, share| {
            (
                number,
                produce.to_owned(),
                name.to_owned(),
                grade.to_owned(),
                town.to_owned(),
                village.to_owned(),
                price,
                unit,
                share,
            )
        };
    let (jin, kg, piece) = (PriceUnit::Jin, PriceUnit::Kg, PriceUnit::Piece);
    let rows = [
        (
            card(
                1,
                "persimmon",
                "磨盘柿",
                "一级",
                "官庄镇",
                "砖瓦窑村",
                160,
                kg,
                160,
            ),
            "10-11",
            Some(Badge::Geographical),
            4_200_000,
        ),
        (
            card(
                2,
                "apple",
                "红富士苹果",
                "80#",
                "马伸桥镇",
                "育英洼村",
                400,
                jin,
                360,
            ),
            "9-11",
            Some(Badge::Paired),
            900_000,
        ),
        (
            card(
                3,
                "shiitake",
                "鲜香菇",
                "一级",
                "出头岭镇",
                "官场村",
                500,
                jin,
                500,
            ),
            "1-12",
            Some(Badge::GreenFood),
            130_000,
        ),
        (
            card(
                4,
                "chestnut",
                "天津板栗",
                "油栗",
                "下营镇",
                "道古峪村",
                1000,
                jin,
                900,
            ),
            "9-11",
            Some(Badge::Urgent),
            2_150_000,
        ),
        (
            card(
                5,
                "crisp-pear",
                "红香酥梨",
                "",
                "罗庄子镇",
                "杨家峪村",
                400,
                jin,
                400,
            ),
            "9-12",
            None,
            0,
        ),
        (
            card(
                6,
                "honey",
                "荆花蜜",
                "500 克装",
                "孙各庄满族乡",
                "隆福寺村",
                4500,
                piece,
                3000,
            ),
            "6-8",
            None,
            96,
        ),
        (
            card(7, "walnut", "薄皮核桃", "", "下营镇", "船仓峪村", 1800, jin, 1800),
            "9-10",
            None,
            350_000,
        ),
        (
            card(
                8,
                "carp",
                "州河鲤",
                "二斤以上",
                "州河湾镇",
                "西龙虎峪村",
                1500,
                jin,
                1200,
            ),
            "9-12",
            Some(Badge::Geographical),
            420_000,
        ),
    ];
    rows.into_iter()
        .map(
            |(
                (number, produce, name, grade, town_name, village_name, price, unit, share),
                season,
                badge,
                free,
            )| OfferCard {
                id: id(number),
                produce,
                name,
                grade,
                village_code: format!("12011912{:04}", 200 + number),
                village_name,
                town_name,
                price_fen: Fen(price),
                price_unit: unit,
                piece_name: (unit == piece).then(|| "瓶".into()),
                village_fen: Fen(share),
                season: SeasonMonths::parse(season).expect("months"),
                badge,
                free: Qty(free),
            },
        )
        .collect()
}

fn shelf(items: Vec<OfferCard>) -> CatalogueOut {
    let next = (!items.is_empty()).then(|| "k".to_owned());
    CatalogueOut {
        page: Page { items, next },
        categories: categories(),
        towns: towns(),
    }
}

fn categories() -> Vec<String> {
    ["鲜果", "干果", "食用菌", "蔬菜", "水产", "蜂产品", "粮油"]
        .map(str::to_owned)
        .to_vec()
}

fn towns() -> Vec<TownOut> {
    [
        ("120119120", "出头岭镇", 36),
        ("120119108", "马伸桥镇", 34),
        ("120119115", "官庄镇", 28),
    ]
    .map(|(code, name, villages)| TownOut {
        code: code.into(),
        name: name.into(),
        villages,
    })
    .to_vec()
}

fn villages() -> Vec<VillageRow> {
    [
        ("官场村", "出头岭镇", 17_600_000, true, 3),
        ("育英洼村", "马伸桥镇", 14_200_000, true, 2),
        ("李四后村", "邦均镇", 10_800_000, true, 0),
        ("杨家峪村", "罗庄子镇", 8_600_000, false, 1),
        ("道古峪村", "下营镇", 21_345_678, true, 4),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, (name, town, credited, aided, offers))| VillageRow {
        code: format!("12011912{:04}", 203 + at),
        name: name.into(),
        town_code: "120119120".into(),
        town_name: town.into(),
        aided,
        target_fen: Fen(20_000_000),
        credited_fen: Fen(credited),
        offers,
    })
    .collect()
}

fn credits() -> Vec<PublicCredit> {
    [
        ("出头岭镇", "官场村", "香菇", 130_000, PriceUnit::Jin, 130_000),
        ("马伸桥镇", "育英洼村", "苹果", 250_000, PriceUnit::Jin, 200_000),
        (
            "罗庄子镇",
            "杨家峪村",
            "红香酥梨",
            160_000,
            PriceUnit::Jin,
            128_000,
        ),
        ("官庄镇", "砖瓦窑村", "磨盘柿", 400_000, PriceUnit::Kg, 64_000),
        ("下营镇", "道古峪村", "板栗", 40_000, PriceUnit::Jin, 80_000),
    ]
    .map(|(town, village, goods, qty, unit, sum)| PublicCredit {
        village_code: "120119120203".into(),
        village_name: village.into(),
        town_name: town.into(),
        goods: goods.into(),
        qty: Qty(qty),
        price_unit: unit,
        piece_name: None,
        amount_fen: Fen(sum),
        day: Day::parse("2026-11-21").expect("a day"),
    })
    .to_vec()
}

fn home_out() -> HomeOut {
    HomeOut {
        year: 2026,
        credited_fen: Fen(341_280_650),
        units: 135,
        villages: 315,
        categories: categories(),
        in_season: cards().into_iter().take(4).collect(),
        credits: credits(),
        near_target: villages(),
    }
}

fn offer_out() -> OfferPage {
    let card = cards().remove(2);
    let lot = |number: u32, harvested: &str, until: Option<&str>, free| LotOut {
        id: id(number),
        code: format!("JZ-1121-{number:04}"),
        harvested_on: Day::parse(harvested).expect("a day"),
        good_until: until.map(|u| Day::parse(u).expect("a day")),
        qty: Qty(free + 30_000),
        reserved: Qty(20_000),
        sold: Qty(10_000),
        free: Qty(free),
    };
    OfferPage {
        version_id: id(50),
        produce: ProduceOut {
            slug: "shiitake".into(),
            name: "香菇".into(),
            category: "食用菌".into(),
            price_unit: PriceUnit::Jin,
            piece_name: None,
            typical_price_fen: Fen(500),
            season: card.season,
            mark: "出头岭食用菌".into(),
        },
        village: villages().remove(0),
        seller_name: "官场村股份经济合作社".into(),
        pack: "5 斤纸箱".into(),
        story: "官场村有 40 座菌棚,凌晨采、上午到。菌盖厚、柄短,炖煮不散。".into(),
        min_qty: Qty(5000),
        step_qty: Qty(2500),
        certificate_no: Some("LB-21-1811021234A".into()),
        certificate_until: Day::parse("2028-03-31").ok(),
        lots: vec![
            lot(60, "2026-11-20", Some("2026-11-28"), 80_000),
            lot(61, "2026-11-24", None, 50_000),
        ],
        others: cards().into_iter().skip(3).take(3).collect(),
        card,
    }
}

fn village_out() -> VillageOut {
    VillageOut {
        village: villages().remove(0),
        year: 2026,
        offers: cards().into_iter().skip(1).take(3).collect(),
        credits: credits(),
    }
}

fn basket_out() -> BasketOut {
    let cards = cards();
    let line = |at: usize, qty: i64| {
        let offer = cards[at].clone();
        let price = Price {
            fen: offer.price_fen,
            unit: offer.price_unit,
        };
        BasketLine {
            total_fen: line_total(price, Qty(qty)).expect("a small sum"),
            version_id: offer.id,
            offer,
            qty: Qty(qty),
            min_qty: Qty(if at == 5 { 2 } else { 5000 }),
            step_qty: Qty(if at == 5 { 1 } else { 2500 }),
            on_sale: true,
        }
    };
    let groups = [
        vec![line(2, 150_000)],
        vec![line(1, 250_000), line(3, 40_000)],
        vec![line(5, 12)],
    ];
    let villages: Vec<_> = groups
        .into_iter()
        .map(|lines| BasketVillage {
            village_code: lines[0].offer.village_code.clone(),
            village_name: lines[0].offer.village_name.clone(),
            town_name: lines[0].offer.town_name.clone(),
            total_fen: Fen::checked_sum(lines.iter().map(|l| l.total_fen)).expect("a small sum"),
            lines,
        })
        .collect();
    let total_fen = Fen::checked_sum(villages.iter().map(|v| v.total_fen)).expect("a small sum");
    BasketOut {
        villages,
        count: 4,
        total_fen,
    }
}

fn unit() -> UnitOut {
    UnitOut {
        id: id(700),
        code: "12120119MB1234567X".into(),
        name: "示例医院".into(),
        kind: UnitKind::Hospital,
        address: "天津市蓟州区渔阳镇人民西大街 18 号 食堂后门".into(),
        terms_days: 30,
        demo: true,
    }
}

fn order_rows() -> Vec<OrderRow> {
    let now = Day::parse("2026-11-20").expect("a day").start().plus_minutes(552);
    [
        ("D1121-07", OrderStatus::PartConfirmed, 414_000, None),
        ("D1120-03", OrderStatus::Delivered, 260_000, None),
        (
            "D1118-02",
            OrderStatus::AcceptedWithVariance,
            129_200,
            Some(128_400),
        ),
        ("D1112-05", OrderStatus::Cancelled, 64_000, None),
    ]
    .into_iter()
    .zip(300u32..)
    .map(|((number, status, total, accepted), at)| OrderRow {
        id: id(at),
        number: number.into(),
        unit_id: id(700),
        unit_name: "示例医院".into(),
        status,
        placed_at: now,
        wanted_on: Day::parse("2026-11-22").expect("a day"),
        villages: 3,
        total_fen: Fen(total),
        accepted_fen: accepted.map(Fen),
    })
    .collect()
}

fn order_out() -> OrderOut {
    let order = order_rows().remove(0);
    let now = order.placed_at;
    let part = |number: u32, at: usize, status, qty: i64, confirmed: Option<i64>, reason: Option<&str>| {
        let card = cards().remove(at);
        let price = Price {
            fen: card.price_fen,
            unit: card.price_unit,
        };
        let total = line_total(price, Qty(qty)).expect("a small sum");
        OrderVillage {
            village_order: VillageOrderRow {
                id: id(number),
                number: format!("V1121-07-{}", number - 399),
                order_id: order.id,
                order_number: order.number.clone(),
                unit_id: order.unit_id,
                unit_name: order.unit_name.clone(),
                village_code: card.village_code.clone(),
                village_name: card.village_name.clone(),
                town_name: card.town_name.clone(),
                status,
                offered_at: now,
                confirm_by: now.plus_hours(36),
                moved_at: now,
                wanted_on: order.wanted_on,
                goods: card.name.clone(),
                weight_g: Qty(qty),
                total_fen: total,
                confirmed_fen: total,
                accepted_fen: None,
                late: false,
                vehicle: String::new(),
            },
            lines: vec![OrderLineOut {
                id: id(number + 50),
                offer_id: card.id,
                produce: card.produce.clone(),
                name: format!("{} {}", card.name, card.grade),
                lot_code: "JZ-1121-0060".into(),
                price_fen: card.price_fen,
                price_unit: card.price_unit,
                piece_name: None,
                qty: Qty(qty),
                confirmed_qty: confirmed.map(Qty),
                accepted_qty: None,
                total_fen: total,
                accepted_fen: None,
                reason: reason.map(str::to_owned),
            }],
        }
    };
    OrderOut {
        village_orders: vec![
            part(400, 2, VillageOrderStatus::Packed, 130_000, Some(130_000), None),
            part(
                401,
                1,
                VillageOrderStatus::Shorted,
                250_000,
                Some(200_000),
                Some("今早霜冻,够不上 80# 的拣出来了"),
            ),
            part(402, 3, VillageOrderStatus::Offered, 40_000, None, None),
        ],
        fund: FundType::Canteen,
        address: unit().address,
        contact: "食堂 王师傅 022-2910 0000".into(),
        note: "请走北门,10 点前到。".into(),
        requested_by: "李采购".into(),
        timeline: timeline(now),
        cancellable: true,
        acceptance_id: None,
        acceptable: true,
        order,
    }
}

fn timeline(now: Micros) -> Vec<TimelineStep> {
    let step = |minutes, action: &str, who: &str, village: Option<&str>, detail: &str| TimelineStep {
        at: now.plus_minutes(minutes),
        action: action.into(),
        who: who.into(),
        village_name: village.map(str::to_owned),
        detail: detail.into(),
    };
    vec![
        step(0, "order.place", "李采购", None, ""),
        step(75, "village_order.confirm", "张供货", Some("官场村"), ""),
        step(
            140,
            "village_order.short",
            "王供货",
            Some("育英洼村"),
            "今早霜冻,够不上 80# 的拣出来了",
        ),
        step(410, "village_order.pack", "张供货", Some("官场村"), ""),
    ]
}

fn sessions() -> Vec<SessionOut> {
    let at = Day::parse("2026-11-20").expect("a day").start().plus_minutes(500);
    [("Chrome · Windows", true), ("微信 · Android", false)]
        .into_iter()
        .zip(500u32..)
        .map(|((agent, current), number)| SessionOut {
            id: id(number),
            created_at: at,
            seen_at: at.plus_hours(20),
            expires_at: at.plus_days(30),
            agent: agent.into(),
            current,
        })
        .collect()
}

fn token() -> TokenOut {
    let at = Day::parse("2026-11-20").expect("a day").start();
    TokenOut {
        id: id(600),
        name: "食堂系统".into(),
        grant: buyer().active,
        created_at: at,
        expires_at: at.plus_days(90),
        seen_at: None,
    }
}

/// The style and the drawings beside the pages, under the names that pages ask for.
fn write_assets(folder: &Path) -> Result<(), Failure> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let assets = folder.join("assets");
    copy(&here.join("art"), &assets)?;
    let mut style = std::fs::File::create(assets.join("market.css"))?;
    for name in std::fs::read_to_string(here.join("style/order.txt"))?
        .lines()
        .filter(|line| !line.is_empty())
    {
        style.write_all(&std::fs::read(here.join("style").join(name))?)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
