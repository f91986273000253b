//! A part of a long list, as every list of the API answers it.

use serde::Serialize;

/// Rows on a page when the caller does not say.
pub const DEFAULT_PAGE_SIZE: u32 = 25;
/// Rows on a page at most; SPEC asks catalog lists for at least 100.
pub const MAX_PAGE_SIZE: u32 = 500;

/// Which part of the list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    page: u32,
    page_size: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { page: 1, page_size: DEFAULT_PAGE_SIZE }
    }
}

impl PageRequest {
    /// Page `page` (from 1) of `page_size` rows, both brought into their limits.
    pub fn new(page: u32, page_size: u32) -> Self {
        Self { page: page.max(1), page_size: page_size.clamp(1, MAX_PAGE_SIZE) }
    }

    /// The page's number, from 1.
    pub const fn page(self) -> u32 {
        self.page
    }

    /// Rows a page.
    pub const fn page_size(self) -> u32 {
        self.page_size
    }

    /// Rows to take, for SQL.
    pub fn limit(self) -> i64 {
        i64::from(self.page_size)
    }

    /// Rows to skip, for SQL.
    pub fn offset(self) -> i64 {
        i64::from(self.page.saturating_sub(1)).saturating_mul(i64::from(self.page_size))
    }
}

/// A part of a list with the size of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Rows in the whole list.
    pub count: i64,
    /// The rows of this part.
    pub results: Vec<T>,
    /// Which part it is.
    #[serde(skip)]
    pub request: PageRequest,
}

impl<T> Page<T> {
    /// These rows of a list of `count`.
    pub const fn new(request: PageRequest, count: i64, results: Vec<T>) -> Self {
        Self { count, results, request }
    }

    /// The same part with every row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        let Self { count, results, request } = self;
        Page { count, results: results.into_iter().map(change).collect(), request }
    }

    /// Pages in the whole list, at least 1.
    pub fn pages(&self) -> i64 {
        let size = self.request.limit();
        ((self.count + size - 1) / size).max(1)
    }

    /// Whether a page comes after this one.
    pub fn has_next(&self) -> bool {
        i64::from(self.request.page()) < self.pages()
    }

    /// Whether a page stands before this one.
    pub fn has_previous(&self) -> bool {
        self.request.page() > 1
    }
}
