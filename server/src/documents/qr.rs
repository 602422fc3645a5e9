//! QR codes as paths of SVG, for pages and for paper.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Light modules around a code (ISO/IEC 18004).
const QUIET: usize = 4;

/// A text's QR code as SVG path data, one unit a module, and its size in modules with the quiet zone.
///
/// # Errors
/// The text is too long for a code.
pub fn path(text: &str) -> Result<(String, usize), QrError> {
    drawn(text, QUIET)
}

/// A text's QR code as a picture of its own, without a quiet zone: for white paper with enough room around it.
///
/// # Errors
/// The text is too long for a code.
pub fn svg(text: &str) -> Result<String, QrError> {
    let (path, size) = drawn(text, 0)?;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\"><path d=\"{path}\"/></svg>"
    ))
}

fn drawn(text: &str, quiet: usize) -> Result<(String, usize), QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + quiet, at / width + quiet));
        }
    }
    Ok((path, width + 2 * quiet))
}
