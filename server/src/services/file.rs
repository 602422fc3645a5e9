//! 照片: what people photograph, re-encoded so that nothing but the picture is kept.

use super::idempotency::{self, Key};
use super::{App, Error, fault, right, session};
use crate::store;
use crate::store::file::NewFile;
use bytes::Bytes;
use futures::FutureExt as _;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use sha2::{Digest as _, Sha256};
use shared::api::file::FileOut;
use shared::api::problem::Code;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::io::Cursor;
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The largest upload.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The longest side of an upload, in pixels.
const MAX_SIDE: u32 = 12_000;
/// The most pixels of an upload.
const MAX_PIXELS: u64 = 40_000_000;
/// The most memory that decoding may take.
const MAX_ALLOC_BYTES: u64 = 256 * 1024 * 1024;
/// The longest side that is kept, in pixels.
const KEPT_SIDE: u32 = 1600;
/// How finely a kept picture is encoded.
const QUALITY: u8 = 82;

/// Decoding takes much memory: so many at once and no more.
static DECODING: std::sync::LazyLock<Arc<Semaphore>> =
    std::sync::LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// A picture as it is kept.
#[derive(Debug)]
pub(super) struct Kept {
    /// The picture itself.
    pub(super) jpeg: Vec<u8>,
    /// Its width.
    pub(super) width: u32,
    /// Its height.
    pub(super) height: u32,
}

/// Stores a photo: JPEG, PNG or WebP comes in, a JPEG of at most 1600 pixels without the camera's data is kept.
///
/// # Errors
/// `Forbidden` for one who has nothing to photograph; `TooLarge`; `UnsupportedFile`.
pub async fn store_photo(app: &App, actor: &Actor, bytes: impl Into<Bytes>) -> Result<FileOut, Error> {
    let file = prepare(app, actor, bytes.into()).await?;
    let (by, noted) = (actor.clone(), file.clone());
    app.db
        .write(move |tx| {
            let (by, noted) = (by.clone(), noted.clone());
            async move { note(tx, &by, noted).await }.boxed()
        })
        .await
}

/// The same, once for each key: a second time answers the photo that was stored first.
///
/// # Errors
/// As `store_photo`; `KeyReused`.
pub async fn store_photo_once(
    app: &App,
    actor: &Actor,
    bytes: impl Into<Bytes>,
    key: &Key,
) -> Result<FileOut, Error> {
    let bytes = bytes.into();
    let body = Sha256::digest(&bytes).to_vec();
    let file = prepare(app, actor, bytes).await?;
    let by = actor.clone();
    idempotency::once(app, actor.person_id, "file.store", key, &body, move |tx| {
        let (by, noted) = (by.clone(), file.clone());
        async move { note(tx, &by, noted).await }.boxed()
    })
    .await
}

/// Re-encodes a photo and puts its bytes away; a photo that is never noted afterwards is only a few bytes too many.
async fn prepare(app: &App, actor: &Actor, bytes: Bytes) -> Result<NewFile, Error> {
    let may = [
        Action::AcceptanceSignUnit,
        Action::AcceptanceSignCentre,
        Action::OfferWrite,
        Action::VillageOrderAnswer,
    ];
    if !may.iter().any(|action| actor.reach(*action).is_some()) {
        return Err(Error::refused(Code::Forbidden));
    }
    let [kept] = sizes(bytes, [KEPT_SIDE]).await?;
    let pixels = |side: u32| i32::try_from(side).map_err(fault);
    let file = NewFile {
        id: app.new_id(),
        sha256: Sha256::digest(&kept.jpeg).to_vec(),
        mime: "image/jpeg",
        bytes: i64::try_from(kept.jpeg.len()).map_err(fault)?,
        width: pixels(kept.width)?,
        height: pixels(kept.height)?,
        unit_id: actor.grant.unit_id,
        stored_by: actor.person_id,
        stored_at: app.now(),
    };
    app.files
        .put(file.id, kept.jpeg)
        .await
        .map_err(|error| fault(format!("a photo cannot be stored: {error}")))?;
    Ok(file)
}

/// A photo in several sizes, each at most so many pixels long, without the camera's data.
///
/// # Errors
/// `TooLarge`, asked before a pixel is decoded; `UnsupportedFile`.
pub(super) async fn sizes<const N: usize>(bytes: Bytes, sides: [u32; N]) -> Result<[Kept; N], Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::refused(Code::TooLarge));
    }
    let permit = Arc::clone(&DECODING).acquire_owned().await.map_err(fault)?;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        re_encode(&bytes, sides)
    });
    // A decoder that panics has met a file that is no picture.
    work.await
        .unwrap_or_else(|_| Err(Error::refused(Code::UnsupportedFile)))
}

async fn note(tx: &store::Tx, actor: &Actor, file: NewFile) -> Result<FileOut, Error> {
    let out = FileOut {
        id: file.id,
        bytes: file.bytes,
        width: file.width,
        height: file.height,
    };
    let mut entry = session::entry("file.store", "file", file.id);
    (entry.unit_id, entry.village_code) = (actor.grant.unit_id, actor.grant.village_code.clone());
    let at = file.stored_at;
    store::file::insert(tx, file).await?;
    store::audit::insert(tx, at, Some(actor), vec![entry]).await?;
    Ok(out)
}

fn re_encode<const N: usize>(bytes: &[u8], sides: [u32; N]) -> Result<[Kept; N], Error> {
    let largest = sides.iter().copied().max().unwrap_or(KEPT_SIDE);
    let rgb = DynamicImage::ImageRgb8(on_white(&decode(bytes, largest)?));
    let kept = sides
        .into_iter()
        .map(|side| encode(&rgb, side))
        .collect::<Result<Vec<_>, _>>()?;
    kept.try_into().map_err(|_| fault("a picture a size"))
}

fn encode(picture: &DynamicImage, side: u32) -> Result<Kept, Error> {
    let small;
    let shown = if picture.width() > side || picture.height() > side {
        small = picture.thumbnail(side, side);
        &small
    } else {
        picture
    };
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .encode_image(shown)
        .map_err(fault)?;
    Ok(Kept {
        jpeg,
        width: shown.width(),
        height: shown.height(),
    })
}

fn decode(bytes: &[u8], side: u32) -> Result<DynamicImage, Error> {
    let unsupported = || Error::refused(Code::UnsupportedFile);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| unsupported())?;
    if !matches!(
        reader.format(),
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)
    ) {
        return Err(unsupported());
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal_of(&error))?;
    let (width, height) = decoder.dimensions();
    // Asked before a single pixel is decoded: a small file can claim to be an enormous picture.
    let too_large = width > MAX_SIDE
        || height > MAX_SIDE
        || u64::from(width) * u64::from(height) > MAX_PIXELS
        || decoder.total_bytes() > MAX_ALLOC_BYTES;
    if too_large {
        return Err(Error::refused(Code::TooLarge));
    }
    let orientation = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal_of(&error))?;
    let mut small = if width > side || height > side {
        picture.thumbnail(side, side)
    } else {
        picture
    };
    if let Some(orientation) = orientation {
        small.apply_orientation(orientation);
    }
    Ok(small)
}

const fn refusal_of(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::refused(Code::TooLarge),
        _ => Error::refused(Code::UnsupportedFile),
    }
}

/// A picture without transparency, as JPEG has none.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, alpha] = rgba.get_pixel(x, y).0;
        let mix = |colour: u8| {
            let (colour, alpha) = (u16::from(colour), u16::from(alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([mix(r), mix(g), mix(b)])
    })
}

/// The bytes of a stored file with their kind. Everybody who is signed in may see a photo whose id they have been
/// shown: ids are not guessable, photos show goods, and the pages that name them are narrowed by right.
///
/// # Errors
/// `NotFound`.
pub async fn read(app: &App, actor: &Actor, id: Uuid) -> Result<(String, Vec<u8>), Error> {
    right::require(actor, Action::SelfRead, Place::DISTRICT)?;
    let row = store::file::by_id(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    let bytes = app
        .files
        .get(id)
        .await
        .map_err(|error| fault(format!("a photo cannot be read: {error}")))?;
    Ok((row.mime, bytes.ok_or_else(Error::not_found)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("memory takes it");
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_made_smaller_and_become_jpeg() {
        let wide = DynamicImage::new_rgb8(3200, 800);
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let [kept] = re_encode(&encoded(&wide, format), [KEPT_SIDE]).expect("a good picture");
            assert_eq!((kept.width, kept.height), (1600, 400));
            assert!(kept.jpeg.starts_with(b"\xFF\xD8\xFF"));
        }
        let [card, page] =
            re_encode(&encoded(&wide, ImageFormat::Jpeg), [480, 1280]).expect("a good picture");
        assert_eq!(
            (card.width, card.height, page.width, page.height),
            (480, 120, 1280, 320)
        );
        let clear = DynamicImage::new_rgba8(20, 30);
        let [kept] = re_encode(&encoded(&clear, ImageFormat::Png), [KEPT_SIDE]).expect("a good picture");
        let back = image::load_from_memory(&kept.jpeg)
            .expect("our own picture")
            .to_rgb8();
        assert_eq!((kept.width, kept.height), (20, 30));
        assert!(
            back.get_pixel(3, 3).0.iter().all(|colour| *colour > 250),
            "clear becomes white"
        );
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        let code = |bytes: &[u8]| re_encode(bytes, [KEPT_SIDE]).err().map(|error| error.code());
        assert_eq!(code(b""), Some(Code::UnsupportedFile));
        assert_eq!(
            code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            Some(Code::UnsupportedFile)
        );
        assert_eq!(
            code(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
            Some(Code::UnsupportedFile)
        );
        let good = encoded(&DynamicImage::new_rgb8(400, 400), ImageFormat::Png);
        assert_eq!(code(&good[..good.len() / 2]), Some(Code::UnsupportedFile));
        let long = encoded(&DynamicImage::new_luma8(30_000, 2), ImageFormat::Png);
        assert_eq!(code(&long), Some(Code::TooLarge));
        let many = encoded(&DynamicImage::new_luma8(7_000, 7_000), ImageFormat::Png);
        assert!(many.len() < MAX_BYTES, "a small file that is an enormous picture");
        assert_eq!(code(&many), Some(Code::TooLarge));
    }
}
