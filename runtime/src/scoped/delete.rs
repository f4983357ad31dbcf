//! Deleting one row by its primary key: the key and the scope in one statement.

use diesel::dsl;
use diesel::query_builder::{DeleteStatement, IntoUpdateTarget};
use diesel::query_dsl::methods::{FilterDsl, FindDsl};

use super::Scoped;
use super::point::Find;
use crate::connection::{Answers, Kind};
use crate::error::{Denied, Error};
use crate::fetch::{Command, Execute};
use crate::model::{Keyed, OrgScoped};
use crate::predicate::InScope;
use crate::reach::Reach;

/// The row to delete: that of a key, if it is in scope.
type Target<M> = dsl::Filter<Find<M>, InScope<M>>;

/// A model of which one row can be deleted by its primary key on the connection `C`.
#[diagnostic::on_unimplemented(
    message = "no single `{Self}` can be deleted by its key on `{C}`",
    note = "the struct has to hold its primary key, and Diesel has to accept it"
)]
pub trait DeleteByKey<C, K: Kind>: Keyed {
    #[doc(hidden)]
    fn delete<'c>(key: Self::Key, scope: InScope<Self>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        Self: 'c;
}

#[diagnostic::do_not_recommend]
impl<M, T, W, C, K> DeleteByKey<C, K> for M
where
    M: Keyed,
    K: Kind,
    M::Table: FindDsl<M::Key>,
    Find<M>: FilterDsl<InScope<M>>,
    Target<M>: IntoUpdateTarget<Table = T, WhereClause = W>,
    Command<DeleteStatement<T, W>>: Execute<'static, C, K>,
    T: diesel::QuerySource + 'static,
    W: 'static,
{
    fn delete<'c>(key: M::Key, scope: InScope<M>, conn: &'c mut C) -> K::Answer<'c, usize>
    where
        M: 'c,
    {
        let target = M::SOURCE.find(key).filter(scope);
        Command(diesel::delete(target)).execute(conn)
    }
}

impl<M: OrgScoped> Scoped<M> {
    /// Deletes the row with this primary key, if the caller may: shared rows are read-only, and the write role is asked for.
    ///
    /// # Errors
    /// [`Denied::NotFound`] when there is no such row that the caller may delete; what the database reports, for instance
    /// rows that refer to it, as [`Error::Query`] or [`Error::Unavailable`].
    pub fn delete<'c, C, K>(self, key: M::Key, conn: &'c mut C) -> K::Answer<'c, ()>
    where
        C: Answers<K>,
        K: Kind,
        M: DeleteByKey<C, K> + 'c,
    {
        if !self.holders_are_known() {
            return K::ready(Err(Error::Denied(Denied::Undecided)));
        }
        let grant = self.grant.to_write();
        match **grant.reach(self.path.is_global()) {
            Reach::Nothing => return K::ready(Err(Error::Denied(Denied::NotFound))),
            Reach::Undecided => return K::ready(Err(Error::Denied(Denied::Undecided))),
            _ => {}
        }
        let deleted = M::delete(key, InScope::new(&grant, self.path), conn);
        K::map(deleted, |rows| match rows? {
            0 => Err(Error::Denied(Denied::NotFound)),
            _ => Ok(()),
        })
    }
}
