//! Addresses with a query: every filter of a list lives in its address.

pub use super::pager::encode;

/// A path with those of the values that are there, encoded for an address.
#[must_use]
pub fn address(path: &str, query: &[(&str, Option<&str>)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .filter_map(|(name, value)| {
            value
                .filter(|v| !v.is_empty())
                .map(|v| format!("{name}={}", encode(v)))
        })
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_what_is_not_asked_for() {
        assert_eq!(address("/goods", &[("q", None), ("town", Some(""))]), "/goods");
        assert_eq!(
            address("/goods", &[("q", Some("柿 &")), ("season", Some("1"))]),
            "/goods?q=%E6%9F%BF%20%26&season=1"
        );
    }
}
