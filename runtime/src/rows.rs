//! [`Rows`]: which rows of a model something holds for, as a condition that every database can be asked.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use diesel::expression::{AppearsOnTable, Expression};
use diesel::query_builder::AstPass;
use diesel::result::QueryResult;
use diesel::sql_types::BoolOrNullableBool;

use crate::model::OrgScoped;

/// Some rows of the model `M`. The same condition filters lists and judges single rows.
///
/// ```
/// # use diesel::prelude::*;
/// # use orgscope::prelude::*;
/// # diesel::table! { bars (id) { id -> Integer, kind -> Text, organization_id -> Integer } }
/// # #[derive(Queryable, Selectable, OrgScoped)]
/// # #[diesel(table_name = bars)]
/// # struct Bar { id: i32, kind: String, organization_id: i32 }
/// let open = Rows::<Bar>::matching(bars::kind.eq("open"));
/// # let _ = open;
/// ```
pub struct Rows<M> {
    rows: AnyRows,
    model: PhantomData<fn() -> M>,
}

impl<M> Rows<M> {
    /// Every row.
    pub fn all() -> Rows<M> {
        Rows::of(AnyRows::All)
    }

    /// No row.
    pub fn none() -> Rows<M> {
        Rows::of(AnyRows::None)
    }

    fn of(rows: AnyRows) -> Rows<M> {
        let model = PhantomData;
        Rows { rows, model }
    }

    pub(crate) fn any(self) -> AnyRows {
        self.rows
    }
}

impl<M: OrgScoped> Rows<M> {
    /// The rows for which a condition on the model's own table holds. A condition that comes out NULL does not hold.
    pub fn matching<E>(condition: E) -> Rows<M>
    where
        E: Condition + Expression<SqlType: BoolOrNullableBool> + AppearsOnTable<M::Table> + 'static,
    {
        Rows::of(AnyRows::Matching(Arc::new(condition)))
    }
}

impl<M> Clone for Rows<M> {
    fn clone(&self) -> Self {
        Rows::of(self.rows.clone())
    }
}

impl<M> fmt::Debug for Rows<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.fmt(f)
    }
}

/// [`Rows`] of whatever model.
#[derive(Clone)]
pub(crate) enum AnyRows {
    All,
    None,
    Matching(Arc<dyn Condition>),
    /// The rows of both.
    Either(Arc<[AnyRows; 2]>),
}

impl AnyRows {
    pub(crate) fn or(self, other: AnyRows) -> AnyRows {
        AnyRows::Either(Arc::new([self, other]))
    }
}

impl fmt::Debug for AnyRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            AnyRows::All => "all rows",
            AnyRows::None => "no rows",
            AnyRows::Matching(_) | AnyRows::Either(_) => "matching rows",
        })
    }
}

/// A condition that can be written in every dialect that is switched on. Every boolean Diesel expression is one that the
/// databases understand, owns its values, and can be sent to another thread.
#[diagnostic::on_unimplemented(
    message = "this condition cannot be asked of every database that is switched on [org117]",
    note = "it owns its values (a `String`, not a `&str` that is borrowed), and each database whose feature is on has to understand it"
)]
pub trait Condition: Send + Sync {
    #[cfg(feature = "sqlite")]
    #[doc(hidden)]
    fn on_sqlite<'b>(&'b self, out: AstPass<'_, 'b, diesel::sqlite::Sqlite>) -> QueryResult<()>;
    #[cfg(feature = "postgres")]
    #[doc(hidden)]
    fn on_postgres<'b>(&'b self, out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()>;
    #[cfg(feature = "mysql")]
    #[doc(hidden)]
    fn on_mysql<'b>(&'b self, out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()>;
}

#[diagnostic::do_not_recommend]
impl<E> Condition for E
where
    E: Send + Sync + dialects::OnSqlite + dialects::OnPostgres + dialects::OnMysql,
{
    #[cfg(feature = "sqlite")]
    fn on_sqlite<'b>(&'b self, out: AstPass<'_, 'b, diesel::sqlite::Sqlite>) -> QueryResult<()> {
        diesel::query_builder::QueryFragment::<diesel::sqlite::Sqlite>::walk_ast(self, out)
    }
    #[cfg(feature = "postgres")]
    fn on_postgres<'b>(&'b self, out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        diesel::query_builder::QueryFragment::<diesel::pg::Pg>::walk_ast(self, out)
    }
    #[cfg(feature = "mysql")]
    fn on_mysql<'b>(&'b self, out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()> {
        diesel::query_builder::QueryFragment::<diesel::mysql::Mysql>::walk_ast(self, out)
    }
}

pub(crate) use crate::dialect::dialects;
