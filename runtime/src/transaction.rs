//! Transactions, on both kinds of connections.

use crate::connection::{Blocking, Kind};
use crate::dialect::{Database, Dialect};
use crate::error::Error;

/// Diesel begins a transaction on SQLite as one that reads. One that has read does not wait for another writer then, but fails: so the
/// outermost is begun again, as one that writes, before anything was read.
const AS_WRITER: &str = "ROLLBACK; BEGIN IMMEDIATE";

/// A connection on which several statements can be one.
pub trait Transaction<K: Kind> {
    /// Begins one; within another, a savepoint.
    fn begin(&mut self) -> K::Answer<'_, ()>;

    /// Keeps what was done since.
    fn commit(&mut self) -> K::Answer<'_, ()>;

    /// Undoes what was done since.
    fn roll_back(&mut self) -> K::Answer<'_, ()>;
}

#[diagnostic::do_not_recommend]
impl<C: diesel::Connection<Backend: Dialect>> Transaction<Blocking> for C {
    fn begin(&mut self) -> Result<(), Error> {
        use diesel::connection::TransactionManager;
        let status = C::TransactionManager::transaction_manager_status_mut(self);
        let is_outermost = status.transaction_depth()?.is_none();
        C::TransactionManager::begin_transaction(self)?;
        if is_outermost && C::Backend::DATABASE == Database::Sqlite {
            self.batch_execute(AS_WRITER)?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Error> {
        use diesel::connection::TransactionManager;
        Ok(C::TransactionManager::commit_transaction(self)?)
    }

    fn roll_back(&mut self) -> Result<(), Error> {
        use diesel::connection::TransactionManager;
        Ok(C::TransactionManager::rollback_transaction(self)?)
    }
}

#[cfg(feature = "async")]
mod asynchronous {
    use diesel_async::{AsyncConnection, TransactionManager};
    use futures_util::future::BoxFuture;

    use super::{AS_WRITER, Transaction};
    use crate::connection::Asynchronous;
    use crate::dialect::{Database, Dialect};
    use crate::error::Error;

    #[diagnostic::do_not_recommend]
    impl<C: AsyncConnection<Backend: Dialect>> Transaction<Asynchronous> for C {
        fn begin(&mut self) -> BoxFuture<'_, Result<(), Error>> {
            Box::pin(async {
                let status = C::TransactionManager::transaction_manager_status_mut(self);
                let is_outermost = status.transaction_depth()?.is_none();
                C::TransactionManager::begin_transaction(self).await?;
                if is_outermost && C::Backend::DATABASE == Database::Sqlite {
                    self.batch_execute(AS_WRITER).await?;
                }
                Ok(())
            })
        }

        fn commit(&mut self) -> BoxFuture<'_, Result<(), Error>> {
            Box::pin(async { Ok(C::TransactionManager::commit_transaction(self).await?) })
        }

        fn roll_back(&mut self) -> BoxFuture<'_, Result<(), Error>> {
            Box::pin(async { Ok(C::TransactionManager::rollback_transaction(self).await?) })
        }
    }
}

/// Runs steps in a transaction if there are several; what fails is undone.
pub(crate) async fn finish<C, K, T>(
    several: bool,
    result: Result<T, Error>,
    conn: &mut C,
) -> Result<T, Error>
where
    C: Transaction<K> + Send,
    K: Kind,
    T: Send,
{
    if !several {
        return result;
    }
    match result {
        Ok(value) => {
            K::wait(conn.commit()).await?;
            Ok(value)
        }
        Err(error) => {
            // The first error says more than one of the way back; a connection with an open transaction is not used again.
            let _ = K::wait(conn.roll_back()).await;
            Err(error)
        }
    }
}
