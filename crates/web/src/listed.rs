//! Lists of the API: `?page=&page_size=` in, `count`, `next`, `previous`, `results` out.

use std::str::FromStr;

use kernel::{Page, PageRequest};
use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::{IntoParams, ToSchema};

use crate::Caller;

/// A part of a list, with the addresses of the parts around it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Listed<T> {
    /// Rows in the whole list.
    pub count: i64,
    /// The address of the next part.
    pub next: Option<String>,
    /// The address of the part before.
    pub previous: Option<String>,
    /// The rows of this part.
    pub results: Vec<T>,
}

impl<T> Listed<T> {
    /// This part of the list that the caller asked for.
    pub fn of(caller: &Caller, page: Page<T>) -> Self {
        let number = page.request.page();
        let address = |number: u32| {
            let path = with_page(&caller.meta.path, number);
            format!("{}{path}", caller.app.config().public_url)
        };
        let next = page.has_next().then(|| address(number.saturating_add(1)));
        let previous = page.has_previous().then(|| address(number.saturating_sub(1)));
        Self { count: page.count, next, previous, results: page.results }
    }

    /// A list that is given whole.
    pub fn whole(results: Vec<T>) -> Self {
        let count = i64::try_from(results.len()).unwrap_or(i64::MAX);
        Self { count, next: None, previous: None, results }
    }
}

/// The same address with another page in its query.
fn with_page(path: &str, page: u32) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let others = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("page="));
    let pairs: Vec<String> = others.map(str::to_owned).chain([format!("page={page}")]).collect();
    format!("{path}?{}", pairs.join("&"))
}

/// Which part of a list is wanted. Taken alone (`Query<PageQuery>`), or among a list's filters with
/// `#[serde(flatten)]`.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The part, from 1.
    #[serde(default, deserialize_with = "number")]
    #[param(value_type = Option<u32>, minimum = 1)]
    page: Option<u32>,
    /// Rows a part, at most 500; 25 unless said.
    #[serde(default, deserialize_with = "number")]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    page_size: Option<u32>,
}

impl PageQuery {
    /// The part that a list's own query names.
    pub const fn of(page: Option<u32>, page_size: Option<u32>) -> Self {
        Self { page, page_size }
    }

    /// The part, brought into its limits.
    pub fn request(self) -> PageRequest {
        let size = self.page_size.unwrap_or(PageRequest::default().page_size());
        PageRequest::new(self.page.unwrap_or(1), size)
    }
}

/// A number that comes as text, as in every query; serde's `flatten` would not read it otherwise. An empty one is none.
fn number<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| de::Error::custom("text:kernel-number-malformed"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_words_of_a_query_stay() {
        assert_eq!(with_page("/api/products", 2), "/api/products?page=2");
        assert_eq!(
            with_page("/api/products?q=choy&page=3&page_size=5", 4),
            "/api/products?q=choy&page_size=5&page=4"
        );
    }

    #[test]
    fn a_part_is_read_beside_filters() {
        #[derive(Deserialize)]
        struct Filters {
            q: String,
            #[serde(flatten)]
            part: PageQuery,
        }
        let read = |query| serde_urlencoded::from_str::<Filters>(query);
        let filters = read("q=a&page=2&page_size=7").unwrap();
        assert_eq!((filters.q.as_str(), filters.part.request()), ("a", PageRequest::new(2, 7)));
        assert_eq!(read("q=a&page=").unwrap().part.request(), PageRequest::default());
        assert!(read("q=a&page=x").is_err());
    }
}
