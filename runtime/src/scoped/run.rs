//! Terminal operations: where the scope becomes the last condition of the query.

use diesel::dsl;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, SelectDsl};

use super::Scoped;
use super::narrow::Narrowed;
use super::pending::Refused;
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Statement};
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::selection::{Chosen, Ones, Yields};

/// A scoped query that yields `U`s on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "this scoped query cannot be loaded as `{U}` on `{C}` [org114]",
    note = "Diesel does not accept the query, its selection or its row type on this connection; \
            models are selected with `#[derive(Queryable, Selectable)]`"
)]
pub trait RunScoped<'q, C, K: Kind, U: Send> {
    #[doc(hidden)]
    fn run<'c>(self, conn: &'c mut C, when_empty: WhenEmpty) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c;
}

/// What to do when the scope is empty.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum WhenEmpty {
    /// No rows, and no query.
    Skip,
    /// Ask all the same, with a condition that never holds: an aggregate of no rows is a row.
    Ask,
}

#[diagnostic::do_not_recommend]
impl<'q, M, Q, R, C, K, U> RunScoped<'q, C, K, U> for Scoped<M, Q, R>
where
    M: OrgScoped,
    K: Kind,
    U: Send,
    C: Send,
    Q: FilterDsl<InScope<M>> + Send,
    R: Send,
    Statement<dsl::Filter<Q, InScope<M>>, R>: Fetch<'q, C, K, U>,
    Statement<Refused<M>, Chosen>: Fetch<'static, C, K, i32>,
{
    fn run<'c>(mut self, conn: &'c mut C, when_empty: WhenEmpty) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        if let Some(pending) = self.pending.take() {
            return K::in_turn(async move {
                pending.look::<M, C, K>(&mut *conn).await?;
                K::wait(self.run(conn, when_empty)).await
            });
        }
        match self.narrow(when_empty) {
            (Narrowed::Nothing, _) => K::ready(Ok(Vec::new())),
            (Narrowed::Undecided, _) => K::ready(Err(Denied::Undecided.into())),
            (Narrowed::Some(query), rows) => Statement { query, rows }.fetch(conn),
        }
    }
}

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// Every row in scope. Returns a `Result` on a synchronous connection, a future of one on an asynchronous one.
    ///
    /// An empty scope runs no query. A superuser's query has a condition that always holds.
    ///
    /// # Errors
    /// What Diesel reports, as [`Error::Query`] or [`Error::Unavailable`].
    pub fn load<'q, 'c, C, K, U>(self, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        C: Answers<K>,
        K: Kind,
        U: Send + 'c,
        R: Yields<U>,
        Self: RunScoped<'q, C, K, U> + 'c,
        'q: 'c,
    {
        self.run(conn, WhenEmpty::Skip)
    }

    /// Diesel's other name for [`load`](Self::load).
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn get_results<'q, 'c, C, K, U>(self, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        C: Answers<K>,
        K: Kind,
        U: Send + 'c,
        R: Yields<U>,
        Self: RunScoped<'q, C, K, U> + 'c,
        'q: 'c,
    {
        self.load(conn)
    }

    /// The first row that the query yields. With an aggregate in `select`, an empty scope yields the aggregate of no rows.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is no row in scope; else as [`load`](Self::load).
    pub fn get_result<'q, 'c, C, K, U>(self, conn: &'c mut C) -> K::Answer<'c, U>
    where
        C: Answers<K>,
        K: Kind,
        U: Send + 'c,
        R: Yields<U>,
        Self: RunScoped<'q, C, K, U> + 'c,
        'q: 'c,
    {
        let when_empty = if R::EMPTY_IS_EMPTY {
            WhenEmpty::Skip
        } else {
            WhenEmpty::Ask
        };
        K::map(self.run(conn, when_empty), |rows| {
            let first = rows?.into_iter().next();
            first.ok_or(Error::Denied(Denied::NotFound))
        })
    }

    /// The first row, asked for with `LIMIT 1`.
    ///
    /// # Errors
    /// As [`get_result`](Self::get_result).
    pub fn first<'q, 'c, C, K, U>(self, conn: &'c mut C) -> K::Answer<'c, U>
    where
        C: Answers<K>,
        K: Kind,
        U: Send + 'c,
        R: Yields<U>,
        Q: LimitDsl,
        Scoped<M, dsl::Limit<Q>, R>: RunScoped<'q, C, K, U> + 'c,
        'q: 'c,
    {
        self.limit(1).get_result(conn)
    }

    /// The number of rows in scope.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn count<'q, 'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, i64>
    where
        C: Answers<K>,
        K: Kind,
        Q: SelectDsl<dsl::CountStar>,
        Scoped<M, dsl::Select<Q, dsl::CountStar>, Chosen>: RunScoped<'q, C, K, i64> + 'c,
        'q: 'c,
    {
        let count = self.select(dsl::count_star());
        K::map(count.run(conn, WhenEmpty::Skip), |rows| {
            Ok(rows?.first().copied().unwrap_or(0))
        })
    }

    /// Whether there is a row in scope.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn exists<'q, 'c, C, K>(self, conn: &'c mut C) -> K::Answer<'c, bool>
    where
        C: Answers<K>,
        K: Kind,
        Q: LimitDsl,
        Scoped<M, dsl::Limit<Q>, Ones>: RunScoped<'q, C, K, i32> + 'c,
        'q: 'c,
    {
        K::map(
            self.limit(1).rows(Ones).run(conn, WhenEmpty::Skip),
            |rows| Ok(!rows?.is_empty()),
        )
    }
}
