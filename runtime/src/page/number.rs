//! Pages by number: `?page=2&page_size=50`.

use diesel::dsl;
use diesel::query_dsl::methods::OrderDsl;
use serde::Serialize;

use super::{Address, InvalidPaging, whole};
use crate::connection::{Answers, Kind};
use crate::model::OrgScoped;
use crate::scoped::{CountScoped, PageScoped, Scoped};
use crate::selection::Yields;

/// Which page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    address: Address,
    page: u32,
}

impl Paging {
    /// Reads the path and query string of a request. Other parameters are kept for the links.
    ///
    /// # Errors
    /// [`InvalidPaging`] for a `page` below 1, a `page_size` outside 1 to [`MAX_SIZE`](super::MAX_SIZE), or text.
    ///
    /// ```
    /// use orgscope::page::Paging;
    /// assert!(Paging::read("/builds", "page=2&version=7").is_ok());
    /// assert!(Paging::read("/builds", "page=zero").is_err());
    /// ```
    pub fn read(path: &str, query: &str) -> Result<Paging, InvalidPaging> {
        let (address, page) = Address::read(path, query, "page")?;
        let page = page.map_or(Ok(1), |page| whole(&page, u32::MAX, "page"))?;
        Ok(Paging { address, page })
    }

    fn offset(&self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.address.size)
    }

    fn link(&self, page: u32) -> String {
        self.address.link("page", &page.to_string())
    }

    fn into_page<T>(self, count: i64, results: Vec<T>) -> Page<T> {
        let more = self.offset() + i64::from(self.address.size) < count;
        Page {
            count,
            next: (more && self.page < u32::MAX).then(|| self.link(self.page + 1)),
            previous: (self.page > 1).then(|| self.link(self.page - 1)),
            results,
        }
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// How many rows the whole list has.
    pub count: i64,
    /// The path and query of the next page; `None` on the last one.
    pub next: Option<String>,
    /// The path and query of the page before; `None` on the first one.
    pub previous: Option<String>,
    /// The rows.
    pub results: Vec<T>,
}

impl<T> Page<T> {
    /// The same page with other rows, as they are to be shown.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            count: self.count,
            next: self.next,
            previous: self.previous,
            results: self.results.into_iter().map(f).collect(),
        }
    }
}

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// One page of the rows in scope, in an order that should be total, and the count of them all: two statements from
    /// the same scope, or one if there is nothing. The order follows from the row alone: it is not the number of a selected column, and no window.
    /// It is for queries without `distinct` (rows that are equal are counted each).
    ///
    /// # Errors
    /// As [`load`](Self::load), and [`Error::Query`](crate::Error::Query) for a query with a `limit` or `offset` of its own.
    pub fn page<'q, 'c, C, K, U, O>(
        self,
        paging: Paging,
        order: O,
        conn: &'c mut C,
    ) -> K::Answer<'c, Page<U>>
    where
        C: Answers<K> + Send,
        K: Kind,
        U: Send + 'c,
        R: Yields<U> + Clone + Send + 'c,
        O: diesel::Expression + Clone + Send + 'c,
        M: 'c,
        Q: Clone + OrderDsl<O> + Send + 'c,
        dsl::Order<Q, O>: Send,
        Self: CountScoped<'q, C, K>,
        Scoped<M, dsl::Order<Q, O>, R>: PageScoped<'q, C, K, U>,
        'q: 'c,
    {
        if let Err(error) = self.may_be_cut() {
            return K::ready(Err(error));
        }
        let skipped = paging.offset();
        // What a filter names is asked for along with the total.
        let mut rows = self.clone();
        rows.pending = None;
        let rows = rows.order(order);
        K::in_turn(async move {
            let count = K::wait(self.total(&mut *conn)).await?;
            if count <= skipped {
                return Ok(paging.into_page(count, Vec::new()));
            }
            let size = i64::from(paging.address.size);
            let rows = K::wait(rows.cut(skipped, size, conn)).await?;
            Ok(paging.into_page(count, rows))
        })
    }
}
