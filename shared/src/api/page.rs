//! A bounded part of a list.

use serde::{Deserialize, Serialize};

/// One page of a list, keyset-paged: ask again with `after = next` for the following one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows, at most the limit asked for (100 at most).
    pub items: Vec<T>,
    /// The opaque key of the next page; `None` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page without rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }

    /// The same page with every row changed.
    #[must_use]
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}
