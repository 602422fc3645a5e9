//! What is sent: good files to damage, and files that are made to burst.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Read as _, Write as _};
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What it is, what it says it is, its bytes.
type Bomb = (&'static str, &'static str, Vec<u8>);

/// What a workbook says it is.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

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
    let mut webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    webp.extend([0xff; 6]);
    vec![
        ("a picture two thousand million pixels wide", "image/png", tall),
        ("a picture without pixels", "image/png", none),
        ("a photo of 65,535 by 65,535", "image/jpeg", jpeg),
        ("a canvas of 16,777,216 by 16,777,216", "image/webp", webp),
        (
            "a whole picture of 30,000 by 30,000",
            "image/png",
            grey(30_000, 30_000),
        ),
        ("a whole picture of 30,000 by 1", "image/png", grey(30_000, 1)),
        (
            "a whole picture of 12,000 by 12,000",
            "image/png",
            grey(12_000, 12_000),
        ),
        ("a spreadsheet as a photo", "image/png", sheet_of_zeroes(1 << 20)),
        ("nothing", "image/png", Vec::new()),
    ]
}

/// A black picture of one bit a pixel: whole, and small as a file.
fn grey(width: u32, height: u32) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let row = vec![0; 1 + width.div_ceil(8) as usize];
    for _ in 0..height {
        packed.write_all(&row).expect("memory takes it");
    }
    let packed = packed.finish().expect("memory takes it");
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", head), (b"IDAT", packed), (b"IEND", Vec::new())] {
        let length = u32::try_from(content.len()).expect("a small file");
        let named = [&kind[..], &content].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        png.extend(length.to_be_bytes());
        png.extend(named);
        png.extend(sum.sum().to_be_bytes());
    }
    png
}

/// Tables made to burst; whether each must be refused as a whole.
pub fn for_registers() -> Vec<(&'static str, &'static str, bool, Vec<u8>)> {
    let laughs: String = (1..30)
        .map(|at| format!("<!ENTITY a{at} \"&a{};&a{};\">", at - 1, at - 1))
        .collect();
    let laughs = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a0 \"ha\">{laughs}]><worksheet><sheetData><row><c \
         t=\"inlineStr\"><is><t>&a29;</t></is></c></row></sheetData></worksheet>"
    );
    let members = zipped(|zip| {
        for at in 0..2000 {
            zip.start_file(format!("xl/{at}.xml"), SimpleFileOptions::default())
                .expect("a new file");
        }
    });
    let endless = [b"town_code,town\n\"".to_vec(), vec![b'x'; 5 << 20]].concat();
    let two_bytes = "town_code,town\n".encode_utf16().flat_map(u16::to_le_bytes);
    vec![
        (
            "a spreadsheet of a quarter of a gigabyte of zeroes",
            XLSX,
            true,
            sheet_of_zeroes(1 << 28),
        ),
        (
            "a spreadsheet of entities within entities",
            XLSX,
            false,
            with_sheet(|_| laughs.clone()),
        ),
        (
            "a spreadsheet cut in half",
            XLSX,
            true,
            workbook_of(TABLES[0].1)[..1500].to_vec(),
        ),
        ("a spreadsheet of 2,000 files", XLSX, true, members),
        (
            "one long text named two million times",
            XLSX,
            true,
            one_text_again_and_again(2_000_000),
        ),
        (
            "a spreadsheet whose only cell is its last",
            XLSX,
            false,
            the_last_cell(),
        ),
        (
            "a million columns",
            "text/csv",
            false,
            ",".repeat(1_000_000).into_bytes(),
        ),
        ("a quote that never ends", "text/csv", true, endless),
        (
            "a million empty lines",
            "text/csv",
            false,
            [b"town_code,town\n".to_vec(), vec![b'\n'; 1_000_000]].concat(),
        ),
        ("two bytes a letter", "text/csv", true, two_bytes.collect()),
        ("zeroes", "text/csv", true, vec![0; 1 << 20]),
        (
            "only a heading, 60,000 times",
            "text/csv",
            true,
            b"town_code,town\n".repeat(60_000),
        ),
        (
            "eleven megabytes",
            "text/csv",
            true,
            b"120119102,x\n".repeat(1_000_000),
        ),
    ]
}

/// A good workbook of a small table.
pub fn workbook_of(table: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(table.as_bytes());
    for (row, record) in (0_u32..).zip(reader.records()) {
        for (column, cell) in (0_u16..).zip(&record.expect("a good table")) {
            sheet.write_string(row, column, cell).expect("a small sheet");
        }
    }
    book.save_to_buffer().expect("memory takes it")
}

/// The same workbook with one of the files in it changed.
pub fn with_a_member_changed(book: &[u8], number: usize, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut members = members_of(book);
    let number = number % members.len();
    members[number].1 = change(&members[number].1);
    packed(&members)
}

fn members_of(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(book)).expect("a good workbook");
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let mut member = archive.by_index(at).expect("a good workbook");
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).expect("a good workbook");
        let name = member.name().expect("a good workbook").into_owned();
        members.push((name, bytes));
    }
    members
}

fn packed(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .expect("a new file");
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// A text of 19,000 letters is stored once, and every cell names it: it would come to forty gigabytes.
fn one_text_again_and_again(cells: usize) -> Vec<u8> {
    let letters = "x".repeat(19_000);
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>1</v></c>".repeat(100));
    let table = format!("town_code,{letters}\n");
    with_sheet_of(&table, |sheet| {
        let (before, after) = sheet.split_once("</sheetData>").expect("a sheet has rows");
        [before, &row.repeat(cells / 100), "</sheetData>", after].concat()
    })
}

/// A good workbook with another sheet.
fn with_sheet(change: impl FnOnce(&str) -> String) -> Vec<u8> {
    with_sheet_of(TABLES[0].1, change)
}

fn with_sheet_of(table: &str, change: impl FnOnce(&str) -> String) -> Vec<u8> {
    let mut members = members_of(&workbook_of(table));
    let sheet = (members.iter_mut())
        .find(|(name, _)| name == "xl/worksheets/sheet1.xml")
        .expect("a workbook has a sheet");
    let text = String::from_utf8(std::mem::take(&mut sheet.1)).expect("a sheet is text");
    sheet.1 = change(&text).into_bytes();
    packed(&members)
}

/// What it claims to span would be seventeen thousand million cells.
fn the_last_cell() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet
        .write_string(1_048_575, 16_383, "x")
        .expect("a sheet's last cell");
    book.save_to_buffer().expect("memory takes it")
}

fn sheet_of_zeroes(bytes: usize) -> Vec<u8> {
    let block = vec![0; 1 << 20];
    zipped(|zip| {
        for _ in 0..bytes >> 20 {
            zip.write_all(&block).expect("memory takes it");
        }
    })
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
