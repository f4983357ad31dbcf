//! Rows one by one, in constant memory: `load_iter` on synchronous connections, `load_stream` on asynchronous ones, as
//! Diesel and diesel-async call them.

use diesel::dsl;
use diesel::query_dsl::methods::FilterDsl;

use super::Scoped;
use super::narrow::Narrowed;
use super::pending::Refused;
use super::run::WhenEmpty;
use crate::connection::Blocking;
use crate::error::{Denied, Error};
use crate::fetch::{Fetch, Iterate, Statement};
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::selection::{Chosen, Yields};

impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
    /// Every row in scope, one by one, on a synchronous connection.
    ///
    /// # Errors
    /// As [`load`](Self::load), before the first row or between two.
    pub fn load_iter<'q, 'c, C, U>(
        mut self,
        conn: &'c mut C,
    ) -> Result<Box<dyn Iterator<Item = Result<U, Error>> + 'c>, Error>
    where
        C: Send,
        U: Send + 'c,
        Statement<Refused<M>, Chosen>: Fetch<'static, C, Blocking, i32>,
        R: Yields<U>,
        Q: FilterDsl<InScope<M>>,
        Statement<dsl::Filter<Q, InScope<M>>, R>: Iterate<'q, C, U> + 'c,
        'q: 'c,
    {
        if let Some(pending) = self.pending.take() {
            let statement = pending.statement::<M>();
            let failed = statement.map_or(Ok(Vec::new()), |asked| asked.fetch(&mut *conn))?;
            pending.outcome(&failed)?;
        }
        match self.narrow(WhenEmpty::Skip) {
            (Narrowed::Nothing, _) => Ok(Box::new(std::iter::empty())),
            (Narrowed::Undecided, _) => Err(Denied::Undecided.into()),
            (Narrowed::Some(query), rows) => Statement { query, rows }.iterate(conn),
        }
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use super::*;
    use crate::connection::Asynchronous;
    use crate::fetch::Stream;
    use futures_util::future::BoxFuture;
    use futures_util::stream::{BoxStream, StreamExt, empty};

    impl<M: OrgScoped, Q, R> Scoped<M, Q, R> {
        /// Every row in scope, one by one, on an asynchronous connection.
        ///
        /// # Errors
        /// As [`load`](Self::load), before the first row or between two.
        pub fn load_stream<'q, 'c, C, U>(
            mut self,
            conn: &'c mut C,
        ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
        where
            C: Send,
            U: Send + 'c,
            R: Yields<U> + Send + 'c,
            Q: FilterDsl<InScope<M>> + Send + 'c,
            M: 'c,
            Statement<dsl::Filter<Q, InScope<M>>, R>: Stream<'q, C, U> + 'c,
            Statement<Refused<M>, Chosen>: Fetch<'static, C, Asynchronous, i32>,
            'q: 'c,
        {
            Box::pin(async move {
                if let Some(pending) = self.pending.take() {
                    let failed = match pending.statement::<M>() {
                        Some(asked) => asked.fetch(&mut *conn).await?,
                        None => Vec::new(),
                    };
                    pending.outcome(&failed)?;
                }
                let streaming = match self.narrow(WhenEmpty::Skip) {
                    (Narrowed::Nothing, _) => return Ok(empty().boxed()),
                    (Narrowed::Undecided, _) => return Err(Denied::Undecided.into()),
                    (Narrowed::Some(query), rows) => Statement { query, rows }.stream(conn),
                };
                streaming.await
            })
        }
    }
}
