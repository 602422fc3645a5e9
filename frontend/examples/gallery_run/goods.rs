//! The goods on their way: board, village orders, acceptance.

use crate::{Gallery, at, cx, id, today};
use frontend::form::Form;
use frontend::shell::Frame;
use frontend::views::{acceptance, board, village_order};
use shared::api::acceptance::{
    AcceptanceLineOut, AcceptanceOut, AcceptanceRow, AcceptanceStatus, Signature, VarianceReason,
};
use shared::api::order::TimelineStep;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::village_order::{
    BoardColumn, BoardKey, BoardOut, OrderLineOut, VillageOrderOut, VillageOrderRow,
};
use shared::domain::identity::Role;
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as State;
use std::io;

fn row(n: u32, place: (&str, &str), goods: &str, unit: &str, sum: i64, state: State) -> VillageOrderRow {
    VillageOrderRow {
        id: id(100 + n),
        number: format!("V1121-{n:02}-1"),
        order_id: id(200 + n),
        order_number: format!("D1121-{n:02}"),
        unit_id: id(2),
        unit_name: unit.to_owned(),
        village_code: "120119120214".to_owned(),
        village_name: place.1.to_owned(),
        town_name: place.0.to_owned(),
        status: state,
        offered_at: at(-600),
        confirm_by: at(120 + i64::from(n) * 540),
        moved_at: at(-190 + i64::from(n) * 15),
        wanted_on: today().add_days(i32::from(n.is_multiple_of(2))),
        goods: goods.to_owned(),
        weight_g: Qty(200_000),
        total_fen: Fen(sum),
        confirmed_fen: if state == State::Offered { Fen(0) } else { Fen(sum) },
        accepted_fen: None,
        late: false,
        vehicle: match state {
            State::Collected | State::Delivered => "北线 2 号车".to_owned(),
            _ => String::new(),
        },
    }
}

fn late(mut row: VillageOrderRow) -> VillageOrderRow {
    row.late = true;
    row
}

fn the_board() -> BoardOut {
    let column = |key, rows: Vec<VillageOrderRow>| BoardColumn {
        key,
        count: i64::try_from(rows.len()).expect("a few"),
        rows,
    };
    BoardOut {
        day: today(),
        total: 61,
        waiting: 9,
        late: 2,
        due_g: Qty(1_920_000),
        credited_fen: Fen(1_820_650),
        columns: vec![
            column(
                BoardKey::Waiting,
                vec![
                    late(row(
                        0,
                        ("官庄镇", "砖瓦窑村"),
                        "磨盘柿 400 kg",
                        "示例医院",
                        64_000,
                        State::Offered,
                    )),
                    row(
                        2,
                        ("下营镇", "道古峪村"),
                        "板栗 80 斤",
                        "示例单位甲",
                        80_000,
                        State::Offered,
                    ),
                    row(
                        3,
                        ("桑梓镇", "刘家顶村"),
                        "白菜 200 斤",
                        "示例中学",
                        12_000,
                        State::Offered,
                    ),
                ],
            ),
            column(
                BoardKey::Confirmed,
                vec![
                    row(
                        4,
                        ("出头岭镇", "官场村"),
                        "香菇 260 斤 · 白灵菇 40 斤",
                        "示例医院",
                        150_000,
                        State::Confirmed,
                    ),
                    row(
                        5,
                        ("马伸桥镇", "育英洼村"),
                        "苹果 500 斤",
                        "示例医院",
                        200_000,
                        State::Shorted,
                    ),
                ],
            ),
            column(
                BoardKey::Packed,
                vec![
                    row(
                        6,
                        ("罗庄子镇", "杨家峪村"),
                        "红香酥梨 320 斤",
                        "示例机关",
                        128_000,
                        State::Packed,
                    ),
                    row(
                        7,
                        ("孙各庄乡", "隆福寺村"),
                        "蜂蜜 24 瓶",
                        "示例医院",
                        84_000,
                        State::Packed,
                    ),
                ],
            ),
            column(
                BoardKey::OnTheWay,
                vec![row(
                    8,
                    ("上仓镇", "程家庄村"),
                    "杂粮 150 斤",
                    "示例单位乙",
                    120_000,
                    State::Collected,
                )],
            ),
            column(
                BoardKey::AtTheDoor,
                vec![
                    late(row(
                        1,
                        ("出头岭镇", "中峪村"),
                        "白灵菇 120 斤",
                        "示例中学",
                        60_000,
                        State::Delivered,
                    )),
                    row(
                        12,
                        ("许家台镇", "二里店村"),
                        "核桃 60 斤",
                        "示例单位丙",
                        108_000,
                        State::Delivered,
                    ),
                ],
            ),
        ],
    }
}

fn order_line(n: u32, name: &str, price: i64, qty: i64, confirmed: Option<i64>) -> OrderLineOut {
    OrderLineOut {
        id: id(300 + n),
        offer_id: id(400 + n),
        produce: "shiitake".to_owned(),
        name: name.to_owned(),
        lot_code: format!("GC2611{n:02}A"),
        price_fen: Fen(price),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        qty: Qty(qty),
        confirmed_qty: confirmed.map(Qty),
        accepted_qty: None,
        total_fen: line_total(
            Price {
                fen: Fen(price),
                unit: PriceUnit::Jin,
            },
            Qty(qty),
        )
        .expect("small"),
        accepted_fen: None,
        reason: confirmed.filter(|c| *c < qty).map(|_| "采收不足".to_owned()),
    }
}

fn order(state: State) -> VillageOrderOut {
    let confirmed = |qty| (state != State::Offered).then_some(qty);
    let step = |minutes, action: &str, who: &str| TimelineStep {
        at: at(minutes),
        action: action.to_owned(),
        who: who.to_owned(),
        village_name: None,
        detail: String::new(),
    };
    VillageOrderOut {
        row: row(
            4,
            ("出头岭镇", "官场村"),
            "香菇 260 斤 · 白灵菇 40 斤",
            "示例医院",
            150_000,
            state,
        ),
        lines: vec![
            order_line(1, "鲜香菇 一级", 500, 130_000, confirmed(130_000)),
            order_line(2, "白灵菇", 500, 20_000, confirmed(15_000)),
        ],
        address: "渔阳镇人民西大街 8 号 示例医院食堂后门".to_owned(),
        contact: "赵师傅 6 号门".to_owned(),
        note: "早上 9 点前送到".to_owned(),
        timeline: vec![
            step(-600, "order.place", "示例医院 李某某"),
            step(-300, "village_order.short", "官场村 王某某"),
        ],
    }
}

struct Weighed<'a> {
    village: (&'a str, &'a str),
    name: &'a str,
    lot: &'a str,
    price: i64,
    unit: PriceUnit,
    qty: (i64, i64),
    reason: Option<VarianceReason>,
}

fn weighed(n: u32, line: &Weighed<'_>) -> AcceptanceLineOut {
    let total = |qty| {
        line_total(
            Price {
                fen: Fen(line.price),
                unit: line.unit,
            },
            Qty(qty),
        )
        .expect("small")
    };
    AcceptanceLineOut {
        line_id: id(500 + n),
        village_order_id: id(100 + n),
        village_code: line.village.0.to_owned(),
        village_name: line.village.1.to_owned(),
        produce: "shiitake".to_owned(),
        name: line.name.to_owned(),
        lot_code: line.lot.to_owned(),
        price_fen: Fen(line.price),
        price_unit: line.unit,
        piece_name: (line.unit == PriceUnit::Piece).then(|| "瓶".to_owned()),
        expected_qty: Qty(line.qty.0),
        accepted_qty: Qty(line.qty.1),
        accepted_fen: total(line.qty.1),
        expected_fen: total(line.qty.0),
        village_fen: total(line.qty.1),
        reason: line.reason,
        remark: String::new(),
        photo_id: line
            .reason
            .filter(|r| *r == VarianceReason::Damaged)
            .map(|_| id(9)),
    }
}

fn the_acceptance(status: AcceptanceStatus) -> AcceptanceOut {
    let signature = |name: &str, minutes| Signature {
        person_id: id(3),
        name: name.to_owned(),
        at: at(minutes),
    };
    let lines = vec![
        weighed(
            1,
            &Weighed {
                village: ("120119120214", "官场村"),
                name: "香菇 一级",
                lot: "20261120",
                price: 500,
                unit: PriceUnit::Jin,
                qty: (130_000, 129_200),
                reason: Some(VarianceReason::Weighing),
            },
        ),
        weighed(
            2,
            &Weighed {
                village: ("120119108001", "育英洼村"),
                name: "苹果 80#",
                lot: "20261119",
                price: 400,
                unit: PriceUnit::Jin,
                qty: (250_000, 250_000),
                reason: None,
            },
        ),
        weighed(
            3,
            &Weighed {
                village: ("120119201001", "隆福寺村"),
                name: "蜂蜜",
                lot: "20261001",
                price: 3500,
                unit: PriceUnit::Piece,
                qty: (24, 23),
                reason: Some(VarianceReason::Damaged),
            },
        ),
    ];
    let sum = |part: fn(&AcceptanceLineOut) -> Fen| Fen::checked_sum(lines.iter().map(part)).expect("small");
    AcceptanceOut {
        id: Some(id(600)),
        number: Some("Y1123-07".to_owned()),
        status,
        order_id: id(207),
        order_number: "D1121-07".to_owned(),
        unit_id: id(2),
        unit_name: "示例医院食堂".to_owned(),
        vehicle: "津C·冷链 2".to_owned(),
        expected_fen: sum(|l| l.expected_fen),
        accepted_fen: sum(|l| l.accepted_fen),
        lines,
        unit_signature: (status != AcceptanceStatus::Open).then(|| signature("李某某", 42)),
        centre_signature: (status == AcceptanceStatus::Posted).then(|| signature("孙某某", 47)),
        transaction_id: Some(id(700)),
        posted_at: (status == AcceptanceStatus::Posted).then(|| at(47)),
    }
}

/// A refused form.
pub fn refused(field: &str, code: FieldCode, values: &[(&str, &str)]) -> Form {
    Form {
        values: values
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        problems: vec![FieldProblem::new(field, code)],
        code: Some(Code::Invalid),
        short: Vec::new(),
    }
}

/// Writes the pages.
pub fn write(gallery: &Gallery) -> io::Result<()> {
    let centre = |path| cx(Role::CentreOperator, "绿食中心", path);
    let village = |path| cx(Role::VillageLister, "出头岭镇 官场村", path);
    let unit = |path| cx(Role::UnitRequester, "示例医院", path);
    gallery.write("board", &centre("/board"), Frame::Full, |cx| {
        board::board(cx, &the_board())
    })?;
    let rows = Page {
        items: vec![
            late(row(
                0,
                ("出头岭镇", "官场村"),
                "磨盘柿 400 kg",
                "示例医院",
                64_000,
                State::Offered,
            )),
            row(
                2,
                ("出头岭镇", "官场村"),
                "板栗 80 斤",
                "示例单位甲",
                80_000,
                State::Offered,
            ),
            row(
                4,
                ("出头岭镇", "官场村"),
                "香菇 260 斤 · 白灵菇 40 斤",
                "示例医院",
                150_000,
                State::Shorted,
            ),
            row(
                9,
                ("出头岭镇", "官场村"),
                "香菇 60 斤",
                "示例中学",
                30_000,
                State::Credited,
            ),
        ],
        next: Some("k".to_owned()),
    };
    gallery.write("village-orders", &village("/village-orders"), Frame::Full, |cx| {
        village_order::village_orders(cx, &rows, None)
    })?;
    let none = Page::empty();
    gallery.write(
        "village-orders-none",
        &village("/village-orders"),
        Frame::Full,
        |cx| village_order::village_orders(cx, &none, None),
    )?;
    for (name, state) in [("offered", State::Offered), ("shorted", State::Shorted)] {
        gallery.write(
            &format!("village-order-{name}"),
            &village("/village-orders/x"),
            Frame::Full,
            |cx| village_order::village_order(cx, &order(state), &Form::default()),
        )?;
    }
    let line: String = id::<serde_json::Value>(302)
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let form = refused(
        &format!("line.{line}.reason"),
        FieldCode::ReasonNeeded,
        &[(&format!("line.{line}.qty"), "30")],
    );
    gallery.write(
        "village-order-refused",
        &village("/village-orders/x"),
        Frame::Full,
        |cx| village_order::village_order(cx, &order(State::Offered), &form),
    )?;
    gallery.write(
        "village-order-packed",
        &centre("/village-orders/x"),
        Frame::Full,
        |cx| village_order::village_order(cx, &order(State::Packed), &Form::default()),
    )?;
    let qr: String = (0..29)
        .flat_map(|y| (0..29).map(move |x| (x, y)))
        .filter(|(x, y)| (x * y + x + y / 2) % 3 == 0)
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x + 4, y + 4))
        .collect();
    gallery.write("slip", &village("/village-orders/x/slip"), Frame::Sheet, |cx| {
        village_order::slip(
            cx,
            &order(State::Packed),
            &qr,
            37,
            "http://127.0.0.1:3000/village-orders/0193",
        )
    })?;
    gallery.write("weigh", &unit("/orders/x/acceptance"), Frame::Task, |cx| {
        acceptance::weigh(cx, &the_acceptance(AcceptanceStatus::Open), &Form::default())
    })?;
    gallery.write(
        "weigh-confirm",
        &centre("/orders/x/acceptance"),
        Frame::Task,
        |cx| acceptance::weigh(cx, &the_acceptance(AcceptanceStatus::Signed), &Form::default()),
    )?;
    gallery.write(
        "weigh-change",
        &centre("/orders/x/acceptance?change=1"),
        Frame::Task,
        |cx| acceptance::weigh(cx, &the_acceptance(AcceptanceStatus::Signed), &Form::default()),
    )?;
    gallery.write("weigh-wait", &unit("/orders/x/acceptance"), Frame::Task, |cx| {
        acceptance::weigh(cx, &the_acceptance(AcceptanceStatus::Signed), &Form::default())
    })?;
    gallery.write("acceptance", &centre("/acceptances/x"), Frame::Full, |cx| {
        acceptance::document(cx, &the_acceptance(AcceptanceStatus::Posted))
    })?;
    let rows = Page {
        items: vec![
            acceptance_row(AcceptanceStatus::Signed, 1),
            acceptance_row(AcceptanceStatus::Posted, 2),
        ],
        next: None,
    };
    gallery.write("acceptances", &centre("/acceptances"), Frame::Full, |cx| {
        acceptance::acceptances(cx, &rows)
    })
}

fn acceptance_row(status: AcceptanceStatus, n: u32) -> AcceptanceRow {
    AcceptanceRow {
        id: id(600 + n),
        number: format!("Y1123-{n:02}"),
        order_id: id(200 + n),
        order_number: format!("D1121-{n:02}"),
        unit_name: "示例医院".to_owned(),
        status,
        expected_fen: Fen(414_000),
        accepted_fen: Fen(409_700),
        created_at: at(0),
        posted_at: (status == AcceptanceStatus::Posted).then(|| at(20)),
    }
}
