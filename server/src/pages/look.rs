//! 显示: large type, dark, high contrast, language; kept in the browser.

use super::{Failure, Posted};
use crate::services::{App, Error};
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use frontend::text::Lang;
use frontend::{Look, Mode};
use shared::api::problem::FieldCode;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/modes", post(turn))
}

async fn turn(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let look = turned(visitor.look, &posted.text("turn"));
    let look = look.ok_or_else(|| visitor.fail(Error::field("turn", FieldCode::NotAChoice)))?;
    Ok(visitor.go_with_look(&posted.text("back"), look))
}

/// The look with one thing turned over.
fn turned(look: Look, what: &str) -> Option<Look> {
    Some(match what {
        "size" => Look {
            large: !look.large,
            ..look
        },
        "contrast" => Look {
            contrast: !look.contrast,
            ..look
        },
        "dark" => Look {
            mode: if look.mode == Mode::Dark {
                Mode::Light
            } else {
                Mode::Dark
            },
            ..look
        },
        "lang" => Look {
            lang: if look.lang == Lang::Zh { Lang::En } else { Lang::Zh },
            ..look
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_twice_leads_back() {
        for what in ["size", "contrast", "dark", "lang"] {
            let once = turned(Look::default(), what).expect("a thing that turns");
            assert_ne!(once, Look::default());
            assert_eq!(turned(once, what), Some(Look::default()), "{what}");
        }
        assert_eq!(turned(Look::default(), "upside down"), None);
    }
}
