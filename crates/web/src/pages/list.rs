//! What a list page was asked for: `?q=&order=-created_at&page=2&page_size=25` and the list's own filters.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::PageRequest;

/// Longest search that is taken; what follows is cut off.
const MAX_SEARCH_CHARS: usize = 200;

/// The query of a list page, read leniently: what makes no sense is as if it were absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    path: String,
    pairs: Vec<(String, String)>,
}

impl ListQuery {
    /// Reads a path and its query.
    pub fn parse(path: &str, query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let pairs =
            pairs.into_iter().filter(|(_, value)| !value.is_empty() && !value.contains('\0')).collect();
        Self { path: path.to_owned(), pairs }
    }

    /// The value of a filter; `None` when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The words searched for, trimmed.
    pub fn q(&self) -> Option<String> {
        let typed: String = self.get("q")?.trim().chars().take(MAX_SEARCH_CHARS).collect();
        (!typed.is_empty()).then_some(typed)
    }

    /// The column ordered by and whether it runs down; only one of `allowed`, else `None`.
    pub fn order(&self, allowed: &[&'static str]) -> Option<(&'static str, bool)> {
        let asked = self.get("order")?;
        let (name, descending) = asked.strip_prefix('-').map_or((asked, false), |name| (name, true));
        allowed.iter().find(|column| **column == name).map(|column| (*column, descending))
    }

    /// The part of the list.
    pub fn page(&self) -> PageRequest {
        let number = |name| self.get(name).and_then(|value| value.parse().ok());
        let default = PageRequest::default();
        PageRequest::new(number("page").unwrap_or(1), number("page_size").unwrap_or(default.page_size()))
    }

    /// The path of the list, without its query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether anything is searched or filtered.
    pub fn is_filtered(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !matches!(name.as_str(), "order" | "page" | "page_size"))
    }

    /// The address of this list with these parameters changed; an empty value takes one away. The page goes back to
    /// the first unless it is among the changes.
    pub fn href(&self, changes: &[(&str, &str)]) -> String {
        self.href_of(&self.path, changes)
    }

    /// The same query at another path, for exports.
    pub fn href_of(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let kept = self
            .pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| *name != "page" && changes.iter().all(|(changed, _)| changed != name));
        let pairs: Vec<(&str, &str)> =
            kept.chain(changes.iter().copied().filter(|(_, value)| !value.is_empty())).collect();
        match serde_urlencoded::to_string(&pairs) {
            Ok(query) if !query.is_empty() => format!("{path}?{query}"),
            _ => path.to_owned(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.path(), parts.uri.query().unwrap_or_default()))
    }
}
