//! Rows one by one, in constant memory: `load_iter` on synchronous connections, `load_stream` on asynchronous ones, as
//! Diesel and diesel-async call them.

use diesel::dsl;
use diesel::query_dsl::methods::FilterDsl;

use super::Scoped;
use super::narrow::Narrowed;
use super::run::WhenEmpty;
use crate::error::{Denied, Error};
use crate::fetch::{Iterate, Statement, Yields};
use crate::model::OrgScoped;
use crate::predicate::InScope;

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// Every row in scope, one by one, on a synchronous connection.
    ///
    /// # Errors
    /// As [`load`](Self::load), before the first row or between two.
    pub fn load_iter<'q, 'c, C, U>(
        self,
        conn: &'c mut C,
    ) -> Result<Box<dyn Iterator<Item = Result<U, Error>> + 'c>, Error>
    where
        U: Send + 'c,
        R: Yields<U>,
        Q: FilterDsl<InScope<M>>,
        Statement<Q, R>: Iterate<'q, C, U> + 'c,
        Statement<dsl::Filter<Q, InScope<M>>, R>: Iterate<'q, C, U> + 'c,
        'q: 'c,
    {
        match self.narrow(WhenEmpty::Skip) {
            (Narrowed::Nothing, _) => Ok(Box::new(std::iter::empty())),
            (Narrowed::Undecided, _) => Err(Denied::Undecided.into()),
            (Narrowed::Everything(query), rows) => Statement { query, rows }.iterate(conn),
            (Narrowed::Some(query), rows) => Statement { query, rows }.iterate(conn),
        }
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use super::*;
    use crate::fetch::Stream;
    use futures_util::future::BoxFuture;
    use futures_util::stream::{BoxStream, StreamExt, empty};

    impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
        /// Every row in scope, one by one, on an asynchronous connection.
        ///
        /// # Errors
        /// As [`load`](Self::load), before the first row or between two.
        pub fn load_stream<'q, 'c, C, U>(
            self,
            conn: &'c mut C,
        ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
        where
            U: Send + 'c,
            R: Yields<U>,
            Q: FilterDsl<InScope<M>>,
            Statement<Q, R>: Stream<'q, C, U> + 'c,
            Statement<dsl::Filter<Q, InScope<M>>, R>: Stream<'q, C, U> + 'c,
            'q: 'c,
        {
            match self.narrow(WhenEmpty::Skip) {
                (Narrowed::Nothing, _) => Box::pin(std::future::ready(Ok(empty().boxed()))),
                (Narrowed::Undecided, _) => {
                    Box::pin(std::future::ready(Err(Denied::Undecided.into())))
                }
                (Narrowed::Everything(query), rows) => Statement { query, rows }.stream(conn),
                (Narrowed::Some(query), rows) => Statement { query, rows }.stream(conn),
            }
        }
    }
}
