//! `UPDATE table SET … WHERE …`: rows that the caller may change, if all checks hold, in one statement.

use super::checks::{Checked, Failed, MayWrite};
use super::links::Link;
use super::plan::Under;
use super::values::Values;
use super::written::{Returning, Written};
use crate::connection::Kind;
use crate::dialect::Dialect;
use crate::fetch::{Command, Execute, Fetch, Statement};
use crate::model::OrgScoped;
use crate::predicate::InScope;
use crate::scoped::Bounds;
use crate::selection::{Chosen, Whole};
use diesel::dsl;
use diesel::expression::Expression;
use diesel::query_builder::{AstPass, IntoUpdateTarget, QueryFragment, QueryId};
use diesel::query_dsl::methods::{FilterDsl, SelectDsl};
use diesel::result::QueryResult;
use std::marker::PhantomData;
use std::sync::Arc;

/// An `UPDATE` of the rows for which the condition `W` holds.
#[derive(Debug)]
pub struct UpdateSet<M: OrgScoped, V, W> {
    checked: Arc<Checked<M::OrgKey, V>>,
    condition: W,
    under: Option<Under>,
    /// Nothing is changed: the rows are locked.
    locks: bool,
}

impl<M: OrgScoped, V, W> QueryId for UpdateSet<M, V, W> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<M: OrgScoped, V, W, S: Expression> SelectDsl<S> for UpdateSet<M, V, W> {
    type Output = Returning<Self, S>;

    fn select(self, selection: S) -> Self::Output {
        let write = self;
        Returning { write, selection }
    }
}

impl<M, V, W, DB> QueryFragment<DB> for UpdateSet<M, V, W>
where
    M: OrgScoped,
    V: Values<DB>,
    W: QueryFragment<DB>,
    DB: Dialect,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        DB::table(M::TABLE, out.reborrow())?;
        let mut columns = Vec::new();
        // Keys stay, and the row in the URL is not for the body to choose.
        self.checked.values.columns(&mut |column, _| {
            let under = self.under.as_ref().map(|under| under.relation.column);
            if !self.locks && !M::KEY.contains(&column) && under != Some(column) {
                columns.push(column);
            }
        });
        let mut separator = " SET ";
        for column in columns {
            let Some(value) = self.checked.values.value(column) else {
                continue;
            };
            out.push_sql(separator);
            out.push_identifier(column)?;
            out.push_sql(" = ");
            value.walk_ast(out.reborrow())?;
            separator = ", ";
        }
        if let (" SET ", Some(key)) = (separator, M::KEY.first()) {
            out.push_sql(separator);
            out.push_identifier(key)?;
            out.push_sql(" = ");
            out.push_identifier(key)?;
        }
        self.condition.walk_ast(out)
    }
}

type Narrowed<Q, M> = dsl::Filter<Q, InScope<M>>;
type Checking<Q, M, V> = dsl::Filter<Q, MayWrite<M, V>>;
type Condition<Q, M, V> = <Checking<Q, M, V> as IntoUpdateTarget>::WhereClause;
type Failing<Q, M, V> = dsl::Select<Narrowed<Q, M>, Failed<M, V>>;

/// A query `Self` whose rows can be updated on the connection `C`, with the values `V`.
#[diagnostic::on_unimplemented(
    message = "the rows of this query cannot be changed on `{C}` [org114]",
    note = "an update follows `find` and `filter` only; the model needs `#[derive(Queryable, Selectable)]` and its primary key, \
            and the values have to fit its columns"
)]
pub trait Updates<C, K: Kind, M: OrgScoped, V>: Sized {
    /// The rows that the checks admit, read and not written.
    #[doc(hidden)]
    fn read<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: Send + 'c;

    #[doc(hidden)]
    fn update<'c>(
        self,
        may: MayWrite<M, V>,
        bounds: &Bounds<M::OrgKey>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<M>>
    where
        M: Send + 'c;

    #[doc(hidden)]
    fn execute<'c>(
        self,
        may: MayWrite<M, V>,
        under: Option<Under>,
        conn: &'c mut C,
    ) -> K::Answer<'c, usize>;

    /// Locks the rows.
    #[doc(hidden)]
    fn lock<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, usize>;

    #[doc(hidden)]
    fn failed<'c>(
        self,
        scope: InScope<M>,
        checked: Arc<Checked<M::OrgKey, V>>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<i32>>;

    #[doc(hidden)]
    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize>;
}

#[diagnostic::do_not_recommend]
impl<Q, M, V, C, K> Updates<C, K, M, V> for Q
where
    M: OrgScoped + Send + 'static,
    K: Kind,
    V: 'static,
    Q: Clone + FilterDsl<InScope<M>> + FilterDsl<MayWrite<M, V>>,
    Narrowed<Q, M>: SelectDsl<Failed<M, V>> + 'static,
    Failing<Q, M, V>: 'static,
    Checking<Q, M, V>: IntoUpdateTarget<Table = M::Table> + 'static,
    Condition<Q, M, V>: 'static,
    Statement<Failing<Q, M, V>, Chosen>: Fetch<'static, C, K, i32>,
    Statement<Checking<Q, M, V>, Whole<M>>: Fetch<'static, C, K, M>,
    Written<UpdateSet<M, V, Condition<Q, M, V>>, Narrowed<Q, M>, Whole<M>>: Fetch<'static, C, K, M>,
    Command<UpdateSet<M, V, Condition<Q, M, V>>>: Execute<'static, C, K>,
    Command<Link>: Execute<'static, C, K>,
{
    fn execute<'c>(
        self,
        may: MayWrite<M, V>,
        under: Option<Under>,
        conn: &'c mut C,
    ) -> K::Answer<'c, usize> {
        Command(set(self, may, under)).execute(conn)
    }

    fn lock<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, usize> {
        let set = set(self, may.scope_only(), None);
        Command(UpdateSet { locks: true, ..set }).execute(conn)
    }

    fn read<'c>(self, may: MayWrite<M, V>, conn: &'c mut C) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        let query = FilterDsl::filter(self, may);
        let rows = Whole::new();
        Statement { query, rows }.fetch(conn)
    }

    fn update<'c>(
        self,
        may: MayWrite<M, V>,
        bounds: &Bounds<M::OrgKey>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<M>>
    where
        M: 'c,
    {
        let back = FilterDsl::filter(self.clone(), InScope::new(bounds));
        let (write, rows) = (set(self, may, bounds.under.clone()), Whole::new());
        Written { write, back, rows }.fetch(conn)
    }

    fn failed<'c>(
        self,
        scope: InScope<M>,
        checked: Arc<Checked<M::OrgKey, V>>,
        conn: &'c mut C,
    ) -> K::Answer<'c, Vec<i32>> {
        let model = PhantomData;
        let query = FilterDsl::filter(self, scope).select(Failed { checked, model });
        let rows = Chosen;
        Statement { query, rows }.fetch(conn)
    }

    fn link<'c>(link: Link, conn: &'c mut C) -> K::Answer<'c, usize> {
        Command(link).execute(conn)
    }
}

/// The statement that changes the rows of a query.
fn set<Q, M, V>(
    query: Q,
    may: MayWrite<M, V>,
    under: Option<Under>,
) -> UpdateSet<M, V, Condition<Q, M, V>>
where
    M: OrgScoped,
    Q: FilterDsl<MayWrite<M, V>>,
    Checking<Q, M, V>: IntoUpdateTarget<Table = M::Table>,
{
    let checked = may.checked.clone();
    let target = query.filter(may).into_update_target();
    let condition = target.where_clause;
    UpdateSet {
        checked,
        condition,
        under,
        locks: false,
    }
}
