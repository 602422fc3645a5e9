//! Where nothing is, and what is only posted to.

use super::{Failure, Visitor, see_other};
use crate::services::Error;
use axum::extract::MatchedPath;
use axum::http::{Method, Uri};
use axum::response::Response;
use shared::api::problem::Code;

/// Above an address that is only posted to, what has no page of its own either.
const WITHOUT_PAGE: [&str; 13] = [
    "/me/searches/{id}",
    "/me/sessions",
    "/me/sessions/{id}",
    "/me/tokens",
    "/me/tokens/{id}",
    "/offers/{id}/lots",
    "/offers/{id}/photos",
    "/offers/{id}/photos/{photo}",
    "/people/{id}/grants",
    "/people/{id}/grants/{grant}",
    "/people/{id}/link",
    "/people/{id}/second-factor",
    "/people/proposals/{proposal}",
];

/// The page of an address that leads nowhere.
pub async fn show(visitor: Visitor) -> Failure {
    visitor.fail(Error::not_found())
}

/// An address that forms are only posted to. Whoever asks for it has come back from signing in, or typed it again: they
/// are led to the page that its form stands on.
pub async fn only_posted(
    visitor: Visitor,
    method: Method,
    matched: MatchedPath,
    uri: Uri,
) -> Result<Response, Failure> {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Err(visitor.fail(Error::refused(Code::MethodNotAllowed)));
    }
    Ok(see_other(page_above(matched.as_str(), uri.path())))
}

/// The nearest page above an address, by the template of its route.
fn page_above<'p>(template: &str, path: &'p str) -> &'p str {
    let (mut template, mut path) = (template, path);
    while let (Some((above, _)), Some((begin, _))) = (template.rsplit_once('/'), path.rsplit_once('/')) {
        (template, path) = (above, begin);
        if !WITHOUT_PAGE.contains(&template) {
            break;
        }
    }
    if path.is_empty() { "/" } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_above_is_one_that_can_be_read() {
        for (template, path, above) in [
            ("/people/{id}/grants", "/people/7/grants", "/people/7"),
            (
                "/people/{id}/grants/{grant}/withdraw",
                "/people/7/grants/8/withdraw",
                "/people/7",
            ),
            (
                "/people/proposals/{proposal}/confirm",
                "/people/proposals/7/confirm",
                "/people/proposals",
            ),
            ("/me/password", "/me/password", "/me"),
            ("/step-up", "/step-up", "/"),
        ] {
            assert_eq!(page_above(template, path), above, "{template}");
        }
    }
}
