//! A statement that changes rows and yields them: in one where the database returns them, read back where it does not.

use diesel::connection::LoadConnection;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::RunQueryDsl;
use diesel::result::QueryResult;

use crate::connection::Blocking;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::fetch::{Command, Execute, Fetch, Statement};

/// A statement, what reads its rows back, and what they are loaded as.
#[derive(Debug)]
pub struct Written<W, B, R> {
    pub(crate) write: W,
    pub(crate) back: B,
    pub(crate) rows: R,
}

/// A statement that returns the rows it changed.
#[derive(Debug)]
pub struct Returning<W, S> {
    pub(crate) write: W,
    pub(crate) selection: S,
}

impl<W, S: diesel::Expression> Query for Returning<W, S> {
    type SqlType = S::SqlType;
}

impl<W, S, C> RunQueryDsl<C> for Returning<W, S> {}

impl<W, S> QueryId for Returning<W, S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<W: QueryFragment<DB>, S: QueryFragment<DB>, DB: Dialect> QueryFragment<DB>
    for Returning<W, S>
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.write.walk_ast(out.reborrow())?;
        out.push_sql(" RETURNING ");
        self.selection.walk_ast(out)
    }
}

#[diagnostic::do_not_recommend]
impl<'q, W, B, R, C, U> Fetch<'q, C, Blocking, U> for Written<W, B, R>
where
    C: LoadConnection<Backend: Dialect>,
    U: Send,
    R: Clone,
    Statement<W, R>: Fetch<'q, C, Blocking, U>,
    Statement<B, R>: Fetch<'q, C, Blocking, U>,
    Command<W>: Execute<'q, C, Blocking>,
{
    fn fetch<'c>(self, conn: &'c mut C) -> Result<Vec<U>, Error>
    where
        'q: 'c,
        Self: 'c,
        U: 'c,
    {
        let Written { write, back, rows } = self;
        if C::Backend::RETURNING {
            let query = write;
            return Statement { query, rows }.fetch(conn);
        }
        match Command(write).execute(&mut *conn)? {
            0 => Ok(Vec::new()),
            changed => same(changed, Statement { query: back, rows }.fetch(conn)?),
        }
    }
}

/// The rows, if they are those that were changed: a change of what the query asks about may have brought others.
fn same<U>(changed: usize, rows: Vec<U>) -> Result<Vec<U>, Error> {
    match rows.len() == changed {
        true => Ok(rows),
        false => Err(Error::Conflict),
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use diesel_async::AsyncConnectionCore;
    use futures_util::future::BoxFuture;

    use super::*;
    use crate::connection::Asynchronous;

    #[diagnostic::do_not_recommend]
    impl<'q, W, B, R, C, U> Fetch<'q, C, Asynchronous, U> for Written<W, B, R>
    where
        C: AsyncConnectionCore<Backend: Dialect> + Send,
        U: Send,
        W: Send,
        B: Send,
        R: Clone + Send,
        Statement<W, R>: Fetch<'q, C, Asynchronous, U>,
        Statement<B, R>: Fetch<'q, C, Asynchronous, U>,
        Command<W>: Execute<'q, C, Asynchronous>,
    {
        fn fetch<'c>(self, conn: &'c mut C) -> BoxFuture<'c, Result<Vec<U>, Error>>
        where
            'q: 'c,
            Self: 'c,
            U: 'c,
        {
            let Written { write, back, rows } = self;
            if C::Backend::RETURNING {
                let query = write;
                return Statement { query, rows }.fetch(conn);
            }
            Box::pin(async move {
                match Command(write).execute(&mut *conn).await? {
                    0 => Ok(Vec::new()),
                    changed => same(changed, Statement { query: back, rows }.fetch(conn).await?),
                }
            })
        }
    }
}
