//! Pictures as phones send them.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::Cursor;

/// Red on its left half, blue on its right.
fn two_halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([200, 20, 20])
        } else {
            Rgb([20, 20, 200])
        }
    }))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("memory takes it");
    bytes.into_inner()
}

/// A PNG of this size.
///
/// # Panics
/// Never.
#[must_use]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&two_halves(width, height), ImageFormat::Png)
}

/// A JPEG that a phone took lying on its side, with where it was taken: the camera's data say that it is to be turned to
/// the right by a quarter.
///
/// # Panics
/// Never.
#[must_use]
pub fn sideways_jpeg(width: u32, height: u32) -> Vec<u8> {
    let plain = encoded(&two_halves(width, height), ImageFormat::Jpeg);
    // APP1 with one TIFF entry: orientation (0x0112), a short, 6; then a place that nobody shall learn of.
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 40.0458N 117.4083E");
    let length = u16::try_from(exif.len() + 2).expect("a few bytes");
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xFF, 0xE1]);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&exif);
    bytes.extend_from_slice(&plain[2..]);
    bytes
}
