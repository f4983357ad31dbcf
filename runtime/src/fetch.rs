//! Running a statement: the one place where rows leave the database.

use diesel::connection::LoadConnection;
use diesel::query_dsl::LoadQuery;
use diesel::query_dsl::methods::ExecuteDsl;

use crate::connection::{Blocking, Kind};
use crate::error::Error;
use crate::selection::Selects;
use crate::statements::ran;

/// A query and what is selected from it.
#[derive(Debug)]
pub struct Statement<Q, R> {
    pub(crate) query: Q,
    pub(crate) rows: R,
}

/// A statement that yields `U`s on the connection `C`.
pub trait Fetch<'q, C, K: Kind, U: Send>: Sized {
    /// Runs it.
    fn fetch<'c>(self, conn: &'c mut C) -> K::Answer<'c, Vec<U>>
    where
        'q: 'c,
        Self: 'c,
        U: 'c;
}

#[diagnostic::do_not_recommend]
impl<'q, Q, R, C, U> Fetch<'q, C, Blocking, U> for Statement<Q, R>
where
    C: LoadConnection,
    U: Send,
    R: Selects<Q, C::Backend>,
    R::Query: LoadQuery<'q, C, U>,
{
    fn fetch<'c>(self, conn: &'c mut C) -> Result<Vec<U>, Error>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        ran();
        let rows = self.rows.select(self.query).internal_load(conn)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A statement whose rows come one by one on the synchronous connection `C`.
pub trait Iterate<'q, C, U>: Sized {
    /// Runs it.
    ///
    /// # Errors
    /// What the database reports.
    fn iterate<'c>(
        self,
        conn: &'c mut C,
    ) -> Result<Box<dyn Iterator<Item = Result<U, Error>> + 'c>, Error>
    where
        'q: 'c,
        Self: 'c,
        U: 'c;
}

#[diagnostic::do_not_recommend]
impl<'q, Q, R, C, U> Iterate<'q, C, U> for Statement<Q, R>
where
    C: LoadConnection,
    R: Selects<Q, C::Backend>,
    R::Query: LoadQuery<'q, C, U>,
{
    fn iterate<'c>(
        self,
        conn: &'c mut C,
    ) -> Result<Box<dyn Iterator<Item = Result<U, Error>> + 'c>, Error>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        ran();
        let rows = self.rows.select(self.query).internal_load(conn)?;
        Ok(Box::new(rows.map(|row| row.map_err(Error::from))))
    }
}

/// A command, such as an `INSERT`, that changes rows on the connection `C`.
pub trait Execute<'q, C, K: Kind>: Sized {
    /// Runs it; the answer is the number of rows it changed.
    fn execute<'c>(self, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        'q: 'c,
        Self: 'c;
}

/// A query fragment that is a whole command.
#[derive(Debug)]
pub struct Command<F>(pub(crate) F);

#[diagnostic::do_not_recommend]
impl<'q, F, C> Execute<'q, C, Blocking> for Command<F>
where
    C: LoadConnection,
    F: ExecuteDsl<C>,
{
    fn execute<'c>(self, conn: &'c mut C) -> Result<usize, Error>
    where
        'q: 'c,
        Self: 'c,
    {
        ran();
        Ok(F::execute(self.0, conn)?)
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use super::*;
    use crate::connection::Asynchronous;
    use diesel_async::AsyncConnectionCore;
    use diesel_async::methods::{ExecuteDsl as AsyncExecuteDsl, LoadQuery as AsyncLoadQuery};
    use futures_util::future::BoxFuture;
    use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};

    #[diagnostic::do_not_recommend]
    impl<'q, Q, R, C, U> Fetch<'q, C, Asynchronous, U> for Statement<Q, R>
    where
        C: AsyncConnectionCore + Send,
        U: Send,
        R: Selects<Q, C::Backend>,
        R::Query: AsyncLoadQuery<'q, C, U>,
    {
        fn fetch<'c>(self, conn: &'c mut C) -> BoxFuture<'c, Result<Vec<U>, Error>>
        where
            'q: 'c,
            Self: 'c,
            U: 'c,
        {
            ran();
            let loading = self.rows.select(self.query).internal_load(conn);
            Box::pin(async move { Ok(loading.await?.try_collect().await?) })
        }
    }

    #[diagnostic::do_not_recommend]
    impl<'q, F, C> Execute<'q, C, Asynchronous> for Command<F>
    where
        C: AsyncConnectionCore + Send,
        F: AsyncExecuteDsl<C> + 'q,
    {
        fn execute<'c>(self, conn: &'c mut C) -> BoxFuture<'c, Result<usize, Error>>
        where
            'q: 'c,
            Self: 'c,
        {
            ran();
            let executing = AsyncExecuteDsl::execute(self.0, conn);
            Box::pin(async move { Ok(executing.await?) })
        }
    }

    /// A statement whose rows come one by one.
    pub trait Stream<'q, C, U: Send>: Sized {
        /// Runs it and streams the rows.
        fn stream<'c>(
            self,
            conn: &'c mut C,
        ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
        where
            'q: 'c,
            Self: 'c,
            U: 'c;
    }

    #[diagnostic::do_not_recommend]
    impl<'q, Q, R, C, U> Stream<'q, C, U> for Statement<Q, R>
    where
        C: AsyncConnectionCore + Send,
        U: Send,
        R: Selects<Q, C::Backend>,
        R::Query: AsyncLoadQuery<'q, C, U>,
    {
        fn stream<'c>(
            self,
            conn: &'c mut C,
        ) -> BoxFuture<'c, Result<BoxStream<'c, Result<U, Error>>, Error>>
        where
            'q: 'c,
            Self: 'c,
            U: 'c,
        {
            ran();
            let loading = self.rows.select(self.query).internal_load(conn);
            Box::pin(async move { Ok(loading.await?.map_err(Error::from).boxed()) })
        }
    }
}

#[cfg(feature = "async")]
pub use asynchronous::Stream;
