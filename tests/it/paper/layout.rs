//! Every kind of document as it is laid out: long ones over pages, long names, every character that is printed. The
//! files stay under the build's output, to be looked at.

use server::documents::paper::{
    BillFacts, BillLine, CertificateFacts, IncomeFacts, IncomeLine, Paper, ProduceSum, SettlementFacts,
    SettlementLine, Stamp, VillageSum, acceptance, bill, certificate, income, settlement,
};
use server::documents::pdf::{Job, prints, render};
use server::documents::qr;
use shared::api::acceptance::{
    AcceptanceLineOut, AcceptanceOut, AcceptanceStatus, Signature, VarianceReason,
};
use shared::domain::calendar::{Day, Micros};
use shared::domain::ledger::IncomeSource;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use std::path::Path;
use tests::pdf;
use tests::source::repository;
use uuid::Uuid;

const LONG_GOODS: &str = "盘山磨盘柿 特级精选礼盒装（冷链直送，附农残检测报告）";
const LONG_VILLAGE: &str = "孙各庄满族乡丈烟台满族民俗旅游特色村";
const UNIT: &str = "天津市蓟州区示例综合医院（含东院区、西院区及社区卫生服务中心）";

fn day() -> Day {
    Day::from_ymd(2026, 11, 21).expect("a day of the calendar")
}

fn at() -> Micros {
    day().start().plus_minutes(642)
}

/// The lines of a register that the program carries, by their first column and all others.
fn register(name: &str) -> Vec<Vec<String>> {
    let path = repository().join("server/src/demo/data").join(name);
    let mut reader = csv::Reader::from_path(path).expect("a register of the program");
    reader
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

fn villages() -> Vec<String> {
    let mut names: Vec<String> = register("villages.csv")
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    names[4] = LONG_VILLAGE.to_owned();
    names
}

fn goods(at: usize) -> String {
    if at % 11 == 3 {
        return LONG_GOODS.to_owned();
    }
    let produce = register("produce.csv");
    format!("{} 一级", produce[at % produce.len()][0])
}

fn fen(at: usize) -> Fen {
    Fen(129_200 + 991 * i64::try_from(at).expect("small"))
}

fn slip(lines: usize) -> AcceptanceOut {
    let villages = villages();
    let line = |at: usize| AcceptanceLineOut {
        line_id: Uuid::from_u128(1),
        village_order_id: Uuid::from_u128(2),
        village_code: format!("1201191{:05}", at / 3),
        village_name: villages[at / 3].clone(),
        produce: "apple".to_owned(),
        name: goods(at),
        lot_code: format!("P261120-{at:05}"),
        price_fen: Fen(500),
        price_unit: PriceUnit::Jin,
        piece_name: None,
        expected_qty: Qty(130_000),
        accepted_qty: Qty(if at.is_multiple_of(3) { 129_200 } else { 130_000 }),
        accepted_fen: fen(at),
        expected_fen: Fen(fen(at).0 + if at.is_multiple_of(3) { 800 } else { 0 }),
        village_fen: fen(at),
        reason: (at.is_multiple_of(3)).then_some(VarianceReason::Weighing),
        remark: if at.is_multiple_of(6) {
            "过秤时去掉了泥土和外叶".to_owned()
        } else {
            String::new()
        },
        photo_id: None,
    };
    let lines: Vec<AcceptanceLineOut> = (0..lines).map(line).collect();
    let signature = |name: &str| {
        Some(Signature {
            person_id: Uuid::nil(),
            name: name.to_owned(),
            at: at(),
        })
    };
    AcceptanceOut {
        id: Some(Uuid::nil()),
        number: Some("Y261121-7K3MP-1".to_owned()),
        status: AcceptanceStatus::Posted,
        part: 1,
        order_id: Uuid::nil(),
        order_number: "D261119-AB3CD".to_owned(),
        unit_id: Uuid::nil(),
        unit_name: UNIT.to_owned(),
        vehicle: "冷链 2 号车".to_owned(),
        expected_fen: Fen::checked_sum(lines.iter().map(|line| line.expected_fen)).expect("small"),
        accepted_fen: Fen::checked_sum(lines.iter().map(|line| line.accepted_fen)).expect("small"),
        lines,
        unit_signature: signature("欧阳慧敏"),
        centre_signature: signature("王建国"),
        transaction_id: Some(Uuid::from_u128(0x0193_502a_7c1e_7b3a_9f2e_1a2b_3c4d_5e6f)),
        posted_at: Some(at()),
    }
}

fn invoice(lines: usize) -> Paper {
    let villages = villages();
    let line = |at: usize| BillLine {
        acceptance: format!("Y261121-{at:05}-1"),
        day: day(),
        village: villages[at].clone(),
        goods: goods(at),
        amount_fen: fen(at),
    };
    let made = bill(BillFacts {
        unit_name: UNIT.to_owned(),
        unit_code: "12120119MB1234567X".to_owned(),
        over: "2026年11月".to_owned(),
        issued_on: day(),
        due_on: day().add_days(30),
        lines: (0..lines).map(line).collect(),
        total_fen: Fen::checked_sum((0..lines).map(fen)).expect("small"),
        corrected_fen: Fen(800),
        transfer_code: "JZ7K-3MPQ-X".to_owned(),
        bank: ["蓟州区绿食中心", "示例银行蓟州支行", "0200 1234 5678 9012 345"].map(str::to_owned),
    });
    made.expect("small sums")
}

fn payment(lines: usize) -> Paper {
    let line = |at: usize| SettlementLine {
        day: day(),
        document: format!("Y261121-{at:05}-1"),
        what: if at % 7 == 3 {
            format!("冲减 {}", goods(at))
        } else {
            goods(at)
        },
        unit: if at.is_multiple_of(5) {
            UNIT.to_owned()
        } else {
            "蓟州区示例中学".to_owned()
        },
        amount_fen: if at % 7 == 3 { Fen(-800) } else { fen(at) },
    };
    let made = settlement(SettlementFacts {
        village: format!("孙各庄满族乡 {LONG_VILLAGE}"),
        village_code: "120119203201".to_owned(),
        day: day(),
        payee: [
            "示例村股份经济合作社",
            "示例农商银行蓟州支行",
            "**** **** **** 9012",
        ]
        .map(str::to_owned),
        bank_says: "2026年11月22日 已到账".to_owned(),
        lines: (0..lines).map(line).collect(),
    });
    made.expect("small sums")
}

fn purchases(lines: usize) -> Paper {
    let villages = villages();
    let made = certificate(CertificateFacts {
        unit_name: UNIT.to_owned(),
        unit_code: "12120119MB1234567X".to_owned(),
        year: 2026,
        villages: (0..lines)
            .map(|at| VillageSum {
                town: if at % 4 == 0 {
                    "孙各庄满族乡"
                } else {
                    "官庄镇"
                }
                .to_owned(),
                village: villages[at].clone(),
                accepted_fen: fen(at),
                paid_fen: Fen(fen(at).0 / 2),
            })
            .collect(),
        produce: register("produce.csv")
            .into_iter()
            .take(3 * lines)
            .enumerate()
            .map(|(at, row)| ProduceSum {
                produce: row[0].clone(),
                qty: Qty(if at.is_multiple_of(3) { 61_292_500 } else { 400 }),
                unit: if at.is_multiple_of(3) {
                    PriceUnit::Jin
                } else {
                    PriceUnit::Piece
                },
                piece_name: (at % 3 > 0).then(|| "盒".to_owned()),
                accepted_fen: fen(at),
                paid_fen: Fen::ZERO,
            })
            .collect(),
    });
    made.expect("small sums")
}

fn statement(lines: usize) -> Paper {
    let line = |at: usize| {
        let dividend = at % 40 == 39;
        IncomeLine {
            seq: i64::try_from(at).expect("small") + 1,
            day: day(),
            document: format!("Y261121-{at:05}-1"),
            what: if dividend {
                "分红".to_owned()
            } else {
                format!("{}\n258.4 斤 × ¥5.00/斤", goods(at))
            },
            unit: match at % 5 {
                _ if dividend => String::new(),
                0 => UNIT.to_owned(),
                _ => "蓟州区示例中学".to_owned(),
            },
            source: if dividend {
                IncomeSource::Dividend
            } else {
                IncomeSource::Sale
            },
            credited_fen: if at % 17 == 9 { Fen(-800) } else { fen(at) },
            paid_fen: (!dividend).then(|| if at.is_multiple_of(3) { fen(at) } else { Fen::ZERO }),
            settled_fen: (!dividend).then(|| if at.is_multiple_of(6) { fen(at) } else { Fen::ZERO }),
        }
    };
    let made = income(&IncomeFacts {
        village: format!("孙各庄满族乡 {LONG_VILLAGE}"),
        village_code: "120119203201".to_owned(),
        year: 2026,
        month: None,
        target_fen: Fen(20_000_000),
        lines: (0..lines).map(line).collect(),
    });
    made.expect("small sums")
}

/// Lays a document out, and leaves it to be looked at.
async fn laid_out(paper: Paper, name: &str) -> Vec<u8> {
    let link = "http://127.0.0.1:3000/d/7K3MPQ4RXW2H9TBC";
    let stamp = Stamp {
        number: "Y261121-7K3MP-1".to_owned(),
        code: "7K3M-PQ4R-XW2H-9TBC".to_owned(),
        link: link.to_owned(),
        qr: qr::svg(link).expect("a short address"),
        issued_on: day(),
    };
    let job = Job {
        template: paper.template(),
        data: paper.stamped(stamp),
        ident: name.to_owned(),
        day: day(),
    };
    let bytes = render(job)
        .await
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("papers");
    std::fs::create_dir_all(&folder).expect("the build's output can be written");
    std::fs::write(folder.join(format!("{name}.pdf")), &bytes).expect("the build's output can be written");
    bytes
}

#[test]
fn every_name_of_the_registers_can_be_printed() {
    let mut names = 0;
    for file in ["towns.csv", "villages.csv", "produce.csv"] {
        for row in register(file) {
            let missing: String = row.concat().chars().filter(|c| !prints(*c)).collect();
            assert!(missing.is_empty(), "{file}: {row:?}: {missing} cannot be printed");
            names += 1;
        }
    }
    assert!(names >= 949 + 26 + 17, "{names} names");
    let signs =
        "0123456789¥−+×·…—‰℃№①（）《》〈〉“”‘’、，。：；！？%/-壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整零负〓";
    assert_eq!(signs.chars().filter(|c| !prints(*c)).collect::<String>(), "");
    // The table of general standard characters has 8,105.
    let han = ('\u{3400}'..='\u{2FFFF}').filter(|c| prints(*c)).count();
    assert!(han >= 8105, "{han} characters");
}

#[tokio::test]
async fn what_the_fonts_lack_is_seen_to_be_missing() {
    let mut out = slip(1);
    out.unit_name = "示例𪚥单位☺".to_owned();
    let paper = acceptance(&out, None).expect("small sums");
    assert!(pdf::words(&laid_out(paper, "missing").await).contains("示例〓单位〓"));
}

#[tokio::test]
async fn the_same_content_gives_the_same_bytes() {
    let paper = || acceptance(&slip(7), None).expect("small sums");
    let (first, second) = tokio::join!(laid_out(paper(), "same-1"), laid_out(paper(), "same-1"));
    assert_eq!(first, second);
    assert_eq!(laid_out(paper(), "same-1").await, first);
    let other = acceptance(&slip(6), None).expect("small sums");
    assert_ne!(laid_out(other, "same-1").await, first);
}

#[tokio::test]
async fn long_documents_repeat_their_heads() {
    for (name, paper, head, last) in [
        (
            "acceptance",
            acceptance(&slip(120), None).expect("small sums"),
            "货品村单价应收实收差额金额（元）",
            "欧阳慧敏",
        ),
        (
            "bill",
            invoice(120),
            "验收单验收日村货品金额（元）",
            "JZ7K-3MPQ-X",
        ),
        (
            "settlement",
            payment(120),
            "日期单据事项采购单位金额（元）",
            "村集体经办人",
        ),
        (
            "certificate",
            purchases(120),
            "乡镇村已验收（元）其中已付款（元）",
            "区绿食中心（盖章）",
        ),
        (
            "income",
            statement(120),
            "日期单据事项采购单位已入账（元）单位已付（元）已拨付（元）",
            "村集体（盖章）",
        ),
    ] {
        let bytes = laid_out(paper, name).await;
        let pages = pdf::pages(&bytes);
        assert!(pages.len() >= 3, "{name}: {} pages", pages.len());
        let last_page = pages.last().expect("it has pages");
        assert!(
            last_page.contains(last),
            "{name}: {last} stands at the end: {last_page}"
        );
        let on = pages.iter().filter(|page| page.contains(head)).count();
        assert!(
            on + 2 >= pages.len() && on >= 2,
            "{name}: its head is on {on} of {} pages",
            pages.len()
        );
        for (at, page) in pages.iter().enumerate() {
            let foot = format!("第{}页/共{}页", at + 1, pages.len());
            assert!(
                page.contains(&foot) && page.contains("7K3M-PQ4R-XW2H-9TBC"),
                "{name}: {page}"
            );
            assert!(
                at == 0 || page.contains("Y261121-7K3MP-1"),
                "{name}: page {at} says what it belongs to"
            );
        }
        println!("{name}: {} pages, {} bytes", pages.len(), bytes.len());
    }
}

#[tokio::test]
async fn short_documents_fit_a_page() {
    for (name, paper) in [
        (
            "acceptance-short",
            acceptance(&slip(5), None).expect("small sums"),
        ),
        ("bill-short", invoice(8)),
        ("settlement-short", payment(9)),
        ("certificate-short", purchases(1)),
        ("income-short", statement(5)),
        ("income-empty", statement(0)),
    ] {
        let bytes = laid_out(paper, name).await;
        assert_eq!(pdf::pages(&bytes).len(), 1, "{name}");
        assert!(bytes.len() < 300_000, "{name}: {} bytes", bytes.len());
    }
}
