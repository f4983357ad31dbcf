//! Pages by number: `?page=2&page_size=50`.

use diesel::dsl;
use diesel::query_dsl::methods::{LimitDsl, OffsetDsl, OrderDsl, SelectDsl};
use serde::Serialize;

use crate::connection::{Answers, Kind};
use crate::fetch::{Chosen, Fetch, Statement, Yields};
use crate::model::OrgScoped;
use crate::scoped::{Refused, RunScoped, Scoped, Total, WhenEmpty};

/// Which page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    page: u32,
    size: u32,
    path: String,
    others: Vec<(String, String)>,
}

/// A query parameter of a page that is no number in range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a whole number in range")]
pub struct InvalidPaging(pub &'static str);

impl Paging {
    /// How many rows are on a page unless `page_size` says otherwise.
    pub const DEFAULT_SIZE: u32 = 20;
    /// How many rows `page_size` can ask for.
    pub const MAX_SIZE: u32 = 100;

    /// Reads the path and query string of a request. Other parameters are kept for the links.
    ///
    /// # Errors
    /// [`InvalidPaging`] for a `page` below 1, a `page_size` outside 1 to [`Paging::MAX_SIZE`], or text.
    ///
    /// ```
    /// use orgscope::page::Paging;
    /// assert!(Paging::read("/builds", "page=2&version=7").is_ok());
    /// assert!(Paging::read("/builds", "page=zero").is_err());
    /// ```
    pub fn read(path: &str, query: &str) -> Result<Paging, InvalidPaging> {
        let mut paging = Paging {
            page: 1,
            size: Paging::DEFAULT_SIZE,
            path: path.to_owned(),
            others: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "page" => paging.page = number(&value, u32::MAX, "page")?,
                other => {
                    if other == "page_size" {
                        paging.size = number(&value, Paging::MAX_SIZE, "page_size")?;
                    }
                    paging.others.push((name.into_owned(), value.into_owned()));
                }
            }
        }
        Ok(paging)
    }

    fn offset(&self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.size)
    }

    fn link(&self, page: u32) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.others)
            .append_pair("page", &page.to_string())
            .finish();
        format!("{}?{query}", self.path)
    }

    fn into_page<T>(self, count: i64, results: Vec<T>) -> Page<T> {
        let more = self.offset() + i64::from(self.size) < count;
        Page {
            count,
            next: (more && self.page < u32::MAX).then(|| self.link(self.page + 1)),
            previous: (self.page > 1).then(|| self.link(self.page - 1)),
            results,
        }
    }
}

fn number(text: &str, max: u32, name: &'static str) -> Result<u32, InvalidPaging> {
    match text.parse() {
        Ok(number) if (1..=max).contains(&number) => Ok(number),
        _ => Err(InvalidPaging(name)),
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

/// The query of one page.
type PageQuery<Q, O> = dsl::Offset<dsl::Limit<dsl::Order<Q, O>>>;

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// One page of the rows in scope, in an order that should be total, and the count of them all: two statements from
    /// the same scope, or one if there is nothing.
    ///
    /// # Errors
    /// As [`load`](Self::load).
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
        O: diesel::Expression + Send + 'c,
        M: 'c,
        Q: Clone + SelectDsl<Total<M>> + OrderDsl<O> + Send + 'c,
        dsl::Order<Q, O>: LimitDsl,
        dsl::Limit<dsl::Order<Q, O>>: OffsetDsl,
        PageQuery<Q, O>: Send,
        dsl::Select<Q, Total<M>>: Send,
        Scoped<M, dsl::Select<Q, Total<M>>, Chosen>: RunScoped<'q, C, K, i64>,
        Scoped<M, PageQuery<Q, O>, R>: RunScoped<'q, C, K, U>,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
        'q: 'c,
    {
        let mut scope = self;
        let pending = scope.pending.clone();
        let along = pending.clone().filter(|pending| pending.fits_total());
        let checked = along.as_ref().map(|pending| pending.checked.clone());
        if along.is_some() {
            scope.pending = None;
        }
        let total = scope.clone().select(Total { checked });
        let skipped = paging.offset();
        let rows = scope
            .order(order)
            .limit(i64::from(paging.size))
            .offset(skipped);
        K::in_turn(async move {
            let count = K::wait(total.run(&mut *conn, WhenEmpty::Skip)).await?;
            let count = match (count.first(), pending) {
                // Nothing is in scope, or something is refused: say what.
                (None | Some(-1), Some(pending)) => {
                    let failed = match pending.statement::<M>() {
                        Some(asked) => K::wait(asked.fetch(&mut *conn)).await?,
                        None => Vec::new(),
                    };
                    pending.outcome(&failed)?;
                    0
                }
                (count, _) => count.copied().unwrap_or(0),
            };
            if count <= skipped {
                return Ok(paging.into_page(count, Vec::new()));
            }
            let rows = K::wait(rows.run(conn, WhenEmpty::Skip)).await?;
            Ok(paging.into_page(count, rows))
        })
    }
}
