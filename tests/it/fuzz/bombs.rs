//! What is sent: good files to damage, and files that are made to burst.

use image::{DynamicImage, ImageFormat, RgbImage};
use std::io::{Cursor, Write as _};
use zip::write::{SimpleFileOptions, ZipWriter};

/// What it is, what it says it is, its bytes.
type Bomb = (&'static str, &'static str, Vec<u8>);

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Small good tables of every register that is older than this test.
pub const TABLES: [(&str, &str); 4] = [
    (
        "towns",
        "town_code,town\n120119102,官庄镇\n120119111,\"下,窝头镇\"\n",
    ),
    (
        "villages",
        "village_code,village,town_code,aided\n120119102201,塔院村,120119102,1\n120119102202,联合村,120119102,0\n",
    ),
    (
        "units",
        "unit_code,unit,kind,address,demo\n12120119MB0000001X,示例医院,hospital,渔阳镇人民西大街 8 号,1\n",
    ),
    (
        "pairings",
        "unit_code,village_code,from\n12120119MB0000001X,120119102201,2026-01-01\n",
    ),
];

/// A small good picture of every kind that is accepted.
pub fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(48, 32, |x, y| {
        let [x, y] = [x, y].map(|at| u8::try_from(at * 5).expect("a small picture"));
        image::Rgb([x, y, x ^ y])
    }));
    let written = |format| {
        let mut bytes = Cursor::new(Vec::new());
        picture
            .write_to(&mut bytes, format)
            .expect("a picture can be written");
        bytes.into_inner()
    };
    vec![
        ("image/png", written(ImageFormat::Png)),
        ("image/jpeg", written(ImageFormat::Jpeg)),
        ("image/webp", written(ImageFormat::WebP)),
    ]
}

/// Pictures that say they are small and are not, or the other way round.
pub fn for_pictures() -> Vec<Bomb> {
    let (mut tall, mut none) = (pictures()[0].1.clone(), pictures()[0].1.clone());
    // Width and height of a PNG stand at fixed places.
    tall[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1]);
    none[16..24].copy_from_slice(&[0; 8]);
    let mut jpeg = pictures()[1].1.clone();
    if let Some(at) = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]) {
        jpeg[at + 5..at + 9].copy_from_slice(&[0xff; 4]);
    }
    vec![
        ("a picture two thousand million pixels wide", "image/png", tall),
        ("a picture without pixels", "image/png", none),
        ("a photo of 65,535 by 65,535", "image/jpeg", jpeg),
        ("a spreadsheet as a photo", "image/png", sheet_of_zeroes(1 << 20)),
        ("nothing", "image/png", Vec::new()),
    ]
}

/// Tables made to burst.
pub fn for_registers() -> Vec<Bomb> {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\">".to_owned()
        + &(1..30)
            .map(|at| format!("<!ENTITY a{at} \"&a{};&a{};\">", at - 1, at - 1))
            .collect::<String>()
        + "]><sheet>&a29;</sheet>";
    vec![
        (
            "a spreadsheet of a gigabyte of zeroes",
            XLSX,
            sheet_of_zeroes(1 << 30),
        ),
        (
            "a spreadsheet of entities within entities",
            XLSX,
            sheet(laughs.as_bytes()),
        ),
        ("a spreadsheet cut in half", XLSX, sheet(b"<x/>")[..40].to_vec()),
        (
            "a million columns",
            "text/csv",
            ",".repeat(1_000_000).into_bytes(),
        ),
        (
            "a quote that never ends",
            "text/csv",
            [b"town_code,town\n\"".to_vec(), vec![b'x'; 5 << 20]].concat(),
        ),
        (
            "a million empty lines",
            "text/csv",
            [b"town_code,town\n".to_vec(), vec![b'\n'; 1_000_000]].concat(),
        ),
        (
            "two bytes a letter",
            "text/csv",
            "town_code,town\n"
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        ),
        ("zeroes", "text/csv", vec![0; 1 << 20]),
        (
            "only a heading, 60,000 times",
            "text/csv",
            b"town_code,town\n".repeat(60_000),
        ),
    ]
}

fn sheet_of_zeroes(bytes: usize) -> Vec<u8> {
    let block = vec![0; 1 << 20];
    zipped(|zip| {
        for _ in 0..bytes >> 20 {
            zip.write_all(&block).expect("memory takes it");
        }
    })
}

fn sheet(text: &[u8]) -> Vec<u8> {
    zipped(|zip| zip.write_all(text).expect("memory takes it"))
}

fn zipped(fill: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options)
        .expect("a new file");
    zip.write_all(b"<Types/>").expect("memory takes it");
    zip.start_file("xl/worksheets/sheet1.xml", options.large_file(true))
        .expect("a new file");
    fill(&mut zip);
    zip.finish().expect("memory takes it").into_inner()
}
